"""anbu_device.esp.sleep with a pretended chip: the order of things when a box goes to rest."""

from __future__ import annotations

import asyncio
import importlib
import sys
import types
from typing import Any

import pytest

from anbu_wire import messages as m
from pillbox.power import BATTERY, CALLS, NAP_MS, NEVER, Power

MIN_MS = 60_000
PERIOD_S = 7200


class Pin:
    def __init__(self, name: str, level: int = 1) -> None:
        self.name = name
        self.level = level

    def value(self) -> int:
        return self.level


class Chip:
    """Board, radio, host and the chip's modules in one; `did` is what happened, in order."""

    def __init__(self) -> None:
        self.did: list[Any] = []
        self.now_ms = 0
        self.need = 0
        self.on_mains = False
        self.low = [Pin("lids"), Pin("ok")]
        self.high = Pin("mains", 0)
        self.is_on = True
        self.during_nap = self.nothing
        self.during_dark = self.nothing
        self.power = Power(BATTERY)

    def nothing(self) -> None:
        """Nobody does anything."""

    # the board
    def mains(self) -> bool:
        return self.on_mains

    def wake_pins(self) -> tuple[tuple[Pin, ...], Pin]:
        return tuple(self.low), self.high

    def wake_low(self) -> bool:
        return not all(pin.level for pin in self.low)

    def clear_wakes(self) -> None:
        self.did.append("clear")

    def set_alarm(self, wall_s: int) -> None:
        self.did.append(("alarm", wall_s))

    # the radio
    def quiet_ms(self) -> int:
        return -1

    async def off(self, last: bytes) -> None:
        self.is_on = False
        self.did.append(("off", m.decode(last)))

    def on(self) -> None:
        self.is_on = True
        self.did.append("on")

    # the host
    def needs(self) -> int:
        return self.need

    def next_ms(self) -> int:
        return int(NEVER)

    def uptime_ms(self) -> int:
        return self.now_ms

    def wall_s(self) -> int:
        return 800_000_000 + self.now_ms // 1000

    def dark(self) -> None:
        self.did.append("dark")
        self.during_dark()

    def woken(self) -> None:
        self.did.append("woken")

    # the chip
    def lightsleep(self, ms: int) -> None:
        assert not self.is_on, "asleep with the radio on"
        self.did.append(("sleep", ms))
        self.now_ms += ms
        self.during_nap()

    def wake_on_ext1(self, pins: tuple[Pin, ...], level: bool) -> None:
        self.did.append(("wake low", tuple(pin.name for pin in pins), level))

    def wake_on_ext0(self, pin: Pin, level: bool) -> None:
        self.did.append(("wake high", pin.name, level))


@pytest.fixture
def chip(monkeypatch: pytest.MonkeyPatch) -> Chip:
    """A chip past its start, with the firmware's own Rest over it."""
    made = Chip()
    esp32 = types.SimpleNamespace(
        wake_on_ext0=made.wake_on_ext0,
        wake_on_ext1=made.wake_on_ext1,
        WAKEUP_ALL_LOW=False,
        WAKEUP_ANY_HIGH=True,
    )
    monkeypatch.setitem(sys.modules, "esp32", esp32)
    monkeypatch.setitem(sys.modules, "machine", types.SimpleNamespace(lightsleep=made.lightsleep))

    async def sleep_ms(ms: int) -> None:
        made.now_ms += ms

    monkeypatch.setattr(asyncio, "sleep_ms", sleep_ms, raising=False)
    monkeypatch.delitem(sys.modules, "anbu_device.esp.sleep", raising=False)
    module = importlib.import_module("anbu_device.esp.sleep")
    made.rest = module.Rest(made, made, made.power, made)  # type: ignore[attr-defined]
    return made


def _pause(chip: Chip, times: int = 1) -> list[Any]:
    """What happened in so many pauses of a quarter of a second."""
    chip.did.clear()

    async def looks() -> None:
        for _ in range(times):
            await chip.rest.pause(250)  # type: ignore[attr-defined]

    asyncio.run(looks())
    return chip.did


