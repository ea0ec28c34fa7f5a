"""Put a process of one submission into namespaces of its own.

Two layers, because each does one thing well:

* `bwrap.Bubblewrap` starts the zygote inside bubblewrap: a read-only view of the system and of the
  Python environment, and nothing else; no network, no capabilities beyond those to become another
  user, no new privileges.
* `fork`, `unshare` and `enter` put each fork of the zygote into namespaces for user, mount, pid,
  ipc, net, uts and cgroup, which no other submission shares, with an empty `/proc`, fresh file
  systems in memory wherever one can write, the limits, and no capability at all.

A bubblewrap per submission would give up the warm interpreter, and with it most of the speed:
entering all the namespaces takes about 10 ms, a fresh interpreter with NumPy and IPython a second.

A `/proc` of the submission's own cannot be mounted below bubblewrap's, which hides parts of it;
an empty one shows less still, and nothing that a notebook does needs it.
"""

from __future__ import annotations

import ctypes
import os
import resource
from pathlib import Path
from typing import TYPE_CHECKING

from autograder.errors import SandboxError
from autograder.limits import RESERVE

if TYPE_CHECKING:
    from autograder.limits import Limits

SCRATCH = "/scratch"  # one file system in memory, so that one size bounds all that is written
HOME, TEMPORARY, SHARED = (f"{SCRATCH}/{name}" for name in ("home", "tmp", "shm"))
M_ARENA_MAX = -8
USER = 65534  # "nobody": limits on processes do not bind root
EMPTY_BYTES = 4096
FILES = 10_000
MAX_CAPABILITY = 63

CLONE_NEWNS, CLONE_NEWCGROUP, CLONE_NEWUTS = 0x0002_0000, 0x0200_0000, 0x0400_0000
CLONE_NEWIPC, CLONE_NEWUSER, CLONE_NEWPID = 0x0800_0000, 0x1000_0000, 0x2000_0000
CLONE_NEWNET = 0x4000_0000
NAMESPACES = (  # of a submission's process; the one of processes, it is forked into
    *(CLONE_NEWNS, CLONE_NEWCGROUP, CLONE_NEWUTS),
    *(CLONE_NEWIPC, CLONE_NEWUSER, CLONE_NEWNET),
)
MS_RDONLY, MS_NOSUID, MS_NODEV, MS_BIND = 1, 2, 4, 4096
PR_SET_DUMPABLE, PR_CAPBSET_DROP, PR_SET_NO_NEW_PRIVS = 4, 24, 38
CAPABILITY_VERSION_3 = 0x2008_0522

_libc = ctypes.CDLL(None, use_errno=True)


def become_user() -> None:
    """Stop being root, for good."""
    if os.geteuid() == 0:
        os.setgroups([])
        os.setresgid(USER, USER, USER)
        os.setresuid(USER, USER, USER)
        _call("prctl", PR_SET_DUMPABLE, 1, 0, 0, 0)  # or /proc/self/uid_map stays root's


def branch() -> None:
    """Let the next fork be the first process of a pid namespace, and be able to make others."""
    _unshare(CLONE_NEWUSER | CLONE_NEWPID)


def fork(own: int) -> int:
    """Fork the first process of a new pid namespace; `own` is a descriptor of the zygote's."""
    _call("setns", own, CLONE_NEWPID)  # or there could not be a second one
    _call("unshare", CLONE_NEWPID)
    return os.fork()


def unshare() -> None:
    """Enter a namespace of every other kind."""
    _unshare(sum(NAMESPACES))


def _unshare(kinds: int) -> None:
    user, group = os.geteuid(), os.getegid()
    _call("unshare", kinds)
    Path("/proc/self/setgroups").write_text("deny")
    Path("/proc/self/uid_map").write_text(f"{USER} {user} 1")
    Path("/proc/self/gid_map").write_text(f"{USER} {group} 1")


def enter(limits: Limits) -> None:
    """Hide what is shared, make what can be written fresh, and give up every capability."""
    Path("/proc/self/oom_score_adj").write_text("1000")  # the first to go if memory runs out
    safe = MS_NOSUID | MS_NODEV
    _mount("tmpfs", SCRATCH, safe, f"size={limits.scratch_bytes},nr_inodes={FILES},mode=700")
    for directory in (HOME, TEMPORARY, SHARED):
        Path(directory).mkdir()
    _mount(SHARED, "/dev/shm", MS_BIND)  # noqa: S108 - a mount
    _mount("tmpfs", "/proc", safe | MS_RDONLY, f"size={EMPTY_BYTES},mode=555")
    os.chdir(HOME)
    for capability in range(MAX_CAPABILITY + 1):
        _libc.prctl(PR_CAPBSET_DROP, capability, 0, 0, 0)  # fails where there is none
    header = (ctypes.c_uint32 * 2)(CAPABILITY_VERSION_3, 0)
    _call("capset", header, (ctypes.c_uint32 * 6)())


def limit(limits: Limits, *, processes: bool) -> None:
    """Set the kernel's limits on this process and its children.

    Of memory, a student's process keeps `RESERVE` from the cells that it runs.
    """
    pages = int(Path("/proc/self/statm").read_text().split()[0])
    values = {
        resource.RLIMIT_AS: pages * resource.getpagesize() + limits.memory + RESERVE,
        resource.RLIMIT_CPU: limits.cpu_seconds,
        resource.RLIMIT_FSIZE: limits.file_bytes,
        resource.RLIMIT_NOFILE: limits.open_files,
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_MEMLOCK: 0,
        resource.RLIMIT_MSGQUEUE: 0,
    }
    if hasattr(_libc, "mallopt"):  # glibc's, which would reserve 64 MiB of that for each thread
        _libc.mallopt(M_ARENA_MAX, 1)
    if processes:  # counted per user, which is the submission's own only in its namespace
        values[resource.RLIMIT_NPROC] = limits.processes
    for kind, value in values.items():
        allowed = resource.getrlimit(kind)[1]
        if resource.RLIM_INFINITY != allowed < value:
            what = "open files" if kind == resource.RLIMIT_NOFILE else f"resource {kind}"
            raise SandboxError(
                f"the limits ask for {value} ({what}), but this machine allows at most {allowed}: "
                "lower the limit, or raise the machine's with `ulimit -H`"
            )
        resource.setrlimit(kind, (value, value))
    _call("prctl", PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)


def _mount(source: str, target: str, flags: int, options: str = "") -> None:
    names = (source.encode(), target.encode(), b"tmpfs")
    _call("mount", *names, ctypes.c_ulong(flags), options.encode())


def _call(name: str, *arguments: object) -> None:
    if getattr(_libc, name)(*arguments) != 0:
        number = ctypes.get_errno()
        raise SandboxError(f"{name}: {os.strerror(number)}")
