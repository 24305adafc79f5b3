"""Which nets hold whom: every fact folded into one row for each person and household.

Knows: what each fact says of a net, what a device, a plan and a person's word are worth.
May not know: the time, what follows from a refusal, a page.

What is there holds: a device of hers in the roster, a plan of calls or visits, a neighbour on her
ladder. What only a person can say counts beside it; a word alone takes no device away, and what was
there and is there no more ends the words said of it before. Figures are kept up fact by fact, and
those of a month are what was known when it ended.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field, replace
from typing import Any, cast

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
from gateway.roster import CAREPLUG, NOBODY, PILLBOX, Roster
from gateway.zones import local

_NET_OF_DEVICE = {PILLBOX: BOX, CAREPLUG: PLUG}
_NET_OF_VISITOR = {"deliverer": DELIVERER, "neighbour": NEIGHBOUR}  # any other role: a visit


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
    # Which plans there are: person → (kind of plan, whose) → net.
    _plans: dict[str, dict[tuple[str, str], str]] = field(default_factory=dict)
    _ahead: dict[tuple[str, str], VisitsPlanned] = field(default_factory=dict)  # not begun yet
    _begun: dict[str, dict[str, str]] = field(default_factory=dict)  # person → net → since when
    # What is there no more: person, net → since when it was, which day it ended.
    _over: dict[tuple[str, str], tuple[str, str]] = field(default_factory=dict)
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

    def asking(self, ids: Collection[str] | None = None) -> int:
        """For how many of these (None: of everybody) a neighbour is needed."""
        if ids is None:
            return self._tally.counts["asks"]
        return sum(self.rows[one].asks_neighbour for one in ids if one in self.rows)

    def call_days(self, person_id: str) -> frozenset[str]:
        """The days after a hospital on which she is to be called."""
        left = self.homecomings.get(person_id)
        return frozenset(left.calls) if left else frozenset()

    def note(self, event: Event, roster: Roster | None) -> None:
        """A fact became known; `roster` as it counts after it."""
        step = _STEPS.get(type(event))
        if step is None and not self._ahead:
            return
        there = local(event.at_ms, (roster or NOBODY).zone)
        month, day = f"{there:%Y-%m}", there.date().isoformat()
        if month > self.month:
            if self.month:
                self.months[self.month] = self.figures
            self.month = month
        begun = [plan for plan in self._ahead.values() if plan.from_day <= day]
        for plan in begun:
            self._refresh(next(self._visits(plan, roster, day)), roster, day)
        for one in step(self, event, roster, day) if step else ():
            self._refresh(one, roster, day)

    def there(self, person_id: str) -> frozenset[str]:
        """The nets of hers that are no matter of anybody's word: a device, a plan, a neighbour."""
        return frozenset(self._begun.get(person_id, ()))

    # --- facts: each says whose rows may be different now ---

    def _surveyed(self, event: HouseholdSurveyed, _roster: object, _day: str) -> Iterator[str]:
        self.surveyed += event.household_id not in self.rows
        of, born, number = event.household_id, event.birth_year, event.number
        before = {net.name: net for net in self.rows[of].nets} if of in self.rows else {}
        told = [(name, event.nets[name]) for name in NETS if name in event.nets]
        nets = [Net(n, t["state"], t["from_day"], t.get("ask_again_day")) for n, t in told]
        nets = [_told_before(net, before.get(net.name)) for net in nets]
        once = tuple(self._nets_seen.setdefault(net, net) for net in nets)
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
        net = _NET_OF_VISITOR.get(event.role, VISIT) if event.weekdays else None
        self._ahead.pop((event.person_id, event.who), None)
        if net is not None and event.from_day > day:  # nobody comes before that
            self._ahead[event.person_id, event.who] = event
            net = None
        yield self._plan(event.person_id, (event.kind, event.who), net)

    def _calls(self, event: CallsPlanned, _roster: object, _day: str) -> Iterator[str]:
        net = CALL if event.call == WELLBEING else VOICE_MESSAGE
        yield self._plan(event.person_id, (event.kind, net), net if event.plan else None)

    def _phone(self, event: PhoneWatched, _roster: object, _day: str) -> Iterator[str]:
        net = None if event.hours is None else PHONE
        yield self._plan(event.person_id, (event.kind, PHONE), net)

    def _prescribed(self, event: PrescriptionEntered, _roster: object, _day: str) -> Iterator[str]:
        self.entered_ms[event.person_id] = event.at_ms
        yield from ()

    def _plan(self, person_id: str, which: tuple[str, str], net: str | None) -> str:
        """A plan begins, goes on or ends (None); whose it is."""
        plans = self._plans.setdefault(person_id, {})
        plans.pop(which, None)
        if net is not None:
            plans[which] = net
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
            self._begun.pop(of, None)  # should she come again, she begins anew
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
        """What is there to be seen: net → since which day, however often it was replaced."""
        names = {_NET_OF_DEVICE[d.kind] for d in roster.devices_of(of)}
        if any(g.role == NEIGHBOUR for g in roster.guardians_of(of)):
            names.add(NEIGHBOUR)
        names.update(self._plans.get(of, {}).values())
        before = self._begun.pop(of, {})
        for name in before.keys() - names:
            self._over[of, name] = before[name], day
            self.said.get(of, {}).pop(name, None)  # an older word of it holds her no more
        there = {name: before.get(name) or self._since(of, name, day) for name in names}
        if there:
            self._begun[of] = there
        return there

    def _since(self, of: str, name: str, day: str) -> str:
        """Today; or when it began before, where it was away for less than a day."""
        since, ended = self._over.pop((of, name), (day, day))
        return since if ended == day else day


def _told_before(net: Net, before: Net | None) -> Net:
    """With what was said of it, where a survey says the same again."""
    if before is None:
        return net
    return before if replace(before, text="", by="") == net else net


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
