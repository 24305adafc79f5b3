"""pillbox.power, under CPython and MicroPython: when the radio is on, when the chip sleeps."""

from anbu_wire import messages as m
from pillbox.power import (
    BACKUP,
    BATTERY,
    CALLS,
    HOLD,
    IMPORTANT,
    NAP_MS,
    NEVER,
    REACHABLE,
    SLEEP,
    WAIT,
    Power,
    important,
)

MIN_MS = 60_000
DAY_MS = 86_400_000
LOOK_MS = 250


class Life:
    """A box's time with its policy: naps are slept, looks are waited for."""

    def __init__(self, mode: int = BATTERY) -> None:
        self.power = Power(mode)
        self.now_ms = 0
        self.mains = False
        self.needs = 0
        self.next_ms = NEVER
        self.low = False
        self.quiet_ms = -1
        self.why = ""

    def step(self) -> int:
        """One decision, and the time that it takes; what was decided."""
        what: int
        what, self.why, ms = self.power.decide(
            self.now_ms, self.mains, self.needs, self.next_ms, self.low, self.quiet_ms
        )
        self.now_ms += ms if what == SLEEP else LOOK_MS
        return what

    def until(self, ms: int) -> "list[int]":
        """Lives until then; what was decided on the way."""
        said = []
        while self.now_ms < ms:
            said.append(self.step())
        return said

    def rested(self, mode_ms: int = 4 * MIN_MS) -> "Life":
        """Past the start's steady minutes and the window behind them."""
        self.until(self.now_ms + mode_ms)
        return self


def test_on_mains_it_is_always_reachable() -> None:
    """Mains: no decision of a whole day switches the radio off."""
    for mode in (BACKUP, BATTERY):
        life = Life(mode)
        life.mains = True
        for _ in range(500):
            assert life.step() == REACHABLE
            life.now_ms += 3 * MIN_MS
        assert life.why == "mains"


def test_a_pulled_plug_is_not_yet_a_power_cut() -> None:
    """For two minutes after mains was lost it stays reachable, then it comes to rest."""
    life = Life()
    life.mains = True
    life.until(10 * MIN_MS)
    life.mains = False
    assert all(what == REACHABLE for what in life.until(12 * MIN_MS - LOOK_MS))
    life.until(14 * MIN_MS)
    assert life.step() == SLEEP


def _windows(mode: int, until_ms: int) -> "list[tuple[int, int]]":
    """(begin, end) of every stretch on the air, nobody answering."""
    life = Life(mode).rested()
    found = []
    began = -1
    while life.now_ms < until_ms:
        at = life.now_ms
        on_air = life.step() == REACHABLE
        if on_air and began < 0:
            began = at
        elif not on_air and began >= 0:
            found.append((began, at))
            began = -1
    return found


def test_windows_come_as_announced() -> None:
    """Battery: one each two hours, backup: one each 15 minutes, a minute long without a gateway."""
    for mode, period_ms in ((BATTERY, 120 * MIN_MS), (BACKUP, 15 * MIN_MS)):
        windows = _windows(mode, 24 * 60 * MIN_MS)
        gaps = [windows[i][0] - windows[i - 1][1] for i in range(1, len(windows))]
        assert len(windows) >= 11
        assert all(period_ms - NAP_MS <= gap <= period_ms for gap in gaps), gaps
        assert all(MIN_MS <= end - begin <= MIN_MS + LOOK_MS for begin, end in windows)


def test_what_is_announced_is_kept() -> None:
    """At the moment of going to rest the seconds told reach the next window, not one beyond it."""
    life = Life().rested()
    told_at_ms, told_s = life.now_ms, life.power.until_window_s(life.now_ms)
    while life.step() != REACHABLE:
        pass
    late_ms = life.now_ms - LOOK_MS - (told_at_ms + told_s * 1000)
    assert -1000 <= late_ms <= 0, late_ms


def test_a_quiet_session_ends_the_window() -> None:
    """Five seconds after the gateway's last word the radio rests; while it talks it does not."""
    life = Life().rested()
    while life.step() != REACHABLE:
        pass
    life.quiet_ms = 100
    assert life.step() == REACHABLE
    assert life.why == "talks"
    life.quiet_ms = 5000
    assert life.step() == SLEEP


def test_a_session_without_end_ends_after_two_minutes() -> None:
    """Somebody who never stops talking does not empty the battery."""
    life = Life().rested()
    while life.step() != REACHABLE:
        pass
    life.quiet_ms = 0
    began_ms = life.now_ms
    while life.step() == REACHABLE:
        assert life.now_ms < began_ms + 3 * MIN_MS


def test_whatever_calls_is_on_the_air_at_once_and_all_the_time() -> None:
    """A prompt, a call for help, an update: reachable at the next decision, for hours."""
    for need, word in ((CALLS, "calls"), (HOLD, "hold")):
        life = Life().rested()
        assert life.step() == SLEEP
        life.needs = need
        assert all(what == REACHABLE for what in life.until(life.now_ms + 180 * MIN_MS))
        assert life.why == word


