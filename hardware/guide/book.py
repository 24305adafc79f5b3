"""assembly/*.toml and repair.toml: steps and troubles, each name in them looked up in the circuit.

Knows: these files' form, {names} in a text. May not know: how a page looks.
A mistake is a line "file: key: rule: what is wrong"; all are kept.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from hardware.shapes import Circuit, Hardware, Refused
from hardware.sheet import Sheet, whole

HERE = Path(__file__).parent
NAME = re.compile(r"\{(\w+)\}")
DRAWN = ("overview", "strip", "points")  # pictures that need no name


@dataclass(frozen=True)
class Step:
    """One step; `picture` as in assembly/pillbox.toml."""

    title: str
    minutes: int
    picture: str
    does: tuple[str, ...]
    check: str


@dataclass(frozen=True)
class Trouble:
    """What is seen, what it may be, how to find out, what to do."""

    seen: str
    likely: tuple[str, ...]
    test: str
    mend: str
    light: str
    fault: str


@dataclass(frozen=True)
class Guide:
    """How one device is put together."""

    circuit: Circuit
    tools: tuple[str, ...]
    steps: tuple[Step, ...]

    @property
    def minutes(self) -> int:
        """All steps, estimated."""
        return sum(step.minutes for step in self.steps)


@dataclass(frozen=True)
class Book:
    """All files; the troubles are the first guide's device's."""

    guides: tuple[Guide, ...]
    circuit: Circuit
    troubles: tuple[Trouble, ...]

    @property
    def boxes(self) -> tuple[str, ...]:
        """The enclosure's pictures that the steps ask for, each once, in order of their names."""
        pictures = (s.picture.partition(":") for guide in self.guides for s in guide.steps)
        return tuple(sorted({name for kind, _, name in pictures if kind == "box"}))


def read(hardware: Hardware, folder: Path = HERE) -> Book:
    """The guide's texts; Refused with every mistake."""
    mistakes: list[str] = []
    paths = sorted((folder / "assembly").glob("*.toml"), reverse=True)  # the pill box first
    guides = [_guide(whole(path, mistakes), hardware) for path in paths]
    repair = whole(folder / "repair.toml", mistakes)
    circuit = _circuit(repair, hardware)
    troubles = tuple(_trouble(row, circuit) for row in _rows(repair, "trouble") if circuit)
    repair.done()
    if mistakes or circuit is None:
        raise Refused(mistakes)
    return Book(tuple(guide for guide in guides if guide), circuit, troubles)


def _guide(sheet: Sheet, hardware: Hardware) -> Guide | None:
    circuit = _circuit(sheet, hardware)
    if circuit is None:
        return None
    steps = tuple(_step(row, circuit) for row in _rows(sheet, "step"))
    guide = Guide(circuit, sheet.texts("tools"), steps)
    sheet.done()
    return guide


def filled(circuit: Circuit, text: str) -> str:
    """The text with every {name} said in full."""
    return NAME.sub(lambda found: _said(circuit, found[1]), text)


def _said(circuit: Circuit, name: str) -> str:
    for point in circuit.tests:
        if point.ref == name:
            return f"{name} ({point.net}): {point.expect}"
    return f"{name} ({circuit.components[name].part.value})"


def _known(circuit: Circuit, name: str) -> bool:
    return name in circuit.components or any(point.ref == name for point in circuit.tests)


def _circuit(sheet: Sheet, hardware: Hardware) -> Circuit | None:
    name = sheet.take("circuit", str, must=True)
    if name and name not in hardware.circuits:
        sheet.wrong("unknown-circuit", f"{name!r} is no file in circuits/", "circuit")
    return hardware.circuits.get(name)


def _rows(sheet: Sheet, name: str) -> list[Sheet]:
    rows = sheet.take(name, list, must=True)
    return [sheet.inner(f"{name}[{place}]", row) for place, row in enumerate(rows, 1)]


def _step(sheet: Sheet, circuit: Circuit) -> Step:
    step = Step(
        sheet.take("title", str, must=True),
        sheet.take("minutes", int, must=True),
        sheet.take("picture", str, must=True),
        sheet.texts("does"),
        sheet.take("check", str, must=True),
    )
    _look_up(sheet, circuit, "does", " ".join(step.does))
    kind, _, name = step.picture.partition(":")
    if kind == "cable" and name not in circuit.components:
        sheet.wrong("unknown-component", f"{name} is not in {circuit.name}", "picture")
    elif kind not in {"box", "cable"} and step.picture not in DRAWN:
        wanted = f"{', '.join(DRAWN)}, cable:CONNECTOR or box:PICTURE"
        sheet.wrong("unknown-picture", f"{step.picture!r}: wanted is {wanted}", "picture")
    sheet.done()
    return step


def _trouble(sheet: Sheet, circuit: Circuit) -> Trouble:
    trouble = Trouble(
        sheet.take("seen", str, must=True),
        sheet.texts("likely"),
        sheet.take("test", str, must=True),
        sheet.take("mend", str, must=True),
        sheet.take("light", str),
        sheet.take("fault", str),
    )
    _look_up(sheet, circuit, "likely", "".join(f"{{{ref}}}" for ref in trouble.likely))
    _look_up(sheet, circuit, "test", trouble.test)
    _look_up(sheet, circuit, "mend", trouble.mend)
    sheet.done()
    return trouble


def _look_up(sheet: Sheet, circuit: Circuit, key: str, text: str) -> None:
    for name in NAME.findall(text):
        if not _known(circuit, name):
            sheet.wrong("unknown-component", f"{name} is not in {circuit.name}", key)
