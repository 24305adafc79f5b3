"""The dialogue of `anbu verify careplug`: what is asked, what is checked, in which order.

Knows: the plug's parameters and readings, what to ask of the technician.
May not know: a radio, a terminal (both are handed in).

What was calibrated by half is taken back: after any end the gains are the old ones or the proven
new ones, unless the plug cannot be reached any more; then that is said.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Protocol

from anbu_wire import metering, settings
from tools.technician import verify_gains as g

READINGS = 8  # of one measurement
PERIOD_S = 1.0
BUTTON_S = 20
BUTTON_PERIOD_S = 0.5
LIGHT_READINGS = 10  # so many for a lamp or a hand to show
DARKER = 2  # so many times darker a covered light sensor is,
DARKER_BY_CENTI = 500  # and by 5 lx
ANSWERS = ("isolated", "절연")
ATTEMPTS = 3  # at a number

Fields = Mapping[str, int]


class NotDone(Exception):  # noqa: N818  # an outcome, not an error of this program
    """It cannot go on; the text is one line: whose fault, what to do."""


class Plug(Protocol):
    """The plug. Everything raises NotDone where it does not answer or refuses."""

    def meter(self) -> Fields:
        """METER's fields."""

    def parameters(self) -> Fields:
        """Values by name."""

    def set_parameter(self, parameter: int, value: int) -> None:
        """Set one, and read it back."""


class Terminal(Protocol):
    """The technician."""

    def say(self, text: str) -> None:
        """Show a line."""

    def ask(self, question: str) -> str:
        """Her answer. Raises NotDone where nobody answers."""

    def wait(self, seconds: float) -> None:
        """Let the plug measure."""


@dataclass(frozen=True, slots=True)
class Step:
    """One step: `passed` None = this plug has no such part."""

    name: str
    passed: bool | None
    told: str


@dataclass(slots=True)
class Record:
    """What was done to one plug; `as_json` is what is kept of it."""

    device_id: str
    steps: list[Step] = field(default_factory=list)
    factory: dict[str, int] = field(default_factory=dict)
    gains_before: dict[str, int] = field(default_factory=dict)
    gains: dict[str, int] = field(default_factory=dict)
    reference: dict[str, float] = field(default_factory=dict)
    told: dict[str, int] = field(default_factory=dict)

    @property
    def passed(self) -> bool:
        """Whether every step did, and there was one that could."""
        judged = [step.passed for step in self.steps if step.passed is not None]
        return bool(judged) and all(judged)

    def as_json(self) -> dict[str, Any]:
        """The record as plain values."""
        return {**asdict(self), "passed": self.passed}