def test_after_a_call_a_window_stays_open() -> None:
    """What was called about can still be fetched: the radio does not go in the same moment."""
    life = Life().rested()
    life.needs = CALLS
    life.step()
    life.needs = 0
    assert life.step() == REACHABLE
    assert life.why == "window"


def test_an_unsent_record_of_importance_is_tried_at_once() -> None:
    """Ten minutes without a pause, from the first decision on."""
    life = Life().rested()
    life.needs = IMPORTANT
    assert all(what == REACHABLE for what in life.until(life.now_ms + 10 * MIN_MS - LOOK_MS))


def test_a_gateway_that_comes_back_hears_of_it_within_five_minutes() -> None:
    """Tried in vain, it goes on air again in less than the five minutes a started gateway waits."""
    life = Life().rested()
    life.needs = IMPORTANT
    life.until(life.now_ms + 11 * MIN_MS)
    last_ms, longest_ms, on_air_ms = life.now_ms, 0, 0
    end_ms = life.now_ms + 24 * 60 * MIN_MS
    while life.now_ms < end_ms:
        at_ms = life.now_ms
        if life.step() == REACHABLE:
            on_air_ms += life.now_ms - at_ms
            longest_ms = max(longest_ms, at_ms - last_ms)
            last_ms = life.now_ms
    assert longest_ms < 5 * MIN_MS
    assert on_air_ms < 24 * 60 * MIN_MS // 10  # a gateway away for days does not cost the battery


def test_acknowledged_it_rests_again() -> None:
    """What was sent keeps nobody awake, and the next one is tried ten minutes again."""
    life = Life().rested()
    life.needs = IMPORTANT
    life.until(life.now_ms + 30 * MIN_MS)
    life.needs = 0
    life.until(life.now_ms + 3 * MIN_MS)
    assert life.step() == SLEEP
    life.needs = IMPORTANT
    assert all(what == REACHABLE for what in life.until(life.now_ms + 10 * MIN_MS - LOOK_MS))


def test_a_low_wake_line_refuses_sleep() -> None:
    """While a line is low no decision is to sleep; the reason says so."""
    life = Life().rested()
    life.low = True
    assert all(what == WAIT for what in life.until(life.now_ms + 9 * MIN_MS))
    assert life.why == "wake line low"
    life.low = False
    assert life.step() == SLEEP


def test_a_line_stuck_low_does_not_empty_the_battery() -> None:
    """Low for ten minutes it is broken: naps of a second at the most, so that it is looked at."""
    life = Life().rested()
    life.low = True
    life.until(life.now_ms + 10 * MIN_MS)
    what, _why, ms = life.power.decide(life.now_ms, False, 0, NEVER, True, -1)
    assert (what, ms) == (SLEEP, 1000)


def test_a_nap_is_never_longer_than_what_comes_next() -> None:
    """20 s at the most (watchdog, watched gaps), shorter where a dose or a window is due."""
    life = Life().rested()
    for next_ms, wanted_ms in ((NEVER, NAP_MS), (30_000, NAP_MS), (7_300, 7_300)):
        assert life.power.decide(life.now_ms, False, 0, next_ms, False, -1)[2] == wanted_ms
    assert life.power.decide(life.now_ms, False, 0, 50, False, -1)[:2] == (WAIT, "soon")


def test_a_hand_keeps_it_awake_for_a_moment() -> None:
    """After a wake by a lid three seconds go by before the next nap: how long was it open."""
    life = Life().rested()
    life.power.moved(life.now_ms)
    assert all(what == WAIT for what in life.until(life.now_ms + 3_000))
    assert life.why == "moved"
    assert life.step() == SLEEP


def test_what_became_of_a_dose_is_important() -> None:
    """Every verdict, every call for help, every warning; not the course of things."""
    verdicts = (m.SLOT_TAKEN, m.SLOT_LATE, m.SLOT_MISSED, m.SLOT_SKIPPED, m.SLOT_DOUBTFUL)
    others = (m.SLOT_UNKNOWN, m.SLOT_PAUSED, m.HELP_PRESSED, m.BATTERY, m.MAINS_LOST)
    for kind in verdicts + others:
        assert important(kind), kind
    for kind in (m.BOOT, m.SLOT_PROMPTED, m.LID_CLOSED, m.OK_PRESSED):
        assert not important(kind), kind
    assert important(99)  # a kind of tomorrow: better once too often


def test_a_policy_lives_for_months() -> None:
    """After 200 days the windows still come: nothing runs out, nothing overflows."""
    life = Life().rested()
    life.now_ms += 200 * DAY_MS
    assert life.step() == REACHABLE
    life.until(life.now_ms + 2 * MIN_MS)
    assert life.step() == SLEEP
