import collections
import copy
import os
import socket
import struct
import threading
import time
from contextlib import contextmanager

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder.remote.channel import Channel, DeadlineError, RemoteError, restore
from autograder.remote.values import WireError
from autograder.remote.wire import encode

SECONDS = 10.0


@contextmanager
def connected(serve, **keywords):
    """Give a channel whose other end serves in a thread."""
    ours, theirs = socket.socketpair()
    other = Channel(theirs, serve, **keywords)

    def listen():
        with pytest.raises(WireError):
            other.listen()

    thread = threading.Thread(target=listen)
    thread.start()
    channel = Channel(ours, lambda name, arguments, _: [name, *arguments])
    channel.deadline = time.monotonic() + SECONDS
    try:
        yield channel, other
    finally:
        channel.close()
        thread.join()


@contextmanager
def hostile(message):
    """Give a channel to a peer that has said `message` and nothing more."""
    ours, theirs = socket.socketpair()
    channel = Channel(ours, lambda *_: None, limit=1000)
    channel.deadline = time.monotonic() + SECONDS
    with theirs:
        theirs.sendall(message)
        yield channel


def frame(value):
    message = value if isinstance(value, bytes) else encode(value)
    return struct.pack("<I", len(message)) + message


def test_a_request_is_answered():
    with connected(lambda name, arguments, keywords: (name, arguments, keywords)) as (channel, _):
        assert channel.request("add", 1, [2], unit=3) == ("add", [1, [2]], {"unit": 3})


def test_each_side_serves_while_it_waits():
    def serve(_name, _arguments, _keywords):
        return other.request("back", 1)

    with connected(serve) as (channel, other):
        other.deadline = time.monotonic() + SECONDS
        assert channel.request("there") == ["back", 1]


def test_an_exception_comes_back_as_data_and_the_channel_stays_usable():
    def serve(name, _arguments, _keywords):
        if name == "fail":
            raise KeyError("x")
        return 1

    with connected(serve) as (channel, _):
        with pytest.raises(RemoteError, match="KeyError"):
            channel.request("fail")
        assert channel.request("work") == 1


def test_an_answer_that_cannot_be_sent_is_an_exception():
    with (
        connected(lambda *_: object()) as (channel, _),
        pytest.raises(RemoteError, match="not plain data"),
    ):
        channel.request("get")


def test_endless_recursion_between_the_two_sides_ends():
    def there(_name, _arguments, _keywords):
        return other.request("back")

    with connected(there) as (channel, other):
        other.deadline = time.monotonic() + SECONDS
        channel.serve = lambda *_: channel.request("there")
        with pytest.raises(RemoteError, match="RemoteError: "):
            channel.request("there")


def test_arguments_changed_in_place_are_changed_here():
    def serve(_name, arguments, keywords):
        arguments[0][1] = 9.0
        arguments[1]["list"].append(3)
        keywords["seen"].add("x")
        arguments[2].normal()

    array, mapping, seen = np.zeros(3), {"list": [1]}, set()
    inner, generator, twin = mapping["list"], np.random.default_rng(1), np.random.default_rng(1)
    with connected(serve) as (channel, _):
        channel.request("change", array, mapping, generator, seen=seen)
    twin.normal()
    assert array.tolist() == [0.0, 9.0, 0.0]
    assert inner == [1, 3]
    assert mapping["list"] is inner
    assert seen == {"x"}
    assert generator.normal() == twin.normal()


@st.composite
def arguments(draw):
    """Draw objects of which some appear more than once, with arrays and tuples among them."""
    leaves = [
        draw(st.integers(-9, 9)),
        draw(st.sampled_from("abc")),
        np.arange(draw(st.integers(1, 3)), dtype=float),
        [],
        {},
        collections.Counter("ab"),
        collections.deque([1]),
        {1, 2},
    ]
    for _ in range(draw(st.integers(1, 6))):
        parts = draw(st.lists(st.sampled_from(leaves), max_size=3))
        kinds = (list, tuple, lambda items: dict(enumerate(items)))
        leaves.append(draw(st.sampled_from(kinds))(parts))
    return draw(st.lists(st.sampled_from(leaves[2:]), min_size=1, max_size=4))


@st.composite
def steps(draw):
    """Draw what a function does to its arguments, each step on one of the objects in them."""
    kinds = st.sampled_from(("replace", "grow", "clear", "fill", "nest"))
    return draw(st.lists(st.tuples(kinds, st.integers(0, 20)), max_size=5))


def objects_in(value, found):
    """List the objects that can be changed, each once, in the order in which they are met."""
    if any(value is one for one in found):
        return found
    if not isinstance(value, int | str | float | tuple):
        found.append(value)
    if isinstance(value, dict):
        value = tuple(value.values())
    if isinstance(value, list | tuple | collections.deque):
        for item in value:
            objects_in(item, found)
    return found


def act(values, todo):
    """Change the arguments in place, and return some of the objects in them."""
    found = objects_in(values, [])[1:]
    for kind, number in todo if found else ():
        target, other = found[number % len(found)], found[(number * 7) % len(found)]
        match target, kind:
            case np.ndarray(), _:
                target *= number + 2
            case list() | collections.deque(), "replace" if target:
                target[0] = np.zeros((1, number % 3 + 1))
            case list() | collections.deque(), "grow":
                target.append(number)
            case list(), "nest" if not any(target is one for one in objects_in(other, [])):
                target.append((other, other))
            case dict(), "grow":
                target[number] = number
            case dict(), "replace" if target:
                target[next(iter(target))] = [number]
            case set(), "grow":
                target.add(number)
            case _, "clear":
                target.clear()
    return found[:2], tuple(found[-1:])


