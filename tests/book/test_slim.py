"""A page keeps every rule and every icon that it uses, and little else."""

from __future__ import annotations

from pathlib import Path

from fontTools.ttLib import TTFont

from shallow.book.slim import ICONS, JOINED, STYLES, join_styles, slim, words_of

WORDS = words_of(['<p class="used alert-box">text</p>', "tip.className = `bs-tip-${side}`;"])


def test_only_rules_for_classes_that_nothing_uses_are_dropped() -> None:
    kept = ["a{color:red}", ".used>b{x:y}", "#id:not(a,b){x:y}", ".bs-tip-left{x:y}"]
    kept += ["@font-face{font-family:F}", "@keyframes k{to{opacity:0}}"]
    dropped = [".other{x:y}", ".used.other{x:y}", "@media print{.other{x:y}}"]
    assert slim("".join(kept + dropped), WORDS) == "".join(kept)
    assert slim("@media (width>1px){.other,.used{x:y}}", WORDS) == "@media (width>1px){.used{x:y}}"


def test_styles_are_joined_in_order_and_find_their_files(tmp_path: Path) -> None:
    (tmp_path / "styles").mkdir()
    (tmp_path / "theme.css").write_text("b{background:url(a/b.woff)}")
    (tmp_path / "styles" / "theme.css").write_text('a{background:url("../a.png")}')
    (tmp_path / "unknown.css").write_text("c{}")
    style, names = join_styles(tmp_path)
    assert names == ["styles/theme.css", "theme.css"]
    assert style.split() == ["a{background:url(a.png)}", "b{background:url(a/b.woff)}"]


def test_no_page_loads_a_style_by_itself(site: Path) -> None:
    text = (site / "chapters" / "metrics.html").read_text(encoding="utf-8")
    assert text.count('rel="stylesheet"') == 1
    assert not [name for name in STYLES if list((site / "_static").glob(name))]


def test_the_site_is_slim_and_has_its_icons(site: Path) -> None:
    style = (site / "_static" / JOINED).read_text(encoding="utf-8")
    assert len(style) < 200_000
    font = site / "_static" / f"{ICONS}.woff"
    assert font.stat().st_size < 20_000
    with TTFont(font) as icons:
        codes = icons.getBestCmap()
    assert {0xF019, 0xF002, 0xF0C9} <= set(codes), "download, search and menu"
