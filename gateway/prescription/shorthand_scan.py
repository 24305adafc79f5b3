"""A pharmacist's line cut into words, each with its place.

Knows: where words begin and end, which of them belong to the name.
May not know: what the words mean together; it reports nothing, an unknown word is a word too.

Places are characters of the line in Unicode's composed form (NFC), counted from 0.

The name is what stands before everything else (a dispensing date may stand before it). One word is
a name by its place; a name of several words is closed by its strength (`타이레놀 이알 650mg`) or
stands in quotes. A name that is not in quotes begins with a letter. So a misspelt word behind the
name is never taken for a part of it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

from gateway.prescription.shorthand_kinds import Kind, Row
from gateway.prescription.shorthand_table import NUMBERS, ROWS

# A point before a digit parts nothing: `.5mL` without its zero is half of one, never five.
SEPARATORS = re.compile(r"(?:[\s,;、()/+&]|[.·](?!\d))+")
_UNKNOWN = re.compile(r"[^\s,;()]+")
_NAME = re.compile(r"\S+?(?=[,;]*(?:\s|$))")


@dataclass(frozen=True, slots=True)
class Token:
    """One word: what kind, where, as it stands there, and the parts of its pattern."""

    kind: Kind
    at: int
    text: str
    value: str = ""
    parts: dict[str, str] = field(default_factory=dict)

    @property
    def end(self) -> int:
        """The place behind it."""
        return self.at + len(self.text)

    def number(self) -> int:
        """The number in it: of its value, else of its group `n`; 0 where it has none."""
        said = self.value if self.value.isdigit() else self.parts.get("n", "")
        return int(said) if said.isdigit() else NUMBERS.get(said.lower(), 0)


def scan(line: str) -> tuple[Token, ...]:
    """All words of a line, in order; what is in no table is UNKNOWN, fillers are left out."""
    tokens: list[Token] = []
    at = 0
    while True:
        gap = SEPARATORS.match(line, at)
        at = gap.end() if gap else at
        if at >= len(line):
            return tuple(t for t in _named(tokens) if t.kind is not Kind.FILLER)
        run = _run(line, at, set())
        if run is None:
            word = (_NAME if _only_dates(tokens) else _UNKNOWN).match(line, at)
            run = [Token(Kind.UNKNOWN, at, word[0] if word else line[at])]
        tokens += run
        at = run[-1].end


def _only_dates(tokens: list[Token]) -> bool:
    return all(t.kind in {Kind.DATE, Kind.UNKNOWN} for t in tokens)


def _run(line: str, at: int, dead_ends: set[int]) -> list[Token] | None:
    """The words from `at` to the next separator (`아침식후30분`); None where some are unknown."""
    if at in dead_ends:
        return None
    for token in _candidates(line, at):
        if _is_boundary(line, token.end):
            return [token]
        rest = _run(line, token.end, dead_ends) if _may_touch(line, token.end) else None
        if rest is not None:
            return [token, *rest]
    dead_ends.add(at)
    return None


def _candidates(line: str, at: int) -> list[Token]:
    """What may stand at a place, the longest first."""
    found = []
    for row, pattern in PATTERNS:
        match = pattern.match(line, at)
        if match is not None:
            parts = {name: part for name, part in match.groupdict().items() if part}
            found.append(Token(row.kind, at, match[0], row.value, parts))
    return sorted(found, key=lambda t: -len(t.text))


def _is_boundary(line: str, end: int) -> bool:
    return end >= len(line) or SEPARATORS.match(line, end) is not None


def _may_touch(line: str, end: int) -> bool:
    """Whether another word may begin here without a gap: not inside a number or a Latin word."""
    before, behind = line[end - 1], line[end]
    both_digits = before.isdigit() and behind.isdigit()
    both_latin = before.isascii() and before.isalpha() and behind.isascii() and behind.isalpha()
    return not (both_digits or both_latin)


def _named(tokens: list[Token]) -> list[Token]:
    """The unknown words of the beginning that are a name become one."""
    begin = next((n for n, t in enumerate(tokens) if t.kind is not Kind.DATE), len(tokens))
    end = begin
    while end < len(tokens) and tokens[end].kind is Kind.UNKNOWN and tokens[end].text[0].isalpha():
        end += 1
    closed = end < len(tokens) and tokens[end].kind is Kind.STRENGTH
    end = end if closed else min(end, begin + 1)
    words = tokens[begin:end]
    if not words:
        return tokens
    name = " ".join(t.text for t in words)
    whole = replace(words[0], kind=Kind.NAME, parts={"free": name})
    return [*tokens[:begin], whole, *tokens[end:]]


def compiled(way: str) -> re.Pattern[str]:
    """A way of the table as Python's regular expression."""
    words = "|".join(sorted(NUMBERS, key=len, reverse=True))
    text = way.replace(" ", r"\s*").replace("_", r"\s+")
    return re.compile(text.replace("№", rf"(?P<n>\d{{1,3}}|{words})"), re.IGNORECASE)


PATTERNS: tuple[tuple[Row, re.Pattern[str]], ...] = tuple(
    (row, compiled(way)) for row in ROWS for way in row.ways
)
