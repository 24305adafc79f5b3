"""A box runs an old schedule: a newer one was made long ago and it has not read it back.

Knows: since when the oldest such schedule waits. May not know: other rules, why the box did not
take it.

A new one is made each day; the worry keeps the version that has waited longest, so that it stays
one worry until the box has caught up.
"""

from __future__ import annotations

from collections.abc import Iterator

from gateway.household import Household
from gateway.rules.worry import Worry, WorryKind
from gateway.units import DAY_MS

STALE_MS = DAY_MS
REASON = "not_read_back"


def worries(household: Household, now_ms: int) -> list[Worry]:
    """One worry for each box whose schedule waits for longer than a day, due when it was one."""
    return [
        Worry(
            WorryKind.SCHEDULE_STALE,
            f"schedule/{device_id}/{version}",
            person_id,
            None,
            made_ms + STALE_MS,
            REASON,
        )
        for device_id, person_id, version, made_ms in _waiting(household)
        if now_ms >= made_ms + STALE_MS
    ]


def next_deadline(household: Household, now_ms: int) -> int | None:
    """When the next one has waited for a day."""
    ends = (made_ms + STALE_MS for _device, _person, _version, made_ms in _waiting(household))
    return min((ms for ms in ends if ms > now_ms), default=None)


def is_stale(household: Household, device_id: str, now_ms: int) -> bool:
    """Whether a box runs what is not planned any more."""
    belief = household.devices.get(device_id)
    unread = belief.unread if belief else []
    return bool(unread) and now_ms >= unread[0][1] + STALE_MS


def _waiting(household: Household) -> Iterator[tuple[str, str, int, int]]:
    """Of each box the oldest schedule that it has not read back: device, whose, which, when."""
    for device in household.roster.devices if household.roster else ():
        belief = household.devices.get(device.id)
        if belief is not None and belief.unread:
            version, made_ms = belief.unread[0]
            yield device.id, device.person_id, version, made_ms
