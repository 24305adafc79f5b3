"""What the next confirmation would change: a person sees it, and confirms exactly that.

Knows: what was entered and not confirmed, which medications a snapshot needs, what a digest covers.
May not know: how it is shown, who confirms; the time is an argument.

What has begun never changes: the first dose that does is `holds_from`.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, replace
from datetime import date, timedelta

from gateway.events import PlannedSlot
from gateway.household import Household
from gateway.prescription import stored
from gateway.prescription.book import Confirmed, PersonBook
from gateway.prescription.changes import Change, as_needed_changes, slot_changes
from gateway.prescription.confirmed import Plan
from gateway.prescription.current import coming, plan_of, told
from gateway.prescription.medication import AtMeals, Medication
from gateway.prescription.supplies import Finding
from gateway.roster import AS_NEEDED, MEAL_DEFAULTS, Roster
from gateway.zones import local

LOOK_AHEAD_DAYS = 120  # further off nobody reads a change; what repeats goes on
KEPT_DAYS = 60  # so long a medication that ended stays in the snapshot


@dataclass(frozen=True, slots=True)
class Proposal:
    """What the box would run, what of it is new, and the digest that confirms it.

    `findings` name medications by their place in `medications`. `replaces_file`: what the
    configuration file says of her medicines ends with it.
    """

    medications: dict[str, Medication]
    meal_clock: dict[str, str]
    plan: Plan
    changes: tuple[Change, ...]
    holds_from: PlannedSlot | None  # the first dose that differs; None: none does
    findings: tuple[Finding, ...]
    blocked: bool
    digest: str
    waiting: int  # what was entered and is not confirmed
    replaces_file: bool


def propose(household: Household, person_id: str, now_ms: int) -> Proposal:
    """What a confirmation at `now_ms` would do. Raises KeyError for a person there is not."""
    roster, book = _roster_of(household, person_id), _book(household, person_id)
    today = local(now_ms, roster.zone).date()
    medications, clock = snapshot(book, today), meal_clock(roster, person_id, book)
    wish = Confirmed(medications, clock, now_ms, "", "")
    plan = plan_of(roster, person_id, wish, now_ms)
    changes = _changes(household, roster, person_id, wish, now_ms)
    doses = (c.after or c.before for c in changes if c.label != AS_NEEDED)
    concerned = [slot for slot in doses if slot is not None]
    holds_from = min(concerned, key=lambda s: (s.due_ms, s.slot.index), default=None)
    return Proposal(
        medications=medications,
        meal_clock=clock,
        plan=plan,
        changes=changes,
        holds_from=holds_from,
        findings=plan.findings,
        blocked=any(finding.blocks for finding in plan.findings),
        digest=_digest(medications, clock, roster, changes, plan.findings),
        waiting=waiting(household, person_id, now_ms),
        replaces_file=book.confirmed is None and _in_file(roster, person_id),
    )


def _in_file(roster: Roster, person_id: str) -> bool:
    return bool(roster.regimens_of(person_id) or roster.as_needed_of(person_id))


def waiting(household: Household, person_id: str, now_ms: int) -> int:
    """How many medications differ from what was confirmed, one more for the meal clock.

    Plans nothing: cheap enough for every look. Raises KeyError for a person there is not.
    """
    roster, book = _roster_of(household, person_id), _book(household, person_id)
    confirmed = book.confirmed
    if not book.entered:
        return 0
    clock = meal_clock(roster, person_id, book)
    if confirmed is None:
        return len(book.effective()) + (book.meal_clock is not None)
    effective, old = book.effective(), confirmed.medications
    long_ago = local(now_ms, roster.zone).date() - timedelta(days=KEPT_DAYS)
    changed = sum(
        effective.get(key) != old.get(key)
        for key in book.entered
        if key in old
        or (key in effective and _last(effective[key], book.entered[key].begins) >= long_ago)
    )
    return changed + (clock != confirmed.meal_clock)


def meal_clock(roster: Roster, person_id: str, book: PersonBook) -> dict[str, str]:
    """When she eats: as was said by the page, else as the configuration file has it."""
    person = roster.person(person_id)
    return {**MEAL_DEFAULTS, **(book.meal_clock or (person.meal_clock if person else {}))}


def snapshot(book: PersonBook, today: date) -> dict[str, Medication]:
    """What is to be taken, without what ended so long ago that nothing is reckoned from it."""
    ended = {key for chain in book.chains.values() for key in _ended(book, chain, today)}
    return {key: m for key, m in book.effective().items() if key not in ended}


def _ended(book: PersonBook, chain: list[str], today: date) -> list[str]:
    """The supplies of one drug from which no later one takes its first day or its rhythm."""
    taken = [(key, m) for key in chain if (m := book.entered[key].effective)]
    long_ago = today - timedelta(days=KEPT_DAYS)
    for n, (key, medication) in reversed(list(enumerate(taken))):
        last = _last(medication, book.entered[key].begins)
        later = taken[n + 1] if n + 1 < len(taken) else None
        if last < long_ago and (later is None or _by_itself(book, *later, last)):
            return [key for key, _ in taken[: n + 1]]
    return []


def _by_itself(book: PersonBook, key: str, medication: Medication, last: date) -> bool:
    """Whether it would be the same without the supply before it, which ended on `last`."""
    begins = book.entered[key].begins
    daily = isinstance(medication.dosing, AtMeals) and medication.days.every == 1
    carried_on = begins is None or begins != medication.dispensed_on
    return not carried_on and (daily or last + timedelta(days=1) != begins)


def _last(medication: Medication, begins: date | None) -> date:
    """Its last day; what was not dispensed has not ended."""
    first = begins or medication.dispensed_on
    return first + timedelta(days=medication.days_supply - 1) if first else date.max


def _changes(
    household: Household, roster: Roster, person_id: str, wish: Confirmed, now_ms: int
) -> tuple[Change, ...]:
    """What would differ on the box: of slots those that have not begun."""
    book = _book(household, person_id)
    with_it = replace(book, confirmations=[*book.confirmations, wish])
    after = replace(household, books={**household.books, person_id: with_it})
    days = LOOK_AHEAD_DAYS + 1  # a plan begins yesterday
    slots = [
        [s for s in coming(h, person_id, now_ms, days) if _to_come(household, s, now_ms)]
        for h in (household, after)
    ]
    rules = [told(h, roster, person_id, now_ms, 1)[1] for h in (household, after)]
    last = local(now_ms, roster.zone).date() + timedelta(days=LOOK_AHEAD_DAYS - 1)
    prn = as_needed_changes(rules[0], rules[1], roster.zone)
    return (*slot_changes(slots[0], slots[1], last, roster.zone), *prn)


def _to_come(household: Household, wanted: PlannedSlot, now_ms: int) -> bool:
    """Whether a new schedule would still take it up: as gateway.prescription.schedule has it."""
    belief = household.slots.get(wanted.slot)
    if belief is None or (belief.planned is None and not belief.evidence):
        return wanted.due_ms > now_ms
    begun = belief.planned is not None and belief.planned.opens_ms <= now_ms
    return wanted.opens_ms > now_ms and not begun


def _digest(
    medications: dict[str, Medication],
    clock: dict[str, str],
    roster: Roster,
    changes: tuple[Change, ...],
    findings: tuple[Finding, ...],
) -> str:
    """SHA-256 over all that is seen and confirmed: whoever saw anything else confirms nothing."""
    seen = {
        "medications": {key: stored.to_json(m) for key, m in medications.items()},
        "meal_clock": clock,
        "drug_classes": roster.drug_classes,
        "changes": [asdict(change) for change in changes],
        "findings": [asdict(finding) for finding in findings],
    }
    text = json.dumps(seen, ensure_ascii=False, sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()


def _book(household: Household, person_id: str) -> PersonBook:
    return household.books.get(person_id, PersonBook())


def _roster_of(household: Household, person_id: str) -> Roster:
    roster = household.roster
    if roster is None or roster.person(person_id) is None:
        raise KeyError(person_id)
    return roster
