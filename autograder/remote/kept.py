"""Whether a test keeps what one of its functions or iterators has just given to the student.

Such an object crosses by value: what the student's code changes in it afterwards, the test would
not see. An object that is new each time has no other holder, which its number of references tells.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import numpy as np

from autograder.remote.values import changing

if TYPE_CHECKING:
    from collections.abc import Iterator

UNCHANGEABLE = (bool, int, float, complex, str, bytes, type(None), range)


def is_kept(box: list[Any], arguments: list[Any]) -> bool:
    """Tell whether somebody else holds an object in `box`, or in what it holds.

    Parameters
    ----------
    box : list
        Of one item: what was given, to which nothing else may refer here.
    arguments : list
        What the student's code called with: these objects are its own.
    """
    own = {id(value) for value in reachable(arguments)}
    return any(count > ALONE for count in counted(box, own))


def counted(holder: Any, own: set[int]) -> Iterator[int]:
    """Yield the number of references to each object that can be changed, from `holder` down."""
    items = items_of(holder)
    for place in range(len(items)):
        item = items[place]
        if type(item) in UNCHANGEABLE or id(item) in own:
            continue
        if can_change(item) or (type(item) is tuple and any(map(can_change, reachable(item)))):
            yield sys.getrefcount(item)
        yield from counted(item, own)


def can_change(item: Any) -> bool:
    """Tell whether an object can be changed here, and its copy there."""
    writeable = item.flags.writeable if type(item) is np.ndarray else True
    return writeable and changing(type(item)) is not None


def items_of(holder: Any) -> list[Any]:
    """Return what a container holds directly."""
    if isinstance(holder, dict):
        return [*holder, *holder.values()]
    if isinstance(holder, list | tuple | set | frozenset):
        return [*holder]
    if type(holder) is np.ndarray:
        items = [*holder.flat] if holder.dtype.hasobject else []
        return items if holder.base is None else [holder.base, *items]
    return []


def reachable(holder: Any) -> Iterator[Any]:
    """Yield all objects that a container holds, at any depth."""
    for item in items_of(holder):
        if type(item) not in UNCHANGEABLE:
            yield item
            yield from reachable(item)


ALONE = next(counted([[]], set()))  # of an object in one container only; Pythons count differently
