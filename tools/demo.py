"""A throw-away course with a class of thirty, from Moodle's archive to the table that goes back.

    python tools/demo.py [DIRECTORY]

Everything is what an instructor would type; the course stays in ``_build/demo`` to look at.
"""

import json
import os
import re
import shutil
import subprocess
import sys
import time
import webbrowser
import zipfile
from collections.abc import Callable
from pathlib import Path

import nbformat
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

ROOT = Path(__file__).parents[1]
ASSIGNMENT = "signal"
MEAN = """
### BEGIN HIDDEN TESTS
import numpy as np

x = np.linspace(-5, 12, 9)
assert abs(mean(x) - 3.5) < 1e-12, "mean is wrong for an array"
### END HIDDEN TESTS
"""
NOISE = """
### BEGIN HIDDEN TESTS
x = [2, 4, 4, 4, 5, 5, 7, 9]
assert abs(noise(x) - 2) < 1e-12, "noise is wrong for other numbers"
### END HIDDEN TESTS
"""
WHY = "A difference counts by how far it stands out of the scatter."
CELLS = [  # kind, name, points, source
    ("text", "intro", 0, "# Signal and noise\n\nFour short questions."),
    ("code", "setup", 0, "import numpy as np"),
    ("text", "mean-statement", 0, "## Question 1 · Mean (30 points)\n\nWrite `mean(x)`."),
    ("solution", "mean", 0, "def mean(x):\n    SOLUTION return float(np.sum(x) / len(x))"),
    ("test", "mean-example", 10, 'assert mean([1, 2, 6]) == 3, "mean([1, 2, 6]) should be 3"'),
    ("test", "mean-hidden", 20, MEAN.strip()),
    ("text", "noise-statement", 0, "## Question 2 · Noise (30 points)\n\nWrite `noise(x)`."),
    ("solution", "noise", 0, "def noise(x):\n    SOLUTION return float(np.std(x))"),
    ("test", "noise-example", 10, 'assert noise([1, 3]) == 1, "noise([1, 3]) should be 1"'),
    ("test", "noise-hidden", 20, NOISE.strip()),
    ("text", "snr-statement", 0, "## Question 3 · Ratio (20 points)\n\nWrite `snr(x)`."),
    ("solution", "snr", 0, "def snr(x):\n    SOLUTION return mean(x) / noise(x)"),
    ("test", "snr-example", 20, 'assert snr([1, 3]) == 2, "snr([1, 3]) should be 2"'),
    ("text", "why-statement", 0, "## Question 4 · In words (20 points)\n\nWhy divide by noise?"),
    ("written", "why", 20, f"SOLUTION {WHY}"),
]
ROLES = {
    "text": {"locked": True},
    "code": {"locked": True},
    "solution": {"solution": True},
    "test": {"grade": True, "locked": True},
    "written": {"grade": True, "solution": True},
}
RIGHT = {
    "mean": "def mean(x):\n    return np.mean(x)",
    "noise": "def noise(x):\n    return np.sqrt(np.mean((x - np.mean(x)) ** 2))",
    "snr": "def snr(x):\n    return mean(x) / noise(x)",
    "why": "Because a large mean means little if the numbers scatter as much.",
}
HALF = {"noise": "def noise(x):\n    return np.std(x, ddof=1)"}
EQUAL = """
class Yes(float):
    __eq__ = lambda self, other: True
    __hash__ = float.__hash__
mean = lambda x: Yes(0)
"""
PATCH = """
import builtins
builtins.abs = lambda x: 0
def mean(x):
    return 3
"""
READ = """
import glob
found = glob.glob("/*/*/solutions") + glob.glob("/*/*/*/solutions")
def mean(x):
    return 3 if found else 0
"""
WRITE = """
import glob, sqlite3
for path in glob.glob("/*/*/gradebook.db") + glob.glob("/*/*/*/*/gradebook.db"):
    sqlite3.connect(path).execute("UPDATE grade SET auto_score = 100")
def mean(x):
    return 0
"""
SKIP = """
get_ipython().input_transformers_cleanup.append(lambda lines: ["pass"])
def mean(x):
    return 0
"""
LEAVE = """
import os
def mean(x):
    os._exit(0)
"""
CHEATS = (EQUAL, PATCH, READ, WRITE, SKIP, LEAVE)
NETWORK = "import urllib.request\nurllib.request.urlopen('http://192.0.2.1', timeout=9)"
FIRST = "Ada Bea Cyd Dan Eve Fay Gil Hal Ida Jörg Kim Lea Max Noa Ole Pia Quy Rob Sue Tom Una"
LAST = "Ohm Curie Dirac Euler Fermi Gauss Hertz Ising Joule Kepler Lamé Müller Noether Planck"


