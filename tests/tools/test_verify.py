"""`anbu verify careplug`: the dialogue, over a plug in this process and over the radio source.

Knows: a plug's end of the language, a technician by her script. May not know: Bumble, chips.
"""

from __future__ import annotations

import io
import json
import sys
import types
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from anbu_wire import messages as m
from anbu_wire import metering, settings
from tests.gateway.radio_fake import FakeAir, FakeDevice, FakePlug
from tools import cli
from tools.technician import verify_link, verify_steps
from tools.technician.verify_steps import NotDone, Verify

KEY = bytes(range(16))
VALID = metering.VOLTAGE | metering.CURRENT | metering.POWER
ALL = VALID | metering.HAS_METER | metering.HAS_LIGHT | metering.HAS_BUTTON | metering.LIGHT
GOOD = ["isolated", "", "1000", "230", "", ""]  # word, load, watts, volts, lamp, covered


class Bench:
    """A plug and the technician before it: `answers` in order, then nobody answers."""

    def __init__(self, answers: list[str], flags: int = ALL) -> None:
        self.answers = list(answers)
        self.said: list[str] = []
        self.device = FakePlug("CP-1", KEY, "02:00:00:00:00:01")
        self.device.flags = flags | metering.PRESSED
        self.asked_meter = 0
        self.waited_s = 0.0
        self.written: list[tuple[int, int]] = []
        self.at: dict[str, Callable[[], None]] = {"lamp": self._lamp, "Cover": self._cover}

    def _lamp(self) -> None:
        self.device.lux_centi = 30_000

    def _cover(self) -> None:
        self.device.lux_centi = 100

    # --- the terminal ---

    def say(self, text: str) -> None:
        self.said.append(text)

    def ask(self, question: str) -> str:
        for word, do in self.at.items():
            if word in question:
                do()
        if not self.answers:
            raise NotDone("nobody answers at this terminal")
        answer = self.answers.pop(0)
        if answer == "^C":
            raise KeyboardInterrupt
        return answer

    def wait(self, seconds: float) -> None:
        self.waited_s += seconds

    # --- the plug ---

    def meter(self) -> Mapping[str, int]:
        self.asked_meter += 1
        return dict(zip(m.TABLE[m.METER][2], self.device.meter(), strict=True))

    def parameters(self) -> Mapping[str, int]:
        return {settings.PARAMETERS[p][0]: value for p, value in self.device.parameters()}

    def set_parameter(self, parameter: int, value: int) -> None:
        assert settings.allowed(parameter, value)
        self.written.append((parameter, value))
        if self.device.set_parameter(parameter, value) != m.OK:
            raise NotDone("CP-1 refused set_parameter with code 6: update it")

    @property
    def gains(self) -> list[int]:
        return [self.device.values[p] for p in (9, 10, 11)]

    def verify(self) -> Verify:
        verify = Verify("CP-1", self, self)
        verify.run()
        return verify


def failed(verify: Verify) -> dict[str, str]:
    """What did not pass."""
    return {step.name: step.told for step in verify.record.steps if step.passed is False}


def test_a_good_plug_passes_and_tells_the_reference() -> None:
    """231 V, 4.40 A, 1016 W become 230 V, 4.348 A, 1000 W; every step is passed and on record."""
    bench = Bench(GOOD)
    verify = bench.verify()
    assert failed(verify) == {}
    assert verify.record.passed
    told = bench.meter()
    assert [round(told[n] / 1000, 2) for n in ("voltage_mv", "current_ma", "power_mw")] == [
        230.0,
        4.35,
        1000.0,
    ]
    assert verify.record.gains == {"voltage": 65252, "current": 64759, "power": 64504}
    assert verify.record.as_json()["reference"] == {"watts": 1000.0, "volts": 230.0}
    assert [p for p, _value in bench.written] == [9, 10, 11]
    assert [step.name for step in verify.record.steps if step.passed] == [
        "isolated supply", "link", "steady resistive load", "gains written and read back",
        "measured again", "factory gains untouched", "light sensor", "button",
    ]  # fmt: skip


def test_an_earlier_calibration_is_no_part_of_the_next() -> None:
    """Gains follow from what is raw: doing it twice gives the same."""
    bench = Bench(GOOD)
    bench.verify()
    before, bench.answers = bench.gains, list(GOOD)
    bench.verify()
    assert bench.gains == before


@pytest.mark.parametrize("word", ["", "yes", "mains"])
def test_without_the_word_nothing_is_begun(word: str) -> None:
    """Neither read nor written: the plug is not even connected to."""
    bench = Bench([word])
    with pytest.raises(NotDone, match="not on an isolated supply"):
        bench.verify()
    assert (bench.asked_meter, bench.written) == (0, [])


