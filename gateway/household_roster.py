"""What facts about the roster change in the beliefs: who counts, since when she is watched.

Knows: the layers of the roster; which doses stay with whom where a box goes to somebody else.
May not know: the time, where a change came from.
"""

from __future__ import annotations

from gateway.beliefs import Household
from gateway.events import DeviceRecord, RosterChanged, RosterSet, ScheduleMade
from gateway.roster import Device, Roster, from_json
from gateway.roster_changes import DEVICES, PERSONS
from gateway.units import DAY_MS

NEAR_MS = DAY_MS  # no window is longer, nor what comes after it


def roster_set(household: Household, event: RosterSet) -> None:
    """The configuration file says this now; what the page said stays on top."""
    before = household.roster
    roster = household.roster = household.layers.set_base(from_json(event.roster))
    watched = (person.id for person in roster.persons if person.level is not None)
    household.watched = {of: household.watched.get(of, event.at_ms) for of in watched}
    for device in before.devices if before else ():
        _went(household, before, device.id, event.at_ms)


def roster_changed(household: Household, event: RosterChanged) -> None:
    """The page says this of one row now."""
    before = household.roster
    household.roster = household.layers.change(event)
    if event.table == DEVICES:
        _went(household, before, event.key, event.at_ms)
    if event.table != PERSONS:
        return
    if event.row is None or event.row.get("level") is None:
        household.watched.pop(event.key, None)
    else:
        household.watched.setdefault(event.key, event.at_ms)


def _went(household: Household, before: Roster | None, device_id: str, at_ms: int) -> None:
    """A device is somebody else's now, or nobody's: it says no more how her doses end."""
    was, now = _whose(before, device_id), _whose(household.roster, device_id)
    belief = household.devices.get(device_id)
    if was is None and belief is not None:
        belief.unread.clear()  # while it was nobody's there was nothing to read
    if was is None or was == now:
        return
    for planned, slot in household.closing_by(device_id, at_ms - NEAR_MS, at_ms + NEAR_MS):
        if planned.opens_ms <= at_ms < planned.ends_ms:
            slot.gone_ms = at_ms
            household.touched.add(planned.slot)


def serves(household: Household, event: ScheduleMade) -> None:
    """Whose schedule it is that was made for a box; of those whose rules are remembered."""
    served = household.served.setdefault(event.device_id, {})
    whose = _whose(household.roster, event.device_id)
    if whose is not None:
        served[event.version] = whose
    for old in served.keys() - household.ruled[event.device_id].keys():
        del served[old]


def whose_dose(household: Household, event: DeviceRecord, device: Device) -> str:
    """Whose dose a record is about: hers whose schedule the box ran then.

    One that moved on tells late of whom it was with before.
    """
    served = household.served.get(event.device_id, {})
    return served.get(event.schedule_version, device.person_id)


def _whose(roster: Roster | None, device_id: str) -> str | None:
    device = roster.device(device_id) if roster else None
    return device.person_id if device else None
