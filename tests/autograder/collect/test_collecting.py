"""Archives as learning platforms make them."""

from __future__ import annotations

import csv
import io
import json
import unicodedata
import zipfile
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from nbgrader.coursedir import CourseDirectory
from traitlets.config import Config

from autograder.collect import archive, times
from autograder.collect.collecting import collect
from autograder.collect.platforms import PLATFORMS, recognise
from autograder.collect.roster import Roster
from autograder.errors import CourseError


def notebook(*sources, resaved=False):
    """Return a notebook; saved again, its bytes differ and its cells do not."""
    cells = [
        {
            "cell_type": "code",
            "metadata": {"nbgrader": {"grade_id": f"cell-{k}"}, "collapsed": resaved},
            "source": source.splitlines(keepends=True) if resaved else source,
        }
        for k, source in enumerate(sources)
    ]
    return json.dumps({"cells": cells, "metadata": {"saved": resaved}}).encode()


STUB, WORK, LATER = (notebook("import x\ny", text) for text in ("...", "work", "later"))
RESAVED = notebook("import x\ny", "...", resaved=True)
NAME = "01-metrics"
ROSTER = """id,first_name,last_name,email,lms_user_id
ada_l,Ada,Lovelace,ada@example.org,4711
jörg,Jörg,Müller-Lüdenscheidt,jm@example.org,4712
l,Lena,Lang,lena@example.org,4713
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
    roster = Roster.read(tmp_path / "students.csv")
    return collect(course, NAME, tmp_path / "a.zip", roster=roster, **options)


def work(tmp_path, student="ada_l"):
    return (tmp_path / "submitted" / student / NAME / f"{NAME}.ipynb").read_bytes()


def stamp(tmp_path, student="ada_l"):
    return (tmp_path / "submitted" / student / NAME / "timestamp.txt").read_text()


# Of Moodle's `download_submissions`, Canvas's `content_zipper`, and what is reported of the others.
SHAPES = {
    f"Ada Lovelace_1234567_assignsubmission_file_/{NAME}.ipynb": "moodle",
    f"Ada Lovelace_1234567_assignsubmission_file/{NAME}.ipynb": "moodle",
    f"Ada Lovelace_1234567_assignsubmission_file_{NAME}.IPYNB": "moodle",
    f"Group 2-Ada Lovelace_1234567_assignsubmission_file_/{NAME}.ipynb": "moodle",
    f"lovelaceada_4711_998_{NAME}-1.ipynb": "canvas",
    f"lovelaceada_LATE_4711_998_{NAME}.ipynb": "canvas",
    f"augusta_ada_king_4711_998_{NAME}-1-2.ipynb": "canvas",
    f"lovelaceada_99_998_{NAME}.ipynb": "canvas",
    f"Metrics_ada_l_attempt_2026-01-31-10-14-26_{NAME}.ipynb": "blackboard",
    f"Lab_1_ada_l_Versuch_2026-01-31-10-14-26_{NAME}.ipynb": "blackboard",
    f"ada_l_attempt_2026-01-31-10-14-26_{NAME}.ipynb": "blackboard",
    f"12-34 - Ada Lovelace - Jan 31, 2026 114 PM/{NAME} (1).ipynb": "brightspace",
    f"Exam 1/12-34 - Ada Lovelace- January 31, 2026 1014 AM/sub/{NAME}.ipynb": "brightspace",
    f"12-34 - Ada Lovelace - Jan 31, 2026 114 PM - {NAME}.ipynb": "brightspace",
    f"Ada Lovelace - {NAME}.ipynb": "classroom",
    f"ada_l_2026-01-31-10-14-26_{NAME}.ipynb": "plain",
    f"ada_l/{NAME}.ipynb": "plain",
    f"submitted/ada_l/{NAME}/{NAME}.ipynb": "plain",
    f"ada_l_{NAME}.ipynb": "plain",
    f"{NAME} ADA@example.org.ipynb": "plain",
}


@pytest.mark.parametrize("path", SHAPES)
@pytest.mark.parametrize("given", [True, False])
def test_each_platform(course, tmp_path, path, given):
    done = run(course, {path: WORK}, tmp_path, platform=SHAPES[path] if given else "")
    assert done.collected == ["ada_l"], done
    assert work(tmp_path) == WORK


def test_what_platforms_put_beside_is_named_and_one_stray_file_changes_no_platform(
    course, tmp_path
):
    stem = "Metrics_ada_l_attempt_2026-01-31-10-14-26"
    files = {f"{stem}_{NAME}.ipynb": WORK, f"{stem}.txt": b"Name: Ada", f"x/{NAME}.ipynb": WORK}
    done = run(course, files, tmp_path)
    assert (done.collected, done.platform) == (["ada_l"], "blackboard")
    assert f"{stem}.txt: is no notebook" in str(done)
    assert f"x/{NAME}.ipynb: whose it is is not known" in str(done)


ZONES = ["UTC", "Europe/Berlin", "America/New_York", "Asia/Kolkata"]
MOMENTS = st.datetimes(datetime(2001, 1, 1), datetime(2099, 1, 1))  # noqa: DTZ001


@given(MOMENTS, st.sampled_from(ZONES))
def test_every_second_is_read_as_written_in_the_zone_that_is_said(moment, zone):
    there = ZoneInfo(zone)
    local = moment.replace(microsecond=0, tzinfo=there).astimezone(UTC).astimezone(there)
    expected = local.replace(fold=0).astimezone(UTC)
    hour = str(int(f"{local:%I}"))
    paths = {
        "plain": f"{local:ada_%Y-%m-%d-%H-%M-%S}_{NAME}.ipynb",
        "blackboard": f"M_ada_attempt_{local:%Y-%m-%d-%H-%M-%S}_{NAME}.ipynb",
        "brightspace": f"1-2 - A - {local:%b} {local.day}, {local:%Y} {hour}{local:%M %p}/x.ipynb",
    }
    for name, path in paths.items():
        found = PLATFORMS[name].parse(path, times.zone(zone)).time
        wanted = expected.replace(second=0) if name == "brightspace" else expected
        assert found == wanted, path


def test_the_zone_is_nbgraders_or_an_option_and_is_said(course, tmp_path):
    files = {f"ada_l_2026-07-01-00-30-00_{NAME}.ipynb": WORK}
    assert "in the zone UTC" in str(run(course, files, tmp_path))
    assert stamp(tmp_path) == "2026-07-01 00:30:00 UTC\n"
    config = Config({"Exchange": {"timezone": "Europe/Berlin"}})
    assert "in the zone Europe/Berlin" in str(run(course, files, tmp_path, config=config))
    assert stamp(tmp_path) == "2026-06-30 22:30:00 UTC\n"
    run(course, files, tmp_path, config=config, zone="America/New_York")
    assert stamp(tmp_path) == "2026-07-01 04:30:00 UTC\n"
    with pytest.raises(CourseError, match="'Mars' is no time zone"):
        run(course, files, tmp_path, zone="Mars")


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_blind_names_and_times_come_from_the_worksheet(course, tmp_path, delimiter):
    rows = [
        ["Identifier", "Full name", "Email address", "Last modified (submission)"],
        ["Participant 77", "", "ADA@example.org", "Saturday, 31 January 2026, 10:14 PM"],
        ["Participant 78", "Jörg Müller-Lüdenscheidt", "", "heute"],
    ]
    with (tmp_path / "sheet.csv").open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file, delimiter=delimiter).writerows(rows)
    files = {f"Participant_{k}_assignsubmission_file_{NAME}.ipynb": WORK for k in (77, 78)}
    done = run(course, files, tmp_path, worksheet=tmp_path / "sheet.csv")
    assert done.collected == ["ada_l", "jörg"]
    assert stamp(tmp_path) == "2026-01-31 22:14:00 UTC\n"
    assert "'heute' is no date and time" in str(done)


def test_times_come_from_a_table_where_the_platform_has_none(course, tmp_path):
    (tmp_path / "times.csv").write_text(
        "student,time\nADA@example.org,2026-01-31T10:14:26Z\n4712,2026-07-31 10:14\n"
    )
    files = {f"lovelaceada_4711_9_{NAME}.ipynb": WORK, f"x_LATE_4712_8_{NAME}.ipynb": WORK}
    run(course, files, tmp_path, worksheet=tmp_path / "times.csv", zone="Europe/Berlin")
    assert stamp(tmp_path) == "2026-01-31 10:14:26 UTC\n"
    assert stamp(tmp_path, "jörg") == "2026-07-31 08:14:00 UTC\n"
    done = run(course, files, tmp_path, force=True)
    assert "jörg: late, says the platform, but not when" in str(done)


def test_latest_attempt_counts_and_an_impossible_date_stops_nobody(course, tmp_path):
    decomposed = unicodedata.normalize("NFD", "jörg")
    files = {
        f"ada_l_2026-01-31-10-14-26_{NAME}.ipynb": LATER,
        f"ada_l_2026-01-30-23-59-59_{NAME}.ipynb": WORK,
        f"{decomposed}_2026-01-30-09-05-07_{NAME}.ipynb": WORK,
        f"ada_l_2026-02-31-10-14-26_{NAME}.ipynb": WORK,
        f"__MACOSX/ada_l_2026-02-01-10-14-26_{NAME}.ipynb": b"",
        f".ipynb_checkpoints/ada_l_2026-02-01-10-14-26_{NAME}.ipynb": b"",
        f"._ada_l_2026-02-01-10-14-26_{NAME}.ipynb": b"",
    }
    done = run(course, files, tmp_path)
    assert done.collected == ["ada_l", "jörg"]
    assert work(tmp_path) == LATER
    assert str(done).count("no date") == 1
    assert "is taken for jörg of the class list" in str(done)
    done = run(course, {f"ada_l_2026-01-01-00-00-00_{NAME}.ipynb": WORK}, tmp_path)
    assert work(tmp_path) == LATER  # what is newer stays
    assert "which stays" in str(done)
    run(course, {f"ada_l_2026-01-01-00-00-00_{NAME}.ipynb": WORK}, tmp_path, force=True)
    assert (work(tmp_path), stamp(tmp_path)) == (WORK, "2026-01-01 00:00:00 UTC\n")


@pytest.mark.parametrize("stub", [STUB, RESAVED])
@pytest.mark.parametrize("reverse", [True, False])
def test_the_notebook_that_was_changed_is_taken(course, tmp_path, stub, reverse):
    files = {f"ada_l/{NAME}.ipynb": stub, f"ada_l/{NAME}-1.ipynb": WORK}
    if reverse:
        files = dict(zip(files, reversed(files.values()), strict=True))
    done = run(course, files, tmp_path)
    assert work(tmp_path) == WORK
    assert "is as it was released, so another notebook of the student is taken" in str(done)


def test_two_notebooks_that_were_both_changed_are_said(course, tmp_path):
    done = run(course, {f"ada_l/{NAME}.ipynb": WORK, f"ada_l/{NAME} (1).ipynb": LATER}, tmp_path)
    assert work(tmp_path) == WORK
    assert f"is as new as ada_l/{NAME}.ipynb, which is taken: look which one counts" in str(done)
    assert "nothing was answered" in str(run(course, {f"l/{NAME}.ipynb": RESAVED}, tmp_path))


def test_a_notebook_of_another_name_is_known_by_its_cells(course, tmp_path):
    foreign = json.dumps({"cells": [{"cell_type": "code", "metadata": {}, "source": "1"}]}).encode()
    done = run(course, {"ada_l/my homework.ipynb": WORK, "l/diary.ipynb": foreign}, tmp_path)
    assert work(tmp_path) == WORK
    assert "ada_l/my homework.ipynb: has another name, but is 01-metrics.ipynb" in str(done)
    assert "l/diary.ipynb: is another notebook than 01-metrics.ipynb" in str(done)


@pytest.mark.parametrize("name", ["Ada Lovelase", "Adda Lovelace"])
def test_unknown_students_are_reported_with_the_nearest(course, tmp_path, name):
    done = run(course, {f"{name} - {NAME}.ipynb": WORK}, tmp_path)
    assert not done.collected
    assert f"{name}; the nearest is ada_l" in str(done)
    assert not (tmp_path / "submitted").exists()


def test_what_concerns_many_is_one_note(course, tmp_path):
    files = {f"{k}.pdf": b"" for k in range(3000)} | {"a.rar": b"", f"ada_l/{NAME}.ipynb": WORK}
    lines = str(run(course, files, tmp_path)).splitlines()
    assert "3000 × is no notebook:" in lines
    assert any("a.rar: is an archive of a kind" in line for line in lines)
    assert len(lines) < 20


def test_archives_in_archives_and_paths_that_leave(course, tmp_path):
    inner = packed({f"ada_l/{NAME}.ipynb": WORK})
    done = run(course, {"all.zip": inner, f"../ada_l/{NAME}.ipynb": LATER}, tmp_path)
    assert work(tmp_path) == WORK
    assert "points out of the archive" in str(done)


def test_names_whose_packer_forgot_to_say_utf_8(course, tmp_path):
    content = bytearray(packed({f"jörg/{NAME}.ipynb": WORK}))
    for signature, offset in ((b"PK\x03\x04", 7), (b"PK\x01\x02", 9)):
        content[content.index(signature) + offset] &= ~0x08
    (tmp_path / "a.zip").write_bytes(content)
    roster = Roster.read(tmp_path / "students.csv")
    assert collect(course, NAME, tmp_path / "a.zip", roster=roster).collected == ["jörg"]


def test_nothing_is_replaced_if_it_is_not_known_to_be_older(course, tmp_path):
    run(course, {f"ada_l/{NAME}.ipynb": WORK}, tmp_path)
    done = run(course, {f"ada_l/{NAME}.ipynb": LATER}, tmp_path)
    assert not done.collected
    assert "stays" in str(done)
    assert work(tmp_path) == WORK


@pytest.mark.parametrize("path", [p for p in SHAPES if p.rpartition("/")[2].count("_") != 2])
def test_students_may_pack_their_work(course, tmp_path, path):
    outer = path[: path.rindex(NAME)] + "work.zip"
    inner = packed({f"work/{NAME}.ipynb": WORK})
    done = run(course, {outer: inner}, tmp_path, platform=SHAPES[path])
    assert done.collected == (["ada_l"] if outer != "work.zip" else []), done


def test_bombs_and_damaged_archives_end_as_a_note(course, tmp_path, monkeypatch):
    monkeypatch.setattr(archive, "FILE_BYTES", 1000)
    files = {f"a/{NAME}.ipynb": b"0" * 1001, "b.zip": b"PK", f"ada_l/{NAME}.ipynb": WORK}
    done = run(course, files, tmp_path)
    assert done.collected == ["ada_l"]
    assert "unpacks to more" in str(done)
    assert "no ZIP archive" in str(done)


def test_a_platform_is_recognised_by_most_of_its_names():
    moodle = [f"A B_{k}_assignsubmission_file_/x.ipynb" for k in range(3)]
    assert recognise([*moodle, "notes/x.ipynb", "y.ipynb"]) == "moodle"
    assert recognise(["a/x.ipynb", *moodle[:1], "b/x.ipynb"]) == "plain"
    assert recognise([]) == "plain"


@pytest.mark.parametrize("text", ["", "id\n", "name\nada\n", "id,id\na,b\n", "id\n../x\n"])
def test_a_list_that_is_none_is_an_error(tmp_path, text):
    (tmp_path / "list.csv").write_text(text)
    with pytest.raises(CourseError):
        Roster.read(tmp_path / "list.csv")
    with pytest.raises(CourseError, match="write it with the columns id"):
        Roster.read(tmp_path / "none.csv")


def test_the_later_of_two_days_is_a_day_later():  # what the property above rests on
    read = [times.read(f"2026-01-3{d}-09-05-07", times.DASHES) for d in (0, 1)]
    assert read[1] - read[0] == timedelta(days=1)
