"""Prescriptions in English: what a line says, what was expected, what a plan found.

Knows: every word. May not know: numbers, when it is said. Keys are the same as in words_ko.py.
The words of `text.` are read again by the shorthand: a change there must be in its table too.
"""

from __future__ import annotations

WORDS: dict[str, str] = {
    # a medication as a line
    "text.unit.T": "T",
    "text.unit.C": "C",
    "text.unit.mL": "mL",
    "text.unit.포": "sachet",
    "text.unit.drop": "drop",
    "text.unit.puff": "puff",
    "text.unit.patch": "patch",
    "text.amount": "{amount} {unit}",
    "text.times.1": "once a day",
    "text.times.2": "twice a day",
    "text.times.3": "3 times a day",
    "text.times.4": "4 times a day",
    "text.label.morning": "morning",
    "text.label.noon": "noon",
    "text.label.evening": "evening",
    "text.label.bedtime": "bedtime",
    "text.relation.right_after": "right after meals",
    "text.relation.after": "{minutes} min after meals",
    "text.relation.before": "{minutes} min before meals",
    "text.relation.before.0": "right before meals",
    "text.relation.with": "with meals",
    "text.hours": "every {hours} hours",
    "text.first": "from {first}",
    "text.prn": "as needed",
    "text.most": "max {count}/day",
    "text.least.h": "at least {count} h apart",
    "text.least.min": "at least {count} min apart",
    "text.every.2": "every other day",
    "text.every": "every {count} days",
    "text.weekdays": "every {days}",
    **{
        f"text.weekday.{n}": name
        for n, name in enumerate(("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"))
    },
    "text.days": "for {count} days",
    "text.step": "{amount} {count} days",
    "text.storage.refrigerated": "keep refrigerated",
    "text.storage.room temperature": "room temperature",
    "text.storage.protect from light": "protect from light",
    # what is wrong
    "or": " / ",
    "wrong.unknown": "character {place}, “{found}”: not understood. Expected: {expected}",
    "wrong.missing": "character {place}, “{found}”: something is missing: {expected}",
    "wrong.twice": "character {place}, “{found}”: said again: {expected}",
    "wrong.contradiction": "character {place}, “{found}”: does not go with the rest: {expected}",
    "wrong.limit": "character {place}, “{found}”: cannot be: {expected}",
    # what was expected
    "expected.amount": "the amount of a dose (1T, 0.5T, 2C, 5mL)",
    "expected.dosing": "when it is taken (tid, morning pc, hs, q8h, prn)",
    "expected.label": "which time (morning, noon, evening, bedtime)",
    "expected.days": "the days' supply (30d)",
    "expected.weekday": "which weekday (Mon, Mon Wed Fri)",
    "expected.quotes": "a name of several words in quotes, or its strength right behind it",
    "expected.nothing_more": "nothing more",
    "expected.once": "only once",
    "expected.only_prn": "a daily maximum and a least interval go with prn only",
    "expected.prn_alone": "prn with a daily maximum and a least interval only",
    "expected.hours_alone": "every n hours without meals or days",
    "expected.first_with_hours": "a first time of day goes with every n hours only",
    "expected.times_as_hours": "as many times as the interval gives",
    "expected.times_as_labels": "as many times as are named",
    "expected.times_as_weekdays": "as many times as weekdays are named",
    "expected.every_or_weekdays": "every n days or weekdays, one of the two",
    "expected.no_meal_at_bedtime": "bedtime without a meal",
    "expected.one_relation": "one meal relation a line (else two lines)",
    "expected.one_unit": "the same unit",
    "expected.sum_of_steps": "the sum of the steps' days",
    "expected.times": "once to four times a day",
    "expected.hours": "one of 1, 2, 3, 4, 6, 8, 12, 24 hours",
    "expected.clock": "a time from 00:00 to 23:59",
    "expected.least": "1 minute to 72 hours",
    "expected.most": "1 to 24 times",
    "expected.every": "1 to 28 days",
    "expected.offset": "1 to 240 minutes",
    "expected.days_range": "1 to 365 days",
    "expected.amount_range": "more than nothing, and no more than can be taken at once",
    "expected.date": "a date of the calendar (2026-03-02)",
    "expected.short_line": "400 characters at most",
    # a table of bags
    "expected.column": "a column of this table",
    "expected.column_once": "each column once",
    "expected.column_needed": "the column {found}",
    "expected.name": "the drug's name",
    "expected.as_many_cells": "as many cells as the heading has",
    "expected.quoting": "a cell whose quotes are closed",
    "expected.phone": "a phone number (02-123-4567)",
    "expected.rows": "at least one row",
    # what a plan found
    "finding.not_dispensed": (
        "{names}: without a dispensing date it is not known when it begins. Not planned"
    ),
    "finding.same_drug_twice": (
        "{names}: the same drug with another dosing for {days} days "
        "from {day}. Only the first is planned"
    ),
    "finding.no_compartment": (
        "{names}: for {days} days from {day} all four compartments of the day are full"
    ),
    "finding.no_prn_compartment": (
        "{names}: no compartment is free for a medicine as needed, not planned"
    ),
    "finding.other_strength": (
        "{names}: one name in two strengths for {days} days from {day}. Is that meant?"
    ),
    "finding.early_refill": (
        "{names}: dispensed {days} days early. Taken when the supply before it has ended"
    ),
    "finding.gap": "{names}: no supply for {days} days from {day}",
    "finding.supply_ends": "{names}: {day} is its last day",
    "finding.windows_disagree": (
        "{names}: the same time of day, but windows that do not "
        "agree. In pouches of their own for {days} days from {day}"
    ),
    "finding.several_spacings": (
        "{names}: several drugs hold one slot back. The box keeps "
        "the longest ({days} days from {day})"
    ),
    "finding.beyond_box": ("{names}: without the gateway the box itself reminds only up to {day}"),
    "finding.unknown_class": "{names}: unknown drug class, treated as the default",
}