class Verify:
    """One plug's verification; `run` fills `record`, also where it ends early."""

    def __init__(self, device_id: str, plug: Plug, terminal: Terminal) -> None:
        self._plug = plug
        self._terminal = terminal
        self.record = Record(device_id)

    def run(self) -> None:
        """All steps. Raises NotDone where it cannot go on, KeyboardInterrupt where she ends it."""
        self._isolated()
        before = self._plug.parameters()
        flags = self._plug.meter()["flags"]
        self._step("link", True, "the plug answers, and proved that it holds the key")
        if flags & metering.HAS_METER:
            self._calibrate(before)
        else:
            self._step("meter", None, "this plug has none")
        self._light(flags)
        self._button(flags)

    def _step(self, name: str, passed: bool | None, told: str) -> None:
        step = Step(name, passed, told)
        self.record.steps.append(step)
        word = {True: "pass", False: "FAIL", None: "  – "}[passed]
        self._terminal.say(f"{word}  {name}: {told}")

    def _isolated(self) -> None:
        """Nothing is begun at a plug on bare mains."""
        say = self._terminal.say
        say("A plug's ground is live. Feed it from an isolated bench supply with a current limit,")
        say("no cable and no probe from it to this computer. 절연된 시험 전원에만 연결하세요.")
        answer = self._terminal.ask(f'Type "{ANSWERS[0]}" (또는 "{ANSWERS[1]}") to go on: ')
        if answer.strip().lower() not in ANSWERS:
            raise NotDone("not on an isolated supply: nothing was done")
        self._step("isolated supply", True, "confirmed by the technician")

    # --- the meter -------------------------------------------------------------------------

    def _calibrate(self, before: Fields) -> None:
        names = [settings.PARAMETERS[parameter][0] for parameter in (*g.FACTORY, *g.USER)]
        missing = [name for name in names if name not in before]
        if missing:
            raise NotDone(f"the plug does not show {', '.join(missing)}: update its firmware")
        factory, user = _triple(before, g.FACTORY), _triple(before, g.USER)
        self.record.factory = dict(zip(g.NAMES, factory, strict=True))
        self.record.gains_before = dict(zip(g.NAMES, user, strict=True))
        kept = False
        try:
            self._by_reference(factory, user)
            kept = True
        except g.Implausible as why:
            self._step("calibration", False, str(why))
        finally:
            if not kept:
                self._take_back(user)
        after = _triple(self._plug.parameters(), g.FACTORY)
        told = "as before" if after == factory else f"{after}, before {factory}"
        self._step("factory gains untouched", after == factory, told)

    def _by_reference(self, factory: g.Triple, user: g.Triple) -> None:
        self._terminal.say("Plug in a resistive load (heater, filament lamp) behind the reference")
        self._terminal.ask("meter, switch it on, let it warm up; then press Enter. ")
        self._live("live")
        reference = g.Reference(
            self._number("Watts by the reference meter: "),
            self._number("Volts by the reference meter: "),
        )
        self.record.reference = asdict(reference)
        readings = self._live("measured")
        raw, told = g.measured(readings, g.RAW), g.measured(readings, g.TOLD)
        if not g.applied(raw, told, factory, user):
            raise g.Implausible("the plug does not tell raw x factory x user gain: update it")
        self._step("steady resistive load", True, _shown(told))
        gains = g.gains(reference, raw, factory)
        for parameter, gain in zip(g.USER, gains, strict=True):
            self._plug.set_parameter(parameter, gain)
        self.record.gains = dict(zip(g.NAMES, gains, strict=True))
        self._step("gains written and read back", True, _percent(gains))
        again = g.measured(self._live("again"), g.TOLD)
        self.record.told = dict(zip(g.TOLD, again, strict=True))
        if not g.exact(reference, again):
            told_now = f"{_shown(again)}, the reference is {reference.watts:g} W"
            raise g.Implausible(f"{told_now}, {reference.volts:g} V: did the load change?")
        self._step("measured again", True, _shown(again))

    def _live(self, name: str) -> list[Fields]:
        readings = []
        for _ in range(READINGS):
            self._terminal.wait(PERIOD_S)
            fields = self._plug.meter()
            readings.append(fields)
            self._terminal.say(f"      {name}: {_shown(tuple(fields[n] for n in g.TOLD))}")
        return readings

    def _number(self, question: str) -> float:
        for _ in range(ATTEMPTS):
            answer = self._terminal.ask(question).strip().replace(",", ".")
            try:
                return float(answer)
            except ValueError:
                self._terminal.say(f"      {answer!r} is no number")
        raise NotDone("no reference: nothing was calibrated")

    def _take_back(self, user: g.Triple) -> None:
        """Whatever was written of new gains is written over with the old ones."""
        try:
            now = _triple(self._plug.parameters(), g.USER)
            for parameter, gain, is_now in zip(g.USER, user, now, strict=True):
                if gain != is_now:
                    self._plug.set_parameter(parameter, gain)
        except NotDone as why:
            self._step("gains taken back", False, f"{why}; verify this plug once more")
            return
        self.record.gains = {}
        if now != user:
            self._terminal.say("      the gains are as they were before")

    # --- its other parts -------------------------------------------------------------------

    def _light(self, flags: int) -> None:
        if not flags & metering.HAS_LIGHT:
            self._step("light sensor", None, "this plug has none")
            return
        lit = self._lux()
        self._terminal.ask("Shine a lamp on the light sensor; then press Enter. ")
        bright = self._lux_until(lambda lux: lit is None or _darker(lit, than=lux))
        self._terminal.ask("Cover the light sensor; then press Enter. ")
        dark = self._lux_until(lambda lux: bright is None or _darker(lux, than=bright))
        if bright is None or dark is None:
            self._step("light sensor", False, "it gives no valid value: look at its wires")
            return
        told = f"{bright / 100:.1f} lx, covered {dark / 100:.1f} lx"
        self._step("light sensor", _darker(dark, than=bright), told)

    def _lux_until(self, seen: Callable[[int], bool]) -> int | None:
        """What it sees once it has `seen` the change, which takes time; else its last reading.

        A bench in the sun is hardly brighter by a lamp; that is no fault of the sensor.
        """
        for _ in range(LIGHT_READINGS):
            self._terminal.wait(PERIOD_S)
            lux = self._lux()
            if lux is not None and seen(lux):
                break
        return lux

    def _lux(self) -> int | None:
        fields = self._plug.meter()
        return fields["lux_centi"] if fields["flags"] & metering.LIGHT else None

    def _button(self, flags: int) -> None:
        if not flags & metering.HAS_BUTTON:
            self._step("button", None, "this plug has none")
            return
        self._plug.meter()  # forgets a press from before
        self._terminal.say(f"Press the plug's button once, within {BUTTON_S} s.")
        for _ in range(round(BUTTON_S / BUTTON_PERIOD_S)):
            self._terminal.wait(BUTTON_PERIOD_S)
            if self._plug.meter()["flags"] & metering.PRESSED:
                self._step("button", True, "pressed")
                return
        self._step("button", False, f"no press in {BUTTON_S} s")


def _triple(values: Fields, parameters: tuple[int, ...]) -> g.Triple:
    one, two, three = (values[settings.PARAMETERS[p][0]] for p in parameters)
    return one, two, three


def _darker(lux: int, *, than: int) -> bool:
    return lux * DARKER <= than and than - lux >= DARKER_BY_CENTI


def _shown(told: tuple[int, ...]) -> str:
    volts, amperes, watts = (value / 1000 for value in told)
    return f"{watts:.1f} W, {volts:.1f} V, {amperes:.3f} A"


def _percent(gains: g.Triple) -> str:
    parts = zip(g.NAMES, gains, strict=True)
    return ", ".join(f"{name} {gain / settings.GAIN_ONE - 1:+.2%}" for name, gain in parts)
