"""Says whether this machine can isolate submissions, and what to do if it cannot.

Nothing is guessed from versions: a notebook that tries to get out is graded, and what it could do
is read off its outputs.
"""

from __future__ import annotations

import ctypes
import json
import shutil
import socket
import sys
import tempfile
from dataclasses import dataclass
from typing import Any

from autograder.core.grade_one import grade_one
from autograder.errors import SandboxError
from autograder.limits import Limits, MiB

LIMITS = Limits(cell_seconds=10.0, memory=128 * MiB, processes=4, scratch_bytes=6 * MiB)


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that isolation needs.

    Attributes
    ----------
    what : str
        The thing.
    ok : bool
        Whether this machine has it.
    remedy : str
        What to do if it has not.
    needed : bool
        Whether grading is refused without it.
    """

    what: str
    ok: bool
    remedy: str
    needed: bool = True


@dataclass(frozen=True, slots=True)
class Probe:
    """Code that must fail in the sandbox."""

    what: str
    code: str
    remedy: str


KERNEL = "run on Linux 5.14 or newer, where limits count for each user namespace"
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
        "install libseccomp (Debian and Ubuntu: apt-get install libseccomp2)",
    ),
)


def diagnose() -> list[Finding]:
    """Try what isolation needs on this machine.

    Returns
    -------
    list of Finding
        In the order in which to mend them; those that cannot be tried are left out.
    """
    findings = [
        Finding("Linux", sys.platform == "linux", "grade on Linux, or in a Linux virtual machine"),
        Finding(
            "bubblewrap",
            shutil.which("bwrap") is not None,
            "install it (Debian and Ubuntu: apt-get install bubblewrap)",
        ),
        Finding("libseccomp", _has_libseccomp(), PROBES[-1].remedy, needed=False),
    ]
    if not all(finding.ok for finding in findings if finding.needed):
        return findings
    try:
        failed = _try_probes()
    except SandboxError as error:
        return [*findings, Finding("user namespaces", ok=False, remedy=_remedy(str(error)))]
    findings.append(Finding("user namespaces", ok=True, remedy=""))
    for probe in PROBES:
        needed = probe is not PROBES[-1]
        findings.append(Finding(probe.what, probe.what in failed, probe.remedy, needed))
    return findings


def _has_libseccomp() -> bool:
    try:
        ctypes.CDLL("libseccomp.so.2")
    except OSError:
        return False
    return True


def _try_probes() -> set[str]:
    """Return the names of the probes that failed, as they should."""
    with socket.create_server(("127.0.0.1", 0)) as server, tempfile.NamedTemporaryFile() as file:
        own = {"port": server.getsockname()[1], "path": file.name}  # what a leak would reach
        cells: list[dict[str, Any]] = [
            {"cell_type": "code", "source": probe.code.format_map(own)} for probe in PROBES
        ]
        notebook = json.dumps({"cells": cells, "nbformat": 4}).encode()
        result = grade_one(notebook, notebook, LIMITS)
    return {
        probe.what
        for probe, cell in zip(PROBES, result.cells, strict=True)
        if any(output["output_type"] == "error" for output in cell.outputs)
    }


def _remedy(error: str) -> str:
    return (
        f"bubblewrap or the kernel says: {error}. "
        "If user namespaces are switched off, allow them with "
        "`sysctl -w kernel.unprivileged_userns_clone=1` (Debian) or "
        "`sysctl -w kernel.apparmor_restrict_unprivileged_userns=0` (Ubuntu); in a container, "
        "start it with `--security-opt seccomp=unconfined --security-opt apparmor=unconfined`"
    )
