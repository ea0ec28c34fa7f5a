import collections
import datetime as dt
import decimal
import fractions
import random
import struct
from contextlib import suppress
from enum import Enum, IntEnum

import hypothesis.extra.numpy as npst
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder.remote.classes import known_exception
from autograder.remote.values import WireError
from autograder.remote.wire import MAX_DEPTH, PLAIN_TYPES, Reference, decode, encode

scalars = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.complex_numbers()
    | st.text()
    | st.binary()
    | st.sampled_from([Ellipsis, *PLAIN_TYPES.values()])
)
dtypes = (
    npst.boolean_dtypes()
    | npst.integer_dtypes(endianness="?")
    | npst.floating_dtypes(endianness="?")
    | npst.complex_number_dtypes(endianness="?")
    | npst.unicode_string_dtypes(endianness="?")
    | npst.byte_string_dtypes()
    | npst.datetime64_dtypes(endianness="?")
    | npst.timedelta64_dtypes(endianness="?")
)
arrays = dtypes.flatmap(lambda dtype: npst.arrays(dtype, npst.array_shapes(min_dims=0, min_side=0)))
hashable = st.recursive(
    st.integers() | st.text() | st.booleans(),
    lambda inner: st.tuples(inner, inner) | st.frozensets(inner, max_size=3),
    max_leaves=5,
)
values = st.recursive(
    scalars | arrays | dtypes,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.tuples(inner, inner)
        | st.dictionaries(hashable, inner, max_size=3)
        | st.sets(hashable, max_size=3)
        | st.builds(slice, inner, inner, inner)
    ),
    max_leaves=12,
)


def same(a, b):
    """Equal in type, value and, for arrays, in shape, dtype and flags; NaN equals NaN."""
    if type(a) is not type(b):
        return False
    match a:
        case list() | tuple():
            return len(a) == len(b) and all(map(same, a, b))
        case dict():
            return list(a) == list(b) and all(same(a[key], b[key]) for key in a)
        case slice():
            return same((a.start, a.stop, a.step), (b.start, b.stop, b.step))
        case np.ndarray() | np.generic():
            return a.dtype == b.dtype and a.shape == b.shape and a.tobytes() == b.tobytes()
        case float() | complex():
            return repr(a) == repr(b)
    return a == b


@given(values)
@settings(max_examples=60, deadline=None)
def test_every_plain_value_comes_back_the_same(value):
    assert same(decode(encode(value)), value)


@given(dtypes.flatmap(lambda dtype: npst.arrays(dtype, 1)))
@settings(max_examples=60, deadline=None)
def test_every_numpy_scalar_comes_back_the_same(array):
    assert same(decode(encode(array[0])), array[0])


@pytest.mark.parametrize("writeable", [True, False])
def test_an_array_stays_read_only(writeable):
    array = np.arange(3.0)
    array.flags.writeable = writeable
    assert decode(encode(array)).flags.writeable is writeable


def test_a_random_generator_goes_on_where_it_was():
    generator = np.random.default_rng(7)
    generator.normal(size=3)
    assert decode(encode(generator)).normal() == generator.normal()


def part(content):
    return struct.pack("<I", len(content)) + content


class Liar(float):
    __class__ = int

    def __reduce__(self):
        raise AssertionError("asked to pickle itself")


class Text(str):
    __slots__ = ()


class Array(np.ndarray):
    pass


@pytest.mark.parametrize(
    "value",
    [
        object(),
        len,
        np,
        Liar(3),
        Text("x"),
        type("Int", (int,), {})(3),
        type("Dict", (dict,), {})(),
        type("float64", (np.float64,), {"__module__": "numpy"})(1),
        type("float", (), {"__module__": "builtins"}),
        np.zeros(2).view(Array),
        np.ma.array([1.0]),
        np.array([object()]),
        np.zeros(2, [("a", object)]),
        np.array([{}, 9], dtype=object),
        type("Range", (list,), {})(),
        np.dtype(object),
        np.random.Generator(np.random.MT19937(0)),
        type("Point", (tuple,), {"_fields": ("x",), "__eq__": lambda *_: True})((1,)),
        Enum("Color", {"RED": object()}).RED,
        bytearray(b"x"),
    ],
    ids=lambda value: type(value).__name__,
)
def test_what_only_looks_like_plain_data_is_refused(value):
    with pytest.raises(WireError, match=r"not plain|cannot be sent"):
        encode([value])


