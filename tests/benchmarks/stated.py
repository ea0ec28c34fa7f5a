"""What the pages say of the grader's speed, of a record that ``bench_grading.py`` wrote.

``python -m tests.benchmarks.stated`` keeps the last record and writes its figures into the pages.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
LAST = ROOT / "_build/bench/grading.json"
KEPT = Path(__file__).with_name("measured.json")
PAGES = [ROOT / "README.md", ROOT / "chapters/checked.md"]
KIND = "cpu_seconds_per_submission"


def stated(record: dict[str, Any]) -> list[str]:
    """Return the sentences that the pages state."""
    ours, large = record["ours"], record["large_class"]
    busy = " that were busy with other work" if record["load"] > 2 * record["cores"] else ""
    return [
        f"For a class of {record['submissions']} on {record['cores']} cores{busy}, "
        f"nbgrader alone took {ours['times_as_fast_as_plain']:.1f} times as long as the "
        f"autograder, and {ours['times_less_cpu_than_plain']:.1f} times the processor's time "
        f"({record['plain'][KIND]:.2f} s against {ours[KIND]:.2f} s for each submission; "
        f"the cells alone take Python {record['bare'][KIND]:.2f} s).",
        f"A class of {large['submissions']:,} took {large[KIND]:.2f} s of it for each, "
        f"and no process more than {max(ours['own_peak_mib'], large['writer_peak_mib']):.0f} MiB.",
    ]


def main() -> None:
    """Keep the last record, and state it."""
    before, now = (json.loads(path.read_text("utf-8")) for path in (KEPT, LAST))
    KEPT.write_bytes(LAST.read_bytes())
    for page in PAGES:
        text = page.read_text("utf-8")
        for old, new in zip(stated(before), stated(now), strict=True):
            text = text.replace(old, new)
        page.write_text(text, "utf-8")


if __name__ == "__main__":
    main()
