"""By which routes texts leave, and the watch outside: [texts], [http_sms] and [heartbeat].

Knows: their keys, the key file of the provider's account and its mode, which texts may go by
KakaoTalk.
May not know: what a route does; the provider's language.

The account's key and secret stand in a file of their own, on two lines, never in the TOML.
"""

from __future__ import annotations

import re
import stat
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from gateway.catalogue.kakao import purposes
from gateway.config.fields import (
    _LOOPBACK,
    DAY_MIN,
    Field,
    _number,
    _number_of_person,
    _text,
    _whole,
)

MODEM, HTTP, KAKAO = "modem", "http", "kakao"
ROUTES = (MODEM, HTTP, KAKAO)
PROVIDED = frozenset({HTTP, KAKAO})  # by the account of [http_sms]
_SECRET = re.compile(r"[A-Za-z0-9]{8,128}")
_KAKAO_ID = re.compile(r"[A-Za-z0-9_@-]{4,64}")
_KAKAO_ID_ALLOWED = "as the provider shows it: 4 to 64 letters, digits, _ and -"
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
class KakaoSettings:
    """Our channel in KakaoTalk and, by purpose, the ids of the templates registered for it."""

    channel: str
    templates: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class TextSettings:
    """The routes in the order of preference; `http`, `kakao` None where there is no such route."""

    routes: tuple[str, ...] = (MODEM,)
    http: HttpSettings | None = None
    kakao: KakaoSettings | None = None


def _routes(value: Any) -> tuple[str, ...]:  # noqa: ANN401 - whatever TOML can hold
    good = isinstance(value, list) and value and all(v in ROUTES for v in value)
    if not good or len(set(value)) != len(value):
        names = ", ".join(f'"{r}"' for r in ROUTES)
        raise ValueError(f"a list of different routes out of {names}, the first to try in front")
    return tuple(value)


def _table(value: Any) -> dict[str, Any]:  # noqa: ANN401
    if not isinstance(value, dict):
        raise ValueError("a section: write [texts.kakao]")  # noqa: TRY004 - as any other mistake
    return value


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
    "texts": {"routes": Field(_routes, (MODEM,)), "kakao": Field(_table, None)},
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
    kakao = _kakao(texts.get("kakao"), routes, problem)
    if not PROVIDED & set(routes):
        return TextSettings(routes)
    missing = [key for key in ("sender", "key_file") if http_sms.get(key) is None]
    for key in missing:
        needed = 'it must be there where "http" or "kakao" is a route'
        problem(f"[http_sms] {key}", "is missing", needed)
    if missing or http_sms.get("url") is None or http_sms.get("timeout_s") is None:
        return TextSettings(routes)
    lines = _secrets(folder / http_sms["key_file"], problem)
    if lines is None:
        return TextSettings(routes)
    account = HttpSettings(http_sms["url"], http_sms["sender"], *lines, http_sms["timeout_s"])
    return TextSettings(routes, account, kakao)


def _kakao(asked: Any, routes: tuple[str, ...], problem: Problem) -> KakaoSettings | None:  # noqa: ANN401
    """The section [texts.kakao]; mistakes go to `problem`."""
    where = "[texts.kakao]"
    if KAKAO not in routes:
        return None
    if not set(routes) - {KAKAO}:
        problem("[texts] routes", 'is only "kakao"', 'beside it "http" or "modem": it falls back')
    if asked is None:
        problem(where, "is missing", 'it must be there where "kakao" is a route')
        return None
    for key in asked.keys() - {"channel", "templates"}:
        problem(f"{where} {key}", "unknown key", "allowed: channel, templates")
    channel, templates = asked.get("channel"), asked.get("templates")
    if not _is_kakao_id(channel):
        problem(f"{where} channel", f"is {channel!r}", f"allowed: {_KAKAO_ID_ALLOWED}")
    if not isinstance(templates, dict) or not templates:
        problem(f"{where} templates", f"is {templates!r}", "one line PURPOSE = ID for each of them")
        return None
    for purpose, template_id in templates.items():
        if purpose not in purposes():
            allowed = "a text that may go by KakaoTalk: " + ", ".join(purposes())
            problem(f"{where} templates {purpose}", "is none", allowed)
        elif not _is_kakao_id(template_id):
            allowed = f"allowed: {_KAKAO_ID_ALLOWED}"
            problem(f"{where} templates {purpose}", f"is {template_id!r}", allowed)
    return KakaoSettings(str(channel), templates)


def _is_kakao_id(value: object) -> bool:
    return isinstance(value, str) and _KAKAO_ID.fullmatch(value) is not None


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
