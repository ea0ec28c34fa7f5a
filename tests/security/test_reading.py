"""Attacks that read what is not the student's: tests, solutions, classmates, the gradebook."""

from __future__ import annotations

import pytest

from tests.security.attacks import Attack

pytestmark = pytest.mark.xdist_group("security")  # they share one graded class

SEARCH = """
import re
secret = re.compile(rb"canary-[a-z]+-[0-9a-f]{16}")
def search(*contents):
    for content in contents:
        if isinstance(content, str): content = content.encode("utf-8", "replace")
        for match in secret.finditer(bytes(content)): print(match.group().decode())
"""
MEMORY = (
    SEARCH
    + """
import ctypes, gc, os
libc = ctypes.CDLL(None, use_errno=True)
reader, writer = os.pipe()
pages = {id(item) >> 12 for item in gc.get_objects()} | {id(str(i)) >> 12 for i in range(1000)}
blocks = {page >> 8 for page in pages}  # of a megabyte
read = 0
for block in sorted({near for b in blocks for near in range(b - 2, b + 3)}):
    content = b""
    for page in range(block << 8, (block + 1) << 8):
        if libc.write(writer, ctypes.c_void_p(page << 12), ctypes.c_size_t(4096)) == 4096:
            content += os.read(reader, 4096)
    read += len(content)
    search(content)
print("read megabytes:", read > 2**20)
"""
)

