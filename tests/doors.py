"""The table of doors: which room may enter which, and which library has which room.

Knows: every import of the tree, inside functions and guards too. May not know: what rooms do.
Each door is a function from a file to its violations. What import-linter can say (chains of
imports) stands in pyproject.toml; here stands what is written in a file itself.
"""

from __future__ import annotations

import ast
from collections.abc import Callable

from tests.tree import Import, Source, dotted, imports, inside, sources

Door = Callable[[Source], list[str]]

WIRE_LIBRARIES = {"struct", "binascii", "hashlib", "collections"}
SEAL_LIBRARIES = {"cryptolib", "cryptography"}  # one of them is there: each behind a guard
CORE_LIBRARIES = {"struct", "binascii", "collections", "array", "micropython"}
CHIP = {
    "machine",
    "neopixel",
    "esp32",
    "bluetooth",
    "esp",
    "espnow",
    "network",
    "onewire",
    "ubluetooth",
}
# MicroPython has none of these at run time.
NOT_ON_THE_CHIP = {
    "__future__", "abc", "contextlib", "dataclasses", "datetime", "enum", "functools", "itertools",
    "logging", "pathlib", "subprocess", "threading", "typing", "typing_extensions",
}  # fmt: skip
FOR_TYPES = {"typing", "collections", "_typeshed"}
TIME = {"time", "utime"}
TARGETS = ("pillbox", "careplug")

# What was prescribed, as it was written down: the household keeps it; what is planned from it is
# not known below.
WRITTEN = tuple(f"gateway.prescription.{m}" for m in ("medication", "stored", "supplies", "book"))
# Of the officer's room: what reads beliefs; what makes facts of her entries stands further right.
OFFICER_READS = (
    *("standing", "board", "cases", "choosing", "visits", "alarms"),
    *("month", "months", "doses"),
)
# What decides in the gateway: no clock, no IO, no log, no chance.
LAYERS = (
    (
        *(f"gateway.{m}" for m in ("events", "fact", "said", "texting", "telling", "calling")),
        *(f"gateway.{m}" for m in ("caring", "looking_in", "netting", "phoning", "worrying")),
        "gateway.access.facts",
        *WRITTEN,
    ),
    ("gateway.household", "gateway.household_roster", "gateway.household_said"),
    (
        *("gateway.prescription", "gateway.adherence", "gateway.life.silence"),
        *("gateway.life.learning", "gateway.phones.watch", "gateway.coverage.watch"),
    ),
    tuple(f"gateway.calls.{m}" for m in ("windows", "today", "medicine", "queue", "missed")),
    ("gateway.rules", "gateway.fhir"),
    ("gateway.incidents",),
    ("gateway.orders",),
    (
        "gateway.picture",
        "gateway.picture_plan",
        "gateway.picture_incidents",
        "gateway.picture_life",
        "gateway.picture_seen",
        "gateway.installed",
        "gateway.home",
        *(f"gateway.officer.{m}" for m in OFFICER_READS),
    ),
    (
        "gateway.calls.planning",
        *(f"gateway.coverage.{m}" for m in ("survey", "taking", "plot")),
        "gateway.phones.saying",
        "gateway.phones.owntracks",
        "gateway.officer.casework",
        "gateway.officer.rounds",
        *(f"gateway.officer.{m}" for m in ("importing", "ending")),
        *("gateway.installation", "gateway.installing", "gateway.config.ladders"),
        *("gateway.entering", "gateway.admitting", "gateway.enrolling"),
    ),
    ("gateway.report.page", "gateway.report.tables", "gateway.api"),
)
PURE = (
    *(room for layer in LAYERS for room in layer),
    "gateway.officer",
    "gateway.access", "gateway.beliefs", "gateway.catalogue", "gateway.entries",
    "gateway.happenings",
    "gateway.roster", "gateway.phone", "gateway.roster_changes", "gateway.refused", "gateway.sight",
    "gateway.config.fields", "gateway.sync", "gateway.timelines", "gateway.units",
    "gateway.zones",
    "gateway.visiting", "gateway.calls", "gateway.phones", "gateway.coverage",
    "gateway.life", "gateway.ticking", "gateway.freshness", "gateway.image", "gateway.label",
    "gateway.sources.radio.ladder", "gateway.sources.radio.manners",
    "gateway.modem.at", "gateway.modem.at_lines", "gateway.modem.gsm7", "gateway.modem.pdu",
    "gateway.modem.text", "gateway.modem.tpfields", "gateway.modem.status", "gateway.modem.remedy",
    *(f"gateway.telephone.{m}" for m in ("digits", "outcome", "said", "speech")),
    "gateway.telephone.modem_words", "gateway.voice.judged", "gateway.voice.spoken",
)  # fmt: skip
PURE_LIBRARIES = {
    "__future__", "binascii", "bisect", "collections", "copy", "csv", "dataclasses", "datetime",
    "enum", "fractions", "functools", "hashlib", "heapq", "holidays", "itertools", "json", "math",
    "operator", "re", "statistics", "string", "struct", "types", "typing", "unicodedata",
    "zoneinfo", "dateutil", "anbu_wire",
}  # fmt: skip
TOUCHING_BUILTINS = {"open", "print", "input"}
TOUCHING_METHODS = {"now", "utcnow", "today"}  # of datetime and date

