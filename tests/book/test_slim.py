"""A page keeps every rule and every icon that it uses, and little else."""

from __future__ import annotations

from pathlib import Path

from fontTools.ttLib import TTFont

from shallow.book.slim import ICONS, STYLE, slim, words_of

WORDS = words_of(['<p class="used alert-box">text</p>', "tip.className = `bs-tip-${side}`;"])


def test_only_rules_for_classes_that_nothing_uses_are_dropped() -> None:
    kept = ["a{color:red}", ".used>b{x:y}", "#id:not(a,b){x:y}", ".bs-tip-left{x:y}"]
    kept += ["@font-face{font-family:F}", "@keyframes k{to{opacity:0}}"]
    dropped = [".other{x:y}", ".used.other{x:y}", "@media print{.other{x:y}}"]
    assert slim("".join(kept + dropped), WORDS) == "".join(kept)
    assert slim("@media (width>1px){.other,.used{x:y}}", WORDS) == "@media (width>1px){.used{x:y}}"


def test_the_site_is_slim_and_has_its_icons(site: Path) -> None:
    style = (site / "_static" / STYLE).read_text(encoding="utf-8")
    assert len(style) < 150_000
    font = site / "_static" / f"{ICONS}.woff"
    assert font.stat().st_size < 20_000
    codes = TTFont(font).getBestCmap()
    assert {0xF019, 0xF002, 0xF0C9} <= set(codes), "download, search and menu"
