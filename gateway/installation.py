"""The check list of an installation: what the gateway can see by itself, what a person has to say.

Knows: beliefs, orders and texts of one person; what was measured comes as an argument. May not
know: who signs, words, the page; the time is an argument.

A check that is not known yet is open, never bad; a record says which checks were not good, and the
technician's remark about them.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from itertools import takewhile
from typing import Any

from anbu_wire import messages as wire
from gateway.home import Home
from gateway.orders import Answer, Kind
from gateway.roster import PILLBOX, Device, Roster
from gateway.units import DAY_MS, MIN_MS

HEARD_MS = 5 * MIN_MS  # a device that was heard within this is there
TRIED_MS = DAY_MS  # a test of longer ago says nothing about this installation
WEAK_DBM = -85  # below this BLE loses connections at every closed door
DISK_LEAST_BYTES = 200 * 1024 * 1024
DIGEST_DIGITS = 16
TEST_TEXT = "test_now"
# What no machine can see: she saw its light, heard its sound, was shown HELP, knows who is told.
SAID = ("lit", "sound", "help", "told")


class State(StrEnum):
    """How a check stands."""

    OK = "ok"
    OPEN = "open"  # not known yet, or not tried
    BAD = "bad"


@dataclass(frozen=True, slots=True)
class Check:
    """One check; `of`: which device or guardian, "" = the gateway or the person."""

    code: str
    state: State
    of: str = ""
    value: int | None = None  # dBm, MiB


@dataclass(frozen=True, slots=True)
class Measured:
    """What the edges see. `signals`: dBm by device; `clock_right` None: nobody can say."""

    signals: Mapping[str, int] = field(default_factory=dict)
    disk_free_bytes: int | None = None
    clock_right: bool | None = None


def checks(home: Home, person_id: str, measured: Measured, now_ms: int) -> tuple[Check, ...]:
    """The list for one person, in the order in which it is gone through."""
    roster = home.household.roster
    if roster is None:
        return ()
    devices = roster.devices_of(person_id)
    return (
        Check("placed", _ok_or_open(any(d.kind == PILLBOX for d in devices))),
        *(check for device in devices for check in _device(home, device, measured, now_ms)),
        *_texts(home, roster, person_id, now_ms),
        *_gateway(home, measured),
    )


def _device(home: Home, device: Device, measured: Measured, now_ms: int) -> Iterator[Check]:
    belief = home.household.devices.get(device.id)
    heard_ms = belief.heard_ms if belief else None
    there = belief is not None and (belief.link_up or belief.rests(now_ms))
    fresh = there or (heard_ms is not None and now_ms - heard_ms < HEARD_MS)
    yield Check("room", _ok_or_open(bool(device.room)), device.id)
    yield Check("heard", State.OK if fresh else State.BAD if heard_ms else State.OPEN, device.id)
    dbm = measured.signals.get(device.id)
    strong = State.OPEN if dbm is None else _ok_or_bad(dbm >= WEAK_DBM)
    yield Check("signal", strong, device.id, dbm)
    if belief is not None:
        yield Check("clock", _ok_or_open(belief.quality == wire.SYNCED), device.id)
        if device.kind == PILLBOX:
            made = (belief.version_made, belief.crc_made)
            read_back = belief.version_made > 0 and belief.confirmed == made
            yield Check("schedule", _ok_or_open(read_back), device.id)
    yield Check("prompt", _tried(home, device, now_ms), device.id)


def _tried(home: Home, device: Device, now_ms: int) -> State:
    """Whether it was made to show itself since the technician is here, and did."""
    wanted = Kind.PROMPT_TEST if device.kind == PILLBOX else Kind.LOCATE
    lately = takewhile(
        lambda order: now_ms - order.at_ms < TRIED_MS, reversed(home.book.orders.values())
    )
    for order in lately:
        hers = (order.device_id, order.kind) == (device.id, wanted)
        if hers and order.answer is not Answer.WAITING:
            return _ok_or_bad(order.answer is Answer.DONE)
    return State.OPEN


def _texts(home: Home, roster: Roster, person_id: str, now_ms: int) -> Iterator[Check]:
    """Whether each of those who are told first got a test text."""
    lately = takewhile(
        lambda text: now_ms - text.decided_ms < TRIED_MS, reversed(home.ledger.texts.values())
    )
    states: dict[str, str] = {}
    for text in lately:
        if text.purpose == TEST_TEXT:
            states.setdefault(text.number, text.state)  # the newest
    for guardian in next(iter(roster.steps(person_id)), ()):
        last = states.get(guardian.number, "")
        bad = last in ("undelivered", "unreported", "withdrawn")
        state = State.OK if last == "delivered" else State.BAD if bad else State.OPEN
        yield Check("text", state, guardian.id)


def _gateway(home: Home, measured: Measured) -> Iterator[Check]:
    failed, modem = home.household.sight.failed, home.household.modem
    yield Check("radio", _ok_or_bad("radio" not in failed))
    registered = modem is not None and modem.registered
    state = State.BAD if "modem" in failed else _ok_or_open(registered)
    yield Check("modem", state, value=modem.signal_dbm if modem else None)
    free = measured.disk_free_bytes
    enough = State.OPEN if free is None else _ok_or_bad(free >= DISK_LEAST_BYTES)
    yield Check("disk", enough, value=None if free is None else free // 2**20)
    right = measured.clock_right
    yield Check("time", State.OPEN if right is None else _ok_or_bad(right))


def _ok_or_bad(good: bool) -> State:
    return State.OK if good else State.BAD


def _ok_or_open(good: bool) -> State:
    return State.OK if good else State.OPEN


def record(
    roster: Roster, person_id: str, found: tuple[Check, ...], remark: str, now_ms: int
) -> dict[str, Any]:
    """What is signed: devices and rooms, who is told first, every check, the remark; no key."""
    person = roster.person(person_id)
    return {
        "home_id": roster.home_id,
        "person": person.name if person else "",
        "at_ms": now_ms,
        "devices": [
            {"id": d.id, "kind": d.kind, "room": d.room} for d in roster.devices_of(person_id)
        ],
        "told": [[g.name for g in step] for step in roster.steps(person_id)],
        "checks": [{**asdict(check), "state": str(check.state)} for check in found],
        "said": list(SAID),
        "remark": remark,
    }


def digest_of(signed: Mapping[str, Any], by: str) -> str:
    """By which a printed record is compared with the log: SHA-256 of it and who signed, cut."""
    text = json.dumps({"record": signed, "by": by}, sort_keys=True, ensure_ascii=True)
    return hashlib.sha256(text.encode()).hexdigest()[:DIGEST_DIGITS]
