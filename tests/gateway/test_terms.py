"""How each kind of text is treated: every purpose of the catalogue has its terms."""

from __future__ import annotations

from gateway import catalogue
from gateway.app.terms import DOSE, HELP, TERMS, terms_of
from tests.gateway.test_log import decided

CHANGES = {"missed_after_all", "doubtful_after_all"}  # to those who were told before


def test_every_purpose_has_terms() -> None:
    """What can be said has its urgency, its validity and its wait for a report, by name."""
    said = {purpose for words in catalogue.LANGUAGES.values() for purpose in words.TEXTS}
    assert said - TERMS.keys() == set()


def test_whoever_is_to_go_is_waited_for() -> None:
    """A text that sends somebody to a person waits five minutes for its report (promise P6)."""
    going = {purpose for purpose, terms in TERMS.items() if terms in (HELP, DOSE)}
    assert going >= {"dose_missed", "dose_unconfirmed", "dose_doubtful", "double_dose"}
    assert all(0 < TERMS[purpose].report_min <= 5 for purpose in going)
    assert terms_of(decided(1)) == DOSE


def test_help_goes_first() -> None:
    """Nothing is more urgent than a call for help; thanks and weekly texts wait for all others."""
    assert TERMS["help_pressed"].urgency == min(terms.urgency for terms in TERMS.values())
    last = max(terms.urgency for terms in TERMS.values())
    assert {TERMS[p].urgency for p in ("weekly", "thanks", "by_word")} == {last}
    assert last > DOSE.urgency > HELP.urgency
