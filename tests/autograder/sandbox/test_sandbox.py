"""What the student's process can reach and use, tried from inside it for real."""

import os
import socket
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import pytest

import autograder
from autograder import Limits, Reason, grade_one
from autograder.limits import MiB
from autograder.sandbox import bwrap, launcher
from tests.support.processes import children
from tests.support.toy import check, code, notebook, ran, solution

pytestmark = pytest.mark.slow

LIMITS = Limits(cell_seconds=3.0, submission_seconds=40.0, memory=256 * MiB, processes=6)


def printed(source, **keywords):
    """Run a cell in the sandbox and return what it printed; fail if it raised."""
    result = ran(source, limits=LIMITS, **keywords)
    assert result.score == 2
    errors = [o["evalue"] for o in result.cells[1].outputs if o["output_type"] == "error"]
    assert errors == []
    return "".join(o.get("text", "") for o in result.cells[1].outputs)


def raised(source):
    """Run a cell in the sandbox and return the name of what it raised."""
    result = ran(source, limits=LIMITS)
    assert result.score == 2
    return next((o["ename"] for o in result.cells[1].outputs if "ename" in o), None)


def test_there_is_no_network():
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        assert raised(f"import socket; socket.create_connection(('127.0.0.1', {port}))") in (
            "ConnectionRefusedError",
            "OSError",
        )
    assert raised("import socket; socket.create_connection(('192.0.2.1', 80), 1)") == "OSError"


@pytest.mark.parametrize("family", ["AF_NETLINK", "AF_VSOCK", "AF_PACKET", "AF_ALG"])
def test_there_are_no_other_sockets(family):
    assert raised(f"import socket; socket.socket(socket.{family}, socket.SOCK_RAW)") is not None


def test_no_other_process_is_in_sight():
    found = printed("import os; print(os.getpid(), os.listdir('/proc'), os.getppid())")
    assert found == "1 [] 0\n"


def test_only_the_system_and_the_libraries_can_be_read(tmp_path):
    secret = tmp_path / "secret"
    secret.write_text("hidden")
    secret.chmod(0o644)
    course = Path(autograder.__file__).parent.parent
    for path in (secret, course / "pyproject.toml", "/etc/passwd", "/etc/shadow", "/root/.bashrc"):
        assert raised(f"open({str(path)!r})") in ("FileNotFoundError", "PermissionError")
    listed = printed("import os; print(sorted(os.listdir('/etc')), os.listdir('.'))")
    assert listed == "['alternatives', 'ld.so.cache'] []\n"


def test_nothing_outside_the_scratch_directory_can_be_written():
    found = printed(
        "import os, sys\n"
        "writable = []\n"
        "for top, directories, files in os.walk('/'):\n"
        "    directories[:] = [d for d in directories if top.count('/') < 2]\n"
        "    writable += [top] * os.access(top, os.W_OK)\n"
        "print(sorted(writable))"
    )
    assert found == "['/dev/shm', '/scratch', '/scratch/home', '/scratch/shm', '/scratch/tmp']\n"


def test_the_process_has_no_rights():
    found = printed(
        "import ctypes, os\n"
        "libc = ctypes.CDLL(None)\n"
        "header, data = (ctypes.c_uint32 * 2)(0x20080522, 0), (ctypes.c_uint32 * 6)()\n"
        "print(libc.capget(header, data), list(data))\n"
        "print([libc.prctl(24, c, 0, 0, 0) == 0 for c in range(41)].count(True))\n"
        "print(libc.prctl(39, 0, 0, 0, 0), os.getuid() != 0, os.getgroups() in ([], [65534]))"
    )
    assert found.splitlines() == ["0 [0, 0, 0, 0, 0, 0]", "0", "1 True True"]


@pytest.mark.parametrize(
    "call",
    [
        "unshare(0x10000000)",
        "unshare(0x00020000)",
        "setns(0, 0)",
        "mount(b'tmpfs', b'/scratch', b'tmpfs', 0, None)",
        "umount2(b'/proc', 2)",
        "chroot(b'/tmp')",
        "ptrace(16, 1, 0, 0)",
        "syscall(323, 0)",
        "syscall(425, 1, 0)",
        "syscall(56, 0x10000011, 0, 0, 0, 0)",
    ],
)
def test_no_way_to_new_rights(call):
    assert printed(f"import ctypes\nprint(ctypes.CDLL(None).{call})") == "-1\n"


