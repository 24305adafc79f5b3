"""The enrolment file: what a workshop hands over of the devices it made, for one gateway's eyes.

Knows: its lines and its seal (age, one X25519 recipient: the gateway). May not know: where the
gateway keeps its identity, files, the time. It carries keys: it is never logged. To draw an
identity and to seal needs chance, so this room is not pure.

Before it is sealed it is UTF-8, one JSON object a device and line:

    {"label": "ANBU:1:…", "board": "esp32", "serial": "AB-000001", "firmware": 7,
     "made_at": "2026-03-02T09:00:00Z"}

A field that is not known here is left unread, so that a newer workshop may say more.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import pyrage  # type: ignore[import-untyped]  # it is Rust, and says nothing of its types

from gateway.label import Label, LabelRefused, parse

SEALED_MOST_BYTES = 200 * 1024  # some 500 devices
UNITS_MOST = 500
SUFFIX = ".age"


class EnrolmentRefused(ValueError):  # noqa: N818  # an answer, not an error of this program
    """The file cannot be used. `code`: what is wrong; `line`: where, counted from 1 (0: nowhere).

    Never holds any of what was read.
    """

    def __init__(self, code: str, line: int = 0) -> None:
        super().__init__(f"{code}, line {line}" if line else code)
        self.code = code
        self.line = line


@dataclass(frozen=True, slots=True)
class Unit:
    """One device as its workshop left it. `made_at`: ISO 8601, UTC; `firmware`: its version."""

    label: Label
    board: str = ""
    serial: str = ""
    firmware: int = 0
    made_at: str = ""


def new_identity() -> str:
    """A new gateway's secret, "AGE-SECRET-KEY-1…"."""
    return str(pyrage.x25519.Identity.generate())


def recipient_of(identity: str) -> str:
    """What a workshop needs to seal for it, "age1…". Raises ValueError where it is none."""
    try:
        return str(pyrage.x25519.Identity.from_str(identity).to_public())
    except pyrage.IdentityError:
        raise ValueError("not an identity of age") from None


def sealed(units: Iterable[Unit], recipient: str) -> bytes:
    """The file for the gateway with this recipient. Raises EnrolmentRefused."""
    return seal("".join(_line(unit) + "\n" for unit in units), recipient)


def seal(text: str, recipient: str) -> bytes:
    """Any text for this recipient's eyes alone. Raises EnrolmentRefused."""
    try:
        to = pyrage.x25519.Recipient.from_str(recipient)
    except pyrage.RecipientError:
        raise EnrolmentRefused("recipient") from None
    return bytes(pyrage.encrypt(text.encode(), [to]))


def opened(sealed_bytes: bytes, identity: str) -> tuple[Unit, ...]:
    """The devices of a file sealed for this identity ("AGE-SECRET-KEY-1…").

    Raises EnrolmentRefused.
    """
    if len(sealed_bytes) > SEALED_MOST_BYTES:
        raise EnrolmentRefused("long")
    own = pyrage.x25519.Identity.from_str(identity)
    try:
        text = bytes(pyrage.decrypt(sealed_bytes, [own])).decode()
    except (pyrage.DecryptError, UnicodeDecodeError):
        raise EnrolmentRefused("sealed") from None
    lines = [(n, line) for n, line in enumerate(text.split("\n"), 1) if line.strip()]
    if not lines:
        raise EnrolmentRefused("empty")
    if len(lines) > UNITS_MOST:
        raise EnrolmentRefused("long")
    units = tuple(_unit(n, line) for n, line in lines)
    _each_once(units)
    return units


def _line(unit: Unit) -> str:
    body = {
        "label": str(unit.label),
        "board": unit.board,
        "serial": unit.serial,
        "firmware": unit.firmware,
        "made_at": unit.made_at,
    }
    return json.dumps(body)


def _unit(n: int, line: str) -> Unit:
    try:
        body: Any = json.loads(line)
    except (ValueError, RecursionError):
        raise EnrolmentRefused("line", n) from None
    if not isinstance(body, dict):
        raise EnrolmentRefused("line", n)
    texts = [body.get(name, "") for name in ("label", "board", "serial", "made_at")]
    firmware = body.get("firmware", 0)
    if not all(isinstance(text, str) for text in texts) or not _is_version(firmware):
        raise EnrolmentRefused("line", n)
    label, board, serial, made_at = texts
    try:
        return Unit(parse(label), board, serial, firmware, made_at)
    except LabelRefused:
        raise EnrolmentRefused("label", n) from None


def _is_version(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def _each_once(units: tuple[Unit, ...]) -> None:
    seen: set[str] = set()
    for n, unit in enumerate(units, 1):
        if unit.label.device_id in seen:
            raise EnrolmentRefused("twice", n)
        seen.add(unit.label.device_id)
