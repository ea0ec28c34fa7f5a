import shutil

import pytest

from autograder import doctor
from autograder.errors import SandboxError
from autograder.sandbox.backend import Probe
from autograder.sandbox.bwrap import Bubblewrap
from autograder.sandbox.launcher import launcher

needs_bubblewrap = pytest.mark.skipif(not shutil.which("bwrap"), reason="no bubblewrap")


@needs_bubblewrap
def test_this_machine_isolates():
    findings = doctor.diagnose()
    assert [finding.what for finding in findings if not finding.ok] == []
    probes = launcher("bwrap").probes
    assert {probe.what for probe in probes} < {finding.what for finding in findings}


def test_without_isolation_nothing_is_promised():
    assert [finding.what for finding in doctor.diagnose("none")] == ["sandbox"]


def test_a_missing_program_is_named_with_its_remedy(monkeypatch):
    monkeypatch.setattr(shutil, "which", lambda _name: None)
    (missing,) = [finding for finding in doctor.diagnose() if not finding.ok]
    assert missing.what == "bubblewrap"
    assert "apt-get install bubblewrap" in missing.remedy


@needs_bubblewrap
def test_a_kernel_that_refuses_is_quoted(monkeypatch):
    def refuse(*_arguments, **_keywords):
        raise SandboxError("bwrap: No permissions to create new namespace")

    monkeypatch.setattr(doctor, "grade_one", refuse)
    (refused,) = [finding for finding in doctor.diagnose() if not finding.ok]
    assert "No permissions" in refused.remedy
    assert "sysctl" in refused.remedy


@needs_bubblewrap
def test_a_probe_that_gets_through_is_found(monkeypatch):
    leak = Probe("a leak", "x = 1", "mend it")
    monkeypatch.setattr(Bubblewrap, "probes", (leak, *Bubblewrap.probes[-1:]))
    (found,) = [finding for finding in doctor.diagnose() if not finding.ok]
    assert (found.what, found.remedy, found.needed) == ("a leak", "mend it", True)
