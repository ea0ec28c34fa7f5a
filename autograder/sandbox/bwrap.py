"""Processes behind bubblewrap: the backend for code that nobody trusts."""

from __future__ import annotations

import contextlib
import ctypes
import itertools
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from autograder.errors import SandboxError
from autograder.sandbox import namespaces, seccomp
from autograder.sandbox.backend import Finding, Probe
from autograder.sandbox.namespaces import HOME, SCRATCH, TEMPORARY
from autograder.sandbox.zygote import Command, ZygoteBackend, environment

if TYPE_CHECKING:
    from collections.abc import Iterator

    from autograder.limits import Limits

PACKAGE = "/opt/grader"
FONTS = f"{HOME}/.matplotlib"
DEVICES = [Path("/dev", name) for name in ("null", "zero", "full", "random", "urandom")]
FONT_LIST = "fontlist-*.json"
KERNEL = "run on Linux 5.14 or newer, where limits count for each user namespace"
SECCOMP = "install libseccomp (Debian and Ubuntu: apt-get install libseccomp2)"
REPORT = "the sandbox is broken: do not grade here"
PROBES = (
    Probe(
        "no network", "import socket\nsocket.create_connection(('127.0.0.1', {port}), 1)", REPORT
    ),
    Probe(
        "no other process in sight",
        "import os\nassert os.getpid() != 1 or os.listdir('/proc')",
        REPORT,
    ),
    Probe("no file but the system's", "open({path!r})", REPORT),
    Probe("a read-only system", "open('/usr/probe', 'w')", REPORT),
    Probe(
        "a limit on processes",
        "import os, time\n"
        "for _ in range(20):\n"
        "    if os.fork() == 0:\n"
        "        time.sleep(1)\n"
        "        os._exit(0)",
        KERNEL,
    ),
    Probe("a limit on memory", "bytearray(512 * 2**20)", KERNEL),
    Probe(
        "a limit on files",
        "for i in range(3):\n    open(str(i), 'wb').write(bytes(4 * 2**20))",
        KERNEL,
    ),
    Probe(
        "no new user namespace",
        "import ctypes\nassert ctypes.CDLL(None).unshare(0x10000000) == 0",
        SECCOMP,
        needed=False,
    ),
)


class Bubblewrap(ZygoteBackend):
    """Starts the zygote inside bubblewrap."""

    name = "bwrap"
    isolates = True
    probes: tuple[Probe, ...] = PROBES

    @classmethod
    def findings(cls) -> list[Finding]:
        """Say what of the things that it needs this machine has."""
        return [
            Finding(
                "Linux", sys.platform == "linux", "grade on Linux, or in a Linux virtual machine"
            ),
            Finding(
                "bubblewrap",
                shutil.which("bwrap") is not None,
                "install it (Debian and Ubuntu: apt-get install bubblewrap)",
            ),
            Finding("libseccomp", _has_libseccomp(), SECCOMP, needed=False),
        ]

    @classmethod
    def remedy(cls, error: str) -> str:
        """Say what to do if it does not start, with the error that it gave."""
        return (
            f"bubblewrap or the kernel says: {error}. "
            "If user namespaces are switched off, allow them with "
            "`sysctl -w kernel.unprivileged_userns_clone=1` (Debian) or "
            "`sysctl -w kernel.apparmor_restrict_unprivileged_userns=0` (Ubuntu); in a container, "
            "start it with `--security-opt seccomp=unconfined --security-opt apparmor=unconfined`"
        )

    def command(self, arguments: list[str]) -> Command:
        """Return how this Python is run with `arguments` inside bubblewrap."""
        package = Path(__file__).parents[1]
        program = shutil.which("bwrap")
        if program is None:
            raise SandboxError("bubblewrap is not installed")
        command = [program, "--die-with-parent", "--new-session", "--clearenv"]
        command += ["--unshare-pid", "--unshare-ipc", "--unshare-net", "--unshare-uts"]
        command += ["--unshare-cgroup-try", "--cap-drop", "ALL"]
        if os.geteuid() == 0:  # to become USER; without root, bubblewrap makes a user namespace
            command += ["--cap-add", "CAP_SETUID", "--cap-add", "CAP_SETGID"]
        binds = {path: path for path in system_paths()} | {package: Path(PACKAGE, package.name)}
        places = [*binds.values(), *DEVICES]
        parents = {parent for place in places for parent in place.parents}
        for parent in sorted(parents):
            command += ["--perms", "0755", "--dir", str(parent)]  # or only root could pass
        for path, place in binds.items():
            if path.is_symlink():
                command += ["--symlink", str(path.readlink()), str(place)]
            else:
                command += ["--ro-bind-try", str(path), str(place)]
        for device in DEVICES:
            command += ["--dev-bind", str(device), str(device)]
        command += ["--dir", "/dev/shm", "--tmpfs", SCRATCH]  # noqa: S108 - a place to mount
        for directory in (HOME, TEMPORARY, FONTS):  # for the zygote; its forks mount their own
            command += ["--perms", "0777", "--dir", directory]
        lists = [("--ro-bind-try", str(path), f"{FONTS}/{path.name}") for path in font_lists()]
        command += itertools.chain.from_iterable(lists)
        if Path("/tmp") not in parents:  # noqa: S108 - an environment may lie there
            command += ["--symlink", TEMPORARY, "/tmp"]  # noqa: S108 - code may name it
        for name, value in environment(HOME, TEMPORARY, PACKAGE).items():
            command += ["--setenv", name, value]
        command += ["--proc", "/proc", "--remount-ro", "/", "--chdir", "/"]
        return Command([*command, sys.executable, *arguments], {}, "/")


