"""The technician's lists as the API says them: check lists, signed records, the gateway's health.

Knows: what the workshop measured (look.Bench), the check list. May not know: keys, files, a radio.
"""

from __future__ import annotations

from typing import Any

from gateway.api.look import Look, NotThere
from gateway.installation import Check, State, checks

Json = dict[str, Any]


def installations(look: Look) -> Json:
    """The persons of this page of the list: what is left to do, when it was signed."""
    after, most = look.asked["after"], look.asked["limit"]
    hers = [p for p in look.roster.persons if look.eyes.person(p.id)]
    ids = [person.id for person in hers]
    if after is not None and after not in ids:
        raise NotThere
    rest = hers[ids.index(after) + 1 :] if after is not None else hers
    shown = rest[:most]
    lines = []
    for person in shown:
        signed = look.home.installations.signed.get(person.id, ())
        lines.append(
            {
                "person_id": person.id,
                "name": person.name,
                "left": _left(_checks(look, person.id)),
                "signed_ms": signed[-1].at_ms if signed else None,
            }
        )
    more = len(rest) > len(shown)
    return {
        "as_of_ms": look.now_ms,
        "installations": lines,
        "next": shown[-1].id if more else None,
    }


def installation(look: Look) -> Json:
    """The check list of one person, and how strongly her devices are heard."""
    person, heard = look.person, look.bench.heard
    found = _checks(look, person.id)
    devices = [d for d in look.roster.devices_of(person.id) if d.id in heard]
    return {
        "as_of_ms": look.now_ms,
        **look.line,
        "checks": [_check(check) for check in found],
        "left": _left(found),
        "signals": [
            {"device_id": d.id, "dbm": heard[d.id][0], "heard_ms": look.now_ms - heard[d.id][1]}
            for d in devices
        ],
    }


def records(look: Look) -> Json:
    """Every record that was signed about her, the newest first."""
    signed = look.home.installations.signed.get(look.person.id, [])
    return {
        "as_of_ms": look.now_ms,
        **look.line,
        "records": [
            {"digest": one.digest, "at_ms": one.at_ms, "by": one.by, "record": one.record}
            for one in reversed(signed)
        ],
    }


def gateway(look: Look) -> Json:
    """This computer: radio, modem, disk, clock; keys without a place; updates."""
    household, bench = look.home.household, look.bench
    failed, modem = household.sight.failed, household.modem
    own = {check.code: check.state for check in _checks(look, "") if not check.of}
    return {
        "as_of_ms": look.now_ms,
        "parts": [
            {
                "part": part,
                "state": str(own[code]),
                "since_ms": failed[part][0] if part in failed else None,
                "why": failed[part][1] if part in failed else "",
            }
            for part, code in (
                ("radio", "radio"), ("modem", "modem"), ("disk", "disk"), ("clock", "time"),
            )
            if code in own
        ],
        "disk_free_bytes": bench.measured.disk_free_bytes,
        "disk_bytes": bench.disk_bytes,
        "clock_right": bench.measured.clock_right,
        "modem": {
            "registered": modem.registered,
            "operator": modem.operator,
            "signal_dbm": modem.signal_dbm,
        }
        if modem
        else None,
        "waiting": [
            {"id": device_id, "kind": kind}
            for device_id, kind in sorted(bench.kept.items())
            if kind and look.roster.device(device_id) is None
        ],
        "images": [
            {"crc": i.crc, "board": i.board, "version": i.version, "size_bytes": i.size_bytes}
            for i in bench.images
        ],
        "updates": _updates(look),
    }  # fmt: skip


def _checks(look: Look, person_id: str) -> tuple[Check, ...]:
    return checks(look.home, person_id, look.bench.measured, look.now_ms)


def _left(found: tuple[Check, ...]) -> int:
    return sum(check.state is not State.OK for check in found)


def _check(check: Check) -> Json:
    return {"code": check.code, "state": str(check.state), "of": check.of, "value": check.value}


def _updates(look: Look) -> list[Json]:
    """Of devices of those whom the asker looks after."""
    found = []
    for order_id, (there, size, waits) in look.bench.sent.items():
        order = look.home.book.orders.get(order_id)
        device = look.roster.device(order.device_id) if order else None
        if order is not None and device is not None and look.eyes.person(device.person_id):
            bytes_ = {"there_bytes": there, "size_bytes": size}
            found.append({"order_id": order_id, "device_id": device.id, **bytes_, "waits": waits})
    return found
