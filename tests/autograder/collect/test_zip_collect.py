"""nbgrader's ``zip_collect`` with the times that its documentation shows."""

from __future__ import annotations

from datetime import datetime

from hypothesis import given
from hypothesis import strategies as st
from nbgrader.utils import parse_utc
from traitlets.config import Config

from autograder.collect.zip_collect import Collector

REGEXP = r".*/(?P<student_id>[^/]+?)_(?P<timestamp>\d{4}(?:-\d\d){5})_(?P<file_id>[^/]+)\.ipynb$"


def collect(time):
    config = Config({"FileNameCollectorPlugin": {"named_regexp": REGEXP}})
    return Collector(config=config).collect(f"/archive/ada_{time}_small.ipynb")


@given(st.datetimes(datetime(2000, 1, 1), datetime(2099, 1, 1)))  # noqa: DTZ001
def test_every_second_is_read_as_written(time):
    time = time.replace(microsecond=0)
    found = collect(time.strftime("%Y-%m-%d-%H-%M-%S"))
    assert parse_utc(found["timestamp"]) == time  # as nbgrader goes on with it


def test_an_impossible_date_stops_nobody():
    assert collect("2026-02-31-10-14-26") is None
