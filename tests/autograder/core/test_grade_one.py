"""Whole submissions: outputs as a notebook keeps them, failures that cost what they must."""

import base64
import dataclasses
import json
import os
import pickle
import textwrap

import nbformat
import pytest
from nbgrader.utils import determine_grade

from autograder import Limits, Reason, Verdict, grade_one
from autograder.errors import KilledError
from autograder.limits import MiB
from autograder.sandbox.launcher import launcher
from tests.support.processes import children, kill
from tests.support.toy import QUICK, check, code, marked, notebook, ran, solution

pytestmark = pytest.mark.slow

BRIEF = Limits(cell_seconds=1.0, submission_seconds=30.0, restarts=2)
IGNORES = """
import time
while True:
    try:
        time.sleep(9)
    except BaseException:
        pass
"""


def outputs(source, **keywords):
    result = ran(source, **keywords)
    assert result.score == 2
    return result.cells[1].outputs


def reasons(result):
    return [failure.reason for failure in result.failures]


def test_the_result_is_plain_data_and_the_notebook_says_the_same():
    result = ran("1 + 1")
    assert pickle.loads(pickle.dumps(result)) == result
    assert json.dumps(dataclasses.asdict(result))
    executed = nbformat.reads(result.notebook, as_version=4)
    nbformat.validate(executed)
    assert [cell.outputs for cell in executed.cells] == [cell.outputs for cell in result.cells]
    assert [cell.execution_count for cell in executed.cells] == [1, 2, 3]
    assert determine_grade(executed.cells[2]) == (2.0, 2.0)
    assert (result.score, result.max_score) == (2.0, 2.0)


def test_usage_is_measured():
    usage = ran("x = bytearray(50 * 2**20)").usage
    assert usage.memory > 50 * 2**20
    assert 0 < usage.start + usage.execution + usage.checks <= usage.seconds
    assert usage.cpu_seconds > 0
    assert usage.restarts == 0


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("print('a'); print('b')", [("stream", "stdout", "a\nb\n")]),
        ("import sys; print('e', file=sys.stderr)", [("stream", "stderr", "e\n")]),
        ("print('a'); display(1); print('b'); 2", ["stream", "display_data", "stream", 2]),
        ("x = 1", []),
        ("1;", []),
        ("await __import__('asyncio').sleep(0, 'slept')", ["slept"]),
        ("%time 3", ["stream", 3]),
        ("%%time\nx = 1", ["stream"]),
        ("%timeit -n1 -r1 1", ["stream"]),
        ("%matplotlib inline", []),
    ],
)
def test_outputs_are_those_of_a_notebook(source, expected):
    for output, wanted in zip(outputs(source), expected, strict=True):
        match wanted:
            case tuple():
                assert tuple(output.values()) == wanted
            case "stream" | "display_data":
                assert output["output_type"] == wanted
            case value:
                assert output["data"]["text/plain"] == repr(value)


def test_rich_formats_are_kept():
    (output,) = outputs("from IPython.display import HTML, Math\ndisplay(HTML('<b>x</b>'))")
    assert output["data"]["text/html"] == "<b>x</b>"
    (output,) = outputs("from IPython.display import Math\nMath('x^2')")
    assert output["data"]["text/latex"] == "$\\displaystyle x^2$"


def test_figures_are_shown_at_the_end_of_the_cell():
    (output,) = outputs("import matplotlib.pyplot as plt\nplt.plot([1, 2]);")
    assert base64.b64decode(output["data"]["image/png"]).startswith(b"\x89PNG")


def test_images_given_as_bytes_are_stored_as_text():
    (output,) = outputs("class Picture:\n    def _repr_png_(self): return b'png'\nPicture()")
    assert base64.b64decode(output["data"]["image/png"]) == b"png"


def test_what_a_notebook_cannot_store_is_left_out():
    found = outputs("display({'text/plain': 'x', 'a/json': {1, 2}}, raw=True)\nprint('after')")
    assert [output["output_type"] for output in found] == ["stream"]


def test_displays_are_updated():
    (output,) = outputs("handle = display('a', display_id=True)\nhandle.update('b')")
    assert output["data"]["text/plain"] == "'b'"


def test_an_error_shows_the_students_own_frames():
    (output,) = outputs("def f(x):\n    return 1 / x\nf(0)")
    shown = "\n".join(output["traceback"])
    assert output["ename"] == "ZeroDivisionError"
    assert "/ x" in shown
    assert "autograder" not in shown