ATTACKS = [
    Attack(
        "every-file",
        "Reads every small file outside of the system's libraries; no secret is in any of them.",
        SEARCH
        + """
import os, sys
count = 0
for top, directories, files in os.walk("/"):
    directories[:] = [d for d in directories if f"{top}/{d}"[-30:] not in ("//usr", "//proc")
                      and not os.path.islink(f"{top}/{d}") and not top.startswith(sys.base_prefix)
                      and not top.startswith(f"{sys.prefix}/lib")]
    for name in files:
        try:
            search(open(os.path.join(top, name), "rb").read(200_000)); count += 1
        except OSError: pass
print("some files:", count > 3)
""",
        right=True,
        says=("some files: True",),
    ),
    Attack(
        "course-by-path",
        "Opens the course's files by their absolute paths, which do not exist there.",
        """
import os, sqlite3
for name in ("solutions/toy/toy.ipynb", "solutions/notes.txt", "nbgrader_config.py",
             "grading/submitted/victim/toy/diary.txt", "grading/autograded/right/toy/toy.ipynb",
             "grading/journal", "grading/gradebook.db"):
    attempt(open, f"@COURSE@/{name}", "rb")
    attempt(os.listdir, os.path.dirname(f"@COURSE@/{name}"))
attempt(lambda: sqlite3.connect("file:@COURSE@/grading/gradebook.db?mode=ro", uri=True)
        .execute("select * from student").fetchall())
""",
        right=True,
        says=("FileNotFoundError", "unable to open database file"),
    ),
    Attack(
        "parent-directories",
        "Climbs from its directory to the root and looks around; the root is the sandbox's.",
        """
import os
for depth in range(1, 12):
    attempt(os.listdir, "../" * depth)
    attempt(open, "../" * depth + "toy.ipynb")
attempt(os.listdir, "/root"); attempt(os.listdir, "/home"); attempt(os.listdir, "/tmp")
""",
        right=True,
        says=("FileNotFoundError", "scratch"),
    ),
    Attack(
        "proc",
        "Looks into other processes, and its own, by way of /proc, which is empty.",
        """
import glob, os
print("proc holds", os.listdir("/proc"))
for pattern in ("root", "cwd", "fd/*", "environ", "mem", "maps", "task/*", "ns/*"):
    print(pattern, glob.glob(f"/proc/*/{pattern}"))
for name in ("mountinfo", "environ", "mem", "root", "fd", "exe", "status"):
    for who in ("self", "thread-self", os.getpid(), os.getppid(), 1, 2):
        attempt(open, f"/proc/{who}/{name}", "rb")
for name in ("kcore", "keys", "net/unix", "sysvipc/shm", "sys/kernel/core_pattern"):
    attempt(open, f"/proc/{name}", "rb")
""",
        right=True,
        says=("proc holds []", "FileNotFoundError"),
    ),
    Attack(
        "devices",
        "Looks for memory, disks, terminals and the kernel's files; there are none.",
        """
import os
print("devices", sorted(os.listdir("/dev")))
for name in ("mem", "kmem", "kmsg", "port", "sda", "vda", "nvme0n1", "tty", "ptmx", "pts/0", "fuse",
             "kvm", "mqueue", "fd/3", "stdin", "net/tun", "vsock"):
    attempt(open, f"/dev/{name}", "rb")
attempt(os.listdir, "/sys"); attempt(os.listdir, "/run"); attempt(os.listdir, "/var")
attempt(os.mknod, "disk", 0o60600, os.makedev(8, 0))
""",
        right=True,
        says=("['full', 'null', 'random', 'shm', 'urandom', 'zero']", "mknod PermissionError"),
    ),
    Attack(
        "shared-memory",
        "Looks for what others left in shared memory and in the temporary directory.",
        """
import os
from multiprocessing.shared_memory import SharedMemory
for place in ("/dev/shm", "/scratch", "/scratch/tmp", "/scratch/home"):
    print(place, sorted(os.listdir(place)))
for name in ("psm_1", "sem.x", "right", "victim"):
    attempt(SharedMemory, name)
""",
        right=True,
        says=("/dev/shm []", "/scratch/tmp []"),
    ),
    Attack(
        "system-v",
        "Looks for System V segments, queues and semaphores, and for POSIX queues.",
        """
import ctypes
libc = ctypes.CDLL(None, use_errno=True)
for key in (0, 1, 1234):
    print("made", libc.shmget(key, ctypes.c_size_t(4096), 0o1666), libc.msgget(key, 0o1666),
          libc.semget(key, 1, 0o1666))
print("queues", [libc.shmat(n, None, 0) for n in range(3)],
      libc.mq_open(b"/x", 0o102, 0o666, None))
""",
        right=True,
        says=("made -1 -1 -1", "queues [-1, -1, -1] -1"),
    ),
    Attack(
        "history",
        "Looks for the tests in every history that IPython keeps; they were never in this shell.",
        SEARCH
        + """
from IPython.core.history import HistoryAccessor
shell = get_ipython()
search(str(In), str(Out), str(_ih), str(_oh), str(shell.history_manager.__dict__), _i, _ii, _iii)
attempt(lambda: list(HistoryAccessor().search("*")))
attempt(lambda: list(shell.history_manager.search("*")))
shell.run_line_magic("history", "-n")
attempt(shell.run_line_magic, "history", "-g assert")
print("assert double(" in str(In).replace("'assert double('", ""), len(In))
""",
        right=True,
    ),
    Attack(
        "heap",
        "Searches frames, tracebacks and every object that the collector knows.",
        SEARCH
        + """
import gc, sys
frame = sys._getframe()
while frame:
    search(str(frame.f_globals), str(frame.f_locals), str(frame.f_code.co_consts))
    frame = frame.f_back
gc.unfreeze()
objects = gc.get_objects()
for item in objects:
    if type(item) in (dict, list, tuple) and len(item) < 1000:
        for part in (*item, *(item.values() if type(item) is dict else ())):
            if type(part) in (str, bytes): search(part[:10_000]) if "anary" in str(part) else None
print("many objects:", len(objects) > 10_000)
""",
        right=True,
        says=("many objects: True",),
    ),
    Attack(
        "memory",
        "Reads its own memory page by page, with all that the zygote's memory had before the fork.",
        MEMORY,
        right=True,
        says=("read megabytes: True",),
    ),
    Attack(
        "memory-in-a-test",
        "Reads its memory while a test runs; the test's text is not even then in it.",
        "def double(x):\n"
        + "".join(f"    {line}\n" for line in MEMORY.splitlines())
        + "    return 0",
    ),
    Attack(
        "memory-of-others",
        "Reads other processes' memory by ptrace and process_vm_readv; both are refused.",
        """
import ctypes, os
libc = ctypes.CDLL(None, use_errno=True)
buffer = ctypes.create_string_buffer(64)
vector = (ctypes.c_void_p * 2)(ctypes.addressof(buffer), 64)
for process in (os.getpid(), os.getppid(), 1, 2, 3):
    print("read", libc.process_vm_readv(process, vector, 1, vector, 1, 0),
          libc.ptrace(16, process, 0, 0), libc.syscall(438, process, 3, 0))
""",
        right=True,
        says=("read -1 -1 -1",),
    ),
    Attack(
        "descriptors",
        "Reads from every inherited descriptor; besides nowhere there is one socket, its own.",
        SEARCH
        + """
import os, stat
kinds = []
for number in range(1024):
    try: mode = os.fstat(number).st_mode
    except OSError: continue
    kinds.append("socket" if stat.S_ISSOCK(mode) else "null" if stat.S_ISCHR(mode) else oct(mode))
    os.set_blocking(number, False)
    try: search(os.read(number, 65536))
    except OSError: pass
    os.set_blocking(number, True)
print("open:", *kinds)
""",
        right=True,
        says=("open: null null null socket",),
    ),
    Attack(
        "sockets",
        "Connects to the machine, the network and every kind of local socket; nothing answers.",
        """
import socket
for address in (("127.0.0.1", 22), ("127.0.0.1", 8786), ("127.0.0.1", 8888), ("192.0.2.1", 80)):
    attempt(socket.create_connection, address, 0.2)
attempt(socket.create_connection, ("::1", 22), 0.2)
udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
attempt(udp.sendto, b"x", ("192.0.2.1", 53))
for name in ("\\0/tmp/.X11-unix/X0", "\\0dbus", "/run/docker.sock", "/run/systemd/private"):
    attempt(socket.socket(socket.AF_UNIX).connect, name)
for family in (socket.AF_NETLINK, socket.AF_PACKET, socket.AF_VSOCK, 38):
    attempt(socket.socket, family, socket.SOCK_RAW)
attempt(socket.socket, socket.AF_INET, socket.SOCK_RAW, 1)
attempt(socket.getaddrinfo, "example.org", 80)
print(socket.if_nameindex())
""",
        right=True,
        says=("Network is unreachable", "ConnectionRefusedError", "PermissionError"),
    ),
    Attack(
        "environment",
        "Looks for secrets in the environment, as Python and as C see it.",
        SEARCH
        + """
import ctypes, os, subprocess, sys
search(str(os.environ), str(os.environb), str(sys.argv), str(sys.orig_argv), str(sys.flags))
block = ctypes.POINTER(ctypes.c_char_p).in_dll(ctypes.CDLL(None), "environ")
found = []
while block[len(found)]: found.append(block[len(found)])
search(*found)
print(len(found), subprocess.run([sys.executable, "-c", "import os; print(os.environ)"],
      capture_output=True, text=True).stdout[:2000], "COURSE_SECRET" in os.environ)
""",
        right=True,
        says=("False",),
    ),
    Attack(
        "import-of-the-course",
        "Imports the course and the exercises as modules; they are nowhere on the path.",
        """
import importlib, sys
sys.path[:0] = ["@COURSE@", "@COURSE@/solutions", "/", "..", "/opt/grader"]
for name in ("nbgrader_config", "solutions", "toy", "tests", "tests.security.attacks", "conftest"):
    attempt(importlib.import_module, name)
""",
        right=True,
        says=("ModuleNotFoundError",),
    ),
]


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.name)
def test_fails(attack, graded):
    graded.check(attack)
