"""By what telephone the calls that ask are made: [calls].

Knows: its keys, the password file's mode, which keys go together. May not know: SIP, a modem, whom
anybody calls or what is asked.

Without the section nobody is called. The account's password stands in a file of its own, never in
the TOML.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from gateway.config import private
from gateway.config.fields import Field, _one_of, _pattern, _text, _whole, _yes_or_no

SIP, MODEM = "sip", "modem"
WAYS = (SIP, MODEM)
TRANSPORTS = ("tls", "tcp", "udp")
LINES_MOST = 32
KEEP_DAYS_MOST = 366
PASSWORD_CHARACTERS = 128

_HOST = r"[A-Za-z0-9]([A-Za-z0-9.-]{0,251}[A-Za-z0-9])?"
_ACCOUNT = re.compile(rf"[A-Za-z0-9+][A-Za-z0-9+_.-]{{0,63}}@{_HOST}")
_INTERFACE = re.compile(r"[0-9]{1,3}(\.[0-9]{1,3}){3}|[0-9a-f:]{2,39}")
_SERVER = re.compile(rf"{_HOST}(:[0-9]{{1,5}})?")

Problem = Callable[[str, str, str], None]
"""(where, what is wrong, what is allowed)."""


@dataclass(frozen=True, slots=True)
class SipSettings:
    """An account at a telephone provider. `password` None: the provider knows us by address."""

    account: str  # user@domain
    server: str  # host[:port] that calls go to; the account's domain where left out
    transport: str  # of TRANSPORTS
    media_encrypted: bool  # SRTP
    password: str | None = field(default=None, repr=False)
    interface: str = ""  # the address to call from; "": the one that leads there
    authorities: Path | None = None  # whose certificate the server has; None: the system's


@dataclass(frozen=True, slots=True)
class CallSettings:
    """One of `sip` and `audio`: an account, or the modem that carries the texts and its sound."""

    lines: int  # calls at once
    sounds: Path  # sentences that a person recorded, instead of the machine's voice
    keep_days: int  # a recording that she consented to
    sip: SipSettings | None = None
    audio: Path | None = None  # the modem's second port


SECTION: dict[str, Field] = {
    "way": Field(_one_of(WAYS), SIP),
    "lines": Field(_whole(1, LINES_MOST), 1),
    "account": Field(_pattern(_ACCOUNT, 'as "07012345678@sip.example.org"'), None),
    "server": Field(_pattern(_SERVER, 'a host and port, as "sip.example.org:5061"'), None),
    "transport": Field(_one_of(TRANSPORTS), "tls"),
    "media_encrypted": Field(_yes_or_no, True),
    "password_file": Field(_text, None),
    "interface": Field(_pattern(_INTERFACE, "an address of this machine"), None),
    "authorities": Field(_text, None),
    "audio": Field(_text, None),
    "sounds": Field(_text, "sounds"),
    "keep_days": Field(_whole(1, KEEP_DAYS_MOST), 30),
}
SECTIONS: dict[str, dict[str, Field]] = {"calls": SECTION}
"""May be left out: then nobody is called."""

_OF_SIP = ("account", "server", "password_file", "interface", "authorities")


def settings(row: dict[str, Any], folder: Path, problem: Problem) -> CallSettings | None:
    """What the section says; mistakes go to `problem`, None then."""
    if any(row.get(key) is None for key in ("way", "lines", "sounds", "keep_days")):
        return None  # told already, key by key
    sounds, keep_days = folder / row["sounds"], row["keep_days"]
    if row["way"] == MODEM:
        for key in _OF_SIP:
            if row[key] is not None:
                problem(f"[calls] {key}", "is of an account", f'only where way = "{SIP}"')
        if row["lines"] != 1:
            problem("[calls] lines", f"is {row['lines']}", "1: a modem makes one call at a time")
        if row["audio"] is None:
            problem("[calls] audio", "is missing", "the modem's port for sound, as /dev/ttyUSB4")
            return None
        return CallSettings(1, sounds, keep_days, audio=folder / row["audio"])
    if row["audio"] is not None:
        problem("[calls] audio", "is of a modem", f'only where way = "{MODEM}"')
    sip = _sip(row, folder, problem)
    return CallSettings(row["lines"], sounds, keep_days, sip) if sip else None


def _sip(row: dict[str, Any], folder: Path, problem: Problem) -> SipSettings | None:
    account, server = row["account"], row["server"]
    if account is None:
        problem("[calls] account", "is missing", f'it must be there where way = "{SIP}"')
    transport, encrypted = row["transport"], row["media_encrypted"]
    if encrypted and transport != "tls":
        # The key of the sound travels in the signalling: in clear it would be worth nothing.
        allowed = 'transport = "tls", or media_encrypted = false'
        problem("[calls] media_encrypted", f'is true with transport = "{transport}"', allowed)
    password = None
    if row["password_file"] is not None:
        password = _password(folder / row["password_file"], problem)
    authorities = folder / row["authorities"] if row["authorities"] else None
    if authorities is not None and not authorities.is_file():
        problem("[calls] authorities", f"{authorities} cannot be read", "a PEM file")
    if account is None or transport is None or encrypted is None:
        return None
    server = server or account.partition("@")[2]
    interface = row["interface"] or ""
    return SipSettings(account, server, transport, encrypted, password, interface, authorities)


def _password(path: Path, problem: Problem) -> str | None:
    pattern = rf"[!#-\[\]-~]{{1,{PASSWORD_CHARACTERS}}}"
    holds = f'1 to {PASSWORD_CHARACTERS} characters, none a space, a " or a \\'
    try:
        return private.text_in(path, pattern, "password", holds)
    except private.PrivateFileError as error:
        for what, allowed in error.problems:
            problem("[calls] password_file", what, allowed)
        return None
