"""Texts by the provider over real sockets: honest, lying, cut anywhere; its own client judges."""

from __future__ import annotations

import asyncio
import functools
import ssl
from collections.abc import Callable, Coroutine
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import ParamSpec

import pytest
from solapi import SolapiMessageService
from solapi.model import KakaoOption, RequestMessage
from solapi.model.message_type import MessageType
from solapi.model.request.messages.get_messages import GetMessagesRequest

from gateway.catalogue import kakao
from gateway.channels import Refused, Submitted, Text, TryLater, Unsure
from gateway.channels.http_sms import Account, HttpKakao, HttpSms, Kakao
from gateway.channels.solapi import Delivered, NotDelivered
from tests.certificate import certificate
from tools.home.provider import Fault, Provider

KEY, SECRET = "NCSAYU7YDBXYORXC", "0123456789ABCDEFGHIJ0123456789AB"
SENDER = "+821055550100"
TEXT = Text(7, "+821012345678", "[안부 12] 김순자님 저녁약 19:00까지 안 열림. 가시면 1 답장")
AS_TEMPLATE = replace(TEXT, template="dose_missed")
CHANNELS = {"KA01PF1": {"KA01TP1": kakao.template("dose_missed")}}
P = ParamSpec("P")


def in_loop(test: Callable[P, Coroutine[None, None, None]]) -> Callable[P, None]:
    """Run an async test in a loop of its own, with a time limit."""

    @functools.wraps(test)
    def run(*args: P.args, **kwargs: P.kwargs) -> None:
        async def limited() -> None:
            async with asyncio.timeout(60):
                await test(*args, **kwargs)

        asyncio.run(limited())

    return run


def now_ms() -> int:
    return int(datetime.now(UTC).timestamp() * 1000)


def channel(
    url: str, *, secret: str = SECRET, timeout_s: float = 5, context: ssl.SSLContext | None = None
) -> HttpSms:
    return HttpSms(Account(url, SENDER, KEY, secret, timeout_s), now_ms, context=context)


@in_loop
async def test_a_text_is_taken_and_delivered() -> None:
    """Signed, taken with its whole text, known by a handle; 4000 is delivery."""
    provider = Provider(KEY, SECRET)
    url = await provider.start()
    try:
        before = now_ms()
        outcome = await channel(url).send(TEXT)
        assert isinstance(outcome, Submitted)
        assert before <= outcome.first_pdu_ms <= now_ms()
        assert [(t.to, t.sender, t.text) for t in provider.taken] == [
            ("01012345678", "01055550100", TEXT.body)
        ]
        assert await channel(url).report(outcome.handle) == Delivered()
        assert await channel(url).report("M4VOTHER") is None
    finally:
        await provider.stop()


NOTHING_TAKEN = {
    Fault.BUSY: TryLater,
    Fault.DENIED: TryLater,
    Fault.REFUSED: Refused,
    Fault.MOVED: TryLater,
    Fault.ERROR_INSIDE: TryLater,
    Fault.NO_CREDIT: TryLater,
    Fault.NO_SENDER: Refused,
}
NOBODY_KNOWS = (
    Fault.CUT_AT_ONCE,  # the connection stood, the request was on its way
    Fault.CUT_IN_HEAD,
    Fault.CUT_AFTER_TAKING,
    Fault.CUT_IN_ANSWER,
    Fault.SILENT,
    Fault.DRIP,
    Fault.BROKEN,
    Fault.EMPTY,
    Fault.GARBAGE,
    Fault.NOT_JSON,
    Fault.HUGE,
)

NEVER_ENDING = (Fault.SILENT, Fault.DRIP)


@pytest.mark.parametrize("fault", list(Fault))
@in_loop
async def test_every_lie_has_its_outcome(fault: Fault) -> None:
    """Not taken is said only where nothing was; a text that may be out is never tried unmarked."""
    provider = Provider(KEY, SECRET)
    url = await provider.start()
    provider.faults.append(fault)
    try:
        waits_s = 0.5 if fault in NEVER_ENDING else 30.0
        outcome = await channel(url, timeout_s=waits_s).send(TEXT)
        if fault in NOTHING_TAKEN:
            assert isinstance(outcome, NOTHING_TAKEN[fault]), outcome
            assert provider.taken == []
        elif fault in NOBODY_KNOWS:
            assert isinstance(outcome, Unsure), outcome
        else:
            assert isinstance(outcome, Submitted), outcome
        assert isinstance(await channel(url).send(TEXT), Submitted)
    finally:
        await provider.stop()