class BubblewrapWalls:
    """Puts each fork into namespaces of its own, behind a filter of system calls."""

    def __init__(self) -> None:
        self.filter = b""
        self.own = -1  # the namespace of processes that the zygote itself is in

    def prepare(self) -> None:
        """Stop being root; make the filter, which `doctor` says if libseccomp is missing."""
        namespaces.become_user()
        with contextlib.suppress(OSError):
            self.filter = seccomp.build()

    def branch(self) -> None:
        """Let a worker's zygote be the first process of a namespace, which its forks end with."""
        namespaces.branch()

    def fork(self) -> int:
        """Fork the first process of a namespace, which all others in it end with."""
        if self.own < 0:
            self.own = os.open("/proc/self/ns/pid", os.O_RDONLY)
        return namespaces.fork(self.own)

    def enter(self, limits: Limits) -> None:
        """Hide what is shared, and give up what is not needed."""
        namespaces.unshare()
        namespaces.limit(limits, processes=True)
        namespaces.enter(limits)
        if self.filter:
            seccomp.load(self.filter)

    def kill(self, process: int) -> None:
        """End the first process of the namespaces, and the kernel ends the others."""
        os.kill(process, signal.SIGKILL)

    def clean(self, process: int) -> None:
        """Do nothing: what it wrote was in memory."""


def system_paths() -> Iterator[Path]:
    """Yield what of the system Python needs."""
    yield from map(
        Path, ("/usr", "/bin", "/lib", "/lib64", "/etc/ld.so.cache", "/etc/alternatives")
    )
    for prefix in {sys.prefix, sys.base_prefix}:
        if not prefix.startswith("/usr/"):
            yield Path(prefix)


def font_lists() -> list[Path]:
    """Return Matplotlib's lists of this machine's fonts: to make one takes a zygote a second."""
    cache = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    place = Path(os.environ.get("MPLCONFIGDIR") or Path(cache, "matplotlib"))
    if not any(place.glob(FONT_LIST)):
        make = [sys.executable, "-c", "import matplotlib.font_manager"]
        subprocess.run(make, stderr=subprocess.DEVNULL, check=False)  # noqa: S603 - our own command
    return sorted(place.glob(FONT_LIST))


def _has_libseccomp() -> bool:
    try:
        ctypes.CDLL("libseccomp.so.2")
    except OSError:
        return False
    return True
