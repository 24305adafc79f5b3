"""Orders that nobody has to give: the box learns what became of a call, and when to be quiet.

Knows: incidents of the red button, those of which her own box asks, the roster's quiet hours.
May not know: how an order is carried out; the time is an argument.
"""

from __future__ import annotations

from collections.abc import Iterator

from gateway.events import DeviceOrdered
from gateway.household import Household
from gateway.incidents import Incident, Ledger, State
from gateway.incidents.ledger import ASK_KEY
from gateway.orders.book import Book, Kind
from gateway.orders.wishes import question_of
from gateway.roster import Person, Roster
from gateway.rules.worry import WorryKind
from gateway.units import DAY_MS, HOUR_MS

NEWS_MS = HOUR_MS  # the box itself forgets "help is on the way" after an hour
LOOK_BACK_MS = 7 * DAY_MS
ASKED_BACK_MS = DAY_MS  # no question is open for so long


def decide(household: Household, ledger: Ledger, book: Book, now_ms: int) -> list[DeviceOrdered]:
    """The orders that follow from what is believed now; an empty list when all are given."""
    roster = household.roster
    if roster is None:
        return []
    wanted = [*_help(roster, ledger, now_ms), *_asks(roster, ledger, now_ms), *_quiet(roster, book)]
    wanted += _taken_back(roster, ledger, book, now_ms)
    new = [w for w in wanted if w[3] not in book.keys]
    return [
        DeviceOrdered(now_ms, order_id, device_id, str(kind), _numbered(kind, a, order_id), key)
        for order_id, (device_id, kind, a, key) in enumerate(new, book.last_id + 1)
    ]


def _numbered(kind: Kind, arguments: dict[str, int], order_id: int) -> dict[str, int]:
    """A question has a number, by which the box's records name it."""
    return {**arguments, "question": question_of(order_id)} if kind is Kind.ASK else arguments


Wanted = tuple[str, Kind, dict[str, int], str]  # device id, kind, arguments, key


def _help(roster: Roster, ledger: Ledger, now_ms: int) -> Iterator[Wanted]:
    """Of each box's newest call: that somebody comes, or that it is over."""
    newest: dict[str, Incident] = {}
    live: set[str] = set()
    for incident in reversed(ledger.incidents.values()):
        if incident.opened_ms < now_ms - LOOK_BACK_MS:
            break
        if incident.worry == WorryKind.HELP_PRESSED:
            device_id = incident.key.split("/")[1]  # rules.help_call makes it
            newest.setdefault(device_id, incident)
            live |= {device_id} if incident.live else set()
    for device_id, incident in newest.items():
        last = incident.history[-1]
        taken = [e for e in incident.history if e.what == "acknowledged"]
        if roster.device(device_id) is None:
            continue
        if incident.state is State.ACKED and taken[-1].at_ms > now_ms - NEWS_MS:
            key = f"incident/{incident.id}/coming/{len(taken)}"
            yield device_id, Kind.HELP_COMING, {}, key
        elif device_id not in live and last.at_ms > now_ms - NEWS_MS:
            yield device_id, Kind.HELP_OVER, {}, f"incident/{incident.id}/over"


def _asks(roster: Roster, ledger: Ledger, now_ms: int) -> Iterator[Wanted]:
    """Of each incident whose person is asked first: her own box asks her."""
    for incident_id in ledger.live:
        incident = ledger.incidents[incident_id]
        left_ms = (incident.asked_until_ms or 0) - now_ms
        box = roster.box_of(incident.person_id)
        if box is not None and left_ms > 0 and incident.her_answer_ms is None:
            seconds = {"seconds": max(1, left_ms // 1000)}
            yield box.id, Kind.ASK, seconds, ASK_KEY.format(incident_id)


def _taken_back(roster: Roster, ledger: Ledger, book: Book, now_ms: int) -> Iterator[Wanted]:
    """What her box still asks though it is over: she made tea, or answered by her page."""
    for incident in reversed(ledger.incidents.values()):
        if incident.opened_ms < now_ms - ASKED_BACK_MS:
            break
        box = roster.box_of(incident.person_id)
        asked = ASK_KEY.format(incident.id) in book.keys
        over = incident.answered_by == "page" or (not incident.answered_by and not incident.live)
        if box is not None and asked and over and (incident.asked_until_ms or 0) > now_ms:
            yield box.id, Kind.ASK, {"seconds": 0}, f"incident/{incident.id}/ask/over"


def _quiet(roster: Roster, book: Book) -> Iterator[Wanted]:
    """The quiet hours of each person's box, once they differ from what was ordered last."""
    for person in roster.persons:
        device = roster.box_of(person.id)
        if device is None:
            continue
        times, before = book.quiet.get(device.id, (0, {"from_min": 0, "until_min": 0}))
        arguments = _quiet_minutes(person)
        if arguments != before:
            yield device.id, Kind.QUIET, arguments, f"quiet/{device.id}/{times}"


def _quiet_minutes(person: Person) -> dict[str, int]:
    clocks = person.quiet or {"from": "00:00", "until": "00:00"}
    return {f"{name}_min": _minutes(clocks[name]) for name in ("from", "until")}


def _minutes(clock: str) -> int:
    hours, minutes = clock.split(":")
    return int(hours) * 60 + int(minutes)
