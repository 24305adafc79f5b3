"""How each kind of text is treated: how urgent, how long worth sending, how soon reported.

Knows: the purposes of the catalogue. May not know: the outbox, routes, what a text says.

Urgency: 0 somebody calls for help; 1 somebody waits to learn whether to go; 2 answers and closings.
After its validity a text would only confuse: it is not sent any more. A text that asks somebody to
go and of which no report came in time is told as a fact, so that the next person is told.
"""

from __future__ import annotations

from gateway.events import TextDecided
from gateway.log import Terms

HOUR_MIN = 60
DAY_MIN = 24 * HOUR_MIN

HELP = Terms(urgency=0, valid_min=DAY_MIN, report_min=2)
DOSE = Terms(urgency=1, valid_min=DAY_MIN, report_min=5)
CHANGE = Terms(urgency=1, valid_min=DAY_MIN)  # to those who were told already
CLOSING = Terms(urgency=2, valid_min=DAY_MIN)
ANSWER = Terms(urgency=2, valid_min=2 * HOUR_MIN)
TECHNICAL = Terms(urgency=2, valid_min=DAY_MIN, report_min=30)
OTHER = Terms(urgency=2, valid_min=DAY_MIN)

TERMS: dict[str, Terms] = {
    "help_pressed": HELP,
    "dose_missed": DOSE,
    "dose_unconfirmed": DOSE,
    "dose_doubtful": DOSE,
    "double_dose": DOSE,
    "dose_too_soon": DOSE,
    "no_sign_of_life": HELP,
    "no_sign_of_life_usual": HELP,
    "no_sign_of_life_light": HELP,
    "phone_still": HELP,
    "cannot_see": DOSE,
    "cannot_see_life": DOSE,
    "doses_missed": DOSE,
    "doses_unconfirmed": DOSE,
    "bundle": OTHER,
    "device_unseen": TECHNICAL,
    "device_unseen_plug": TECHNICAL,
    "phone_unreachable": TECHNICAL,
    "phone_unreachable_flat": TECHNICAL,
    "power_cut": TECHNICAL,
    "radio_down": TECHNICAL,
    "periodic_load": TECHNICAL,
    "route_down": TECHNICAL,
    "route_down_calls": TECHNICAL,
    "call_unanswered": DOSE,
    "call_worry": DOSE,
    "call_worry_asked": HELP,
    "call_worry_pain": HELP,
    "call_worry_worried": DOSE,
    "schedule_stale": TECHNICAL,
    "test_unanswered": TECHNICAL,
    "visit_nobody": HELP,
    "visit_worry": HELP,
    "delivery_left": DOSE,
    "visit_missed": TECHNICAL,
    "household_reported": TECHNICAL,
    "lost_sight": TECHNICAL,
    "supply_low": OTHER,
    "prescription_wanted": OTHER,
    "missed_after_all": CHANGE,
    "doubtful_after_all": CHANGE,
    "correction": CHANGE,
    "corrections": CHANGE,
    "opened_late": CLOSING,
    "corrections_late": CLOSING,
    "gone": CLOSING,
    "by_word": CLOSING,
    "not_by_word": CLOSING,
    "not_due": CLOSING,
    "thanks": ANSWER,
    "already": ANSWER,
    "noted": ANSWER,
    "stopped": ANSWER,
    "stop_last": ANSWER,
    "stop_refused": ANSWER,
    "started": ANSWER,
    "test_thanks": ANSWER,
    "nobody_left": OTHER,
    "weekly": OTHER,
    "weekly_not": OTHER,
    "weekly_drift": OTHER,
    "test": OTHER,
    "invitation": OTHER,
    "test_now": TECHNICAL,
    "done": ANSWER,
    "over": ANSWER,
    "help": ANSWER,
}


def terms_of(text: TextDecided) -> Terms:
    """How this text is treated."""
    return TERMS.get(text.purpose, OTHER)
