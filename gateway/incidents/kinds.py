"""What follows from each kind of worry, as one table.

Knows: for every kind what ends it, who is told, how often again, and whether that can wait.
May not know: an incident, the time, the words of a text, how urgent a text is (gateway.app.terms).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

from gateway.rules.worry import WorryKind

CRITICAL, LOW = "time_critical", "low"  # criticalities of a slot that change something here


class Group(StrEnum):
    """What a person on a ladder may choose to be told about."""

    HELP = "help"
    LIFE = "life"
    CALL = "call"  # the calls that ask
    CRITICAL_DOSE = "critical_dose"
    DOSE = "dose"
    LOW_DOSE = "low_dose"
    SUPPLY = "supply"
    TECHNICAL = "technical"
    VISIT = "visit"  # what somebody found at her door
    NEWS = "news"  # the weekly and the monthly text


class Ends(StrEnum):
    """What ends an incident of a kind, beside a person's word."""

    EVIDENCE = "evidence"  # how the slot ended
    STANDING = "standing"  # the worry is there no more
    PERSON = "person"  # nothing else
    TELLING = "telling"  # it is news: over once somebody was told


class Ladder(StrEnum):
    """In which order the roles are told."""

    CARE = "care"  # guardian, neighbour, officer: each after its own delay, the officer last
    TECHNICAL = "technical"  # officer, then guardian
    FAMILY = "family"  # guardian, officer
    OFFICE = "office"  # officer, then guardian: she calls first, then visits


ROLES: dict[Ladder, tuple[str, ...]] = {
    Ladder.CARE: ("guardian", "neighbour", "officer"),
    Ladder.TECHNICAL: ("officer", "guardian"),
    Ladder.FAMILY: ("guardian", "officer"),
    Ladder.OFFICE: ("officer", "guardian"),
}


@dataclass(frozen=True, slots=True)
class Repeat:
    """How the last step is told again: `times` at `each_min`, then for ever at `later_min`.

    None: as the house decides (roster.Policy).
    """

    each_min: int | None = None
    times: int | None = None
    later_min: int = 6 * 60


class Asks(StrEnum):
    """Whether her own box asks first, and for how long."""

    NEVER = "never"
    HOUSE = "house"  # as long as the house decided for her (roster.Person.ask_min), if at all
    UNTIL_DUE = "until_due"  # the worry begins early enough: until others are to be told


@dataclass(frozen=True, slots=True)
class Kind:
    """One row. `ack_min`: how long who answered has it (None: as the house decides)."""

    group: Group
    ends: Ends
    ladder: Ladder
    ack_min: int | None
    repeat: Repeat
    can_wait: bool  # held in quiet hours, counted and bundled by the weekly cap, paused
    by_day: bool  # told at the hour for news only
    expires: bool  # ends by itself when the house's time for that is over
    asks: Asks  # whether her own box asks her before anybody else is told


DAY_MIN = 24 * 60
HOUSE = Repeat()
OFTEN = Repeat(10, 12, 60)
DAILY = Repeat(DAY_MIN, 0, DAY_MIN)

