"""Somebody's silence as it stands: since when, how much of it could be seen, when it is too long.

Knows: the household's signs, devices, stays and habits; levels; that her own box asks her first.
May not know: incidents, texts, how a personal line is reckoned (gateway.life.detector).

The level is the guarantee and runs by the clock on the wall: so many hours after the last sign
somebody looks, whatever could be seen. The personal line within it is learnt from all her devices
together, so its clock stands still while any of them cannot be seen; records that come later with
their own times make it run on as if nothing had been.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from gateway.beliefs import UNSEEN_MS, DeviceBelief, Household
from gateway.life.detector import Due, Line, Why, due
from gateway.life.kept import line_from_json
from gateway.life.sensors import ENDLESS_MS, LIDS, LIGHT, METER
from gateway.life.signs import Sign
from gateway.life.spans import Span, common, length, united, within
from gateway.roster import CAREPLUG, Device, Person, Roster
from gateway.units import HOUR_MS, MIN_MS
from gateway.zones import instant_ms, local

KEY = "life/"  # of a silence: person, and since when it lasts
NIGHT_ENDS = "05:00"  # a lamp that burns then has burnt all night,
EVENING_MS = 14 * HOUR_MS  # where it went on so long before that at the earliest


@dataclass(frozen=True, slots=True)
class Silence:
    """One silence. `asked_ms`: None where no box can ask her; `due.why`: what sets its end."""

    key: str
    last: Sign | None  # None: there was none yet, or she was away since
    since_ms: int
    cap_ms: int  # when the level's hours are over
    line_ms: int | None  # when her personal line is reached; None: not before the cap, or frozen
    asked_ms: int | None  # when her own box asks her
    told_ms: int  # when others are told
    due: Due
    sees: bool  # whether any device tells at once what happens, and has for a quarter of an hour
    frozen: bool  # whether any device of hers cannot be seen now
    seen_ms: int  # how long any device saw that there was nothing

    @property
    def begins_ms(self) -> int:
        """When something is done about it for the first time."""
        return self.told_ms if self.asked_ms is None else self.asked_ms


def silence(household: Household, person: Person, now_ms: int) -> Silence | None:
    """Her silence at an instant; None: nobody watches, she is away, or nothing began yet."""
    roster = household.roster
    since_ms = since(household, person, now_ms)
    if roster is None or person.cap_h is None or since_ms is None:
        return None
    if away_until(household, person, now_ms) is not None:
        return None
    partly, wholly = blind(household, person, since_ms, now_ms)
    line = line_of(household, person, since_ms)
    told = due(line, since_ms, tuple(partly), person.cap_h, roster.zone)
    frozen = bool(partly) and partly[-1][1] == now_ms
    cap_ms = since_ms + person.cap_h * HOUR_MS
    line_ms = told.at_ms if told.why in (Why.LINE, Why.FLOOR) and told.at_ms < cap_ms else None
    if frozen and line_ms is not None and line_ms >= now_ms:
        line_ms = None
    ask_ms = roster.life.ask_min * MIN_MS if _asks(household, person) else None
    reached_ms = cap_ms if line_ms is None else line_ms
    asked_ms = None if ask_ms is None else min(reached_ms, cap_ms - ask_ms)
    last = household.signs.last(person.id, household.timelines, now_ms)
    return Silence(
        key=f"{KEY}{person.id}/{since_ms}",
        last=last if last is not None and last.at_ms == since_ms else None,
        since_ms=since_ms,
        cap_ms=cap_ms,
        line_ms=line_ms,
        asked_ms=asked_ms,
        told_ms=reached_ms if asked_ms is None else asked_ms + (ask_ms or 0),
        due=told,
        sees=any(_settled(b, now_ms) for b in _watching(household, person, now_ms)),
        frozen=frozen,
        seen_ms=now_ms - since_ms - length(wholly),
    )


def since(household: Household, person: Person, now_ms: int) -> int | None:
    """From when her clock runs: her last sign, or the end of the last stay away after it.

    Of somebody who never gave one it runs since she is watched.
    """
    last = household.signs.last(person.id, household.timelines, now_ms)
    began = last.at_ms if last else household.watched.get(person.id)
    if began is None:
        return None
    return max([began, *(until for _from, until in stays(household, person) if until <= now_ms)])


def stays(household: Household, person: Person) -> list[Span]:
    """When she is away: days that are not monitored, and what her box was told."""
    roster = household.roster
    if roster is None:
        return []
    days = household.not_monitored.get(person.id, {}).values()
    noted = [
        (_midnight(roster, stay.from_day, 0), _midnight(roster, stay.to_day, 1)) for stay in days
    ]
    mine = (d.id for d in roster.devices_of(person.id))
    return united([*noted, *(span for of in mine for span in household.stays.of.get(of, ()))])


def ever_away(household: Household) -> Iterator[Person]:
    """Those of whom any stay is known."""
    roster = household.roster
    if roster is None:
        return
    devices = (roster.device(device_id) for device_id in household.stays.of)
    for person_id in {*household.not_monitored, *(d.person_id for d in devices if d is not None)}:
        person = roster.person(person_id)
        if person is not None:
            yield person


def _midnight(roster: Roster, day: str, later: int) -> int:
    return instant_ms(date.fromisoformat(day) + timedelta(days=later), "00:00", roster.zone)


def away_until(household: Household, person: Person, now_ms: int) -> int | None:
    """When she is back; None: she is not away."""
    spans = stays(household, person)
    return next((until for begin, until in spans if begin <= now_ms < until), None)


def away_said_ms(household: Household, person: Person, now_ms: int) -> int:
    """When somebody said last that she is away now, by the page or by her box; 0: nobody did."""
    roster = household.roster
    if roster is None:
        return 0
    said = [
        (stay.at_ms, _midnight(roster, stay.from_day, 0), _midnight(roster, stay.to_day, 1))
        for stay in household.not_monitored.get(person.id, {}).values()
    ]
    for device in roster.devices_of(person.id):
        at_ms = household.stays.said_ms.get(device.id, 0)
        said += [(at_ms, *span) for span in household.stays.of.get(device.id, ())]
    return max((at_ms for at_ms, begin, end in said if begin <= now_ms < end), default=0)


def blind(
    household: Household, person: Person, from_ms: int, now_ms: int
) -> tuple[list[Span], list[Span]]:
    """(when not all her devices could be seen, when none could), between two instants.

    A plug whose load looks automatic sees nothing of her by its meter; that does not stop her clock
    either, for it will see nothing tomorrow. Where nothing sees at all it stands.
    """
    partly: list[Span] = []
    wholly: list[Span] = [(from_ms, now_ms)]
    for device_id, belief in heard(household, person):
        unseen = household.lives.dark(device_id, household.timelines)
        if not belief.sees(now_ms):
            unseen = [*unseen, (belief.known_ms(), now_ms)]
        dead, useless = eyes(household, device_id)
        partly += [*unseen, *dead]
        began_ms = household.lives.began_ms(device_id, household.timelines)
        firsts = [ms for ms in (belief.first_ms, began_ms) if ms is not None]
        before = [(0, min(firsts, default=0))]  # it was not there yet
        wholly = common(wholly, [*unseen, *useless, *before])
    return within([*partly, *wholly], from_ms, now_ms), wholly


def eyes(household: Household, device_id: str) -> tuple[list[Span], list[Span]]:
    """Of a device (when a sensor was dead, when none told anything of her), ENDLESS_MS if still."""
    device = household.roster.device(device_id) if household.roster else None
    dead: list[Span] = []
    useless: list[Span] = [(0, ENDLESS_MS)]
    for chip in _fitted(household, device) if device else ():
        spans = household.sensors.dead(device_id, chip, household.timelines)
        dead += spans
        if chip == METER and device is not None and device.kind == CAREPLUG:
            periodic = household.signs.periodic(device_id)
            spans = [*spans, *((a, ENDLESS_MS if b is None else b) for a, b in periodic)]
        useless = common(useless, spans)
    return dead, useless


def _fitted(household: Household, device: Device) -> frozenset[int]:
    """Its sensors of what she does; of a plug that told nothing yet the one that every plug has."""
    shown = household.sensors.shown.get(device.id) or {METER}
    return frozenset(shown) if device.kind == CAREPLUG else LIDS


def heard(household: Household, person: Person) -> list[tuple[str, DeviceBelief]]:
    """Her devices that were ever heard: one that is on the shelf watches nobody."""
    devices = household.roster.devices_of(person.id) if household.roster else ()
    known = ((d.id, household.devices.get(d.id)) for d in devices)
    return [(of, b) for of, b in known if b is not None and b.heard_ms is not None]


def settles(household: Household, person: Person) -> list[int]:
    """When a device of hers will be taken at its word, or be missed: with it what can be seen."""
    beliefs = (belief for _of, belief in heard(household, person))
    ends = (ms for b in beliefs for ms in (b.rests_until_ms, b.link_ms))
    return [ms + UNSEEN_MS for ms in ends if ms is not None]


def _watching(household: Household, person: Person, now_ms: int) -> list[DeviceBelief]:
    """Those of them that see something of her."""
    known = heard(household, person)
    return [b for of, b in known if not _inside(eyes(household, of)[1], now_ms)]


def _inside(spans: list[Span], ms: int) -> bool:
    return any(begin <= ms < end for begin, end in spans)


def _settled(belief: DeviceBelief, now_ms: int) -> bool:
    """Whether it sees, and not just since a moment ago: what she does first may still come."""
    just = belief.link_up and belief.link_ms is not None and now_ms < belief.link_ms + UNSEEN_MS
    return belief.sees(now_ms) and not just


def _asks(household: Household, person: Person) -> bool:
    box = household.roster.box_of(person.id) if household.roster else None
    belief = household.devices.get(box.id) if box else None
    return belief is not None and belief.link_up


def line_of(household: Household, person: Person, since_ms: int) -> Line:
    """Her personal line as it was learnt last."""
    habit = household.habits.get(person.id)
    line = line_from_json(habit.line) if habit is not None else None
    return line if line is not None else Line.cold(since_ms)


def light_on_ms(household: Household, person: Person, now_ms: int) -> int | None:
    """Since when a lamp of hers has burnt that burnt all night; None: none did, or who knows."""
    if household.roster is None:
        return None
    zone = household.roster.zone
    today = local(now_ms, zone).date()
    ends = (instant_ms(today - timedelta(days=n), NIGHT_ENDS, zone) for n in (0, 1))
    dawn_ms = next(ms for ms in ends if ms <= now_ms)
    lamps = household.signs.lamps(person.id, dawn_ms - EVENING_MS)
    found = []
    for device_id, belief in heard(household, person):
        ms, on = lamps.get(device_id, (0, False))
        unseen = household.sensors.dead(device_id, LIGHT, household.timelines)
        if not belief.sees(now_ms):
            unseen.append((belief.known_ms(), now_ms))
        if on and ms < dawn_ms and not within(unseen, ms, dawn_ms):
            found.append(ms)
    return min(found, default=None)