EDGES = (
    "gateway.sources", "gateway.log", "gateway.channels", "gateway.modem", "gateway.vault",
    "gateway.web", "gateway.keyring", "gateway.images",
    "gateway.telephone", "gateway.voice",
)  # fmt: skip
MODEM_USERS = (
    *("gateway.channels.sms", "gateway.sources.replies"),
    *(f"gateway.telephone.{m}" for m in ("modem", "modem_audio", "modem_call")),
)
WIRING = ("gateway.app", "gateway.__main__")

LIBRARY_ROOMS = {
    "argon2": ("gateway.vault",),
    "babel": ("gateway.web",),  # reads the page's words; locale and zone of a request
    "flask_babel": ("gateway.web",),
    "baresip": ("gateway.telephone.sip_process", "gateway.telephone.sip_call"),
    "bleak": ("gateway.sources.radio", "tools.home", "tools.technician.factory.ear"),
    "mpremote": ("tools.technician.console",),
    "bleak_retry_connector": ("gateway.sources.radio",),
    "dbus_fast": ("gateway.sources.radio",),
    "sqlalchemy": ("gateway.log",),
    "sqlite3": (
        "gateway.log",
        "gateway.vault",
        "tools.home",
        "tools.bench",
        "tools.technician.provisioning.ledger",
    ),  # tools count its rows, read-only
    "flask": ("gateway.web", "tools.bench.page", "tools.bench.page_load"),  # the bench asks it
    "jinja2": ("gateway.web",),
    "werkzeug": ("gateway.web",),
    "waitress": ("gateway.web", "gateway.app", "tools.bench.page_load"),
    "icalendar": ("gateway.web.feed",),
    "prometheus_client": ("gateway.web.metrics",),
    "schemathesis": (),
    "serial": ("gateway.modem.port", "tools.technician"),
    "segno": ("gateway.report.qr", "hardware", "tools.technician.provisioning.labels"),
    "littlefs": (
        "tools.technician.device_image",
        "tools.technician.flashing.running",
        "tools.technician.provisioning.identity",
    ),
    "esp_idf_nvs_partition_gen": ("tools.technician.nvs_image",),
    "deqr": (),
    "bumble": ("tools.home",),
    "cryptography": ("anbu_wire.seal", "tools.technician"),
    "fhir": (),
    "gammu": (),
    "gsmmodem": (),
    "h11": ("gateway.channels.http", "tools.home"),
    "holidays": ("gateway.prescription.working_days",),  # a calendar, no IO: door 4 lets it in
    "playwright": (),
    "solapi": (),
    "pypdf": (),
    "pyrage": ("gateway.enrolment", "gateway.voice.recordings"),
    "frictionless": (),
    "weasyprint": ("gateway.report.printer",),
}


def name_of(source: Source) -> str:
    """The dotted name of the file."""
    return dotted(source.path)


def lies_in(name: str, rooms: tuple[str, ...]) -> bool:
    """Whether dotted `name` is one of `rooms` or lies in one."""
    return any(inside(name, room) for room in rooms)


