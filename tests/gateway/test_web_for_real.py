"""The page over the gateway's own desk, picture and decisions: nothing between them is made up."""

from __future__ import annotations

import re

import pytest

from anbu_wire import messages as wire
from gateway.desk import Desk
from gateway.events import TextReceived
from gateway.picture import picture
from gateway.web import create_app
from tests.gateway import home_facts as facts


def page_at(clock: str, *, box_says_missed: bool, answered: bool, language: str) -> str:
    """What stands on the page at `clock`, the evening's window ending at 19:00."""
    home = facts.begun(facts.at("08:00"))
    if box_says_missed:
        home.fold(facts.record(1, wire.SLOT_LATE, facts.at("19:00:02")))
        home.fold(facts.caught_up(facts.at("19:00:05")))
    facts.settle(home, facts.at("19:00:06") if box_says_missed else facts.at("19:06"))
    if answered:
        reply = TextReceived(facts.at("19:08"), facts.DAUGHTER, "1", "key-1")
        for fact in [*home.answer(reply, facts.at("19:08")), reply]:
            home.fold(fact)
    now_ms = facts.at(clock)
    desk = Desk(lambda: picture(home.household, home.ledger, now_ms))
    return create_app(desk).test_client().get(f"/?lang={language}").text


@pytest.mark.parametrize("language", ["ko", "en"])
@pytest.mark.parametrize(
    ("box_says_missed", "answered", "level"),
    [(True, False, "help"), (True, True, "unsure"), (False, False, "help")],
)
def test_the_gateways_own_words_are_understood(
    box_says_missed: bool, answered: bool, level: str, language: str
) -> None:
    """Every state, step and reason of the real gateway is a sentence on the page, never a code.

    With the answer given the incident is taken, but the box was last heard nine minutes ago.
    """
    html = page_at("19:09", box_says_missed=box_says_missed, answered=answered, language=language)
    assert f"level-{level}" in html
    spoken = re.sub(r"<blockquote.*?</blockquote>|<[^>]+>|AB-000001", " ", html, flags=re.DOTALL)
    spoken = re.sub(r"김순자|이지은|박영희|English|한국어|JSON", "", spoken)
    assert not re.search(r"\w_\w|\bNone\b|\{", spoken)
    assert not re.search(r"[가-힣]" if language == "en" else r"[A-Za-z]{3}", spoken)
    assert ("이지은" in html) or not answered


def test_not_confirmed_is_never_called_missed() -> None:
    """Nothing was heard from the box: the page, too, says only that it is not confirmed."""
    html = page_at("19:09", box_says_missed=False, answered=False, language="en")
    assert "Not confirmed" in html
    assert "Not opened" not in html
