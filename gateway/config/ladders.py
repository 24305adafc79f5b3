"""Who is told of what and when: keys of [[guardian]], [[person]] and [policy].

Knows: their checks and defaults. May not know: files, what is decided by them.

All of them may be left out: files written before there were any go on as they were.
"""

from __future__ import annotations

from typing import Any

from gateway.config.fields import (
    Check,
    Field,
    _address,
    _clock,
    _name,
    _one_of,
    _quiet,
    _weekdays,
    _whole,
)
from gateway.incidents.kinds import Group
from gateway.roster import LEVELS, ROLES, WEEKDAYS

NEVER = "never"
LAST_SAFE_DAY = 28  # every month has it

Row = dict[str, Any]


def _kinds(value: Any) -> tuple[str, ...]:  # noqa: ANN401 - whatever TOML can hold
    names = [str(group) for group in Group]
    good = isinstance(value, list) and value and all(v in names for v in value)
    if not good or len(set(value)) != len(value):
        raise ValueError("a list of different kinds out of " + ", ".join(f'"{n}"' for n in names))
    return tuple(sorted(value, key=names.index))


def _hours(check: Check) -> Check:
    def hours(value: Any) -> dict[str, str]:  # noqa: ANN401
        found: dict[str, str] = check(value)
        if found["from"] == found["until"]:
            raise ValueError("two different clocks; left out = the whole day")
        return found

    return hours


def _day_of_month(value: Any) -> int:  # noqa: ANN401
    allowed = f'a day of the month from 1 to {LAST_SAFE_DAY}, or "{NEVER}"'
    if value == NEVER:
        return 0
    whole = isinstance(value, int) and not isinstance(value, bool)
    if not whole or not 1 <= value <= LAST_SAFE_DAY:
        raise ValueError(allowed)
    return int(value)


def _weekly_day(value: Any) -> str:  # noqa: ANN401
    day = _one_of((*WEEKDAYS, NEVER))(value)
    return "" if day == NEVER else day


GUARDIAN: dict[str, Field] = {
    "role": Field(_one_of(ROLES), ROLES[0]),
    "kinds": Field(_kinds, ()),
    "hours": Field(_hours(_quiet), None),
    "weekdays": Field(_weekdays, ()),
    "quiet": Field(_hours(_quiet), None),
}
PERSON: dict[str, Field] = {
    "ask_min": Field(_whole(1, 60), None),
    "level": Field(_one_of(tuple(LEVELS)), None),
    "dong": Field(_name, ""),
    "address": Field(_address, ""),
}
POLICY: dict[str, Field] = {
    "weekly_cap": Field(_whole(0, 1000), 21),
    "news_at": Field(_clock, "10:00"),
    "weekly_day": Field(_weekly_day, "sun"),
    "test_day": Field(_day_of_month, 1),
}


def with_ladders(sections: dict[str, dict[str, Field]]) -> dict[str, dict[str, Field]]:
    """Sections of gateway.config.fields together with the keys that belong to ladders."""
    more = {"guardian": GUARDIAN, "person": PERSON, "policy": POLICY}
    return {name: {**keys, **more.get(name, {})} for name, keys in sections.items()}


def told_by(row: Row) -> Row:
    """What a row of [[guardian]] says about when she is told, as fields of roster.Guardian."""
    return {name: row[name] for name in GUARDIAN}


def watched_by(row: Row) -> Row:
    """What a row of [[person]] says beside her medicines, as fields of roster.Person."""
    return {name: row[name] for name in PERSON}
