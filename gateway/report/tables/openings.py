"""One row for each opening of a lid, in the box's own words.

Knows: which fact stands in which column. May not know: what is inferred of it, CSV.
"""

from __future__ import annotations

from collections.abc import Iterator

from gateway.adherence.history import History
from gateway.adherence.openings import MEANINGS, OTHER, Quality
from gateway.report.tables.cells import Cell, Column, Table, moment

OPENINGS = Table(
    "openings",
    (
        Column("record", required=True),
        Column("person", required=True),
        Column("at", "datetime"),
        Column("time_quality", required=True, values=tuple(Quality)),
        Column("compartment", "integer", required=True),
        Column("meaning", required=True, values=(*MEANINGS.values(), OTHER)),
        Column("slot_day", "date"),
        Column("slot_index", "integer"),
    ),
    ("record",),
)


def opening_rows(history: History) -> Iterator[dict[str, Cell]]:
    """A row for every opening of the history, in its order."""
    for one in history.openings:
        yield {
            "record": one.record,
            "person": history.person_id,
            "at": moment(one.at_ms, history.zone),
            "time_quality": one.quality.value,
            "compartment": one.compartment,
            "meaning": one.meaning,
            "slot_day": one.slot.day if one.slot else None,
            "slot_index": one.slot.index if one.slot else None,
        }
