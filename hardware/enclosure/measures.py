"""Reads enclosure.toml and the bodies in parts.toml, with every mistake at once.

Knows: which keys there are, their kind and sign. May not know: which combinations are impossible
(`impossible`), what is built from them.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any, get_type_hints

from hardware.enclosure.impossible import impossible
from hardware.enclosure.sizes import Bought, Sizes
from hardware.shapes import Refused

HERE = Path(__file__).resolve().parent
FILE = "hardware/enclosure/enclosure.toml"
PARTS = "hardware/parts.toml"
LARGEST = 1000.0

# Bought's field: the part and the key of its body in parts.toml.
BODIES: Mapping[str, tuple[str, str]] = {
    "magnet_mm": ("magnet", "diameter"),
    "magnet_z_mm": ("magnet", "z"),
    "reed_x_mm": ("reed", "x"),
    "reed_z_mm": ("reed", "z"),
    "reed_operate_mm": ("reed", "operate_mm"),
    "reed_release_mm": ("reed", "release_mm"),
    "led_z_mm": ("ws2812b", "z"),
    "speaker_mm": ("speaker", "diameter"),
    "speaker_hole_mm": ("speaker", "hole"),
    "speaker_z_mm": ("speaker", "depth"),
    "button_hole_mm": ("button_ok", "hole"),
    "button_mm": ("button_ok", "diameter"),
    "button_z_mm": ("button_ok", "depth"),
    "battery_mm": ("battery_pack", "diameter"),
    "battery_x_mm": ("battery_pack", "length"),
}


def read(
    measures: Path = HERE / "enclosure.toml", parts: Path = HERE.parent / "parts.toml"
) -> Sizes:
    """The measures of the enclosure.

    Raises Refused with one line for every mistake: `file: key: rule: what, what to do`.
    """
    lines: list[str] = []
    table = _table(measures, FILE, lines)
    bodies = _table(parts, PARTS, lines)
    sections: dict[str, Any] = {"bought": _bought(bodies, lines)}
    kinds = {name: kind for name, kind in get_type_hints(Sizes).items() if name != "bought"}
    lines += [
        f"{FILE}: {name}: unknown section, it is one of {', '.join(kinds)}"
        for name in table
        if name not in kinds
    ]
    for name, kind in kinds.items():
        found = table.get(name, {})
        sections[name] = _section(name, kind, found if isinstance(found, dict) else {}, lines)
    if lines:
        raise Refused(lines)
    sizes = Sizes(**sections)
    if wrong := impossible(sizes):
        raise Refused([f"{FILE}: {line}" for line in wrong])
    return sizes


def _table(path: Path, name: str, lines: list[str]) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        lines.append(f"{name}: not readable as TOML: {error}, mend the file")
        return {}


def _bought(bodies: Mapping[str, Any], lines: list[str]) -> Bought:
    found: dict[str, float] = {}
    for field, (part, key) in BODIES.items():
        body = bodies.get(part, {}).get("body", {})
        found[field] = _number(PARTS, f"{part}.body.{key}", body.get(key), lines)
    return Bought(**found)


def _section(name: str, kind: type, found: Mapping[str, Any], lines: list[str]) -> object:
    known = {field.name for field in fields(kind)}
    lines += [
        f"{FILE}: {name}.{key}: unknown key, strike it or spell it as in the shipped file"
        for key in found
        if key not in known
    ]
    values: dict[str, Any] = {}
    for key, wanted in get_type_hints(kind).items():
        value = found.get(key)
        if wanted is str:
            values[key] = _text(f"{name}.{key}", value, lines)
        elif wanted is int:
            values[key] = _count(f"{name}.{key}", value, lines)
        else:
            values[key] = _number(FILE, f"{name}.{key}", value, lines)
    return kind(**values)


def _text(key: str, value: object, lines: list[str]) -> str:
    if isinstance(value, str) and value.strip():
        return value
    lines.append(
        f"{FILE}: {key}: every section has a source: {value!r}, say where its figures are from"
    )
    return ""


def _count(key: str, value: object, lines: list[str]) -> int:
    if isinstance(value, int) and not isinstance(value, bool) and value >= 0:
        return value
    lines.append(f"{FILE}: {key}: a whole number from 0: {value!r}, write one")
    return 0


def _number(file: str, key: str, value: object, lines: list[str]) -> float:
    if isinstance(value, int | float) and not isinstance(value, bool) and 0 < value < LARGEST:
        return float(value)
    lines.append(f"{file}: {key}: a number above 0 and below {LARGEST:g}: {value!r}, write one")
    return 1.0
