"""Figures of adherence for reading: raw beside cleaned, and all that has to stand beside them.

Knows: a summary's rows, the catalogue of adherence, the page's words. May not know: HTML, Flask,
any formula.
"""

from __future__ import annotations

from typing import Any

from gateway.adherence.metrics_cleaned import Group, Row
from gateway.adherence.metrics_words import in_words
from gateway.adherence.summary import Summary
from gateway.web.words import Words

View = dict[str, Any]


def overall(summary: Summary, words: Words) -> list[View]:
    """The figures of all doses, each in full."""
    return [_row(row, words) for row in summary.rows if row.group is Group.ALL]


def groups(summary: Summary, words: Words) -> list[View]:
    """The same per drug, per slot of the day, per week: {"title", "parts": [{"name", "rows"}]}."""
    found = []
    for group in (Group.DRUG, Group.LABEL, Group.WEEK):
        parts: dict[str, list[Row]] = {}
        rows = [r for r in summary.rows if r.group is group]
        rows += summary.supply if group is Group.DRUG else ()
        for row in rows:
            parts.setdefault(row.key, []).append(row)
        named = [
            {"name": _name(of[0], words), "rows": [_row(row, words) for row in of]}
            for of in parts.values()
        ]
        if named:
            found.append({"id": str(group), "title": words.say(f"figures.{group}"), "parts": named})
    return found


def _name(row: Row, words: Words) -> str:
    """Of what a row is; of a week the days that lie in the period."""
    if row.group is Group.LABEL:
        return words.code("label", row.key)
    if row.group is Group.WEEK:
        begin, end = (words.day_of(day) for day in row.raw.period)
        return words.say("figures.week.of", monday=begin, sunday=end)
    return row.key or words.say("rx.nameless")


def _row(row: Row, words: Words) -> View:
    """One formula, raw and cleaned. What was left out may differ: each says its own."""
    raw, cleaned = (in_words(figure, words.language) for figure in (row.raw, row.cleaned))
    return {
        "name": raw.name,
        "raw": raw,
        "cleaned": cleaned,
        "same": raw == cleaned,
        "formula": raw.formula,
        "symbols": raw.symbols,
        "corrected": len(row.corrections),
        "overlaps": [
            words.say("figures.overlap", day=words.day_of(c.from_day), until=words.day_of(c.to_day))
            for c in row.overlaps
        ],
    }
