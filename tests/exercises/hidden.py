"""The parts of a source notebook that no student may see."""

import re

REGION = re.compile(
    r"^ *### BEGIN (SOLUTION|HIDDEN TESTS)\n(.*?)^ *### END \1$", re.DOTALL | re.MULTILINE
)