def ours(i: Import) -> bool:
    """Whether the import is of this repository, not of a library."""
    return i.library in {"gateway", "tools", "tests", "anbu_wire", "anbu_device", *TARGETS, "pins"}


def closed(source: Source, i: Import, why: str) -> str:
    """A violation: who wanted in where."""
    return source.at(i.node, f"imports {i.target}: {why}")


def guarded(source: Source) -> set[ast.AST]:
    """Every node that stands inside a try."""
    tries = [n for n in ast.walk(source.tree) if isinstance(n, ast.Try)]
    return {inner for outer in tries for inner in ast.walk(outer)}


def at_run_time(source: Source) -> list[Import]:
    """A firmware file's imports; `typing` under `if TYPE_CHECKING:` never reaches the chip."""
    checks = [
        n
        for n in ast.walk(source.tree)
        if isinstance(n, ast.If) and getattr(n.test, "id", "") == "TYPE_CHECKING"
    ]
    unseen = {inner for check in checks for line in check.body for inner in ast.walk(line)}
    return [i for i in imports(source) if not (i.library in FOR_TYPES and i.node in unseen)]


def door_1_wire(source: Source) -> list[str]:
    """anbu_wire imports four plain modules; its seal, guarded, a cipher."""
    if not inside(name_of(source), "anbu_wire"):
        return []
    found = []
    for i in at_run_time(source):
        if i.library in WIRE_LIBRARIES or i.library == "anbu_wire":
            continue
        cipher = i.library in SEAL_LIBRARIES and name_of(source) == "anbu_wire.seal"
        if not (cipher and i.node in guarded(source)):
            found.append(
                closed(source, i, "door 1, anbu_wire has struct, binascii, hashlib, collections")
            )
    return found


def door_2_device(source: Source) -> list[str]:
    """Pure device rooms see anbu_wire and core; no target sees the other, no driver a target."""
    if not source.path.startswith("firmware/") or inside(name_of(source), "anbu_wire"):
        return []
    name = name_of(source)
    target = next((t for t in TARGETS if source.path.startswith(f"firmware/{t}/")), None)
    alien = {t for t in TARGETS if t != target}
    found = [
        closed(source, i, "door 2, not its own target")
        for i in at_run_time(source)
        if i.library in alien
    ]
    wiring = lies_in(
        name,
        (
            *("main", "board", "manifest", "firmware.loader"),
            *("living", "updating", "node"),  # the care plug's two lives
            *("anbu_device.device", "anbu_device.edge", "anbu_device.esp"),
        ),
    )
    if wiring:
        return found
    own = ("anbu_wire", "anbu_device.core", *((target, "pins") if target else ()))
    return found + [
        closed(source, i, "door 2, a pure room sees anbu_wire and core only")
        for i in at_run_time(source)
        if i.library not in CORE_LIBRARIES and not lies_in(i.target, own) and i.library not in alien
    ]


def door_3_chip(source: Source) -> list[str]:
    """The chip is touched in board, edge, esp, the loader; edge/ticks asks the time, it waits."""
    name = name_of(source)
    if source.path.startswith(("tests/", "tools/home/machine_sim/")):
        return []
    firmware = source.path.startswith("firmware/")
    rooms = ("board", "firmware.loader", "anbu_device.edge", "anbu_device.esp")
    may_touch = firmware and lies_in(name, rooms)
    found = []
    for i in at_run_time(source):
        if i.library in CHIP and not may_touch:
            found.append(closed(source, i, "door 3, the chip belongs to board, edge and esp"))
        if firmware and i.library in NOT_ON_THE_CHIP:
            found.append(closed(source, i, "MicroPython has no such module"))
        waits = lies_in(name, ("anbu_device.edge.ticks", "firmware.loader"))
        if firmware and i.library in TIME and not waits:
            found.append(closed(source, i, "door 3, only anbu_device.edge.ticks asks the time"))
    return found


