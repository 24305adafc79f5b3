"""The look: what is written on what can be read, and every piece stands on the page of the look."""

from __future__ import annotations

import re

import pytest

from gateway.web import design, tokens
from tests.tree import ROOT
from tests.web import fakes
from tests.web.fakes import FakeDesk

CSS = design.SHEET.read_text(encoding="utf-8")
SHEETS = sorted((ROOT / "gateway/web/static").glob("*.css"))
PARTS = (ROOT / "gateway/web/templates/_parts.html").read_text(encoding="utf-8")


def test_contrast_is_wcags() -> None:
    """Black on white is 21, a colour on itself 1, and WCAG's own grey just passes."""
    assert tokens.contrast("#000000", "#ffffff") == pytest.approx(21)
    assert tokens.contrast("#1b5a53", "#1b5a53") == 1
    assert tokens.contrast("#ffffff", "#767676") == pytest.approx(4.54, abs=0.005)


@pytest.mark.parametrize("pair", tokens.pairs(CSS), ids=lambda p: f"{p.ink}-on-{p.ground}")
def test_what_is_written_can_be_read(pair: tokens.Pair) -> None:
    """Letters have a contrast of at least 4.5 to what is below them, edges of 3 (WCAG AA)."""
    assert pair.ratio >= pair.least


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda path: str(path.name))
def test_every_token_that_is_used_is_there(sheet: object) -> None:
    """A style sheet asks for no token that page.css does not have."""
    text = (ROOT / str(sheet)).read_text(encoding="utf-8")
    own = set(re.findall(r"--([\w-]+):", text))
    asked = set(re.findall(r"var\(--([\w-]+)", text))
    assert asked - own - tokens.tokens(CSS).keys() - {"wash", "deep", "band"} == set()


def test_every_token_is_used() -> None:
    """No token stands there for nothing."""
    every = "".join(path.read_text(encoding="utf-8") for path in SHEETS)
    assert [name for name in tokens.tokens(CSS) if f"var(--{name}" not in every] == []


@pytest.mark.parametrize("language", ["ko", "en"])
def test_the_page_of_the_look_shows_every_piece(language: str) -> None:
    """Each macro of _parts.html is called on the page, and each colour and state stands there."""
    html = fakes.client_of(FakeDesk(fakes.calm())).get(f"/design?lang={language}").text
    template = (ROOT / "gateway/web/templates/design.html").read_text(encoding="utf-8")
    pieces = [n for n in re.findall(r"macro (\w+)\(", PARTS) if not n.startswith("_")]
    assert [n for n in pieces if f"parts.{n}(" not in template] == ["form"]  # posts: none here
    assert all(f"--{name}" in html for name in design.COLOURS)
    assert all(f"#i-{name}" in html for name in design.ICONS)
