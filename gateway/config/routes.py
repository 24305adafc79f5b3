"""By which routes texts leave, and the watch outside: [texts], [http_sms] and [heartbeat].

Knows: their keys, the key file of the provider's account and its mode.
May not know: what a route does; the provider's language.

The account's key and secret stand in a file of their own, on two lines, never in the TOML.
"""

from __future__ import annotations

import re
import stat
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from gateway.config.fields import (
    _LOOPBACK,
    DAY_MIN,
    Field,
    _number,
    _number_of_person,
    _text,
    _whole,
)

MODEM, HTTP = "modem", "http"
ROUTES = (MODEM, HTTP)
_SECRET = re.compile(r"[A-Za-z0-9]{8,128}")
_LINES = "two lines of letters and digits: the account's key, then its secret"

Problem = Callable[[str, str, str], None]
"""(where, what is wrong, what is allowed)."""


@dataclass(frozen=True, slots=True)
class HttpSettings:
    """The account at the provider; `sender` in E.164."""

    url: str
    sender: str
    key: str = field(repr=False)
    secret: str = field(repr=False)
    timeout_s: float = 10.0


@dataclass(frozen=True, slots=True)
class TextSettings:
    """The routes in the order of preference; `http` None where there is no such route."""

    routes: tuple[str, ...] = (MODEM,)
    http: HttpSettings | None = None


def _routes(value: Any) -> tuple[str, ...]:  # noqa: ANN401 - whatever TOML can hold
    good = isinstance(value, list) and value and all(v in ROUTES for v in value)
    if not good or len(set(value)) != len(value):
        names = ", ".join(f'"{r}"' for r in ROUTES)
        raise ValueError(f"a list of different routes out of {names}, the first to try in front")
    return tuple(value)


def _https(value: Any) -> str:  # noqa: ANN401
    allowed = "an address that begins with https://"
    if not isinstance(value, str):
        raise ValueError(allowed)  # noqa: TRY004 - a mistake in a file, told like any other
    try:
        parts = urlsplit(value)
        (parts.hostname or "").encode("idna")
        port_given = parts.port
    except ValueError:
        raise ValueError(allowed) from None
    plain = not (parts.query or parts.fragment) and port_given != 0
    if parts.scheme != "https" or not parts.hostname or not plain:
        raise ValueError(allowed)
    return value.rstrip("/")


def _url(value: Any) -> str:  # noqa: ANN401
    allowed = "an address that begins with https:// (http:// on this computer only)"
    if not isinstance(value, str):
        raise ValueError(allowed)  # noqa: TRY004 - a mistake in a file, told like any other
    try:
        parts = urlsplit(value)
        port_given = parts.port
    except ValueError:
        raise ValueError(allowed) from None
    local = parts.scheme == "http" and parts.hostname in _LOOPBACK
    plain = not (parts.query or parts.fragment or parts.username)
    if not ((parts.scheme == "https" or local) and parts.hostname and plain and port_given != 0):
        raise ValueError(allowed)
    return value


SECTIONS: dict[str, dict[str, Field]] = {
    "texts": {"routes": Field(_routes, (MODEM,))},
    "http_sms": {
        "url": Field(_url, "https://api.solapi.com"),
        "sender": Field(_number_of_person, None),
        "key_file": Field(_text, None),
        "timeout_s": Field(_number(1, 60), 10.0),
    },
    "heartbeat": {
        "url": Field(_https, None),
        "every_min": Field(_whole(1, DAY_MIN), 5),
    },
}
"""Both may be left out."""


def settings(
    texts: dict[str, Any], http_sms: dict[str, Any], folder: Path, problem: Problem
) -> TextSettings:
    """What the two sections say together; mistakes go to `problem`."""
    routes = texts.get("routes") or (MODEM,)
    if HTTP not in routes:
        return TextSettings(routes)
    missing = [key for key in ("sender", "key_file") if http_sms.get(key) is None]
    for key in missing:
        problem(f"[http_sms] {key}", "is missing", 'it must be there where "http" is a route')
    if missing or http_sms.get("url") is None or http_sms.get("timeout_s") is None:
        return TextSettings(routes)
    lines = _secrets(folder / http_sms["key_file"], problem)
    if lines is None:
        return TextSettings(routes)
    account = HttpSettings(http_sms["url"], http_sms["sender"], *lines, http_sms["timeout_s"])
    return TextSettings(routes, account)


def _secrets(path: Path, problem: Problem) -> tuple[str, str] | None:
    where = "[http_sms] key_file"
    try:
        lines = path.read_text(encoding="ascii").split()
        mode = stat.S_IMODE(path.stat().st_mode)
    except (OSError, UnicodeDecodeError) as error:
        why = error.strerror if isinstance(error, OSError) else "it is not text"
        problem(where, f"{path} cannot be read ({why})", f"a file of {_LINES}")
        return None
    if mode & (stat.S_IRWXG | stat.S_IRWXO):
        problem(where, f"{path} has mode {mode:o}", f"its owner only: chmod 600 {path}")
    if len(lines) != 2 or not all(_SECRET.fullmatch(line) for line in lines):  # noqa: PLR2004
        # What it holds instead may be half a secret: it is not shown.
        problem(where, f"{path} holds no account", _LINES)
        return None
    return lines[0], lines[1]
