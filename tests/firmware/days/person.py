"""Residents, drawn from a seed: what they are prescribed and what they do in their days.

Knows: habits, mistakes, journeys, troubles with clocks and power, as plain tuples in true time.
May not know: what the box makes of it, any file of the firmware.
"""

from __future__ import annotations

import random

from tests.firmware.days import facts as f
from tests.firmware.days.facts import DAY_S, Dose
from tests.firmware.days.habits import habit, opens
from tests.firmware.days.regimen import regimen
from tests.firmware.days.story import COMPARTMENTS, Nature, Story

HOUR_S = 3600
_NEW_YEARS = (8766, 9132, 9497, 9862, 10227)  # 2024 … 2028-01-01, days from 2000-01-01


_NATURES = (
    Nature(0.0, 0.0, 0.1, 0.1),
    Nature(0.0, 0.0, 0.1, 0.3),
    Nature(0.0, 0.5, 0.2, 0.2),
    Nature(0.4, 0.0, 0.1, 0.2),
    Nature(0.3, 0.6, 0.3, 0.4),
)


def live(seed: int, days: int = 7) -> Story:
    """The days of the resident that this seed draws."""
    chance = random.Random(seed)
    first_day = chance.choice((chance.randrange(8000, 13_000), chance.choice(_NEW_YEARS) - 3))
    zone = _zone(chance, first_day)
    entries = regimen(chance, zone, first_day)
    start_s = first_day * DAY_S - f.offset_s(zone, first_day * DAY_S) + chance.randrange(HOUR_S)
    story = Story(start_s, days, entries, zone)
    if chance.random() < 0.3:
        story.quiet_min = (chance.choice((1260, 1320)), chance.choice((360, 420)))
    nature = chance.choice(_NATURES)
    doses = f.slots_between(entries, zone, start_s, start_s + days * DAY_S)
    for dose in doses:
        habit(chance, story, dose, nature)
    for day in range(days):
        _day(chance, story, start_s + day * DAY_S, doses, nature)
    return story


def _zone(chance: random.Random, first_day: int) -> f.Zone:
    if chance.random() < 0.8:
        return (540, 0, 0)
    change_s = (first_day + chance.randrange(1, 6)) * DAY_S + chance.randrange(24) * HOUR_S
    before = chance.choice((-300, 0, 60, 330, 540))
    return (before, change_s, before + chance.choice((-60, 60)))


# --- in one day --------------------------------------------------------------------------------


def _day(
    chance: random.Random, story: Story, from_s: int, doses: list[Dose], nature: Nature
) -> None:
    near = [d for d in doses if from_s <= d.due < from_s + DAY_S]
    for happens, share in (
        (_strays, nature.mess),
        (_drops, nature.mess / 8),
        (_asks_prn, 0.6),
        (_refills, 0.12),
        (_leaves, 0.05),
        (_gateway, nature.gateway),
        (_power, nature.power),
        (_clock, nature.clock),
    ):
        if chance.random() < share:
            happens(chance, story, _moment(chance, from_s, near), near)


def _moment(chance: random.Random, from_s: int, near: list[Dose]) -> float:
    """Some time of the day, as often as not while a dose's windows run."""
    if near and chance.random() < 0.7:
        dose = chance.choice(near)
        end = dose.window_s + dose.late_s
        return dose.due + chance.uniform(-dose.early_s, end + 300)
    return from_s + chance.uniform(0, DAY_S)


def _strays(chance: random.Random, story: Story, at_s: float, near: list[Dose]) -> None:
    opens(chance, story, chance.randrange(COMPARTMENTS), at_s)


def _drops(chance: random.Random, story: Story, at_s: float, near: list[Dose]) -> None:
    lids = chance.sample(range(COMPARTMENTS), chance.randrange(3, 9))
    if near and chance.random() < 0.5:
        lids[chance.randrange(len(lids))] = chance.choice(near).compartment
    stays_s = chance.choice((0.3, 4.0, 30.0))
    for n, lid in enumerate(dict.fromkeys(lids)):
        story.at(at_s + n * 0.07, "open", lid)
        story.at(at_s + n * 0.07 + stays_s, "shut", lid)


