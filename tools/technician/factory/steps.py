"""The factory test of a pill box: what is asked, what is checked, in which order.

Knows: what a good box does. May not know: a serial line, a terminal, a radio (all are handed in).

A lid and its light are tested together: the lit one is to be opened, so that two that were wired
crosswise are found. What a person sees or hears is asked as a number she cannot guess.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Protocol

from tools.technician.factory.box import LIDS, Hands
from tools.technician.factory.record import LID, Step
from tools.technician.said import Refused

DAYS = ("Mon 월", "Tue 화", "Wed 수", "Thu 목", "Fri 금", "Sat 토", "Sun 일")
TIMES = ("morning 아침", "noon 점심", "evening 저녁", "bedtime 취침")
CHIPS = ("expander 0", "expander 1", "clock", "gauge")  # bits of faults
CELL_MV = (3000, 4250)
CLOCK_S = 3.0  # so long the clock is watched,
CLOCK_SLACK_S = 1.2  # and may seem off: it tells whole seconds, and an answer takes its time
ROOM_C = (5, 45)  # a clock chip that says otherwise at a bench has no good solder
HAND_S = 20.0
LID_S = 30.0
LOOK_S = 0.05
TONE_S, PAUSE_S = 0.35, 0.25
TONE_HZ = 520
TONES = (2, 5)  # at least, at most
COLOURS = {"red 빨강": (90, 0, 0), "green 초록": (0, 90, 0), "blue 파랑": (0, 0, 90)}
LIT = (90, 90, 90)
HEARD_S = 8.0
LEAST_DBM = -75  # on the bench; a home has walls, and adapters hear down to some -90
DRAW_MA = 500  # of USB, which is what its supply must give


class Box(Protocol):
    """The box on the bench; see box.BenchBox. Raises Refused where it does not answer."""

    def broken_files(self) -> tuple[int, list[str]]:
        """(how many, the bad ones)."""

    def chips(self) -> Mapping[str, Any]:
        """What the chips say."""

    def hands(self) -> Hands:
        """What a hand does now."""

    def show(self, colours: Mapping[int, tuple[int, int, int]]) -> None:
        """Light lids."""

    def sound(self, hertz: int, loudness: int) -> None:
        """A tone, or silence."""

    def advertise(self, name: str) -> None:
        """A name on the air, or silence."""


class Bench(Protocol):
    """The technician, the clock, chance, and the bench's ear."""

    def say(self, text: str) -> None:
        """Show a line."""

    def ask(self, question: str) -> str:
        """Her answer. Raises Refused where nobody answers."""

    def wait(self, seconds: float) -> None:
        """Let it be."""

    def now_s(self) -> float:
        """A clock that only goes forwards."""

    def draw(self, least: int, most: int) -> int:
        """A number she cannot know."""

    def hear(self, name: str, seconds: float) -> int | None:
        """How strongly that name is heard, dBm; None: not at all. Raises Refused: no ear."""


