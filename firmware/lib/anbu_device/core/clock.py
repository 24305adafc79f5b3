"""What time it is, and how far that can be trusted.

Knows: wrapping ticks → uptime, uptime + anchor → wall time, timelines and time quality.
May not know: a chip, a radio, a file. Ticks and wall times are handed in.

`timeline` is raised whenever wall time was lost or jumped, so that records of different timelines
are never compared by wall time; within one boot `uptime_ms` orders everything.
"""

from micropython import const

from anbu_wire.messages import DRIFTING, SYNCED, UNKNOWN

_TICKS_MASK = const(0x3FFFFFFF)  # the ESP32's ticks wrap at 2^30 ms
JUMP_S = const(5)  # a correction beyond this is a jump, not drift
TRUST_MS = const(86_400_000)  # a day without the gateway: SYNCED becomes DRIFTING


class DeviceClock:
    """Uptime and wall time of one boot.

    `advance(ticks_ms)` must be called more often than ticks wrap (12 days); the rest only reads.
    """

    def __init__(self, ticks_ms: int, timeline: int) -> None:
        self.uptime_ms = 0
        self.timeline = timeline
        self.offset_min = 0
        self._change_wall_s = 0
        self._next_offset_min = 0
        self._last_ticks_ms = ticks_ms
        self._anchor_wall_s = 0
        self._anchor_uptime_ms = 0
        self._synced_uptime_ms = -1

    def advance(self, ticks_ms: int) -> int:
        """Takes the chip's ticks, returns uptime in ms."""
        self.uptime_ms += (ticks_ms - self._last_ticks_ms) & _TICKS_MASK
        self._last_ticks_ms = ticks_ms
        return self.uptime_ms

    def quality(self) -> int:
        """UNKNOWN, DRIFTING or SYNCED, as the radio language names them."""
        if not self._anchor_wall_s:
            return UNKNOWN
        fresh = self._synced_uptime_ms >= 0 and self.uptime_ms - self._synced_uptime_ms < TRUST_MS
        return SYNCED if fresh else DRIFTING

    def wall_s(self) -> int:
        """UTC seconds since 2000, or 0 while time is unknown."""
        if not self._anchor_wall_s:
            return 0
        return self._anchor_wall_s + (self.uptime_ms - self._anchor_uptime_ms) // 1000

    def set_from_rtc(self, wall_s: int) -> None:
        """The time of a clock chip that says it never lost power. Drifting, but time.

        Also later, to follow the chip where ticks drift: a second or two, which is no jump.
        """
        self._anchor(wall_s, 0)

    def set_from_gateway(self, wall_s: int, wall_ms: int) -> int:
        """The gateway's time. Returns the correction in seconds (0 where none was known).

        A correction beyond JUMP_S, or time after none, raises the timeline.
        """
        before = self.wall_s()
        correction = wall_s - before if before else 0
        if not before or correction > JUMP_S or correction < -JUMP_S:
            self._new_timeline()
        self._anchor(wall_s, wall_ms)
        self._synced_uptime_ms = self.uptime_ms
        return correction

    def disagreed(self) -> None:
        """A second clock says otherwise: this one goes on, on a timeline of its own, doubted."""
        self._new_timeline()
        self._synced_uptime_ms = -1

    def set_zone(self, offset_min: int, change_wall_s: int, next_offset_min: int) -> None:
        """The zone's offset now, and its next change (0 = none known)."""
        self.offset_min = offset_min
        self._change_wall_s = change_wall_s
        self._next_offset_min = next_offset_min

    def local_offset_min(self) -> int:
        """Minutes east of UTC at this moment."""
        if self._change_wall_s and self.wall_s() >= self._change_wall_s:
            return self._next_offset_min
        return self.offset_min

    def _new_timeline(self) -> None:
        self.timeline = (self.timeline + 1) & 0xFFFF

    def _anchor(self, wall_s: int, wall_ms: int) -> None:
        self._anchor_wall_s = wall_s
        self._anchor_uptime_ms = self.uptime_ms - wall_ms
