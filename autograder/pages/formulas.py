"""Formulas as MathML, which browsers typeset themselves: no script, no font, no request."""

from __future__ import annotations

from html import unescape
from types import MappingProxyType

# What the converter makes; nothing of it runs, links or fetches.
TAGS = {"math", "menclose", "mfrac", "mi", "mn", "mo", "mover", "mpadded", "mphantom", "mroot"}
TAGS |= {"mrow", "mspace", "msqrt", "mstyle", "msub", "msubsup", "msup", "mtable", "mtd", "mtext"}
TAGS |= {"mtr", "munder", "munderover"}
ATTRIBUTES = {"accent", "columnalign", "columnspacing", "display", "displaystyle", "fence", "form"}
ATTRIBUTES |= {"largeop", "linethickness", "lspace", "mathvariant", "maxsize", "minsize"}
ATTRIBUTES |= {"movablelimits", "notation", "rowspacing", "rspace", "scriptlevel", "separator"}
ATTRIBUTES |= {"stretchy", "width", "xmlns"}
MAX_LATEX = 2000  # characters of one formula


def mathml(latex: str, display: str) -> str | None:
    """Convert a formula.

    Parameters
    ----------
    latex : str
        Without its delimiters; anybody's.
    display : {"inline", "block"}
        In a line, or on lines of its own.

    Returns
    -------
    str or None
        Well-formed MathML; None of what is too long, no LaTeX, or defines commands, which may
        grow without bound.
    """
    # A quarter of a second, which only those pages pay that hold a formula.
    from xml.etree.ElementTree import tostring  # noqa: PLC0415

    from latex2mathml.converter import Converter  # noqa: PLC0415

    if len(latex) > MAX_LATEX:
        return None
    converter = Converter(display=display)
    converter.macros = MappingProxyType({})  # type: ignore[assignment]  # to define one is an error
    try:
        math = converter.convert_to_element(latex)
    except Exception:  # noqa: BLE001  (of its own kinds, of Python's: the formula stays as typed)
        return None
    for part in math.iter():
        part.text = unescape(part.text or "")  # it writes characters as references
    return tostring(math, encoding="unicode")
