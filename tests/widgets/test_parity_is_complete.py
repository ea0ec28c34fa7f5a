"""No function of a model without a comparison."""

from __future__ import annotations

import re
from pathlib import Path

FUNCTION = re.compile(
    r"^export (?:(?:async )?function\*? (\w+)"
    r"|const (\w+) = (?:async )?(?:function|\w+ =>|\([^()]*\) =>))",
    re.MULTILINE,
)
HERE = Path(__file__).parent
MODEL = HERE.parents[1] / "shallow" / "widgets" / "model"


def test_every_exported_function_has_a_parity_test():
    tests = "\n".join(path.read_text(encoding="utf-8") for path in HERE.glob("test_*_parity.py"))
    compared = set(re.findall(r'js\(\s*"([\w.-]+)",\s*"(\w+)"', tests))
    exported = {
        (path.name, match[1] or match[2])
        for path in MODEL.glob("*.js")
        for match in FUNCTION.finditer(path.read_text(encoding="utf-8"))
    }
    assert exported, "the model has functions"
    missing = sorted(exported - compared)
    how = 'compare with an independent result, by js("module.js", "function", cases)'
    assert not missing, f"{how}: {missing}"
