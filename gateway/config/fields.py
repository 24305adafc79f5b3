"""What each key of the configuration may be.

Knows: keys, their checks and defaults. May not know: files other than by name, what follows.

A check takes the TOML value and gives the value to use, or raises ValueError with what is allowed.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from gateway.catalogue import LANGUAGES
from gateway.roster import (
    CAREPLUG,
    COMPARTMENTS,
    CRITICALITIES,
    LABELS,
    MEALS,
    PILLBOX,
    SEOUL_ZONE,
    WEEKDAYS,
)
from gateway.zones import day_of

Check = Callable[[Any], Any]
NEEDED: Any = object()  # no default: the key must be there

_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,39}")
_E164 = re.compile(r"\+[1-9][0-9]{6,14}")
_CLOCK = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]")
_LOOPBACK = ("127.0.0.1", "localhost", "::1")
# Where people outside find the page; a text has no room for a longer one.
_ADDRESS = re.compile(r"https://(?=.{4,24}$)[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:[0-9]{2,5})?")
_ADDRESS_ALLOWED = 'https:// and a name of at most 24 characters ("https://anbu.example.org")'
_HOST = re.compile(r"localhost|[0-9]{1,3}(\.[0-9]{1,3}){3}|[0-9a-f:]{2,39}")
_HOST_ALLOWED = '"127.0.0.1", or an address of this machine ("0.0.0.0" = all)'
NAME_CHARACTERS = 40
ADDRESS_CHARACTERS = 80
DAY_MIN = 24 * 60
DAYS_ON_BOX = 14  # the plan shortens it where that and the rules are more than the box's 64 entries
MOST_DAYS_APART = 28


@dataclass(frozen=True, slots=True)
class Field:
    """One key: how it is checked and what it is when left out."""

    check: Check
    default: Any = NEEDED


def _pattern(pattern: re.Pattern[str], allowed: str) -> Check:
    def check(value: Any) -> str:  # noqa: ANN401 - whatever TOML can hold
        if not isinstance(value, str) or not pattern.fullmatch(value):
            raise ValueError(allowed)
        return value

    return check


def _yes_or_no(value: Any) -> bool:  # noqa: ANN401
    if not isinstance(value, bool):
        raise ValueError("true or false")  # noqa: TRY004 - what checks raise
    return value


def _one_of(choices: tuple[str, ...]) -> Check:
    def check(value: Any) -> str:  # noqa: ANN401
        if value not in choices:
            raise ValueError("one of " + ", ".join(f'"{c}"' for c in choices))
        return str(value)

    return check


def _whole(low: int, high: int) -> Check:
    def check(value: Any) -> int:  # noqa: ANN401
        whole = isinstance(value, int) and not isinstance(value, bool)
        if not whole or not low <= value <= high:
            raise ValueError(f"a whole number from {low} to {high}")
        return int(value)

    return check


def _number(low: float, high: float) -> Check:
    def check(value: Any) -> float:  # noqa: ANN401
        number = isinstance(value, int | float) and not isinstance(value, bool)
        if not number or not low <= value <= high:
            raise ValueError(f"a number from {low:g} to {high:g}")
        return float(value)

    return check


def _text(value: Any) -> str:  # noqa: ANN401
    if not isinstance(value, str) or not value:
        raise ValueError("a text that is not empty")
    return value


def _name(value: Any) -> str:  # noqa: ANN401
    allowed = f"a name of 1 to {NAME_CHARACTERS} characters that a Korean phone can show (cp949)"
    if not isinstance(value, str) or not 0 < len(value.strip()) <= NAME_CHARACTERS:
        raise ValueError(allowed)
    try:
        value.encode("cp949")
    except UnicodeEncodeError:
        raise ValueError(allowed) from None
    if not value.isprintable():
        raise ValueError(allowed)
    return value.strip()


def _address(value: Any) -> str:  # noqa: ANN401
    good = isinstance(value, str) and 0 < len(value.strip()) <= ADDRESS_CHARACTERS
    if not good or not value.isprintable():
        raise ValueError(f"an address of 1 to {ADDRESS_CHARACTERS} characters on one line")
    return str(value.strip())


def _zone(value: Any) -> str:  # noqa: ANN401
    try:
        ZoneInfo(value)
    except (KeyError, ValueError, TypeError, OSError):
        raise ValueError('a time zone of the IANA list, as "Asia/Seoul"') from None
    return str(value)


def _date(value: Any) -> str:  # noqa: ANN401
    day = day_of(value) if isinstance(value, str) else None
    if day is None:
        raise ValueError('a date as "2026-03-02"')
    return day.isoformat()


def _weekdays(value: Any) -> tuple[str, ...]:  # noqa: ANN401
    good = isinstance(value, list) and value and all(v in WEEKDAYS for v in value)
    if not good or len(set(value)) != len(value):
        names = ", ".join(f'"{c}"' for c in WEEKDAYS)
        raise ValueError(f"a list of different weekdays out of {names}")
    return tuple(sorted(value, key=WEEKDAYS.index))


def _quiet(value: Any) -> dict[str, str]:  # noqa: ANN401
    good = isinstance(value, dict) and set(value) == {"from", "until"}
    if not good or not all(isinstance(v, str) and _CLOCK.fullmatch(v) for v in value.values()):
        raise ValueError('a table of "HH:MM" by from and until')
    return dict(value)


def _labels(value: Any) -> tuple[str, ...]:  # noqa: ANN401
    good = isinstance(value, list) and value and all(v in LABELS for v in value)
    if not good or len(set(value)) != len(value):
        raise ValueError("a list of different slots out of " + ", ".join(f'"{c}"' for c in LABELS))
    return tuple(sorted(value, key=LABELS.index))


def _meal_clock(value: Any) -> dict[str, str]:  # noqa: ANN401
    good = isinstance(value, dict) and set(value) <= set(MEALS)
    if not good or not all(isinstance(v, str) and _CLOCK.fullmatch(v) for v in value.values()):
        raise ValueError('a table of "HH:MM" by ' + ", ".join(MEALS))
    return dict(value)


_id = _pattern(_ID, "1 to 40 letters, digits, dots, dashes or underscores")
_clock = _pattern(_CLOCK, '"HH:MM" from "00:00" to "23:59"')
_number_of_person = _pattern(_E164, 'a number in E.164 form, as "+821012345678"')
_language = _one_of(tuple(LANGUAGES))

ONE: dict[str, dict[str, Field]] = {
    "gateway": {
        "home_id": Field(_id),
        "database": Field(_text),
        "time_zone": Field(_zone, SEOUL_ZONE),
        "language": Field(_language, "ko"),
        "latitude": Field(_number(-90, 90), None),
        "longitude": Field(_number(-180, 180), None),
    },
    "radio": {
        "backend": Field(_text, "bluez"),
        "hci": Field(_text, None),
        "patience": Field(_number(1, 100), 1.0),
    },
    "modem": {
        "port": Field(_text),
        "patience": Field(_number(1, 100), 1.0),
        "pin_file": Field(_text, None),
        "reset_line": Field(_one_of(("dtr", "rts", "none")), "dtr"),
    },
    "web": {
        "host": Field(_pattern(_HOST, _HOST_ALLOWED), "127.0.0.1"),
        "port": Field(_whole(1, 65535), 8080),
        "box_window": Field(_text, None),
        "address": Field(_pattern(_ADDRESS, _ADDRESS_ALLOWED), None),
        "proxy": Field(_yes_or_no, False),
        "tls_cert": Field(_text, None),
        "tls_key": Field(_text, None),
    },
    "policy": {
        "grace_min": Field(_whole(1, 60), 5),
        "ack_min": Field(_whole(5, DAY_MIN), 60),
        "step_min": Field(_whole(1, DAY_MIN), 5),
        "repeat_min": Field(_whole(5, DAY_MIN), 60),
        "repeat_limit": Field(_whole(0, 100), 3),
        "catch_up_h": Field(_whole(1, 24 * 7 - 1), 36),
        "close_after_h": Field(_whole(1, 24 * 7), 24),
        "late_cap_min": Field(_whole(0, DAY_MIN), 240),
        "days": Field(_whole(1, DAYS_ON_BOX), DAYS_ON_BOX),
        "stock_days": Field(_whole(1, 30), 5),
    },
}

MANY: dict[str, dict[str, Field]] = {
    "person": {
        "id": Field(_id),
        "name": Field(_name),
        "meal_clock": Field(_meal_clock, {}),
        "quiet": Field(_quiet, None),
    },
    "device": {
        "id": Field(_id),
        "person": Field(_id),
        "key_file": Field(_text),
        "kind": Field(_one_of((PILLBOX, CAREPLUG)), PILLBOX),
        "room": Field(_name, ""),
        "bthome_key_file": Field(_text, None),
    },
    "guardian": {
        "id": Field(_id),
        "person": Field(_id),
        "name": Field(_name),
        "number": Field(_number_of_person),
        "language": Field(_language, None),
        "after_min": Field(_whole(0, DAY_MIN), None),
    },
    "regimen": {
        "person": Field(_id),
        "slots": Field(_labels),
        "due": Field(_clock, None),
        "early_min": Field(_whole(0, 720), None),
        "window_min": Field(_whole(1, 720), None),
        "late_min": Field(_whole(0, 720), None),
        "criticality": Field(_one_of(CRITICALITIES), "normal"),
        "spacing_min": Field(_whole(1, 7 * DAY_MIN), None),
        "every_days": Field(_whole(1, MOST_DAYS_APART), 1),
        "weekdays": Field(_weekdays, ()),
        "from": Field(_date, None),
        "until": Field(_date, None),
    },
    "as_needed": {
        "person": Field(_id),
        "compartment": Field(_whole(0, COMPARTMENTS - 1)),
        "spacing_min": Field(_whole(1, 7 * DAY_MIN)),
        "daily_max": Field(_whole(1, 24)),
        "from": Field(_date, None),
        "until": Field(_date, None),
    },
}

# Sections that may be left out: their defaults are enough, the part is not there, or the page says
# who lives here.
OPTIONAL = frozenset(
    {"radio", "web", "policy", "person", "device", "guardian", "regimen", "as_needed"}
)
