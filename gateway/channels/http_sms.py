"""Texts by a provider over the Internet: as SMS, or as KakaoTalk 알림톡.

Knows: the account, when the request left, one request a text. May not know: the outbox, other
routes, what the provider's words are (solapi.py), how HTTP is spoken (http.py).
"""

from __future__ import annotations

import secrets
import ssl
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

from gateway.channels import Outcome, Refused, Text, TryLater, Unsure, solapi
from gateway.channels.http import Answer, AnswerLost, NotAsked, Request, ask


@dataclass(frozen=True, slots=True)
class Account:
    """Ours at the provider. The sender's number (E.164) is registered there beforehand."""

    url: str
    sender: str
    key: str = field(repr=False)
    secret: str = field(repr=False)
    timeout_s: float = 10.0


@dataclass(frozen=True, slots=True)
class Kakao:
    """Our channel in KakaoTalk (pfId) and the ids of what is registered there, by purpose."""

    channel: str
    templates: Mapping[str, str]


class HttpSms:
    """The channel over one account."""

    def __init__(
        self,
        account: Account,
        now_ms: Callable[[], int],
        *,
        context: ssl.SSLContext | None = None,
    ) -> None:
        """`now_ms`: UTC ms; `context`: whose certificates are believed, None = the system's."""
        self._account = account
        self._now_ms = now_ms
        self._context = context

    async def send(self, text: Text) -> Outcome:
        """Try once; never raises for what network or provider did."""
        try:
            body = self._body(text)
        except ValueError as error:
            return Refused(str(error))
        left_ms = self._now_ms()
        try:
            answer = await self._ask("POST", solapi.SEND_PATH, body)
        except NotAsked as error:
            return TryLater(f"the provider cannot be reached: {error}")
        except AnswerLost as error:
            return Unsure(str(error))
        return solapi.judge_send(answer.status, answer.body, left_ms)

    async def report(self, handle: str) -> solapi.Report:
        """What became of a text that was taken; None: not known, ask again later."""
        try:
            answer = await self._ask("GET", solapi.list_target(handle), b"")
        except (NotAsked, AnswerLost):
            return None
        return solapi.judge_list(answer.status, answer.body, handle)

    def _body(self, text: Text) -> bytes:
        """What is asked for a text. Raises ValueError where it cannot go this way at all."""
        return solapi.send_body(text, self._account.sender)

    async def _ask(self, method: str, target: str, body: bytes) -> Answer:
        account = self._account
        date = datetime.fromtimestamp(self._now_ms() / 1000, UTC).isoformat()
        salt = secrets.token_hex(16)
        headers = {
            "Authorization": solapi.authorization(account.key, account.secret, date, salt),
            "Content-Type": "application/json",
            "Accept": "application/json",
        }
        request = Request(method, account.url.rstrip("/") + target, headers, body)
        return await ask(request, timeout_s=account.timeout_s, context=self._context)


class HttpKakao(HttpSms):
    """The same account's way into KakaoTalk, for texts that are registered there."""

    def __init__(
        self,
        account: Account,
        kakao: Kakao,
        now_ms: Callable[[], int],
        *,
        context: ssl.SSLContext | None = None,
    ) -> None:
        """As of texts, and `kakao`: as what they are registered."""
        super().__init__(account, now_ms, context=context)
        self._kakao = kakao

    def takes(self, text: Text) -> bool:
        """Whether this text is one of those that are registered."""
        try:
            self._body(text)
        except ValueError:
            return False
        return True

    def _body(self, text: Text) -> bytes:
        template_id = self._kakao.templates.get(text.template)
        if template_id is None:
            raise ValueError("no KakaoTalk template is registered for it")
        return solapi.alimtalk_body(text, self._account.sender, self._kakao.channel, template_id)
