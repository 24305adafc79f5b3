"""The page's words about the plan in English: what a confirmation changes, refilling, the stock.

Knows: what the page says. May not know: when it says it, HTML, how a plan is made.
Keys are the same as in page_plan_ko.py; page_en.py takes them in.
"""

from __future__ import annotations

WORDS: dict[str, str] = {
    # what cannot be entered (the codes of gateway.entering)
    "entry.not.person": "Nobody of that name lives here: {person}",
    "entry.not.by": "Write your name, with at most {most} characters.",
    "entry.not.source": "It cannot be entered in that way. Open the page again, then try once "
    "more.",
    "entry.not.medications": "One to {most} medicines can be entered at once.",
    "entry.not.medication": "Medicine {place}, {name}: the value of ‘{field}’ cannot be.",
    # the fields of a medication in it
    "sound.name": "name",
    "sound.date": "dispensing date",
    "sound.days_supply": "days’ supply",
    "sound.amount": "amount a dose",
    "sound.unit": "unit",
    "sound.strength": "strength",
    "sound.dosing": "when to take",
    "sound.days": "days it is taken",
    "sound.taper": "taper",
    "sound.storage": "storage",
    "sound.pharmacy_phone": "pharmacy phone",
    "sound.drug_class": "drug class",
    "entry.not.medication_unknown": "No such medicine was entered. Open the page again.",
    "entry.not.over_already": "{medication} is over by that day already. Give an earlier day.",
    "entry.not.meal_clock": "The time of ‘{meal}’ cannot be read. Write it like 07:30.",
    "entry.not.meal_order": "‘{following}’ has to be later than ‘{meal}’. Correct the times.",
    "entry.not.nothing": "There is nothing to confirm: the plan is what was entered.",
    "entry.not.changed": "Something changed while you were looking. Go back, look again, then "
    "confirm.",
    "entry.not.blocked": "Something has to be decided first, so this cannot be confirmed. Go back "
    "to see what.",
    "entry.not.slot": "Nothing is planned on that day at that time. Choose them again.",
    "entry.not.ahead": "That time is still to come. Only what is past can be corrected.",
    "entry.not.taken": "Write how many doses were taken as a number from 0 to {most}.",
    "entry.not.away": "Choose one of the reasons: hospital, travel, or other.",
    "entry.not.no_period": "No period is written down from {day} on. Open the page again.",
    "entry.not.period": "A period may have up to {most} days. Please split it.",
    "entry.not.why": "Write why, with at most {most} characters.",
    "entry.not.day": "The date cannot be read. Write it like 2026-03-02.",
    # what the box runs
    "boxed.title": "The schedule on the box now",
    "boxed.no_box": "There is no box.",
    "boxed.none": "There is no schedule for the box yet.",
    "boxed.same": "Schedule no. {n} is on the box.",
    "boxed.sent": "Schedule no. {n} is on its way. The box has not read it back yet.",
    "boxed.stale": "Schedule no. {n} has not reached the box for more than a day (made {ago}). "
    "Look after the link.",
    "boxed.runs": "The box read back no. {n} at {at}.",
    "boxed.never": "The box has not read back any schedule yet.",
    # what a confirmation changes
    "plan.title": "Confirm the plan of {person}",
    "plan.confirmed": "Confirmed {at} by {by}.",
    "plan.nothing": "Nothing would change",
    "plan.nothing.hint": "All that was entered is confirmed.",
    "plan.empty": "No prescription was entered",
    "plan.empty.hint": "The box works by the configuration file. What is entered is confirmed "
    "here.",
    "plan.changes": "This is what a confirmation changes",
    "plan.waiting": "Waiting to be confirmed: {n}.",
    "plan.holds_from": "The first dose that differs: {dose}. What has begun does not change.",
    "plan.dose": "{day}, {label} {clock}",
    "plan.replaces_file": "The configuration file's schedule is not used any more after that.",
    "plan.findings": "To look at",
    "plan.blocks": "To be decided first:",
    "plan.notes": "To be known:",
    "plan.same_slots": "The times and contents to come stay as they are.",
    "plan.confirm": "Confirm",
    "plan.confirm.hint": "It is sent to the box at once; what the box reads back is shown above.",
    "plan.confirm.do": "Send it to the box like this",
    "plan.blocked": "Something has to be decided first, so this cannot be confirmed. Correct the "
    "prescriptions, then look again.",
    "change.added": "New",
    "plan.move": (
        "Before you confirm, move the medicine as needed: {old} → {new}. "
        "Left there, its lid may light for another dose."
    ),
    "plan.take_out": (
        "Before you confirm, take the medicine as needed out of {old}. "
        "Left there, its lid may light for another dose."
    ),
    "change.removed": "Gone",
    "change.moved": "Another time or compartment",
    "change.contents": "Other contents",
    "change.windows": "Other window or spacing",
    "change.before": "Now",
    "change.after": "After it",
    "change.on": "On {day}",
    "change.until": "From {day} to {until}, {n} days",
    "change.goes_on": "From {day} on",
    "pouch.none": "Nothing",
    "pouch.file": "From the configuration file: the contents are not known.",
    "pouch.unknown": "an unknown medicine ({n})",
    "pouch.pill": "{name} {amount}",
    "pouch.window": "{opens} to {closes}",
    "pouch.late": "Late until {clock}",
    "pouch.spacing": "At least {span} after the dose before was opened",
    "pouch.lid": "{where}",
    "pouch.prn": "As needed, at least {span} apart, up to {n} a day",
    # refill
    "refill.title": "Refill the box of {person}",
    "refill.when": "The plan of the coming seven days, as of {day} {clock}.",
    "refill.pdf": "Print it large (PDF)",
    "refill.print": "This page can be printed as it is.",
    "refill.none": "There is nothing to fill in the coming seven days.",
    "refill.from_file": "From the configuration file: what is in a pouch is not known.",
    "refill.grid": "Which pouch into which compartment",
    "refill.fill": "Fill",
    "refill.left": "Leave it now",
    "refill.left.why": "It may be opened soon, so it is not touched.",
    "refill.as_needed": "As needed",
    "refill.empty": "Empty",
    "refill.guided": "Fill it with the box",
    "refill.guided.hint": "The box lights one compartment after the other. Open and close the lid "
    "for the next.",
    "refill.guided.do": "Begin at the box",
    "refill.confirm_first": "Prescriptions wait to be confirmed. Confirm them first, then fill.",
    "refill.words": "One after the other",
    "refill.step": "{where}: {day} {clock}",
    "stock.title": "What is left",
    "stock.none": "Nothing was counted yet. It is within a day after the plan is confirmed.",
    "stock.left": "Left",
    "stock.at_most": "{left}, at most {most}",
    "stock.days.n": "{n} days",
    "stock.days.unknown": "not known",
    "stock.runs_out": "Last day",
    "stock.fetch_by": "Fetch more by",
    "stock.low": "Running out",
    # the main page
    "people.links": "More about {person}",
    "notice.changes": "{person}: {n} changes of prescriptions wait for confirmation",
    "notice.stale": "{person}: the new schedule has not reached the box for more than a day.",
    "notice.stock": "{person}: a medicine is running out. Fetch more by {day}.",
}
