"""Where everything stands: the coordinates that several parts share.

Knows: the measures. May not know: solids. x runs to the right over the days, y away from the
reader, z up from the underside of the trays. A tray begins at its own x = 0, y = 0.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property

from hardware.enclosure.sizes import Sizes

DAYS = ("월", "화", "수", "목", "금", "토", "일")
SLOTS = ("아침", "점심", "저녁", "자기전")  # slot 0 lies farthest from the reader
NAMES_OF_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
NAMES_OF_SLOTS = ("morning", "noon", "evening", "bedtime")


@dataclass(frozen=True)
class Plan:
    """Derived coordinates, mm."""

    s: Sizes

    @cached_property
    def pitch_x(self) -> float:
        """From one day to the next."""
        t = self.s.tray
        return t.hinge_mm + t.inner_x_mm + 2 * t.wall_mm + t.channel_mm

    @cached_property
    def pitch_y(self) -> float:
        """From one slot to the next."""
        return self.s.tray.inner_y_mm + self.s.tray.wall_mm

    @cached_property
    def length(self) -> float:
        """A tray's length."""
        t = self.s.tray
        return t.end_mm + t.slots * self.pitch_y - t.wall_mm + t.header_mm

    @cached_property
    def width(self) -> float:
        """All days side by side."""
        return self.s.tray.days * self.pitch_x

    @cached_property
    def top(self) -> float:
        """The rim of the compartments."""
        return self.s.tray.floor_mm + self.s.tray.depth_mm

    @cached_property
    def channel(self) -> tuple[float, float]:
        """The strip board's channel, from x to x."""
        t = self.s.tray
        left = t.hinge_mm + t.inner_x_mm + t.wall_mm
        return left, left + t.channel_mm

    def slot_y(self, slot: int) -> float:
        """Where a slot's compartment begins."""
        t = self.s.tray
        return t.end_mm + (t.slots - 1 - slot) * self.pitch_y

    @cached_property
    def lid_z(self) -> float:
        """The underside of a closed lid."""
        return self.top + self.s.lid.gap_mm

    @cached_property
    def axis(self) -> tuple[float, float]:
        """The hinge line's x and z: the barrel is cut flat where 45° begin, to lie on the bed."""
        lid = self.s.lid
        return lid.axis_mm, self.lid_z + lid.barrel_mm / 2 * math.sqrt(0.5)

    @cached_property
    def barrel_y(self) -> tuple[float, float]:
        """A lid's barrel, from y to y within its compartment."""
        middle = self.s.tray.inner_y_mm / 2
        return middle - self.s.lid.barrel_y_mm / 2, middle + self.s.lid.barrel_y_mm / 2

    @cached_property
    def magnet(self) -> tuple[float, float]:
        """The magnet's axis over the strip board: x, and y within the compartment."""
        t = self.s.tray
        play = (t.channel_mm - t.strip_x_mm) / 2
        return self.channel[0] + play + self.s.bought.reed_z_mm / 2, sum(self.lip_y) / 2

    @cached_property
    def ridge(self) -> tuple[float, float]:
        """The lid's thick edge that holds the magnet, from x to x."""
        half = self.s.bought.magnet_mm / 2 + self.s.printer.fit_mm + 0.8
        return self.magnet[0] - half, self.magnet[0] + half

    @cached_property
    def lip_y(self) -> tuple[float, float]:
        """The lip, from y to y within the compartment: its nearer end."""
        return 0.0, self.s.lid.lip_width_mm

    @cached_property
    def pipe(self) -> tuple[float, float]:
        """The light pipe's axis: x, and y within the compartment, beside the lip."""
        left, right = self.channel
        between = (self.lip_y[1] + self.pitch_y) / 2
        return (left + right) / 2 + 1.5, between

    @cached_property
    def reed_z(self) -> float:
        """The reed switch's axis: it lies on the strip board, under the roof."""
        return self.strip_z + self.s.bought.reed_z_mm / 2

    @cached_property
    def reed_y(self) -> float:
        """The reed's middle within the compartment.

        A disc magnet over the middle of a reed magnetises both halves alike and closes nothing:
        it has to stand over one end.
        """
        return self.magnet[1] + self.s.bought.reed_x_mm / 2 - 1.5

    @cached_property
    def magnet_gap(self) -> float:
        """From the closed lid's magnet (its lower face) to the reed's axis."""
        return self.lid_z - self.reed_z

    @cached_property
    def strip_z(self) -> float:
        """The strip board's upper face."""
        return self.top - self.s.tray.roof_mm - self.s.tray.strip_below_mm

    @cached_property
    def half(self) -> float:
        """One half of the console."""
        return self.width / 2
