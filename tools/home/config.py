"""Writes the gateway's configuration for a house: devices, people, medicines.

Knows: the keys of the gateway's TOML, where everything of a house stands. May not know: secrets
(keys stay in their files), what the house does with it.
"""

from __future__ import annotations

import dataclasses
import json

from tools.home.provision import DEVICE_ID, Places
from tools.home.story import Household

Blocks = list[tuple[str, dict[str, object]]]


def write_config(
    places: Places,
    household: Household,
    port: int | None,
    from_day: str,
    patience: float = 1.0,
    telephone: str | None = None,
) -> None:
    """Writes the gateway's TOML for this household. `port` None = no page.

    `patience`: of its radio and modem, so many times longer where the house is faster than its
    processor.
    `telephone`: where hers is called, host and port.
    """
    blocks: Blocks = [
        ("[gateway]", {"home_id": "home-1", "database": str(places.database),
                       "time_zone": "Asia/Seoul", "language": household.language}),
        ("[radio]", {"backend": "tools.home.bleak_backend", "hci": f"unix-client:{places.hci}",
                     "patience": patience}),
        ("[modem]", {"port": str(places.modem), "patience": patience}),
        *_devices(places, household),
        ("[[guardian]]", {"id": household.guardian_id, "name": household.guardian_name,
                          "number": household.guardian_number, "language": household.language,
                          "person": household.person_id, "after_min": 0}),
    ]  # fmt: skip
    for told in household.others:
        row = {**dataclasses.asdict(told), "person": household.person_id}
        blocks.append(("[[guardian]]", {**row, "language": household.language}))
    if port is not None:
        window = str(places.window) if household.box else None
        blocks.append(("[web]", {"host": "127.0.0.1", "port": port, "box_window": window}))
    if telephone is not None:
        blocks.append(("[calls]", {"account": "anbu@127.0.0.1", "server": telephone,
                                   "transport": "udp", "media_encrypted": False,
                                   "interface": "127.0.0.1"}))  # fmt: skip
    if household.policy:
        blocks.append(("[policy]", dict(household.policy)))
    blocks += [_person(household), *_medicine(household, from_day)]
    text = "\n".join(_block(head, values) for head, values in blocks)
    places.config.write_text(text, encoding="utf-8")


def _devices(places: Places, household: Household) -> Blocks:
    kinds: list[tuple[str, str, Places, dict[str, str]]] = []
    if household.box:
        kinds.append((DEVICE_ID, "pillbox", places, {}))
    for plug in household.plugs:
        own = places.of(plug.device_id)
        more = {"room": plug.room, "bthome_key_file": str(own.bthome_key)}
        kinds.append((plug.device_id, "careplug", own, more))
    return [
        ("[[device]]", {"id": device_id, "kind": kind, "person": household.person_id,
                        "key_file": str(own.key), **more})
        for device_id, kind, own, more in kinds
    ]  # fmt: skip


def _person(household: Household) -> tuple[str, dict[str, object]]:
    row: dict[str, object] = {"id": household.person_id, "name": household.person_name}
    if household.meal_clock:
        row["meal_clock"] = dict(household.meal_clock)
    row |= household.watch
    if household.quiet:
        row["quiet"] = dict(zip(("from", "until"), household.quiet, strict=True))
    return "[[person]]", row


def _medicine(household: Household, from_day: str) -> Blocks:
    rows: Blocks = []
    for dose in household.doses:
        row: dict[str, object] = {"slots": [dose.label, *dose.more], "early_min": dose.early_min}
        row |= {"window_min": dose.window_min, "late_min": dose.late_min}
        row |= {"criticality": dose.criticality, "due": dose.due, "spacing_min": dose.spacing_min}
        if dose.every_days > 1:
            row |= {"every_days": dose.every_days, "from": from_day}
        rows.append(("[[regimen]]", row))
    rows += [("[[as_needed]]", dataclasses.asdict(asked)) for asked in household.as_needed]
    return [(head, {"person": household.person_id, **row}) for head, row in rows]


def _block(head: str, values: dict[str, object]) -> str:
    rows = [f"{key} = {_toml(value)}" for key, value in values.items() if value is not None]
    return "\n".join([head, *rows, ""])


def _toml(value: object) -> str:
    if isinstance(value, dict):
        inside = ", ".join(f"{key} = {_toml(inner)}" for key, inner in value.items())
        return f"{{ {inside} }}"
    # JSON's strings, numbers and lists of strings are TOML's as well.
    return json.dumps(value, ensure_ascii=False)
