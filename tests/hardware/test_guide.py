"""The maker's pages say what the circuits are, and nothing that is not there.

Knows: the guide's texts, the circuits, the firmware's faults and signals.
"""

from __future__ import annotations

import functools
import re
import shutil
from pathlib import Path

import pytest

from hardware.enclosure import measures
from hardware.enclosure.plan import Plan
from hardware.generate import bom, wiring
from hardware.guide import book, boxes, pages, pictures, showing
from hardware.guide.book import Book
from hardware.guide.wall import Wall
from hardware.load import load
from hardware.shapes import QUANTITIES, Hardware, Refused
from tests.tree import ROOT
from tools.draw import png
from tools.draw.page import firmware

BOARD = (ROOT / "firmware/pillbox/board.py").read_text(encoding="utf-8")
PRINTED = [("lid.stl", "뚜껑 · lid", 28, "59 × 45 × 10 mm, 9 g, 20 min")]


@functools.cache
def _hardware() -> Hardware:
    return load()


@functools.cache
def _book() -> Book:
    return book.read(_hardware())


def _plan() -> Plan:
    return Plan(measures.read())


def _drawn() -> dict[str, str]:
    return {name: f"<svg><title>{name}</title></svg>" for name in _book().boxes}


def _changed(into: Path, file: str, old: str, new: str) -> list[str]:
    """The lines with which the guide's texts are refused after that change."""
    shutil.copytree(book.HERE, into / "guide")
    path = into / "guide" / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(Refused) as refused:
        book.read(_hardware(), into / "guide")
    return list(refused.value.lines)


def test_every_step_has_a_picture_and_a_check() -> None:
    """Every step says how it looks, how long it takes, what is done and how it is judged."""
    page = pages.assembly(_book(), _plan(), PRINTED, _drawn())
    steps = [step for guide in _book().guides for step in guide.steps]
    assert page.count('class="step"') == page.count('class="check"') == len(steps) >= 16
    assert page.count("<svg") + page.count("<th>must show</th>") == len(steps)
    assert all(step.minutes > 0 and step.does and step.check for step in steps)
    assert "lid.stl" in page


def test_names_are_said_in_full_and_none_is_left() -> None:
    """{J2} and {TP7} become what the circuit says; no brace reaches the paper."""
    circuit = _book().circuit
    assert book.filled(circuit, "{J2}") == "J2 (JST PH, 3 pins)"
    assert book.filled(circuit, "{TP7}") == "TP7 (VBAT): 3.0 to 4.2 V"
    made = pages.assembly(_book(), _plan(), PRINTED, _drawn()) + pages.repair(_book())
    without_style = re.sub(r"<style>.*?</style>", "", made, flags=re.DOTALL)
    assert not re.findall(r"\{\w+\}", without_style)


@pytest.mark.parametrize(
    ("file", "old", "new", "wanted"),
    [
        (
            "assembly/pillbox.toml",
            "{J11} to J17",
            "{J99} to J17",
            "pillbox.toml: step[2].does: unknown-component: J99",
        ),
        (
            "assembly/pillbox.toml",
            '"cable:J2"',
            '"cable:J98"',
            "pillbox.toml: step[13].picture: unknown-component: J98",
        ),
        (
            "assembly/pillbox.toml",
            '"overview"',
            '"photo"',
            "pillbox.toml: step[1].picture: unknown-picture: 'photo'",
        ),
        (
            "assembly/care_node.toml",
            'circuit = "light_sensor"',
            'circuit = "lamp"',
            "care_node.toml: circuit: unknown-circuit: 'lamp'",
        ),
        ("repair.toml", '"F2", "J2"', '"F9", "J2"', "trouble[2].likely: unknown-component: F9"),
        ("repair.toml", "mend = ", "men = ", "repair.toml: trouble[1].men: unknown-key"),
        ("repair.toml", "test = ", "mend = ", "repair.toml: -: form: "),
    ],
)
def test_a_wrong_text_is_refused(
    tmp_path: Path, file: str, old: str, new: str, wanted: str
) -> None:
    """A part, picture, circuit or key that is not there is named with its file, place and rule."""
    lines = _changed(tmp_path, file, old, new)
    assert any(wanted in line for line in lines), lines


def test_every_mistake_is_told_at_once(tmp_path: Path) -> None:
    """Two files with a mistake each are two lines."""
    shutil.copytree(book.HERE, tmp_path / "guide")
    for file, old in (("assembly/pillbox.toml", "{J2}"), ("repair.toml", "{TP7}")):
        path = tmp_path / "guide" / file
        text = path.read_text(encoding="utf-8")
        path.write_text(text.replace(old, "{X1}", 1), encoding="utf-8")
    with pytest.raises(Refused) as refused:
        book.read(_hardware(), tmp_path / "guide")
    assert [line.split(": ")[0] for line in refused.value.lines] == ["pillbox.toml", "repair.toml"]


def test_a_picture_nobody_draws_is_refused(tmp_path: Path) -> None:
    """A step may not ask for a picture of the enclosure that is not there."""
    with pytest.raises(Refused, match=r"box:closed: the enclosure draws no closed\.svg"):
        boxes(_book(), tmp_path)


def test_every_fault_of_the_firmware_can_be_repaired() -> None:
    """Each chip the firmware can find dead, and each light of a fault, has its row."""
    faults = set(re.findall(r"^(FAULT_\w+) = const", BOARD, re.MULTILINE))
    assert {t.fault for t in _book().troubles if t.fault} == faults
    lights = {row[0] for row in firmware("pillbox.signals").LIGHTS.values()}
    named = {t.light for t in _book().troubles if t.light}
    assert {"fault", "clock_fault", "help_not_sent"} <= named <= lights


