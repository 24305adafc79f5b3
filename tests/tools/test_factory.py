"""The factory test of a pill box: each fault a box can have is found, and no good box fails.

Knows: the steps, a box as a drawing of one, a technician by her habits. May not know: REPLs, air.
"""

from __future__ import annotations

import contextlib
import io
import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pypdf import PdfReader

from gateway.report.press import pdf
from tests.gateway.report.paper import squeezed
from tools import cli
from tools.technician.factory import command, kept, release, release_command
from tools.technician.factory.box import LIDS
from tools.technician.factory.record import About, Record
from tools.technician.factory.sheet import record_page, release_page
from tools.technician.factory.steps import FactoryTest, run_to_end
from tools.technician.flashing.places import Place
from tools.technician.said import Refused

ABOUT = About("AB-000001", "24:0a:c4:00:00:01", "pillbox-s3", 7, "ab" * 32, "1.29.0")
CHIPS = {
    "faults": 0,
    "lost": True,
    "millivolts": 3900,
    "percent": 74,
    "mains": True,
    "tilt": True,
    "quarters": 90,
}


class World:
    """A box and its technician in one; time goes by when somebody waits. Faults by attributes."""

    def __init__(self) -> None:
        self.about = ABOUT
        self.chip: dict[str, Any] = dict(CHIPS)
        self.bad_files: list[str] = []
        self.clock_rate = 1.0
        self.dbm: int | None = -52
        self.crossed: dict[int, int] = {}
        self.dead_lights: set[int] = set()
        self.dead_lids: set[int] = set()
        self.stuck_lids = 0
        self.dead_buttons: set[str] = set()
        self.both_buttons = False
        self.deaf = False
        self.milliamperes = "210"
        self.gone_at_s = float("inf")
        self.said: list[str] = []
        self._at_s = 0.0
        self._lit: dict[int, tuple[int, int, int]] = {}
        self._tones = 0
        self._pressed = ""
        self._drawn = 0

    # --- the box ---

    def broken_files(self) -> tuple[int, list[str]]:
        return 86, self.bad_files

    def chips(self) -> Mapping[str, Any]:
        return self.chip | {"clock_s": int(self._at_s * self.clock_rate)}

    def hands(self) -> tuple[int, bool, bool, bool]:
        self._at_s += 0.01
        if self._at_s >= self.gone_at_s:
            raise Refused("the device does not answer any more", "look at its cable")
        pressed, self._pressed = self._pressed, ""
        ok, help_ = pressed == "OK", pressed == "HELP"
        if self.both_buttons:
            ok = help_ = ok or help_
        return self._open() | self.stuck_lids, ok, help_, pressed == "lean"

    def _open(self) -> int:
        lit = [lid for lid in self._lit if lid not in self.dead_lights]
        if len(self._lit) != 1 or not lit or lit[0] in self.dead_lids:
            return 0
        return 1 << self.crossed.get(lit[0], lit[0])

    def show(self, colours: Mapping[int, tuple[int, int, int]]) -> None:
        self._lit = dict(colours)

    def sound(self, hertz: int, loudness: int) -> None:
        self._tones += bool(hertz and loudness and not self.deaf)

    def advertise(self, name: str) -> None:
        """Nobody looks."""

    # --- the bench ---

    def say(self, text: str) -> None:
        self.said.append(text)
        for word in ("OK", "HELP"):
            if text == f"Press {word}." and word not in self.dead_buttons:
                self._pressed = word
        if text.startswith("Lean"):
            self._pressed = "lean"

    def ask(self, question: str) -> str:
        if "How many are dark" in question:
            return str(LIDS - len(set(self._lit) - self.dead_lights))
        if "How many tones" in question:
            heard, self._tones = self._tones, 0
            return str(heard)
        return self.milliamperes if "Milliamperes" in question else ""

    def wait(self, seconds: float) -> None:
        self._at_s += seconds

    def now_s(self) -> float:
        return self._at_s

    def draw(self, least: int, most: int) -> int:
        self._drawn += 7
        return least + self._drawn % (most - least + 1)

    def hear(self, name: str, seconds: float) -> int | None:
        assert name.startswith("ANBU")
        self._at_s += min(seconds, 1)
        return self.dbm


def failed(world: World, *, radio: bool = True) -> list[str]:
    """The names of the steps that did not pass."""
    test = FactoryTest(world, world, radio=radio)
    assert run_to_end(test) == ""
    return [step.name for step in test.steps if step.passed is False]


def test_a_good_box_passes_every_step() -> None:
    """No step fails, each lid has its own, the seconds add up to the whole."""
    world = World()
    test = FactoryTest(world, world, radio=True)
    assert run_to_end(test) == ""
    assert all(step.passed for step in test.steps)
    assert len([step for step in test.steps if step.name.startswith("lid ")]) == LIDS
    assert sum(step.seconds for step in test.steps) == pytest.approx(world.now_s(), abs=2)


