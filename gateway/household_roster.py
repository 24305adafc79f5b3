"""What facts about the roster change in the beliefs: who counts, since when she is watched.

Knows: the layers of the roster. May not know: the time, where a change came from.
"""

from __future__ import annotations

from gateway.beliefs import Household
from gateway.events import RosterChanged, RosterSet
from gateway.roster import from_json
from gateway.roster_changes import PERSONS


def roster_set(household: Household, event: RosterSet) -> None:
    """The configuration file says this now; what the page said stays on top."""
    roster = household.roster = household.layers.set_base(from_json(event.roster))
    watched = (person.id for person in roster.persons if person.level is not None)
    household.watched = {of: household.watched.get(of, event.at_ms) for of in watched}


def roster_changed(household: Household, event: RosterChanged) -> None:
    """The page says this of one row now."""
    household.roster = household.layers.change(event)
    if event.table != PERSONS:
        return
    if event.row is None or event.row.get("level") is None:
        household.watched.pop(event.key, None)
    else:
        household.watched.setdefault(event.key, event.at_ms)