def door_4_pure(source: Source) -> list[str]:
    """What decides sees only what decides, further left; no rule sees another."""
    name = name_of(source)
    if not lies_in(name, PURE):
        return []
    found = []
    for i in imports(source):
        if i.library == "gateway":
            if not (lies_in(i.target, PURE) or shape_of_modem(i)):
                found.append(closed(source, i, "door 4, a pure room sees pure rooms only"))
            elif layer(i.target) > layer(name):
                found.append(closed(source, i, "door 4, facts flow leftwards only"))
            elif is_rule(name) and is_rule(i.target):
                found.append(closed(source, i, "door 4, no rule sees another"))
        elif i.library not in PURE_LIBRARIES:
            found.append(
                closed(source, i, "door 4, a pure room does no IO, asks no time, draws no lots")
            )
    return found + [
        source.at(call, f"calls {touched}(): door 4, a pure room touches nothing")
        for call in ast.walk(source.tree)
        if isinstance(call, ast.Call) and (touched := touching(call))
    ]


def shape_of_modem(i: Import) -> bool:
    """Whether only a shape is taken from gateway/modem/__init__, not one of its modules."""
    return i.module == "gateway.modem" and i.target not in {name_of(s) for s in sources()}


def layer(name: str) -> int:
    """How far right a room stands; 0 for the pure rooms that stand beside the row."""
    return next((n for n, rooms in enumerate(LAYERS) if lies_in(name, rooms)), 0)


def is_rule(name: str) -> bool:
    """Whether a module is a single rule; `worry` is the shape all rules share."""
    return name.startswith("gateway.rules.") and not inside(name, "gateway.rules.worry")


def touching(call: ast.Call) -> str:
    """`open` of open(...), `now` of datetime.now(); "" for calls that touch nothing outside."""
    if isinstance(call.func, ast.Attribute):
        return call.func.attr if call.func.attr in TOUCHING_METHODS else ""
    name = getattr(call.func, "id", "")
    return name if name in TOUCHING_BUILTINS else ""


def door_5_edges(source: Source) -> list[str]:
    """Edges do not see one another; the SMS channel and the replies may use the modem."""
    name = name_of(source)
    home = next((e for e in EDGES if inside(name, e)), None)
    if home is None:
        return []
    return [
        closed(source, i, "door 5, edges do not see one another")
        for i in imports(source)
        if lies_in(i.target, EDGES) and not inside(i.target, home)
        if not (lies_in(name, MODEM_USERS) and inside(i.target, "gateway.modem"))
    ]


def door_6_app(source: Source) -> list[str]:
    """Only the app sees edges from outside, and nobody sees the app."""
    name = name_of(source)
    if not inside(name, "gateway") or lies_in(name, WIRING):
        return []
    found = [
        closed(source, i, "door 6, nobody sees the app")
        for i in imports(source)
        if lies_in(i.target, WIRING)
    ]
    if lies_in(name, (*EDGES, *PURE)):
        return found  # doors 4 and 5 look at these
    return found + [
        closed(source, i, "door 6, only the app sees the edges")
        for i in imports(source)
        if lies_in(i.target, EDGES)
    ]


def door_7_libraries(source: Source) -> list[str]:
    """One library, one room; tests may use all of them."""
    if source.path.startswith("tests/"):
        return []
    name = name_of(source)
    return [
        closed(source, i, f"door 7, {i.library} belongs to {' and '.join(rooms) or 'the tests'}")
        for i in imports(source)
        if (rooms := LIBRARY_ROOMS.get(i.library)) is not None and not lies_in(name, rooms)
    ]


def door_8_products(source: Source) -> list[str]:
    """Products see neither tools nor tests, not even by a name in a string; workshops no tests."""
    workshops = ("tools/", "hardware/")  # hardware draws its sheet with tools.draw
    closed_rooms = ("tests",) if source.path.startswith(workshops) else ("tools", "tests")
    if source.path.startswith("tests/"):
        return []
    found = [
        closed(source, i, f"door 8, {i.library} is not part of the product")
        for i in imports(source)
        if lies_in(i.target, closed_rooms)
    ]
    return found + [
        source.at(n, f"names {n.value!r}: door 8, a plug-in is named by the configuration")
        for n in ast.walk(source.tree)
        if isinstance(n, ast.Constant) and isinstance(n.value, str)
        if n.value.startswith(tuple(f"{room}." for room in closed_rooms)) and " " not in n.value
    ]


DOORS: list[Door] = [
    door_1_wire,
    door_2_device,
    door_3_chip,
    door_4_pure,
    door_5_edges,
    door_6_app,
    door_7_libraries,
    door_8_products,
]
