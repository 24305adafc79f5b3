"""What FHIR wants is said whole in both languages, wherever it is asked for."""

from __future__ import annotations

import ast
import re
import string

import pytest

from gateway.fhir.codes import MEANING
from gateway.fhir.invariants import TIMING
from gateway.fhir.wanted import Unsaid, Wanted
from gateway.fhir.words import WORDS
from tests.tree import sources

KEYS = {*(f"wanted.{w}" for w in Wanted), *(f"unsaid.{u}" for u in Unsaid)}
RULES = {rule.key for rule in TIMING}
NAMES_ALONE = {"wanted.exactly", "wanted.dosage", "wanted.dispense"}  # what FHIR calls it
# Names of elements, codes and units of FHIR: the same in every language.
FHIR = {
    *MEANING,
    *(word for rule in TIMING for word in re.findall(r"\w+", rule.expression)),
    *("Bundle", "Dosage", "Duration", "Medication", "Ratio", "Reference", "asNeededBoolean"),
    *("asNeededCodeableConcept", "boundsDuration", "code", "coding", "dispenseRequest", "display"),
    *("doseAndRate", "doseQuantity", "false", "frequency", "medicationCodeableConcept", "repeat"),
    *("sequence", "text", "timing", "true", "unit", "value", "min", "wk", "mg", "tim"),
    *("YYYY", "MM", "DD", "HH"),
}


def _filled_in(text: str) -> set[str]:
    return {field for _, field, _, _ in string.Formatter().parse(text) if field}


@pytest.mark.parametrize("language", WORDS)
def test_every_key_has_a_word_and_every_word_a_key(language: str) -> None:
    """No mistake without its words, no words that nothing says."""
    assert WORDS[language].keys() == KEYS
    assert all(WORDS[language].values())


def test_both_languages_are_whole() -> None:
    """The same is filled in, and in Korean nothing but FHIR's own names is in Latin letters."""
    for key, korean in WORDS["ko"].items():
        english = WORDS["en"][key]
        assert _filled_in(korean) == _filled_in(english), key
        assert not re.search(r"[가-힣]", english), key
        assert key in NAMES_ALONE or re.search(r"[가-힣]", korean), key
        latin = re.findall(r"[A-Za-z]{2,}", re.sub(r"\{\w+\}", "", korean))
        assert set(latin) <= FHIR, key


def test_every_rule_of_r4_is_wanted() -> None:
    """A broken rule of Timing is told by its own key, in English word for word as R4 has it."""
    assert {w for w in Wanted if w.startswith("tim-")} == RULES
    for rule in TIMING:
        assert WORDS["en"][f"wanted.{rule.key}"] == f"{rule.key}: {rule.human}"


def test_who_asks_brings_what_is_filled_in() -> None:
    """Wherever something is refused, all that its words name stands there; no key is unused."""
    brought = dict(_asked())
    for name, values in brought.items():
        assert values == [_filled_in(WORDS["ko"][f"wanted.{Wanted[name]}"])] * len(values), name
    assert {Wanted[name] for name in brought} == set(Wanted) - {Wanted(key) for key in RULES}


def _asked() -> dict[str, list[set[str]]]:
    """Every place of the room that wants something: the key's name → what each place brings."""
    found: dict[str, list[set[str]]] = {}
    for source in sources():
        if not source.path.startswith("gateway/fhir/"):
            continue
        calls = [n for n in ast.walk(source.tree) if isinstance(n, ast.Call)]
        refusals = {
            id(argument): {str(k.arg) for k in call.keywords} - {"found"}
            for call in calls
            for argument in call.args
            if isinstance(call.func, ast.Attribute) and call.func.attr == "refuse"
        }
        for node in ast.walk(source.tree):
            if isinstance(node, ast.Attribute) and getattr(node.value, "id", "") == "Wanted":
                found.setdefault(node.attr, []).append(refusals.get(id(node), set()))
    return found