class FactoryTest:
    """One box's test. `steps` fills as it goes, also where it ends early by Refused or Ctrl-C."""

    def __init__(self, box: Box, bench: Bench, *, radio: bool) -> None:
        """`radio`: whether this bench has an ear."""
        self._box = box
        self._bench = bench
        self._radio = radio
        self._since_s = bench.now_s()
        self.steps: list[Step] = []

    def run(self) -> None:
        """All steps, those first that need nobody."""
        self._program()
        self._chips()
        if self._radio:
            self._range()
        else:
            self._step("radio", None, "this bench has no ear (--no-radio)")
        self._colours()
        self._sound()
        self._hands()
        self._lids()
        self._power()

    def _step(self, name: str, passed: bool | None, told: str) -> None:
        now_s = self._bench.now_s()
        step = Step(name, passed, told, round(now_s - self._since_s, 1))
        self._since_s = now_s
        self.steps.append(step)
        word = {True: "pass", False: "FAIL", None: "  – "}[passed]
        self._bench.say(f"{word}  {name}: {told}")

    # --- what needs nobody ---

    def _program(self) -> None:
        count, bad = self._box.broken_files()
        told = f"not as it was signed: {', '.join(bad)}" if bad else f"{count} files as signed"
        self._step("program", not bad, told)

    def _chips(self) -> None:
        before, began_s = self._box.chips(), self._bench.now_s()
        for bit, name in enumerate(CHIPS):
            dead = before["faults"] >> bit & 1
            self._step(name, not dead, "does not answer" if dead else "answers")
        self._bench.wait(CLOCK_S)
        after = self._box.chips()
        self._clock(before, after, self._bench.now_s() - began_s)
        cell = after["millivolts"]
        told = f"{cell} mV, {after['percent']} %"
        self._step("cell", CELL_MV[0] <= cell <= CELL_MV[1], told)
        self._step("mains", after["mains"], "USB is seen" if after["mains"] else "USB is not seen")
        self._has_tilt = bool(after["tilt"])

    def _clock(self, before: Mapping[str, Any], after: Mapping[str, Any], took_s: float) -> None:
        went_s = after["clock_s"] - before["clock_s"]
        right = abs(went_s - took_s) <= CLOCK_SLACK_S
        state = "lost its time once, the gateway sets it" if after["lost"] else "kept its time"
        self._step("clock runs", right, f"{went_s} s went by in {took_s:.1f} s; it {state}")
        degrees = after["quarters"] / 4
        warm = ROOM_C[0] <= degrees <= ROOM_C[1]
        self._step("clock's temperature", warm, f"{degrees:.1f} °C")

    def _range(self) -> None:
        name = f"ANBU{self._bench.draw(1000, 9999)}"
        self._box.advertise(name)
        try:
            dbm = self._bench.hear(name, HEARD_S)
        finally:
            self._box.advertise("")
        if dbm is None:
            self._step("radio", False, f"not heard in {HEARD_S:.0f} s: look at the antenna")
            return
        self._step("radio", dbm >= LEAST_DBM, f"heard at {dbm} dBm, {LEAST_DBM} or more wanted")

    # --- eyes and ears ---

    def _colours(self) -> None:
        for name, colour in COLOURS.items():
            dark = self._bench.draw(1, 3)
            out: set[int] = set()
            while len(out) < dark:
                out.add(self._bench.draw(0, LIDS - 1))
            self._box.show({lid: colour for lid in range(LIDS) if lid not in out})
            counted = self._number(f"All lids are {name} but a few. How many are dark? ")
            told = f"{counted} dark ones seen, {dark} were dark"
            self._step(f"lights {name}", counted == dark, told)
        self._box.show({})

    def _sound(self) -> None:
        tones = self._bench.draw(*TONES)
        self._bench.ask("Listen and count the tones; press Enter. ")
        for n in range(tones):
            self._box.sound(TONE_HZ, 1 + n % 3)
            self._bench.wait(TONE_S)
            self._box.sound(TONE_HZ, 0)
            self._bench.wait(PAUSE_S)
        heard = self._number("How many tones were there? ")
        self._step("sound", heard == tones, f"{heard} tones heard, {tones} were played")

    def _number(self, question: str) -> int | None:
        """Her number; None for a word, which counts as wrong."""
        answer = self._bench.ask(question)
        return int(answer) if answer.isdecimal() else None

    # --- hands ---

    def _until(self, done: Callable[[Hands], bool], seconds: float) -> bool:
        until_s = self._bench.now_s() + seconds
        while not done(self._box.hands()):
            if self._bench.now_s() >= until_s:
                return False
            self._bench.wait(LOOK_S)
        return True

    def _hands(self) -> None:
        for name, wanted in (("OK", (True, False)), ("HELP", (False, True))):
            self._until(_pressed(False, False), HAND_S)
            self._bench.say(f"Press {name}.")
            came = self._until(_pressed(*wanted), HAND_S)
            self._step(f"button {name}", came, "pressed" if came else "no press of it alone")
        if not self._has_tilt:
            self._step("tilt", None, "this box has no such switch")
            return
        self._bench.say("Lean the box to its side, then stand it up.")
        came = self._until(lambda now: now[3], HAND_S)
        stands = self._until(lambda now: not now[3], HAND_S)
        told = "leans, and stands again" if came and stands else "always leans" if came else "never"
        self._step("tilt", came and stands, told)

    def _lids(self) -> None:
        self._bench.say("Shut every lid.")
        shut = self._until(lambda now: not now[0], HAND_S)
        left = [_lid(n) for n in range(LIDS) if self._box.hands()[0] >> n & 1] if not shut else []
        self._step("lids shut", shut, ", ".join(left) + " open" if left else "all of them")
        if not shut:
            return
        self._bench.say("Open the lid that is lit, and shut it again; one after the other.")
        for lid in range(LIDS):
            self._lid(lid)
        self._box.show({})

    def _lid(self, lid: int) -> None:
        self._box.show({lid: LIT})
        seen = 0

        def opened(now: Hands) -> bool:
            nonlocal seen
            seen |= now[0]
            return bool(seen)

        came = self._until(opened, LID_S)
        self._box.show({})
        shut = self._until(lambda now: not now[0], HAND_S)
        self._step(LID + _lid(lid), came and seen == 1 << lid and shut, _moved(lid, seen, shut))

    def _power(self) -> None:
        answer = self._bench.ask("Milliamperes by a meter in the USB cable (Enter: no meter): ")
        try:
            drawn = float(answer.replace(",", "."))
        except ValueError:
            self._step("power draw", None, f"no meter here{f' ({answer})' if answer else ''}")
            return
        self._step("power draw", 0 < drawn <= DRAW_MA, f"{drawn:g} mA, {DRAW_MA} at the most")


def _pressed(ok: bool, help_: bool) -> Callable[[Hands], bool]:
    """Whether these are pressed, and no other."""
    return lambda now: now[1:3] == (ok, help_)


def _moved(lid: int, seen: int, shut: bool) -> str:
    others = [_lid(n) for n in range(LIDS) if seen >> n & 1 and n != lid]
    if not seen:
        return "its light was not seen, or its sensor sees no opening"
    if others:
        return f"{', '.join(others)} opened: light and lid crossed, or the wrong one was opened"
    return "opened and shut" if shut else "never shut again"


def _lid(n: int) -> str:
    """Compartment 0 is Monday's morning."""
    return f"{DAYS[n // len(TIMES)]} {TIMES[n % len(TIMES)]}"


def run_to_end(test: FactoryTest) -> str:
    """Runs it; "" or why it ended early. Raises KeyboardInterrupt."""
    try:
        test.run()
    except Refused as end:
        return str(end)
    return ""
