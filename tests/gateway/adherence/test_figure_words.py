"""Every figure has a name and a formula in both languages; what a formula counts by, it says."""

from __future__ import annotations

import re

import pytest

from gateway.adherence.metrics import HOLIDAY_DAYS, INTERVAL_SHARE
from gateway.adherence.metrics_cleaned import IMPLEMENTATION, OF_THE_WHOLE
from gateway.adherence.metrics_input import Figure
from gateway.adherence.metrics_words import CATALOGUES, in_words
from gateway.adherence.summary import OF_SUPPLY
from tests.gateway.adherence.records import BY_HAND, SPRING

FIGURES = [
    *(formula(BY_HAND) for formula in (*IMPLEMENTATION, *OF_THE_WHOLE)),
    *(formula(SPRING) for formula in OF_SUPPLY),
]
METRICS = {figure.metric for figure in FIGURES}
THREE = {"ko": "3일", "en": "three"}


@pytest.mark.parametrize("language", CATALOGUES)
def test_every_figure_has_words_and_every_word_a_figure(language: str) -> None:
    """A name and a formula for each, symbols where it is a share, and none that is of no figure."""
    words = CATALOGUES[language]
    for group in ("metric", "formula"):
        named = {k.removeprefix(f"{group}.") for k in words if k.startswith(f"{group}.")}
        assert named == METRICS
    shares = {figure.metric for figure in FIGURES if figure.unit == "percent"}
    symbols = {k.removeprefix("symbols.") for k in words if k.startswith("symbols.")}
    assert symbols == {*shares, "key"}


@pytest.mark.parametrize("figure", FIGURES, ids=lambda f: f.metric)
def test_formulas_are_korean_on_a_korean_page(figure: Figure) -> None:
    """No English word in a Korean formula, no Korean one in an English; one set of symbols."""
    korean, english = in_words(figure, "ko"), in_words(figure, "en")
    assert not re.search(r"[A-Za-z]{2}", korean.formula + korean.symbols)
    assert not re.search(r"[가-힣]", english.formula + english.symbols)
    assert re.search(r"[가-힣]", korean.formula)
    assert korean.symbols.replace("복용", "doses") == english.symbols


@pytest.mark.parametrize("language", CATALOGUES)
def test_every_symbol_is_told(language: str) -> None:
    """Whatever letter stands in a formula, the key to the symbols says what it is."""
    words = CATALOGUES[language]
    told = words["symbols.key"]
    for name, symbols in words.items():
        if name.startswith("symbols.") and name != "symbols.key":
            for letter in re.findall(r"(?<!\w)[A-Za-zτ](?:_d)?(?!\w)|Δ_k", symbols):
                assert re.search(rf"(?<!\w){letter}(?!\w)", told), (name, letter)


@pytest.mark.parametrize("language", CATALOGUES)
def test_a_formula_says_the_numbers_it_counts_by(language: str) -> None:
    """The days of a drug holiday and the share of an interval are those that are reckoned with."""
    words = CATALOGUES[language]
    assert HOLIDAY_DAYS == 3
    assert THREE[language] in words["formula.drug_holidays"]
    assert f"±{100 * INTERVAL_SHARE:.0f} %" in words["formula.timing_interval"]
    assert f"{INTERVAL_SHARE}·τ" in words["symbols.timing_interval"]
