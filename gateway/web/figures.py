"""Figures of adherence for reading: raw beside cleaned, and all that has to stand beside them.

Knows: a summary's rows, the catalogue of adherence, the page's words. May not know: HTML, Flask,
any formula.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from gateway.adherence.metrics_cleaned import Group, Row
from gateway.adherence.metrics_words import in_words
from gateway.adherence.summary import Summary
from gateway.web.words import Words

View = dict[str, Any]

WEEK_DAYS = 7


def overall(summary: Summary, words: Words) -> list[View]:
    """The figures of all doses, each in full."""
    return [_row(row, words) for row in summary.rows if row.group is Group.ALL]


def groups(summary: Summary, words: Words) -> list[View]:
    """The same per drug, per slot of the day, per week: {"title", "parts": [{"name", "rows"}]}."""
    found = []
    for group in (Group.DRUG, Group.LABEL, Group.WEEK):
        parts: dict[str, list[View]] = {}
        rows = [r for r in summary.rows if r.group is group]
        rows += summary.supply if group is Group.DRUG else ()
        for row in rows:
            parts.setdefault(row.key, []).append(_row(row, words))
        named = [{"name": _name(group, key, words), "rows": of} for key, of in parts.items()]
        if named:
            found.append({"id": str(group), "title": words.say(f"figures.{group}"), "parts": named})
    return found


def _name(group: Group, key: str, words: Words) -> str:
    if group is Group.LABEL:
        return words.code("label", key)
    if group is Group.WEEK:
        monday = date.fromisoformat(key)
        sunday = monday + timedelta(days=WEEK_DAYS - 1)
        return words.say("figures.week.of", monday=words.day(monday), sunday=words.day(sunday))
    return key or words.say("rx.nameless")


def _row(row: Row, words: Words) -> View:
    """One formula, raw and cleaned. What was left out may differ: each says its own."""
    raw, cleaned = (in_words(figure, words.language) for figure in (row.raw, row.cleaned))
    return {
        "name": raw.name,
        "raw": raw,
        "cleaned": cleaned,
        "same": raw == cleaned,
        "formula": raw.formula,
        "corrected": len(row.corrections),
        "overlaps": [
            words.say("figures.overlap", day=words.day_of(c.from_day), until=words.day_of(c.to_day))
            for c in row.overlaps
        ],
    }
