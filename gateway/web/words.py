"""What the page says, in one language and one time zone: words, clocks, how long ago.

Knows: the page's catalogues and the household's zone. May not know: the time now, HTML, Flask.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from gateway.units import DAY_MS, HOUR_MS, MIN_MS
from gateway.web.catalogues import CATALOGUES

DEFAULT_LANGUAGE = "ko"

_NOON_H = 12
_MINUTES_UNTIL_H = 6


class Words:
    """One language in one zone. `language` is a key of CATALOGUES, `zone` an IANA name."""

    def __init__(self, language: str, zone: str) -> None:
        self.language = language
        self.zone = ZoneInfo(zone)
        self._words = CATALOGUES[language]

    def say(self, key: str, **values: object) -> str:
        """The sentence under `key`. Raises KeyError where the catalogue has none."""
        return self._words[key].format(**values)

    def code(self, group: str, code: object, **values: object) -> str:
        """The word for a code of another room; the code itself, readable, where none is known."""
        word = self._words.get(f"{group}.{code}")
        return str(code).replace("_", " ") if word is None else word.format(**values)

    def inside(self, group: str, code: object) -> str:
        """The word for a code within a sentence: "Monday morning"."""
        return self.code(group, code).lower()

    def has(self, key: str) -> bool:
        """Whether the catalogue has this key."""
        return key in self._words

    def local(self, at_ms: int) -> datetime:
        """The household's own time at `at_ms`."""
        return datetime.fromtimestamp(at_ms / 1000, UTC).astimezone(self.zone)

    def iso(self, at_ms: int) -> str:
        """For `<time datetime>`: with seconds and offset."""
        return self.local(at_ms).isoformat(timespec="seconds")

    def clock(self, at_ms: int) -> str:
        """오후 6:30 · 6:30 pm."""
        local = self.local(at_ms)
        half = "time.am" if local.hour < _NOON_H else "time.pm"
        return self.say(half, h=(local.hour - 1) % _NOON_H + 1, mm=f"{local.minute:02d}")

    def moment(self, at_ms: int, now_ms: int) -> str:
        """The clock, with the date before it unless it is today."""
        local = self.local(at_ms)
        if local.date() == self.local(now_ms).date():
            return self.clock(at_ms)
        date = self.say("time.date", month=self.say(f"month.{local.month}"), day=local.day)
        return self.say("time.on", date=date, clock=self.clock(at_ms))

    def today(self, now_ms: int) -> str:
        """3월 2일 월요일 · Monday, 2 March."""
        local = self.local(now_ms)
        month, weekday = self.say(f"month.{local.month}"), self.say(f"day.{local.weekday()}")
        return self.say("time.today", month=month, day=local.day, weekday=weekday)

    def short_day(self, iso: str) -> str:
        """3월 2일 · 2 March, of an ISO date."""
        day = date.fromisoformat(iso)
        return self.say("time.date", month=self.say(f"month.{day.month}"), day=day.day)

    def day(self, day: date) -> str:
        """2026년 3월 2일 (월) · Mon 2 March 2026."""
        weekday, month = f"day.short.{day.weekday()}", self.say(f"month.{day.month}")
        return self.say(
            "time.day", year=day.year, month=month, day=day.day, weekday=self.say(weekday)
        )

    def day_of(self, iso: str) -> str:
        """As `day`, of an ISO date."""
        return self.day(date.fromisoformat(iso))

    def ago(self, at_ms: int, now_ms: int) -> str:
        """How long before or after now, rounded down; minutes are left out from six hours on."""
        past = at_ms <= now_ms
        gap_ms = abs(now_ms - at_ms)
        side = "ago" if past else "in"
        if gap_ms < MIN_MS:
            return self.say("ago.now" if past else "ago.soon")
        if gap_ms < HOUR_MS:
            return self.say(f"{side}.minutes", n=gap_ms // MIN_MS)
        hours, minutes = divmod(gap_ms // MIN_MS, 60)
        if hours < _MINUTES_UNTIL_H and minutes:
            return self.say(f"{side}.hours_minutes", h=hours, m=minutes)
        if gap_ms < DAY_MS:
            return self.say(f"{side}.hours", n=hours)
        return self.say(f"{side}.days", n=gap_ms // DAY_MS)
