"""The prose keeps to words that readers know whose first language is another."""

from __future__ import annotations

import re
from pathlib import Path

CHAPTERS = Path(__file__).parents[2] / "chapters"
PAGES = [CHAPTERS.parent / "index.md", *sorted(CHAPTERS.glob("*.md"))]
CODE = re.compile(r"^(`{3,})\{code-cell\}.*?^\1$", re.MULTILINE | re.DOTALL)
# Each has a plain word beside it.
PLAIN = {
    r"dear(er|est)?": "expensive",
    r"costlier": "more expensive",
    r"boast(s|ful|ed)?": "overconfident",
    r"shrug(s)?": "knowing nothing",
    r"heap(s)?": "set",
    r"by heart": "memorise",
    r"hair's breadth": "a very small step",
    r"tell-?tale": "sign",
    r"wiggl(e|es|y)": "oscillate",
    r"reckless(ly)?": "dangerous",
    r"in disguise|disguise(s|d)?": "under another name",
    r"key and lock|lock and key": "the two fit",
    r"outvote(s|d)?": "outweigh",
    r"conspir(e|es|ing)": "join",
    r"lest": "so that not",
    r"whence|hence(forth|forward)|hitherto|albeit|amid(st)?": "from where, until now, although",
    r"in a nutshell|piece of cake|rule the roost|silver bullet|low-hanging": "say it plainly",
    r"soar(s|ed)?|plummet(s|ed)?": "rise, fall",
    r"amiss|askew|awry": "wrong, slanted",
    r"in earnest|on board|all right": "in practice, left, true",
    r"scarce|dearth|aplenty": "few, many",
}


def test_words_that_only_natives_read_have_plain_ones() -> None:
    found = [
        f"{page.name}: {word.group()!r}; say {plain!r}"
        for page in PAGES
        for text in [CODE.sub("", page.read_text(encoding="utf-8"))]
        for pattern, plain in PLAIN.items()
        for word in re.finditer(rf"\b(?:{pattern})\b", text, re.IGNORECASE)
    ]
    assert not found, "\n".join(found)
