"""Attacks that change what is not the student's, now or later."""

# ruff: noqa: E501 - what an attack sends reads best in one piece

from __future__ import annotations

import pytest

from tests.security.attacks import SLEEP, Attack

pytestmark = pytest.mark.xdist_group("security")  # they share one graded class

ATTACKS = [
    Attack(
        "overwriting",
        "Writes over the course, classmates, the gradebook, the grader, Python and the system.",
        """
import os, shutil, sys
for path in ("@COURSE@/solutions/toy/toy.ipynb", "@COURSE@/grading/gradebook.db",
             "@COURSE@/grading/submitted/victim/toy/toy.ipynb", "@COURSE@/grading/journal/x",
             "/opt/grader/autograder/inside/checker.py", os.__file__, np.__file__, sys.executable,
             "/usr/bin/env", "/etc/passwd", "/etc/ld.so.preload", "/x", "/dev/null/x", "/tmp/x"):
    attempt(open, path, "r+b")
    attempt(open, path, "ab")
    attempt(os.unlink, path)
    attempt(os.rename, path, path + "-")
    attempt(os.chmod, path, 0o777)
    attempt(os.truncate, path, 0)
attempt(shutil.rmtree, "@COURSE@")
""",
        right=True,
        says=("Read-only file system", "FileNotFoundError"),
    ),
    Attack(
        "wiping",
        "Removes every file that it may remove; those are its own.",
        """
import shutil
for place in ("/scratch", "/dev", "/opt", "/home", "/root", "/tmp"):
    shutil.rmtree(place, ignore_errors=True)
attempt(open, "/opt/grader/autograder/__init__.py")
""",
        right=True,
    ),
    Attack(
        "detached-process",
        "Leaves a process in a session of its own, by two forks; it ends with the submission.",
        f"""
import os, time
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        while True:
            time.sleep(0.05)
            try: open("@COURSE@/grading/late", "w")
            except OSError: pass
    os._exit(0)
import subprocess
subprocess.Popen(["sleep", "{SLEEP}"], start_new_session=True, close_fds=False)
subprocess.Popen(["sh", "-c", "trap '' HUP TERM INT; sleep {SLEEP} & sleep {SLEEP}"])
""",
        right=True,
    ),
    Attack(
        "late-thread",
        "Leaves threads, timers and exit handlers that go on while the tests run, and after.",
        """
import atexit, signal, threading, time, weakref
def late():
    while True:
        time.sleep(0.01)
        globals().update(double=lambda x: 0)
        print("late")
        try: open("@COURSE@/grading/late", "w")
        except OSError: pass
threading.Thread(target=late, daemon=True).start()
threading.Timer(0.1, late).start()
atexit.register(late)
class Last:
    def __del__(self): open("@COURSE@/grading/late", "w")
weakref.finalize(Last, late)
""",
    ),
    Attack(
        "signals",
        "Signals every process that it can name; the only one is itself, which survives.",
        """
import os, signal
for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT, signal.SIGALRM):
    signal.signal(number, signal.SIG_IGN)
attempt(os.kill, -1, signal.SIGKILL)
attempt(os.kill, 0, signal.SIGTERM)
print("others:", [p for p in range(2, 5000) if not os.path.exists("/proc/1") and
                  __import__("ctypes").CDLL(None).kill(p, 0) == 0], os.getpid(), os.getppid())
attempt(os.killpg, os.getpgid(0), signal.SIGTERM)
""",
        right=True,
        says=("others: [] 1 0",),
    ),
    Attack(
        "stopped",
        "Stops its own process and its group; as the first of its namespace it goes on.",
        "import os, signal\nos.kill(os.getpid(), signal.SIGSTOP)\nos.kill(os.getpid(), signal.SIGKILL)",
        right=True,
    ),
    Attack(
        "higher-limits",
        "Raises its limits, its priority and its say in memory shortage.",
        """
import os, resource
for kind in ("AS", "CPU", "FSIZE", "NOFILE", "NPROC", "CORE", "MEMLOCK", "MSGQUEUE"):
    number = getattr(resource, f"RLIMIT_{kind}", 12)
    attempt(resource.setrlimit, number, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
attempt(os.nice, -20)
attempt(os.setpriority, os.PRIO_USER, 0, -20)
attempt(os.sched_setscheduler, 0, os.SCHED_FIFO, os.sched_param(50))
attempt(open, "/proc/self/oom_score_adj", "w")
""",
        right=True,
        says=("setrlimit ValueError not allowed to raise maximum limit", "nice PermissionError"),
    ),
    Attack(
        "machine-settings",
        "Sets the clock, the host's name, swap and kernel parameters.",
        """
import ctypes, os, socket, time
attempt(time.clock_settime, time.CLOCK_REALTIME, 0)
attempt(socket.sethostname, "mine")
libc = ctypes.CDLL(None)
print("set", libc.swapoff(b"/x"), libc.reboot(0), libc.syscall(103, 5, None, 0), libc.acct(None))
attempt(open, "/proc/sys/kernel/core_pattern", "w")
attempt(open, "/sys/fs/cgroup/cgroup.procs", "w")
""",
        right=True,
        says=("clock_settime PermissionError", "sethostname PermissionError", "set -1 -1 -1 -1"),
    ),
]


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.name)
def test_fails(attack, graded):
    graded.check(attack)
