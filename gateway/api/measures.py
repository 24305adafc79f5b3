"""What a watch outside may count: how many, never who.

Knows: beliefs and incidents as numbers. May not know: Prometheus, names of persons or devices.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from gateway.beliefs import UNSEEN_MS, DeviceBelief
from gateway.home import Home
from gateway.incidents.budget import alarms
from gateway.incidents.table import State
from gateway.roster import CAREPLUG, PILLBOX
from gateway.rules.schedule_stale import is_stale

LINKS = ("up", "resting", "down")
TEXTS_LEAVING = ("pending", "sending", "submitted")


Counted = Mapping[tuple[str, ...], float]


@dataclass(frozen=True, slots=True)
class Measure:
    """A name, what it counts, and a value for each set of labels."""

    name: str
    says: str
    labels: tuple[str, ...] = ()
    values: Counted = field(default_factory=dict)


def measures(home: Home, now_ms: int) -> Iterator[Measure]:
    """All that is counted, as of now."""
    roster = home.household.roster
    persons = len(roster.persons) if roster is not None else 0
    yield Measure("anbu_persons", "Persons who live here", values={(): persons})
    yield from _devices(home, now_ms)
    yield from _told(home, now_ms)
    faults: Counted = {(part,): 1 for part in home.household.sight.failed}
    yield Measure("anbu_fault", "Parts of the gateway that do not work", ("part",), faults)


def _devices(home: Home, now_ms: int) -> Iterator[Measure]:
    devices = home.household.roster.devices if home.household.roster else ()
    kinds = (PILLBOX, CAREPLUG)
    links: dict[tuple[str, ...], float] = {(kind, up): 0 for kind in kinds for up in LINKS}
    unseen = stale = 0
    for device in devices:
        belief = home.household.devices.get(device.id, DeviceBelief())
        resting = belief.rests(now_ms)
        link = "up" if belief.link_up else "resting" if resting else "down"
        links[device.kind, link] += 1
        late_ms = belief.late_ms()
        unseen += late_ms is not None and now_ms >= late_ms + UNSEEN_MS
        stale += is_stale(home.household, device.id, now_ms)
    yield Measure("anbu_devices", "Devices by kind and link", ("kind", "link"), links)
    yield Measure("anbu_devices_unseen", "Later than they said they would be", values={(): unseen})
    says = "Devices that did not read back their newest schedule for more than a day"
    yield Measure("anbu_schedules_stale", says, values={(): stale})


def _told(home: Home, now_ms: int) -> Iterator[Measure]:
    live = [i for i in home.ledger.incidents.values() if i.live]
    states = [str(state) for state in State if state is not State.RESOLVED]
    counted = _counted(states, (str(incident.state) for incident in live))
    yield Measure("anbu_incidents", "Incidents that are not over", ("state",), counted)
    oldest_s = max((now_ms - i.opened_ms for i in live), default=0) / 1000
    says = "How long the oldest of them is open"
    yield Measure("anbu_incident_oldest_seconds", says, values={(): oldest_s})
    texts = _counted(TEXTS_LEAVING, (t.state for t in home.ledger.texts.values()))
    yield Measure("anbu_texts_leaving", "Texts on their way", ("state",), texts)
    seen = alarms(home.ledger, now_ms)
    kinds: Counted = {("told",): seen.told, ("false",): seen.false, ("needed",): seen.needed}
    says = f"Alarms of the last {seen.days} days: told, of these false, of these needing a person"
    yield Measure("anbu_alarms", says, ("kind",), kinds)


def _counted(wanted: Sequence[str], found: Iterable[str]) -> Counted:
    """How often each of `wanted` is found; 0 is said, too."""
    counter = Counter(found)
    return {(name,): counter[name] for name in wanted}