@in_loop
async def test_taken_is_not_delivered() -> None:
    """It says that it took the text and never delivers: no report; or says later that it failed."""
    provider = Provider(KEY, SECRET)
    url = await provider.start()
    provider.faults.extend([Fault.NEVER_THERE, Fault.LOST_LATER])
    try:
        silent, lost = await channel(url).send(TEXT), await channel(url).send(TEXT)
        assert isinstance(silent, Submitted)
        assert isinstance(lost, Submitted)
        assert await channel(url).report(silent.handle) is None
        assert await channel(url).report(lost.handle) == NotDelivered("the network gave up (3040)")
    finally:
        await provider.stop()


@in_loop
async def test_a_wrong_key_or_clock_takes_nothing() -> None:
    """A signature under another secret, or of yesterday: not taken, tried later, told why."""
    provider = Provider(KEY, SECRET)
    url = await provider.start()
    try:
        outcome = await channel(url, secret="F" * 32).send(TEXT)
        assert isinstance(outcome, TryLater)
        assert "F" * 8 not in outcome.why
        yesterday = HttpSms(Account(url, SENDER, KEY, SECRET), lambda: now_ms() - 86_400_000)
        assert isinstance(await yesterday.send(TEXT), TryLater)
        assert provider.denied == ["wrong signature", "the date is too far off"]
        assert provider.taken == []
    finally:
        await provider.stop()


@in_loop
async def test_nobody_listens() -> None:
    """No server, no such name: nothing left, so the next route may have it at once."""
    provider = Provider(KEY, SECRET)
    url = await provider.start()
    await provider.stop()
    for address in (url, "http://nowhere.invalid"):
        outcome = await channel(address).send(TEXT)
        assert isinstance(outcome, TryLater), outcome
        assert await channel(address).report("M1") is None


@in_loop
async def test_a_number_abroad_is_refused_unsent() -> None:
    """The provider is not asked about a number that it cannot reach."""
    outcome = await channel("http://127.0.0.1:9").send(Text(1, "+4915112345678", "x"))
    assert isinstance(outcome, Refused)


@pytest.mark.parametrize(
    ("name", "believed", "sent"),
    [("localhost", True, True), ("localhost", False, False), ("other.example", True, False)],
)
@in_loop
async def test_only_a_server_that_proves_its_name_gets_the_text(
    tmp_path: Path, name: str, believed: bool, sent: bool
) -> None:
    """A certificate nobody vouches for, or of another name: nothing left, not even the key."""
    provider = Provider(KEY, SECRET)
    url = (await provider.start(certificate(tmp_path, name))).replace("127.0.0.1", "localhost")
    context = ssl.create_default_context(cafile=str(tmp_path / "ca.pem") if believed else None)
    try:
        outcome = await channel(url, context=context).send(TEXT)
        assert isinstance(outcome, Submitted if sent else TryLater), outcome
        assert (len(provider.taken), provider.asked) == ((1, 1) if sent else (0, 0))
    finally:
        await provider.stop()


@in_loop
async def test_plain_http_where_tls_is_spoken() -> None:
    """Https to a server that speaks plain HTTP: nothing left."""
    provider = Provider(KEY, SECRET)
    url = (await provider.start()).replace("http:", "https:")
    try:
        assert isinstance(await channel(url).send(TEXT), TryLater)
        assert provider.taken == []
    finally:
        await provider.stop()


def talk(url: str, channel_id: str = "KA01PF1", template_id: str = "KA01TP1") -> HttpKakao:
    registered = Kakao(channel_id, {"dose_missed": template_id})
    return HttpKakao(Account(url, SENDER, KEY, SECRET, 5), registered, now_ms)


@in_loop
async def test_a_text_by_kakaotalk_is_its_template_to_the_letter() -> None:
    """Taken as ATA with the text and how to answer it; its delivery is asked for by its handle."""
    provider = Provider(KEY, SECRET, channels=CHANNELS)
    url = await provider.start()
    try:
        outcome = await talk(url).send(AS_TEMPLATE)
        assert isinstance(outcome, Submitted), outcome
        (taken,) = provider.taken
        assert (taken.kind, taken.text) == ("ATA", f"{TEXT.body}\n\n답장은 문자로 01055550100")
        assert await talk(url).report(outcome.handle) == Delivered()
    finally:
        await provider.stop()


