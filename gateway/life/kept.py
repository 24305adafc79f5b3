"""A personal line as the log keeps it: plain JSON values, and read back.

Knows: the fields of a line. May not know: what they mean.
"""

from __future__ import annotations

import dataclasses
from typing import Any

from gateway.life.detector import Detector, Line


def line_to_json(line: Line) -> dict[str, Any]:
    """Its fields, tuples as lists."""
    return {name: _plain(value) for name, value in dataclasses.asdict(line).items()}


def line_from_json(body: dict[str, Any]) -> Line | None:
    """The line written by `line_to_json`; None where another version wrote other fields."""
    names = {field.name for field in dataclasses.fields(Line)}
    if set(body) != names or body["detector"] not in set(map(str, Detector)):
        return None
    values = {name: _frozen(value) for name, value in body.items()}
    return Line(**{**values, "detector": Detector(values["detector"])})


def _plain(value: Any) -> Any:  # noqa: ANN401 - whatever a field holds
    if isinstance(value, list | tuple):
        return [_plain(v) for v in value]
    return str(value) if isinstance(value, str) else value


def _frozen(value: Any) -> Any:  # noqa: ANN401
    return tuple(_frozen(v) for v in value) if isinstance(value, list) else value
