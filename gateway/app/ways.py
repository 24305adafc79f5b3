"""The ways out of this home: the configured routes put together, and what a provider reports.

Knows: which route is which channel. May not know: in which order a text tries them, AT, HTTP.
"""

from __future__ import annotations

import asyncio
import logging

from gateway.app.hub import Hub
from gateway.channels.http_sms import Account, HttpKakao, HttpSms, Kakao
from gateway.channels.routes import Route, Router
from gateway.channels.sms import SmsChannel
from gateway.channels.solapi import Delivered
from gateway.config.routes import HTTP, KAKAO, MODEM, HttpSettings, TextSettings
from gateway.events import Event, PartFailed, TextDelivered, TextFailed
from gateway.incidents.sitting import is_stale
from gateway.log import LogUnavailable
from gateway.modem.modem import Modem
from gateway.units import HOUR_MS, MIN_MS

POLL_S = 10.0
YOUNG_MS = 10 * MIN_MS
EVERY_NTH = 30  # an older text is asked about every five minutes,
OLD_MS = 72 * HOUR_MS  # for three days

_log = logging.getLogger(__name__)


class Ways:
    """The routes of one home."""

    def __init__(self, hub: Hub, settings: TextSettings, modem: Modem) -> None:
        self._hub = hub
        ways = {MODEM: Route(MODEM, SmsChannel(modem), lambda: modem.why)}
        self._asked: dict[str, HttpSms] = {}  # the ways of a provider, which is asked afterwards
        if settings.http is not None:
            account = _account(settings.http)
            self._asked[HTTP] = HttpSms(account, hub.clock.now_ms)
            ways[HTTP] = Route(HTTP, self._asked[HTTP])
            if settings.kakao is not None:
                registered = Kakao(settings.kakao.channel, settings.kakao.templates)
                talk = HttpKakao(account, registered, hub.clock.now_ms)
                self._asked[KAKAO] = talk
                ways[KAKAO] = Route(KAKAO, talk, takes=talk.takes)
        self.router = Router([ways[name] for name in settings.routes], self._trouble)

    def _trouble(self, name: str, why: str) -> None:
        """A provider is a part that failed; of the modem, that is told by itself (app.py)."""
        part = name if name in self._asked else f"route {name}"
        self._hub.note(PartFailed(self._hub.clock.now_ms(), part, why))

    async def run(self) -> None:
        """Ask the provider what became of its texts, until cancelled."""
        if not self._asked:
            await asyncio.Event().wait()
            return
        turn = 0
        while True:
            since_ms = self._hub.clock.now_ms() - (YOUNG_MS if turn % EVERY_NTH else OLD_MS)
            try:
                for route in self._asked:
                    await self._look(route, since_ms)
            except LogUnavailable as error:
                _log.warning("%s; asked again in %.0f s", error, POLL_S)
            turn += 1
            await asyncio.sleep(POLL_S)

    async def _look(self, route: str, since_ms: int) -> None:
        """What became of the texts of one way; what KakaoTalk does not deliver goes another way.

        Unless it asks somebody to go, and all is over: who was told so would be told it after that.
        """
        for text_id, handle in self._hub.log.awaiting(route, since_ms):
            report = await self._asked[route].report(handle)
            if report is None:
                continue
            ledger = self._hub.home.ledger
            again = route == KAKAO and not is_stale(ledger, ledger.texts[text_id])
            now_ms = self._hub.clock.now_ms()
            fact: Event = TextDelivered(now_ms, text_id)
            if not isinstance(report, Delivered):
                fact = TextFailed(now_ms, text_id, report.why, final=not again, route=route)
            self._hub.record(fact)


def _account(settings: HttpSettings) -> Account:
    return Account(settings.url, settings.sender, settings.key, settings.secret, settings.timeout_s)
