import shutil

import pytest

from autograder import doctor
from autograder.errors import SandboxError

needs_bubblewrap = pytest.mark.skipif(not shutil.which("bwrap"), reason="no bubblewrap")


@needs_bubblewrap
def test_this_machine_isolates():
    findings = doctor.diagnose()
    assert [finding.what for finding in findings if not finding.ok] == []
    assert {probe.what for probe in doctor.PROBES} < {finding.what for finding in findings}


def test_a_missing_program_is_named_with_its_remedy(monkeypatch):
    monkeypatch.setattr(doctor.shutil, "which", lambda _name: None)
    (missing,) = [finding for finding in doctor.diagnose() if not finding.ok]
    assert missing.what == "bubblewrap"
    assert "apt-get install bubblewrap" in missing.remedy


@needs_bubblewrap
def test_a_kernel_that_refuses_is_quoted(monkeypatch):
    def refuse(*_arguments):
        raise SandboxError("bwrap: No permissions to create new namespace")

    monkeypatch.setattr(doctor, "grade_one", refuse)
    (refused,) = [finding for finding in doctor.diagnose() if not finding.ok]
    assert "No permissions" in refused.remedy
    assert "sysctl" in refused.remedy


@needs_bubblewrap
def test_a_probe_that_gets_through_is_found(monkeypatch):
    leak = doctor.Probe("a leak", "x = 1", "mend it")
    monkeypatch.setattr(doctor, "PROBES", (leak, *doctor.PROBES[-1:]))
    (found,) = [finding for finding in doctor.diagnose() if not finding.ok]
    assert (found.what, found.remedy, found.needed) == ("a leak", "mend it", True)
