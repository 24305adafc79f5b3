"""The household: every fact folded into what is believed now, each belief with its freshness.

Knows: what a fact changes in the beliefs about devices and dose slots.
May not know: the time, what an outcome is, whom to tell; it throws nothing away that could decide.

`fold` is incremental and owns the household it is given: it changes it and gives it back. Facts of
a device may come in any order and any number of times, the beliefs come out the same: each record
is kept under its identity, everything else is a minimum or a maximum. The gateway's own facts
(roster, schedules) come in the order of the log.
"""

from __future__ import annotations

import bisect
from collections.abc import Callable
from dataclasses import replace
from typing import Any, cast

from anbu_wire import messages as wire
from gateway.beliefs import (
    CloseKey,
    DeviceBelief,
    Evidence,
    HelpCall,
    Household,
    RecordId,
    SlotBelief,
    Warned,
    lid_opened,
)
from gateway.entries import slot_by_rule
from gateway.events import (
    BroadcastsHeard,
    DeviceCaughtUp,
    DeviceOrdered,
    DeviceRecord,
    DeviceRests,
    Event,
    GatewayStarted,
    HabitLearnt,
    IncidentChanged,
    IncidentOpened,
    IncidentResolved,
    LinkDown,
    LinkUp,
    ModemSeen,
    OrderAnswered,
    PartFailed,
    PlannedSlot,
    RosterChanged,
    RosterSet,
    ScheduleMade,
    ScheduleOnBox,
    SlotId,
    TextDecided,
    TextSubmitted,
)
from gateway.household_roster import roster_changed, roster_set, serves, whose_dose
from gateway.household_said import SAID
from gateway.timelines import Stamp, stamp
from gateway.units import DAY_MS, MIN_MS

__all__ = ["DeviceBelief", "Evidence", "Household", "RecordId", "SlotBelief", "Warned", "fold"]

RADIO = "radio"  # the part of a PartFailed; a link shows that it works
BOX_KEEPS_MS = 40 * DAY_MS  # a box keeps 30 days: nothing older is learnt by catching up
OVERLAP_MS = 2 * DAY_MS  # looked at again at each catching up
RULES_KEPT = 60  # schedules whose rules are remembered, per device
MAX_STARTS = 1000  # a gateway that starts in a circle must not fill its memory with it


# The records that say how a slot went. Everything else about a slot is its course, not its end.
VERDICTS = frozenset(
    {
        wire.SLOT_TAKEN,
        wire.SLOT_LATE,
        wire.SLOT_MISSED,
        wire.SLOT_SKIPPED,
        wire.SLOT_DOUBTFUL,
        wire.SLOT_UNKNOWN,
        wire.SLOT_PAUSED,
    }
)

# What changes how long a slot is waited for, or says why it will never be known.
COURSE = frozenset({wire.SLOT_POSTPONED, wire.SLOT_UNWATCHED})
# Openings that the box warned of: a dose taken twice, or too soon after the one before.
WARNED_OF = frozenset(
    {
        wire.OPENED_AGAIN,
        wire.OPENED_TOO_SOON,
        wire.OPENED_PRN_TOO_SOON,
        wire.OPENED_PRN_TOO_MANY,
    }
)


def fold(household: Household, event: Event) -> Household:
    """The household after one more fact. Facts that say nothing about it change nothing."""
    household.touched.clear()
    step = _STEPS.get(type(event))
    if step is not None:
        step(household, event)
    household.calls.note(event)
    household.nets.note(event, household.roster)
    return household


def _started(household: Household, event: GatewayStarted) -> None:
    bisect.insort(household.starts, event.at_ms)
    if event.last_alive_ms is not None:
        household.sight.away(event.last_alive_ms, event.at_ms)
    del household.starts[:-MAX_STARTS]
    for belief in household.devices.values():  # whatever was linked is linked no more
        if belief.sees(event.last_alive_ms or 0):
            belief.seen_ms = max(event.last_alive_ms or 0, belief.seen_ms or 0)
        if belief.link_up:
            belief.link_up, belief.syncing = False, False
            belief.link_ms, belief.link_why = event.at_ms, "the gateway was restarted"
        if belief.heard_ms is not None:
            belief.lost_ms = event.at_ms


