"""The minute a row of a recording belongs to, out of whatever its time is written as.

Knows: names of time columns, ISO times, dates in either order, seconds since 1970 and their parts.
May not know: powers, files.

Times are taken as local as they stand: an offset is dropped, a number is UTC. Days come before
months unless a stamp of the file can only be read the other way.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from datetime import UTC, datetime

# The first of these that is there; a nameless first column is what a table's index is written as.
TIMES = (
    ("date", "time"), ("time",), ("timestamp",), ("datetime",), ("date",), ("unix",), ("ts",),
    ("index",), ("",),
)  # fmt: skip
NAMED = re.compile(r"time|date|stamp|zeit")
ODD = re.compile(
    r"(\d{1,4})[-/.](\d{1,2})[-/.](\d{1,4})[ T]+(\d{1,2}):(\d{2})(?::\d{2}(?:\.\d*)?)?\s*([ap])?",
    re.IGNORECASE,
)
LAST_MONTH = 12
YEAR_DIGITS = 4
COMPACT = 14  # digits of 20140320120100: no count since 1970 has as many before the year 2286
PARTS = (1e11, 1e14, 1e17)  # numbers from here on are milli-, micro-, nanoseconds


def time_places(plain: list[str]) -> list[int]:
    """Where the time stands among names in small letters without spaces; [] if nowhere."""
    for names in TIMES:
        if set(names) <= set(plain):
            return [plain.index(name) for name in names]
    return [n for n, name in enumerate(plain) if NAMED.search(name)][:1]


def month_first(words: Iterable[str]) -> bool:
    """Whether dates are written 12/31/2014: the first one tells that cannot be read both ways."""
    for word in words:
        found = ODD.match(word.strip())
        if found is None or len(found[1]) == YEAR_DIGITS:
            return False
        if max(int(found[1]), int(found[2])) > LAST_MONTH:
            return int(found[2]) > LAST_MONTH
    return False


def minute_of(word: str, *, months_first: bool) -> int | None:
    """Minutes since 1970, as if local time were UTC; None if the word is no time."""
    if word.replace(".", "", 1).isdecimal():
        if len(word) != COMPACT:
            return _number(float(word))
        word = f"{word[:8]}T{word[8:]}"
    try:
        there = datetime.fromisoformat(word)
    except ValueError:
        return _odd(word, months_first=months_first)
    return int(there.replace(tzinfo=UTC).timestamp()) // 60


def _number(number: float) -> int | None:
    seconds = number / 1000 ** sum(number >= least for least in PARTS)
    return int(seconds) // 60 if math.isfinite(seconds) else None


def _odd(word: str, *, months_first: bool) -> int | None:
    found = ODD.match(word.strip())
    if found is None:
        return None
    first, second, third, hour, minute = (int(found[n]) for n in range(1, 6))
    if len(found[1]) == YEAR_DIGITS:
        year, month, day = first, second, third
    elif months_first:
        year, month, day = third, first, second
    else:
        year, month, day = third, second, first
    if found[6]:
        hour = hour % 12 + 12 * (found[6].lower() == "p")
    try:
        there = datetime(year, month, day, hour, minute, tzinfo=UTC)
    except ValueError:
        return None
    return int(there.timestamp()) // 60