Point = collections.namedtuple("Point", "x y")  # noqa: PYI024 - as students write it
Color = Enum("Color", {"RED": 1, "BLUE": "b"})
Level = IntEnum("Level", {"LOW": 1, "HIGH": 2})
UTC = dt.UTC
ZONED = pd.Timestamp("2024-05-01", tz="Europe/Berlin")
TABLE = pd.DataFrame(
    {
        "number": [1, 2],
        "text": ["x", None],
        "day": pd.to_datetime(["2024-01-01", "2024-01-02"]),
        "kind": pd.Categorical(["u", "v"], ordered=True),
        "maybe": pd.array([1, None], dtype="Int64"),
        "zoned": [ZONED, ZONED],
        "objects": np.array([1, "a"], dtype=object),
    },
    index=pd.MultiIndex.from_tuples([(1, "a"), (2, "b")], names=["k", "l"]),
)
OTHERS = [
    *(collections.Counter("aab"), collections.OrderedDict(b=1, a=2), collections.deque([1, 2], 3)),
    *(collections.defaultdict(list, {1: [2]}), range(1, 9, 2), {"a": 1}.keys(), {"a": 1}.items()),
    *(fractions.Fraction(1, 3), decimal.Decimal("1.10"), ValueError, np.linalg.LinAlgError),
    *(dt.date(2024, 1, 2), dt.datetime(2024, 1, 2, 3, 4, 5, 6, UTC), UTC),
    *(dt.time(1, 2, 3), dt.timedelta(1, 2, 3)),
    np.array([(1, 2.5, "a")], dtype=[("x", "i4"), ("y", "f8", (2,)), ("z", "U3")]),
    *(np.array([1, "a", None], dtype=object), np.array([[1], [2, 3]], dtype=object)),
    *(TABLE, TABLE["text"], TABLE.columns, TABLE.index, pd.DataFrame(), pd.Series([], dtype=float)),
    *(pd.date_range("2024", periods=3, freq="D"), ZONED, pd.Timedelta("1D"), pd.NaT, pd.NA),
]
SAME = {
    pd.DataFrame: pd.testing.assert_frame_equal,
    pd.Series: pd.testing.assert_series_equal,
    np.ndarray: lambda a, b: np.testing.assert_array_equal(a, b, strict=True),
}


@pytest.mark.parametrize("value", OTHERS, ids=lambda value: type(value).__name__)
def test_values_of_libraries_come_back_the_same(value):
    result = decode(encode(value))
    assert type(result) is type(value)
    if type(value) in SAME:
        SAME[type(value)](result, value)
    elif isinstance(value, pd.Index):
        pd.testing.assert_index_equal(result, value)
        assert getattr(result, "freq", None) == getattr(value, "freq", None)
    else:
        assert result is value or result == value


@pytest.mark.parametrize("generator", [np.random.RandomState(3), random.Random(3)])
def test_an_older_generator_goes_on_where_it_was(generator):
    generator.random()
    assert decode(encode(generator)).random() == generator.random()


def mirrored(value):
    """Send a value to a process that makes the classes it is told of."""
    return decode(
        encode(
            value, lambda kind: Reference(own=True, number=0, kind="callable", name=kind.__name__)
        )
    )


def test_objects_of_plain_classes_are_made_again():
    point = mirrored(Point(1, [2]))
    assert point == (1, [2])
    assert (point.x, type(point).__name__, point._fields) == (1, "Point", ("x", "y"))
    assert (mirrored(Color.BLUE).name, mirrored(Color.BLUE).value) == ("BLUE", "b")
    assert [mirrored(Level.HIGH) + 1, [c.name for c in mirrored(Color)]] == [3, ["RED", "BLUE"]]


def test_a_class_of_exceptions_is_made_again_with_its_bases():
    base = type("Base", (KeyError,), {"__module__": "__main__"})
    kind = type("Kind", (base, ValueError), {"__module__": "__main__"})
    numbers = {kind: 0, base: 1}

    def refer(one):
        return Reference(own=True, number=numbers[one], kind="callable", name=one.__name__)

    made = decode(encode(kind, refer))
    assert issubclass(made, KeyError)
    assert issubclass(made, ValueError)
    assert [one.__name__ for one in made.__mro__[:3]] == ["Kind", "Base", "KeyError"]


def test_an_exception_of_a_test_framework_is_none_that_may_be_raised():
    assert known_exception("unittest.case", "SkipTest") is None
    assert known_exception("unittest", "SkipTest") is None
    assert known_exception("json", "JSONDecodeError") is not None


A_CLASS = b"Co" + part(b"0") + part(b"") + part(b"")


def value_of(name, content):
    return b"V" + part(name) + encode(content)


