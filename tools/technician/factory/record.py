"""The record of one box's factory test, and what a release's check list keeps: plain values.

Knows: shapes, JSON. May not know: what is tested, files, a terminal.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any

FORMAT = 1
LID = "lid "  # so begins the name of a lid's step


@dataclass(frozen=True, slots=True)
class Step:
    """One step: `passed` None = not part of this device, or nothing to measure it with here."""

    name: str
    passed: bool | None
    told: str
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class About:
    """Who was tested. `firmware`: SHA-256 (hex) of the signed head of the program on it."""

    device_id: str
    mac: str
    board: str
    version: int
    firmware: str
    micropython: str


@dataclass(slots=True)
class Record:
    """One test of one box, also where it ended early (`ended` says why)."""

    about: About
    operator: str
    station: str
    began_at: str
    ended_at: str = ""
    ended: str = ""
    steps: list[Step] = field(default_factory=list)

    @property
    def passed(self) -> bool:
        """Whether it came to its end, and every step that could be judged is passed."""
        judged = [step.passed for step in self.steps if step.passed is not None]
        return not self.ended and bool(judged) and all(judged)

    def as_json(self) -> dict[str, Any]:
        """What is kept: format, about, operator, station, times (UTC, ISO 8601), steps, passed."""
        return {"format": FORMAT, **asdict(self), "passed": self.passed}
