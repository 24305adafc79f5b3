"""What a worry is. Knows nothing else."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from gateway.events import SlotId

HOME = ""  # the person of a worry about the whole home


class WorryKind(StrEnum):
    """All that may worry. What follows from each: gateway.incidents.kinds."""

    DOSE_MISSED = "dose_missed"
    DOSE_UNCONFIRMED = "dose_unconfirmed"
    DOSE_DOUBTFUL = "dose_doubtful"  # opened, but who knows whether it was taken
    DOUBLE_DOSE = "double_dose"  # opened again
    DOSE_TOO_SOON = "dose_too_soon"  # opened inside the spacing to the dose before
    HELP_PRESSED = "help_pressed"
    NO_SIGN_OF_LIFE = "no_sign_of_life"  # nothing in her home was touched for so long
    CALL_UNANSWERED = "call_unanswered"  # she did not answer the calls of a day
    CALL_WORRY = "call_worry"  # in a call she said that a person is wanted, or fell silent
    CANNOT_SEE = "cannot_see"  # a dose is not confirmed, and the link is dead
    PHONE_STILL = "phone_still"  # nobody used her telephone for so long
    CANNOT_SEE_LIFE = "cannot_see_life"  # a level's hours are over, and nothing could be seen
    PHONE_UNREACHABLE = "phone_unreachable"  # her telephone is flat, or off
    DEVICE_UNSEEN = "device_unseen"  # later than the wake it announced
    SCHEDULE_STALE = "schedule_stale"  # made, and not read back from the box
    SUPPLY_LOW = "supply_low"  # what was dispensed runs out soon
    PRESCRIPTION_WANTED = "prescription_wanted"  # home from hospital: what does she take now?
    POWER_CUT = "power_cut"  # several devices lost the mains
    RADIO_DOWN = "radio_down"  # the gateway hears no device at all
    PERIODIC_LOAD = "periodic_load"  # a plug watches a refrigerator
    ROUTE_DOWN = "route_down"  # a way by which texts leave does not work
    LOST_SIGHT = "lost_sight"  # the gateway itself was away
    VISIT_NOBODY = "visit_nobody"  # somebody looked in, and nobody opened
    VISIT_WORRY = "visit_worry"  # somebody looked in, and is worried
    DELIVERY_LEFT = "delivery_left"  # what was left at her door yesterday is still there
    VISIT_MISSED = "visit_missed"  # who was expected at her door did not come
    HOUSEHOLD_REPORTED = "household_reported"  # somebody nobody knows may need looking after
    TEST_UNANSWERED = "test_unanswered"  # nobody answered the monthly test text


# Something may be the matter with her at this minute: said before everything else.
FIRST = frozenset(
    {
        WorryKind.HELP_PRESSED,
        WorryKind.NO_SIGN_OF_LIFE,
        WorryKind.PHONE_STILL,
        WorryKind.VISIT_NOBODY,
        WorryKind.VISIT_WORRY,
        WorryKind.CALL_WORRY,
    }
)
# Those whose end is how the slot ended.
ABOUT_A_DOSE = frozenset(
    {
        WorryKind.DOSE_MISSED,
        WorryKind.DOSE_UNCONFIRMED,
        WorryKind.DOSE_DOUBTFUL,
        WorryKind.CANNOT_SEE,
    }
)


@dataclass(frozen=True, slots=True)
class Worry:
    """Something that should not be so. One key is one incident, whatever its kind becomes."""

    kind: WorryKind
    key: str
    person_id: str  # HOME: nobody's alone
    slot: SlotId | None
    due_ms: int  # when it had to be noticed
    reason: str
    again: tuple[tuple[str, int], ...] = ()  # it happened once more: (key, when), oldest first
    keeps: bool = False  # nobody can say yet: what was told goes on, nothing begins
    words: str = ""  # which of its kind's texts says it ("" = the kind's own)
    detail: dict[str, Any] = field(default_factory=dict)  # what the reason speaks of, as JSON
