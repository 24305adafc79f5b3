"""Signs of life: which facts are one, whose, when, and how far that time is to be trusted.

Knows: the table of sources, boots and timelines of devices. May not know: rosters, levels, the
time, whom a silence worries.

Of records the order and the number of times is no matter: each is kept once under its identity, and
dated anew where a later record of the same boot says what its clock was worth.

A load that looks automatic (LOAD_PERIODIC) is no sign from that record's own time on, until the
plug says that it is not any more. What counted before goes on counting as the *last* sign: nobody
is declared silent for a week at one stroke. `habit` leaves out the week before, too, by which the
plug judged: nobody's habit is learnt from a refrigerator.
"""

from __future__ import annotations

import bisect
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum

from anbu_wire import messages as wire
from gateway.events import DeviceRecord
from gateway.timelines import Boot, Stamp, Timelines, stamp
from gateway.units import DAY_MS, HOUR_MS, MIN_MS

KEPT_MS = 70 * DAY_MS  # a personal line looks at sixty days
KEPT = 10_000  # of a person: 140 a day for so long
JUDGED_MS = 7 * DAY_MS  # so long a plug looks at a load before it calls it automatic
BOUT_ENDS_MS = 30 * MIN_MS  # a plug writes LOAD_OFF so long after the load was on, or later
OFF_MS = 15 * MIN_MS  # a device's clock that is so far off knows nothing
SET_BACK_MS = HOUR_MS  # the gateway's own clock may be set back by so much
BY_WORD = 3  # SLOT_TAKEN's value where somebody said so: no hand was there

RecordId = tuple[str, int, int]  # device id, epoch, seq


class Source(StrEnum):
    """What a sign of life can come from."""

    LID = "lid"
    BUTTON = "button"
    LOAD = "load"  # something at a plug was switched
    LAMP = "lamp"
    PHONE = "phone"  # she says so herself, by her own page
    CALL = "call"  # she answered a call
    VISIT = "visit"  # a person says that she was with her, or spoke to her
    HANDSET = "handset"  # her telephone was used: unlocked, put to charge, carried about
    DELIVERY = "delivery"  # something was handed to her


# What people and telephones tell is of the device "", its epoch the place here.
PHONE = Source.PHONE
_SAID = (Source.VISIT, PHONE, Source.CALL, Source.HANDSET, Source.DELIVERY)


class Trust(StrEnum):
    """How far the time of a sign is to be trusted."""

    EXACT = "exact"  # by a clock that had the gateway's time
    ABOUT = "about"  # by a clock that drifts, or counted from the next moment it was right
    LEARNT = "learnt"  # when the gateway learnt it: it happened then at the latest
    EARLIEST = "earliest"  # up to when all was known: it happened after that


OF_RECORD: dict[int, Source] = {
    wire.LID_OPENED: Source.LID,
    wire.LID_CLOSED: Source.LID,
    wire.SLOT_TAKEN: Source.LID,
    wire.OK_PRESSED: Source.BUTTON,
    wire.HELP_PRESSED: Source.BUTTON,
    wire.ANSWERED: Source.BUTTON,
    wire.LOAD_ON: Source.LOAD,
    wire.LOAD_OFF: Source.LOAD,
    wire.LIGHT_STEP: Source.LAMP,
}


@dataclass(frozen=True, slots=True)
class Sign:
    """One sign of life. `device_id`: "" where a person told it."""

    at_ms: int
    source: Source
    device_id: str
    trust: Trust


@dataclass(frozen=True, slots=True)
class Told:
    """A record that may be a sign (`source`), or that says what a load looks like (None).

    `known_ms`: up to when all that its device had written was here before (0: nothing was);
    `learnt_ms`, where it came as it was written.
    """

    person_id: str
    source: Source | None
    value: int
    learnt_ms: int
    known_ms: int
    stamp: Stamp
    kind: int


Shelf = tuple[str, bool]  # whose signs (person id, True), or what a load looks like (device, False)


def source_of(event: DeviceRecord) -> Source | None:
    """What a record is a sign of; None: of nothing."""
    if event.record_kind == wire.SLOT_TAKEN and event.value == BY_WORD:
        return None
    return OF_RECORD.get(event.record_kind)


