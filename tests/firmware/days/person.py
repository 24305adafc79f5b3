"""Residents, drawn from a seed: what they are prescribed and what they do in their days.

Knows: habits, mistakes, journeys, troubles with clocks and power, as plain tuples in true time.
May not know: what the box makes of it, any file of the firmware.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from typing import Any

from tests.firmware.days import facts as f
from tests.firmware.days.facts import DAY_S, Dose

Happening = tuple[int, str, tuple[Any, ...]]  # true ms from the start, what, with what
COMPARTMENTS = 28
HOUR_S = 3600
_MEALS_MIN = (450, 750, 1110, 1320)
_NEW_YEARS = (8766, 9132, 9497, 9862, 10227)  # 2024 … 2028-01-01, days from 2000-01-01


@dataclass
class Story:
    """All that happens; the box is told only what its lids, buttons, clock and radio tell it."""

    start_s: int  # wall s of the first moment, a right clock's
    days: int
    entries: list[f.PlainEntry]
    zone: f.Zone
    quiet_min: tuple[int, int] = (0, 0)
    happenings: list[Happening] = field(default_factory=list)

    def at(self, wall_s: float, what: str, *with_what: object) -> None:
        """`what` happens when a right clock says `wall_s` (fractions of a second count)."""
        self.happenings.append((int((wall_s - self.start_s) * 1000), what, with_what))


@dataclass(frozen=True)
class Nature:
    """How likely things are for this resident; all of them a day."""

    clock: float
    power: float
    gateway: float
    mess: float


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
        _habit(chance, story, dose, nature)
    for day in range(days):
        _day(chance, story, start_s + day * DAY_S, doses, nature)
    return story


def _zone(chance: random.Random, first_day: int) -> f.Zone:
    if chance.random() < 0.8:
        return (540, 0, 0)
    change_s = (first_day + chance.randrange(1, 6)) * DAY_S + chance.randrange(24) * HOUR_S
    before = chance.choice((-300, 0, 60, 330, 540))
    return (before, change_s, before + chance.choice((-60, 60)))


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
    early, window = chance.choice((10, 15, 20, 60)), chance.choice((20, 30, 45, 90))
    late = chance.choice((0, 0, 30, 90))
    skip = chance.choice((0, 0, 0, window // 2, window + 10, window + late + 60))
    spacing, back, before = 0, 0, 0
    if count > 1 and chance.random() < 0.5:
        spacing = chance.choice((120, 180, 240, 280))
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


# --- with one dose -----------------------------------------------------------------------------


def _habit(chance: random.Random, story: Story, dose: Dose, nature: Nature) -> None:
    lid, due = dose.compartment, dose.due
    usual = due + chance.gauss(240, 200)
    if chance.random() > nature.mess:
        _opens(chance, story, lid, max(usual, due - dose.early_s + 30))
        return
    late = due + chance.uniform(0, 1.2) * (dose.window_s + dose.late_s)
    chance.choice(_MISTAKES)(chance, story, dose, usual, late)


def _forgets(chance: random.Random, story: Story, dose: Dose, usual: float, late: float) -> None:
    """Nothing happens."""


def _comes_late(chance: random.Random, story: Story, dose: Dose, usual: float, late: float) -> None:
    _opens(chance, story, dose.compartment, late)


def _comes_early(
    chance: random.Random, story: Story, dose: Dose, usual: float, late: float
) -> None:
    before_s = chance.uniform(0.2, 2) * dose.early_s
    _opens(chance, story, dose.compartment, dose.due - before_s)
    _opens(chance, story, dose.compartment, usual)


def _takes_the_wrong(
    chance: random.Random, story: Story, dose: Dose, usual: float, late: float
) -> None:
    wrong = chance.randrange(COMPARTMENTS)
    story.at(usual, "open", wrong)
    story.at(usual + chance.choice((2.2, 5.1, 8.4, 14.3, 48.7)), "shut", wrong)
    _opens(chance, story, dose.compartment, usual + chance.uniform(4, 400))


def _peeps(chance: random.Random, story: Story, dose: Dose, usual: float, late: float) -> None:
    _briefly(chance, story, dose.compartment, chance.choice((usual, late)))
    if chance.random() < 0.5:
        _opens(chance, story, dose.compartment, usual + chance.uniform(20, 1500))


def _opens_again(
    chance: random.Random, story: Story, dose: Dose, usual: float, late: float
) -> None:
    _opens(chance, story, dose.compartment, usual)
    _opens(chance, story, dose.compartment, usual + chance.uniform(60, 20_000))


def _is_asked(chance: random.Random, story: Story, dose: Dose, usual: float, late: float) -> None:
    story.at(late, "word", dose.slot, chance.choice((0, 0, 1)))
    story.at(late + chance.uniform(1, 4000), "word", dose.slot, chance.choice((0, 1)))


def _snoozes(chance: random.Random, story: Story, dose: Dose, usual: float, late: float) -> None:
    for _ in range(chance.randrange(1, 6)):
        usual += chance.choice((3, 40, 100, 400, 650))
        story.at(usual, "ok")
    _opens(chance, story, dose.compartment, usual + 100)


def _snoozes_on(chance: random.Random, story: Story, dose: Dose, usual: float, late: float) -> None:
    for n in range(6):
        story.at(usual + n * 640, "ok")
        story.at(usual + n * 640 + 15, "ok")


def _leaves_it_open(
    chance: random.Random, story: Story, dose: Dose, usual: float, late: float
) -> None:
    story.at(usual, "open", dose.compartment)
    story.at(usual + chance.uniform(320, 3000), "shut", dose.compartment)


_MISTAKES = (
    _forgets, _comes_late, _comes_early, _takes_the_wrong, _takes_the_wrong, _peeps,
    _opens_again, _is_asked, _snoozes, _snoozes_on, _leaves_it_open,
)  # fmt: skip


def _opens(chance: random.Random, story: Story, lid: int, at_s: float) -> None:
    story.at(at_s, "open", lid)
    story.at(at_s + chance.uniform(1.5, 20), "shut", lid)


def _briefly(chance: random.Random, story: Story, lid: int, at_s: float) -> None:
    story.at(at_s, "open", lid)
    story.at(at_s + chance.uniform(0.1, 0.9), "shut", lid)


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
    _opens(chance, story, chance.randrange(COMPARTMENTS), at_s)


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
        _opens(chance, story, lid, at_s + off_s * chance.uniform(0.1, 0.9))
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
            _opens(chance, story, chance.choice(near).compartment, at_s + lasts_s * 0.5)
        story.at(at_s + lasts_s, "right")
    elif kind == 3:
        story.at(at_s, "drift", chance.choice((0.95, 0.99, 1.01, 1.05)))
        story.at(at_s + lasts_s, "right")
    else:
        story.at(at_s, "nobody looks", chance.choice((90, 900, 8000)))
    if chance.random() < 0.3:
        story.at(at_s + lasts_s + 30, "cut", 2, -1, True)  # a watched one, after the trouble
