"""What the technician's pages show: devices, tests, the gateway's health, the check list.

Knows: the home, what the workshop measured, the page's words. May not know: HTML, Flask, keys, what
a check means (gateway.installation).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from gateway.freshness import is_fresh
from gateway.home import Home
from gateway.image import Image
from gateway.installation import SAID, TEST_TEXT, Check, Measured, State, checks
from gateway.orders import Kind, Order
from gateway.picture import picture
from gateway.roster import Guardian, Roster
from gateway.web import care, slots, texts
from gateway.web.words import Words
from gateway.workshop import Health, Progress, Signal, Workshop

View = dict[str, Any]

ICONS = {State.OK: "taken", State.OPEN: "waiting", State.BAD: "missed"}
STRONG = ((-60, "strong"), (-75, "good"), (-85, "enough"))  # dBm at the least
ORDERS_SHOWN = 3
TRIES = (Kind.PROMPT_TEST, Kind.LOCATE, Kind.UPDATE)
_MIB = 2**20


def measured(workshop: Workshop) -> Measured:
    """What only the edges know."""
    health, signals = workshop.health(), workshop.signals()
    return Measured(
        {device_id: signal.dbm for device_id, signal in signals.items()},
        health.disk_free_bytes if health.disk_bytes else None,
        health.clock_right,
    )


def signal(heard: Signal | None, now_ms: int, words: Words) -> str:
    """How strongly a device was heard, when, and whether that is enough."""
    if heard is None:
        return words.say("install.signal.never")
    how = next((name for least, name in STRONG if heard.dbm >= least), "weak")
    return words.say(
        "install.signal.heard",
        how=words.say(f"install.signal.{how}"),
        dbm=heard.dbm,
        ago=words.ago(now_ms - heard.age_ms, now_ms),
    )


def health(home: Home, found: Health, now_ms: int, words: Words) -> list[View]:
    """Radio, modem, disk, clock: name, sentence, icon."""
    failed, modem = home.household.sight.failed, home.household.modem
    rows: list[tuple[str, State, str, str]] = []
    for part in ("radio", "modem"):
        if part in failed:
            since_ms, why = failed[part]
            at = words.moment(since_ms, now_ms)
            rows.append((part, State.BAD, words.say("install.health.failed", at=at), why))
        elif part == "modem":
            rows.append((part, *_modem(modem, words), ""))
        else:
            rows.append((part, State.OK, words.say("install.health.works"), ""))
    free, size = found.disk_free_bytes // _MIB, found.disk_bytes // _MIB
    check = next(c for c in _own(home, found) if c.code == "disk")
    said = words.say("install.health.space", free=f"{free:,}", size=f"{size:,}")
    rows.append(("disk", check.state, said, ""))
    clock = {True: "right", False: "wrong", None: "unknown"}[found.clock_right]
    states = {"right": State.OK, "wrong": State.BAD, "unknown": State.OPEN}
    said = words.say(f"install.health.clock.{clock}", at=words.moment(now_ms, now_ms))
    rows.append(("clock", states[clock], said, ""))
    return [
        {
            "name": words.say(f"install.health.{part}"),
            "icon": ICONS[state],
            "state": str(state),
            "word": words.say(f"install.check.{state}"),
            "said": said,
            "why": why,
        }
        for part, state, said, why in rows
    ]


def _own(home: Home, found: Health) -> tuple[Check, ...]:
    free = found.disk_free_bytes if found.disk_bytes else None
    return checks(home, "", Measured({}, free, found.clock_right), 0)


def _modem(modem: Any, words: Words) -> tuple[State, str]:  # noqa: ANN401 — ModemSeen or nothing
    if modem is None or not modem.registered:
        return State.OPEN, words.say("install.health.modem.never")
    operator = modem.operator or "?"
    if modem.signal_dbm is None:
        return State.OK, words.say("install.health.modem.in", operator=operator)
    said = words.say("install.health.modem.strong", operator=operator, dbm=modem.signal_dbm)
    return State.OK, said


def devices(
    home: Home, person_id: str, workshop: Workshop, now_ms: int, words: Words
) -> list[View]:
    """Each device of a person: how it is heard, what it can be made to do, what became of that."""
    drawn = picture(home.household, home.ledger, now_ms, book=home.book, only={person_id})
    kept, signals, far = workshop.kept(), workshop.signals(), workshop.progress()
    shown = []
    for entry in (d for p in drawn["persons"] for d in p["devices"]):
        orders = [
            order
            for order in home.book.orders.values()
            if order.device_id == entry["id"] and order.kind in TRIES
        ]
        drawn_orders = {o["id"]: o for o in drawn["orders"]}
        device = home.household.roster.device(entry["id"]) if home.household.roster else None
        shown.append(
            {
                **slots.device(entry, now_ms, words),
                "fresh": is_fresh(entry, now_ms),
                "room": device.room if device else "",
                "keyless": entry["id"] not in kept,
                "signal": signal(signals.get(entry["id"]), now_ms, words),
                "box": entry["kind"] == "pillbox",
                "orders": [
                    {
                        **care.order(drawn_orders[order.id], now_ms, words),
                        "far": _far(order, far.get(order.id), words),
                    }
                    for order in reversed(orders[-ORDERS_SHOWN:])
                    if order.id in drawn_orders
                ],
            }
        )
    return shown


def _far(order: Order, progress: Progress | None, words: Words) -> str | None:
    """How far an update has come, and why it does not go on."""
    if order.kind is not Kind.UPDATE:
        return None
    version = order.arguments["version"]
    if progress is None:
        return words.say("install.update.version", version=version)
    percent = 100 * progress.there_bytes // max(1, progress.size_bytes)
    said = words.say("install.update.far", version=version, percent=percent)
    if not progress.waits:
        return said
    waits = "install.update.staged" if progress.waits == "staged" else f"refused.{progress.waits}"
    return f"{said} {words.say(waits)}" if words.has(waits) else said


def images(here: tuple[Image, ...], words: Words) -> list[tuple[str, str]]:
    """(checksum, name) of each update that lies here."""
    return [
        (
            f"{image.crc:08x}",
            words.say(
                "install.image",
                board=image.board,
                version=image.version,
                size=image.size_bytes // 1024,
            ),
        )
        for image in here
    ]


def waiting(roster: Roster, kept: Mapping[str, str], words: Words) -> list[tuple[str, str]]:
    """(id, name) of devices whose keys are here and that have no place yet."""
    return [
        (device_id, words.say("install.waiting.one", id=device_id, kind=words.code("device", kind)))
        for device_id, kind in sorted(kept.items())
        if kind and roster.device(device_id) is None
    ]


def told(home: Home, person_id: str, now_ms: int, words: Words) -> list[View]:
    """Everybody of her ladder, and what became of the last test text to each."""
    roster = home.household.roster
    people = [g for step in roster.steps(person_id) for g in step] if roster else []
    return [_guardian(home, guardian, now_ms, words) for guardian in people]


def _guardian(home: Home, guardian: Guardian, now_ms: int, words: Words) -> View:
    tried = [
        text
        for text in home.ledger.texts.values()
        if text.purpose == TEST_TEXT and text.number == guardian.number
    ]
    last = tried[-1] if tried else None
    state = last.state if last else ""
    good, bad = state == "delivered", state in ("undelivered", "unreported", "withdrawn")
    return {
        "id": guardian.id,
        "name": guardian.name,
        "number": texts.masked(guardian.number),
        "icon": "taken" if good else "missed" if bad else "waiting",
        "word": words.code("text", state) if last else words.say("install.text.never"),
        "at": words.moment(last.decided_ms, now_ms) if last else None,
    }


def check_list(found: tuple[Check, ...], roster: Roster, words: Words) -> list[View]:
    """Each check as a sentence with its state in a word and an icon."""
    return [check_line(c.code, c.state, _of(c, roster), c.value, words) for c in found]


def check_line(code: str, state: str, of: str, value: int | None, words: Words) -> View:
    """One check of a list, or of a record that was signed."""
    what = words.say(f"install.check.{code}", of=of)
    number = f"install.check.{code}.value"
    return {
        "what": what,
        "state": str(state),
        "icon": ICONS[State(state)],
        "word": words.say(f"install.check.{state}"),
        "value": words.say(number, n=value) if value is not None and words.has(number) else None,
    }


def _of(check: Check, roster: Roster) -> str:
    guardian = next((g for g in roster.guardians if g.id == check.of), None)
    return guardian.name if guardian is not None else check.of


def said(words: Words) -> list[tuple[str, str]]:
    """What a person has to tick: (code, sentence)."""
    return [(code, words.say(f"install.said.{code}")) for code in SAID]
