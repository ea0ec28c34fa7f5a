"""Regenerate exercises/ from solutions/ with nbgrader's own generate_assignment."""

import sys
from pathlib import Path

from nbgrader.apps.api import NbGraderAPI
from nbgrader.coursedir import CourseDirectory
from traitlets.config import PyFileConfigLoader

ROOT = Path(__file__).resolve().parents[1]


def main() -> None:
    """Generate every assignment; stop with nbgrader's log at the first that it refuses."""
    config = PyFileConfigLoader("nbgrader_config.py", path=str(ROOT)).load_config()
    api = NbGraderAPI(CourseDirectory(config=config), config=config)
    for source in sorted(ROOT.glob("solutions/*/*.ipynb")):
        outcome = api.generate_assignment(source.stem)
        if not outcome["success"]:
            sys.exit(f"nbgrader cannot release {source.stem}:\n{outcome['log']}")


if __name__ == "__main__":
    main()
