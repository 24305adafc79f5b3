"""Reading the configuration: sections, then how they hang together, then the roster.

Knows: TOML, key files and their modes. May not know: what the parts do with their settings.
"""

from __future__ import annotations

import dataclasses
import tomllib
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gateway.config import (
    calls,
    drug_classes,
    fields,
    ladders,
    life,
    private,
    regimens,
    routes,
    web,
)
from gateway.config.calls import CallSettings
from gateway.config.fields import NEEDED, Field
from gateway.config.web import WebSettings
from gateway.roster import (
    CAREPLUG,
    MEAL_DEFAULTS,
    PILLBOX,
    SEOUL,
    SEOUL_ZONE,
    AsNeeded,
    Device,
    Guardian,
    Person,
    Policy,
    Roster,
)

ONE = {**ladders.with_ladders(fields.ONE), **routes.SECTIONS, **life.SECTIONS, **calls.SECTIONS}
MANY = ladders.with_ladders(fields.MANY)
OPTIONAL = fields.OPTIONAL | ONE.keys() - fields.ONE.keys()
Row = dict[str, Any]


class ConfigError(Exception):
    """The file cannot be used; `problems` has one line for each mistake."""

    def __init__(self, path: Path, problems: list[str]) -> None:
        super().__init__(f"{path}: {len(problems)} mistakes")
        self.path = path
        self.problems = problems


@dataclass(frozen=True, slots=True)
class RadioSettings:
    """Which bleak backend carries the radio, at which adapter, how patiently."""

    backend: str
    hci: str | None
    patience: float


@dataclass(frozen=True, slots=True)
class HeartbeatSettings:
    """The watch outside the house; `url` None = there is none."""

    url: str | None = None
    every_min: int = 5


@dataclass(frozen=True, slots=True)
class Config:
    """Everything the gateway is told. `web` None = no page."""

    database: Path
    roster: Roster
    keys: Mapping[str, bytes]  # device id → 16 bytes
    radio: RadioSettings
    modem_port: str
    modem_patience: float
    web: WebSettings | None
    modem_reset_line: str = "dtr"
    modem_pin_file: Path | None = None
    texts: routes.TextSettings = dataclasses.field(default_factory=routes.TextSettings)
    heartbeat: HeartbeatSettings = dataclasses.field(default_factory=HeartbeatSettings)
    bthome_keys: Mapping[str, bytes] = dataclasses.field(default_factory=dict)  # of plugs, as keys
    calls: CallSettings | None = None  # None: nobody is called


def load(path: Path) -> Config:
    """The configuration in a file; its relative paths start at its folder.

    Raises ConfigError with every mistake in it.
    """
    try:
        document = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise ConfigError(path, [f"cannot be read: {error.strerror}"]) from error
    except UnicodeDecodeError as error:
        line = path.read_bytes()[: error.start].count(b"\n") + 1
        todo = "save the file as UTF-8 in your editor"
        raise ConfigError(path, [f"is not UTF-8 (line {line}); {todo}"]) from error
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(path, [f"is not TOML: {error}"]) from error
    reader = _Reader(document, path.parent)
    config = reader.read()
    if reader.problems or config is None:
        raise ConfigError(path, reader.problems)
    return config


