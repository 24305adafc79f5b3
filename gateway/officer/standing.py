"""How one person stands at an instant: how urgent, because of what, and since when.

Knows: live incidents, signs of life, devices, stays and pauses of one person.
May not know: other persons, words, a page; the time is an argument.

Who is not seen is never "fine": silence is not taken for health.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from gateway.beliefs import UNSEEN_MS, DeviceBelief
from gateway.household import Household
from gateway.incidents import Incident, Ledger
from gateway.incidents.kinds import KINDS, Asks, Group
from gateway.incidents.table import State
from gateway.life.signs import Sign
from gateway.life.silence import away_until, since, stays
from gateway.phones.watch import Watch, watch
from gateway.roster import PILLBOX, Device, Person
from gateway.rules.schedule_stale import STALE_MS
from gateway.rules.worry import FIRST, WorryKind

BATTERY_LOW_PERCENT = 20


class Level(StrEnum):
    """How urgent, the most urgent first."""

    FIRST = "first"  # she called, or gave no sign of life, and nobody has it
    TODAY = "today"  # something about her is open, and nobody has it
    UNSEEN = "unseen"  # nothing of hers can be seen: nobody knows
    CARED = "cared"  # somebody has what is open, or her own box asks her first
    MEND = "mend"  # a device, a schedule, a supply
    FINE = "fine"


RANKS = {level: rank for rank, level in enumerate(Level)}
TO_VISIT = frozenset({Level.FIRST, Level.TODAY, Level.UNSEEN})
_MEND = frozenset({Group.TECHNICAL, Group.SUPPLY, Group.NEWS})


class Cause(StrEnum):
    """Causes beside those of incidents, whose code is their worry."""

    CANNOT_SEE = "cannot_see_her"  # no device of hers is heard
    NOT_INSTALLED = "not_installed"  # she has none, or none was ever heard
    DEVICE_SILENT = "device_silent"
    BATTERY_LOW = "battery_low"
    SCHEDULE_STALE = "schedule_not_read"


@dataclass(frozen=True, slots=True)
class Because:
    """One cause. `at_ms`: since when; `who` has it, `until_ms`; `device` it is about."""

    level: Level
    code: str  # a Cause, or the WorryKind of an incident
    at_ms: int | None = None
    incident_id: int | None = None
    slot_index: int | None = None
    who: str | None = None
    until_ms: int | None = None
    device: Device | None = None
    percent: int | None = None


Order = tuple[int, bool, int, str, str]  # level, called last, oldest cause, name, id


@dataclass(frozen=True, slots=True)
class Standing:
    """One row. It holds until `changes_ms`, or until a fact comes that is about her."""

    person_id: str
    name: str
    level: Level
    because: tuple[Because, ...]  # the most urgent first
    sign: Sign | None  # her last sign of life
    since_ms: int | None  # from when her silence counts: that sign, or the end of a stay after it
    sees: bool  # whether any device of hers tells what happens now, or her telephone
    stale_ms: int | None  # since when the longest silent of her devices was not heard
    opened_ms: int | None  # when the oldest of her live incidents began
    away_until_ms: int | None
    paused_until_ms: int | None
    watched: bool  # whether anybody is told of her silence
    changes_ms: int | None
    order: Order  # among all others: reckoned once, compared at every look

    @property
    def unknown(self) -> bool:
        """Whether nobody can say how she is."""
        return not self.sees and self.away_until_ms is None


def standing(
    household: Household, ledger: Ledger, person: Person, live: Iterable[int], now_ms: int
) -> Standing:
    """Of one person of the roster. `live`: the ids of her incidents that are not over."""
    incidents = [ledger.incidents[i] for i in live]
    devices = _devices(household, person)
    away_ms = away_until(household, person, now_ms)
    phone = watch(household, person, now_ms)
    sees = any(b is not None and _heard(b, now_ms) for _d, b in devices)
    sees = sees or (phone is not None and phone.heard(now_ms))
    causes = [_of_incident(incident, now_ms) for incident in incidents]
    causes += _of_devices(devices, incidents, now_ms)
    if not sees and away_ms is None:
        causes.append(_not_seen(devices, phone))
    causes.sort(key=lambda b: (RANKS[b.level], b.at_ms or 0))
    pause = ledger.paused.get(person.id)
    stale = [_silent_ms(b) for _d, b in devices if b is not None and _stale(b, now_ms)]
    level = causes[0].level if causes else Level.FINE
    return Standing(
        person_id=person.id,
        name=person.name,
        level=level,
        because=tuple(causes),
        sign=household.signs.last(person.id, household.timelines, now_ms),
        since_ms=since(household, person, now_ms),
        sees=sees,
        stale_ms=min(stale, default=None),
        opened_ms=min((i.opened_ms for i in incidents), default=None),
        away_until_ms=away_ms,
        paused_until_ms=pause.until_ms if pause and pause.until_ms > now_ms else None,
        watched=person.level is not None or phone is not None,
        changes_ms=_changes_ms(household, person, ledger, incidents, devices, phone, now_ms),
        order=_order(person, level, causes),
    )


def _order(person: Person, level: Level, causes: list[Because]) -> Order:
    """By urgency, who called first, then the oldest cause, then the name."""
    of_level = [b for b in causes if b.level is level]
    called = any(b.code == WorryKind.HELP_PRESSED for b in of_level)
    oldest_ms = min((b.at_ms or 0 for b in of_level), default=0)
    return RANKS[level], not called, oldest_ms, person.name, person.id


def _devices(household: Household, person: Person) -> list[tuple[Device, DeviceBelief | None]]:
    devices = household.roster.devices_of(person.id) if household.roster else ()
    return [(device, household.devices.get(device.id)) for device in devices]


def _heard(belief: DeviceBelief, now_ms: int) -> bool:
    """Whether it would tell now; a link that was lost just now may be back at once."""
    return belief.heard_ms is not None and not _stale(belief, now_ms)


def _stale(belief: DeviceBelief, now_ms: int) -> bool:
    late_ms = belief.late_ms()
    return late_ms is not None and now_ms >= late_ms + UNSEEN_MS


def _silent_ms(belief: DeviceBelief) -> int:
    return belief.known_ms() or belief.heard_ms or 0


def _of_incident(incident: Incident, now_ms: int) -> Because:
    kind = WorryKind(incident.worry)
    acked = incident.state is State.ACKED and now_ms < (incident.acked_until_ms or 0)
    asked = KINDS[kind].asks is Asks.UNTIL_DUE and now_ms < incident.due_ms
    if acked or asked:
        level = Level.CARED
    elif kind in FIRST:
        level = Level.FIRST
    else:
        level = Level.MEND if KINDS[kind].group in _MEND else Level.TODAY
    return Because(
        level,
        incident.worry,
        incident.detail.get("since_ms", incident.opened_ms),  # a silence is older than its incident
        incident.id,
        slot_index=incident.slot.index if incident.slot else None,
        who=incident.acked_by if acked else None,
        until_ms=incident.acked_until_ms if acked else None,
    )


def _of_devices(
    devices: list[tuple[Device, DeviceBelief | None]], incidents: list[Incident], now_ms: int
) -> Iterator[Because]:
    """What is to be put right; not what an incident says already."""
    told = [i.key for i in incidents]
    for device, belief in devices:
        if belief is None:
            continue
        said = any(key.startswith(f"unseen/{device.id}/") for key in told)
        if _stale(belief, now_ms) and not said:
            at_ms = _silent_ms(belief)
            yield Because(Level.MEND, Cause.DEVICE_SILENT, at_ms, device=device)
        percent = belief.battery_percent
        if device.kind == PILLBOX and percent is not None and percent < BATTERY_LOW_PERCENT:
            at_ms = belief.state_ms
            yield Because(Level.MEND, Cause.BATTERY_LOW, at_ms, device=device, percent=percent)
        made_ms = belief.unread[0][1] if belief.unread else now_ms
        said = any(key.startswith(f"schedule/{device.id}/") for key in told)
        if now_ms >= made_ms + STALE_MS and not said:
            yield Because(Level.MEND, Cause.SCHEDULE_STALE, made_ms, device=device)


def _not_seen(devices: list[tuple[Device, DeviceBelief | None]], phone: Watch | None) -> Because:
    """Nothing tells of her: since when, or nothing ever did."""
    known = [_silent_ms(b) for _d, b in devices if b is not None and b.heard_ms is not None]
    known += [phone.known_ms] if phone is not None and not phone.never else []
    if not known:
        return Because(Level.MEND, Cause.NOT_INSTALLED)
    return Because(Level.UNSEEN, Cause.CANNOT_SEE, max(known))


def _changes_ms(
    household: Household,
    person: Person,
    ledger: Ledger,
    incidents: list[Incident],
    devices: list[tuple[Device, DeviceBelief | None]],
    phone: Watch | None,
    now_ms: int,
) -> int | None:
    """When time alone makes another row of it."""
    borders = [ms for span in stays(household, person) for ms in span]
    for incident in incidents:
        borders += (incident.due_ms, incident.acked_until_ms or 0)
    for _device, belief in devices:
        if belief is not None:
            borders += (ms + UNSEEN_MS for ms in (belief.rests_until_ms, belief.lost_ms) if ms)
            borders += (made_ms + STALE_MS for _version, made_ms in belief.unread[:1])
    borders += [phone.unheard_ms or 0] if phone is not None else []
    pause = ledger.paused.get(person.id)
    borders += [pause.until_ms] if pause else []
    counts_ms = household.signs.counts_ms(person.id, now_ms)
    borders += [counts_ms] if counts_ms is not None else []
    return min((ms for ms in borders if ms > now_ms), default=None)