def _heard(belief: DeviceBelief, at_ms: int) -> None:
    belief.heard_ms = max(at_ms, belief.heard_ms or at_ms)
    belief.first_ms = min(at_ms, belief.first_ms or at_ms)


def _link_up(household: Household, event: LinkUp) -> None:
    household.sight.part_works(RADIO)
    belief = household.device(event.device_id)
    belief.link_up, belief.link_ms, belief.link_why = True, event.at_ms, ""
    belief.rests_until_ms, belief.lost_ms = None, None
    belief.syncing = True
    _heard(belief, event.at_ms)


def _link_down(household: Household, event: LinkDown) -> None:
    belief = household.device(event.device_id)
    belief.lost_ms = event.at_ms if belief.link_up else belief.lost_ms
    if belief.sees(event.at_ms):
        belief.seen_ms = event.at_ms
    belief.link_up, belief.link_ms, belief.link_why = False, event.at_ms, event.why
    belief.syncing = False


def _rests(household: Household, event: DeviceRests) -> None:
    belief = household.device(event.device_id)
    if belief.sees(event.at_ms):
        belief.seen_ms = event.at_ms
    belief.link_up, belief.link_ms, belief.link_why = False, event.at_ms, ""
    belief.rests_until_ms, belief.syncing = event.until_ms, False
    _heard(belief, event.at_ms)


def _record(household: Household, event: DeviceRecord) -> None:
    belief = household.device(event.device_id)
    _heard(belief, event.at_ms)
    belief.newest[event.epoch] = max(event.seq, belief.newest.get(event.epoch, 0))
    told = stamp(event)
    household.lives.note(event)
    household.sensors.note(event)
    if household.timelines.note(event.device_id, event.epoch, told):
        household.signs.redate((event.device_id, event.epoch, event.boot), household.timelines)
    device = household.roster.device(event.device_id) if household.roster else None
    if device is None:
        return
    identity = (event.device_id, event.epoch, event.seq)
    household.happenings.note(event, told)
    household.sight.record(event)
    before_ms = max(belief.caught_up_ms or 0, belief.seen_ms or 0)
    known_ms = before_ms if belief.syncing else event.at_ms
    household.signs.note(device.person_id, event, household.timelines, known_ms)
    if event.record_kind == wire.LID_OPENED:
        lid = lid_opened(device.person_id, event, told)
        household.opened[identity] = min(lid, household.opened.get(identity, lid))
    if event.record_kind == wire.HELP_PRESSED:
        call = HelpCall(event.at_ms, device.person_id, told)
        household.help_calls[identity] = min(call, household.help_calls.get(identity, call))
    if event.slot_day is None or event.slot_index is None:
        return
    whose = whose_dose(household, event, device)
    if event.record_kind == wire.LID_OPENED and event.value in WARNED_OF:
        named = (whose, event.slot_day, event.slot_index)
        household.warned.note(identity, Warned(event.at_ms, event.value, *named, told))
    if event.record_kind in VERDICTS or event.record_kind in COURSE:
        slot_id = SlotId(whose, event.slot_day, event.slot_index)
        _slot_record(household, slot_id, event, told)