def test_every_trouble_leads_somewhere() -> None:
    """A row has parts, a way to find out, something to do; each part is in the circuit."""
    for trouble in _book().troubles:
        assert all((trouble.seen, trouble.test, trouble.mend, trouble.likely))
        assert set(trouble.likely) <= set(_book().circuit.components)


def test_cables_are_drawn_as_the_wiring_has_them() -> None:
    """Each wire's colour in the guide is the wiring drawing's; both ends carry the same net."""
    names = {"BK": "black", "RD": "red", "GN": "green", "YE": "yellow", "BU": "blue"}
    names |= {"VT": "violet", "GY": "grey", "WH": "white", "BN": "brown", "OG": "orange"}
    circuit = _book().circuit
    for ref, end in pictures.connectors(circuit).items():
        nets = list(circuit.components[ref].pins.values())
        theirs = [names[short] for short in wiring._colours(nets)]
        assert list(pictures.colours(nets).values()) == theirs
        assert set(end.pins.values()) == set(nets)


def test_strip_is_drawn_where_the_box_wants_it() -> None:
    """Lights and sensors lie where pipes and magnets are, bedtime at the front, morning behind."""
    plan = _plan()
    drawn = pictures.strip(_book().circuit, plan)
    places = dict(re.findall(r">([DS]\d) ([\d.]+)<", drawn))
    for slot in range(4):
        assert float(places[f"D{slot + 1}"]) == pytest.approx(
            plan.slot_y(slot) + plan.pipe[1], abs=0.06
        )
        assert float(places[f"S{slot + 1}"]) == pytest.approx(
            plan.slot_y(slot) + plan.reed_y, abs=0.06
        )
    assert float(places["D4"]) < float(places["D1"]) < plan.s.tray.strip_y_mm


def test_overview_has_every_plug_once() -> None:
    """All seven days and everything on wires is drawn, each at its own connector."""
    circuit = _book().circuit
    leads = pictures.connectors(circuit)
    assert list(leads) == ["J2", "J4", "J5", "J6", *(f"J1{day}" for day in range(1, 8))]
    assert leads["J5"].ref == "S42"
    drawn = pictures.overview(circuit)
    for ref, end in leads.items():
        assert drawn.count(f">{ref}<") == drawn.count(f">{end.ref}<") == 1


def test_readme_shows_what_is_drawn_now() -> None:
    """The wiring in docs/pictures is today's; the sheet was made from today's tables."""
    docs = ROOT / "docs/pictures"
    drawn = pictures.overview(_book().circuit)
    assert (docs / showing.WIRING).read_text(encoding="utf-8") == drawn
    assert png.stamped((docs / showing.SHEET).read_bytes()) == png.stamp(Wall().html())


def test_costs_add_up_and_are_marked() -> None:
    """The page's sum is the parts list's; every price says whether it is an estimate."""
    page = pages.costs(_hardware())
    for circuit in _hardware().circuits.values():
        sums = bom.sums(_hardware(), circuit)
        assert all(f"{sums[q]:,.2f} $" in page for q in QUANTITIES)
    estimates = [p for p in _hardware().parts.values() if p.cost.estimate]
    assert estimates
    assert "Estimate · 추정" in page
    rows = page.count("estimate · 추정") + len(re.findall(r">\d{4}-\d\d-\d\d<", page))
    kinds = [len(bom.rows(_hardware(), c)) for c in _hardware().circuits.values()]
    assert rows == sum(min(n, 12) for n in kinds)


def test_pages_are_the_same_twice() -> None:
    """The same data gives the same pages, text for text."""
    again = book.read(load())
    assert pages.assembly(again, _plan(), PRINTED, _drawn()) == pages.assembly(
        _book(), _plan(), PRINTED, _drawn()
    )
    assert pages.repair(again) == pages.repair(_book())
    assert pages.costs(load()) == pages.costs(_hardware())


@pytest.mark.parametrize(
    "words",
    [
        ("측정 플러그를 열지 않습니다", "The metering plug is never opened"),
        ("의료기기가 아닙니다", "It is not a medical device"),
        ("생명을 유지하는 기기", "Nothing life-sustaining"),
        ("심장박동기", "pacemaker"),
        ("15 cm 안에", "15 cm away"),
        ("자석을 삼켰거나", "A magnet was swallowed"),
        ("작은 부품", "small parts"),
        ("글루건", "hot glue"),
        ("콘센트에 꽂힌 동안에는", "While it is in the wall no cable"),
    ],
)
def test_safety_says_it_in_both_languages(words: tuple[str, str]) -> None:
    """Each danger stands in SAFETY.md in Korean first, and in English."""
    text = (ROOT / "hardware/SAFETY.md").read_text(encoding="utf-8")
    korean, english = words
    assert 0 <= text.find(korean) < text.find(english)


def test_regulation_claims_nothing_confirmed() -> None:
    """Every row of REGULATION.md is open: nobody's name stands in it yet."""
    text = (ROOT / "hardware/REGULATION.md").read_text(encoding="utf-8")
    rows = [line for line in text.splitlines() if line.startswith("| ")][1:]
    assert len(rows) >= 10
    assert all(row.endswith("| ________ |") for row in rows)
