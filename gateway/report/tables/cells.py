"""A table and its cells: columns with their meaning, and rows as CSV that harms nobody.

Knows: CSV (RFC 4180), Table Schema types, what a spreadsheet takes for a formula.
May not know: what is in a table.

UTF-8 with a byte order mark: without it a Korean Excel reads the file as cp949 and shows the names
of drugs and people as rubbish; with it every reader of Table Schema still reads it ("utf-8-sig").
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import tzinfo

from gateway.zones import local

ENCODING = "utf-8-sig"
# A cell that begins so is reckoned by spreadsheets (OWASP, "CSV Injection"); tab and CR let one
# begin a cell of its own, and full-width signs are folded into these by some of them.
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
Cell = str | int | bool | None


@dataclass(frozen=True, slots=True)
class Column:
    """One column; `type` as in Table Schema. `values`: all that it may hold."""

    name: str
    type: str = "string"
    required: bool = False
    values: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Table:
    """A file of its own; `key`: the columns that tell its rows apart."""

    name: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]


class _Lines:
    """What csv.writer writes into."""

    def __init__(self) -> None:
        self.text: list[str] = []

    def write(self, line: str) -> None:
        """Keeps one line."""
        self.text.append(line)


def csv_bytes(table: Table, rows: Iterable[Mapping[str, Cell]]) -> bytes:
    """The table with its head line. KeyError for a row without one of the columns."""
    lines = _Lines()
    writer = csv.writer(lines)
    writer.writerow(column.name for column in table.columns)
    for row in rows:
        writer.writerow([_cell(row[column.name]) for column in table.columns])
    return "".join(lines.text).encode(ENCODING)


def _cell(value: Cell) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return harmless(value) if isinstance(value, str) else str(value)


def harmless(text: str) -> str:
    """The text on one line; with an apostrophe before it where it would be taken for a formula."""
    plain = " ".join(text.replace("\0", " ").split("\n")).replace("\r", " ")
    return f"'{plain}" if text.lstrip(" ").startswith(FORMULA) else plain


def moment(ms: int | None, zone: tzinfo) -> str | None:
    """ISO 8601 with the offset of its place and day, to the second."""
    return None if ms is None else local(ms, zone).isoformat(timespec="seconds")
