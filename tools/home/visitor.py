"""Somebody who uses the page: reads it, and sends one of its forms.

Knows: HTTP on the loopback, the token that stands in the page's forms. May not know: what a form
brings about, Flask.
"""

from __future__ import annotations

import asyncio
import http.client
import re
import socket
from http import HTTPStatus
from urllib.parse import urlencode

_TOKEN = re.compile(r'name="token" value="([^"]+)"')
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

    async def reads(self) -> str:
        """The page's HTML."""
        _status, page = await asyncio.to_thread(self._ask, "GET", "/", "")
        return page

    def _send(self, form: dict[str, str]) -> str:
        _status, page = self._ask("GET", "/", "")
        found = _TOKEN.search(page)
        if found is None:
            return "the page has no form"
        status, answer = self._ask("POST", "/order", urlencode({"token": found.group(1), **form}))
        return "" if status == HTTPStatus.SEE_OTHER else f"{status}: {answer}"

    def _ask(self, method: str, path: str, body: str) -> tuple[int, str]:
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=_TIMEOUT_S)
        headers = {"Content-Type": "application/x-www-form-urlencoded"} if body else {}
        try:
            connection.request(method, path, body, headers)
            response = connection.getresponse()
            return response.status, response.read().decode()
        finally:
            connection.close()


def free_port() -> int:
    """A port of this machine that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port
