"""Several devices lost the mains: it is the flat that has no power, and that is one event.

Knows: how many devices make a cut, which of them tell of it, which only fall silent.
May not know: other rules, guardians, texts.

A box has a battery and tells that the mains are gone; a plug falls silent with them. One device
alone is none: a box runs on its battery, a plug was pulled out (rules.unseen). Where every device
of the home fell silent together, a box on its battery among them, it is not the mains
(rules.radio_down).
"""

from __future__ import annotations

from anbu_wire import messages as wire
from gateway.household import Household
from gateway.roster import CAREPLUG
from gateway.rules.worry import HOME, Worry, WorryKind
from gateway.units import MIN_MS

DEVICES = 2
BORNE_MS = 10 * MIN_MS
TOGETHER_MS = 5 * MIN_MS  # links do not all end at the same moment
REASON = "mains_lost"


def _lost(household: Household, now_ms: int) -> list[int]:
    """When each device that lives here and is without mains lost them, in order.

    Not one that was taken away: it was unplugged, and never says that they are back. A plug that is
    silent counts where another device lost the mains, or another plug fell silent, at that time,
    until the first device of the home says that they are back.
    """
    roster = household.roster
    mine = {device.id for device in roster.devices} if roster else set()
    mains = household.sight.mains.items()
    told = [ms for of, (ms, kind) in mains if of in mine and kind == wire.MAINS_LOST]
    back_ms = max(
        (ms for of, (ms, kind) in mains if of in mine and kind == wire.MAINS_BACK), default=0
    )
    alone = not told and _all_silent(household, now_ms)
    silent = [] if alone else [ms for ms in _silent_plugs(household) if back_ms < ms <= now_ms]
    near = [ms for n, ms in enumerate(silent) if _near(ms, [*told, *silent[:n], *silent[n + 1 :]])]
    return sorted([*told, *near])


def _near(ms: int, others: list[int]) -> bool:
    return any(abs(ms - other_ms) <= TOGETHER_MS for other_ms in others)


def _silent_plugs(household: Household) -> list[int]:
    devices = household.roster.devices if household.roster else ()
    plugs = (household.devices.get(d.id) for d in devices if d.kind == CAREPLUG)
    late = (b.late_ms() for b in plugs if b is not None)
    return [ms for ms in late if ms is not None]


def _all_silent(household: Household, now_ms: int) -> bool:
    """Whether nothing at all is heard, though a device with a battery of its own should be."""
    devices = household.roster.devices if household.roster else ()
    known = [(d, b) for d in devices if (b := household.devices.get(d.id)) is not None]
    late = ((d, b.late_ms()) for d, b in known)
    silent = [d.kind for d, ms in late if ms is not None and ms <= now_ms]
    return len(silent) == len(known) and any(kind != CAREPLUG for kind in silent)


def worries(household: Household, now_ms: int) -> list[Worry]:
    """One worry, for as long as several devices are without mains."""
    lost = _lost(household, now_ms)
    if len(lost) < DEVICES or now_ms < lost[DEVICES - 1] + BORNE_MS:
        return []
    due_ms = lost[DEVICES - 1] + BORNE_MS
    kind = WorryKind.POWER_CUT
    return [Worry(kind, f"power/{lost[0]}", HOME, None, min(due_ms, now_ms), REASON)]


def next_deadline(household: Household, now_ms: int) -> int | None:
    """When a cut lasted too long."""
    lost = _lost(household, now_ms)
    due_ms = lost[DEVICES - 1] + BORNE_MS if len(lost) >= DEVICES else 0
    return due_ms if due_ms > now_ms else None
