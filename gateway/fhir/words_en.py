"""FHIR in English: what was expected at a place, and why something cannot be said in it.

Knows: every word. May not know: when it is said. Keys are the same as in words_ko.py. R4's own
rules are said word for word as R4 has them.
"""

from __future__ import annotations

from gateway.fhir.invariants import TIMING

_HOURS = "`when` of a meal, or frequency 1 and a period in h"
_REPEAT = "repeat with `when` of a meal, or a period"

WORDS: dict[str, str] = {
    # any place
    "wanted.exactly": "{what}",
    "wanted.one_of": "one of {what}",
    "wanted.none_such": "no such element",
    "wanted.no_modifier": "none: it may change the meaning of everything here",
    "wanted.list": "a list",
    "wanted.true_or_false": "true or false",
    "wanted.whole": "a whole number",
    "wanted.whole_from_one": "a whole number, at least 1",
    # a bundle and its requests
    "wanted.resource": "a resource",
    "wanted.status": "{what} (left out: {over})",
    "wanted.not_forbidden": "no order not to take something",
    "wanted.person": "a Reference to the person",
    "wanted.same_person": "the same person as in the first request",
    "wanted.medication": "a Medication in this bundle, or medicationCodeableConcept",
    "wanted.name": "the medication's name: text, or one coding with a display",
    "wanted.display": "a name",
    "wanted.strength": "a strength such as 5mg",
    "wanted.strength_at_end": "the end of the medication's text “{what}”",
    "wanted.date": "a date YYYY-MM-DD",
    "wanted.storage": "how it is stored",
    "wanted.drug_class": "a drug class",
    "wanted.phone": "a phone number",
    "wanted.dispense": "a dispenseRequest",
    "wanted.days_supply": "the days' supply: here, or boundsDuration in each Dosage",
    "wanted.as_bounds": "{days} d, as boundsDuration says",
    # amounts and lengths of time
    "wanted.quantity": "a quantity with value and unit",
    "wanted.positive": "a positive amount",
    "wanted.unit": "a unit, such as T",
    "wanted.fraction": "a fraction such as 1/3",
    "wanted.same_fraction": "a fraction that says the same as {what}",
    "wanted.duration": "a Duration in days: value, and code d (or wk)",
    "wanted.days_only": "no such element: days only",
    "wanted.whole_days": "a whole number of days, at least 1",
    "wanted.in_days": "d (or wk)",
    "wanted.ratio": "a Ratio: amount a day",
    "wanted.dose_unit": "{what}, the unit of the dose",
    "wanted.whole_doses": "a whole number of doses of {what}",
    # one Dosage
    "wanted.dosage": "a Dosage",
    "wanted.no_limit": "no limit that a bag line cannot carry",
    "wanted.one_reason": "asNeededBoolean or asNeededCodeableConcept, not both",
    "wanted.one_dose": "one doseAndRate with a doseQuantity",
    "wanted.dose_quantity": "doseQuantity: a positive amount and its unit",
    "wanted.timing": f"a timing: {_REPEAT}",
    "wanted.repeat": _REPEAT,
    "wanted.not_a_code": f"{_REPEAT}: such a code means the institution's own times",
    "wanted.as_frequency": "{count} doses a day, as frequency says",
    # its times
    "wanted.meal_or_hours": f"none: {_HOURS}",
    "wanted.every_day": f"{_HOURS}, on every day",
    "wanted.whole_hours": f"{_HOURS} (whole hours, 1 to 24)",
    "wanted.period_unit": "min, h, d or wk",
    "wanted.period_of": "a number of {what}",
    "wanted.period_beside": "a period beside it",
    "wanted.no_times": "none: as needed has no times of its own",
    "wanted.limits": (
        "frequency 1 and a period in h (its least interval), or so often in 1 d (its most)"
    ),
    "wanted.clock": "a time HH:MM:00",
    "wanted.when_in_days": "d or wk beside `when`",
    "wanted.weekdays_daily": "period 1 d beside weekdays",
    "wanted.once_each": "{count}: once at each of `when`",
    "wanted.meal": "a meal's code: {what}",
    "wanted.one_relation": "each meal once, all in one relation to it: else another bag line",
    "wanted.minutes": "whole minutes",
    "wanted.no_offset": "no offset to a time of day",
    "wanted.weekday_once": "each weekday once",
    # several Dosages
    "wanted.some_dosage": "at least one Dosage",
    "wanted.sequence": "a number, as the other Dosages have",
    "wanted.one_line": "one Dosage, or several at meals: this is more than one bag line",
    "wanted.meal_once": "each meal once",
    "wanted.same_dose": (
        "the same days, dose and bounds as the Dosage before: else another bag line"
    ),
    "wanted.same_relation": (
        "the same relation to the meal and the same offset as the Dosage before: "
        "else another bag line"
    ),
    "wanted.amount_only": (
        "the same times and unit as sequence before: a taper changes the amount only"
    ),
    "wanted.step_days": "each step's days",
    "wanted.one_as_needed": "one Dosage as needed",
    **{f"wanted.{rule.key}": f"{rule.key}: {rule.human}" for rule in TIMING},
    # what cannot be said
    "unsaid.supply": "days' supply of {what}",
    "unsaid.amount": "an amount that is none",
    "unsaid.unit": "an amount without a unit",
    "unsaid.step": "a taper's step of no day",
    "unsaid.steps": "a taper that is not as long as the supply",
    "unsaid.steps_as_needed": "a taper of doses as needed",
    "unsaid.every": "every {what} days",
    "unsaid.weekday": "a weekday that is none",
    "unsaid.weekdays_and_every": "weekdays and every so many days at once",
    "unsaid.days_without_meals": "days of what is not at meals",
    "unsaid.no_labels": "no time of day",
    "unsaid.labels": "times of day twice or unknown: {what}",
    "unsaid.offset": "an offset of {what} min",
    "unsaid.offset_to": "an offset of {what} min where the meal relation has none",
    "unsaid.after_bedtime": "{what} min after bedtime",
    "unsaid.limits": "as needed, with a limit that is none",
    "unsaid.hours": "every {what} hours",
    "unsaid.first": "a first dose at “{what}”",
}
