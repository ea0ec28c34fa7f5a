"""An interrupt reaches the command wherever the signal comes in."""

import contextlib
import os
import signal
import threading

import pytest

from autograder.classroom.interrupt import interruptible


def interrupt() -> None:
    os.kill(os.getpid(), signal.SIGINT)


class Finalised:
    def __del__(self) -> None:
        interrupt()


@pytest.fixture(autouse=True)
def _handled():
    """Python's own handler, also where the tests run in the background."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


def run(work) -> list[str]:
    done = []
    with interruptible():
        work()
        done.append("the rest")
    return done


def test_an_interrupt_ends_the_block_at_once():
    steps = [interrupt, lambda: pytest.fail("the block went on")]
    with pytest.raises(KeyboardInterrupt):
        run(lambda: [step() for step in steps])


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_one_that_a_finaliser_loses_comes_at_the_end():
    rest = []
    with pytest.raises(KeyboardInterrupt):
        run(lambda: (Finalised(), rest.append("the rest")))
    assert rest == ["the rest"]


def test_the_handler_is_as_before_and_other_threads_are_left_alone():
    before = signal.getsignal(signal.SIGINT)
    with contextlib.suppress(KeyboardInterrupt), interruptible():
        interrupt()
    assert signal.getsignal(signal.SIGINT) is before
    entered = []

    def work() -> None:
        with interruptible():
            entered.append(signal.getsignal(signal.SIGINT))

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert entered == [before]


def test_where_signals_are_ignored_they_stay_ignored():
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    assert run(interrupt) == ["the rest"]