def test_an_implausible_reference_writes_nothing() -> None:
    """1300 W where the plug sees 1016 is no gain; its other parts are looked at all the same."""
    bench = Bench(["절연", "", "1300", "230", "", ""])
    verify = bench.verify()
    assert "more than 20 % off" in failed(verify)["calibration"]
    assert bench.written == []
    assert verify.record.steps[-1].passed


def test_gains_that_do_not_help_are_taken_back() -> None:
    """The load changed between both measurements: the old gains are there again."""
    bench = Bench(GOOD)
    bench.device.values[11] = 66_000
    usual = bench.set_parameter

    def set_and_change(parameter: int, value: int) -> None:
        usual(parameter, value)
        bench.device.raw = (231_000, 4_700, 1_086_000)

    bench.set_parameter = set_and_change  # type: ignore[method-assign]  # the load, not the plug
    verify = bench.verify()
    assert "did the load change?" in failed(verify)["calibration"]
    assert bench.gains == [65_536, 65_536, 66_000]
    assert verify.record.gains == {}


def test_ctrl_c_between_two_gains_leaves_the_old_ones() -> None:
    """Stopped after the first was written: nothing half calibrated goes into a home."""
    bench = Bench(GOOD)
    usual = bench.set_parameter

    def stop_once(parameter: int, value: int) -> None:
        usual(parameter, value)
        if len(bench.written) == 1:
            raise KeyboardInterrupt

    bench.set_parameter = stop_once  # type: ignore[method-assign]  # a hand on the keyboard
    with pytest.raises(KeyboardInterrupt):
        bench.verify()
    assert bench.written[0][1] != 65_536
    assert bench.gains == [65_536] * 3


def test_a_flash_that_keeps_nothing_is_said() -> None:
    """Refused, and what could not be taken back is on record."""
    bench = Bench(GOOD)
    bench.device.store_code = m.REFUSED_STORAGE
    with pytest.raises(NotDone, match="refused set_parameter"):
        bench.verify()
    assert bench.gains == [65_536] * 3


def test_factory_gains_that_moved_are_noticed() -> None:
    """Firmware that writes the wrong gain does not pass."""
    bench = Bench(GOOD)
    usual = bench.set_parameter

    def wrong(parameter: int, value: int) -> None:
        usual(parameter, value)
        bench.device.values[settings.FACTORY_POWER_GAIN] = 65_600

    bench.set_parameter = wrong  # type: ignore[method-assign]  # firmware gone wrong
    assert "factory gains untouched" in failed(bench.verify())


def test_what_a_board_has_not_is_not_asked_for() -> None:
    """A node with nothing but a light sensor: no load, no button, no calibration."""
    bench = Bench(["isolated", "", ""], flags=metering.HAS_LIGHT | metering.LIGHT)
    verify = bench.verify()
    assert [(step.name, step.passed) for step in verify.record.steps][2:] == [
        ("meter", None),
        ("light sensor", True),
        ("button", None),
    ]
    assert verify.record.passed


def test_a_blind_sensor_and_a_dead_button_fail() -> None:
    """Covered as bright as lit; no press in time; no valid light at all."""
    bench = Bench(GOOD)
    bench.at["Cover"] = lambda: None
    bench.device.flags &= ~metering.PRESSED
    wrong = failed(bench.verify())
    assert "300.0 lx, covered 300.0 lx" in wrong["light sensor"]
    assert "no press" in wrong["button"]
    bench = Bench(GOOD, flags=ALL & ~metering.LIGHT)
    assert "no valid value" in failed(bench.verify())["light sensor"]


def test_a_sensor_may_take_several_readings_to_show_a_hand() -> None:
    """Lamp and hand show six readings after they came, as on a busy plug: that is no blindness."""
    bench = Bench(GOOD)
    asked = bench.meter
    late: list[tuple[int, Callable[[], None]]] = []
    for word, do in list(bench.at.items()):
        bench.at[word] = lambda do=do: late.append((bench.asked_meter + 6, do))  # type: ignore[misc]

    def meter() -> Mapping[str, int]:
        while late and late[0][0] <= bench.asked_meter:
            late.pop(0)[1]()
        return asked()

    bench.meter = meter  # type: ignore[method-assign]  # a slower plug
    verify = bench.verify()
    assert "300.0 lx, covered 1.0 lx" in [s.told for s in verify.record.steps if "light" in s.name]


def test_words_for_numbers_are_asked_again() -> None:
    """A comma is understood, a word is not, and after three the plug is left as it was."""
    bench = Bench(["isolated", "", "about 1000", "1000,0", "230", "", ""])
    assert bench.verify().record.passed
    bench = Bench(["isolated", "", "a", "b", "c"])
    with pytest.raises(NotDone, match="nothing was calibrated"):
        bench.verify()
    assert bench.gains == [65_536] * 3


