"""Who is covered by which net as the API says it: a page of the list, figures, by dong.

Knows: rows of gateway.coverage that were chosen. May not know: what holds whom, numbers, notes.
"""

from __future__ import annotations

from typing import Any

from gateway.api.look import Look, NotThere
from gateway.api.schema import (
    COUNT,
    FLAG,
    ID,
    INSTANT,
    TEXT,
    Json,
    choice,
    many,
    maybe,
    ref,
    says,
    shape,
    table,
)
from gateway.coverage.rows import Figures, Row
from gateway.netting import HOLDS, NETS, REFUSED

_DAY: Json = {"type": "string", "format": "date", "description": "ISO day in the home's zone"}
SHAPES: dict[str, Json] = {
    "CoverageFigures": shape(
        "How many are known, and by what they are held",
        people=says(COUNT, "persons and households"),
        persons=says(COUNT, "of these: looked after here"),
        covered=says(COUNT, "held by a net at least"),
        refused=says(COUNT, "who refused a net"),
        by_net=says(table(COUNT), "how many each net holds"),
    ),
    "CoverageRow": shape(
        "Somebody who is known: looked after here, or a household of a survey",
        id=ID,
        person_id=maybe(says(ID, "null: a household of a survey")),
        name=TEXT,
        dong=TEXT,
        address=TEXT,
        covered=says(FLAG, "held by a net at least"),
        asks_neighbour=says(FLAG, "refused a device, and no neighbour is there"),
        ask_again_day=maybe(says(_DAY, "the first day on which she is to be asked again")),
        nets=many(
            shape(
                "One net of hers",
                net=choice(*NETS),
                state=choice(HOLDS, REFUSED),
                since_day=_DAY,
                ask_again_day=maybe(_DAY),
            )
        ),
    ),
    "Coverage": shape(
        "A page of everybody who is known, whom nothing holds first",
        as_of_ms=INSTANT,
        households=many(ref("CoverageRow")),
        found=COUNT,
        page=says(COUNT, "the nearest there is to the one that was asked for"),
        pages=COUNT,
        counts=says(table(COUNT), "how many each `show` would show"),
        figures=says(ref("CoverageFigures"), "of everybody who may be seen"),
        by_dong=says(table(ref("CoverageFigures")), "by dong; an empty name: not known"),
    ),
}


def coverage(look: Look) -> Json:
    """A page of the list, of everybody or of those a filter shows."""
    found = look.covered
    if found is None:
        raise NotThere
    return {
        "as_of_ms": look.now_ms,
        "households": [_row(row) for row in found.rows],
        "found": found.found,
        "page": found.page,
        "pages": found.pages,
        "counts": found.counts,
        "figures": _figures(found.figures),
        "by_dong": {dong: _figures(of) for dong, of in found.dongs},
    }


def _row(row: Row) -> dict[str, Any]:
    plain = ("id", "name", "dong", "address", "covered", "asks_neighbour", "ask_again_day")
    return {
        **{name: getattr(row, name) for name in plain},
        "person_id": row.id if row.person else None,
        "nets": [
            {
                "net": net.name,
                "state": net.state,
                "since_day": net.since_day,
                "ask_again_day": net.ask_again_day,
            }
            for net in row.nets
        ],
    }


def _figures(of: Figures) -> Json:
    names = ("people", "persons", "covered", "refused")
    return {**{name: getattr(of, name) for name in names}, "by_net": dict(of.by_net)}
