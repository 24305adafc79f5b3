"""The openings of lids, as the box told them.

Knows: the box's own word of each opening, and how far its time is trusted.
May not know: what is inferred of them, drugs, the time.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta, tzinfo
from enum import StrEnum

from anbu_wire import messages as wire
from gateway.beliefs import Household, Opened, RecordId
from gateway.events import SlotId
from gateway.zones import instant_ms

AS_DUE = "as_due"
MEANINGS = {
    wire.OPENED_AS_DUE: AS_DUE,
    wire.OPENED_WRONG: "wrong",
    wire.OPENED_AGAIN: "again",
    wire.OPENED_NO_SLOT: "no_slot",
    wire.OPENED_REFILL: "refill",
    wire.OPENED_TOO_SOON: "too_soon",
    wire.OPENED_AFTER: "after",
    wire.OPENED_PRN: "prn",
    wire.OPENED_PRN_TOO_SOON: "prn_too_soon",
    wire.OPENED_PRN_TOO_MANY: "prn_too_many",
}
AS_NEEDED = frozenset({"prn", "prn_too_soon", "prn_too_many"})
OTHER = "other"  # a word that a newer box says


class Quality(StrEnum):
    """How far the time of an opening is trusted."""

    SYNCED = "synced"  # the box's clock was the gateway's
    DRIFTING = "drifting"  # it ran on by itself for long
    RECKONED = "reckoned"  # it was wrong or unknown: counted from a trusted instant of its boot
    UNKNOWN = "unknown"  # nobody knows; no time is told


@dataclass(frozen=True, slots=True)
class Opening:
    """A lid was opened; `meaning` is the box's own word of it ("as_due", "wrong", "refill" …).

    `record`: device/epoch/seq. `at_ms` None: nobody knows the time.
    """

    record: str
    compartment: int
    meaning: str
    at_ms: int | None = None
    slot: SlotId | None = None
    quality: Quality = Quality.SYNCED


def openings(
    household: Household, person_id: str, from_day: str, to_day: str, zone: tzinfo
) -> tuple[Opening, ...]:
    """Every opening of a person's lids on these days, both included, in the order of their time.

    It lies on the day of the slot it is about, else on the local day of its time; one whose time
    nobody knows, on the day it was learnt.
    """
    first, last = date.fromisoformat(from_day), date.fromisoformat(to_day) + timedelta(1)
    begin_ms, end_ms = (instant_ms(day, "00:00", zone) for day in (first, last))
    found = []
    for identity, told, at_ms in _of(household, person_id):
        when_ms = told.learnt_ms if at_ms is None else at_ms
        on_day = told.slot and from_day <= told.slot[0] <= to_day
        if on_day if told.slot else begin_ms <= when_ms < end_ms:
            found.append((when_ms, identity, _opening(identity, told, at_ms)))
    return tuple(opening for _when_ms, _identity, opening in sorted(found, key=lambda f: f[:2]))


def _of(household: Household, person_id: str) -> Iterator[tuple[RecordId, Opened, int | None]]:
    for identity, told in household.opened.items():
        if told.person_id == person_id:
            device_id, epoch, _seq = identity
            yield identity, told, household.timelines.wall_ms(device_id, epoch, told.stamp)


def _opening(identity: RecordId, told: Opened, at_ms: int | None) -> Opening:
    return Opening(
        record="/".join(map(str, identity)),
        compartment=told.compartment,
        meaning=MEANINGS.get(told.value, OTHER),
        at_ms=at_ms,
        slot=SlotId(told.person_id, *told.slot) if told.slot else None,
        quality=_quality(told, at_ms),
    )


def _quality(told: Opened, at_ms: int | None) -> Quality:
    if at_ms is None:
        return Quality.UNKNOWN
    if told.stamp.quality == wire.UNKNOWN or told.stamp.wall_ms != at_ms:
        return Quality.RECKONED
    return Quality.SYNCED if told.stamp.quality == wire.SYNCED else Quality.DRIFTING
