"""Which nets hold whom: every fact folded into one row for each person and household.

Knows: what each fact says of a net, what a device, a plan and a person's word are worth.
May not know: the time, what follows from a refusal, a page.

What is there holds: a device of hers in the roster, a plan of calls or visits, a neighbour on her
ladder. What only a person can say counts beside it; a word alone takes no device away. Figures are
kept up fact by fact, and those of a month are what was known when it ended.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any, cast
from zoneinfo import ZoneInfo

from gateway.calling import WELLBEING
from gateway.coverage.register import Index
from gateway.coverage.rows import Figures, Net, Row, Tally
from gateway.events import (
    CallsPlanned,
    Event,
    HospitalLeft,
    HouseholdSettled,
    HouseholdSurveyed,
    NetSaid,
    PhoneWatched,
    PrescriptionEntered,
    RosterChanged,
    RosterSet,
    VisitsPlanned,
    WatchEnded,
)
from gateway.netting import (
    BOX,
    CALL,
    DELIVERER,
    ENDED,
    HOLDS,
    NEIGHBOUR,
    NETS,
    PHONE,
    PLUG,
    VISIT,
    VOICE_MESSAGE,
)
from gateway.roster import CAREPLUG, PILLBOX, Roster
from gateway.zones import local

_NET_OF_DEVICE = {PILLBOX: BOX, CAREPLUG: PLUG}
_NET_OF_VISITOR = {"deliverer": DELIVERER, "neighbour": NEIGHBOUR}  # any other role: a visit
_SEOUL = ZoneInfo("Asia/Seoul")


@dataclass(slots=True)
class Nets:
    """Of a home; `rows` by id, the shape of gateway.coverage.rows. Owned by one thread."""

    rows: dict[str, Row] = field(default_factory=dict)
    index: Index = field(default_factory=Index)
    surveyed: int = 0  # how many households there ever were
    said: dict[str, dict[str, NetSaid]] = field(default_factory=dict)  # by person, net
    homecomings: dict[str, HospitalLeft] = field(default_factory=dict)  # the newest, by person
    watched: dict[str, HospitalLeft] = field(default_factory=dict)  # of these, not over yet
    entered_ms: dict[str, int] = field(default_factory=dict)  # her newest prescription
    months: dict[str, Figures] = field(default_factory=dict)  # "2026-10": as it ended
    version: int = 0  # another one: a row is
    month: str = ""  # that goes on
    # Of a district's nets there are a few hundred different ones: each is kept once.
    _nets_seen: dict[Net, Net] = field(default_factory=dict)
    _tally: Tally = field(default_factory=Tally)
    # Which plans there are: person → (net, whose) → since when.
    _plans: dict[str, dict[tuple[str, str], str]] = field(default_factory=dict)
    _begun: dict[str, dict[str, str]] = field(default_factory=dict)  # person → net → since when
    _whose: dict[tuple[str, str], str] = field(default_factory=dict)  # (table, key) → person

    @property
    def figures(self) -> Figures:
        """As of now."""
        return self._tally.figures()

    def at_month(self, month: str) -> Figures | None:
        """What was known when a month ("2026-10") ended; None: nothing was known then yet."""
        if month >= self.month:
            return self.figures if self.month else None
        before = [name for name in self.months if name <= month]
        return self.months[max(before)] if before else None

    def call_days(self, person_id: str) -> frozenset[str]:
        """The days after a hospital on which she is to be called."""
        left = self.homecomings.get(person_id)
        return frozenset(left.calls) if left else frozenset()

    def note(self, event: Event, roster: Roster | None) -> None:
        """A fact became known; `roster` as it counts after it."""
        step = _STEPS.get(type(event))
        if step is None:
            return
        there = local(event.at_ms, roster.zone if roster else _SEOUL)
        month, day = f"{there:%Y-%m}", there.date().isoformat()
        if month > self.month:
            if self.month:
                self.months[self.month] = self.figures
            self.month = month
        for one in step(self, event, roster, day):
            self._refresh(one, roster, day)

    def there(self, person_id: str) -> frozenset[str]:
        """The nets of hers that are no matter of anybody's word: a device, a plan, a neighbour."""
        plans = (net for net, _whose in self._plans.get(person_id, ()))
        return frozenset({*self._begun.get(person_id, ()), *plans})

    # --- facts: each says whose rows may be different now ---

    def _surveyed(self, event: HouseholdSurveyed, _roster: object, _day: str) -> Iterator[str]:
        self.surveyed += event.household_id not in self.rows
        told = [(name, event.nets[name]) for name in NETS if name in event.nets]
        nets = [Net(n, t["state"], t["from_day"], t.get("ask_again_day")) for n, t in told]
        once = tuple(self._nets_seen.setdefault(net, net) for net in nets)
        of, born, number = event.household_id, event.birth_year, event.number
        self._put(of, Row(of, False, event.name, event.dong, event.address, born, number, once))
        yield from ()

    def _settle(self, event: HouseholdSettled, _roster: object, _day: str) -> Iterator[str]:
        self._put(event.household_id, None)
        yield from ()

    def _say(self, event: NetSaid, _roster: object, _day: str) -> Iterator[str]:
        row = self.rows.get(event.person_id)
        if row is None or row.person:
            self.said.setdefault(event.person_id, {})[event.net] = event
            yield event.person_id
            return
        nets = {net.name: net for net in row.nets if net.name != event.net}
        if event.state != ENDED:
            nets[event.net] = _word(event)
        ordered = tuple(nets[name] for name in NETS if name in nets)
        self._put(row.id, replace(row, nets=ordered))

    def _visits(self, event: VisitsPlanned, _roster: object, day: str) -> Iterator[str]:
        net = _NET_OF_VISITOR.get(event.role, VISIT)
        yield self._plan(event.person_id, net, event.who, day, there=bool(event.weekdays))

    def _calls(self, event: CallsPlanned, _roster: object, day: str) -> Iterator[str]:
        net = CALL if event.call == WELLBEING else VOICE_MESSAGE
        yield self._plan(event.person_id, net, event.call, day, there=event.plan is not None)

    def _phone(self, event: PhoneWatched, _roster: object, day: str) -> Iterator[str]:
        yield self._plan(event.person_id, PHONE, PHONE, day, there=event.hours is not None)

    def _prescribed(self, event: PrescriptionEntered, _roster: object, _day: str) -> Iterator[str]:
        self.entered_ms[event.person_id] = event.at_ms
        yield from ()

    def _plan(self, person_id: str, net: str, whose: str, day: str, *, there: bool) -> str:
        """A plan begins, goes on or ends; whose it is."""
        plans = self._plans.setdefault(person_id, {})
        for key in [key for key in plans if key[1] == whose and (key[0] != net or not there)]:
            del plans[key]
        if there:
            plans.setdefault((net, whose), day)
        return person_id

    def _left(self, event: HospitalLeft, _roster: object, _day: str) -> Iterator[str]:
        self.homecomings[event.person_id] = self.watched[event.person_id] = event
        yield from ()

    def _watch_ended(self, event: WatchEnded, _roster: object, _day: str) -> Iterator[str]:
        self.watched.pop(event.person_id, None)
        yield from ()

    def _roster_set(self, _event: RosterSet, roster: Roster, _day: str) -> Iterator[str]:
        yield from [of for of, row in self.rows.items() if row.person]
        for table in ("devices", "guardians"):
            for row in getattr(roster, table):
                self._whose[table, row.id] = row.person_id
        yield from [person.id for person in roster.persons]

    def _roster_changed(self, event: RosterChanged, _roster: object, _day: str) -> Iterator[str]:
        place = (event.table, event.key)
        if event.table == "persons":
            yield event.key
        elif place in self._whose:
            yield self._whose[place]
        if event.row is not None and "person_id" in event.row:
            self._whose[place] = event.row["person_id"]
            yield event.row["person_id"]

    # --- rows ---

    def _refresh(self, of: str, roster: Roster | None, day: str) -> None:
        """The row of somebody of the roster, as it is now."""
        person = roster.person(of) if roster else None
        if person is None or roster is None:
            self._put(of, None)
            return
        nets = self._nets(of, roster, day)
        self._put(of, Row(of, True, person.name, person.dong, person.address, nets=nets))

    def _put(self, of: str, row: Row | None) -> None:
        before = self.rows.get(of)
        if row == before:
            return
        self.version += 1
        if before is not None:
            self._tally.count(before, -1)
            self.index.drop(before)
            del self.rows[of]
        if row is not None:
            self._tally.count(row, 1)
            self.index.add(row)
            self.rows[of] = row

    def _nets(self, of: str, roster: Roster, day: str) -> tuple[Net, ...]:
        there = self._there(of, roster, day)
        found = {net: Net(net, HOLDS, since) for net, since in there.items()}
        for name, word in self.said.get(of, {}).items():
            if name not in there and word.state != ENDED:
                found[name] = _word(word)
        return tuple(found[name] for name in NETS if name in found)

    def _there(self, of: str, roster: Roster, day: str) -> dict[str, str]:
        """What is there to be seen: net → since which day."""
        names = {_NET_OF_DEVICE[d.kind] for d in roster.devices_of(of)}
        if any(g.role == NEIGHBOUR for g in roster.guardians_of(of)):
            names.add(NEIGHBOUR)
        before = self._begun.pop(of, {})
        there = {name: before.get(name, day) for name in NETS if name in names}
        if there:
            self._begun[of] = dict(there)
        for (name, _whose), since in self._plans.get(of, {}).items():
            there[name] = min(since, there.get(name, since))
        return there


def _word(said: NetSaid) -> Net:
    return Net(said.net, said.state, said.from_day, said.ask_again_day, said.text, said.by)


_STEPS = cast(
    "dict[type[Event], Callable[[Nets, Any, Any, str], Iterator[str]]]",
    {
        RosterSet: Nets._roster_set,  # noqa: SLF001 - its own
        RosterChanged: Nets._roster_changed,  # noqa: SLF001
        HouseholdSurveyed: Nets._surveyed,  # noqa: SLF001
        HouseholdSettled: Nets._settle,  # noqa: SLF001
        NetSaid: Nets._say,  # noqa: SLF001
        VisitsPlanned: Nets._visits,  # noqa: SLF001
        CallsPlanned: Nets._calls,  # noqa: SLF001
        PhoneWatched: Nets._phone,  # noqa: SLF001
        PrescriptionEntered: Nets._prescribed,  # noqa: SLF001
        HospitalLeft: Nets._left,  # noqa: SLF001
        WatchEnded: Nets._watch_ended,  # noqa: SLF001
    },
)
