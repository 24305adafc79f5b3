"""pins.toml as boards.

Knows: that file's form. May not know: what a chip's pins may be used for, circuits.
"""

from __future__ import annotations

from typing import Any

from hardware.shapes import Board, Compartment, Constant, Terminal
from hardware.sheet import Sheet

_WAYS = ("", "in", "out", "bus")
_LEVELS = ("", "low", "high")
_COUNTS = ("compartments", "inputs")
_KINDS = ("gpio", "number", "word", "addresses", "count")
_PAIR = 2


def boards(sheet: Sheet) -> dict[str, Board]:
    """Every board by name."""
    return {name: _board(name, sheet.inner(name, table)) for name, table in sheet.table.items()}


def _board(name: str, sheet: Sheet) -> Board:
    groups = tuple(
        _group(sheet.inner(f"group[{i}]", table))
        for i, table in enumerate(sheet.take("group", list, must=True))
    )
    board = Board(
        name=name,
        chip=sheet.take("chip", str, must=True),
        processor=sheet.take("processor", str),
        circuit=sheet.take("circuit", str),
        firmware=sheet.take("firmware", str, must=True),
        says=sheet.take("says", str, must=True),
        mains=sheet.take("mains", bool),
        groups=groups,
        addresses=_addresses(sheet.inner("addresses", sheet.take("addresses", dict))),
        compartments=_compartments(sheet.inner("compartments", sheet.take("compartments", dict))),
    )
    names = [c.name for group in groups for c in group]
    for twice in sorted({n for n in names if names.count(n) > 1}):
        sheet.wrong("named-twice", "a constant has one place", twice)
    sheet.done()
    return board


def _addresses(sheet: Sheet) -> dict[str, int]:
    return {ref: sheet.take(ref, int) for ref in list(sheet.table)}


def _group(sheet: Sheet) -> tuple[Constant, ...]:
    return tuple(_constant(name, sheet.inner(name, t)) for name, t in sheet.table.items())


def _constant(name: str, sheet: Sheet) -> Constant:
    kinds = [k for k in _KINDS if k in sheet.table]
    if len(kinds) != 1:
        sheet.wrong("form", f"exactly one of {', '.join(_KINDS)} is wanted, not {kinds or 'none'}")
    kind = kinds[0] if kinds else "number"
    value: Any = sheet.table.pop(kind, 0)
    right: dict[str, type] = {"word": str, "addresses": list, "count": str}
    absent = kind in {"gpio", "word"} and value == "none"
    if not absent and (not isinstance(value, right.get(kind, int)) or isinstance(value, bool)):
        sheet.wrong("form", f"must be of type {right.get(kind, int).__name__}, is {value!r}", kind)
        value = right.get(kind, int)()
    if kind == "count" and value not in _COUNTS:
        sheet.wrong("form", f"must be one of {', '.join(_COUNTS)}, is {value!r}", kind)
    when = sheet.take("when", dict)
    says = sheet.take("says", str)
    if not (name.isidentifier() and says.isprintable() and _plain(value)):
        sheet.wrong("form", f"cannot stand in a line of pins.py: {name} = {value!r} # {says!r}")
    found = Constant(
        name=name,
        kind=kind,
        value=None if absent or kind == "addresses" else value,
        refs=tuple(map(str, value)) if kind == "addresses" else (),
        says=says,
        way=_one_of(sheet, "way", _WAYS),
        wake=_one_of(sheet, "wake", _LEVELS),
        rest=_one_of(sheet, "rest", _LEVELS),
        when={str(k): str(v) for k, v in when.items()},
    )
    sheet.done()
    return found


def _plain(value: object) -> bool:
    """Whether it stands between quotes as it is."""
    return not isinstance(value, str) or (value.isprintable() and not {'"', "\\"} & set(value))


def _one_of(sheet: Sheet, name: str, allowed: tuple[str, ...]) -> str:
    value = sheet.take(name, str)
    if value not in allowed:
        sheet.wrong("form", f"must be one of {', '.join(allowed[1:])}, is {value!r}", name)
        return ""
    return value


def _compartments(sheet: Sheet) -> tuple[Compartment, ...]:
    found: list[Compartment] = []
    for day in list(sheet.table):
        for row in sheet.take(day, list):
            good = isinstance(row, list) and len(row) == _PAIR and isinstance(row[0], str)
            if not good or "." not in row[0] or not isinstance(row[1], int):
                sheet.wrong("form", f'must be ["U2.GPA0", light], is {row!r}', day)
                continue
            ref, pin = row[0].split(".", 1)
            found.append(Compartment(len(found), day, Terminal(ref, pin), row[1]))
    return tuple(found)