def test_the_environment_is_not_ours(monkeypatch):
    monkeypatch.setenv("SECRET", "hidden")
    found = printed("import os; print(sorted(os.environ))")
    assert "SECRET" not in found
    assert "PYTHONPATH" in found


def test_only_its_own_socket_is_open():
    found = printed(
        "import os, stat\n"
        "kinds = []\n"
        "for fd in range(4096):\n"
        "    try: kinds.append(stat.S_IFMT(os.fstat(fd).st_mode))\n"
        "    except OSError: pass\n"
        "print(kinds.count(stat.S_IFCHR), kinds.count(stat.S_IFSOCK), len(kinds))"
    )
    assert found == "3 1 4\n"


def test_the_hidden_tests_are_nowhere_in_its_memory():
    """Not even in what the zygote knew before the fork, from an earlier submission."""
    answer, hidden = solution("def f(): return 1"), "assert f() == 1, 'a needle in ' 'the stack'"
    content = notebook(answer, check(hidden))
    assert grade_one(content, content, LIMITS).score == 2
    search = (
        "import gc\n"
        "needle = 'a needle' + ' in '\n"
        "print([type(o) for o in gc.get_objects() if isinstance(o, (dict, list, tuple))\n"
        "       and o is not globals() and needle in str(list(o))])"
    )
    source = notebook(answer, check(hidden), code(search))
    result = grade_one(source, source, LIMITS)
    assert result.score == 2
    assert result.cells[2].outputs[0]["text"] == "[]\n"


def test_a_fork_bomb_is_bounded():
    found = printed(
        "import os, time\n"
        "children = 0\n"
        "try:\n"
        "    while children < 100:\n"
        "        if os.fork() == 0: time.sleep(60)\n"
        "        children += 1\n"
        "except BlockingIOError:\n"
        "    print(children)"
    )
    assert int(found) < LIMITS.processes


@pytest.mark.parametrize("levels", ["split", "inside"])
@pytest.mark.parametrize("block", [2**26, 2**16, 2**10])
def test_a_memory_bomb_is_bounded_and_what_comes_after_it_goes_on(block, levels):
    bomb = f"x = []\nwhile True: x.append(bytearray({block}))"
    result = ran(bomb, limits=LIMITS, levels=levels)
    assert (result.score, result.usage.restarts) == (2, 0)
    assert [o.get("ename") for o in result.cells[1].outputs] == ["MemoryError"]
    assert result.usage.memory < 2 * LIMITS.memory + 100 * MiB


@pytest.mark.parametrize("block", [2**16, 2**10])
def test_a_memory_bomb_in_a_call_costs_the_marks_of_that_test_only(block):
    tests = check("assert f(2) == 2", "call"), check("assert g(2) == 2", "after")
    answer = solution("x = []\ndef f(n):\n    return n\ndef g(n):\n    return n")
    grow = f"while True: x.append(bytearray({block}))"
    bomb = solution(answer["source"].replace("return n", grow, 1))
    result = grade_one(notebook(bomb, *tests), notebook(answer, *tests), LIMITS, levels="split")
    assert [(cell.score, cell.message) for cell in result.cells[1:]] == [
        (0, "MemoryError"),
        (2, ""),
    ]


def test_files_are_bounded():
    assert raised("open('big', 'wb').write(bytes(33 * 2**20))") == "OSError"
    assert raised("for i in range(9): open(str(i), 'wb').write(bytes(16 * 2**20))") == "OSError"
    assert raised("files = [open(str(i), 'w') for i in range(500)]") == "OSError"


def test_a_detached_process_is_gone_when_the_submission_ends():
    ran(limits=LIMITS)  # the zygote is there
    before = set(children(os.getpid()))
    found = printed(
        "import os, subprocess, sys\n"
        "sleep = [sys.executable, '-c', 'import time; time.sleep(600)']\n"
        "subprocess.Popen(sleep, start_new_session=True)\n"
        "if os.fork() == 0:\n"
        "    os.setsid()\n"
        "    if os.fork() == 0:\n"
        "        import time; time.sleep(600)\n"
        "    os._exit(0)\n"
        "print('started')"
    )
    assert found == "started\n"
    assert set(children(os.getpid())) <= before


def test_two_submissions_share_no_directory_and_no_namespace():
    write = "for place in ('.', '/scratch/tmp', '/dev/shm'): open(place + '/left', 'w')"
    assert printed(write) == ""
    look = "import os; print([os.listdir(p) for p in ('.', '/scratch/tmp', '/dev/shm')])"
    assert printed(look) == "[[], [], []]\n"