@pytest.mark.parametrize(
    ("source", "name"),
    [
        ("input('?')", "StdinNotImplementedError"),
        ("import getpass; getpass.getpass()", "StdinNotImplementedError"),
        ("x = )", "SyntaxError"),
        ("import sys; sys.exit(1)", "SystemExit"),
        ("raise KeyboardInterrupt", "KeyboardInterrupt"),
        ("bytearray(2**31)", "MemoryError"),
    ],
)
def test_what_cannot_work_fails_and_the_next_cells_run(source, name):
    assert name in [output.get("ename") for output in outputs(source)]


def test_a_widget_does_not_hang():
    (output,) = outputs("import ipywidgets\nipywidgets.IntSlider()")
    assert "application/vnd.jupyter.widget-view+json" in output["data"]


def test_an_endless_loop_is_interrupted_where_it_is():
    result = ran("def spin():\n    while True: pass\nspin()", limits=BRIEF)
    assert result.score == 2
    assert reasons(result) == [Reason.TIMEOUT]
    assert "spin" in "\n".join(result.cells[1].outputs[0]["traceback"])
    assert result.usage.restarts == 0


@pytest.mark.parametrize(
    ("source", "reason", "message"),
    [
        ("import os; os._exit(3)", Reason.CRASHED, "status 3"),
        ("import ctypes; ctypes.string_at(0)", Reason.CRASHED, "SIGSEGV"),
        (IGNORES, Reason.TIMEOUT, "ignored its interrupt"),
        ("import os; os.closerange(3, 99)", Reason.CRASHED, "the process"),
        ("import os; os.kill(1, 0); os.abort()", Reason.CRASHED, "ended by SIG"),
    ],
)
def test_a_lost_process_is_replaced_and_the_marks_survive(source, reason, message):
    result = ran("print('kept')", "print('last words')\n" + source, "double(4)", limits=BRIEF)
    assert result.score == 2
    assert reasons(result) == [reason]
    assert message in result.failures[0].message
    assert result.failures[0].index == 2
    assert result.usage.restarts == 1
    kept, lost, after = result.cells[1:4]
    assert kept.outputs[0]["text"] == "kept\n"
    assert lost.outputs[0]["text"].strip() == "last words"
    assert lost.outputs[-1]["output_type"] == "error"
    assert after.outputs[0]["data"]["text/plain"] == "8"


def test_a_test_that_loses_the_process_costs_its_own_points_only():
    answer = "import os\ndef f(x):\n    if x == 2: os._exit(0)\n    return x"
    tests = [check(f"assert f({x}) == {x}", f"check-{x}") for x in (1, 2, 3)]
    content = notebook(solution(answer), *tests)
    result = grade_one(content, content, QUICK, levels="split")
    assert [cell.score for cell in result.cells[1:]] == [2, 0, 2]
    assert reasons(result) == [Reason.CRASHED]


def test_an_answer_made_to_stop_the_checker_costs_its_own_points_only():
    """Numbers of equal hashes make a set of them take hours."""
    limits = Limits(cell_seconds=1.0, submission_seconds=60.0)
    hang = solution(
        "import socket, struct, gc\n"
        "from autograder.remote.wire import encode\n"
        "channel = next(o for o in gc.get_objects() if type(o).__name__ == 'Channel')\n"
        "def f(x):\n"
        "    numbers = [i * (2**61 - 1) for i in range(60_000)]\n"
        "    message = encode(('=', numbers, {})).replace(b'l', b'S', 1)\n"
        "    channel.send_message(message)"
    )
    tests = [check("assert f(1)", "hangs"), check("assert 1 == 1", "works")]
    source = notebook(solution("def f(x): return 1"), *tests)
    result = grade_one(notebook(hang, *tests), source, limits)
    assert [cell.score for cell in result.cells[1:]] == [0, 2]
    assert reasons(result) in ([Reason.TIMEOUT], [Reason.CRASHED])  # if interrupted while sending


