"""Why somebody was told or was not, or an incident changed: every value is stored and shown.

Knows: the names of reasons. May not know: when which of them is true.
"""

from __future__ import annotations

from enum import StrEnum


class Reason(StrEnum):
    """Reasons of decisions about incidents and texts."""

    # why a text
    FIRST_STEP = "first_step"
    NEXT_STEP = "next_step"  # nobody answered within the step's delay
    LEVEL_REACHED = "level_reached"  # the hours of her level are over: the officer is told
    STEP_FAILED = "step_failed"  # no text of the step before could be delivered
    REPEAT = "repeat"  # the last step, once more
    ACK_EXPIRED = "ack_expired"  # who had it did not end it in time
    HELD = "held"  # what kept it from being told before is over
    TOLD_BEFORE = "told_before"  # it changed, and this person was told otherwise
    ANSWER = "answer"  # an automatic answer to a text
    NEWS = "news"  # the weekly or the monthly text
    BY_HAND = "by_hand"  # the technician tries whether it arrives
    NOBODY_LEFT = "nobody_left"  # the last one who could be told wants no texts
    # why not
    QUIET = "quiet"  # her quiet hours, and it can wait
    CAP = "cap"  # so many texts this week: with the others in one
    OFF_DUTY = "off_duty"
    PAUSED = "paused"
    STOPPED = "stopped"  # she wants no texts
    NOT_HER_KIND = "not_her_kind"  # her role, or what she chose to be told about
    ABSORBED = "absorbed"  # another incident says it already
    TAKEN_ON = "taken_on"  # somebody had it before it was her turn
    NOT_YET = "not_yet"  # it is not her turn
    OVER_BEFORE = "over_before"  # it was over before it was her turn
    # why over
    TAKEN_IN_TIME = "taken_in_time"
    OPENED_LATE = "opened_late"
    BY_WORD = "by_word"
    NOT_BY_WORD = "not_by_word"
    NOT_DUE = "not_due"
    GONE = "gone"
    TOLD = "told"
    BY_PERSON = "by_person"
    FALSE_ALARM = "false_alarm"  # a person says that there was nothing
    TOO_OLD_TO_TELL = "too_old_to_tell"
    EXPIRED = "expired"
    CARE_ENDED = "care_ended"  # she is not looked after here any more
