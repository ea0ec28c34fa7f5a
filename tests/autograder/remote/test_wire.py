import struct
from contextlib import suppress

import hypothesis.extra.numpy as npst
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder.remote.wire import (
    MAX_DEPTH,
    PLAIN_TYPES,
    Reference,
    WireError,
    decode,
    encode,
)

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
        np.zeros(2, [("a", int)]),
        np.dtype(object),
        np.random.Generator(np.random.MT19937(0)),
        range(3),
        bytearray(b"x"),
    ],
    ids=lambda value: type(value).__name__,
)
def test_what_only_looks_like_plain_data_is_refused(value):
    with pytest.raises(WireError, match=r"not plain|cannot be sent"):
        encode([value])


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


def part(content):
    return struct.pack("<I", len(content)) + content


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
