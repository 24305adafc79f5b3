"""A day of which some doses have begun, when a new plan puts its pouches in other places.

Knows: which dose of its drug a pouch of that day is, which slots of the day have begun.
May not know: how a plan comes about, what became of a slot, schedules; the time is an argument.

A drug's n-th dose of a day is the same dose, wherever in the day's row its pouch lies and whichever
of its supplies it is from, as long as the dosing is the same. One that has begun is not asked for
again in another place. One that has not keeps its place where the one it would move to has begun
with something else in it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from gateway.events import Content, PlannedSlot, SlotId
from gateway.household import Household
from gateway.prescription.book import PersonBook
from gateway.prescription.compartments import SLOTS_A_DAY

Doses = dict[tuple[object, ...], list[SlotId]]  # of a day, by drug; the earliest first


def with_what_began(
    household: Household, wanted: Iterable[PlannedSlot], now_ms: int
) -> tuple[PlannedSlot, ...]:
    """The slots of a plan, as they can be told to a box on whose days some have begun."""
    by_day: dict[tuple[str, str], list[PlannedSlot]] = {}
    for slot in wanted:
        by_day.setdefault((slot.slot.person_id, slot.slot.day), []).append(slot)
    found = [s for (who, _day), day in by_day.items() for s in _day_of(household, who, day, now_ms)]
    return tuple(sorted(found, key=lambda s: (s.due_ms, s.slot.index)))


def _day_of(
    household: Household, person_id: str, wanted: list[PlannedSlot], now_ms: int
) -> list[PlannedSlot]:
    old = _made(household, wanted[0].slot)
    begun = {s.slot for s in old if s.opens_ms <= now_ms}
    if not begun:
        return wanted
    book = household.books.get(person_id, PersonBook())
    were, are = _doses(book, old), _doses(book, wanted)

    def left(slot: PlannedSlot, here: Doses, there: Doses) -> tuple[Content, ...]:
        """What of a pouch has not begun in another place."""
        drugs = [(c, book.regimen_of(c.medication_id)) for c in slot.contents]
        places = [(c, _same_dose(slot.slot, here[d], there.get(d, []))) for c, d in drugs]
        return tuple(c for c, place in places if place == slot.slot or place not in begun)

    found = []
    for slot in wanted:
        contents = left(slot, are, were)
        if slot.slot in begun or contents == slot.contents:
            found.append(slot)
        elif contents:
            found.append(replace(slot, contents=contents))
    told = {s.slot for s in wanted}
    # By the supply that it is from now: the one before may be known no more.
    now_from = {
        book.regimen_of(c.medication_id): c.medication_id for s in wanted for c in s.contents
    }
    for slot in old:
        stays = left(slot, were, are)
        moved = [c for c in slot.contents if c not in stays]
        kept = tuple(
            replace(c, medication_id=now_from[book.regimen_of(c.medication_id)]) for c in moved
        )
        if kept and slot.slot not in begun | told:
            found.append(replace(slot, contents=kept))
    return found


def _made(household: Household, any_of_day: SlotId) -> list[PlannedSlot]:
    """The slots that a day has by now, as they were planned, by due time."""
    day = (replace(any_of_day, index=n) for n in range(SLOTS_A_DAY))
    beliefs = (household.slots.get(slot) for slot in day)
    made = [belief.made for belief in beliefs if belief is not None and belief.made is not None]
    return sorted(made, key=lambda s: (s.due_ms, s.slot.index))


def _doses(book: PersonBook, slots: Sequence[PlannedSlot]) -> Doses:
    """In which slots each drug is; `slots` by due time."""
    found: Doses = {}
    for slot in slots:
        for content in slot.contents:
            found.setdefault(book.regimen_of(content.medication_id), []).append(slot.slot)
    return found


def _same_dose(slot: SlotId, here: list[SlotId], there: list[SlotId]) -> SlotId | None:
    """Where the same dose of a drug lies in the other plan; None: nowhere."""
    place = here.index(slot)
    return there[place] if place < len(there) else None
