"""Each citation says what for: `citations.csv` has its claim and where in the work it stands."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "index.md", *sorted((ROOT / "chapters").glob("*.md"))]
CITE = re.compile(r"\{cite(?::\w+)?\}`([^`]+)`")

with Path(__file__).with_name("citations.csv").open(encoding="utf-8", newline="") as file:
    ROWS = list(csv.DictReader(file))


def cited() -> set[tuple[str, str]]:
    """Return each (key, page) of the text."""
    return {
        (key.strip(), page.stem)
        for page in PAGES
        if page.name != "README.md"
        for keys in CITE.findall(page.read_text(encoding="utf-8"))
        for key in keys.split(",")
    }


def test_each_citation_has_its_claim_and_no_row_is_idle() -> None:
    listed = {(row["key"], page) for row in ROWS for page in row["pages"].split()}
    missing, idle = cited() - listed, listed - cited()
    assert not missing, f"add to tests/book/citations.csv: {sorted(missing)}"
    assert not idle, f"no longer cited, remove from tests/book/citations.csv: {sorted(idle)}"


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["key"])
def test_a_row_says_what_where_and_who_has_checked(row: dict[str, str]) -> None:
    assert row["claim"]
    assert row["where"]
    # What of the work a second reader has compared with the claim: its own words, its abstract,
    # or only what others report of it. Then the book must claim no more than they do.
    assert row["checked"] in {"text", "abstract", "secondary"}
    assert row["evidence"] or row["checked"] != "secondary", "say who reports it"


def test_each_work_of_the_bibliography_is_cited_and_once() -> None:
    keys = re.findall(
        r"^@\w+\{(.+),",
        (ROOT / "chapters/references.bib").read_text(encoding="utf-8"),
        re.MULTILINE,
    )
    assert len(keys) == len(set(keys))
    assert set(keys) == {row["key"] for row in ROWS}
