"""What a resident is prescribed: rules, one-offs, windows, spacing, something PRN.

Knows: schedule entries as plain tuples. May not know: any file of the firmware or of anbu_wire.
"""

from __future__ import annotations

import random

from tests.firmware.days import facts as f
from tests.firmware.days.facts import DAY_S

_MEALS_MIN = (450, 750, 1110, 1320)


def regimen(chance: random.Random, zone: f.Zone, first_day: int) -> list[f.PlainEntry]:
    """One to four dose times a day as rules or one by one, perhaps something PRN."""
    count = chance.choice((1, 1, 2, 2, 3, 3, 4))
    step = chance.choice((1, 1, 1, 1, 0))
    entries: list[f.PlainEntry] = []
    for index in range(count):
        minute = _MEALS_MIN[index] + chance.randrange(-30, 31)
        if index == 3 or (count == 1 and chance.random() < 0.2):
            minute = chance.choice((1310, 1375, 1425, 1435))
        first = first_day - chance.randrange(3)
        due = first * DAY_S + minute * 60
        due -= f.offset_s(zone, due)
        times = _windows(chance, index, count)
        rule = _rule(chance, first)
        if rule[0]:
            entries.append(((first, index), index * 7, due, *times, *rule, step, 0))
        else:
            entries += _one_by_one(first, index, due, times, step)
    if count < 4 and chance.random() < 0.4:
        entries.append(_prn(chance, zone, first_day))
    return entries


def _windows(chance: random.Random, index: int, count: int) -> tuple[int, ...]:
    early, window = chance.choice((5, 10, 20, 45)), chance.choice((20, 30, 45, 90))
    late = chance.choice((0, 0, 30, 90))
    skip = chance.choice((0, 0, 0, window // 2, window + 10, window + late + 60))
    spacing, back, before = 0, 0, 0
    if count > 1 and chance.random() < 0.5:
        spacing = chance.choice((120, 180, 240, 330))
        back, before = (0, index - 1) if index else (1, count - 1)
    return (early, window, late, skip, spacing, back, before, chance.choice((0, 0, 1, 2)))


def _rule(chance: random.Random, first: int) -> tuple[int, int, int]:
    every = chance.choice((1, 1, 1, 2, 3, 0))
    weekdays = chance.choice((0, 0, 0, 0b1010101, 0b0011111)) if every == 1 else 0
    return (every, weekdays, chance.choice((0, 0, 0, first + 4)))


def _one_by_one(
    first: int, index: int, due: int, times: tuple[int, ...], step: int
) -> list[f.PlainEntry]:
    return [
        (
            (first + n, index),
            index * 7 + (first + n + 5) % 7 * step,
            due + n * DAY_S,
            *times,
            *(0, 0, 0, 0, 0),
        )
        for n in range(10)
    ]


def _prn(chance: random.Random, zone: f.Zone, first_day: int) -> f.PlainEntry:
    since = first_day * DAY_S - f.offset_s(zone, first_day * DAY_S)
    spacing, most = chance.choice((60, 240)), chance.choice((1, 2, 4))
    until = chance.choice((0, first_day + 4))
    return ((first_day, 9), 27, since, 0, 0, 0, 0, spacing, 0, 0, 0, 0, 0, until, 0, most)