@pytest.mark.parametrize(
    "message",
    [
        value_of(b"range", (1, 2)),
        value_of(b"fraction", (1, 0)),
        value_of(b"date", (2024, 13, 1)),
        value_of(b"timezone", (99, 0, 0)),
        value_of(b"decimal", "x"),
        value_of(b"random state", (np.zeros(624, np.uint32), 999, 0, 0.0)),
        value_of(b"random", (3, tuple([0] * 624 + [700]), None)),
        value_of(b"items", ((1,), ({},), True)),
        value_of(b"items", ((2,), (1,), True)),
        value_of(b"records", ("|O", (1,), bytes(8), True)),
        value_of(b"records", (("fields", (("a", "|O", 0),), 8), (1,), bytes(8), True)),
        value_of(b"records", (("fields", (("a", "<f8", -4),), 8), (1,), bytes(8), True)),
        value_of(b"records", (("fields", (("a", "<U1", 0),), 4), (1,), b"\xff" * 4, True)),
        value_of(b"pandas.DataFrame", 1),
        value_of(b"pandas.Index", ("values", ("extension", np.zeros(1), "object"), None, None)),
        value_of(b"nothing", 1),
        b"I" + encode(int) + encode("x"),
        b"I" + encode(1) + encode("x"),
        b"X" + part(b"unittest") + part(b"SkipTest"),
        b"X" + part(b"autograder.remote.raised") + part(b"StudentError"),
        b"@\0\0\0\0",
        b"l\1\0\0\0@\0\0\0\0",
        A_CLASS + encode(("named tuple", "P", ("a b",), {})),
        b"Co"
        + part(b"0")
        + part(b"")
        + part(b"")
        + encode(("enumeration", "E", "Enum", {"_x": 1})),
        A_CLASS + encode(("exception", "a b", (), True)),
    ],
)
def test_a_malformed_value_is_a_clear_error(message):
    with pytest.raises(WireError):
        decode(message)


def test_an_object_that_appears_twice_arrives_as_one():
    inner, array = [1], np.zeros(2)
    first, second, (third, one), other = decode(encode([inner, inner, (inner, array), array]))
    assert first is second is third
    assert one is other


def test_a_value_that_contains_itself_is_refused():
    value = []
    value.append(value)
    with pytest.raises(WireError, match="contains itself"):
        encode(value)


def test_depth_is_limited_on_both_sides():
    value = None
    for _ in range(MAX_DEPTH):
        value = [value]
    message = encode(value)
    assert same(decode(message), value)
    with pytest.raises(WireError, match="deep"):
        encode([value])
    with pytest.raises(WireError, match="deep"):
        decode(b"l\x01\0\0\0" + message)


@pytest.mark.parametrize("value", ["x" * 100, b"x" * 100, np.zeros(100), ["x" * 40] * 3])
def test_size_is_limited(value):
    with pytest.raises(WireError, match=r"larger than|at most"):
        encode(value, limit=99)


def test_a_list_of_millions_is_refused():
    with pytest.raises(WireError, match="items"):
        encode([None] * 3_000_000)


def test_an_object_is_sent_as_its_reference():
    objects = [object()]

    def refer(value):
        return Reference(own=True, number=objects.index(value), kind="object", name="object")

    message = encode({"a": objects[0]}, refer)
    assert decode(message, lambda reference: objects[reference.number]) == {"a": objects[0]}
    with pytest.raises(WireError, match="reference"):
        decode(message)


def array(dtype, shape, content):
    return b"a" + part(dtype) + part(struct.pack(f"<{len(shape)}q", *shape)) + part(content)


@pytest.mark.parametrize(
    "message",
    [
        b"",
        b"?",
        b"i",
        b"l\xff\xff\xff\xff",
        b"d\x01\0\0\0" + b"l\0\0\0\0" + b"N",
        b"s" + part(b"\xff"),
        b"i" + part(bytes(10_000)),
        b"Y" + part(b"os.system"),
        b"NN",
        array(b"O", [1], bytes(8)),
        array(b"V8", [1], bytes(8)),
        array(b"<f8,<f8", [1], bytes(16)),
        array(b"<f8", [2], bytes(8)),
        array(b"<f8", [-1], bytes(8)),
        array(b"<f8", [0, 2**62], b""),
        array(b"<f8", [2**32, 2**32], b""),
        array(b"<f8", [1] * 70, bytes(8)),
        array(b"<U9999999", [1], b""),
        array(b"<U1", [1], b"\xff\xff\xff\xff"),
        b"g" + part(b"<f8") + part(b""),
        b"g" + part(b"<f8") + part(bytes(16)),
        b"R" + encode({"bit_generator": "MT19937"}),
        b"R" + encode({"bit_generator": "PCG64", "state": {}}),
        b"R" + encode({"bit_generator": ["PCG64"]}),
        b"o" + part(b"x") + part(b"") + part(b""),
    ],
)
def test_a_malformed_message_is_a_clear_error(message):
    with pytest.raises(WireError):
        decode(message)


@given(st.binary(max_size=200))
@settings(max_examples=200, deadline=None)
def test_no_bytes_do_anything_but_decode_or_fail_clearly(message):
    with suppress(WireError):
        decode(message)


@given(values, st.data())
@settings(max_examples=60, deadline=None)
def test_a_changed_message_decodes_or_fails_clearly(value, data):
    message = bytearray(encode(value))
    position = data.draw(st.integers(0, len(message) - 1))
    message[position] = data.draw(st.integers(0, 255))
    with suppress(WireError):
        decode(bytes(message))


def test_a_byte_that_is_no_truth_value_becomes_one():
    assert decode(array(b"|b1", [2], b"\x02\x00")).tolist() == [True, False]
