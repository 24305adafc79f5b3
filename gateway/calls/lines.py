"""What of the telephone lines is worth a fact: a line that fails, one that works again.

Knows: what is believed of each line. May not know: drivers, whom it worries, when a line is tried
again.
"""

from __future__ import annotations

from collections.abc import Mapping

from gateway.calls.believed import Unfit
from gateway.events import LineSeen


def news(lines: Mapping[str, Unfit], mine: str, says: str | None, now_ms: int) -> list[LineSeen]:
    """The facts that are news; `lines`: those that failed last, by name.

    `mine`: the line that calls are made by; `says`: how its driver says that it failed, "" where
    it works, None where it says nothing. Another line that failed is waited for no more.
    """
    unfit = lines.get(mine)
    good = says == "" and unfit is not None
    failed = bool(says) and not (unfit is not None and unfit.dead)
    found = [LineSeen(now_ms, mine, good, says or "")] if good or failed else []
    return found + [LineSeen(now_ms, line, works=True, why="") for line in lines if line != mine]
