"""How right the alarms were, for reading: how many, how many false, how many were needed.

Knows: the picture's `alarms`, the page's words. May not know: HTML, Flask, what a false alarm is.
"""

from __future__ import annotations

from typing import Any

from gateway.incidents.budget import BUDGET
from gateway.web.words import Words

View = dict[str, Any]


def alarms(picture: View, words: Words) -> View:
    """{"title", "facts", "kept", "verdict"}: the verdict has a word and a sign of its own."""
    seen = picture["alarms"]
    kept = bool(seen["within_budget"])
    return {
        "title": words.say("alarms.title", days=seen["days"]),
        "facts": [
            (words.say(f"alarms.{name}"), _counted(name, seen, words))
            for name in ("told", "false", "needed", "live")
        ],
        "kept": kept,
        "verdict": words.say(
            "alarms.kept" if kept else "alarms.over", days=seen["days"], n=round(BUDGET)
        ),
    }


def _counted(name: str, seen: View, words: Words) -> str:
    """How many; of those that needed a person also which share of all."""
    if name != "needed" or seen["needed_share"] is None:
        return words.say("alarms.n", n=seen[name])
    return words.say("alarms.share", n=seen[name], percent=round(100 * seen["needed_share"]))
