"""Somebody who uses the page: reads it, and sends one of its forms.

Knows: HTTP on the loopback, the token that stands in the page's forms. May not know: what a form
brings about, Flask.
"""

from __future__ import annotations

import asyncio
import html
import http.client
import re
import socket
from http import HTTPStatus
from urllib.parse import urlencode

_HIDDEN = re.compile(r'<input type="hidden" name="([a-z_]+)" value="([^"]*)">')
_FORM = re.compile(r'<form method="post" action="([^"]+)".*?</form>', re.DOTALL)
_TIMEOUT_S = 600.0  # of the house, which may be sped up


class Visitor:
    """Visits http://127.0.0.1:`port`."""

    def __init__(self, port: int) -> None:
        self._port = port

    async def orders(self, device_id: str, order: str, **fields: str) -> str:
        """Sends the form of an order; "" when it was taken, else what the page answered."""
        form = {"device": device_id, "order": order, **fields}
        try:
            return await asyncio.to_thread(self._send, form)
        except OSError as error:
            return f"no page: {error}"

    async def reads(self, path: str = "/") -> str:
        """A page's HTML."""
        _status, page = await asyncio.to_thread(self._ask, "GET", path, "")
        return page

    async def prescribes(self, person_id: str, line: str, by: str) -> str:
        """Types a line as pharmacists write it and stores what was understood; "" or why not."""
        base = f"/person/{person_id}/prescriptions"
        typed = {"way": "shorthand", "text": line}
        page = await self._sends(await self.reads(base), f"{base}/check", typed)
        return _refused(await self._sends(page, f"{base}/enter", {"by": by}))

    async def confirms(self, person_id: str, by: str) -> str:
        """Says yes to the plan that is shown; "" or why it was not taken."""
        base = f"/person/{person_id}/plan"
        return _refused(await self._sends(await self.reads(base), f"{base}/confirm", {"by": by}))

    def _send(self, form: dict[str, str]) -> str:
        _status, page = self._ask("GET", "/", "")
        token = dict(_HIDDEN.findall(page)).get("token")
        if token is None:
            return "the page has no form"
        status, answer = self._ask("POST", "/order", urlencode({"token": token, **form}))
        return "" if status == HTTPStatus.SEE_OTHER else f"{status}: {answer}"

    async def _sends(self, page: str, to: str, typed: dict[str, str]) -> str:
        """Sends the page's form for that address with what is typed: what is seen instead of "".

        That is the page itself where it has no such form.
        """
        forms = (f for f in _FORM.finditer(page) if f.group(1).partition("?")[0] == to)
        form = next(forms, None)
        if form is None:
            return page or f"no page with a form for {to}"
        hidden = {name: html.unescape(value) for name, value in _HIDDEN.findall(form.group(0))}
        body = urlencode({**hidden, **typed})
        status, answer = await asyncio.to_thread(self._ask, "POST", to, body)
        return "" if status == HTTPStatus.SEE_OTHER else answer

    def _ask(self, method: str, path: str, body: str) -> tuple[int, str]:
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=_TIMEOUT_S)
        headers = {"Content-Type": "application/x-www-form-urlencoded"} if body else {}
        try:
            connection.request(method, path, body, headers)
            response = connection.getresponse()
            return response.status, response.read().decode()
        finally:
            connection.close()


def _refused(answer: str) -> str:
    """What a page answered that should have led on, without its HTML."""
    return " ".join(re.sub(r"<[^>]*>", " ", answer).split())


def free_port() -> int:
    """A port of this machine that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port
