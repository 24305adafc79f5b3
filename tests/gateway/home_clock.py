"""The clock of a kitchen in Seoul, for tests that need no whole home.

Knows: one box, one time zone. May not know: facts, incidents.
"""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

SEOUL = ZoneInfo("Asia/Seoul")
BOX = "AB-000001"


def at(clock: str, day: str = "2026-03-02") -> int:
    """UTC ms of a clock in Seoul: "19:30" or "19:30:15"."""
    return int(datetime.fromisoformat(f"{day}T{clock}").replace(tzinfo=SEOUL).timestamp() * 1000)
