"""The kinds of words a pharmacist's line is made of, and the shape of the table's rows.

Knows: the names of the kinds. May not know: how any of them is written.
"""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple


class Kind(StrEnum):
    """What a word says."""

    NAME = "name"
    DATE = "date"
    STRENGTH = "strength"
    AMOUNT = "amount"
    TIMES = "times"
    LABEL = "label"
    RELATION = "relation"
    HOURS = "hours"
    FIRST = "first"
    PRN = "prn"
    MOST = "most"
    LEAST = "least"
    EVERY = "every"
    WEEKLY = "weekly"
    WEEKDAY = "weekday"
    DAYS = "days"
    THEN = "then"
    STORAGE = "storage"
    PHONE = "phone"
    CLASS = "class"
    FILLER = "filler"
    UNKNOWN = "unknown"


class Row(NamedTuple):
    """One thing to say; `value` is what it means where the words alone say it."""

    kind: Kind
    value: str
    ways: tuple[str, ...]
