"""What the page says about entries: its own examples are understood, every refusal has words."""

from __future__ import annotations

import inspect
import json
import re
import string
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway import entering
from gateway.prescription import shorthand
from gateway.prescription.policy_table import TABLE
from gateway.prescription.shorthand_problem import Wrong
from gateway.prescription.sound import unsound
from gateway.web import bags
from gateway.web.catalogues import CATALOGUES
from gateway.web.medicines import amount
from gateway.web.words import Words
from tests.gateway.fhir.foreign import A_MONTH, AFTER_BREAKFAST, bundle, dosage, dose, request
from tests.gateway.test_web_prescriptions import BAG
from tests.web import lived

KO, EN = Words("ko", "Asia/Seoul"), Words("en", "Asia/Seoul")


@settings(max_examples=20)
@given(st.sampled_from(lived.BAGS + lived.FRESH), st.sampled_from([KO, EN]))
def test_what_is_shown_is_what_is_entered(line: str, words: Words) -> None:
    """The preview's text, sent again, is read as the same medicine."""
    draft = bags.read("shorthand", line, words)
    assert draft.good
    assert bags.read(draft.way, draft.said, words).medications == draft.medications


@pytest.mark.parametrize(("catalogue", "words"), [(CATALOGUES["ko"], KO), (CATALOGUES["en"], EN)])
def test_the_pages_own_examples_are_understood(catalogue: dict[str, str], words: Words) -> None:
    """Whatever the page proposes to write can be read."""
    line = catalogue["rx.shorthand.hint"].split(": ", 1)[1]
    assert shorthand.read(line).medication
    for key in (k for k in catalogue if re.fullmatch(r"bag\.when\.\d+", k)):
        draft = bags.read(
            "form", bags.table_of({**BAG, "when": catalogue[key], "times": ""}), words
        )
        often = bags.read(
            "form", bags.table_of({**BAG, "when": catalogue[key], "times": "3"}), words
        )
        assert draft.good or often.good, catalogue[key]
    for said in catalogue["bag.hint.amount"].split(", "):
        assert bags.read("form", bags.table_of({**BAG, "amount": said}), words).good, said


def test_every_refusal_has_words() -> None:
    """Whatever an entry is refused for, it is one sentence in both languages, with its values."""
    raised = re.findall(r'EntryRefused\("(\w+)"((?:, \w+=)?[^)]*)\)', inspect.getsource(entering))
    assert len(raised) > 15
    for code, values in raised:
        given_values = set(re.findall(r", (\w+)=", values))
        for catalogue in (CATALOGUES["ko"], CATALOGUES["en"]):
            sentence = catalogue[f"entry.not.{code}"]
            wanted = {field for _, field, _, _ in string.Formatter().parse(sentence) if field}
            assert wanted <= given_values, code


def test_every_class_field_and_mistake_has_words() -> None:
    """No code of the other rooms is left over on the page."""
    fields = set(re.findall(r'"(\w+)": ', inspect.getsource(unsound)))
    assert len(fields) > 10
    for catalogue in (CATALOGUES["ko"], CATALOGUES["en"]):
        assert [n for n in TABLE if f"class.{n}" not in catalogue] == []
        assert [w for w in Wrong if f"bag.wrong.{w}" not in catalogue] == []
        assert [f for f in bags.FIELDS if f"bag.{f}" not in catalogue] == []
        assert [f for f in fields if f"sound.{f}" not in catalogue] == []
        assert [s for s in entering.SOURCES if f"rx.source.{s}" not in catalogue] == []


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"medicationCodeableConcept": {"text": "A\x1bB"}}, "name"),
        ({"dispenseRequest": {"expectedSupplyDuration": {**A_MONTH, "value": 900}}}, "days_supply"),
        ({"dosageInstruction": [dose({"value": 500, "unit": "mg"})]}, "amount"),
        ({"dosageInstruction": [dosage({**AFTER_BREAKFAST, "offset": 500})]}, "dosing"),
    ],
)
def test_what_would_be_refused_is_not_offered(more: dict[str, object], field: str) -> None:
    """Nothing is shown as good to enter that entering refuses; the sentence is the same."""
    asked = request(**more)
    for one in asked["dosageInstruction"]:
        one.get("timing", {}).get("repeat", {}).pop("boundsDuration", None)
    supply = {"dispenseRequest": {"expectedSupplyDuration": A_MONTH}}
    draft = bags.read("fhir", json.dumps(bundle({**supply, **asked})), KO)
    assert [unsound(m) for m in draft.medications] == [field]
    assert not draft.good
    name = draft.medications[0].name
    wanted = KO.say("entry.not.medication", place=1, name=name, field=KO.say(f"sound.{field}"))
    assert [m.says for m in draft.mistakes] == [wanted]


def test_half_tablets_stay_halves() -> None:
    """Amounts are shown as they are, in the language's units."""
    assert amount(Fraction(1, 2), "T", KO) == "0.5정"
    assert amount(Fraction(1, 3), "T", KO) == "1/3정"
    assert amount(Fraction(5), "mL", EN) == "5 mL"