_W, _G, _E, _L, _A = WorryKind, Group, Ends, Ladder, Asks
KINDS: dict[WorryKind, Kind] = {
    #                      group, ends, ladder, ack_min, repeat,
    #                      can_wait, by_day, expires, asks
    _W.HELP_PRESSED: Kind(
        _G.HELP, _E.PERSON, _L.CARE, None, OFTEN, False, False, False, _A.NEVER
    ),
    _W.NO_SIGN_OF_LIFE: Kind(
        _G.LIFE, _E.STANDING, _L.CARE, None, OFTEN, False, False, False, _A.UNTIL_DUE
    ),
    _W.PHONE_STILL: Kind(
        _G.LIFE, _E.STANDING, _L.CARE, None, OFTEN, False, False, False, _A.NEVER
    ),
    _W.CALL_UNANSWERED: Kind(
        _G.CALL, _E.STANDING, _L.OFFICE, None, HOUSE, False, False, False, _A.NEVER
    ),
    _W.CALL_WORRY: Kind(
        _G.CALL, _E.PERSON, _L.OFFICE, None, HOUSE, False, False, False, _A.NEVER
    ),
    _W.CANNOT_SEE: Kind(
        _G.DOSE, _E.EVIDENCE, _L.CARE, None, HOUSE, True, False, True, _A.NEVER
    ),
    _W.CANNOT_SEE_LIFE: Kind(
        _G.LIFE, _E.STANDING, _L.CARE, None, HOUSE, False, False, False, _A.NEVER
    ),
    _W.DOSE_MISSED: Kind(
        _G.DOSE, _E.EVIDENCE, _L.CARE, None, HOUSE, True, False, True, _A.HOUSE
    ),
    _W.DOSE_UNCONFIRMED: Kind(
        _G.DOSE, _E.EVIDENCE, _L.CARE, None, HOUSE, True, False, True, _A.HOUSE
    ),
    _W.DOSE_DOUBTFUL: Kind(
        _G.DOSE, _E.EVIDENCE, _L.CARE, None, HOUSE, False, False, True, _A.NEVER
    ),
    _W.DOUBLE_DOSE: Kind(
        _G.DOSE, _E.PERSON, _L.CARE, None, HOUSE, False, False, True, _A.NEVER
    ),
    _W.DOSE_TOO_SOON: Kind(
        _G.DOSE, _E.PERSON, _L.CARE, None, HOUSE, False, False, True, _A.NEVER
    ),
    _W.DEVICE_UNSEEN: Kind(
        _G.TECHNICAL, _E.STANDING, _L.TECHNICAL, DAY_MIN, DAILY,
        True, False, False, _A.NEVER,
    ),
    _W.PHONE_UNREACHABLE: Kind(
        _G.TECHNICAL, _E.STANDING, _L.TECHNICAL, DAY_MIN, DAILY,
        True, False, False, _A.NEVER,
    ),
    _W.POWER_CUT: Kind(
        _G.TECHNICAL, _E.STANDING, _L.TECHNICAL, DAY_MIN, DAILY,
        True, False, False, _A.NEVER,
    ),
    _W.RADIO_DOWN: Kind(
        _G.TECHNICAL, _E.STANDING, _L.TECHNICAL, DAY_MIN, DAILY,
        True, False, False, _A.NEVER,
    ),
    _W.PERIODIC_LOAD: Kind(
        _G.TECHNICAL, _E.STANDING, _L.TECHNICAL, DAY_MIN, DAILY,
        True, True, False, _A.NEVER,
    ),
    _W.ROUTE_DOWN: Kind(
        _G.TECHNICAL, _E.STANDING, _L.TECHNICAL, DAY_MIN, DAILY,
        True, False, False, _A.NEVER,
    ),
    _W.SCHEDULE_STALE: Kind(
        _G.TECHNICAL, _E.STANDING, _L.TECHNICAL, DAY_MIN, DAILY,
        True, True, False, _A.NEVER,
    ),
    _W.TEST_UNANSWERED: Kind(
        _G.TECHNICAL, _E.STANDING, _L.TECHNICAL, DAY_MIN, DAILY,
        True, True, False, _A.NEVER,
    ),
    _W.VISIT_NOBODY: Kind(
        _G.VISIT, _E.STANDING, _L.CARE, None, HOUSE, False, False, False, _A.NEVER
    ),
    _W.VISIT_WORRY: Kind(
        _G.VISIT, _E.PERSON, _L.CARE, None, HOUSE, False, False, False, _A.NEVER
    ),
    _W.DELIVERY_LEFT: Kind(
        _G.VISIT, _E.STANDING, _L.CARE, None, HOUSE, False, False, False, _A.NEVER
    ),
    _W.VISIT_MISSED: Kind(
        _G.VISIT, _E.STANDING, _L.TECHNICAL, DAY_MIN, DAILY,
        True, True, False, _A.NEVER,
    ),
    _W.HOUSEHOLD_REPORTED: Kind(
        _G.VISIT, _E.PERSON, _L.TECHNICAL, DAY_MIN, DAILY, True, False, False, _A.NEVER
    ),
    _W.LOST_SIGHT: Kind(
        _G.TECHNICAL, _E.TELLING, _L.TECHNICAL, None, DAILY, True, False, True, _A.NEVER
    ),
    _W.SUPPLY_LOW: Kind(
        _G.SUPPLY, _E.STANDING, _L.FAMILY, None, DAILY, True, True, False, _A.NEVER
    ),
    _W.PRESCRIPTION_WANTED: Kind(
        _G.SUPPLY, _E.STANDING, _L.FAMILY, DAY_MIN, DAILY, True, True, False, _A.NEVER
    ),
}  # fmt: skip

BY_CRITICALITY = {CRITICAL: Group.CRITICAL_DOSE, LOW: Group.LOW_DOSE}


def kind_of(worry: str, criticality: str | None = None) -> Kind:
    """The row of a worry; that of a critical dose cannot wait. KeyError: no such worry."""
    row = KINDS[WorryKind(worry)]
    if row.group is not Group.DOSE or criticality not in BY_CRITICALITY:
        return row
    critical = criticality == CRITICAL
    return replace(
        row, group=BY_CRITICALITY[criticality], can_wait=row.can_wait and not critical,
        asks=Asks.NEVER if critical else row.asks,
    )  # fmt: skip


# One event is one incident: while one of the first lives, the others of that person are not told.
_SILENT = frozenset({_W.NO_SIGN_OF_LIFE, _W.PHONE_STILL})
ABSORBED_BY: dict[WorryKind, frozenset[WorryKind]] = {
    _W.DOSE_MISSED: _SILENT,
    _W.DOSE_UNCONFIRMED: _SILENT,
    _W.CANNOT_SEE: _SILENT,
    _W.PHONE_UNREACHABLE: frozenset({*_SILENT, _W.CANNOT_SEE_LIFE}),
    _W.DEVICE_UNSEEN: frozenset(
        {_W.CANNOT_SEE, _W.CANNOT_SEE_LIFE, _W.DOSE_UNCONFIRMED, _W.POWER_CUT, _W.RADIO_DOWN}
    ),
}
ABSORBING = frozenset().union(*ABSORBED_BY.values())

# What is over for the home is over for each device a little later: for so long after the end what
# was absorbed is borne anew. As long as the shortest silence is (rules.unseen): none is told later.
BORNE_ANEW_MIN: dict[WorryKind, int] = {_W.POWER_CUT: 5, _W.RADIO_DOWN: 5}
