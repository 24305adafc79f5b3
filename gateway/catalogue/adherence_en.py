"""Adherence in English: names of figures, signs of charts, what EMERGE asks to be said.

Knows: every word. May not know: numbers, drawing. Keys are the same as in adherence_ko.py.
"""

from __future__ import annotations

_WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")

WORDS: dict[str, str] = {
    # dates and clocks
    "date": "{day} {name}",
    "date.short": "{day} {name}",
    "month": "{name}",
    "period": "{from_day} – {to_day}",
    "year": "{year}",
    **{f"weekday.{n}": name for n, name in enumerate(_WEEKDAYS)},
    # slots
    "label.morning": "morning",
    "label.noon": "noon",
    "label.evening": "evening",
    "label.bedtime": "bedtime",
    # figures: name, and what it says in plain words
    "metric.taking": "Doses taken",
    "metric.correct_dosing": "Days with the right number of doses",
    "metric.timing_window": "Doses taken in time",
    "metric.timing_interval": "Doses at the right interval",
    "metric.any_dose": "Days with any dose",
    "metric.drug_holidays": "Times without any for three days or more",
    "metric.persistence": "From the first dose to the last",
    "metric.pdc": "Proportion of days covered (PDC)",
    "metric.mpr": "Medication possession ratio (MPR, CMA1)",
    # how each is reckoned, in words and, where there are any, in the symbols of "symbols.key"
    "formula.taking": "doses taken ÷ doses prescribed",
    "formula.correct_dosing": "days with as many doses as prescribed ÷ days that can be judged",
    "formula.timing_window": "doses opened within their window ÷ doses prescribed",
    "formula.timing_interval": "intervals within ±25 % of the prescribed one ÷ all intervals",
    "formula.any_dose": "days with at least one dose ÷ days that can be judged",
    "formula.drug_holidays": "runs of three or more days without any dose "
    "(their days / days that can be judged)",
    "formula.persistence": "last day of taking − first day + 1 (/ days of the period)",
    "formula.pdc": "days with medicine at home (each once) ÷ days of the period",
    "formula.mpr": "days’ supply without the last fill ÷ days from first to last fill",
    "symbols.taking": "100·Σn_d / Σp_d",
    "symbols.correct_dosing": "100·|{{d : n_d = p_d}}| / |D|",
    "symbols.timing_window": "100·|{{doses : s−a ≤ t ≤ s+b}}| / Σp_d",
    "symbols.timing_interval": "100·|{{k : |Δ_k − τ| ≤ 0.25·τ}}| / (K − 1)",
    "symbols.any_dose": "100·|{{d : n_d ≥ 1}}| / |D|",
    "symbols.key": "D: days watched that can be judged. p_d, n_d: doses prescribed and taken on "
    "day d. s: due time. t: time of opening. a, b: the window before and after. k: two openings "
    "in a row. Δ_k: the interval between them. τ: prescribed interval. K: openings.",
    "value.percent": "{value} %",
    "value.ratio": "{value}",
    "value.days": "{value} days",
    "value.runs": "{value}",
    "value.none": "cannot be said",
    "counts": "{numerator} / {denominator}",
    "interval": "95 % confidence interval {low} – {high} (Wilson, z = 1.96)",
    "window.one": "{early} min before to {late} min after the due time",
    "window.and": " or ",
    "window.none": "none",
    "left_out": "{days} days watched; {unknown} doses not confirmed left out "
    "(doubtful: {doubtful})",
    # signs
    "sign.opened": "opened",
    "sign.outside": "at another time",
    "sign.word": "taken, by word",
    "sign.not_opened": "not opened",
    "sign.unknown": "not confirmed",
    "sign.away": "away",
    "sign.ahead": "not yet",
    "sign.window": "time to take it",
    # charts
    "calendar.title": "Medicine calendar",
    "calendar.order": "Order within a day",
    "chronology.title": "Times of taking",
    "clock": "{hour:02d}:00",
    "clock.next": "{hour:02d}:00 next day",
    "summary": "{sign} {count}",
    # EMERGE: phase, definition, operational definition, measurement, results
    "emerge.title": "What this chart says (EMERGE)",
    "emerge.phase": "Phase: implementation. Initiation and persistence are not in this chart.",
    "emerge.definition": "Definition: how far medicine was taken as prescribed (ABC taxonomy).",
    "emerge.operational": "Operational definition: one opened compartment is inferred to be one "
    "dose taken. Time to take it: {window}. Doses not confirmed and days away are in no "
    "denominator. Medicine taken as needed is left out.",
    "emerge.measurement": "Measurement: electronic record of lid openings. Swallowing is not seen.",
    "emerge.raw": "The record as it came, not corrected by anybody; doses in it that the box "
    "itself wrote down as taken by word: {by_word}.",
    "emerge.cleaned": "The record as corrected by persons (corrections: {count}, doses by word: "
    "{by_word}).",
    "emerge.results": "Results: {period}, {days} days watched, {numerator} of {denominator} "
    "prescribed doses taken, {unknown} not confirmed.",
}