def test_random_numbers_differ_between_submissions():
    draw = (
        "import random, numpy as np, uuid\nprint(random.random(), np.random.rand(), uuid.uuid4())"
    )
    assert not set(printed(draw).split()) & set(printed(draw).split())


def test_the_worker_outlives_a_student_who_floods_the_channel():
    result = ran(
        "import gc, socket\n"
        "for thing in gc.get_objects():\n"
        "    if isinstance(thing, socket.socket):\n"
        "        thing.settimeout(None)\n"
        "        while True: thing.sendall(b'\\xff' * 2**20)",
        limits=LIMITS,
    )
    assert result.score == 2
    assert [failure.reason for failure in result.failures] == [Reason.CRASHED]


def test_a_killed_worker_leaves_no_process_behind():
    script = (
        "import os, signal, subprocess, sys\n"
        "from tests.support.toy import ran\n"
        "from tests.support.processes import children\n"
        "ran()\n"
        "print(*children(os.getpid()), flush=True)\n"
        "os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    root = Path(autograder.__file__).parent.parent
    worker = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, cwd=root, check=False
    )
    processes = [int(number) for number in worker.stdout.split()]
    assert processes, worker.stderr
    for process in processes:  # the kernel ends them at once, but not in no time
        deadline = time.monotonic() + 20
        while Path(f"/proc/{process}/exe").exists():
            assert time.monotonic() < deadline
            time.sleep(0.02)


COMMANDS = {
    "!echo one; echo two >&2": "one\ntwo\n",
    "x = 3\n!echo {x} $x": "3 3\n",
    "lines = !printf 'a\\nb'\nprint(list(lines))": "['a', 'b']\n",
    "!exit 3\nprint(_exit_code)": "3\n",
    "!cat\nprint('nothing to read')": "nothing to read\n",
    "!python -c 'print(1 + 1)'": "2\n",
    "%cd -q /tmp\n!touch a\n!ls": "a\n",
    "open('/tmp/a', 'w').write('x')\nprint(open('/tmp/a').read())": "x\n",
    "quit()\nprint('after')": "after\n",
    "exit()": "",
    "exit\nprint('after')": "after\n",
}


@pytest.mark.parametrize("code", COMMANDS)
def test_a_cell_does_what_it_does_in_jupyter(code):
    result = ran(code)
    shown = "".join(
        output.get("text", output.get("evalue", "")) for output in result.cells[1].outputs
    )
    assert (shown, result.score, result.failures) == (COMMANDS[code], 2, ())


def test_sixteen_threads_work():
    code = (
        "from concurrent.futures import ThreadPoolExecutor\nimport threading\n"
        "together = threading.Barrier(16)\n"
        "with ThreadPoolExecutor(16) as pool:\n"
        "    print(len(list(pool.map(lambda _: together.wait(), range(16)))))"
    )
    result = ran(code, limits=Limits(memory=512 * MiB))  # each has a stack of 8 MiB
    assert result.cells[1].outputs[0]["text"] == "16\n"


@pytest.mark.parametrize("code", ["!pip install numpy==0.0.1", "%pip install numpy==0.0.1"])
def test_an_installation_says_that_there_is_no_network_and_the_cell_goes_on(code):
    result = ran(f"{code}\nprint('on')", limits=Limits(cell_seconds=30.0))
    shown = "".join(output["text"] for output in result.cells[1].outputs)
    assert "There is no network while a notebook is graded" in shown
    assert shown.endswith("on\n")
    assert (result.score, result.failures) == (2, ())


def test_an_environment_may_lie_below_tmp(monkeypatch):
    paths = list(bwrap.system_paths())
    with tempfile.TemporaryDirectory(dir="/tmp") as below:
        monkeypatch.setattr(bwrap, "system_paths", lambda: [*paths, Path(below)])
        backend = bwrap.Bubblewrap()
        backend.start()
        assert not backend.closed
        backend.close()


def test_a_zygote_takes_the_list_of_fonts_that_is_there(tmp_path, monkeypatch):
    monkeypatch.setenv("MPLCONFIGDIR", str(tmp_path))
    (made,) = bwrap.font_lists()  # there was none
    made.write_text(made.read_text().replace('"DejaVu Serif"', '"Known from the list"'))
    monkeypatch.setattr(launcher, "_started", threading.local())
    names = "from matplotlib.font_manager import fontManager\nprint(fontManager.get_font_names())"
    assert "Known from the list" in printed(names)
    for backend in launcher._started.known.values():
        backend.close()
