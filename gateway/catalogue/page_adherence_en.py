"""The page's words about adherence in English: the period, figures, corrections, downloads.

Knows: what the page says around figures and charts. May not know: the figures' own words
(adherence_en.py), HTML. Keys are the same as in page_adherence_ko.py; page_en.py takes them in.
"""

from __future__ import annotations

WORDS: dict[str, str] = {
    "adherence.title": "Adherence of {person}",
    "adherence.period": "Period",
    "adherence.from": "First day",
    "adherence.to": "Last day",
    "adherence.show": "Show this period",
    "adherence.period.wrong": "The first day has to come before the last, at most {most} days. "
    "Below are the last four weeks.",
    "adherence.none": "No doses were planned in this period.",
    "adherence.charts": "Calendar and times of doses",
    "adherence.no_time": "at an unknown time",
    "adherence.as_needed": "As needed: opened {n} times",
    "adherence.as_needed.hint": "Medicines as needed are in no figure.",
    "adherence.unsayable": "FHIR cannot say one of the prescriptions: {what}",
    "figures.title": "Figures",
    "figures.hint": "Beside each figure stand its formula, its window, the days watched and how "
    "many "
    "doses are not confirmed. What is not confirmed is in no denominator.",
    "figures.raw": "Raw record",
    "figures.cleaned": "Corrected ({n})",
    "figures.window": "Window",
    "figures.formula": "Formula",
    "figures.drug": "Per medicine",
    "figures.label": "Per time of day",
    "figures.week": "Per week",
    "figures.week.of": "{monday} – {sunday}",
    "figures.overlap": "Prescriptions of one medicine overlap; left out: {day} – {until}. Somebody "
    "has to decide which holds.",
    "downloads.title": "Downloads",
    "downloads.hint": "A file's name has only the dates. Whose it is stands inside.",
    "downloads.pdf.ko": "One-page report (PDF, Korean)",
    "downloads.pdf.en": "One-page report (PDF, English)",
    "downloads.csv": "Tables and dictionary (CSV package)",
    "downloads.fhir": "FHIR bundle (JSON)",
    "correct.title": "Correct a dose",
    "correct.hint": "Where you know better than the box. The original record is never deleted.",
    "correct.day": "Day",
    "correct.label": "Time of day",
    "correct.taken": "Doses taken",
    "correct.taken.hint": "0 is not taken, 1 taken, 2 taken twice.",
    "correct.why": "How you know",
    "correct.do": "Correct it",
    "correct.said": "Corrections",
    "correct.says": "{day}, {label}: taken {n} times",
    "correct.who": "{at}, {by}: {why}",
    "correct.who.box": "{at}, said at the box by its button",
    "away.title": "Days nobody could watch",
    "away.hint": "In hospital or travelling, without the box. They are in no figure.",
    "away.from": "First day",
    "away.to": "Last day",
    "away.why": "Why",
    "away.hospital": "Hospital",
    "away.travel": "Travel",
    "away.other": "Other",
    "away.do": "Write it down",
    "away.said": "Periods written down",
    "away.says": "{day} – {until}: {why}",
    "away.withdraw": "Written by mistake",
    "away.withdraw.do": "Take this period back",
}
