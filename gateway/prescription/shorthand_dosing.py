"""The words of a line about when and on which days, put together.

Knows: which of these words go together, and the conventions below. It never guesses: what is left
open or contradicts itself is a problem with its place.
May not know: amounts, supply, what else stands on a bag, how words are found.

Conventions: twice a day is morning and evening, three times adds noon, four times bedtime; once a
day must name its time. A meal relation without minutes is right after, or right before, the meal
(식후 30분 is no longer the default in Korea since 2017). Bedtime has no meal: of `qid pc` the
relation holds for the three meals. Every n hours counts from 08:00 unless it says from when.
"""

from __future__ import annotations

import re

from gateway.prescription.medication import AsNeeded, AtMeals, Days, Dosing, EveryHours, Relation
from gateway.prescription.shorthand_kinds import Kind
from gateway.prescription.shorthand_problem import Problem, Wrong
from gateway.prescription.shorthand_scan import Token
from gateway.prescription.shorthand_table import WEEKDAYS_KO
from gateway.roster import LABELS, WEEKDAYS

USUAL = {
    2: ("morning", "evening"),
    3: ("morning", "noon", "evening"),
    4: LABELS,
}
DAY_HOURS = 24
MOST_OFFSET_MIN = 240
MOST_DAYS_APART = 28  # as far as the box's rules reach back
MOST_LEAST_H = 72
_CLOCK = re.compile(r"([01]?\d|2[0-3]):[0-5]\d")


class Words:
    """The words of one line by kind, and the problems found so far."""

    def __init__(self, tokens: tuple[Token, ...], length: int) -> None:
        self.tokens = tokens
        self.length = length
        self.problems: list[Problem] = []

    def all(self, *kinds: Kind) -> list[Token]:
        """The words of these kinds, in order."""
        return [t for t in self.tokens if t.kind in kinds]

    def one(self, kind: Kind) -> Token | None:
        """The word of a kind; every further one is a problem."""
        found = self.all(kind)
        for token in found[1:]:
            self.complain(token, Wrong.TWICE, "once")
        return found[0] if found else None

    def complain(self, token: Token | None, wrong: Wrong, *expected: str) -> None:
        """Something is wrong with a word; None: it is missing at the line's end."""
        at, text = (token.at, token.text) if token else (self.length, "")
        self.problems.append(Problem(at, len(text), wrong, text, expected))

    def refuse(self, expected: str, *kinds: Kind) -> None:
        """None of these kinds goes with the rest of the line."""
        for token in self.all(*kinds):
            self.complain(token, Wrong.CONTRADICTION, expected)

    def number(self, token: Token, low: int, high: int, expected: str) -> int:
        """The number of a word, which must lie within two limits; `low` where it does not."""
        number = token.number()
        if low <= number <= high:
            return number
        self.complain(token, Wrong.LIMIT, expected)
        return low


def dosing(words: Words) -> Dosing:
    """When a dose is due; what cannot be said goes to the words' problems."""
    if words.all(Kind.PRN):
        return _as_needed(words)
    words.refuse("only_prn", Kind.MOST, Kind.LEAST)
    if words.all(Kind.HOURS):
        return _every_hours(words)
    words.refuse("first_with_hours", Kind.FIRST)
    return _at_meals(words)


def _as_needed(words: Words) -> AsNeeded:
    words.one(Kind.PRN)
    timed = (Kind.TIMES, Kind.LABEL, Kind.RELATION, Kind.FIRST)
    words.refuse("prn_alone", *timed, Kind.EVERY, Kind.WEEKLY, Kind.WEEKDAY)
    most, least, hours = words.one(Kind.MOST), words.one(Kind.LEAST), words.one(Kind.HOURS)
    if least and hours:
        words.complain(hours, Wrong.TWICE, "once")
    interval_min = None
    apart = least or hours
    if apart:
        unit_min = 1 if apart.value == "min" else 60
        limit = MOST_LEAST_H * 60 // unit_min
        interval_min = words.number(apart, 1, limit, "least") * unit_min
    daily = words.number(most, 1, DAY_HOURS, "most") if most else None
    return AsNeeded(interval_min, daily)


