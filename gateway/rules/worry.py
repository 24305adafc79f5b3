"""What a worry is. Knows nothing else."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from gateway.events import SlotId


class WorryKind(StrEnum):
    """All that may worry."""

    DOSE_MISSED = "dose_missed"
    DOSE_UNCONFIRMED = "dose_unconfirmed"
    DOSE_DOUBTFUL = "dose_doubtful"  # opened, but who knows whether it was taken
    DOUBLE_DOSE = "double_dose"  # opened again
    DOSE_TOO_SOON = "dose_too_soon"  # opened inside the spacing to the dose before
    HELP_PRESSED = "help_pressed"


# Those whose end is how the slot ended.
ABOUT_A_DOSE = frozenset(
    {WorryKind.DOSE_MISSED, WorryKind.DOSE_UNCONFIRMED, WorryKind.DOSE_DOUBTFUL}
)


@dataclass(frozen=True, slots=True)
class Worry:
    """Something that should not be so. One key is one incident, whatever its kind becomes."""

    kind: WorryKind
    key: str
    person_id: str
    slot: SlotId | None
    due_ms: int  # when it had to be noticed
    reason: str
    again: tuple[tuple[str, int], ...] = ()  # it happened once more: (key, when), oldest first
