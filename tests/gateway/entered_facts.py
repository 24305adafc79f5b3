"""What people enter about Soonja, for the tests of what follows from it.

Knows: entries and facts about one prescription. May not know: pages, the database.
"""

from __future__ import annotations

from gateway.entering import Confirm, Entry, Prescribe, entered
from gateway.events import Event
from gateway.home import Home
from gateway.prescription.medication import Medication
from gateway.prescription.proposal import propose
from gateway.prescription.schedule import make_schedule
from tests.gateway.home_facts import BOX
from tests.gateway.prescription.any_medication import once_a_day

BY = "이지은"
EVENINGS = once_a_day()


def enter(home: Home, entry: Entry, now_ms: int) -> Event:
    """The fact of an entry, taken in with what follows from it."""
    facts = entered(home, entry, now_ms)
    for fact in facts:
        home.fold(fact)
    return facts[0]


def prescribed(*medications: Medication) -> Prescribe:
    """A bag of Soonja's, typed into the form."""
    return Prescribe("soonja", medications or (EVENINGS,), "form", BY)


def confirm_all(home: Home, now_ms: int) -> None:
    """Confirm what is proposed, and make the schedule as the gateway does."""
    enter(home, Confirm("soonja", propose(home.household, "soonja", now_ms).digest, BY), now_ms)
    made = make_schedule(home.household, BOX, now_ms)
    if made is not None:
        home.fold(made)
