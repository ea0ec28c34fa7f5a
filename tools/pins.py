"""Print the lock's lines, with hashes, of some packages and of all that they need.

python tools/pins.py PACKAGE...
"""

from __future__ import annotations

import re
import sys
from importlib.metadata import distribution
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

LOCK = Path(__file__).parents[1] / "requirements.txt"


def closure(packages: list[str]) -> set[str]:
    """Return the names of the packages that these need, as they are installed here."""
    waiting = [Requirement(package) for package in packages]
    names: set[str] = set()
    seen = set()
    while waiting:
        wanted = waiting.pop()
        if (key := (wanted.name, frozenset(wanted.extras))) in seen:
            continue
        seen.add(key)
        names.add(canonicalize_name(wanted.name))
        for line in distribution(wanted.name).requires or []:
            need = Requirement(line)
            extras = wanted.extras or {""}
            if not need.marker or any(need.marker.evaluate({"extra": e}) for e in extras):
                waiting.append(need)
    return names


def main() -> None:
    """Print the lines."""
    names = closure(sys.argv[1:])
    for block in re.findall(r"^\w.*(?:\n .*)*", LOCK.read_text(), re.MULTILINE):
        if canonicalize_name(re.match(r"[\w.-]+", block)[0]) in names:  # type: ignore[index]  # a block begins with a name
            print(block)


if __name__ == "__main__":
    main()
