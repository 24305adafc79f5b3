"""The month's report as a table: a row for each figure, with its code, its words, its definition.

Knows: which column says what. May not know: how a figure is reckoned, CSV.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass

from gateway.report.tables.cells import Cell, Column, Table

MONTH = Table(
    "month",
    (
        Column("month", "yearmonth", required=True),
        Column("section", required=True),
        Column("item", required=True),
        Column("figure", required=True),
        Column("value", "number"),
        Column("section_words", required=True),
        Column("item_words", required=True),
        Column("figure_words", required=True),
        Column("definition", required=True),
    ),
    ("month", "section", "item", "figure"),
)


@dataclass(frozen=True, slots=True)
class Figure:
    """One row; `value` None: there was nothing to count, or nothing to divide by."""

    month: str
    section: str
    item: str
    figure: str
    value: int | float | None
    section_words: str
    item_words: str
    figure_words: str
    definition: str


def month_rows(figures: Iterable[Figure]) -> Iterator[dict[str, Cell]]:
    """A row for each figure, in their order."""
    for figure in figures:
        yield {**asdict(figure), "value": _written(figure.value)}


def _written(value: float | None) -> str | None:
    """Every digit before the point and three after it, without noughts at the end."""
    if value is None or isinstance(value, int):
        return None if value is None else str(value)
    return f"{value:.3f}".rstrip("0").rstrip(".")
