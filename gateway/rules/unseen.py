"""A device is not heard though it should be: later than the wake it announced, or its link is gone.

Knows: for how long that is borne. May not know: other rules, guardians, texts.

On mains a box is always linked: in an open dose window its silence is told after five minutes. A
plug knows of no dose.
"""

from __future__ import annotations

from gateway.beliefs import DeviceBelief
from gateway.household import Household
from gateway.roster import CAREPLUG, Device
from gateway.rules.worry import Worry, WorryKind
from gateway.units import DAY_MS, MIN_MS

BORNE_MS = 30 * MIN_MS
BORNE_IN_WINDOW_MS = 5 * MIN_MS
REASON = "not_heard"
PLUG = "plug"  # the text that speaks of a plug


def worries(household: Household, now_ms: int) -> list[Worry]:
    """One worry for each device and silence, due when it was too long.

    Before that it keeps what was told: a gateway that begins anew has not heard the device yet,
    and that is no news of it.
    """
    found = []
    for device, belief in _late(household):
        due_ms = _due_ms(household, device, belief, now_ms)
        if due_ms is not None:
            key = f"unseen/{device.id}/{belief.heard_ms}"
            kind, early = WorryKind.DEVICE_UNSEEN, now_ms < due_ms
            words, whose = PLUG if device.kind == CAREPLUG else "", device.person_id
            found.append(Worry(kind, key, whose, None, due_ms, REASON, keeps=early, words=words))
    return found


def _late(household: Household) -> list[tuple[Device, DeviceBelief]]:
    devices = household.roster.devices if household.roster else ()
    known = ((d, household.devices.get(d.id)) for d in devices)
    return [(d, b) for d, b in known if b is not None and b.late_ms() is not None]


def _due_ms(household: Household, device: Device, belief: DeviceBelief, now_ms: int) -> int | None:
    late_ms = belief.late_ms()
    if late_ms is None:
        return None
    due_ms = late_ms + BORNE_MS
    if belief.rests_until_ms is None and device.kind != CAREPLUG:
        soon_ms = late_ms + BORNE_IN_WINDOW_MS
        due_ms = min([due_ms, *(max(soon_ms, ms) for ms in _opened(household, device, now_ms))])
    return due_ms


def _opened(household: Household, device: Device, now_ms: int) -> list[int]:
    """When the windows that are open now were opened; of slots that were not taken."""
    near = household.unsettled(now_ms + 1, now_ms + DAY_MS, device.person_id)
    return [s.opens_ms for s in near if s.opens_ms <= now_ms]


def next_deadline(household: Household, now_ms: int) -> int | None:
    """When the next silence is too long; a window that opens or closes may change that."""
    borders = []
    for _device, belief in _late(household):
        late_ms = belief.late_ms() or 0
        if now_ms < late_ms + BORNE_MS:
            borders += [late_ms + BORNE_IN_WINDOW_MS, late_ms + BORNE_MS]
            near = household.unsettled(now_ms + 1, now_ms + DAY_MS)
            borders += [ms for s in near for ms in (s.opens_ms, s.closes_ms)]
    return min((ms for ms in borders if ms > now_ms), default=None)
