"""A table as a spreadsheet writes it: its encoding, headings, lines, cells over several lines.

Knows: byte order marks, quotation marks, delimiters, how a wrong place is named.
May not know: which columns there are, what a cell means, a file.

A quotation mark that is never closed spoils its own line and no other: lines are put together only
where that makes a whole one, and no cell of it swallows what looks like cells.
"""

from __future__ import annotations

import csv
from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from gateway.coverage.register import plain

DELIMITERS = ",\t;"
CHARACTERS_MOST = 2_000  # of a line
LINES_MOST = 10  # of a cell
_UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")


Columns = Mapping[str, tuple[str, ...]]  # a column → how it may be headed, a template's way first


@dataclass(frozen=True, slots=True)
class Wrong:
    """What is wrong: a code, the heading of its column, what stands there."""

    code: str
    column: str = ""
    found: str = ""


def encodings(raw: bytes) -> tuple[str, ...]:
    """What to try, in this order: as Korean spreadsheets write, UTF-16 by its mark alone."""
    return ("utf-16",) if raw.startswith(_UTF16_MARKS) else ("utf-8-sig", "cp949")


def template(columns: Columns) -> str:
    """An empty table: the headings alone."""
    return ",".join(ways[0] for ways in columns.values()) + "\r\n"


def column_of(heading: str, columns: Columns) -> str:
    """The column of a heading; "" for one that says nothing to us."""
    looked = plain(heading)
    found = (name for name, ways in columns.items() if looked in map(plain, ways))
    return next(found, "")


def delimiter_of(text: str) -> str:
    """The one that stands there most often."""
    return max(DELIMITERS, key=text.count)


def cells(text: str, delimiter: str) -> list[str] | None:
    """None where it is no line of a table."""
    if len(text) > CHARACTERS_MOST:
        return None
    try:
        rows = list(csv.reader([text], delimiter=delimiter, strict=True))
    except csv.Error:
        return None
    return rows[0] if len(rows) == 1 else None


def records(lines: Iterable[tuple[int, str]]) -> Iterator[tuple[int, str]]:
    """Each with the number of its first line."""
    rest, ahead = iter(lines), deque[tuple[int, str]]()
    while (first := ahead.popleft() if ahead else next(rest, None)) is not None:
        at, text = first
        if text.count('"') % 2:
            while len(ahead) < LINES_MOST and (more := next(rest, None)) is not None:
                ahead.append(more)
            whole, lines_more = _whole(text, [more for _at, more in ahead])
            for _ in range(lines_more):
                ahead.popleft()
            text = whole
        yield at, text


def _whole(text: str, ahead: list[str]) -> tuple[str, int]:
    """The line to its end, and how many more that took; 0: it has none."""
    whole = text
    for count, more in enumerate(ahead, 1):
        whole += more
        if more.count('"') % 2:
            delimiter = delimiter_of(whole)
            found = cells(whole.rstrip("\r\n"), delimiter)
            broken = [cell for cell in found or () if "\n" in cell]
            if broken and not any(delimiter in cell for cell in broken):
                return whole, count
            break
    return text, 0