@in_loop
async def test_who_has_no_kakaotalk_is_told_so_and_gets_no_second_message_of_theirs() -> None:
    """Taken, then not delivered: one message, and a report that lets our own routes go on."""
    provider = Provider(KEY, SECRET, channels=CHANNELS)
    url = await provider.start()
    provider.faults.append(Fault.NO_KAKAO)
    try:
        outcome = await talk(url).send(AS_TEMPLATE)
        assert isinstance(outcome, Submitted)
        report = await talk(url).report(outcome.handle)
        assert report == NotDelivered("she does not use KakaoTalk (3104)")
        assert [t.kind for t in provider.taken] == ["ATA"]
    finally:
        await provider.stop()


@pytest.mark.parametrize(
    ("channel_id", "template_id", "why"),
    [
        ("KA01PF2", "KA01TP1", "the KakaoTalk channel is not known there (1041)"),
        ("KA01PF1", "KA01TP2", "the KakaoTalk template is not known there (1042)"),
        ("KA01PF1", "KA01TP3", "it is not what the KakaoTalk template says (1043)"),
    ],
)
@in_loop
async def test_what_is_not_registered_is_refused_at_once(
    channel_id: str, template_id: str, why: str
) -> None:
    """Another channel, no such template, a template that was changed there: the next route."""
    changed = {"KA01PF1": {**CHANNELS["KA01PF1"], "KA01TP3": "#{이름}님 안녕하세요"}}
    provider = Provider(KEY, SECRET, channels=changed)
    url = await provider.start()
    try:
        assert await talk(url, channel_id, template_id).send(AS_TEMPLATE) == Refused(why)
        assert provider.taken == []
    finally:
        await provider.stop()


@in_loop
async def test_what_has_no_template_is_not_asked_about() -> None:
    """A text of another purpose, or one in other words than its template: nothing leaves."""
    provider = Provider(KEY, SECRET, channels=CHANNELS)
    url = await provider.start()
    try:
        for text in (
            TEXT,
            replace(AS_TEMPLATE, body="[Anbu 12] 김순자"),
            replace(TEXT, template="x"),
        ):
            assert not talk(url).takes(text)
            assert isinstance(await talk(url).send(text), Refused)
        assert talk(url).takes(AS_TEMPLATE)
        assert provider.asked == 0
    finally:
        await provider.stop()


@in_loop
async def test_their_own_client_sends_kakaotalk_to_this_server() -> None:
    """SOLAPI's own client: same template, same words; its fall-back, if on, is a second message."""
    provider = Provider(KEY, SECRET, channels=CHANNELS)
    url = await provider.start()
    said = kakao.variables("dose_missed", TEXT.body, "01055550100")
    service = SolapiMessageService(KEY, SECRET)
    service.base_url = url
    try:
        ours = await talk(url).send(AS_TEMPLATE)
        for disabled in (True, False):
            provider.faults.append(Fault.NO_KAKAO)
            option = KakaoOption(
                pf_id="KA01PF1", template_id="KA01TP1", variables=said, disable_sms=disabled
            )
            message = RequestMessage(to="010-1234-5678", from_="01055550100", kakao_options=option)
            await asyncio.to_thread(service.send, message)
        assert [t.kind for t in provider.taken] == ["ATA", "ATA", "ATA", "SMS"]
        assert len({t.text for t in provider.taken}) == 1
        assert isinstance(ours, Submitted)
        query = GetMessagesRequest(message_id=ours.handle)
        found = await asyncio.to_thread(service.get_messages, query)
        assert [(m.type, m.status_code) for m in found.message_list.values()] == [
            (MessageType.ATA, "4000")
        ]
    finally:
        await provider.stop()


@in_loop
async def test_their_own_client_is_served() -> None:
    """SOLAPI's own client signs, sends and looks a text up here: this server speaks as theirs."""
    provider = Provider(KEY, SECRET)
    url = await provider.start()
    try:
        ours = await channel(url).send(TEXT)
        service = SolapiMessageService(KEY, SECRET)
        service.base_url = url
        message = RequestMessage(to="010-1234-5678", from_="01055550100", text="안녕하세요")
        answer = await asyncio.to_thread(service.send, message)
        assert answer.group_info.count.registered_success == 1
        assert [t.text for t in provider.taken] == [TEXT.body, "안녕하세요"]
        assert isinstance(ours, Submitted)
        query = GetMessagesRequest(message_id=ours.handle)
        found = await asyncio.to_thread(service.get_messages, query)
        assert [m.status_code for m in found.message_list.values()] == ["4000"]
        stranger = SolapiMessageService(KEY, "x" * 32)
        stranger.base_url = url
        with pytest.raises(Exception, match="SignatureDoesNotMatch"):
            await asyncio.to_thread(stranger.send, message)
    finally:
        await provider.stop()
