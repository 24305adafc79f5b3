"""A person who knows the rules of a care plug's loads and lamps, and nothing else.

Knows: the rules in words: "on above 6 W, off below half of that; bouts less than 30 minutes apart
are one; told at the
beginning, and 30 minutes after it was last on; a restart begins the 30 minutes anew; a lamp doubles
or halves the light from 20 lx up". May not know: any file of the firmware.

A story is a list of (watts, seconds). Times are seconds since it began.
"""

from __future__ import annotations

from itertools import pairwise

ON = "on"
OFF = "off"
_BOUT_S = 1800

Said = tuple[str, int, int]  # what, when, watts or minutes


def on_spans(story: list[tuple[int, int]]) -> list[tuple[int, int, int]]:
    """(from, until, watts as it goes on) of each time the load is on without a break."""
    spans: list[tuple[int, int, int]] = []
    now_s = 0
    was_on = True  # what runs when the watch begins is not switched on
    for watts, lasts_s in story:
        on = watts > 6 or (was_on and watts >= 3)
        if on and not was_on:
            spans.append((now_s, now_s + lasts_s, watts))
        elif on and spans:
            spans[-1] = (spans[-1][0], now_s + lasts_s, spans[-1][2])
        was_on = on
        now_s += lasts_s
    return spans


def bouts(story: list[tuple[int, int]], restart_s: int | None = None) -> list[Said]:
    """What is told of the story; its end is not reached by an open bout that is not over yet."""
    end_s = sum(lasts_s for _, lasts_s in story)
    said: list[Said] = []
    began_s = last_s = quiet_s = -1

    def over(now_s: int) -> None:
        """Tell the end of the open bout, if it is over by then."""
        nonlocal began_s, quiet_s
        if began_s >= 0 and restart_s is not None and quiet_s <= restart_s < quiet_s + _BOUT_S:
            quiet_s = restart_s
        if began_s >= 0 and now_s - quiet_s >= _BOUT_S:
            said.append((OFF, quiet_s + _BOUT_S, (last_s - began_s) // 60))
            began_s = -1

    for from_s, until_s, watts in on_spans(story):
        over(from_s)
        if began_s < 0:
            began_s = from_s
            said.append((ON, from_s, watts))
        last_s = quiet_s = until_s
    over(end_s)
    return said


def lamp_steps(levels: list[int]) -> list[int]:
    """Lux after each step of a lamp at night; down is negative, 0 lx down is −1."""
    steps = []
    for before, after in pairwise(levels):
        low, high = sorted((before, after))
        if high >= 20 and high >= 2 * low:
            steps.append(max(1, after) if after > before else -max(1, after))
    return steps
