"""A story: what happens to one resident and one box, in true time.

Knows: happenings as plain tuples, and how likely they are. May not know: what the box makes of it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from tests.firmware.days import facts as f

Happening = tuple[int, str, tuple[Any, ...]]  # true ms from the start, what, with what
COMPARTMENTS = 28


@dataclass
class Story:
    """All that happens; the box is told only what its lids, buttons, clock and radio tell it."""

    start_s: int  # wall s of the first moment, a right clock's
    days: int
    entries: list[f.PlainEntry]
    zone: f.Zone
    quiet_min: tuple[int, int] = (0, 0)
    happenings: list[Happening] = field(default_factory=list)

    def at(self, wall_s: float, what: str, *with_what: object) -> None:
        """`what` happens when a right clock says `wall_s` (fractions of a second count)."""
        self.happenings.append((int((wall_s - self.start_s) * 1000), what, with_what))


@dataclass(frozen=True)
class Nature:
    """How likely things are for this resident; all of them a day."""

    clock: float
    power: float
    gateway: float
    mess: float