class _Reader:
    """One reading: collects problems instead of stopping at the first."""

    def __init__(self, document: Row, folder: Path) -> None:
        self.problems: list[str] = []
        self._document = document
        self._folder = folder

    def read(self) -> Config | None:
        """The configuration; None or of no worth where `problems` is not empty."""
        for name in self._document.keys() - ONE.keys() - MANY.keys() - {drug_classes.SECTION}:
            sections = [f"[{n}]" for n in ONE] + [f"[[{n}]]" for n in MANY]
            sections.append(f"[{drug_classes.SECTION}.NAME]")
            self._problem(f"[{name}]", "unknown section", "allowed: " + ", ".join(sections))
        one = {name: self._section(name) for name in ONE}
        many = {name: self._sections(name) for name in MANY}
        keys = self._keys(many["device"], "key_file")
        bthome_keys = self._keys(many["device"], "bthome_key_file")
        texts = routes.settings(one["texts"], one["http_sms"], self._folder, self._problem)
        classes = self._document.get(drug_classes.SECTION, {})
        house = drug_classes.drug_classes(classes, self._problem)
        pin_file = self._pin_file(one["modem"])
        asked = one["calls"] if "calls" in self._document else {}
        called = calls.settings(asked, self._folder, self._problem)
        served = web.settings(one["web"], self._folder, self._problem)
        self._cross_check(many)
        self._check_plugs(one["gateway"], many["device"])
        if self.problems:
            return None
        roster = _roster(one["gateway"], one["policy"], many)
        watch = life.life_of(one["life"])
        roster = dataclasses.replace(roster, drug_classes=house, life=watch)
        radio, modem = one["radio"], one["modem"]
        return Config(
            database=self._path(one["gateway"]["database"]),
            roster=roster,
            keys=keys,
            radio=RadioSettings(radio["backend"], radio["hci"], radio["patience"]),
            modem_port=str(self._path(modem["port"])),
            modem_patience=modem["patience"],
            modem_reset_line=modem["reset_line"],
            modem_pin_file=pin_file,
            web=served if "web" in self._document else None,
            texts=texts,
            heartbeat=HeartbeatSettings(**one["heartbeat"]),
            bthome_keys=bthome_keys,
            calls=called,
        )

    def _path(self, text: str) -> Path:
        return self._folder / text

    def _problem(self, where: str, what: str, allowed: str) -> None:
        self.problems.append(f"{where}: {what}; {allowed}")

    # --- single sections -------------------------------------------------------------------

    def _section(self, name: str) -> Row:
        table = self._document.get(name)
        if table is None and name not in OPTIONAL:
            self._problem(f"[{name}]", "is missing", "it must be there once")
        if table is not None and not isinstance(table, dict):
            self._problem(f"[{name}]", "is not a section", f"write [{name}] and its keys below")
        elif table is not None or name in OPTIONAL:
            return self._row(f"[{name}]", table or {}, ONE[name])
        return {}

    def _sections(self, name: str) -> list[Row]:
        tables = self._document.get(name, [])
        if not isinstance(tables, list) or not all(isinstance(t, dict) for t in tables):
            self._problem(f"[[{name}]]", "is not a list of sections", f"write [[{name}]] for each")
            return []
        if not tables and name not in OPTIONAL:
            self._problem(f"[[{name}]]", "is missing", "at least one must be there")
        return [
            self._row(f"[[{name}]] {n}", table, MANY[name]) for n, table in enumerate(tables, 1)
        ]

    def _row(self, where: str, table: Row, fields: dict[str, Field]) -> Row:
        for key in table.keys() - fields.keys():
            self._problem(f"{where} {key}", "unknown key", "allowed: " + ", ".join(fields))
        row: Row = {}
        for key, field in fields.items():
            if key not in table:
                row[key] = None if field.default is NEEDED else field.default
                if field.default is NEEDED:
                    self._problem(f"{where} {key}", "is missing", _allowed(field))
                continue
            try:
                row[key] = field.check(table[key])
            except ValueError as error:
                row[key] = None
                self._problem(f"{where} {key}", f"is {table[key]!r}", f"allowed: {error}")
        return row

    # --- keys ------------------------------------------------------------------------------

    def _keys(self, devices: list[Row], name: str) -> dict[str, bytes]:
        keys = {}
        for n, device in enumerate(devices, 1):
            if device["id"] and device[name]:
                where = f"[[device]] {n} {name}"
                key = self._key(where, self._path(device[name]))
                if key is not None:
                    keys[device["id"]] = key
        return keys

    def _key(self, where: str, path: Path) -> bytes | None:
        try:
            return private.key_in(path)
        except private.PrivateFileError as error:
            self._problems(where, error)
            return None

    def _problems(self, where: str, error: private.PrivateFileError) -> None:
        for what, allowed in error.problems:
            self._problem(where, what, allowed)

    def _pin_file(self, modem: Row) -> Path | None:
        """Where the SIM's PIN is; what it is stays in that file."""
        if not modem.get("pin_file"):
            return None
        path = self._path(modem["pin_file"])
        try:
            private.text_in(path, "[0-9]{4,8}", "PIN", "4 to 8 digits")
        except private.PrivateFileError as error:
            self._problems("[modem] pin_file", error)
        return path

    # --- how they hang together ------------------------------------------------------------

    def _cross_check(self, many: dict[str, list[Row]]) -> None:
        for name in ("person", "device", "guardian"):
            ids = Counter(row["id"] for row in many[name] if row["id"])
            for twice in (i for i, n in ids.items() if n > 1):
                self._problem(f"[[{name}]] id", f'"{twice}" is there twice', "each id once")
        persons = {row["id"] for row in many["person"]}
        for name in ("device", "guardian", "regimen", "as_needed"):
            for n, row in enumerate(many[name], 1):
                if row["person"] and row["person"] not in persons:
                    known = ", ".join(f'"{p}"' for p in sorted(p for p in persons if p))
                    known = known or "the id of a [[person]]"
                    self._problem(
                        f"[[{name}]] {n} person", f'is "{row["person"]}"', f"allowed: {known}"
                    )
        for person in sorted(p for p in persons if p):
            self._check_person(person, many)

    def _check_plugs(self, gateway: Row, devices: list[Row]) -> None:
        """What only plugs have, and what a home with a plug has to say."""
        for n, row in enumerate(devices, 1):
            if row["bthome_key_file"] and row["kind"] == PILLBOX:
                where = f"[[device]] {n} bthome_key_file"
                self._problem(where, "is of a pill box", f'only where kind = "{CAREPLUG}"')
        place = [gateway.get(name) for name in ("latitude", "longitude")]
        said = sum(degrees is not None for degrees in place)
        needed = gateway.get("time_zone") != SEOUL_ZONE and any(
            row["kind"] == CAREPLUG for row in devices
        )
        if said == 1 or (needed and not said):
            allowed = "both, in degrees north and east: by them a care plug knows when it is dark"
            self._problem("[gateway] latitude, longitude", "are missing", allowed)

    def _check_person(self, person: str, many: dict[str, list[Row]]) -> None:
        where = f'[[person]] "{person}"'
        if not any(row["person"] == person for row in many["guardian"]):
            self._problem(where, "has nobody to tell", "at least one [[guardian]] of this person")
        boxes = [row for row in many["device"] if row["kind"] == PILLBOX]
        if sum(row["person"] == person for row in boxes) > 1:
            allowed = f'one [[device]] a person with kind = "{PILLBOX}"'
            self._problem(where, "has several pill boxes", allowed)
        own = next(row for row in many["person"] if row["id"] == person)
        of_person = (
            [r for r in many[n] if r["person"] == person] for n in ("regimen", "as_needed")
        )
        for what, allowed in regimens.problems(own, *of_person):
            self._problem(where, what, allowed)


