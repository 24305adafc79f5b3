"""When the radio is on, when the chip sleeps and for how long, and what the battery says.

Knows: the time (handed in), mains or battery, what the box needs now, whether a gateway talks.
May not know: a chip, a radio, a pin, a dose. Every decision carries its reason.

The kind of sleep is LIGHT sleep, in naps of at most 20 s. Figures: ESP32-S3 data sheet, tables
5-8 to 5-10.
- Deep sleep takes 7 to 8 µA, but forgets the RAM and answers a lid only after a whole start
  (seconds: file system, log, slots); a light must go out within 100 ms of its lid. It loses what
  the box knows of lids and doubts as well, each wake would be an unwatched gap.
- Light sleep takes 240 µA and goes on where it stopped, in about a millisecond. 240 µA of 2,600
  mAh are 451 days: the radio decides how long the battery lasts, not the sleep.
- Awake and idle at 160 MHz are 27.6 to 42.3 mA, 93 mA while receiving, 193 mA while sending:
  three days at the most. MicroPython has no automatic light sleep, and its radio stops in it. So
  the radio is off and the chip asleep between announced windows.
- A nap ends after 20 s: the watchdog wants a word each 60 s, a look that comes later than 60 s
  after the one before is no watching, and a sleeping chip's ticks drift up to 5 % (1 s a nap, which
  the clock chip then puts right). A wake of 30 ms at 42.3 mA each 20 s is 63 µA.

Both modes sleep between windows. BACKUP (mains with the battery for a power cut) opens one each
15 minutes, for a home that counts on reaching its box; BATTERY one each two hours. Nothing waits
for a window that matters: whatever calls somebody, and each record of importance, has the radio on
at once. While the gateway does not answer it is tried for ten minutes, then 20 s every four
minutes: a gateway that comes back waits five before it says that it knows nothing of a dose.
"""

from collections import namedtuple

from micropython import const

from anbu_wire import messages as m

BACKUP = 0
BATTERY = 1

# what the box needs, a mask
CALLS = 1  # light or sound, help or a question asks somebody to do something now
IMPORTANT = 2  # a record of importance is not acknowledged
HOLD = 4  # an update, a test light, a refill: awake, radio on

# what to do
REACHABLE = 0  # awake, radio on
WAIT = 1  # awake, radio as it is
SLEEP = 2  # radio off, light sleep for `ms`

NEVER = const(0x3FFFFFFF)  # ms; no next thing is known

NAP_MS = const(20_000)
_NAP_LEAST_MS = const(100)  # below, going to sleep and coming back is most of it
_MOVED_MS = const(3_000)  # after a wake by a hand: bounces, "was it open for a second"
_STEADY_MS = const(120_000)  # from the start, or mains lost: a plug pulled by the vacuum cleaner
_PERIODS_MS = (900_000, 7_200_000)  # between windows, by mode
_WINDOW_MS = const(60_000)  # for a gateway to find us: it scans all the time, back-off up to 60 s
_QUIET_MS = const(5_000)  # a session that says nothing for so long has nothing more to say
_SESSION_MS = const(120_000)  # the longest a window lasts for a session that never gets quiet
_UNSENT_MS = const(600_000)  # tried without a pause for a record of importance
_RETRY_MS = const(240_000)  # then again so often …
_RETRY_WINDOW_MS = const(20_000)  # … for so long
_STUCK_MS = const(600_000)  # a wake line low for so long is broken, not held

# Records that can wait for the next window: the course of things, not their outcome.
_WAITS = (
    m.BOOT,
    m.CLOCK_SET,
    m.SCHEDULE_STORED,
    m.SLOT_OPEN,
    m.SLOT_DUE,
    m.SLOT_PROMPTED,
    m.SLOT_SNOOZED,
    m.SLOT_POSTPONED,
    m.LID_CLOSED,
    m.OK_PRESSED,
    m.ASKED,
    m.HELP_ANSWERED,
    m.HELP_NOT_SENT,  # what matters is HELP_PRESSED, and that one calls
)

Decision = namedtuple("Decision", ("what", "reason", "ms"))
Now = namedtuple("Now", ("uptime_ms", "mains", "needs", "next_ms", "wake_low", "quiet_ms"))


def important(kind: int) -> bool:
    """Whether a record of this kind has the radio on at once."""
    return kind not in _WAITS


