"""Frames, series and indexes of pandas by their columns; imported only where pandas is in use."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd  # type: ignore[import-untyped]

from autograder.remote.values import FRAME, Codec, WireError, typed

EXTENSIONS = {
    *("Int8", "Int16", "Int32", "Int64", "UInt8", "UInt16", "UInt32", "UInt64"),
    *("Float32", "Float64", "boolean", "string", "str"),
}


def take_array(values: Any) -> tuple[Any, ...]:
    """Take the values of a column or of an index apart."""
    dtype = values.dtype
    if type(dtype) is pd.CategoricalDtype:
        codes = np.asarray(values.cat.codes if isinstance(values, pd.Series) else values.codes)
        return "category", take_index(dtype.categories), codes, bool(dtype.ordered)
    if type(dtype) is pd.DatetimeTZDtype:
        utc = values.dt.tz_convert("UTC") if isinstance(values, pd.Series) else values
        naive = (
            utc.tz_convert("UTC").tz_localize(None) if utc is values else utc.dt.tz_localize(None)
        )
        return "zone", naive.to_numpy(), str(dtype.tz)
    if isinstance(dtype, np.dtype):
        return "plain", np.array(values.to_numpy())
    if str(dtype) not in EXTENSIONS:
        raise WireError(f"a column of dtype {dtype} is not plain data")
    items = [None if missing else item for item, missing in zip(values, values.isna(), strict=True)]
    content = np.empty(len(items), object)
    content[:] = items
    return "extension", content, str(dtype)


def build_array(taken: Any) -> Any:
    """Build the values of a column or of an index."""
    match typed(taken, tuple):
        case ("category", categories, np.ndarray() as codes, bool(ordered)):
            return pd.Categorical.from_codes(codes, build_index(categories), ordered=ordered)
        case ("zone", np.ndarray() as naive, str(zone)):
            return pd.DatetimeIndex(naive).tz_localize("UTC").tz_convert(zone).array
        case ("plain", np.ndarray() as content):
            return content
        case ("extension", np.ndarray() as content, str(name)) if name in EXTENSIONS:
            return pd.array(content.tolist(), dtype=name)
    raise WireError("malformed message: no column")


def take_index(index: Any) -> tuple[Any, ...]:
    """Take an index apart."""
    kind = type(index)
    if kind is pd.RangeIndex:
        return "range", index.start, index.stop, index.step, index.name
    if kind is pd.MultiIndex:
        levels = tuple(take_index(index.get_level_values(n)) for n in range(index.nlevels))
        return "levels", levels, tuple(index.names)
    if kind not in INDEXES:
        raise WireError(f"an index of type {kind.__name__} is not plain data")
    frequency = getattr(index, "freqstr", None)
    return "values", take_array(index), index.name, frequency


def build_index(taken: Any) -> Any:
    """Build an index."""
    match typed(taken, tuple):
        case ("range", int(start), int(stop), int(step), name):
            return pd.RangeIndex(start, stop, step, name=name)
        case ("levels", tuple(levels), tuple(names)):
            return pd.MultiIndex.from_arrays([build_index(level) for level in levels], names=names)
        case ("values", values, name, None | str() as frequency):
            built = build_array(values)
            objects = isinstance(built, np.ndarray) and built.dtype == object
            index = pd.Index(built, name=name, dtype=object if objects else None)
            if frequency is not None and isinstance(index, pd.DatetimeIndex | pd.TimedeltaIndex):
                index.freq = frequency
            return index
    raise WireError("malformed message: no index")


def take_series(series: Any) -> tuple[Any, ...]:
    """Take a series apart."""
    return take_array(series), take_index(series.index), series.name


def build_series(taken: Any) -> Any:
    """Build a series."""
    values, index, name = typed(taken, tuple)
    return column(build_array(values), build_index(index)).rename(name)


def column(values: Any, index: Any) -> Any:
    """Return a series that keeps an array of objects one."""
    objects = isinstance(values, np.ndarray) and values.dtype == object
    return pd.Series(values, index=index, dtype=object if objects else None)


def take_frame(frame: Any) -> tuple[Any, ...]:
    """Take a frame apart."""
    columns = tuple(take_array(frame.iloc[:, n]) for n in range(frame.shape[1]))
    return take_index(frame.columns), take_index(frame.index), columns


def build_frame(taken: Any) -> Any:
    """Build a frame."""
    names, index, columns = typed(taken, tuple)
    rows = build_index(index)
    content = {n: column(build_array(c), rows) for n, c in enumerate(typed(columns, tuple))}
    frame = pd.DataFrame(content, index=rows)
    frame.columns = build_index(names)
    return frame


def take_timestamp(value: pd.Timestamp) -> tuple[Any, ...]:
    """Take a point in time apart."""
    return value.asm8, None if value.tz is None else str(value.tz)


def build_timestamp(taken: Any) -> Any:
    """Build a point in time."""
    moment, zone = typed(taken, tuple)
    stamp = pd.Timestamp(typed(moment, np.datetime64))
    if zone is None:
        return stamp
    return stamp.tz_localize("UTC").tz_convert(typed(zone, str))


def constant(name: str, value: Any) -> Codec:
    """Return the codec of a type that has one value."""
    return Codec(FRAME + name, type(value), lambda _: None, lambda _: value)


INDEXES = (pd.Index, pd.DatetimeIndex, pd.TimedeltaIndex, pd.CategoricalIndex)
CODECS = {
    codec.kind: codec
    for codec in (
        Codec(FRAME + "DataFrame", pd.DataFrame, take_frame, build_frame),
        Codec(FRAME + "Series", pd.Series, take_series, build_series),
        *(
            Codec(FRAME + kind.__name__, kind, take_index, build_index)
            for kind in (*INDEXES, pd.RangeIndex, pd.MultiIndex)
        ),
        Codec(FRAME + "Timestamp", pd.Timestamp, take_timestamp, build_timestamp),
        Codec(
            FRAME + "Timedelta",
            pd.Timedelta,
            lambda value: value.asm8,
            lambda taken: pd.Timedelta(typed(taken, np.timedelta64)),
        ),
        constant("NaT", pd.NaT),
        constant("NA", pd.NA),
    )
}