# --- the whole command, over the production radio ---------------------------------------------


class Shop:
    """`anbu verify careplug` with a fake air; `run` gives its exit code."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch, device: FakeDevice) -> None:
        self.device = device
        self.air = FakeAir(device)
        module = types.ModuleType("fake_air")
        for name in ("scanner_class", "client_class", "open", "close"):
            setattr(module, name, getattr(self.air, name))
        monkeypatch.setitem(sys.modules, "fake_air", module)
        monkeypatch.setattr(verify_steps, "PERIOD_S", 0.0)
        monkeypatch.setattr(verify_steps, "BUTTON_PERIOD_S", 0.01)
        self._patch = monkeypatch
        self.key = folder / "CP-1.key"
        self.key.write_text(KEY.hex(), encoding="ascii")
        self.key.chmod(0o600)

    def run(self, answers: list[str], *more: str) -> int:
        self._patch.setattr(sys, "stdin", io.StringIO("".join(f"{a}\n" for a in answers)))
        words = ["verify", "careplug", "--device", "CP-1", "--key", str(self.key)]
        return cli.main([*words, "--backend", "fake_air", *more])


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Shop:
    """A bench with a plug that has a meter and a button, and records of its own."""
    plug = FakePlug("CP-1", KEY, "02:00:00:00:00:01", 5)
    plug.flags = VALID | metering.HAS_METER | metering.HAS_BUTTON | metering.PRESSED
    return Shop(tmp_path, monkeypatch, plug)


def test_over_the_radio_with_a_record(shop: Shop, capsys: pytest.CaptureFixture[str]) -> None:
    """Exit 0, one JSON object on standard output; the plug's log stays for its gateway."""
    assert shop.run(["isolated", "", "1000", "230"], "--json") == 0
    out, said = capsys.readouterr()
    record = json.loads(out)
    assert (record["device_id"], record["passed"], record["ended"]) == ("CP-1", True, None)
    assert record["gains"]["power"] == shop.device.values[11] == 64_504  # type: ignore[attr-defined]
    assert "pass  measured again: 1000.0 W, 230.0 V, 4.348 A" in said
    assert shop.device.acknowledged == []
    assert shop.air.calls[-1] == "close"


def test_no_connection_before_the_word(shop: Shop, capsys: pytest.CaptureFixture[str]) -> None:
    """The adapter is not even opened; one line says why."""
    assert shop.run(["no"]) == 1
    assert "anbu: not on an isolated supply: nothing was done\n" in capsys.readouterr().err
    assert shop.air.calls == []


def test_a_terminal_nobody_answers_at(shop: Shop, capsys: pytest.CaptureFixture[str]) -> None:
    """End of input in the middle: one line, exit 1, the gains as they were."""
    assert shop.run(["isolated", "", "1000"]) == 1
    assert capsys.readouterr().err == "anbu: nobody answers at this terminal\n"
    assert shop.device.values[11] == 65_536  # type: ignore[attr-defined]


def test_ctrl_c_ends_it_in_order(
    shop: Shop, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The link ends, the adapter is closed, one line is said."""

    def hand(_terminal: object, question: str) -> str:
        if question.startswith("Type"):
            return "isolated"
        raise KeyboardInterrupt

    monkeypatch.setattr("tools.technician.verify._Terminal.ask", hand)
    assert shop.run([]) == 1
    assert capsys.readouterr().err == "anbu: stopped by hand; the gains are as they were\n"
    assert [call.split()[0] for call in shop.air.calls][-2:] == ["end", "close"]


def test_a_key_file_that_cannot_be_used(shop: Shop, capsys: pytest.CaptureFixture[str]) -> None:
    """Open to others, no key, not there, no such backend: exit 2 and what to do."""
    shop.key.chmod(0o644)
    assert shop.run([]) == 2
    assert "chmod 600" in capsys.readouterr().err
    shop.key.chmod(0o600)
    shop.key.write_text("12", encoding="ascii")
    assert shop.run([]) == 2
    assert "32 hex digits" in capsys.readouterr().err
    assert shop.run([], "--backend", "json") == 2
    shop.key.unlink()
    assert shop.run([]) == 2


@pytest.mark.parametrize("kind", [FakePlug, FakeDevice])
def test_who_is_not_reached_is_said(
    kind: type[FakeDevice],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """A plug with another key, or a pill box under that id: the reason stands in the one line."""
    monkeypatch.setattr(verify_link, "REACH_S", 1.0)
    device = kind("CP-1", KEY if kind is FakeDevice else bytes(16), "02:00:00:00:00:01")
    shop = Shop(tmp_path, monkeypatch, device)
    assert shop.run(["isolated"]) == 1
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith("anbu: CP-1 not reached: ")
    assert ("says it is a pill box" if kind is FakeDevice else "wrong proof") in line