def _rested(chip: Chip) -> Chip:
    """Past the start and its window: the radio is off."""
    while chip.is_on:
        _pause(chip)
    return chip


def test_the_announcement_is_the_last_frame(chip: Chip) -> None:
    """Going to rest: RESTING with the seconds to the next window, then the radio is off."""
    _rested(chip)
    ((_off, message),) = chip.did
    assert message.kind == m.RESTING
    assert message.request_id == 0
    assert PERIOD_S - 1 <= message.fields["seconds"] <= PERIOD_S


def test_the_order_of_a_nap(chip: Chip) -> None:
    """Dark, alarm a second behind the nap, wake sources, sleep, and the host is woken."""
    _rested(chip)
    alarm = ("alarm", chip.wall_s() + NAP_MS // 1000 + 1)
    sources = [("wake low", ("lids", "ok"), False), ("wake high", "mains", True)]
    assert _pause(chip) == ["dark", alarm, *sources, ("sleep", NAP_MS), "woken"]


def test_a_window_has_the_radio_on_again(chip: Chip) -> None:
    """When the announced time comes the radio is on, and not a nap before."""
    _rested(chip)
    began_ms = chip.now_ms
    did = _pause(chip, PERIOD_S // (NAP_MS // 1000) + 2)
    assert did.count("on") == 1
    assert did.index("on") > len(did) - 4
    assert abs(chip.now_ms - began_ms - PERIOD_S * 1000) < 1000


def test_whatever_calls_has_the_radio_on_at_once(chip: Chip) -> None:
    """A prompt in the middle of a rest: on, before anything else."""
    _rested(chip)
    chip.need = CALLS
    assert _pause(chip) == ["on"]


def test_a_low_line_refuses_sleep_even_when_its_chip_lets_go(chip: Chip) -> None:
    """A lid that moved was perhaps not looked at yet: clearing its latch must not hide it."""
    _rested(chip)
    chip.low[0].level = 0
    chip.clear_wakes = lambda: setattr(chip.low[0], "level", 1)  # type: ignore[method-assign]
    assert _pause(chip) == []
    assert ("sleep", NAP_MS) in _pause(chip)


def test_a_line_pulled_in_the_last_moment_refuses_sleep(chip: Chip) -> None:
    """Pressed between the decision and the sleep: no sleep, and the host looks at it."""
    _rested(chip)
    chip.during_dark = lambda: setattr(chip.low[1], "level", 0)
    did = _pause(chip)
    assert did[-1] == "woken"
    assert not [d for d in did if d[0] == "sleep"]


def test_a_stuck_line_is_left_out_and_looked_at_each_second(chip: Chip) -> None:
    """Low for ten minutes: it cannot wake any more, the others still do."""
    _rested(chip)
    chip.low[0].level = 0
    _pause(chip, 10 * MIN_MS // 250 + 1)
    did = _pause(chip)
    assert ("wake low", ("ok",), False) in did
    assert ("sleep", 1000) in did


def test_after_a_hand_it_stays_awake_for_a_moment(chip: Chip) -> None:
    """A lid ended the nap: three seconds of looks before the next one."""
    _rested(chip)
    chip.during_nap = lambda: setattr(chip.low[0], "level", 0)
    chip.woken = lambda: setattr(chip.low[0], "level", 1)  # type: ignore[method-assign]
    assert ("sleep", NAP_MS) in _pause(chip)
    assert not [d for d in _pause(chip, 11) if d[0] == "sleep"]
    assert [d for d in _pause(chip, 3) if d[0] == "sleep"]


def test_mains_back_has_it_reachable(chip: Chip) -> None:
    """Plugged in while asleep: the radio is on at the next decision and stays on."""
    _rested(chip)
    chip.on_mains = True
    assert _pause(chip, 50) == ["on"]


def test_without_time_no_alarm_is_set(chip: Chip) -> None:
    """An unknown clock has no alarm to wait for; the chip's own timer wakes it."""
    _rested(chip)
    chip.wall_s = lambda: 0  # type: ignore[method-assign]
    assert not [d for d in _pause(chip) if d[0] == "alarm"]
