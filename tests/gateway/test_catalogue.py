"""Every text fits every route, with the longest names, numbers and times."""

from __future__ import annotations

import itertools
from string import Formatter

import pytest

from gateway import catalogue
from gateway.adherence import How, State
from gateway.catalogue import LANGUAGES, Facts
from gateway.roster import LABELS
from tests.gateway.home_facts import SEOUL, at

NAMES = ["남궁가나다라마바사", "Maximiliana Theodora", "뷁뷁뷁뷁뷁뷁뷁", "김순자"]
CASES = list(itertools.product(LANGUAGES, LANGUAGES["ko"].TEXTS, NAMES, LABELS))


def _longest(name: str, label: str, what: str = "device_unseen") -> Facts:
    then_ms, now_ms = at("23:59", "2026-12-29"), at("08:00", "2026-12-30")
    return Facts(99999, name, label, then_ms, now_ms, SEOUL, 99, name, what, then_ms)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_text_fits_every_route(language: str) -> None:
    """≤ 70 UTF-16 units and ≤ 80 bytes of cp949, also when marked as a repeat."""
    for of, purpose, name, label in CASES:
        if of == language:
            body = catalogue.say(language, purpose, _longest(name, label))
            marked = catalogue.mark_repeat(language, body)
            assert catalogue.over_budget(marked) is None, marked
            assert len(marked) > len(body)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_thing_fits(language: str) -> None:
    """What was wrong and is mended, and what the weekly text names, fit whatever it is."""
    for purpose, what in itertools.product(("gone", "weekly_not"), LANGUAGES[language].THINGS):
        body = catalogue.say(language, purpose, _longest(NAMES[0], "evening", what))
        assert catalogue.over_budget(catalogue.mark_repeat(language, body)) is None, body
        assert LANGUAGES[language].THINGS[what] in body


def test_no_drug_and_no_disease_is_named() -> None:
    """A text says which dose of the day it is, never of what: it stands on a locked screen."""
    for language in LANGUAGES.values():
        fields = {f for text in language.TEXTS.values() for _, f, _, _ in Formatter().parse(text)}
        assert fields <= {
            None,
            "n",
            "name",
            "label",
            "time",
            "until",
            "count",
            "who",
            "what",
            "link",
        }


def test_over_budget_notices() -> None:
    """The budget's judge finds what is too long and what a Korean phone cannot show."""
    assert catalogue.over_budget("가" * 40) is None
    assert catalogue.over_budget("가" * 41) is not None
    assert catalogue.over_budget("a" * 71) is not None
    assert catalogue.over_budget("🙂") is not None
    assert catalogue.over_budget("18:00–19:00") is not None


def test_languages_say_the_same_things() -> None:
    """Both catalogues know the same purposes, labels and states, and all states there are."""
    for table in ("TEXTS", "LABELS", "STATES", "THINGS"):
        assert set(getattr(LANGUAGES["ko"], table)) == set(getattr(LANGUAGES["en"], table))
    states = {str(s) for s in State} | {f"taken_{h}" for h in How}
    assert set(LANGUAGES["ko"].STATES) == states


@pytest.mark.parametrize("language", LANGUAGES)
def test_texts_that_ask_say_how_to_answer(language: str) -> None:
    """Whoever is asked to act reads the incident's number and what to write."""
    for purpose in ("dose_missed", "dose_unconfirmed", "missed_after_all"):
        body = catalogue.say(language, purpose, _longest("김순자", "evening"))
        assert "99999" in body
        assert "1" in body.rsplit(".", 1)[-1] or "1" in body.rsplit(" ", 1)[-1]
    assert "12 1" in catalogue.say(language, "help")


def test_names_are_cut_between_characters() -> None:
    """A long name keeps whole characters and at most twelve bytes."""
    assert catalogue.short_name("남궁가나다라마바사") == "남궁가나다라"
    assert catalogue.short_name("Theodora Maximiliana") == "Theodora Max"
