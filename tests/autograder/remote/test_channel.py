import os
import socket
import struct
import threading
import time
from contextlib import contextmanager

import numpy as np
import pytest

from autograder.remote.channel import Channel, DeadlineError, RemoteError, restore
from autograder.remote.wire import WireError, encode

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


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ([1, [2], {"a": [3]}], [[1], [2, 2], {"b": 1}]),
        ([1, 2, 3], []),
        ({"a": np.zeros(2), "b": (1, [2])}, {"a": np.ones(2), "b": (1, [3])}),
        ({1, 2}, {3}),
    ],
)
def test_restore_makes_equal(old, new):
    restore(old, new)
    assert repr(old) == repr(new)


def test_restore_leaves_alone_what_cannot_become_the_other():
    array, items = np.zeros(2), [1]
    restore(array, np.zeros(3))
    restore(items, (2,))
    assert array.shape == (2,)
    assert items == [1]


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
        frame(("?", "x", [1], [])),
        frame(("?", "x", [], ["a"])),
        frame(("?", 1, [], [])),
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
