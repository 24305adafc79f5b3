"""The ways out of this home: the configured routes put together, and what a provider reports.

Knows: which route is which channel. May not know: in which order a text tries them, AT, HTTP.
"""

from __future__ import annotations

import asyncio
import logging

from gateway.app.hub import Hub
from gateway.channels.http_sms import Account, HttpSms
from gateway.channels.routes import Route, Router
from gateway.channels.sms import SmsChannel
from gateway.channels.solapi import Delivered
from gateway.config.routes import HTTP, MODEM, HttpSettings, TextSettings
from gateway.events import Event, PartFailed, TextDelivered, TextFailed
from gateway.log import LogUnavailable
from gateway.modem.modem import Modem

POLL_S = 10.0
YOUNG_MS = 10 * 60_000
EVERY_NTH = 30  # an older text is asked about every five minutes,
OLD_MS = 72 * 3_600_000  # for three days

_log = logging.getLogger(__name__)


class Ways:
    """The routes of one home."""

    def __init__(self, hub: Hub, settings: TextSettings, modem: Modem) -> None:
        self._hub = hub
        self._http = _http(hub, settings.http) if settings.http else None
        ways = {MODEM: Route(MODEM, SmsChannel(modem), lambda: modem.why)}
        if self._http is not None:
            ways[HTTP] = Route(HTTP, self._http)
        self.router = Router([ways[name] for name in settings.routes], self._trouble)

    def _trouble(self, name: str, why: str) -> None:
        """A provider is a part that failed; of the modem, that is told by itself (app.py)."""
        part = HTTP if name == HTTP else f"route {name}"
        self._hub.note(PartFailed(self._hub.clock.now_ms(), part, why))

    async def run(self) -> None:
        """Ask the provider what became of its texts, until cancelled."""
        if self._http is None:
            await asyncio.Event().wait()
            return
        turn = 0
        while True:
            since_ms = self._hub.clock.now_ms() - (YOUNG_MS if turn % EVERY_NTH else OLD_MS)
            try:
                await self._look(self._http, since_ms)
            except LogUnavailable as error:
                _log.warning("%s; asked again in %.0f s", error, POLL_S)
            turn += 1
            await asyncio.sleep(POLL_S)

    async def _look(self, http: HttpSms, since_ms: int) -> None:
        for text_id, handle in self._hub.log.awaiting(HTTP, since_ms):
            report = await http.report(handle)
            if report is None:
                continue
            now_ms = self._hub.clock.now_ms()
            fact: Event = TextDelivered(now_ms, text_id)
            if not isinstance(report, Delivered):
                fact = TextFailed(now_ms, text_id, report.why, final=True, route=HTTP)
            self._hub.record(fact)


def _http(hub: Hub, settings: HttpSettings) -> HttpSms:
    account = Account(
        settings.url, settings.sender, settings.key, settings.secret, settings.timeout_s
    )
    return HttpSms(account, hub.clock.now_ms)
