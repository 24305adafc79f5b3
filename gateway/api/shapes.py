"""The shapes of all answers, by name.

Knows: where each stands. May not know: how a shape is filled.
"""

from __future__ import annotations

from gateway.api.covering import SHAPES as COVERED
from gateway.api.schema import COUNT, INSTANT, TEXT, Json, many, says, shape
from gateway.api.shapes_care import CARED
from gateway.api.shapes_lives import LIVES
from gateway.api.shapes_medicines import HISTORY, MEDICINES
from gateway.api.shapes_told import TOLD

HOME: dict[str, Json] = {
    "Home": shape(
        "The home and its gateway now",
        home_id=TEXT,
        time_zone=TEXT,
        language=TEXT,
        now_ms=INSTANT,
        version=says(COUNT, "rises with every change; starts anew with the gateway"),
        roster_version=says(COUNT, "how often the file or a page said who lives here"),
        faults=many(shape("A part that does not work", part=TEXT, since_ms=INSTANT, why=TEXT)),
    ),
    "Problem": shape(
        "Whose fault it was, what was wrong, what to do; one line",
        error=TEXT,
    ),
}

SHAPES: dict[str, Json] = {
    **LIVES,
    **MEDICINES,
    **HISTORY,
    **TOLD,
    **CARED,
    **COVERED,
    **HOME,
}
