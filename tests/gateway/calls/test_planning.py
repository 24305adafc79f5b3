"""What is entered about calls becomes facts, or is refused with what is wrong."""

from __future__ import annotations

from typing import Any

import pytest

from gateway.calls.planning import ConsentCalls, PlanCalls
from gateway.entering import entered
from gateway.events import CallsConsent, CallsPlanned, from_json, to_json
from gateway.refused import EntryRefused
from tests.gateway.calls.called import PLAN, called
from tests.gateway.home_facts import at

NOW_MS = at("09:00")


def plan(**changes: Any) -> PlanCalls:  # noqa: ANN401 - of PLAN
    """She is to be called Monday and Thursday, but for what is changed."""
    return PlanCalls("soonja", "wellbeing", {**PLAN, **changes}, "최담당")


def test_a_plan_is_kept_as_it_will_be_read() -> None:
    """Days in the week's order, the number as it is dialled; it survives the log."""
    entry = plan(weekdays=["thu", "mon", "thu"], number="010-9999-0000")
    facts = entered(called(), entry, NOW_MS)
    kept = CallsPlanned(NOW_MS, "soonja", "wellbeing", PLAN, "최담당")
    assert facts == [kept]
    assert from_json(kept.kind, to_json(kept)) == kept


def test_no_plan_and_consent() -> None:
    """Not any more; and whether she may be recorded."""
    none = PlanCalls("soonja", "voice_message", None, "최담당")
    assert entered(called(), none, NOW_MS)[0].plan is None  # type: ignore[attr-defined]
    consent = ConsentCalls("soonja", given=True, by="최담당")
    assert entered(called(), consent, NOW_MS) == [
        CallsConsent(NOW_MS, "soonja", given=True, by="최담당")
    ]


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"weekdays": []}, "call_weekdays"),
        ({"weekdays": "mon"}, "call_weekdays"),
        ({"weekdays": ["mon", "someday"]}, "call_weekdays"),
        ({"from": "06:59"}, "call_window"),
        ({"until": "21:01"}, "call_window"),
        ({"from": "ten"}, "call_window"),
        ({"from": "11:31"}, "call_window_short"),
        ({"from": "13:00"}, "call_window_short"),
        ({"number": "one"}, "call_number"),
        ({"number": "119"}, "call_number"),
        ({"number": "060-700-1234"}, "call_number"),  # whoever is rung there is paid for it
        ({"number": "+8260-700-1234"}, "call_number"),
        ({"number": "+900 1234 5678"}, "call_number"),  # abroad
        ({"number": "00700-1-900-555-1234"}, "call_number"),
        ({"language": "fr"}, "call_language"),
    ],
)
def test_what_cannot_be_so_is_refused(changes: dict[str, Any], code: str) -> None:
    """Nobody is rung out of bed, into nowhere, or too shortly to try three times."""
    with pytest.raises(EntryRefused) as refused:
        entered(called(), plan(**changes), NOW_MS)
    assert refused.value.code == code


def test_nobody_and_no_such_call_are_refused() -> None:
    """A person who does not live here; a call there is not."""
    for entry, code in (
        (PlanCalls("nobody", "wellbeing", None, "a"), "person"),
        (ConsentCalls("nobody", given=True, by="a"), "person"),
        (PlanCalls("soonja", "sales", None, "a"), "call"),
    ):
        with pytest.raises(EntryRefused) as refused:
            entered(called(), entry, NOW_MS)
        assert refused.value.code == code