class Power:
    """The policy of one box. `mode` is BACKUP or BATTERY."""

    def __init__(self, mode: int) -> None:
        self._period_ms = _PERIODS_MS[mode]
        self._steady_until_ms = _STEADY_MS
        self._window_ms = 0  # when this window began, -1 between windows
        self._next_ms = 0  # when the next one begins
        self._moved_until_ms = 0
        self._low_since_ms = -1
        self._unsent_since_ms = -1
        self._on_mains = False

    def decide(
        self, uptime_ms: int, mains: bool, needs: int, next_ms: int, wake_low: bool, quiet_ms: int
    ) -> "Decision":
        """What to do until the next look.

        `needs`: CALLS, IMPORTANT, HOLD; `next_ms`: until time brings something, NEVER where it
        does not; `quiet_ms`: since the gateway's last word in this session, -1 without one.
        """
        now = Now(uptime_ms, mains, needs, next_ms, wake_low, quiet_ms)
        self._note(now)
        reason = self._strong(now)
        if reason:
            self._window_ms = now.uptime_ms  # it leaves a window behind it
            return Decision(REACHABLE, reason, 0)
        reason = self._weak(now)
        if reason:
            return Decision(REACHABLE, reason, 0)
        return self._rest(now)

    def until_window_s(self, uptime_ms: int) -> int:
        """Seconds until the radio is on again at the latest, while it rests."""
        return max(0, self._next_ms - uptime_ms + 999) // 1000

    def moved(self, uptime_ms: int) -> None:
        """A hand woke the chip: awake until it is clear what it did."""
        self._moved_until_ms = uptime_ms + _MOVED_MS

    def stuck(self, uptime_ms: int) -> bool:
        """Whether a wake line has been low for so long that it is broken."""
        return self._low_since_ms >= 0 and uptime_ms - self._low_since_ms >= _STUCK_MS

    def _note(self, now: "Now") -> None:
        if self._on_mains and not now.mains:
            self._steady_until_ms = now.uptime_ms + _STEADY_MS
        self._on_mains = now.mains
        if not now.needs & IMPORTANT:
            self._unsent_since_ms = -1
        elif self._unsent_since_ms < 0:
            self._unsent_since_ms = now.uptime_ms
        if not now.wake_low:
            self._low_since_ms = -1
        elif self._low_since_ms < 0:
            self._low_since_ms = now.uptime_ms

    def _strong(self, now: "Now") -> str:
        if now.mains:
            return "mains"
        if now.needs & HOLD:
            return "hold"
        if now.needs & CALLS:
            return "calls"
        if now.uptime_ms < self._steady_until_ms:
            return "just begun"
        if now.needs & IMPORTANT and not self._gave_up(now):
            return "unsent"
        return ""

    def _gave_up(self, now: "Now") -> bool:
        since = self._unsent_since_ms
        return since >= 0 and now.uptime_ms - since >= _UNSENT_MS

    def _weak(self, now: "Now") -> str:
        """The window's reason; closes it when it is over."""
        uptime_ms = now.uptime_ms
        if self._window_ms < 0:
            if uptime_ms < self._next_ms:
                return ""
            self._window_ms = uptime_ms
        if now.quiet_ms < 0:
            longest = _RETRY_WINDOW_MS if self._gave_up(now) else _WINDOW_MS
            if uptime_ms - self._window_ms < longest:
                return "window"
        elif now.quiet_ms < _QUIET_MS and uptime_ms - self._window_ms < _SESSION_MS:
            return "talks"
        self._window_ms = -1
        self._next_ms = uptime_ms + (_RETRY_MS if self._gave_up(now) else self._period_ms)
        return ""

    def _rest(self, now: "Now") -> "Decision":
        if now.uptime_ms < self._moved_until_ms:
            return Decision(WAIT, "moved", 0)
        if now.wake_low and not self.stuck(now.uptime_ms):
            return Decision(WAIT, "wake line low", 0)
        ms = min(NAP_MS, now.next_ms, self._next_ms - now.uptime_ms)
        if now.wake_low:
            ms = min(ms, 1000)  # the line cannot wake: looked at each second
        if ms < _NAP_LEAST_MS:
            return Decision(WAIT, "soon", 0)
        return Decision(SLEEP, "rests", ms)
