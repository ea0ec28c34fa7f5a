"""The table at the end of a test run: what each question's tests caught, and what they let pass."""


def pytest_terminal_summary(terminalreporter):
    """Print the rows that `test_bank.py` recorded, from whichever worker they come."""
    reports = [*terminalreporter.getreports("passed"), *terminalreporter.getreports("failed")]
    rows = sorted(row for report in reports for key, row in report.user_properties if key == "bank")
    if rows:
        terminalreporter.section("tests of the exercises, tested")
        for row in [
            [
                "assignment",
                "question",
                "wrong caught",
                "right passed",
                "caught first by the property",
            ],
            *rows,
        ]:
            terminalreporter.write_line("{:<16}{:<14}{:>14}{:>14}  {}".format(*row))