def _allowed(field: Field) -> str:
    """What a missing key may be, in the words of its check."""
    try:
        field.check(None)
    except ValueError as error:
        return f"allowed: {error}"
    return "it must be there"


def _roster(gateway: Row, policy: Row, many: dict[str, list[Row]]) -> Roster:
    guardians: list[Guardian] = []
    for row in many["guardian"]:
        before = sum(g.person_id == row["person"] for g in guardians)
        after_min = row["after_min"]
        guardians.append(
            Guardian(
                id=row["id"],
                person_id=row["person"],
                name=row["name"],
                number=row["number"],
                language=row["language"] or gateway["language"],
                after_min=before * policy["step_min"] if after_min is None else after_min,
                **ladders.told_by(row),
            )
        )
    return Roster(
        home_id=gateway["home_id"],
        time_zone=gateway["time_zone"],
        language=gateway["language"],
        latitude=SEOUL[0] if gateway["latitude"] is None else gateway["latitude"],
        longitude=SEOUL[1] if gateway["longitude"] is None else gateway["longitude"],
        persons=tuple(
            Person(
                r["id"],
                r["name"],
                {**MEAL_DEFAULTS, **r["meal_clock"]},
                r["quiet"],
                **ladders.watched_by(r),
            )
            for r in many["person"]
        ),
        devices=tuple(Device(r["id"], r["kind"], r["person"], r["room"]) for r in many["device"]),
        guardians=tuple(guardians),
        regimens=tuple(regimens.regimen_of(row) for row in many["regimen"]),
        policy=Policy(**{key: value for key, value in policy.items() if key != "step_min"}),
        as_needed=tuple(
            AsNeeded(
                row["person"],
                row["compartment"],
                row["spacing_min"],
                row["daily_max"],
                row["from"],
                row["until"],
            )
            for row in many["as_needed"]
        ),
    )