def shape_of(value, found):
    """Say what a value is, with the objects in it by the order in which they are met."""
    for number, one in enumerate(found):
        if value is one:
            return f"#{number}"
    if isinstance(value, int | str | float):
        return repr(value)
    found.append(value) if not isinstance(value, tuple) else None
    if isinstance(value, np.ndarray):
        return f"array({value.tolist()})"
    items = value.items() if isinstance(value, dict) else value
    items = sorted(items) if isinstance(value, set) else items  # whose order is its history's
    inner = [shape_of(tuple(i) if isinstance(value, dict) else i, found) for i in items]
    return f"{type(value).__name__}({', '.join(inner)})"


@given(arguments(), steps())
@settings(max_examples=150, deadline=None)
def test_a_call_does_what_it_does_in_one_process(values, todo):
    """Identity within the request, in what is changed and in what comes back."""
    twins = copy.deepcopy(values)
    kept, kept_twins = objects_in(values, []), objects_in(twins, [])
    with connected(lambda _, sent, __: act(sent, todo)) as (channel, _):
        answer = channel.request("act", *values)
    expected = act(twins, todo)
    assert shape_of([values, answer, kept], []) == shape_of([twins, expected, kept_twins], [])


def test_an_item_is_replaced_by_an_array_of_another_shape():
    old = [np.zeros(2)]
    with connected(lambda _, sent, __: sent[0].__setitem__(0, np.zeros((1, 2)))) as (channel, _):
        channel.request("replace", old)
    assert old[0].shape == (1, 2)


def test_arrays_in_tuples_are_changed_in_place():
    pair = (np.zeros(2), [np.zeros(1)])
    first, inner = pair[0], pair[1][0]

    def serve(_name, sent, _keywords):
        sent[0][0][:] = 1
        sent[0][1][0][:] = 2

    with connected(serve) as (channel, _):
        channel.request("change", pair)
    assert first.tolist() == [1, 1]
    assert inner.tolist() == [2]


def test_what_was_expected_before_stays_what_it_was():
    """A copy that the test keeps is none of the request's objects."""
    data = np.arange(3.0)
    expected = data.copy()

    def serve(_name, sent, _keywords):
        sent[0][:] = 0

    with connected(serve) as (channel, _):
        channel.request("overwrite", data)
    assert expected.tolist() == [0, 1, 2]
    assert data.tolist() == [0, 0, 0]


def test_a_change_to_none_is_no_end_of_a_plain_answer():
    def serve(_name, arguments, _keywords):
        arguments[0].append(None)

    with connected(serve) as (channel, _):
        given = [1]
        assert channel.request("add", given) is None
        assert given == [1, None]


def test_an_array_that_is_given_another_dtype_in_place_is_refused():
    def serve(_name, sent, _keywords):
        sent[0].dtype = np.int64

    with (
        connected(serve) as (channel, _),
        pytest.raises(RemoteError, match="another size"),
    ):
        channel.request("cast", np.zeros(2))


def test_restore_refuses_what_cannot_be():
    with pytest.raises(WireError, match="another size"):
        restore(np.zeros(2), np.zeros(3))
    with pytest.raises(WireError, match="cannot be changed"):
        restore((1,), (2,))


@pytest.mark.parametrize(
    "message",
    [
        frame(b"?"),
        frame(b""),
        frame(None),
        frame(("=", 1)),
        frame(("=", 1, {"x": 2})),
        frame(("=", 1, {7: 2})),
        frame(("=", 1, [])),
        frame(("=", 1, {0: 1})),
        frame(("?", "x", [1], [])),
        frame(("?", "x", encode([]), ["a"])),
        frame(("?", "x", encode(1), [])),
        frame(("?", 1, encode([]), [])),
        struct.pack("<I", 2**32 - 1),
        frame(b"l" + b"\xff" * 4),
    ],
)
def test_a_hostile_message_is_a_clear_error_and_closes_the_channel(message):
    with hostile(message) as channel:
        with pytest.raises(WireError):
            channel.request("get", 1)
        assert channel.closed
        with pytest.raises(WireError, match="gone"):
            channel.request("get")


@pytest.mark.parametrize("message", [b"", b"\x05", frame(("=", 1, {}))[:-1]])
def test_silence_ends_at_the_deadline(message):
    with hostile(message) as channel:
        channel.deadline = time.monotonic() + 0.05
        with pytest.raises(DeadlineError):
            channel.request("get")


def test_chatter_ends_at_the_deadline():
    with connected(lambda *_: None) as (channel, other):

        def chatter(*_):
            other.deadline = time.monotonic() + SECONDS
            while True:
                other.request("again")

        other.serve = chatter
        channel.deadline = time.monotonic() + 0.2
        with pytest.raises(DeadlineError):
            channel.request("get")


def test_a_peer_that_does_not_listen_is_left_at_the_deadline():
    ours, theirs = socket.socketpair()
    with theirs:
        channel = Channel(ours, lambda *_: None)
        channel.deadline = time.monotonic() + 0.05
        with pytest.raises(DeadlineError):
            channel.request("take", bytes(2**25))


def test_a_peer_that_hangs_up_is_a_clear_error():
    ours, theirs = socket.socketpair()
    theirs.close()
    with pytest.raises(WireError, match="gone"):
        Channel(ours, lambda *_: None).request("get")


def test_a_fork_does_not_speak_for_its_parent():
    with connected(lambda *_: "answer") as (channel, _):
        child = os.fork()
        if child == 0:
            channel.request("forged")
            os._exit(1)
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
        assert channel.request("get") == "answer"
