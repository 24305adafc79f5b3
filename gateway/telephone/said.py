"""What the gateway and the process of the telephone stack say to one another: JSON, one a line.

Knows: the shape of the lines. May not know: pipes, SIP, conversations. No IO.

To the process, first the account (its password travels here and nowhere else), then orders:
    {"account": {…}, "lines": 2}
    {"call": 1, "do": "dial", "number": "010…", "ring_ms": 30000, "record": false}
    {"call": 1, "do": "play", "sounds": ["/…/greeting.wav"]}    {"call": 1, "do": "hang_up"}
From the process: {"beat": ""} with why nobody can be called, every BEAT_MS and when it changes, and
    {"call": 1, "is": "open" | "busy" | "no_answer" | "refused" | "line_down", "why": ""}
    {"call": 1, "heard": "digit", "key": "5"}  "speech"  "played"  {"heard": "ended", "why": ""}
    {"call": 1, "pcm": "<base64>"}    what the called person said, where it is to be recorded
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

from gateway.calls.line import (
    Busy,
    Digit,
    Ended,
    Heard,
    LineDown,
    NoAnswer,
    NotOpened,
    Played,
    Refused,
    Speech,
)

BEAT_MS = 5_000
SILENT_MS = 30_000
"""A process that says nothing for so long hangs: it is killed and started again."""
LINE_BYTES = 1 << 20
WHY_MOST = 200  # characters of a reason


@dataclass(frozen=True, slots=True)
class SipAccount:
    """An account at a telephone provider. `password` None: it knows us by our address.

    `server`: host[:port] that registrations and calls go to. `media_encrypted`: SRTP or no call.
    `interface`: the address to call from, "" for the one that leads there. `authorities`: a file
    of certificates that a TLS server's is checked against, "" for the system's.
    """

    user: str
    domain: str
    server: str
    transport: str = "tls"  # "udp", "tcp", "tls"
    media_encrypted: bool = True
    password: str | None = field(default=None, repr=False)
    interface: str = ""
    authorities: str = ""


def line(said: dict[str, Any]) -> bytes:
    """One line."""
    return json.dumps(said, separators=(",", ":")).encode() + b"\n"


def read(raw: bytes) -> dict[str, Any]:
    """What a line says; {} for a line that is none of ours (a library's own chatter)."""
    try:
        said = json.loads(raw)
    except (ValueError, RecursionError):
        return {}
    ours = isinstance(said, dict) and isinstance(said.get("call", 0), int)
    return said if ours else {}


def reason(said: object) -> str:
    """Why, as a provider or a library worded it: one short line, since it is written down."""
    words = " ".join(str(said).split())
    return "".join(c if c.isprintable() else "?" for c in words)[:WHY_MOST]


_UNOPENED: dict[str, type[Busy | NoAnswer]] = {"busy": Busy, "no_answer": NoAnswer}
_WITH_WHY: dict[str, type[Refused | LineDown]] = {"refused": Refused, "line_down": LineDown}


def of_unopened(outcome: NotOpened) -> dict[str, str]:
    """How dialling ended, as it is said."""
    for table in (_UNOPENED, _WITH_WHY):
        for word, kind in table.items():
            if isinstance(outcome, kind):
                return {"is": word, "why": getattr(outcome, "why", "")}
    raise AssertionError(outcome)


def unopened(said: dict[str, Any]) -> NotOpened | None:
    """How dialling ended; None: the call is open."""
    word, why = str(said.get("is")), reason(said.get("why", ""))
    if word == "open":
        return None
    if word in _UNOPENED:
        return _UNOPENED[word]()
    return _WITH_WHY.get(word, LineDown)(why)


def of_heard(heard: Heard) -> dict[str, str]:
    """What was heard, as it is said."""
    match heard:
        case Digit(key):
            return {"heard": "digit", "key": key}
        case Speech():
            return {"heard": "speech"}
        case Played():
            return {"heard": "played"}
        case Ended(why):
            return {"heard": "ended", "why": why}


def heard(said: dict[str, Any]) -> Heard | None:
    """What was heard; None where the line says something else."""
    match said.get("heard"):
        case "digit":
            return Digit(str(said.get("key", "")))
        case "speech":
            return Speech()
        case "played":
            return Played()
        case "ended":
            return Ended(reason(said.get("why", "")))
    return None
