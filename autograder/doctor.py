"""Says whether this machine can isolate submissions, and what to do if it cannot.

Nothing is guessed from versions: a notebook that tries to get out is graded, and what it could do
is read off its outputs.
"""

from __future__ import annotations

import json
import socket
import tempfile
from typing import TYPE_CHECKING, Any

from autograder.core.grade_one import grade_one
from autograder.errors import SandboxError
from autograder.limits import Limits, MiB
from autograder.sandbox.backend import Finding, Isolation, Probe
from autograder.sandbox.launcher import BACKENDS

if TYPE_CHECKING:
    from collections.abc import Sequence

LIMITS = Limits(cell_seconds=10.0, memory=128 * MiB, processes=4, scratch_bytes=6 * MiB)


def diagnose(isolation: Isolation = "bwrap") -> list[Finding]:
    """Try what a backend needs on this machine.

    Returns
    -------
    list of Finding
        In the order in which to mend them; those that cannot be tried are left out.
    """
    backend = BACKENDS[isolation]
    findings = backend.findings()
    if not all(finding.ok for finding in findings if finding.needed):
        return findings
    try:
        failed = _try(backend.probes, isolation)
    except SandboxError as error:
        return [*findings, Finding("sandbox", ok=False, remedy=backend.remedy(str(error)))]
    findings.append(Finding("sandbox", ok=True, remedy=""))
    return findings + [
        Finding(probe.what, probe.what in failed, probe.remedy, probe.needed)
        for probe in backend.probes
    ]


def _try(probes: Sequence[Probe], isolation: Isolation) -> set[str]:
    """Return the names of the probes that failed, as they should."""
    with socket.create_server(("127.0.0.1", 0)) as server, tempfile.NamedTemporaryFile() as file:
        own = {"port": server.getsockname()[1], "path": file.name}  # what a leak would reach
        cells: list[dict[str, Any]] = [
            {"cell_type": "code", "source": probe.code.format_map(own)} for probe in probes
        ]
        notebook = json.dumps({"cells": cells, "nbformat": 4}).encode()
        result = grade_one(notebook, notebook, LIMITS, isolation=isolation)
    return {
        probe.what
        for probe, cell in zip(probes, result.cells, strict=True)
        if any(output["output_type"] == "error" for output in cell.outputs)
    }
