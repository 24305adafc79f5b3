"""What a device's kind decides: which commands it may be given, whether it runs a schedule.

Knows: the kinds of Hello, the commands each can carry out. May not know: a session, who asks.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from anbu_wire import gatt
from anbu_wire import messages as m
from anbu_wire.settings import LATITUDE_DEG, LATITUDE_ZERO, SOLAR_NOON_MIN

_ANY = frozenset({m.SET_PARAMETER, m.READ_PARAMETERS, m.READ_VITALS, m.LOCATE})
_UPDATE = frozenset({m.UPDATE_BEGIN, m.UPDATE_CHUNK, m.UPDATE_FINISH})
_DOSES = frozenset({m.PROMPT_TEST, m.REFILL, m.AWAY, m.ASK, m.CLOSE_SLOT, m.HELP_STATE})
_DAY_MIN = 24 * 60
_MIN_A_DEGREE = 4  # of the earth's turning


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind: its name for people, whether it runs a schedule, the commands it knows."""

    name: str
    schedule: bool
    commands: frozenset[int]


# Log and clock of every kind are kept in step.
KINDS = {
    gatt.PILL_BOX: Kind("pill box", schedule=True, commands=_ANY | _UPDATE | _DOSES),
    gatt.CARE_PLUG: Kind("care plug", schedule=False, commands=_ANY | _UPDATE | {m.READ_METER}),
}


@dataclass(frozen=True, slots=True)
class Expected:
    """What is expected of a device: its kind, and the parameters it shall run by.

    `log`: whether its log is taken here; else nothing of it is asked for or acknowledged.
    """

    kind: int = gatt.PILL_BOX
    parameters: dict[int, int] = field(default_factory=dict)
    log: bool = True


def name_of(kind: int) -> str:
    """The kind in words."""
    return KINDS[kind].name if kind in KINDS else f"device of kind {kind}"


def plug_at(latitude: float, longitude: float) -> Expected:
    """A care plug at this place, degrees north and east: there it knows when it is dark.

    The sun stands highest at noon UTC less four minutes a degree east, as a year's mean.
    """
    noon_min = round(_DAY_MIN / 2 - longitude * _MIN_A_DEGREE) % _DAY_MIN
    place = {LATITUDE_DEG: round(latitude) + LATITUDE_ZERO, SOLAR_NOON_MIN: noon_min}
    return Expected(gatt.CARE_PLUG, place)
