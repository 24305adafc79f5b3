"""The chip rests: radio off and light sleep where the policy says so, else awake and on the air.

Knows: the radio's switch, MicroPython's `machine.lightsleep` and its wake sources on the ESP32-S3.
May not know: what the box needs or when it may rest (the host and the policy say so), doses.

The `board` is any object with
    mains() -> bool
    wake_pins() -> (tuple of pins of which any one low wakes, the pin that wakes when high)
    wake_low() -> true                   (where one of the first is low now)
    clear_wakes() -> None                (has the chips let go of their lines: lids, alarm, gauge)
    set_alarm(wall_s) -> None            (UTC seconds since 2000; the clock chip's alarm)
the `policy` is pillbox.power.Power, or another object with its decide, until_window_s, moved, stuck
the `host` is any object with
    needs() -> a mask of the policy's needs
    next_ms() -> ms until time brings the next thing
    uptime_ms() -> int
    wall_s() -> UTC seconds since 2000, 0 = unknown
    dark() -> None                       (lights and sound off: a sleep begins)
    woken() -> None                      (it ended: take time and inputs)

A wake line that is low refuses sleep for this round, also where its chip then lets go of it: what
pulled it was perhaps not looked at yet. It is asked once more in the last moment, after the radio
is off: wake is by level, and what was pressed in between is a reason not to sleep at all.
"""

import asyncio

import esp32
import machine
from anbu_wire.messages import RESTING, encode

TYPE_CHECKING = False  # MicroPython has no typing
if TYPE_CHECKING:
    from anbu_device.edge.radio import Radio

REACHABLE = 0  # what a policy may say, see pillbox.power
WAIT = 1
SLEEP = 2


class Rest:
    """Stands in for the look's sleep: `await rest.pause(ms)`."""

    # `board`, `policy`, `host`: whatever answers the calls above, MicroPython has no Protocol.
    def __init__(self, board, radio: "Radio", policy, host) -> None:  # type: ignore[no-untyped-def]  # noqa: ANN001
        self._board = board
        self._radio = radio
        self._policy = policy
        self._host = host
        self.why = ""  # the last decision's reason
        self.naps = 0

    @property
    def resting(self) -> bool:
        """Whether the radio is off."""
        return not self._radio.is_on

    async def pause(self, ms: int) -> None:
        """Waits `ms` where the box is to be awake; else rests, longer where nothing is due."""
        what, self.why, nap_ms = self._decide()
        if what == REACHABLE and not self._radio.is_on:
            self._radio.on()
        if what != SLEEP:
            await asyncio.sleep_ms(ms)
            return
        if self._radio.is_on:
            seconds = self._policy.until_window_s(self._host.uptime_ms())
            await self._radio.off(encode(RESTING, 0, seconds))
            return  # that took a while: what is true now is asked again at the next look
        self._sleep(nap_ms)
        await asyncio.sleep_ms(0)

    def _decide(self) -> "tuple[int, str, int]":
        host = self._host
        board = self._board
        low = bool(board.wake_low())
        if low:
            board.clear_wakes()  # an alarm that came while awake holds its line until told
        decision: "tuple[int, str, int]" = self._policy.decide(
            host.uptime_ms(),
            board.mains(),
            host.needs(),
            host.next_ms(),
            low,
            self._radio.quiet_ms(),
        )
        return decision

    def _sleep(self, ms: int) -> None:
        board = self._board
        host = self._host
        low, high = board.wake_pins()
        stuck = self._policy.stuck(host.uptime_ms())
        wall_s = host.wall_s()
        host.dark()
        if wall_s:
            board.set_alarm(wall_s + ms // 1000 + 1)  # should the chip's own timer not wake it
        if board.wake_low() and not stuck:
            host.woken()
            return
        if stuck:
            low = tuple([pin for pin in low if pin.value()])
        # On the ESP32-S3 this constant means "any low": IDF keeps the ESP32's name for it.
        esp32.wake_on_ext1(low, esp32.WAKEUP_ALL_LOW)
        esp32.wake_on_ext0(high, esp32.WAKEUP_ANY_HIGH)
        self.naps += 1
        machine.lightsleep(ms)
        moved = board.mains() or not all(pin.value() for pin in low)
        host.woken()
        if moved:
            self._policy.moved(host.uptime_ms())