def _every_hours(words: Words) -> EveryHours:
    words.refuse("hours_alone", Kind.LABEL, Kind.RELATION)
    words.refuse("hours_alone", Kind.EVERY, Kind.WEEKLY, Kind.WEEKDAY)
    token, first, times = words.one(Kind.HOURS), words.one(Kind.FIRST), words.one(Kind.TIMES)
    hours = token.number() if token else 0
    if token and (hours < 1 or DAY_HOURS % hours):
        words.complain(token, Wrong.LIMIT, "hours")
    elif times and times.number() * hours != DAY_HOURS:
        words.complain(times, Wrong.CONTRADICTION, "times_as_hours")
    if first is None:
        return EveryHours(hours)
    if not _CLOCK.fullmatch(first.parts["clock"]):
        words.complain(first, Wrong.LIMIT, "clock")
    return EveryHours(hours, first.parts["clock"].zfill(5))


def _at_meals(words: Words) -> AtMeals:
    relation, offset_min = _relation(words)
    times = words.one(Kind.TIMES)
    named = _labels(words)
    often = words.number(times, 1, len(LABELS), "times") if times else 0
    if named and times and often != len(named):
        words.complain(times, Wrong.CONTRADICTION, "times_as_labels")
    labels = named or USUAL.get(often, ())
    if not labels:
        _complain_of_no_label(words, times)
    if labels == ("bedtime",) and words.all(Kind.RELATION):
        words.refuse("no_meal_at_bedtime", Kind.RELATION)
    return AtMeals(labels, relation, offset_min)


def _complain_of_no_label(words: Words, times: Token | None) -> None:
    """It is not said when: at which meal, or nothing at all."""
    hints = words.all(Kind.RELATION) or ([times] if times else [])
    hints = hints or words.all(Kind.EVERY, Kind.WEEKDAY, Kind.WEEKLY)
    if hints:
        words.complain(hints[0], Wrong.MISSING, "label")
    else:
        words.complain(None, Wrong.MISSING, "dosing")


def _labels(words: Words) -> tuple[str, ...]:
    """The times of day that are named, in the day's order."""
    said: set[str] = set()
    for token in words.all(Kind.LABEL):
        if token.value in said:
            words.complain(token, Wrong.TWICE, "once")
        said.add(token.value)
    if any("all" in t.parts for t in words.all(Kind.RELATION)) and not said - {"bedtime"}:
        said |= set(USUAL[3])
    return tuple(label for label in LABELS if label in said)


def _relation(words: Words) -> tuple[Relation, int]:
    """The meal relation; it may be said again, but not differently."""
    found: tuple[Relation, int] | None = None
    for token in words.all(Kind.RELATION):
        minutes = int(token.parts.get("n", 0)) or int(token.parts.get("h", 0)) * 60
        if ("n" in token.parts or "h" in token.parts) and not 0 < minutes <= MOST_OFFSET_MIN:
            words.complain(token, Wrong.LIMIT, "offset")
        here = (Relation(token.value), minutes)
        if found not in {None, here}:
            words.complain(token, Wrong.CONTRADICTION, "one_relation")
        found = found or here
    return found or (Relation.AT, 0)


def days(words: Words) -> Days:
    """On which days; what cannot be said goes to the words' problems."""
    every, weekly = words.one(Kind.EVERY), words.one(Kind.WEEKLY)
    named = _weekdays(words)
    if words.all(Kind.PRN, Kind.HOURS):
        return Days()  # reported with the dosing
    apart = words.number(every, 1, MOST_DAYS_APART, "every") if every else 1
    if weekly and not named:
        words.complain(weekly, Wrong.MISSING, "weekday")
    elif weekly and (weekly.number() or len(named)) != len(named):
        words.complain(weekly, Wrong.CONTRADICTION, "times_as_weekdays")
    if every and apart > 1 and (named or weekly):
        words.complain(every, Wrong.CONTRADICTION, "every_or_weekdays")
    return Days(weekdays=named) if named else Days(apart)


def _weekdays(words: Words) -> tuple[int, ...]:
    said: set[int] = set()
    for token in words.all(Kind.WEEKDAY):
        here = _weekdays_of(token)
        if said & set(here) or len(set(here)) < len(here):
            words.complain(token, Wrong.TWICE, "once")
        said |= set(here)
    return tuple(sorted(said))


def _weekdays_of(token: Token) -> list[int]:
    """Weekdays of `월·수·금요일`, `월-금`, `every monday` or `mon-fri`, 0 Monday."""
    korean = token.text.replace("요일", "")
    found = [WEEKDAYS_KO.index(sign) for sign in korean if sign in WEEKDAYS_KO]
    if not found:
        names = re.findall("|".join(WEEKDAYS), token.text.lower())
        found = [WEEKDAYS.index(name) for name in names]
    if token.value != "range":
        return found
    return [(found[0] + n) % 7 for n in range((found[1] - found[0]) % 7 + 1)]
