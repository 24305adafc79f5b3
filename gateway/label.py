"""A device's label: what its QR code says, and what somebody types who cannot scan it.

Knows: the text's form, its check, which slips of a hand are forgiven. May not know: who made the
device, where its key is kept. A label carries keys: it is never logged and never stands in a fact.

    ANBU:1:<KIND>:<DEVICE ID>:<32 hex key>[:<32 hex BTHome key>]:<4 hex check>

All of it is in the alphabet of a QR code's alphanumeric mode. The check: the low 16 bits of CRC-32
(binascii.crc32) over everything before it, its colon included, in upper case.
"""

from __future__ import annotations

import re
from binascii import crc32
from dataclasses import dataclass, field

from gateway.roster import CAREPLUG, PILLBOX

MAGIC, VERSION = "ANBU", "1"
KEY_BYTES = 16
KINDS = {"PILLBOX": PILLBOX, "CAREPLUG": CAREPLUG}
TEXT_MOST = 200  # characters, spaces included; the longest label has 114
_NAMES = {kind: name for name, kind in KINDS.items()}
_ID = re.compile(r"[0-9A-Z](?:[0-9A-Z.-]{0,15})")  # what Hello carries, in the QR alphabet
_KEY = re.compile(f"[0-9A-F]{{{2 * KEY_BYTES}}}")
_CHECK = re.compile("[0-9A-F]{4}")
_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—―−", "-"))  # what phones make of a dash
_PARTS = (6, 7)  # without and with a BTHome key
_CODES = ("foreign", "version", "parts", "kind", "id", "key", "bthome", "check", "long")


class LabelRefused(ValueError):  # noqa: N818  # an answer, not an error of this program
    """This is no label. `code` says what is wrong, and never holds any of what was read."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Label:
    """One device as its maker left it. `kind` as in the roster; keys of 16 bytes.

    Raises LabelRefused for values that no label can carry.
    """

    kind: str
    device_id: str
    key: bytes = field(repr=False)
    bthome_key: bytes | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        if self.kind not in _NAMES:
            raise LabelRefused("kind")
        if not _ID.fullmatch(self.device_id):
            raise LabelRefused("id")
        if len(self.key) != KEY_BYTES:
            raise LabelRefused("key")
        if self.bthome_key is not None and (
            self.kind != CAREPLUG or len(self.bthome_key) != KEY_BYTES
        ):
            raise LabelRefused("bthome")

    def __str__(self) -> str:
        """The label's text. It holds the keys."""
        keys = [key.hex().upper() for key in (self.key, self.bthome_key) if key is not None]
        text = ":".join([MAGIC, VERSION, _NAMES[self.kind], self.device_id, *keys, ""])
        return text + check(text)


def codes() -> tuple[str, ...]:
    """Every code of a refusal: each has a sentence on the page."""
    return _CODES


def check(text: str) -> str:
    """The check of a label's text up to and with its last colon."""
    return f"{crc32(text.encode()) & 0xFFFF:04X}"


def parse(text: str) -> Label:
    """The label of a scanned or typed text. Raises LabelRefused.

    Forgiven: spaces and line ends anywhere, lower case, dashes between the digits of a key.
    """
    if len(text) > TEXT_MOST:
        raise LabelRefused("long")
    parts = "".join(text.split()).translate(_DASHES).upper().split(":")
    if parts[0].replace("-", "") != MAGIC:
        raise LabelRefused("foreign")
    if len(parts) not in _PARTS:
        raise LabelRefused("parts")
    version, kind, *last = (part.replace("-", "") for part in (*parts[1:3], *parts[4:]))
    return _read(version, kind, parts[3], last)


def _read(version: str, kind: str, device_id: str, last: list[str]) -> Label:
    """`last`: one key or two, and the check."""
    *keys, told = last
    if version != VERSION:
        raise LabelRefused("version")
    if kind not in KINDS:
        raise LabelRefused("kind")
    if not _ID.fullmatch(device_id):
        raise LabelRefused("id")
    for code, key in zip(("key", "bthome"), keys, strict=False):
        if not _KEY.fullmatch(key):
            raise LabelRefused(code)
    if not _CHECK.fullmatch(told) or told != check(
        ":".join([MAGIC, version, kind, device_id, *keys, ""])
    ):
        raise LabelRefused("check")
    return Label(KINDS[kind], device_id, *(bytes.fromhex(key) for key in keys))
