"""Homes that nobody lives in: signs of life drawn for residents of different rhythms.

Knows: eleven rhythms, when somebody sleeps, goes out, stays away. May not know: detectors.

No rhythm was fitted to a recording; they are made so that a detector fitted to the few recorded
homes can be caught. The same seed gives the same home.
"""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

DAY_MIN = 1_440
HOLIDAY_EVERY, HOLIDAY_AT = 120, 100  # days
FIRST_SIGN_SHARE = 0.9  # of days begin with one soon after waking


@dataclass(frozen=True, slots=True)
class Rhythm:
    """How one resident lives; minutes after local midnight, minutes of spread."""

    name: str
    wakes_min: int
    wakes_spread_min: int
    awake_min: int
    signs_a_day: float
    out_share: float  # of days with one long outing
    out_min: tuple[int, int]
    night_away_share: float  # of days that end elsewhere, 20 to 40 h
    night_sign_share: float  # of nights with a sign in the middle
    shift_min: tuple[int, ...] = (0,)  # added to the waking hour, a day each in turn
    away_of_week: tuple[int, ...] = tuple(range(7))  # days of the week that may end elsewhere
    declines: bool = False  # four months long ever later and emptier days, then as before


WEEK = 7
SHIFTS = (0,) * WEEK + (480,) * WEEK + (900,) * WEEK
NIGHTS = (540,) * 5 + (180, 0)  # up at 15:00 before a night's work, earlier on free days
RHYTHMS = (
    Rhythm("regular", 390, 25, 930, 6.0, 0.10, (240, 540), 0.002, 0.05),
    Rhythm("irregular", 480, 80, 900, 5.0, 0.20, (240, 720), 0.003, 0.20),
    Rhythm("night owl", 660, 60, 900, 4.0, 0.15, (240, 540), 0.002, 0.30),
    Rhythm("shift work", 360, 30, 960, 6.0, 0.05, (240, 540), 0.002, 0.05, SHIFTS),
    Rhythm("sparse kettle", 420, 40, 900, 2.5, 0.10, (240, 540), 0.002, 0.02),
    Rhythm("like clockwork", 360, 12, 940, 8.0, 0.05, (120, 240), 0.001, 0.02),
    Rhythm("late riser", 600, 45, 870, 5.0, 0.15, (180, 480), 0.002, 0.10),
    Rhythm("two kettles a day", 420, 30, 900, 1.2, 0.10, (180, 420), 0.002, 0.02),
    Rhythm(
        "weekends away", 450, 40, 920, 5.0, 0.10, (240, 540), 0.35, 0.05, away_of_week=(5,)
    ),
    Rhythm("night work", 360, 45, 930, 5.0, 0.60, (540, 660), 0.002, 0.10, NIGHTS),
    Rhythm("declining", 420, 30, 900, 6.0, 0.10, (240, 540), 0.002, 0.10, declines=True),
)  # fmt: skip
DECLINE_DAYS, DECLINE_LATER_MIN, DECLINE_EMPTIER = 120, 150, 0.7


def signs_min(rhythm: Rhythm, days: int, seed: int) -> list[int]:
    """Minutes from the first local midnight at which a human load began, ascending."""
    draw = Random(f"{rhythm.name} {seed}")
    found: list[int] = []
    away_until = 0.0
    for day in range(days):
        if day % HOLIDAY_EVERY == HOLIDAY_AT:
            away_until = (day + draw.randint(3, 10)) * DAY_MIN + 1_000.0
        worn = day % DECLINE_DAYS / DECLINE_DAYS if rhythm.declines else 0.0
        later = rhythm.shift_min[day % len(rhythm.shift_min)] + worn * DECLINE_LATER_MIN
        wakes = day * DAY_MIN + later + draw.gauss(rhythm.wakes_min, rhythm.wakes_spread_min)
        day_signs = [] if draw.random() < 1 / 400 else _day(rhythm, wakes, worn, draw)
        found += [int(at) for at in day_signs if at > away_until]
        if day % WEEK in rhythm.away_of_week and draw.random() < rhythm.night_away_share:
            away_until = max(
                away_until, wakes + draw.uniform(240, 600) + draw.uniform(1_200, 2_400)
            )
    return _merged(sorted(at for at in found if 0 <= at < days * DAY_MIN))


def _day(rhythm: Rhythm, wakes: float, worn: float, draw: Random) -> list[float]:
    """The signs of one waking day, and perhaps one of the night after it."""
    asleep = wakes + rhythm.awake_min + draw.gauss(0, rhythm.wakes_spread_min)
    signs = [wakes + draw.expovariate(1 / 20)] if draw.random() < FIRST_SIGN_SHARE else []
    rate = rhythm.signs_a_day * (1 - DECLINE_EMPTIER * worn) / rhythm.awake_min
    at = wakes
    while (at := at + draw.expovariate(rate)) < asleep:
        signs.append(at)
    if draw.random() < rhythm.out_share:
        leaves = wakes + draw.uniform(60, 300)
        back = leaves + draw.uniform(*rhythm.out_min)
        signs = [at for at in signs if not leaves < at < back]
    if draw.random() < rhythm.night_sign_share:
        signs.append(asleep + draw.uniform(60, DAY_MIN - rhythm.awake_min - 60))
    return signs


def _merged(signs: list[int], bout_min: int = 30) -> list[int]:
    """One sign a bout: what comes within half an hour of the sign before belongs to it."""
    return [at for n, at in enumerate(signs) if not n or at - signs[n - 1] > bout_min]
