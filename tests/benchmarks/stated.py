"""What the pages say of the grader's speed, of a record that ``bench_grading.py`` wrote."""

from __future__ import annotations

from typing import Any

KIND = "cpu_seconds_per_submission"


def stated(record: dict[str, Any]) -> list[str]:
    """Return the sentences that README.md and *How this book is checked* state."""
    ours, large = record["ours"], record["large_class"]
    return [
        f"For a class of {record['submissions']} on {record['cores']} cores, nbgrader alone took "
        f"{ours['times_as_fast_as_plain']:.1f} times as long as the autograder, and "
        f"{ours['times_less_cpu_than_plain']:.1f} times the processor's time "
        f"({record['plain'][KIND]:.2f} s against {ours[KIND]:.2f} s for each submission; "
        f"the cells alone take Python {record['bare'][KIND]:.2f} s).",
        f"A class of {large['submissions']:,} took {large[KIND]:.2f} s of it for each, "
        f"and no process more than {max(ours['own_peak_mib'], large['writer_peak_mib']):.0f} MiB.",
    ]
