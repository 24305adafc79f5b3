"""Who looks in on somebody and what was found, in words.

Knows: the page's words, rotas, visits. May not know: Flask, who may see it.
"""

from __future__ import annotations

from typing import Any

from gateway.looking_in import AT_THE_DOOR, STRANGER, VisitMade, VisitsPlanned
from gateway.visiting.rota import Due
from gateway.visiting.visits import ALIVE, LEFT, Made
from gateway.web.words import Words

View = dict[str, Any]


def expected(due: Due, words: Words) -> str:
    """Who is expected: "김이웃 (neighbour)"."""
    return words.say("rota.who", who=due.who, role=words.code("rota.role", due.role))


def line(of: VisitsPlanned, words: Words) -> View:
    """A line of the rota: who, when."""
    days = ", ".join(words.say(f"day.short.{day}") for day in of.weekdays)
    return {
        "who": of.who,
        "role": words.code("rota.role", of.role),
        "role_code": of.role,
        "when": words.say(f"rota.every.{of.every_weeks}", days=days),
        "since": words.day_of(of.from_day),
        "by": said_by(of.by, words),
    }


def found(made: Made, now_ms: int, words: Words) -> View:
    """What somebody found: the sentence, when, who, and how it looks."""
    who = made.visitor if isinstance(made, VisitMade) else made.deliverer
    sign = "taken" if made.outcome in ALIVE else "late" if made.outcome == LEFT else "missed"
    return {
        "what": words.code("found", made.outcome),
        "outcome": made.outcome,
        "alive": made.outcome in ALIVE,
        "sign": sign,
        "at": words.moment(made.at_ms, now_ms),
        "who": who or said_by(made.by, words),
        "text": made.text,
    }


def said_by(by: str, words: Words) -> str:
    """Who said it: a name, or by which address it came."""
    keys = {AT_THE_DOOR: "found.by_plate", STRANGER: "found.by_stranger"}
    return words.say(keys[by]) if by in keys else by
