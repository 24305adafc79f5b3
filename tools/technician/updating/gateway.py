"""A gateway's page, asked as a technician's browser asks it: sign in, lay an update down, order it.

Knows: HTTP, which forms and which JSON are asked. May not know: a terminal, how long to wait.

A password goes over TLS, or not off this computer.
"""

from __future__ import annotations

import http.cookiejar
import json
import re
import secrets
import urllib.error
import urllib.parse
import urllib.request
from dataclasses import dataclass
from html import unescape
from typing import Any

from tools.technician.said import Exit, Refused

WAIT_S = 20.0
_HERE = frozenset({"localhost", "127.0.0.1", "::1"})
_TOKEN = re.compile(r'name="token" value="([^"]*)"')
_NOTE = re.compile(r'<p class="[^"]*wrong[^"]*"[^>]*>(.*?)</p>', re.DOTALL)
_TAG = re.compile(r"<[^>]+>")
_NOT_FOUND = 404


@dataclass(frozen=True, slots=True)
class Far:
    """How far it is. `waits`: why it does not go on, a code of the gateway's; "" = it does."""

    there_bytes: int
    size_bytes: int
    waits: str


class Page:
    """One gateway, signed in. Everything raises Refused."""

    def __init__(self, address: str) -> None:
        """Nothing is asked yet."""
        parts = urllib.parse.urlsplit(address)
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            raise Refused(f"{address} is no address", "as https://home.example", Exit.USAGE)
        if parts.scheme == "http" and parts.hostname not in _HERE:
            wrong = f"{address} is not encrypted: a password would be read on the way"
            raise Refused(wrong, "take its https address, or work on the gateway itself")
        self._base = address.rstrip("/")
        jar = urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())
        self._opener = urllib.request.build_opener(jar)

    def sign_in(self, name: str, password: str) -> None:
        """As her account; its technician's role decides what she may."""
        fields = {"name": name, "password": password, "next": "", "token": self._token("/sign-in")}
        try:
            self._post("/sign-in", fields)
        except Refused as why:
            raise Refused(
                f"{name} may not come in ({why.wrong})", "look at name and password"
            ) from (why)

    def person_of(self, device_id: str) -> str:
        """Whose device it is. Raises Refused where this gateway has not heard it."""
        after = ""
        while True:
            page = self.ask(f"/api/v1/installations?limit=200{after}")
            for line in page["installations"]:
                person = str(line["person_id"])
                found = self.ask(f"/api/v1/people/{person}/installation")
                if any(one["device_id"] == device_id for one in found["signals"]):
                    return person
            if page["next"] is None:
                wrong = f"this gateway has not heard {device_id}"
                raise Refused(wrong, "look at its page /install: placed, in reach?")
            after = f"&after={urllib.parse.quote(page['next'])}"

    def bring(self, data: bytes) -> None:
        """Lay the bundle down at the gateway."""
        boundary = secrets.token_hex(16)
        token = self._token("/install")
        body = (
            f'--{boundary}\r\nContent-Disposition: form-data; name="token"\r\n\r\n{token}\r\n'
            f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="update"\r\n'
            "Content-Type: application/octet-stream\r\n\r\n"
        ).encode()
        body += data + f"\r\n--{boundary}--\r\n".encode()
        self._send("/install/image", body, f"multipart/form-data; boundary={boundary}")

    def order(self, person_id: str, device_id: str, crc: int) -> None:
        """The device shall have it."""
        address = f"/install/{urllib.parse.quote(person_id)}"
        fields = {"device": device_id, "image": f"{crc:08x}", "token": self._token(address)}
        self._post(f"{address}/update", fields)

    def far(self, device_id: str) -> Far | None:
        """How far its newest update is, None where none is under way."""
        rows = [
            row for row in self.ask("/api/v1/gateway")["updates"] if row["device_id"] == device_id
        ]
        if not rows:
            return None
        row = max(rows, key=lambda row: int(row["order_id"]))
        return Far(row["there_bytes"], row["size_bytes"], row["waits"])

    def ask(self, address: str) -> Any:  # noqa: ANN401 - as JSON has it
        """JSON at that address."""
        return json.loads(self._open(urllib.request.Request(self._base + address)))  # noqa: S310 - checked

    def _token(self, address: str) -> str:
        found = _TOKEN.search(self._open(urllib.request.Request(self._base + address)))  # noqa: S310 - checked
        if found is None:
            raise Refused(f"{self._base}{address} has no form: is that a gateway of Anbu?")
        return unescape(found[1])

    def _post(self, address: str, fields: dict[str, str]) -> None:
        body = urllib.parse.urlencode(fields).encode()
        self._send(address, body, "application/x-www-form-urlencoded")

    def _send(self, address: str, body: bytes, kind: str) -> None:
        headers = {"Content-Type": kind}
        self._open(urllib.request.Request(self._base + address, body, headers))  # noqa: S310 - checked

    def _open(self, request: urllib.request.Request) -> str:
        try:
            with self._opener.open(request, timeout=WAIT_S) as answer:
                return str(answer.read().decode())
        except urllib.error.HTTPError as error:
            raise Refused(_said(error), "look at its page /install") from error
        except (OSError, ValueError) as why:
            wrong = f"{self._base} does not answer ({getattr(why, 'reason', why)})"
            raise Refused(wrong, "is the gateway running, and is this its address?") from why


def _said(error: urllib.error.HTTPError) -> str:
    """What the page says was wrong, in its own words where there are some."""
    note = _NOTE.search(error.read().decode(errors="replace"))
    words = " ".join(unescape(_TAG.sub("", note[1])).split()) if note else ""
    if error.code == _NOT_FOUND and not words:
        words = "no such page for this account: is it a technician's?"
    return words or f"the gateway answers {error.code}"