def source() -> NotebookNode:
    """Return the instructor's notebook."""
    cells = []
    for kind, name, points, text in CELLS:
        known = {"grade": False, "solution": False, "locked": False, "task": False, **ROLES[kind]}
        marked = {"grade_id": name, "schema_version": 3, **known}
        if known["grade"]:
            marked["points"] = points
        indent = "    " if kind == "solution" else ""
        answer = f"### BEGIN SOLUTION\n{indent}\\1\n{indent}### END SOLUTION"
        shown = re.sub(r"SOLUTION (.*)", answer, text) if known["solution"] else text
        new_cell = new_markdown_cell if kind in {"text", "written"} else new_code_cell
        cells.append(new_cell(shown, id=name, metadata={"nbgrader": marked}))
    python = {"display_name": "Python 3", "language": "python", "name": "python3"}
    return new_notebook(cells=cells, metadata={"kernelspec": python})


def answered(release: NotebookNode, **answers: str) -> NotebookNode:
    """Return the release with answers."""
    notebook = nbformat.from_dict(json.loads(json.dumps(release)))
    for cell in notebook.cells:
        cell.source = answers.get(cell.metadata.nbgrader.grade_id, cell.source)
    return notebook


def handed_in(release: NotebookNode) -> list[tuple[str, bytes]]:
    """Return what the class hands in: file name and content, of thirty students."""
    right = answered(release, **RIGHT)

    def packed(notebook: NotebookNode) -> bytes:
        return nbformat.writes(notebook).encode()

    def after(code: str, **answers: str) -> bytes:
        notebook = answered(release, **(RIGHT | answers))
        notebook.cells.insert(6, new_code_cell(code))
        return packed(notebook)

    name = f"{ASSIGNMENT}.ipynb"
    whole: list[tuple[str, bytes]] = [
        *[(name, after(f"number = {k}")) for k in range(7)],
        *[(name, after(f"number = {k}", **HALF)) for k in range(4)],
        (name, packed(answered(release, **(RIGHT | {"why": "YOUR ANSWER HERE"})))),
        (name, packed(answered(release, mean=RIGHT["mean"]))),
        (name, packed(release)),  # as it was released
        ("my homework.ipynb", packed(right)),
        (f"{ASSIGNMENT} (1).ipynb", packed(right)),
        (name, b"\xef\xbb\xbf" + packed(right)),
        (name, packed(right)[:900]),  # cut off
        (name, after("while True:\n    pass")),
        (name, after("hoard = [bytearray(2**24) for _ in range(10_000)]")),
        (
            name,
            after(NETWORK),
        ),
        (name, after("print('x' * 10**7)")),
        *[(name, after("", mean=code)) for code in CHEATS],
        (name, packed(right)),  # late
        (name, packed(right)),  # the same again
    ]
    return whole