def _asks_prn(chance: random.Random, story: Story, at_s: float, near: list[Dose]) -> None:
    for _ in range(chance.randrange(1, 5)):
        story.at(at_s, "open", 27)
        story.at(at_s + chance.choice((4.2, 15.3)), "shut", 27)
        at_s += chance.choice((60, 3500, 3700, 14_000, 15_000))


def _refills(chance: random.Random, story: Story, at_s: float, near: list[Dose]) -> None:
    lids = sorted(chance.sample(range(COMPARTMENTS), chance.randrange(1, 8)))
    if near and chance.random() < 0.4:
        lids = sorted({*lids, chance.choice(near).compartment})
    mask = 0 if chance.random() < 0.15 else sum(1 << c for c in lids)
    mode = chance.choice((1, 1, 2))
    story.at(at_s, "refill", mode, mask)
    for lid in lids:
        at_s += chance.choice((5, 30, 200))
        wanted = lid if chance.random() < 0.85 else chance.randrange(COMPARTMENTS)
        story.at(at_s, "open", wanted)
        story.at(at_s + chance.choice((0.6, 2.0, 4.0)), "shut", wanted)
    if chance.random() < 0.5:
        story.at(at_s + 100, "refill", 0, 0)


def _leaves(chance: random.Random, story: Story, at_s: float, near: list[Dose]) -> None:
    until_s = int(at_s + chance.uniform(0.1, 3) * DAY_S)
    story.at(at_s, "away", int(at_s + chance.choice((-HOUR_S, 0, HOUR_S))), until_s)
    if chance.random() < 0.3:
        story.at(at_s + chance.uniform(0, DAY_S), "away", 0, 0)


def _gateway(chance: random.Random, story: Story, at_s: float, near: list[Dose]) -> None:
    day = int(at_s) // DAY_S
    kind = chance.randrange(3)
    if kind == 0:
        story.at(at_s, "schedule", regimen(chance, story.zone, day), story.zone)
    elif kind == 1:
        story.at(at_s, "schedule", list(story.entries), story.zone)
    elif near:
        dose = chance.choice(near)
        story.at(at_s, "word", dose.slot, chance.choice((0, 1)))


def _power(chance: random.Random, story: Story, at_s: float, near: list[Dose]) -> None:
    off_s = chance.choice((0.5, 5, 40, 100, 1200, 7200, 40_000, 150_000))
    kept = chance.choice((-1, -1, 0, 1, 9))  # −1: now; else within the next write, so much of it
    watched = chance.random() < 0.4
    story.at(at_s, "cut", off_s, kept, watched)
    if near and chance.random() < 0.5:
        lid = chance.choice((chance.choice(near).compartment, chance.randrange(COMPARTMENTS)))
        opens(chance, story, lid, at_s + off_s * chance.uniform(0.1, 0.9))
    if chance.random() < 0.15:
        story.at(at_s - 100, "log", False)
        story.at(at_s + chance.uniform(10, 20_000), "log", True)


def _clock(chance: random.Random, story: Story, at_s: float, near: list[Dose]) -> None:
    kind = chance.randrange(5)
    lasts_s = chance.choice((20, 300, 4000, 30_000))
    if kind == 0:
        year = 365 * DAY_S
        by_s = chance.choice((7, 100, 1800, 7200, DAY_S, year)) * chance.choice((-1, 1))
        story.at(at_s, "jump", by_s)
        story.at(at_s + lasts_s, "right")
    elif kind in (1, 2):
        story.at(at_s, "lost")
        if near and chance.random() < 0.5:
            opens(chance, story, chance.choice(near).compartment, at_s + lasts_s * 0.5)
        story.at(at_s + lasts_s, "right")
    elif kind == 3:
        story.at(at_s, "drift", chance.choice((0.95, 0.99, 1.01, 1.05)))
        story.at(at_s + lasts_s, "right")
    else:
        story.at(at_s, "nobody looks", chance.choice((90, 900, 8000)))
    if chance.random() < 0.3:
        story.at(at_s + lasts_s + 30, "cut", 2, -1, True)  # a watched one, after the trouble