def test_a_fork_of_the_worker_starts_a_zygote_of_its_own():
    ran()
    child = os.fork()
    if child == 0:
        os._exit(0 if ran().score == 2 else 1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert ran().score == 2


def test_a_lost_zygote_is_replaced():
    ran()
    for process in children(launcher("bwrap").process.pid):
        kill(process)
    assert ran().score == 2


def kill_processes(monkeypatch, role, times):
    """Let something else kill the first `times` processes of a role as they start."""
    backend, left = launcher("bwrap"), [times]
    fork = backend.fork

    def fork_and_kill(asked, *arguments):
        before = set(children(backend.process.pid))
        number = fork(asked, *arguments)
        if asked == role and left[0]:
            left[0] -= 1
            (process,) = set(children(backend.process.pid)) - before
            kill(process)
        return number

    monkeypatch.setattr(backend, "fork", fork_and_kill)


@pytest.mark.parametrize("role", ["student", "checker"])
def test_what_something_else_ends_is_tried_again(monkeypatch, role):
    kill_processes(monkeypatch, role, times=2)
    result = ran("x = 1")
    assert (result.score, result.failures) == (2, ())


@pytest.mark.parametrize("role", ["student", "checker"])
def test_what_something_else_ends_each_time_costs_nobody_a_point(monkeypatch, role):
    kill_processes(monkeypatch, role, times=99)
    with pytest.raises(KilledError, match=r"ended (from outside|while it started)"):
        ran("x = 1")


def test_cpu_time_is_limited():
    limits = Limits(cell_seconds=20.0, cpu_seconds=1)
    result = ran("while True: pass", limits=limits)
    assert result.score == 2
    assert "CPU time" in result.failures[0].message


def test_after_too_many_restarts_the_rest_is_not_run():
    limits = dataclasses.replace(QUICK, restarts=2)
    result = ran(*["import os; os._exit(0)"] * 4, limits=limits)
    assert result.score == 0
    assert result.cells[-1].verdict == Verdict.NOT_RUN
    assert reasons(result) == [Reason.CRASHED] * 3 + [Reason.RESTARTS]


def test_after_the_time_of_the_submission_the_rest_is_not_run():
    limits = Limits(cell_seconds=300.0, submission_seconds=1.0)
    result = ran("import time; time.sleep(300)", limits=limits)
    assert result.cells[-1].verdict == Verdict.NOT_RUN
    assert reasons(result) == [Reason.TIMEOUT]
    assert result.usage.seconds < 200


@pytest.mark.parametrize(
    "source",
    [
        "print('x' * 50_000_000)",
        "for i in range(100_000): print(i)",
        "import sys\nwhile True: print('x' * 100)",
        "for i in range(300): display('x' * 10_000)",
        "import os\nfor i in range(9999): os.write(1, b'x' * 999)\nprint('x' * 9_999_999)",
    ],
)
def test_too_much_output_is_shortened(source):
    limits = Limits(cell_seconds=2.0, output_bytes=100_000)
    result = ran(source, limits=limits)
    assert result.score == 2
    assert Reason.OUTPUT in reasons(result)
    assert len(json.dumps(result.cells[1].outputs)) < 110_000


def test_ten_thousand_cells_are_run():
    limits = Limits(submission_seconds=120.0)
    result = ran(*["x = 1"] * 3000, limits=limits)
    assert result.score == 2
    assert reasons(result) == []


@pytest.mark.parametrize("content", [b"", b"{", b"\xff", b"[]", b'{"nbformat": 5, "cells": []}'])
def test_a_submission_that_is_no_notebook_has_a_reason_and_no_points(content):
    source = notebook(solution("x"), check("x"), code("y"))
    result = grade_one(content, source, QUICK)
    assert result.notebook is None
    assert reasons(result) == [Reason.UNREADABLE]
    assert (result.score, result.max_score) == (0.0, 2.0)
    assert [cell.verdict for cell in result.cells] == [Verdict.NOT_RUN]


def test_a_cell_that_a_person_marks_is_left_to_them():
    essay = code("my answer", "essay", grade=True, solution=True, points=5)
    content = notebook(solution("x = 1"), essay, check("assert x == 1"))
    result = grade_one(content, content, QUICK, levels="split")
    assert [cell.verdict for cell in result.cells] == [None, Verdict.MANUAL, Verdict.PASSED]
    assert result.cells[1].score is None
    assert (result.score, result.max_score) == (2.0, 2.0)


def test_files_are_in_the_working_directory_of_those_who_may_see_them():
    source = notebook(
        solution("own = data = None"),
        check(
            "import os\n"
            "assert (own, data) == ('mine', 'given')\n"
            "assert open('data/set.csv').read() == 'given' and not os.path.exists('own.txt')"
        ),
    )
    answer = "own, data = open('own.txt').read(), open('data/set.csv').read()"
    result = grade_one(
        notebook(solution(answer)),
        source,
        QUICK,
        data={"data/set.csv": b"given"},
        files={"own.txt": b"mine", "data/set.csv": b"forged"},
        levels="split",
    )
    assert result.score == 2, result.cells[-1].message


@pytest.mark.parametrize("name", ["numpy.py", "pathlib.py", "IPython/__init__.py", "autograder.py"])
def test_a_file_that_shadows_a_module_harms_nobody(name):
    result = ran("import numpy, pathlib; numpy.eye(1)", files={name: b"raise SystemExit"})
    assert result.score == 2
    assert reasons(result) == []


@pytest.mark.parametrize("name", ["/etc/x", "../x", "a/../../x", "", "a\0b"])
def test_a_path_that_leaves_the_directory_is_refused(name):
    with pytest.raises(ValueError, match="below the working directory"):
        ran(files={name: b""})


def test_a_module_handed_in_can_be_imported_by_its_student_alone():
    source = notebook(solution("x = 1"), check("import helper"), check("assert x == 3", "two"))
    files = {"helper.py": b"x = 3"}
    submission = notebook(solution("from helper import x"), *map(check, "ab"))
    result = grade_one(submission, source, QUICK, files=files)
    assert {cell.grade_id: cell.verdict for cell in result.cells if cell.verdict} == {
        "check": Verdict.ERROR,
        "two": Verdict.PASSED,
    }


def test_without_isolation_the_marks_are_the_same():
    result = ran("import os; os._exit(1)", isolation="none")
    assert result.score == 2
    assert reasons(result) == [Reason.CRASHED]


def test_a_builtin_that_a_test_replaces_is_the_replacement_until_it_is_put_back():
    test = """
    import builtins
    def size(x):
        return len(x)
    assert size([1]) == 1
    builtins.len, own = (lambda x: 7), len
    assert size([1]) == 7
    builtins.len = own
    assert size(answer) == 1
    builtins.extra = 5
    assert extra == 5
    del builtins.extra
    assert "extra" not in dir(builtins)
    """
    found = marked("answer = [4]", textwrap.dedent(test))
    assert (found.level, found.message) == ("split", "")


def test_a_warning_fails_each_check_that_meets_it():
    answer = "import numpy as np\ndef f(x): return np.float64(x) / 0"
    test = "import math\nassert math.isinf(f(1))"
    content = notebook(solution(answer), check(test), check(test, "again"))
    result = grade_one(content, content, QUICK, levels="split")
    messages = [cell.message for cell in result.cells if cell.verdict]
    assert len(messages) == 2
    assert all("RuntimeWarning" in message for message in messages)


def test_what_does_not_fit_is_left_out_and_the_rest_is_graded():
    limits = Limits(scratch_bytes=4 * MiB, file_bytes=2 * MiB)
    sizes = {"a.bin": 1, "b.bin": 3, "c.bin": 1, "d.bin": 1, "e.bin": 1}
    files = {name: bytes(size * MiB) for name, size in sizes.items()}
    result = ran("import os\nprint(sorted(os.listdir()))", limits=limits, files=files)
    assert result.score == 2
    assert result.cells[1].outputs[0]["text"].count(".bin") == 3
    assert {f.reason for f in result.failures} == {Reason.LEFT_OUT}
    said = [failure.message for failure in result.failures]
    assert said[1] == "b.bin (3.0 MiB) was left out: c.Sandbox.file_bytes is 2.0 MiB"
    assert said[0].endswith("was left out: c.Sandbox.scratch_bytes is 4.0 MiB")


def test_data_that_does_not_fit_is_the_courses_fault():
    result = ran("x = 1", limits=Limits(scratch_bytes=MiB), data={"large.csv": bytes(2 * MiB)})
    assert result.score == 2
    assert [(f.reason, "scratch_bytes" in f.message) for f in result.failures] == [
        (Reason.INSTRUCTOR, True)
    ]


@pytest.mark.parametrize("level", ["split", "inside"])
def test_a_test_is_told_its_time_of_the_processor_until_now(level):
    """Of a process with a limit, the kernel's clock lags by a tick or until the next switch."""
    test = (
        "from time import process_time, thread_time\n"
        "for _ in range(20):\n"
        "    process_time()\n"
        "    start, own = process_time(), thread_time()\n"
        "    for _ in range(30_000): pass\n"
        "    took = process_time() - start\n"
        "    assert took > (thread_time() - own) / 2"
    )
    content = notebook(solution("pass"), check(test))
    assert grade_one(content, content, QUICK, levels=level).cells[1].verdict == Verdict.PASSED