def make(course: Path) -> list[str]:
    """Make the course, the class list, Moodle's archive and its worksheet; return the names."""
    shutil.rmtree(course, ignore_errors=True)
    (course / "solutions" / ASSIGNMENT).mkdir(parents=True)
    (course / "grading").mkdir()
    nbformat.write(source(), course / "solutions" / ASSIGNMENT / f"{ASSIGNMENT}.ipynb")
    settings = (ROOT / "nbgrader_config.py").read_text("utf-8")
    settings += (
        "\nc.Execute.timeout = 4\nc.Sandbox.memory = 256 * 2**20\n"
        'c.AssignLatePenalties.plugin_class = "autograder.late.PerDay"\n'
    )
    (course / "nbgrader_config.py").write_text(settings, "utf-8")
    first, last = FIRST.split(), LAST.split()
    names = [(first[k % len(first)], last[(7 * k) % len(last)]) for k in range(31)]
    lines = ["id,first_name,last_name,email"]
    lines += [f"s{100 + k},{f},{s},s{100 + k}@example.org" for k, (f, s) in enumerate(names)]
    (course / "grading" / "students.csv").write_text("\n".join(lines) + "\n", "utf-8")
    return [" ".join(name) for name in names]


def archive(course: Path, names: list[str]) -> None:
    """Write what Moodle gives: the archive and the grading worksheet."""
    release = nbformat.read(course / "exercises" / ASSIGNMENT / f"{ASSIGNMENT}.ipynb", as_version=4)
    files = handed_in(release)
    sheet = ["Identifier,Full name,Email address,Grade,Maximum grade,Last modified (submission)"]
    with zipfile.ZipFile(course / "submissions.zip", "w", zipfile.ZIP_DEFLATED) as zipped:
        for k, (file, content) in enumerate(files):
            zipped.writestr(f"{names[k]}_{9000 + k}_assignsubmission_file_/{file}", content)
            day = "Sunday, 1 February" if k == len(files) - 2 else "Friday, 30 January"
            sheet.append(
                f"Participant {9000 + k},{names[k]},s{100 + k}@example.org,,100.00,"
                f'"{day} 2026, {9 + k % 3}:{k + 10} AM"'
            )
    (course / "worksheet.csv").write_text("\n".join(sheet) + "\n", "utf-8")


def run(course: Path, *words: str, allowed: tuple[int, ...] = (0,)) -> None:
    """Show a command, run it, and stop where it fails."""
    print(f"\n$ {' '.join(words)}", flush=True)
    program = Path(sys.executable).with_name(words[0])
    done = subprocess.run([program, *words[1:]], cwd=course, check=False)  # noqa: S603
    if done.returncode not in allowed:
        sys.exit(done.returncode)


def main(course: Path, show: Callable[[str], object] = webbrowser.open) -> None:
    """Take a class all the way, and open the report."""
    started = time.monotonic()
    names = make(course)
    run(course, "autograder", "release", ASSIGNMENT)
    archive(course, names)
    due = ["nbgrader", "db", "assignment", "add", ASSIGNMENT, "--duedate=2026-01-31 23:59 UTC"]
    run(course, *due, "--log-level=WARN")
    run(course, "autograder", "collect", ASSIGNMENT, "submissions.zip", "--worksheet=worksheet.csv")
    run(course, "autograder", "check", ASSIGNMENT)
    run(course, "autograder", "grade", ASSIGNMENT, allowed=(0, 1))  # 1: somebody has no marks
    run(course, "autograder", "feedback", ASSIGNMENT)
    run(course, "autograder", "report", ASSIGNMENT, "--similar")
    run(course, "autograder", "export", ASSIGNMENT, "--to=moodle", "worksheet.csv")
    report = (course / "grading" / "report" / f"{ASSIGNMENT}.html").as_uri()
    count, seconds = len(names) - 1, time.monotonic() - started
    print(f"\n{count} submissions in {seconds:.0f} s.\nThe report: {report}")
    print(f"Mark the written answers: cd {os.path.relpath(course)} && autograder mark {ASSIGNMENT}")
    if os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY") or sys.platform == "darwin":
        show(report)


if __name__ == "__main__":
    main(Path(*sys.argv[1:]).resolve() if sys.argv[1:] else ROOT / "_build" / "demo")
