"""The report in English: the page for pharmacist and doctor, the refill sheet, the tables' words.

Knows: every word. May not know: numbers, layout. Keys are the same as in report_ko.py.
"""

from __future__ import annotations

WORDS: dict[str, str] = {
    "title": "Medicine report",
    "title.whole": "Medicine report: {name}, {period}",
    "name": "{name}",
    "made": "made {at} · Anbu",
    "not_an_ingestion": (
        "An opening is not an ingestion. “Taken” in this report is inferred from a compartment "
        "that was opened, or from what a person said; whether it was swallowed is not known. Anbu "
        "is not a medical device."
    ),
    # prescriptions
    "drugs": "Prescriptions, and how each was taken",
    "drug": "Medicine",
    "dosing": "Dose · when",
    "supply": "Dispensed · days",
    "supply.dated": "{day} · {days} d",
    "supply.more": "{count} more",
    "supply.undated": "date unknown · {days} d",
    "drugs.none": "No prescription is registered.",
    "drugs.more": (
        "{count} more: no room on this one page. All of them are in the CSV and FHIR files."
    ),
    "drug.unlisted": "no prescription on record: {drug}",
    # figures
    "figures": "All doses",
    "figure": "Figure and how it is reckoned",
    "raw": "raw",
    "cleaned": "corrected",
    "value": "value",
    "counts": "counts",
    "interval": "95 % CI",
    "days": "days",
    "unknown": "not conf.",
    "window": "window, min",
    "window.one": "−{early}/+{late}",
    "window.more": "{count} more",
    "figures.key": (
        "Raw: only what the box saw. Corrected: with what persons corrected. Doses not confirmed "
        "(not conf., raw → corrected) and days away are in no denominator. "
        "Days: days watched. Window: from so "
        "many minutes before to so many after the due time. 95 % CI: Wilson, z = 1.96; the doses "
        "of one person are not independent, so the true interval is somewhat wider."
    ),
    # groups
    "groups": "Slot, week",
    "week": "{first}–{last}",
    "short.taking": "taken, %",
    "short.timing_window": "in time, %",
    "short.unknown": "not conf.",
    "short.raw": "raw",
    "short.cleaned": "corr.",
    "short.pdc": "PDC",
    "short.mpr": "MPR",
    "overlap": "overlap",
    "label.as_needed": "as needed",
    "bars": "Week by week (corrected)",
    "bars.several": "By {count} weeks (corrected)",
    "bars.told": "{day}: taken {taken}, not taken {missed}, not confirmed {unknown}, away {away}",
    "bar.taken": "taken",
    "bar.missed": "not taken",
    "bar.unknown": "not confirmed",
    "bar.away": "away",
    "charts.recent": (
        "The period is long: the charts show its last {days} days only. All of it is in the "
        "weekly bars and the figures above."
    ),
    "charts.no_chronology": "No room for the chart of times; all times are in the CSV file.",
    "charts.none": "No room for the charts; every single day is in the CSV file.",
    # notes
    "corrections": "Corrected by persons",
    "correction": "{day} {label}: {taken} — {who}, {why}",
    "taken.0": "not taken",
    "taken.1": "taken",
    "taken.n": "{count} doses taken",
    "who.box": "said at the box",
    "why.by_word": "by its button",
    "corrections.none": "none",
    "corrections.more": "{count} more are in the CSV file.",
    "away": "Days nobody could see",
    "away.one": "{period}: {why}",
    "away.none": "none",
    "away.more": "{count} more",
    "away.hospital": "hospital",
    "away.travel": "travel",
    "away.other": "another reason",
    "as_needed": "Opened as needed",
    "as_needed.no_time": "time not known",
    "as_needed.more": "{count} more are in the CSV file.",
    # refill sheet
    "refill.title": "Filling the box",
    "refill.how": (
        "One pouch for one compartment. "
        "Tick each one that is filled. What is to be taken the prescription says: "
        "if a pouch is different, ask the pharmacy."
    ),
    "refill.fill": "To be filled now",
    "refill.as_needed": "For medicine taken as needed",
    "refill.left": "Not to be touched now",
    "refill.empty": "To be left empty",
    "refill.nothing": "Nothing is to be filled now.",
    "refill.by_label": "as written on the pouch",
    "refill.lid": "Lid",
    "refill.day": "Day, time",
    "refill.pouch": "In the pouch",
    "refill.done": "✓",
    # tables
    "dictionary.title": "What the tables of doses mean",
    "dictionary.intro": (
        "The files are UTF-8 with a byte order mark, separated by commas. The first line names "
        "the columns; an empty cell is “none, or not known”. Times are ISO 8601 with their "
        "offset. A cell that a spreadsheet would take for a formula has an apostrophe (') before "
        "it. No person's name is in them."
    ),
    "doses": "One row a dose slot: what became of a prescribed compartment.",
    "openings": "One row for each opening of a lid.",
    "type": "type {type}",
    "required": "always there",
    "one_of": "one of: {values}",
    "column.person": "The person's id, not the name.",
    "column.day": "The day the dose belongs to, where the person lives.",
    "column.index": "Its place in that day's plan, from 0.",
    "column.label": "morning, noon, evening, bedtime, or as_needed.",
    "column.as_needed": "true for medicine taken as needed; it is in no figure.",
    "column.due": "When it was due.",
    "column.opens": "When its window began.",
    "column.closes": "When its window ended.",
    "column.state": (
        "What the box's records say: taken (opened), missed (not opened), skipped, doubtful, "
        "unknown (not confirmed), paused (away); waiting, open, due and late are not over yet."
    ),
    "column.how": "How it was taken: early, on_time, late, by_word (somebody said so).",
    "column.reason": "Why that is believed (Anbu's own code).",
    "column.opened": "When it was opened; empty where the time cannot be trusted.",
    "column.time_quality": (
        "How far the time of opening is trusted: synced (the box's clock was the gateway's), "
        "drifting (not set for long), reckoned (counted afterwards), unknown."
    ),
    "column.drugs": "What was in it (id, name, strength), separated by “ | ”.",
    "column.monitored": (
        "true where somebody could see on that day; false in hospital, on travel and the like."
    ),
    "column.corrected_taken": (
        "How many doses a person says were taken: 0 none, 1, 2 …; empty where nobody corrected it."
    ),
    "column.corrected_by": "Who corrected it.",
    "column.corrected_why": "Why they know.",
    "column.corrected_at": "When it was corrected.",
    "column.schedule_version": "The version of the schedule the slot stood in.",
    "column.record": "The box's record: device/epoch/sequence.",
    "column.compartment": "The compartment, from 0.",
    "column.meaning": "What the box took it for: as_due, wrong, refill … (Anbu's own code).",
    "column.at": "When; empty where the box did not know the time.",
    "column.slot_day": "The day of the dose it belongs to; empty where it belongs to none.",
    "column.slot_index": "That dose's place in its day's plan.",
}