def _slot_record(household: Household, slot_id: SlotId, event: DeviceRecord, told: Stamp) -> None:
    """How a slot went, or that it was put off; one that only a rule made is planned by it."""
    slot = household.slot(slot_id)
    household.touched.add(slot_id)
    version = event.schedule_version
    if slot.made is None or (slot.ruled_by is not None and version < slot.ruled_by):
        by = household.ruled.get(event.device_id, {}).get(version)
        planned = slot_by_rule(by, slot_id) if by else None
        if planned is not None:
            _set_plan(household, slot, planned)
            household.held.setdefault(event.device_id, set()).add(slot_id.person_id)
            slot.device_id, slot.ruled_by, slot.versions = event.device_id, version, {version}
    if event.record_kind == wire.SLOT_POSTPONED:
        slot.postponed_ms = max(slot.postponed_ms, event.value * MIN_MS)
        if slot.made is not None:
            _set_plan(household, slot, slot.made)
        return
    if event.record_kind == wire.SLOT_UNWATCHED:
        slot.unwatched = max(event.value, slot.unwatched or 0)
        return
    identity = (event.device_id, event.epoch, event.seq)
    new = Evidence(event.at_ms, event.record_kind, event.value, told, version)
    slot.evidence[identity] = min(new, slot.evidence.get(identity, new))
    if new.record_kind == wire.SLOT_TAKEN and slot.planned is not None:
        _drop(household.untaken, _close_key(slot.planned))


def _caught_up(household: Household, event: DeviceCaughtUp) -> None:
    belief = household.device(event.device_id)
    _heard(belief, event.at_ms)
    belief.syncing = False
    if event.at_ms >= belief.state_ms:
        belief.state_ms = event.at_ms
        belief.quality = event.quality
        belief.battery_percent = event.battery_percent
        belief.box_version = event.schedule_version
    if event.device_wall_ms is None or event.quality == wire.UNKNOWN:
        return
    # A box whose clock is ahead has not lived that moment yet: what counts is the earlier one.
    up_to_ms = min(event.device_wall_ms, event.at_ms)
    since_ms = (belief.caught_up_ms or up_to_ms - BOX_KEEPS_MS) - OVERLAP_MS
    belief.caught_up_ms = max(up_to_ms, belief.caught_up_ms or up_to_ms)
    for planned, slot in household.closing_by(event.device_id, since_ms, up_to_ms + 1):
        if _covers(slot, planned, event.schedule_version):
            slot.covered_to_ms = max(up_to_ms, slot.covered_to_ms)


def _covers(slot: SlotBelief, planned: PlannedSlot, box_version: int) -> bool:
    """Whether silence of the box about the slot means that its lid stayed shut."""
    knew_it = slot.on_box_ms is not None and slot.on_box_ms <= planned.closes_ms
    return knew_it and box_version >= min(slot.versions, default=1)


def _schedule_made(household: Household, event: ScheduleMade) -> None:
    belief = household.device(event.device_id)
    household.made[event.device_id] = event
    ruled = household.ruled.setdefault(event.device_id, {})
    ruled[event.version] = replace(event, slots=())
    for old in sorted(ruled)[:-RULES_KEPT]:
        del ruled[old]
    serves(household, event)
    belief.version_made, belief.crc_made = event.version, event.crc
    belief.unread.append((event.version, event.at_ms))
    listed = {planned.slot for planned in event.slots}
    for planned, slot in list(household.closing_by(event.device_id, event.at_ms)):
        if planned.slot not in listed and planned.opens_ms > event.at_ms:
            _unplan(household, slot)
    for planned in event.slots:
        _plan(household, planned, event)


def _plan(household: Household, planned: PlannedSlot, event: ScheduleMade) -> None:
    slot = household.slot(planned.slot)
    slot.versions.add(event.version)
    if slot.evidence:
        household.touched.add(planned.slot)  # by which schedule the box judged
    if slot.planned is not None and slot.planned.opens_ms <= event.at_ms:
        return  # it has begun: a new schedule does not change it
    same = slot.made is not None and _same_on_box(slot.made, planned)
    if not same or slot.device_id != event.device_id:
        slot.device_id, slot.ruled_by, slot.on_box_ms = event.device_id, None, None
        household.held.setdefault(event.device_id, set()).add(planned.slot.person_id)
        slot.versions = {event.version}
    if slot.made != planned:
        _set_plan(household, slot, planned)


