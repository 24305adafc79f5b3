"""What became of a person's doses over days, and the figures of it, as the API says them.

Knows: the shapes of a history and a summary. May not know: any formula.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from gateway.adherence.history import History, history
from gateway.adherence.metrics_cleaned import Row
from gateway.adherence.metrics_input import DoseFact, Figure
from gateway.adherence.metrics_words import say
from gateway.adherence.openings import Opening
from gateway.adherence.summary import summary
from gateway.api.look import Look
from gateway.zones import local

Json = dict[str, Any]

LANGUAGE = "en"  # of the formulas; everything else is a code


def doses(look: Look) -> Json:
    """Every dose and opening of the period, and what persons said."""
    told = _told(look)
    said = {one.slot: one.taken for one in told.corrections}
    return {
        **_head(look, told),
        "doses": [_dose(fact, told, said.get(fact.slot)) for fact in told.doses.facts],
        "openings": [_opening(one) for one in told.openings],
        "corrections": [
            {
                "slot_id": str(one.slot),
                "taken": one.taken,
                "by": one.by,
                "why": one.why,
                "at_ms": one.at_ms,
            }
            for one in told.words
        ],
        "away": [{"from_day": a.from_day, "to_day": a.to_day, "why": a.why} for a in told.away],
    }


def adherence(look: Look) -> Json:
    """Every figure of the period, raw beside cleaned."""
    told = _told(look)
    found = summary(told)
    return {**_head(look, told), "figures": [_row(row) for row in (*found.rows, *found.supply)]}


def _told(look: Look) -> History:
    """The history of the asked days: so many, up to the last one."""
    person, to = look.person, look.asked["to"]
    today = local(look.now_ms, look.roster.zone).date()
    last = date.fromisoformat(to) if to is not None else today
    first = last - timedelta(days=look.asked["days"] - 1)
    period = (first.isoformat(), last.isoformat())
    return history(look.home.household, person.id, *period, look.now_ms)


def _head(look: Look, told: History) -> Json:
    days = {"from_day": told.from_day, "to_day": told.to_day}
    return {**look.line, **days, "as_of_ms": told.as_of_ms}


def _dose(fact: DoseFact, told: History, corrected: int | None) -> Json:
    return {
        "slot_id": str(fact.slot),
        "label": fact.label,
        "due_ms": fact.due_ms,
        "state": str(fact.state),
        "how": str(fact.how) if fact.how else None,
        "reason": str(told.reasons[fact.slot]),
        "opened_ms": fact.opened_ms,
        "corrected": corrected,
    }


def _opening(one: Opening) -> Json:
    return {
        "compartment": one.compartment,
        "meaning": one.meaning,
        "at_ms": one.at_ms,
        "time": str(one.quality),
        "slot_id": str(one.slot) if one.slot else None,
    }


def _row(row: Row) -> Json:
    return {
        "metric": row.raw.metric,
        "definition": say(LANGUAGE, f"formula.{row.raw.metric}"),
        "group": str(row.group),
        "key": row.key,
        "raw": _figure(row.raw),
        "cleaned": _figure(row.cleaned),
        "corrections": len(row.corrections),
    }


def _figure(figure: Figure) -> Json:
    plain = (
        "value", "unit", "numerator", "denominator", "low", "high", "monitored_days", "unknown",
        "doubtful", "by_word",
    )  # fmt: skip
    windows = [{"early_min": w.early_min, "late_min": w.late_min} for w in figure.window]
    return {**{name: getattr(figure, name) for name in plain}, "windows": windows}
