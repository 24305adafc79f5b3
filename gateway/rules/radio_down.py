"""The gateway hears no device at all: it is its own radio, and that is one event.

Knows: what the radio says of itself, and when all fell silent together.
May not know: other rules, guardians, texts.
"""

from __future__ import annotations

from anbu_wire import messages as wire
from gateway.household import RADIO, Household
from gateway.roster import CAREPLUG
from gateway.rules.worry import HOME, Worry, WorryKind
from gateway.units import MIN_MS

DEVICES = 2
BORNE_MS = 10 * MIN_MS
TOGETHER_MS = 5 * MIN_MS
ADAPTER_DEAD, ALL_SILENT = "adapter_dead", "all_silent"


def worries(household: Household, now_ms: int) -> list[Worry]:
    """One worry, while the adapter is dead or nothing is heard though a box has a battery."""
    since = _since(household, now_ms)
    if since is None or now_ms < since[0] + BORNE_MS:
        return []
    since_ms, reason = since
    due_ms = since_ms + BORNE_MS
    return [Worry(WorryKind.RADIO_DOWN, f"radio/{since_ms}", HOME, None, due_ms, reason)]


def _since(household: Household, now_ms: int) -> tuple[int, str] | None:
    """Since when, and how that is known."""
    failed = household.sight.failed.get(RADIO)
    if failed is not None:
        return failed[0], ADAPTER_DEAD
    devices = household.roster.devices if household.roster else ()
    known = [(d, b) for d in devices if (b := household.devices.get(d.id)) is not None]
    late = [ms for _d, b in known if (ms := b.late_ms()) is not None and ms <= now_ms]
    together = len(late) >= DEVICES and max(late) - min(late) <= TOGETHER_MS
    battery = any(d.kind != CAREPLUG for d, _b in known)
    mains = (household.sight.mains.get(d.id, (0, 0))[1] for d, _b in known)
    if wire.MAINS_LOST in mains:
        return None  # it is a power cut, and the batteries have run out
    return (min(late), ALL_SILENT) if together and battery and len(late) == len(known) else None


def next_deadline(household: Household, now_ms: int) -> int | None:
    """When it was borne for long enough."""
    since = _since(household, now_ms)
    due_ms = since[0] + BORNE_MS if since is not None else 0
    return due_ms if due_ms > now_ms else None