@dataclass(slots=True)
class Signs:
    """All signs of the last weeks; folded by gateway.household."""

    records: dict[RecordId, Told] = field(default_factory=dict)
    when: dict[RecordId, int] = field(default_factory=dict)
    of_boot: dict[Boot, dict[RecordId, None]] = field(default_factory=dict)
    loads: dict[tuple[str, int], list[int]] = field(default_factory=dict)  # their seqs, ascending
    shelves: dict[Shelf, list[tuple[int, RecordId]]] = field(default_factory=dict)  # ascending
    # Looked up at every tick, and changed by a fact only.
    _last: dict[str, Sign | None] = field(default_factory=dict, compare=False, repr=False)
    stirred: set[str] = field(default_factory=set, compare=False, repr=False)  # for phones.watch

    def note(
        self, person_id: str, event: DeviceRecord, timelines: Timelines, known_ms: int
    ) -> None:
        """A record was learnt; its stamp is in `timelines` already. It stays whose it was first."""
        source = source_of(event)
        if source is None and event.record_kind != wire.LOAD_PERIODIC:
            return
        identity = (event.device_id, event.epoch, event.seq)
        before = self.records.get(identity)
        learnt_ms, known_ms = event.at_ms, min(event.at_ms, known_ms)
        if before is not None:
            person_id = before.person_id
            learnt_ms, known_ms = min(learnt_ms, before.learnt_ms), min(known_ms, before.known_ms)
        self.records[identity] = Told(
            person_id, source, event.value, learnt_ms, known_ms, stamp(event), event.record_kind
        )
        if source is Source.LOAD:
            loads = self.loads.setdefault(identity[:2], [])
            if before is None:
                bisect.insort(loads, identity[2])
        boot = (event.device_id, event.epoch, event.boot)
        self.of_boot.setdefault(boot, {})[identity] = None
        self._date(identity, timelines)

    def redate(self, boot: Boot, timelines: Timelines) -> None:
        """The clock of a boot is known better now."""
        for identity in list(self.of_boot.get(boot, ())):
            self._date(identity, timelines)

    def told(self, person_id: str, at_ms: int, source: Source = Source.VISIT) -> None:
        """A person was with her, or spoke to her; or she said it herself."""
        shelf = self.shelves.setdefault((person_id, True), [])
        entry = (at_ms, ("", _SAID.index(source), at_ms))
        at = bisect.bisect_left(shelf, entry)
        if shelf[at : at + 1] != [entry]:
            shelf.insert(at, entry)
            self._shorten(shelf)
        self._forget(person_id)

    def _date(self, identity: RecordId, timelines: Timelines) -> None:
        """When it happened, at the latest when it was learnt: a clock may be ahead.

        What was kept by a device that did not know the time may be of days ago: until that is
        known it proves no more than that it is newer than what was known before.
        """
        told = self.records[identity]
        wall_ms = timelines.wall_ms(identity[0], identity[1], told.stamp)
        if wall_ms is None or _cannot_be(told, wall_ms):
            wall_ms = told.known_ms or told.learnt_ms
        when_ms = min(wall_ms, told.learnt_ms)
        if told.kind == wire.LOAD_OFF:
            when_ms = self._bout_ended_ms(identity, told, when_ms)
        self._shelve(identity, told, when_ms)
        following = self._beside(identity, 1) if told.kind == wire.LOAD_ON else None
        if following is not None and self.records[following].kind == wire.LOAD_OFF:
            self._date(following, timelines)

    def _bout_ended_ms(self, identity: RecordId, told: Told, written_ms: int) -> int:
        """When a load was last on: its end is written half an hour later, after a cut much later.

        The bout began with the record before, and lasted so many minutes.
        """
        ended_ms = written_ms - BOUT_ENDS_MS
        begun = self._beside(identity, -1)
        if begun is None or self.records[begun].kind != wire.LOAD_ON:
            return ended_ms
        return min(ended_ms, self.when[begun] + told.value * MIN_MS)

    def _beside(self, identity: RecordId, step: int) -> RecordId | None:
        """The record of a load before (-1) or after (1) one of the same log."""
        loads = self.loads.get(identity[:2], [])
        at = bisect.bisect_left(loads, identity[2]) + step
        return (*identity[:2], loads[at]) if 0 <= at < len(loads) else None

    def _shelve(self, identity: RecordId, told: Told, when_ms: int) -> None:
        key = (told.person_id, True) if told.source else (identity[0], False)
        shelf = self.shelves.setdefault(key, [])
        before_ms = self.when.get(identity)
        if before_ms is not None:
            at = bisect.bisect_left(shelf, (before_ms, identity))
            if at < len(shelf) and shelf[at] == (before_ms, identity):
                del shelf[at]
        self.when[identity] = when_ms
        bisect.insort(shelf, (when_ms, identity))
        if told.source:
            self._shorten(shelf)
            self._forget(told.person_id)
        else:
            self._last.clear()  # what a load looks like is about whoever had the plug then

    def _shorten(self, shelf: list[tuple[int, RecordId]]) -> None:
        while len(shelf) > KEPT:  # not by time: a clock that was years ahead would empty it
            _ms, identity = shelf.pop(0)
            told = self.records.pop(identity, None)
            self.when.pop(identity, None)
            if told is not None:
                boot = (identity[0], identity[1], told.stamp.boot)
                loads = self.loads.get(identity[:2], [])
                if identity[2] in loads:
                    loads.remove(identity[2])
                of_boot = self.of_boot.get(boot, {})
                of_boot.pop(identity, None)
                if not of_boot:
                    self.of_boot.pop(boot, None)

    def _forget(self, person_id: str) -> None:
        self._last.pop(person_id, None)
        self.stirred.add(person_id)

    def last(self, person_id: str, timelines: Timelines, now_ms: int | None = None) -> Sign | None:
        """Her last sign of life; None: there was none.

        What lies far ahead of now was learnt by a clock that was wrong, and says nothing.
        """
        if person_id not in self._last:
            self._last[person_id] = next(self._backwards(person_id, timelines), None)
        found = self._last[person_id]
        if found is None or now_ms is None or found.at_ms <= now_ms + SET_BACK_MS:
            return found
        signs = self._backwards(person_id, timelines)
        return next((sign for sign in signs if sign.at_ms <= now_ms + SET_BACK_MS), None)

    def counts_ms(self, person_id: str, now_ms: int) -> int | None:
        """When the next of those that lie too far ahead of now to count will; None: none does."""
        shelf, latest_ms = self.shelves.get((person_id, True), []), now_ms + SET_BACK_MS
        at = bisect.bisect_right(shelf, latest_ms, key=lambda entry: entry[0])
        return shelf[at][0] - SET_BACK_MS if at < len(shelf) else None

    def _backwards(self, person_id: str, timelines: Timelines) -> Iterator[Sign]:
        """Her signs, the newest first."""
        for when_ms, identity in reversed(self.shelves.get((person_id, True), ())):
            told = self.records.get(identity)
            if told is None:
                yield Sign(when_ms, _SAID[identity[1]], "", Trust.EXACT)
            elif told.source and not self._automatic(identity[0], told.source, when_ms):
                trust = _trust(identity, told, when_ms, timelines)
                yield Sign(when_ms, told.source, identity[0], trust)

    def _automatic(self, device_id: str, source: Source, when_ms: int, early_ms: int = 0) -> bool:
        if source is not Source.LOAD:
            return False
        spans = self.periodic(device_id)
        return any(a - early_ms <= when_ms and (b is None or when_ms < b) for a, b in spans)

    def periodic(self, device_id: str) -> list[tuple[int, int | None]]:
        """(from, until) in which the load of a plug looked automatic; until None: it still does."""
        spans: list[tuple[int, int | None]] = []
        for when_ms, identity in self.shelves.get((device_id, False), ()):
            begun = bool(spans) and spans[-1][1] is None
            if self.records[identity].value and not begun:
                spans.append((when_ms, None))
            elif not self.records[identity].value and begun:
                spans[-1] = (spans[-1][0], when_ms)
        return spans

    def habit(self, person_id: str, devices: frozenset[str], since_ms: int) -> tuple[int, ...]:
        """When she gave signs at these devices after an instant, but by what looks automatic."""
        shelf = self.shelves.get((person_id, True), [])
        found = []
        for when_ms, identity in shelf[bisect.bisect_left(shelf, (since_ms, ("", 0, 0))) :]:
            told = self.records.get(identity)
            if told is None or told.source is None or identity[0] not in devices:
                continue
            if not self._automatic(identity[0], told.source, when_ms, JUDGED_MS):
                found.append(when_ms)
        return tuple(found)

    def lamps(self, person_id: str, since_ms: int) -> dict[str, tuple[int, bool]]:
        """Of each device the newest step of a lamp after an instant: (when, whether it went on)."""
        found: dict[str, tuple[int, bool]] = {}
        shelf = self.shelves.get((person_id, True), [])
        for when_ms, identity in shelf[bisect.bisect_left(shelf, (since_ms, ("", 0, 0))) :]:
            told = self.records.get(identity)
            if told is not None and told.source is Source.LAMP:
                found[identity[0]] = (when_ms, told.value > 0)
        return found


def _cannot_be(told: Told, wall_ms: int) -> bool:
    """Whether a clock says what cannot be: not learnt yet, or known long before it was learnt."""
    drifts = told.stamp.quality != wire.SYNCED and wall_ms == told.stamp.wall_ms
    return wall_ms > told.learnt_ms + OFF_MS or (drifts and wall_ms < told.known_ms - OFF_MS)


def _trust(identity: RecordId, told: Told, when_ms: int, timelines: Timelines) -> Trust:
    if told.kind == wire.LOAD_OFF:
        return Trust.ABOUT  # reckoned, in whole minutes
    if timelines.wall_ms(identity[0], identity[1], told.stamp) != when_ms:
        return Trust.LEARNT if when_ms == told.learnt_ms else Trust.EARLIEST
    own = told.stamp.quality == wire.SYNCED and told.stamp.wall_ms == when_ms
    return Trust.EXACT if own else Trust.ABOUT
