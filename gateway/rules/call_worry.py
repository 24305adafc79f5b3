"""In a call somebody said that a person is wanted, or fell silent: she is to be called back.

Knows: which answers and which ends of a call want a person. May not know: other rules, guardians,
texts, what was said in words.

A key says what she means. A voice without one, silence after she was there, wrong keys: they raise
concern, and nothing else.
"""

from __future__ import annotations

from gateway.calls.believed import CONCERNS, WORRY_KEY, Made
from gateway.calls.questions import WANTED
from gateway.household import Household
from gateway.rules.worry import Worry, WorryKind

# The most telling first; and which text says it, the kind's own where none stands here.
REASONS = ("asked_for_a_call", "pain", "worried", "said", "spoke", "fell_silent", "wrong_digits")
WORDS = {"asked_for_a_call": "asked", "pain": "pain", "worried": "worried"}


def worries(household: Household, now_ms: int) -> list[Worry]:
    """One worry for each call after which a person is wanted, due when that was known."""
    del now_ms
    found = []
    for call_id, made in household.calls.worrying.items():
        because = _because(made)
        reasons = sorted(because, key=REASONS.index)
        if reasons:
            due_ms, reason = min(because.values()), reasons[0]
            found.append(
                Worry(
                    WorryKind.CALL_WORRY,
                    f"{WORRY_KEY}{call_id}",
                    made.begun.person_id,
                    None,
                    due_ms,
                    reason,
                    words=WORDS.get(reason, ""),
                    detail={"reasons": reasons},
                )
            )
    return found


def _because(made: Made) -> dict[str, int]:
    """Why a person is wanted, and since when that is known."""
    said = {WANTED[a.answer]: a.at_ms for a in reversed(made.answers) if a.answer in WANTED}
    if made.ended_ms is not None and made.why in CONCERNS:
        said.setdefault(made.why, made.ended_ms)
    return said


def next_deadline(household: Household, now_ms: int) -> int | None:
    """None: she is looked after when she says it, never by time alone."""
    del household, now_ms
    return None
