"""How a house watches for signs of life: the keys of [life].

Knows: their checks and defaults. May not know: files, how a personal line is reckoned.
"""

from __future__ import annotations

from typing import Any

from gateway.config.fields import Field, _one_of, _whole
from gateway.life.detector import DEFAULT, Detector
from gateway.roster import Life

Row = dict[str, Any]
ASK_LEAST_MIN, ASK_MOST_MIN = 30, 60

SECTIONS: dict[str, dict[str, Field]] = {
    "life": {
        "detector": Field(_one_of(tuple(str(d) for d in Detector)), str(DEFAULT.detector)),
        "ask_min": Field(_whole(ASK_LEAST_MIN, ASK_MOST_MIN), ASK_MOST_MIN),
    }
}


def life_of(row: Row) -> Life:
    """What the section says, as the roster keeps it."""
    return Life(row["detector"], row["ask_min"])