FAULTS: list[tuple[dict[str, Any], list[str]]] = [
    ({"bad_files": ["main.mpy"]}, ["program"]),
    ({"chip": CHIPS | {"faults": 2}}, ["expander 1"]),
    ({"chip": CHIPS | {"faults": 8, "millivolts": 0}}, ["gauge", "cell"]),
    ({"chip": CHIPS | {"mains": False}}, ["mains"]),
    ({"chip": CHIPS | {"quarters": -32768}}, ["clock's temperature"]),
    ({"clock_rate": 0.0}, ["clock runs"]),
    ({"clock_rate": 2.0}, ["clock runs"]),
    ({"dbm": None}, ["radio"]),
    ({"dbm": -88}, ["radio"]),
    ({"dead_lids": {9}}, ["lid Wed 수 noon 점심"]),
    ({"crossed": {0: 1, 1: 0}}, ["lid Mon 월 morning 아침", "lid Mon 월 noon 점심"]),
    ({"stuck_lids": 1 << 27}, ["lids shut"]),
    ({"dead_buttons": {"HELP"}}, ["button HELP"]),
    ({"both_buttons": True}, ["button OK", "button HELP"]),
    ({"deaf": True}, ["sound"]),
    ({"milliamperes": "900"}, ["power draw"]),
]


@pytest.mark.parametrize(("fault", "steps"), FAULTS)
def test_a_fault_fails_its_own_step_and_no_other(fault: dict[str, Any], steps: list[str]) -> None:
    """Whatever is broken is named; what is not broken passes."""
    world = World()
    vars(world).update(fault)
    assert failed(world) == steps


@given(lid=st.integers(0, LIDS - 1))
def test_a_dead_light_never_passes(lid: int) -> None:
    """Where it was not among the dark ones anyhow a colour fails; its lid always does."""
    world = World()
    world.dead_lights = {lid}
    names = failed(world)
    assert any(name.startswith("lid ") for name in names)


def test_what_a_bench_does_not_have_is_no_pass() -> None:
    """Without an ear and a meter these steps are neither passed nor failed."""
    world = World()
    world.milliamperes = ""
    test = FactoryTest(world, world, radio=False)
    run_to_end(test)
    assert [step.name for step in test.steps if step.passed is None] == ["radio", "power draw"]


def test_a_box_that_goes_away_is_no_pass() -> None:
    """The record keeps the steps that were done, says why it ended, and is not passed."""
    world = World()
    world.gone_at_s = 4.5
    test = FactoryTest(world, world, radio=True)
    record = Record(ABOUT, "Kim", "bench", "from", ended=run_to_end(test), steps=test.steps)
    assert "look at its cable" in record.ended
    assert record.steps
    assert all(step.passed for step in record.steps)
    assert not record.passed
    assert not Record(ABOUT, "Kim", "bench", "from").passed


# --- the command ---------------------------------------------------------------------------


class Shop:
    """Places with worlds on them, the technician's answers at the prompt, and no printer."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, worlds: dict[str, World | Refused]) -> None:
        self.worlds = worlds
        self.answers: list[str] = []
        self._now: World | None = None
        for room in (command, release_command):
            monkeypatch.setattr(room, "on_bench", self.on_bench)
            monkeypatch.setattr(room, "find", lambda _ports, every: self.places(every=every))
        monkeypatch.setattr(command, "BenchHere", lambda *_: self)
        monkeypatch.setattr(kept, "pdf", lambda pages, _sheets: pages[0].encode())
        monkeypatch.setattr("tools.technician.said.Said.ask", lambda _, __: self.answers.pop(0))

    def places(self, *, every: bool) -> list[Place]:
        return [Place(port) for port in self.worlds][: None if every else 1]

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - the bench is the world's
        return getattr(self._now, name)

    def now_s(self) -> float:
        return self._now.now_s() if self._now else 0.0

    @contextlib.contextmanager
    def on_bench(self, port: str) -> Iterator[World]:
        world = self.worlds[port]
        if isinstance(world, Refused):
            raise world
        self._now = world
        yield world


def test_a_batch_keeps_a_record_of_every_box(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """One good, one broken, one without a REPL; a second hubful; JSON and page for each."""
    broken = World()
    broken.deaf, broken.about = True, replace(ABOUT, device_id="AB-000002")
    shop = Shop(monkeypatch, {"a": World(), "b": broken, "c": Refused("c: no REPL answers")})
    shop.answers = ["", "q"]
    out = tmp_path / "records"
    words = ["verify", "pillbox", "--batch", "--no-radio", "--json", "--operator", "Kim"]
    assert cli.main([*words, "--out", str(out)]) == 1
    told = json.loads(capsys.readouterr().out)
    assert [device["passed"] for device in told["devices"]] == [True, False, False] * 2
    assert told["error"] == "4 of 6 did not pass"
    files = {(file.name[:9], file.suffix) for file in out.iterdir()}
    assert files == {(f"AB-00000{n}", suffix) for n in (1, 2) for suffix in (".json", ".pdf")}
    record = json.loads(next(out.glob("AB-000001-*.json")).read_text(encoding="utf-8"))
    assert record["about"]["firmware"] == "ab" * 32
    assert (record["operator"], record["passed"]) == ("Kim", True)
    assert "sound" in next(out.glob("AB-000002-*.pdf")).read_text(encoding="utf-8")


def test_a_dry_run_touches_no_box(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """It says which boxes, and makes no folder."""
    Shop(monkeypatch, {"a": Refused("touched")})
    words = ["verify", "pillbox", "--no-radio", "--dry-run", "--out", str(tmp_path / "out")]
    assert cli.main(words) == 0
    assert "would test a" in capsys.readouterr().out
    assert not (tmp_path / "out").exists()


def test_ctrl_c_leaves_a_record_that_is_no_pass(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Stopped at the lids: exit 130, what was found so far is kept, the box's end is run."""
    world = World()
    Shop(monkeypatch, {"a": world})

    def stop() -> tuple[int, bool, bool, bool]:
        raise KeyboardInterrupt

    monkeypatch.setattr(world, "hands", stop)
    assert cli.main(["verify", "pillbox", "--no-radio", "--out", str(tmp_path)]) == 130
    record = json.loads(next(tmp_path.glob("*.json")).read_text(encoding="utf-8"))
    assert (record["passed"], record["ended"]) == (False, "stopped by hand")
    assert len(record["steps"]) > 5
    assert "records of the boxes" in capsys.readouterr().err


