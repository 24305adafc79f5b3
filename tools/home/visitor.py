"""Somebody who uses the page: gets an account, signs in, reads it, and sends one of its forms.

Knows: HTTP on the loopback, cookies, the token that stands in the page's forms, where the vault is
(to have the code that a new gateway shows). May not know: what a form brings about, Flask.
"""

from __future__ import annotations

import asyncio
import html
import http.client
import re
import secrets
import socket
import time
from collections.abc import Callable, Mapping
from http import HTTPStatus
from pathlib import Path
from urllib.parse import urlencode

from gateway.vault import Vault

_HIDDEN = re.compile(r'<input type="hidden" name="([a-z_]+)" value="([^"]*)">')
_FORM = re.compile(r'<form(?: class="form")? method="post" action="([^"]+)".*?</form>', re.DOTALL)
_LINK = re.compile(r'class="secret">https?://[^/<]+(/join/[a-z0-9]+)<')
_SESSION = "anbu"
_NO_PAGE = "no page"
_GLANCE_S = 5.0
MASTER = "관리자"  # who sets up a virtual home
GUEST, OFFICE, STRANGER = "guest", "office", "stranger"  # STRANGER: has no account
_TIMEOUT_S = 600.0  # of the house, which may be sped up


class Visitor:
    """Visits http://127.0.0.1:`port` as the guardian `guest` (name, id) of a person.

    The account of the one who sets up the gateway comes first; that one invites her.
    """

    def __init__(
        self,
        port: int,
        vault: Path,
        guest: tuple[str, str],
        person_id: str,
        comes_as: str = GUEST,
    ) -> None:
        self._port = port
        self._comes_as = comes_as
        self._vault = vault
        self._guest, self._guest_id = guest
        self._person_id = person_id
        self._cookies: dict[str, str] = {}

    def beside(self, comes_as: str) -> Visitor:
        """Somebody else at the same page: who set it up (OFFICE), or a STRANGER."""
        guest = (self._guest, self._guest_id)
        return Visitor(self._port, self._vault, guest, self._person_id, comes_as)

    async def comes_in(self) -> str:
        """Has an account and is signed in, but for a stranger; "" or why not."""
        if _SESSION in self._cookies or self._comes_as == STRANGER:
            return ""
        try:
            return await asyncio.to_thread(self._claim_and_join)
        except OSError as error:
            return f"{_NO_PAGE}: {error}"

    def _claim_and_join(self) -> str:
        vault = Vault(self._vault)
        code = vault.codes.claim(_now_ms())
        vault.close()
        answer = self._fills("/claim", {"code": code, "name": MASTER, **_password()})
        if answer or self._comes_as == OFFICE:
            return _refused(answer)
        answer = self._invites(self._guest, f"guardian/{self._person_id}", self._guest_id)
        return _refused(answer)

    def _invites(self, name: str, grant: str, guardian: str = "") -> str:
        """Whoever is signed in invites somebody, who comes in in her place; "" or why not."""
        invited = {"guardian": guardian, "name": name, "grant": grant}
        link = _LINK.search(self._fills("/accounts", invited, to="/accounts/invite"))
        if link is None:
            return "the page shows no invitation"
        self._cookies.clear()
        return self._fills(link.group(1), {"name": name, **_password()})

    async def opens_doors(self, senior: str, ids: Callable[[], dict[str, str]]) -> list[str]:
        """Links that sign in at once, each once: "name: address" of all who have an account.

        `senior` gets one first; `ids`: name → id of every account by now.
        """
        refused = await self.comes_in()
        while refused.startswith(_NO_PAGE):
            await asyncio.sleep(_GLANCE_S)  # it is only being put up
            refused = await self.comes_in()
        if not refused:
            mine = dict(self._cookies)
            refused = await asyncio.to_thread(self._invites, senior, f"senior/{self._person_id}")
            self._cookies = mine
        vault = Vault(self._vault)
        doors = [
            f"{name}: http://127.0.0.1:{self._port}/join/{vault.codes.enter(one, _now_ms())}"
            for name, one in ids().items()
        ]
        vault.close()
        return [refused, *doors] if refused else doors

    def _fills(self, path: str, typed: dict[str, str], to: str = "") -> str:
        """Sends a page's form with what is typed; "" where it led on, else what is answered."""
        _status, page = self._ask("GET", path, "")
        hidden = dict(_HIDDEN.findall(page))
        body = urlencode({"token": html.unescape(hidden.get("token", "")), **typed})
        status, answer = self._ask("POST", to or path, body)
        return "" if status == HTTPStatus.SEE_OTHER else answer

    async def orders(self, device_id: str, order: str, **fields: str) -> str:
        """Sends the form of an order; "" when it was taken, else what the page answered."""
        form = {"device": device_id, "order": order, **fields}
        refused = await self.comes_in()
        if refused:
            return refused
        try:
            return await asyncio.to_thread(self._send, form)
        except OSError as error:
            return f"{_NO_PAGE}: {error}"

    async def reads(self, path: str = "/") -> str:
        """A page's HTML."""
        await self.comes_in()
        _status, page = await asyncio.to_thread(self._ask, "GET", path, "")
        return page

    async def fills(self, path: str, to: str, **typed: str) -> str:
        """Sends the form for `to` that stands on the page at `path`; "" or why it was refused."""
        return _refused(await self._sends(await self.reads(path), to, typed))

    async def sends(self, path: str, to: str, typed: Mapping[str, str | list[str]]) -> str:
        """Reads a page and sends its form for that address: "" where it led on, else the answer."""
        return await self._sends(await self.reads(path), to, typed)

    async def prescribes(self, person_id: str, line: str) -> str:
        """Types a line as pharmacists write it and stores what was understood; "" or why not."""
        base = f"/person/{person_id}/prescriptions"
        typed = {"way": "shorthand", "text": line}
        page = await self._sends(await self.reads(base), f"{base}/check", typed)
        return _refused(await self._sends(page, f"{base}/enter", {}))

    async def confirms(self, person_id: str) -> str:
        """Says yes to the plan that is shown; "" or why it was not taken."""
        base = f"/person/{person_id}/plan"
        return _refused(await self._sends(await self.reads(base), f"{base}/confirm", {}))

    async def plans_calls(self, person_id: str, call: str, **typed: str | list[str]) -> str:
        """Says when she is called; "" or why it was not taken."""
        base = f"/person/{person_id}/calls"
        return _refused(await self._sends(await self.reads(base), f"{base}/{call}", typed))

    def _send(self, form: dict[str, str]) -> str:
        _status, page = self._ask("GET", "/", "")
        token = dict(_HIDDEN.findall(page)).get("token")
        if token is None:
            return "the page has no form"
        status, answer = self._ask("POST", "/order", urlencode({"token": token, **form}))
        return "" if status == HTTPStatus.SEE_OTHER else f"{status}: {answer}"

    async def _sends(self, page: str, to: str, typed: Mapping[str, str | list[str]]) -> str:
        """Sends the page's form for that address with what is typed: what is seen instead of "".

        That is the page itself where it has no such form.
        """
        forms = (f for f in _FORM.finditer(page) if f.group(1).partition("?")[0] == to)
        form = next(forms, None)
        if form is None:
            return page or f"no page with a form for {to}"
        hidden = {name: html.unescape(value) for name, value in _HIDDEN.findall(form.group(0))}
        body = urlencode({**hidden, **typed}, doseq=True)
        status, answer = await asyncio.to_thread(self._ask, "POST", to, body)
        return "" if status == HTTPStatus.SEE_OTHER else answer

    def _ask(self, method: str, path: str, body: str) -> tuple[int, str]:
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=_TIMEOUT_S)
        headers = {"Content-Type": "application/x-www-form-urlencoded"} if body else {}
        headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in self._cookies.items())
        try:
            connection.request(method, path, body, headers)
            response = connection.getresponse()
            for cookie in response.headers.get_all("Set-Cookie", []):
                name, _, value = cookie.partition(";")[0].partition("=")
                self._cookies[name] = value
            return response.status, response.read().decode()
        finally:
            connection.close()


def _password() -> dict[str, str]:
    """One that nobody has to know."""
    drawn = secrets.token_urlsafe(16)
    return {"password": drawn, "again": drawn}


def _refused(answer: str) -> str:
    """What a page answered that should have led on, without its HTML."""
    return " ".join(re.sub(r"<[^>]*>", " ", answer).split())


def _now_ms() -> int:
    return time.time_ns() // 1_000_000


def free_port() -> int:
    """A port of this machine that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port