def _same_on_box(made: PlannedSlot, planned: PlannedSlot) -> bool:
    """What is in a pouch is never sent to a box: it knows the slot already."""
    return replace(made, contents=planned.contents) == planned


def _set_plan(household: Household, slot: SlotBelief, made: PlannedSlot) -> None:
    """Plan it; where the box has put it off, its window and its end are that much later."""
    _unplan(household, slot)
    household.touched.add(made.slot)
    slot.made, later_ms = made, slot.postponed_ms
    slot.planned = replace(
        made, closes_ms=made.closes_ms + later_ms, ends_ms=made.ends_ms + later_ms
    )
    key = _close_key(slot.planned)
    bisect.insort(household.by_close, key)
    bisect.insort(household.hers.setdefault(made.slot.person_id, []), key)
    if not any(e.record_kind == wire.SLOT_TAKEN for e in slot.evidence.values()):
        bisect.insort(household.untaken, key)


def _unplan(household: Household, slot: SlotBelief) -> None:
    if slot.planned is not None:
        household.touched.add(slot.planned.slot)
        key = _close_key(slot.planned)
        for keys in (household.by_close, household.untaken, household.hers[key[1]]):
            _drop(keys, key)
    slot.planned, slot.made = None, None


def _drop(keys: list[CloseKey], key: CloseKey) -> None:
    """Take a key out of an index, if it is in it, without looking through the years before."""
    at = bisect.bisect_left(keys, key)
    if at < len(keys) and keys[at] == key:
        del keys[at]


def _close_key(planned: PlannedSlot) -> CloseKey:
    return (planned.closes_ms, planned.slot.person_id, planned.slot.day, planned.slot.index)


def _on_box(household: Household, event: ScheduleOnBox) -> None:
    belief = household.device(event.device_id)
    belief.confirmed, belief.confirmed_ms = (event.version, event.crc), event.at_ms
    belief.unread = [made for made in belief.unread if made[0] > event.version]
    made = household.made.get(event.device_id)
    if made is None or (made.version, made.crc) != belief.confirmed:
        return
    for planned in made.slots:
        slot = household.slots[planned.slot]
        if slot.on_box_ms is None or event.at_ms < slot.on_box_ms:
            slot.on_box_ms = event.at_ms


def _modem_seen(household: Household, event: ModemSeen) -> None:
    household.modem = event
    if event.registered:
        household.sight.part_works("modem")


def _broadcasts(household: Household, event: BroadcastsHeard) -> None:
    household.device(event.device_id).broadcasts = (event.key_id, event.up_to)


def _resolved(household: Household, event: IncidentResolved) -> None:
    person_id = household.sight.looked_after(event)
    if person_id is not None:
        household.signs.told(person_id, event.at_ms)


_STEPS = cast(
    "dict[type[Event], Callable[[Household, Any], None]]",
    {
        RosterSet: roster_set,
        RosterChanged: roster_changed,
        GatewayStarted: _started,
        LinkUp: _link_up,
        LinkDown: _link_down,
        DeviceRests: _rests,
        BroadcastsHeard: _broadcasts,
        DeviceRecord: _record,
        DeviceCaughtUp: _caught_up,
        ScheduleMade: _schedule_made,
        ScheduleOnBox: _on_box,
        ModemSeen: _modem_seen,
        PartFailed: lambda household, e: household.sight.part_failed(e.part, e.at_ms, e.why),
        TextSubmitted: lambda household, event: household.sight.part_works(event.route),
        TextDecided: lambda household, event: household.sight.told(event),
        IncidentOpened: lambda household, event: household.sight.silence(event),
        IncidentChanged: lambda household, event: household.sight.changed(event),
        IncidentResolved: _resolved,
        DeviceOrdered: lambda household, event: household.stays.ordered(event),
        OrderAnswered: lambda household, event: household.stays.answered(event),
        **SAID,
        HabitLearnt: lambda household, event: household.habits.update({event.person_id: event}),
    },
)