# --- the release ---------------------------------------------------------------------------


def test_a_release_goes_on_where_it_was_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Two evenings: what was answered stands, what failed is asked again, at the end exit 0."""
    shop = Shop(monkeypatch, {"a": World()})
    words = ["verify", "pillbox", "--release", "--json", "--operator", "Kim"]
    words += ["--out", str(tmp_path)]
    shop.answers = ["0", "3", *["", "", "", "", "", ""]]  # coexistence done, a MIC failure
    assert cli.main(words) == 1
    told = json.loads(capsys.readouterr().out)
    assert set(told["checks"]) == {"coexistence", "fast-reconnect"}
    assert "fast-reconnect, sleep-current" in told["error"]
    shop.answers = ["0", "2,9", "y", "210", "예", "61", "y", "0", "y", "yes"]
    assert cli.main(words) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["released"]
    assert told["checks"]["sleep-current"]["value"] == 2.9
    assert told["checks"]["lid-sensors"]["by"] == "Kim"


def test_another_program_begins_a_list_of_its_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Another hash: nothing counts as done; a list that names another program is refused."""
    world = World()
    shop = Shop(monkeypatch, {"a": world})
    words = ["verify", "pillbox", "--release", "--json", "--out", str(tmp_path)]
    shop.answers = ["0", *[""] * 7]
    cli.main(words)
    world.about = replace(ABOUT, firmware="cd" * 32)
    shop.answers = [""] * 8
    cli.main(words)
    assert json.loads(capsys.readouterr().out.splitlines()[-1])["checks"] == {}
    old = next(tmp_path.glob("*.json"))
    old.rename(old.with_name(old.name.replace("abababab", "cdcdcdcd")))
    assert cli.main(words) == 1
    assert "another program" in capsys.readouterr().err


def test_a_figure_without_an_answer_is_still_open() -> None:
    """A bound decides alone; without one both the figure and a yes are wanted."""
    checks = {check.key: check for check in release.CHECKS}
    assert release.judged(checks["coexistence"], 0, "") is True
    assert release.judged(checks["coexistence"], 1, "y") is False
    assert release.judged(checks["coexistence"], None, "y") is None
    assert release.judged(checks["sleep-current"], 2.9, "") is None
    assert release.judged(checks["sleep-current"], 2.9, "y") is True
    assert release.judged(checks["power-cut"], None, "n") is False
    assert len(checks) == len(release.CHECKS)


# --- the pages -----------------------------------------------------------------------------


def test_the_record_is_one_page_for_the_file() -> None:
    """By the real printer: one A4 page, both languages, serial, hash, what failed, by whom."""
    world = World()
    world.dead_lids = {27}
    test = FactoryTest(world, world, radio=True)
    record = Record(ABOUT, "Kim <b>", "bench", "2026-11-22T10:00:00+00:00", steps=test.steps)
    record.ended = run_to_end(test)
    made = pdf([record_page(record)], 1)
    pages = PdfReader(io.BytesIO(made)).pages
    assert len(pages) == 1
    text = squeezed(pages[0].extract_text())
    for word in (
        "AB-000001",
        "NOT passed",
        "불합격",
        "Kim <b>",
        "ab" * 32,
        "Sun 일 bedtime",
        "27 of 28",
    ):
        assert squeezed(word) in text, word


def test_the_release_is_a_page_too() -> None:
    """Every check stands there, those not done as open."""
    page = release_page(ABOUT, {"sound-level": release.Done(True, 61.0, "Kim", "today", "AB-1")})
    assert all(check.key in page for check in release.CHECKS)
    assert page.count("open 미완료") == len(release.CHECKS) - 1
    assert "61 dB(A)" in page
