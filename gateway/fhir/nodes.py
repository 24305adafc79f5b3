"""A place in somebody's JSON: what stands there, and what is wrong with it.

Knows: paths as FHIRPath writes them, how a mistake is told. May not know: any resource.

Reading never stops at the first mistake: every one is noted with its place, what was found and
what was expected. What is understood but has no place in a bag line is noted as left out.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from gateway.fhir.wanted import Wanted
from gateway.fhir.words import say

SHOWN = 80  # characters of what was found


@dataclass(frozen=True, slots=True)
class Problem:
    """Why something is refused: its place, what stands there ("": nothing), what was expected."""

    place: str
    found: str
    expected: Wanted
    values: tuple[tuple[str, object], ...] = ()

    def wanted(self, language: str) -> str:
        """What was expected, in words. KeyError for a language there is not."""
        return say(language, f"wanted.{self.expected}", **dict(self.values))

    def __str__(self) -> str:
        return f"{self.place}: found {self.found or 'nothing'}, expected {self.wanted('en')}"


@dataclass(frozen=True, slots=True)
class LeftOut:
    """What was read and is not carried over: a person may want to look at it."""

    place: str
    found: str


class Refused(ValueError):  # noqa: N818  # an answer, not an error of this program
    """Something is not understood; `problems` tells all of it at once."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(str(p) for p in self.problems))


@dataclass(slots=True)
class Findings:
    """All that was noted on the way."""

    problems: list[Problem] = field(default_factory=list)
    left_out: list[LeftOut] = field(default_factory=list)


def told(value: object) -> str:
    """A value as it is shown to people, cut where it is long."""
    text = json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= SHOWN else text[: SHOWN - 1] + "…"


@dataclass(frozen=True, slots=True)
class Node:
    """A value and its place; a missing value is None."""

    value: Any
    place: str
    findings: Findings

    def __bool__(self) -> bool:
        return self.value is not None

    def at(self, key: str) -> Node:
        """The element of that name. A place that is no object has none."""
        inner = self.value.get(key) if isinstance(self.value, dict) else None
        return Node(inner, f"{self.place}.{key}", self.findings)

    def refuse(self, expected: Wanted, found: str = "", **values: object) -> None:
        """Notes a mistake here; `values` fill in what was expected."""
        if self.value is not None:
            found = found or told(self.value)
        problem = Problem(self.place, found, expected, tuple(values.items()))
        self.findings.problems.append(problem)

    def leave(self) -> None:
        """Notes that what stands here is not carried over."""
        self.findings.left_out.append(LeftOut(self.place, told(self.value)))

    def is_object(self, what: Wanted) -> bool:
        """Whether an object stands here; refused if not."""
        if not isinstance(self.value, dict):
            self.refuse(what)
        return isinstance(self.value, dict)

    def rows(self) -> list[Node]:
        """Each of a list, with its place; none where nothing stands."""
        if self.value is None:
            return []
        if not isinstance(self.value, list):
            self.refuse(Wanted.LIST)
            return []
        return [Node(v, f"{self.place}[{n}]", self.findings) for n, v in enumerate(self.value)]

    def text(self, what: Wanted) -> str | None:
        """The text here, trimmed; None where nothing stands or where it is refused."""
        if isinstance(self.value, str) and self.value.strip():
            return self.value.strip()
        if self.value is not None:
            self.refuse(what)
        return None

    def number(self, what: Wanted) -> Fraction | None:
        """The number here, exactly as it was written; None as for `text`."""
        value = self.value
        if isinstance(value, bool | dict | list | str | None):
            if value is not None:
                self.refuse(what)
            return None
        if isinstance(value, float) and not math.isfinite(value):
            self.refuse(what)
            return None
        return Fraction(str(value))

    def whole(self, what: Wanted, least: int = 1, most: int = 1_000_000) -> int | None:
        """The whole number here, within its limits; None as for `text`."""
        number = self.number(what)
        if number is None:
            return None
        if number.denominator != 1 or not least <= number <= most:
            self.refuse(what)
            return None
        return int(number)

    def only(self, known: Iterable[str], why: Wanted) -> None:
        """Refuses every element but the known ones: it may change what the known ones mean."""
        for key in self._others(known):
            self.at(key).refuse(why)

    def leave_others(self, known: Iterable[str]) -> None:
        """Notes every element but the known ones as left out; a modifier is refused."""
        for key in self._others(known):
            if key in {"modifierExtension", "implicitRules"}:
                self.at(key).refuse(Wanted.NO_MODIFIER)
            else:
                self.at(key).leave()

    def _others(self, known: Iterable[str]) -> list[str]:
        keys = self.value if isinstance(self.value, dict) else {}
        return [str(key) for key in keys if key not in set(known)]


def extension(node: Node, url: str, value: str) -> Node:
    """The value of the extension `url` here; a missing one is None."""
    for row in node.at("extension").rows():
        if row.at("url").value == url:
            return row.at(value)
    return Node(None, f"{node.place}.extension", node.findings)


def leave_extensions(node: Node, known: Iterable[str]) -> None:
    """Notes extensions that are not ours as left out."""
    for row in node.at("extension").rows():
        if row.at("url").value not in tuple(known):
            row.leave()
