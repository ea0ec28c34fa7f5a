"""The table at the end of a test run: what each question's tests caught, and what they let pass."""

COLUMNS = [
    "assignment",
    "question",
    "wrong",
    "right",
    "error",
    "loop",
    "argument",
    "form",
    "type",
    "edge",
    "value",
]


def pytest_terminal_summary(terminalreporter):
    """Print the rows that `test_bank.py` recorded, from whichever worker they come."""
    reports = [*terminalreporter.getreports("passed"), *terminalreporter.getreports("failed")]
    rows = sorted(row for report in reports for key, row in report.user_properties if key == "bank")
    if rows:
        terminalreporter.section(
            "tests of the exercises, tested: misconceptions by question and kind"
        )
        for row in [COLUMNS, *rows]:
            terminalreporter.write_line(("{:<16}{:<14}{:>7}{:>7}" + "{:>10}" * 7).format(*row))
