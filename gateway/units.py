"""A minute, an hour and a day in milliseconds.

Knows: nothing else. May not know: days of a calendar, which may be longer or shorter (zones.py).
"""

from __future__ import annotations

MIN_MS = 60_000
HOUR_MS = 60 * MIN_MS
DAY_MS = 24 * HOUR_MS
