"""Why somebody was told, or an incident changed: every value is stored and shown.

Knows: the names of reasons. May not know: when which of them is true.
"""

from __future__ import annotations

from enum import StrEnum


class Reason(StrEnum):
    """Reasons of decisions about incidents and texts."""

    # why a text
    FIRST_STEP = "first_step"
    NEXT_STEP = "next_step"  # nobody answered within the step's delay
    STEP_FAILED = "step_failed"  # no text of the step before could be delivered
    REPEAT = "repeat"  # the last step, once more
    ACK_EXPIRED = "ack_expired"  # who had it did not end it in time
    TOLD_BEFORE = "told_before"  # it changed, and this person was told otherwise
    ANSWER = "answer"  # an automatic answer to a text
    # why over
    TAKEN_IN_TIME = "taken_in_time"
    OPENED_LATE = "opened_late"
    BY_WORD = "by_word"
    NOT_BY_WORD = "not_by_word"
    NOT_DUE = "not_due"
    BY_PERSON = "by_person"
    TOO_OLD_TO_TELL = "too_old_to_tell"
    EXPIRED = "expired"
