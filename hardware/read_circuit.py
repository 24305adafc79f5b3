"""circuits/*.toml as circuits: parts, pins.toml's nets, and what there is for each compartment.

Knows: that form, how a compartment's and a day's parts are named. May not know: electrical rules.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from hardware.shapes import Board, Circuit, Component, Limit, Part, Place, TestPoint
from hardware.sheet import Sheet

_REST = "rest"


def circuit(
    name: str, sheet: Sheet, boards: Mapping[str, Board], parts: Mapping[str, Part]
) -> Circuit | None:
    """The circuit, None where its board is not known."""
    board = boards.get(sheet.take("board", str, must=True))
    if board is None:
        sheet.wrong("unknown-board", f"there are {', '.join(boards)}", "board")
        return None
    places = {n: _place(n, s) for n, s in sheet.sheets("place").items()}
    components = _components(sheet, board, parts)
    tests = tuple(_test(n, s) for n, s in sheet.sheets("test").items())
    components |= _test_pads(sheet, tests, parts)
    for c in components.values():
        if c.place not in places:
            sheet.wrong("unknown-place", f"{c.place!r}; there are {', '.join(places)}", c.ref)
        elif places[c.place].count == 1 and c.copy != 1:
            components[c.ref] = replace(c, copy=1)
    found = Circuit(
        name=name,
        title=sheet.take("title", str, must=True),
        board=board,
        places=places,
        components=components,
        tests=tests,
        limit=_limit(sheet, parts),
        bought=_bought(sheet, parts),
    )
    sheet.done()
    return found


def _place(name: str, sheet: Sheet) -> Place:
    size = sheet.numbers("size_mm", 3)
    place = Place(
        name=name,
        title=sheet.take("title", str, must=True),
        count=sheet.take("count", int, default=1),
        size_mm=(size[0], size[1], size[2]) if size else None,
        pcb=sheet.take("pcb", bool),
        plugged=sheet.take("plugged", bool),
    )
    sheet.done()
    return place


def _components(sheet: Sheet, board: Board, parts: Mapping[str, Part]) -> dict[str, Component]:
    rows: list[tuple[str, Sheet, dict[str, str]]] = [
        (ref, s, {}) for ref, s in sheet.sheets("component").items()
    ]
    for key, s in sheet.sheets("each_compartment").items():
        rows += [(_ref(key, int(w["n"])), _again(s), w) for w in _of_compartments(board)]
    for key, s in sheet.sheets("each_day").items():
        rows += [(f"{key}{w['d']}", _again(s), w) for w in _of_days(board)]
    found: dict[str, Component] = {}
    for ref, s, words in rows:
        part = _known(s, s.take("part", str, must=True), parts)
        if ref in found:
            s.wrong("named-twice", f"there are two {ref}")
        if part is not None:
            found[ref] = _component(ref, part, s, words, board)
    return found


def _known(sheet: Sheet, name: str, parts: Mapping[str, Part], key: str = "part") -> Part | None:
    part = parts.get(name)
    if part is None:
        sheet.wrong("unknown-part", f"{name!r} is not in parts.toml", key)
    return part


def _again(sheet: Sheet) -> Sheet:
    return Sheet(sheet.file, sheet.key, sheet.table, sheet.mistakes)


def _ref(key: str, number: int) -> str:
    """D1 … D28; behind a digit two places: C101 … C128."""
    return f"{key}{number:02}" if key[-1:].isdigit() else f"{key}{number}"


def _lid(number: int) -> str:
    return f"LID{number + 1:02}"


def _of_compartments(board: Board) -> list[dict[str, str]]:
    days = list(dict.fromkeys(c.day for c in board.compartments))
    return [
        {
            "n": str(c.number + 1),
            "d": str(days.index(c.day) + 1),
            "lid": _lid(c.number),
            "light_in": f"CHAIN{c.light - 1}",
            "light_out": f"CHAIN{c.light}",
        }
        for c in board.compartments
    ]


def _of_days(board: Board) -> list[dict[str, str]]:
    days = list(dict.fromkeys(c.day for c in board.compartments))
    found = []
    for number, day in enumerate(days, 1):
        those = [c for c in board.compartments if c.day == day]
        lights = [c.light for c in those]
        words = {f"lid{i}": _lid(c.number) for i, c in enumerate(those, 1)}
        words |= {"d": str(number), "day": day}
        words |= {"day_in": f"CHAIN{min(lights) - 1}", "day_out": f"CHAIN{max(lights)}"}
        found.append(words)
    return found


def _component(
    ref: str, part: Part, sheet: Sheet, words: dict[str, str], board: Board
) -> Component:
    pins = _pins(part, sheet, words)
    if ref == board.processor:
        pins |= _firmware_pins(board, part, sheet, pins)
    for c in board.compartments:
        if c.lid.ref == ref:
            pins[c.lid.pin] = _lid(c.number)
    nc = _open(part, sheet, pins)
    for pin in (*pins, *nc):
        if pin not in part.pins:
            sheet.wrong("unknown-pin", f"{ref}: {part.name} has no pin {pin!r}", "pins")
    found = Component(
        ref=ref,
        part=part,
        place=sheet.take("place", str, default="main"),
        pins={p: n for p, n in pins.items() if p in part.pins},
        nc=nc,
        near=_filled(sheet, sheet.take("near", str), words),
        says=sheet.take("says", str),
        copy=int(words.get("d", "1")),
        creepage=sheet.take("creepage", str),
        creepage_mm=sheet.number("creepage_mm"),
    )
    sheet.done()
    return found


def _pins(part: Part, sheet: Sheet, words: dict[str, str]) -> dict[str, str]:
    """Nets by pin; a list names the nets of the part's pins in their order."""
    given: Any = sheet.table.pop("pins", {})
    if isinstance(given, list):
        if len(given) != len(part.pins):
            sheet.wrong("form", f"{len(given)} nets for {len(part.pins)} pins", "pins")
        given = dict(zip(part.pins, given, strict=False))
    if not isinstance(given, dict) or not all(isinstance(n, str) for n in given.values()):
        sheet.wrong("form", f"must be nets by pin, is {given!r}", "pins")
        return {}
    nets = {pin: _filled(sheet, net, words) for pin, net in given.items()}
    return {pin: _net(sheet, net, "pins") for pin, net in nets.items()}


