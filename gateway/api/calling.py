"""The calls that ask a person as the API says them: plans, the next one, what each came to.

Knows: the calls' beliefs. May not know: whom to call and why. No telephone number: that is a
contact's.
"""

from __future__ import annotations

from typing import Any

from gateway.api.look import Look
from gateway.calls.believed import Made
from gateway.calls.queue import next_call_ms

Json = dict[str, Any]


def calls(look: Look) -> Json:
    """Her plans, and the newest calls first."""
    believed, person = look.home.household.calls, look.person
    made = [call for task in believed.of(person.id) for call in reversed(task.calls)]
    consent = believed.consent.get(person.id)
    return {
        **look.line,
        "as_of_ms": look.now_ms,
        "next_ms": next_call_ms(look.home.household, person.id, look.now_ms),
        "plans": [
            {"call": name, **{key: planned.plan[key] for key in _SHOWN}}
            for name, planned in believed.plans.get(person.id, {}).items()
            if planned.plan is not None
        ],
        "recorded": consent is not None and consent.given,
        "calls": [_call(call) for call in made[: look.asked["limit"]]],
    }


_SHOWN = ("weekdays", "from", "until", "language")


def _call(made: Made) -> Json:
    begun = made.begun
    return {
        "id": begun.call_id,
        "call": begun.call,
        "day": begun.day,
        "attempt": begun.attempt,
        "begun_ms": begun.at_ms,
        "ended_ms": made.ended_ms,
        "outcome": made.outcome or None,
        "why": made.why,
        "answers": [
            {"question": a.question, "answer": a.answer, "digit": a.digit, "at_ms": a.at_ms}
            for a in made.answers
        ],
    }
