"""The stylesheets: what they must not say."""

import re
from pathlib import Path

from tests.support.app import ROOT

_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_SELECTORS = re.compile(r"([^{};]*:has\([^{};]*)\{")
_BRACKETS = re.compile(r"\([^()]*\)")


def test_nothing_styles_everything_in_a_thing_that_has_something():
    """With one such rule Chromium styles a whole page anew whenever something comes or goes below a `:has` in it."""
    sheets = sorted((ROOT / "assets").glob("*.css"))
    assert [named for sheet in sheets for named in _selectors(sheet)]
    assert [
        f"{sheet.name}: {named}"
        for sheet in sheets
        for named in _selectors(sheet)
        if ":has" not in (last := named.split()[-1]) and not re.match(r"[a-z.#\[]", last)
    ] == []


def _selectors(sheet: Path) -> list[str]:
    """Each selector in which there is `:has`, without anything in brackets."""
    found = _SELECTORS.findall(_COMMENT.sub("", sheet.read_text(encoding="utf-8")))
    return [named.strip() for some in found for named in _flat(some).split(",") if ":has" in named]


def _flat(text: str) -> str:
    while (shorter := _BRACKETS.sub("", text)) != text:
        text = shorter
    return text
