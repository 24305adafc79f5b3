"""Who is told in a simulated home: as the gateway's roster has it, and as the oracle's ladder.

Knows: both shapes, the gateway's own defaults. May not know: what happens in the home.
"""

from __future__ import annotations

from gateway.roster import LABELS, PILLBOX, Device, Guardian, Person, Policy, Regimen, Roster
from gateway.units import HOUR_MS, MIN_MS
from tools.bench import years
from tools.bench.told_happened import Ladder, Step, Story
from tools.bench.years import BOX, PERSON

POLICY = Policy()
RARELY_MS = 6 * HOUR_MS  # between the last step's texts, after it was told a few times
People = tuple[tuple[str, str, int], ...]
"""(name, role, minutes after an incident opened) of each."""
PEOPLE: dict[str, People] = {
    "two_steps": (("daughter", "guardian", 0), ("neighbour", "neighbour", 15)),
    "three_steps": (
        ("son", "guardian", 0), ("neighbour", "neighbour", 15), ("officer", "officer", 30),
    ),
    "together": (("daughter", "guardian", 0), ("son", "guardian", 0), ("officer", "officer", 20)),
}  # fmt: skip
NUMBERS = {
    name: f"+8210{n}0000000"
    for n, name in enumerate(("daughter", "son", "neighbour", "officer"), 1)
}


def roster(people: People) -> Roster:
    """A home with one resident, her box, and these people."""
    return Roster(
        home_id="home",
        time_zone=years.ZONE,
        language="ko",
        persons=(Person(PERSON, "김순자"),),
        devices=(Device(BOX, PILLBOX, PERSON),),
        guardians=tuple(
            Guardian(name, PERSON, name, NUMBERS[name], "ko", after, role)
            for name, role, after in people
        ),
        regimens=(Regimen(PERSON, LABELS, window_min=60, late_min=60),),
        policy=POLICY,
    )


def story(people: People, until_ms: int) -> Story:
    """The same people as the oracle sees them; nothing happened yet."""
    delays = sorted({after for _name, _role, after in people})
    steps, before = [], 0
    for delay in delays:
        names = tuple(NUMBERS[name] for name, _role, after in people if after == delay)
        steps.append(Step((delay - before) * MIN_MS, names))
        before = delay
    again = (*[POLICY.repeat_min * MIN_MS] * POLICY.repeat_limit, RARELY_MS)
    ladder = Ladder(tuple(steps), again, POLICY.close_after_h * HOUR_MS)
    return Story(ladder, POLICY.grace_min * MIN_MS, until_ms)
