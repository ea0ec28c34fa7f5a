"""Archives as learning platforms make them."""

from __future__ import annotations

import io
import unicodedata
import zipfile
from datetime import UTC, datetime

import pytest
from nbgrader.coursedir import CourseDirectory
from traitlets.config import Config

from autograder.collect import archive
from autograder.collect.collecting import collect
from autograder.collect.platforms import PLATFORMS

STUB, WORK, LATER = b'{"stub": 1}', b'{"work": 1}', b'{"work": 2}'
NAME = "01-metrics"
ROSTER = """id,first_name,last_name,email,lms_user_id
ada_l,Ada,Lovelace,ada@example.org,4711
jörg,Jörg,Müller,jm@example.org,4712
"""


@pytest.fixture
def course(tmp_path):
    (tmp_path / "release" / NAME).mkdir(parents=True)
    (tmp_path / "release" / NAME / f"{NAME}.ipynb").write_bytes(STUB)
    (tmp_path / "students.csv").write_text(ROSTER, "utf-8")
    return CourseDirectory(config=Config({"CourseDirectory": {"root": str(tmp_path)}}))


def packed(files):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as members:
        for name, content in files.items():
            members.writestr(name, content)
    return buffer.getvalue()


def run(course, files, tmp_path, **options):
    (tmp_path / "a.zip").write_bytes(packed(files))
    roster = tmp_path / "students.csv"
    return collect(course, NAME, tmp_path / "a.zip", roster=roster, **options)


def work(tmp_path, student="ada_l"):
    return (tmp_path / "submitted" / student / NAME / f"{NAME}.ipynb").read_bytes()


SHAPES = {
    f"Ada Lovelace_1234567_assignsubmission_file_/{NAME}.ipynb": "moodle",
    f"Ada Lovelace_1234567_assignsubmission_file/{NAME}.ipynb": "moodle",
    f"Ada Lovelace_1234567_assignsubmission_file_{NAME}.IPYNB": "moodle",
    f"lovelaceada_4711_998_{NAME}-1.ipynb": "canvas",
    f"lovelaceada_LATE_4711_998_{NAME}.ipynb": "canvas",
    f"Metrics_ada_l_attempt_2026-01-31-10-14-26_{NAME}.ipynb": "blackboard",
    f"12-34 - Ada Lovelace - Jan 31, 2026 114 PM/{NAME} (1).ipynb": "brightspace",
    f"Ada Lovelace - {NAME}.ipynb": "classroom",
    f"ada_l_2026-01-31-10-14-26_{NAME}.ipynb": "plain",
    f"ada_l/{NAME}.ipynb": "folders",
}


@pytest.mark.parametrize("path", SHAPES)
@pytest.mark.parametrize("given", [True, False])
def test_each_platform(course, tmp_path, path, given):
    done = run(course, {path: WORK}, tmp_path, platform=SHAPES[path] if given else "")
    assert done.collected == ["ada_l"], done
    assert work(tmp_path) == WORK


def test_a_time_of_three_digits_is_not_guessed():
    path = f"12-34 - Ada Lovelace - Jan 31, 2026 114 PM/{NAME}.ipynb"
    assert PLATFORMS["brightspace"].parse(path).time == datetime(2026, 1, 31, 13, 14, tzinfo=UTC)


def test_blind_names_and_times_come_from_the_worksheet(course, tmp_path):
    sheet = tmp_path / "sheet.csv"
    sheet.write_text(
        "Identifier,Full name,Email address,Last modified (submission)\n"
        'Participant 77,Ada Lovelace,ada@example.org,"Saturday, 31 January 2026, 10:14 AM"\n'
    )
    path = f"Participant_77_assignsubmission_file_{NAME}.ipynb"
    assert run(course, {path: WORK}, tmp_path, worksheet=sheet).collected == ["ada_l"]
    stamp = tmp_path / "submitted/ada_l" / NAME / "timestamp.txt"
    assert stamp.read_text() == "2026-01-31 10:14:00 UTC\n"


def test_latest_attempt_counts_and_an_impossible_date_stops_nobody(course, tmp_path):
    decomposed = unicodedata.normalize("NFD", "jörg")
    files = {
        f"ada_l_2026-01-31-10-14-26_{NAME}.ipynb": LATER,
        f"ada_l_2026-01-30-23-59-59_{NAME}.ipynb": WORK,
        f"{decomposed}_2026-01-30-09-05-07_{NAME}.ipynb": WORK,
        f"ada_l_2026-02-31-10-14-26_{NAME}.ipynb": WORK,
        f"__MACOSX/ada_l_2026-02-01-10-14-26_{NAME}.ipynb": b"",
    }
    done = run(course, files, tmp_path)
    assert done.collected == ["ada_l", "jörg"]
    assert work(tmp_path) == LATER
    assert sum("no date" in note for note in done.notes) == 1
    run(course, {f"ada_l_2026-01-01-00-00-00_{NAME}.ipynb": WORK}, tmp_path)
    assert work(tmp_path) == LATER  # what is newer stays


def test_the_notebook_that_was_changed_is_taken(course, tmp_path):
    done = run(course, {f"ada_l/{NAME}.ipynb": STUB, f"ada_l/{NAME}-1.ipynb": WORK}, tmp_path)
    assert work(tmp_path) == WORK
    assert any("as it was released" in note for note in done.notes)


def test_unknown_students_are_reported_with_the_nearest(course, tmp_path):
    done = run(course, {f"Ada Lovelase - {NAME}.ipynb": WORK}, tmp_path)
    assert not done.collected
    assert "nearest is ada_l" in str(done)
    assert not (tmp_path / "submitted").exists()


def test_archives_in_archives_and_paths_that_leave(course, tmp_path):
    inner = packed({f"ada_l/{NAME}.ipynb": WORK})
    done = run(course, {"all.zip": inner, f"../ada_l/{NAME}.ipynb": LATER}, tmp_path)
    assert work(tmp_path) == WORK
    assert "points out of the archive" in str(done)


def test_nothing_is_replaced_if_it_is_not_known_to_be_older(course, tmp_path):
    run(course, {f"ada_l/{NAME}.ipynb": WORK}, tmp_path)
    done = run(course, {f"ada_l/{NAME}.ipynb": LATER}, tmp_path)
    assert not done.collected
    assert "stays" in str(done)
    assert work(tmp_path) == WORK


@pytest.mark.parametrize("path", [path for path in SHAPES if SHAPES[path] != "folders"])
def test_students_may_pack_their_work(course, tmp_path, path):
    outer = path[: path.rindex(NAME)] + "work.zip"
    inner = packed({f"work/{NAME}.ipynb": WORK})
    assert run(course, {outer: inner}, tmp_path).collected == ["ada_l"]


def test_bombs_and_damaged_archives_end_as_a_note(course, tmp_path, monkeypatch):
    monkeypatch.setattr(archive, "FILE_BYTES", 1000)
    files = {f"a/{NAME}.ipynb": b"0" * 1001, "b.zip": b"PK", f"ada_l/{NAME}.ipynb": WORK}
    done = run(course, files, tmp_path)
    assert done.collected == ["ada_l"]
    assert any("unpacks to more" in note for note in done.notes)
    assert any("no ZIP archive" in note for note in done.notes)
