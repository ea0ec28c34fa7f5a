"""Configuration of nbgrader: where the course keeps things, and how it collects and grades."""

import os
import sys
from pathlib import Path

# nbgrader calls `alembic` by name, also when the virtual environment is not activated.
os.environ["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"

ROOT = Path(__file__).resolve().parent

c = get_config()  # noqa: F821  (traitlets defines it when it reads this file)

c.CourseDirectory.course_id = "shallow"
c.CourseDirectory.root = str(ROOT)
c.CourseDirectory.source_directory = "solutions"
c.CourseDirectory.release_directory = "exercises"

# Everything about students stays in one git-ignored directory.
c.CourseDirectory.submitted_directory = "grading/submitted"
c.CourseDirectory.autograded_directory = "grading/autograded"
c.CourseDirectory.feedback_directory = "grading/feedback"
c.CourseDirectory.solution_directory = "grading/solution"
c.CourseDirectory.source_with_tests_directory = "grading/source_with_tests"
c.CourseDirectory.db_url = f"sqlite:///{ROOT / 'grading' / 'gradebook.db'}"
(ROOT / "grading").mkdir(exist_ok=True)  # SQLite does not create directories

# A learning platform's archive goes to grading/downloaded/ASSIGNMENT/archive/,
# its files named STUDENT_2026-01-31-23-59-00_NOTEBOOK.ipynb.
c.ZipCollectApp.downloaded_directory = "grading/downloaded"
c.ZipCollectApp.collector_plugin = "autograder.collect.zip_collect.Collector"
c.FileNameCollectorPlugin.named_regexp = (
    r".*/(?P<student_id>[^/]+?)_(?P<timestamp>\d{4}(?:-\d\d){5})_(?P<file_id>[^/]+)\.ipynb$"
)

# What a student wrote must not run in the instructor's browser.
c.HTMLExporter.sanitize_html = True
c.HTMLExporter.filters = {
    "markdown2html": "autograder.pages.markdown",
    "clean_html": "autograder.pages.clean",
}

c.ExportApp.plugin_class = "autograder.export.CsvExport"
c.CsvExportPlugin.to = "grading/grades.csv"

# Grading: student code runs in a sandbox, tests outside it, whichever command starts them:
# `autograder grade`, `nbgrader autograde` or a button of formgrader.
# `autograder grade --help-all` lists what else can be set.
c.Execute.timeout = 15  # seconds, for each cell: one endless loop leaves time for the rest
c.Autograde.exporter_class = "autograder.preprocessors.Exporter"
c.Autograde.sanitize_preprocessors = [
    "autograder.preprocessors.Sanitize",
    "nbgrader.preprocessors.ClearOutput",
    "nbgrader.preprocessors.DeduplicateIds",
    "nbgrader.preprocessors.OverwriteKernelspec",
    "nbgrader.preprocessors.OverwriteCells",
    "nbgrader.preprocessors.CheckCellMetadata",
]
c.Autograde.autograde_preprocessors = [
    "autograder.preprocessors.Execute",
    "nbgrader.preprocessors.IgnorePattern",
    "nbconvert.preprocessors.ClearMetadataPreprocessor",
    "nbgrader.preprocessors.LimitOutput",
    "autograder.preprocessors.SaveAutoGrades",
    "nbgrader.preprocessors.AssignLatePenalties",
    "nbgrader.preprocessors.CheckCellMetadata",
]

# Feedback: one page of HTML for each notebook, without the hidden tests.
c.GenerateFeedback.preprocessors = ["nbgrader.preprocessors.GetGrades"]
c.GenerateFeedback.exporter_class = "autograder.feedback.FeedbackExporter"
