"""What a call asks, as one table: the sentence, the keys that answer, what follows from each.

Knows: questions, answers, their order. May not know: which are asked of whom, how they are heard.

One is always well, two is not so well, zero is always "somebody shall call me". Where an answer
wants a person, nothing more is asked: she has said what matters.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from gateway.calling import VOICE_MESSAGE, WELLBEING

HERE, OPENED, MEDICATION, ANY_MEDICINE = "here", "opened", "medication", "any_medicine"
HELP = "help"
SPOKE = "spoke"  # a voice, and no key
SAID = "said"  # a recogniser took a word for a concern


class Then(StrEnum):
    """What follows an answer."""

    NEXT = "next"  # the next question; after the last one goodbye
    CARE = "care"  # it is passed on to a person, who was promised; goodbye


@dataclass(frozen=True, slots=True)
class Option:
    """What a key means."""

    answer: str
    then: Then = Then.NEXT
    good: bool = True  # for the figures over weeks


@dataclass(frozen=True, slots=True)
class Question:
    """One row. Without options it is a word said on the way to the next question.

    `ask`: its sentences; `repeats`: how often it is said again where nothing is heard; `kept_as`:
    the question that the answer is written down under; `matters`: what she may have said in words,
    or with a wrong key, is looked after.
    """

    ask: tuple[str, ...]
    options: dict[str, Option]
    repeats: int = 1
    kept_as: str = ""
    matters: bool = False


def _of(well: str, not_well: str, then: Then = Then.NEXT) -> dict[str, Option]:
    return {"1": Option(well), "2": Option(not_well, then, good=False), **_ZERO}


_ZERO = {"0": Option(HELP, Then.CARE, good=False)}
_MEDICINE = _of("taken", "not_yet")

QUESTIONS: dict[str, Question] = {
    # She has to find her glasses and the key first: this one has more patience than the others.
    HERE: Question((HERE,), {"1": Option(HERE), **_ZERO}, repeats=2),
    "meals": Question(("meals",), _of("yes", "no")),
    "sleep": Question(("sleep",), _of("well", "badly")),
    "outing": Question(("outing",), _of("out", "in")),
    OPENED: Question(("opened",), {}),
    MEDICATION: Question((MEDICATION,), _MEDICINE),
    ANY_MEDICINE: Question(
        (MEDICATION, "no-medicine"), {**_MEDICINE, "3": Option("none")}, kept_as=MEDICATION
    ),
    "pain": Question(("pain",), _of("none", "pain", Then.CARE), matters=True),
    "worry": Question(("worry",), _of("none", "worry", Then.CARE), matters=True),
    "well": Question(("well",), {"1": Option("well"), **_ZERO}, repeats=2),
}

# In their order; where the medicine stands, one of three is asked or none (gateway.calls.medicine).
ASKED: dict[str, tuple[str, ...]] = {
    WELLBEING: (HERE, "meals", "sleep", "outing", MEDICATION, "pain", "worry"),
    VOICE_MESSAGE: ("well",),
}
# The answers after which a person is wanted, and why.
WANTED = {HELP: "asked_for_a_call", "pain": "pain", "worry": "worried", SAID: "said"}


def name_of(question: str) -> str:
    """What its answer is written down under."""
    return QUESTIONS[question].kept_as or question


def ends(question: str, answer: str) -> bool:
    """Whether nothing is asked after this answer, so that a call broken off then is over."""
    last = {name_of(asked[-1]) for asked in ASKED.values()}
    if question in last:
        return True
    options = (
        o for q in QUESTIONS if name_of(q) == question for o in QUESTIONS[q].options.values()
    )
    return any(o.answer == answer and o.then is Then.CARE for o in options)


def is_good(question: str, answer: str) -> bool | None:
    """Whether an answer is the well one, for the figures; None: it says nothing of that."""
    for key, row in QUESTIONS.items():
        for option in row.options.values():
            if name_of(key) == question and option.answer == answer:
                return option.good
    return None
