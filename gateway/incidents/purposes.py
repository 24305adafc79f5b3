"""What a text is for: the keys of the catalogue, by what they do.

Knows: which texts are a step of a ladder, an answer, news. May not know: words, incidents.
"""

from __future__ import annotations

from gateway import texting
from gateway.rules.worry import WorryKind

# Kinds that have several texts, each for what is known (Worry.words).
WORDS = frozenset(
    {
        "no_sign_of_life_usual",
        "no_sign_of_life_light",
        "device_unseen_plug",
        "phone_unreachable_flat",
        "route_down_calls",
        "call_worry_asked",
        "call_worry_pain",
        "call_worry_worried",
    }
)
BUNDLE = "bundle"  # several incidents that waited
SEVERAL = {  # several doses of one person at once: one text
    str(WorryKind.DOSE_MISSED): "doses_missed",
    str(WorryKind.DOSE_UNCONFIRMED): "doses_unconfirmed",
    str(WorryKind.CANNOT_SEE): "doses_unconfirmed",
    "correction": "corrections",
    "opened_late": "corrections_late",
}
# The texts of the ladder's steps; all others answer, correct or close.
STEPS = frozenset({*map(str, WorryKind), *WORDS, BUNDLE, "doses_missed", "doses_unconfirmed"})
ANSWERS = frozenset(
    {
        "thanks",
        "already",
        "done",
        "noted",
        "over",
        "help",
        "stopped",
        "stop_last",
        "stop_refused",
        "started",
        "test_thanks",
    }
)
WEEKLY, WEEKLY_NOT, TEST = "weekly", "weekly_not", "test"
WEEKLY_DRIFT = "weekly_drift"  # all is working, and her days have changed
NEWS = frozenset({WEEKLY, WEEKLY_NOT, WEEKLY_DRIFT, TEST})
NOBODY_LEFT = "nobody_left"
INVITATION = texting.INVITATION