def _net(sheet: Sheet, net: str, key: str) -> str:
    if not re.fullmatch(r"\w+", net):
        sheet.wrong("form", f"{net!r} is no name of a net: letters, digits, _", key)
    return net


def _filled(sheet: Sheet, text: str, words: dict[str, str]) -> str:
    try:
        return text.format(**words)
    except (LookupError, ValueError, AttributeError, TypeError):  # {n}, {0}, {, {n.x}, {n[x]}
        sheet.wrong("unknown-word", f"{text!r}; there are {', '.join(words) or 'none'}", "pins")
        return text


def _firmware_pins(board: Board, part: Part, sheet: Sheet, pins: dict[str, str]) -> dict[str, str]:
    """The processor's pins that pins.toml names, each on the net of its constant's name."""
    found: dict[str, str] = {}
    for constant in board.constants.values():
        if constant.name not in board.gpios or not board.wired(constant):
            continue
        pin = f"IO{constant.value}"
        if pin in pins:
            sheet.wrong("duplicate-pin", f"{pin} is {constant.name}'s by pins.toml", "pins")
        if pin not in part.pins:
            sheet.wrong("unknown-pin", f"{part.name} does not lead out {pin}, {constant.name}")
        elif pin not in found:
            found[pin] = constant.name
    return found


def _open(part: Part, sheet: Sheet, pins: Mapping[str, str]) -> tuple[str, ...]:
    if sheet.table.get("nc") == _REST:
        sheet.table.pop("nc")
        return tuple(p for p in part.pins if p not in pins)
    return sheet.texts("nc")


def _test(ref: str, sheet: Sheet) -> TestPoint:
    test = TestPoint(
        ref,
        _net(sheet, sheet.take("net", str, must=True), "net"),
        sheet.take("expect", str, must=True),
        sheet.take("when", str, must=True),
    )
    sheet.done()
    return test


def _test_pads(
    sheet: Sheet, tests: tuple[TestPoint, ...], parts: Mapping[str, Part]
) -> dict[str, Component]:
    pad = _known(sheet, "test-pad", parts) if tests else None
    if pad is None:
        return {}
    return {t.ref: Component(t.ref, pad, "main", {"1": t.net}, says=t.when) for t in tests}


def _limit(sheet: Sheet, parts: Mapping[str, Part]) -> Limit | None:
    table = sheet.take("limit", dict)
    if not table:
        return None
    inner = sheet.inner("limit", table)
    limit = Limit(
        inner.take("part", str, must=True),
        inner.number("together_ma", must=True) or 0.0,
        inner.take("firmware", str, must=True),
        inner.take("constant", str, must=True),
    )
    _known(inner, limit.part, parts)
    inner.done()
    return limit


def _bought(sheet: Sheet, parts: Mapping[str, Part]) -> dict[str, int]:
    inner = sheet.inner("bought", sheet.take("bought", dict))
    found = {name: inner.take(name, int) for name in list(inner.table)}
    for name in (n for n, count in found.items() if count < 1):
        inner.wrong("form", f"{found[name]} of them cannot be bought", name)
    return {name: count for name, count in found.items() if _known(inner, name, parts, name)}
