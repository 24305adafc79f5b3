"""A provider of texts on this computer's loopback: speaks as SOLAPI does, and lies when told to.

Knows: HTTP over real sockets, SOLAPI's signature and bodies, KakaoTalk channels with their
registered templates, its own faults.
May not know: the gateway's side of any of it; what texts mean.

Written from the provider's documents and judged by its own Python client (tests/home).
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import re
import ssl
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any
from urllib.parse import parse_qs, urlsplit

import h11

READ_BYTES = 4096
CLOCK_MOST = timedelta(minutes=15)
HUGE_BYTES = 4 << 20
JSON_HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"


class Fault(StrEnum):
    """What it does to one request instead of an honest answer."""

    CUT_AT_ONCE = "cut_at_once"  # before it read anything
    CUT_IN_HEAD = "cut_in_head"  # after the request's first bytes
    CUT_AFTER_TAKING = "cut_after_taking"  # the text goes out, no answer
    CUT_IN_ANSWER = "cut_in_answer"  # the text goes out, half an answer
    SILENT = "silent"  # the text goes out, the connection stays open
    DRIP = "drip"  # the text goes out, the answer comes a byte at a time and never ends
    BROKEN = "broken"  # the text goes out, and it says HTTP 500
    BUSY = "busy"  # HTTP 503, nothing taken
    DENIED = "denied"  # HTTP 401, nothing taken
    REFUSED = "refused"  # HTTP 400, nothing taken
    MOVED = "moved"  # HTTP 302 to elsewhere, nothing taken
    ERROR_INSIDE = "error_inside"  # HTTP 200 whose body says that it failed
    NO_CREDIT = "no_credit"  # HTTP 200 whose list says that it failed
    NO_SENDER = "no_sender"  # same: the sender number is not registered
    EMPTY = "empty"  # the text goes out, HTTP 200 with {}
    GARBAGE = "garbage"  # the text goes out, bytes that are no HTTP
    NOT_JSON = "not_json"  # the text goes out, HTTP 200 with anything
    HUGE = "huge"  # the text goes out, an answer of megabytes
    LOST_LATER = "lost_later"  # taken in order; the network gives up
    NEVER_THERE = "never_there"  # taken in order; never delivered, never said so
    NO_KAKAO = "no_kakao"  # taken in order; then she turns out to have no KakaoTalk


@dataclass(slots=True)
class Taken:
    """One text it took."""

    message_id: str
    to: str
    sender: str
    text: str
    code: str = "3000"
    kind: str = "SMS"


@dataclass(slots=True)
class Provider:
    """The server. `faults` are used up one a request that sends; then it is honest."""

    key: str
    secret: str
    sender: str = "01055550100"
    channels: dict[str, dict[str, str]] = field(default_factory=dict)  # pfId → template id → text
    now: Callable[[], datetime] = lambda: datetime.now(UTC)
    faults: deque[Fault] = field(default_factory=deque)
    taken: list[Taken] = field(default_factory=list)
    denied: list[str] = field(default_factory=list)  # why a request was not believed
    asked: int = 0
    on_text: Callable[[Taken], None] = lambda _taken: None
    _server: asyncio.Server | None = None
    _open: set[asyncio.StreamWriter] = field(default_factory=set)

    async def start(self, context: ssl.SSLContext | None = None, port: int = 0) -> str:
        """Listen; the address of its API."""
        self._server = await asyncio.start_server(self._client, "127.0.0.1", port, ssl=context)
        port = self._server.sockets[0].getsockname()[1]
        return f"{'https' if context else 'http'}://127.0.0.1:{port}"

    async def stop(self) -> None:
        """Close every connection and stop listening."""
        if self._server is not None:
            self._server.close()
        for writer in self._open:
            writer.transport.abort()
        await asyncio.sleep(0)

    async def _client(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._open.add(writer)
        try:
            await self._serve(reader, writer)
        except (OSError, h11.ProtocolError, asyncio.IncompleteReadError):
            return  # the other side went away: nothing to answer
        finally:
            self._open.discard(writer)
            writer.transport.abort() if writer.is_closing() else writer.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        waiting = self.faults[0] if self.faults else None
        if waiting in (Fault.CUT_AT_ONCE, Fault.CUT_IN_HEAD):
            self.faults.popleft()
            if waiting is Fault.CUT_IN_HEAD:
                await reader.readexactly(10)
            writer.transport.abort()
            return
        head, body = await _read(reader)
        self.asked += 1
        why = self._unbelievable(head)
        if why is not None:
            self.denied.append(why)
            await _say(writer, 401, {"errorCode": "SignatureDoesNotMatch", "errorMessage": why})
            return
        path = urlsplit(head.target.decode())
        if path.path == "/messages/v4/send-many/detail":
            fault = self.faults.popleft() if self.faults else None
            await self._send(writer, json.loads(body), fault)
        elif path.path in ("/messages/v4/list", "/messages/v4/list-old"):
            await _say(writer, 200, self._list(parse_qs(path.query)))
        else:
            await _say(writer, 404, {"errorCode": "NotFound", "errorMessage": path.path})

    # --- who is there ----------------------------------------------------------------------

    def _unbelievable(self, head: h11.Request) -> str | None:
        """Why a request is not believed: HMAC-SHA256 of date and salt under the secret."""
        headers = {k.decode().lower(): v.decode() for k, v in head.headers}
        found = re.fullmatch(
            r"HMAC-SHA256 apiKey=([^,]+), date=([^,]+), salt=([^,]+), signature=([0-9a-f]{64})",
            headers.get("authorization", ""),
            re.IGNORECASE,
        )
        if found is None:
            return "no signature"
        key, date, salt, signature = found.groups()
        right = hmac.new(self.secret.encode(), f"{date}{salt}".encode(), hashlib.sha256)
        if key != self.key or not hmac.compare_digest(signature, right.hexdigest()):
            return "wrong signature"
        if not 12 <= len(salt) <= 64:  # noqa: PLR2004 - by the provider's documents
            return "a salt has 12 to 64 characters"
        if abs(datetime.fromisoformat(date) - self.now()) > CLOCK_MOST:
            return "the date is too far off"
        return None

    # --- texts -----------------------------------------------------------------------------

    async def _send(
        self, writer: asyncio.StreamWriter, said: dict[str, Any], fault: Fault | None
    ) -> None:
        if fault in _REFUSALS:
            status, answer = _REFUSALS[fault]
            await _say(writer, status, answer)
            return
        if fault in (Fault.NO_CREDIT, Fault.NO_SENDER):
            code = "1030" if fault is Fault.NO_CREDIT else "1062"
            await _say(writer, 200, self._group(said["messages"], code))
            return
        message = said["messages"][0]
        wrong = self._wrong(message)
        if wrong is not None:
            await _say(writer, 200, self._group(said["messages"], wrong))
            return
        taken = self._taken(message)
        self.taken.append(taken)
        self.on_text(taken)
        if fault is None:
            taken.code = "4000"
        elif fault is Fault.LOST_LATER:
            taken.code = "3040"
        elif fault is Fault.NO_KAKAO:
            taken.code = "3104"
            if not message.get("kakaoOptions", {"disableSms": True}).get("disableSms"):
                self._fall_back(taken)
        await self._answer(writer, fault, self._group(said["messages"], None))

    def _wrong(self, message: dict[str, Any]) -> str | None:
        """The code of why a message is not taken; None: it is. By the provider's documents."""
        if message["from"] != self.sender:
            return "1062"
        options = message.get("kakaoOptions")
        if options is None:
            return "1031" if len(message["text"].encode("cp949")) > 90 else None  # noqa: PLR2004
        if message.get("type") not in (None, "ATA"):
            return "1033"
        templates = self.channels.get(options["pfId"])
        if templates is None:
            return "1041"
        registered = templates.get(options.get("templateId", ""))
        if registered is None:
            return "1042"
        words = _filled(registered, options.get("variables") or {})
        given = message.get("text")
        return "1043" if "#{" in words or given not in (None, words) else None

    def _taken(self, message: dict[str, Any]) -> Taken:
        options = message.get("kakaoOptions")
        kind, words = "SMS", message.get("text")
        if options is not None:
            registered = self.channels[options["pfId"]][options["templateId"]]
            kind, words = "ATA", _filled(registered, options.get("variables") or {})
        handle = f"M4V{len(self.taken):08d}"
        return Taken(handle, message["to"], message["from"], str(words), kind=kind)

    def _fall_back(self, failed: Taken) -> None:
        """Its own second message, where nobody switched that off."""
        handle = f"M4V{len(self.taken):08d}"
        again = Taken(handle, failed.to, failed.sender, failed.text, "4000")
        self.taken.append(again)
        self.on_text(again)

    async def _answer(
        self, writer: asyncio.StreamWriter, fault: Fault | None, answer: dict[str, Any]
    ) -> None:
        whole = json.dumps(answer, ensure_ascii=False).encode()
        if fault is Fault.CUT_AFTER_TAKING:
            writer.transport.abort()
        elif fault is Fault.CUT_IN_ANSWER:
            writer.write(JSON_HEAD + b"Content-Length: %d\r\n\r\n" % len(whole) + whole[:40])
            await writer.drain()
        elif fault is Fault.SILENT:
            await asyncio.Event().wait()
        elif fault is Fault.DRIP:
            await _drip(writer)
        elif fault is Fault.GARBAGE:
            writer.write(bytes(range(256)) * 4)
        elif fault is Fault.HUGE:
            writer.write(JSON_HEAD + b"Content-Length: %d\r\n\r\n" % HUGE_BYTES)
            writer.write(b"x" * HUGE_BYTES)
            await writer.drain()
        elif fault is Fault.NOT_JSON:
            writer.write(JSON_HEAD + b"Content-Length: 11\r\n\r\n<html>\xff\xfe..." + b"\n" * 2)
        elif fault is Fault.EMPTY:
            await _say(writer, 200, {})
        else:
            await _say(writer, 500 if fault is Fault.BROKEN else 200, answer)

    def _group(self, messages: list[dict[str, Any]], failed: str | None) -> dict[str, Any]:
        """The answer to texts: all taken, or all failed with that code."""
        now = self.now().isoformat()
        count = dict.fromkeys(_COUNTS, 0) | {"total": len(messages)}
        count["registeredFailed" if failed else "registeredSuccess"] = len(messages)
        money = {"requested": 0, "replacement": 0, "refund": 0, "sum": 0}
        group = {
            "count": count, "countForCharge": {"sms": {"82": len(messages)}}, "balance": money,
            "point": money, "app": {"profit": {"sms": 0}, "appId": None}, "log": [],
            "status": "SENDING", "allowDuplicates": False, "isRefunded": False,
            "accountId": "12925149", "masterAccountId": None, "apiVersion": "4",
            "groupId": "G4V0", "price": {"82": {"sms": 18}}, "dateCreated": now,
            "dateUpdated": now,
        }  # fmt: skip
        if failed is not None:
            return {"groupInfo": group, "failedMessageList": [_failed(m, failed) for m in messages]}
        listed = {
            "messageId": self.taken[-1].message_id,
            "statusCode": "2000",
            "statusMessage": "정상 접수(이통사로 접수 예정)",
        }
        return {"groupInfo": group, "failedMessageList": [], "messageList": [listed]}

    def _list(self, query: dict[str, list[str]]) -> dict[str, Any]:
        wanted = query.get("messageId") or query.get("value") or []
        found = {
            t.message_id: {
                "messageId": t.message_id, "statusCode": t.code, "to": t.to, "from": t.sender,
                "text": t.text, "type": t.kind, "country": "82",
            }
            for t in self.taken
            if t.message_id in wanted
        }  # fmt: skip
        return {"limit": 20, "messageList": found, "startKey": None, "nextKey": None}


_COUNTS = ("total", "sentTotal", "sentSuccess", "sentPending", "sentReplacement", "refund",
           "registeredFailed", "registeredSuccess")  # fmt: skip
_REFUSALS: dict[Fault | None, tuple[int, dict[str, Any]]] = {
    Fault.BUSY: (503, {"errorCode": "Busy", "errorMessage": "later"}),
    Fault.DENIED: (401, {"errorCode": "InvalidApiKey", "errorMessage": "유효하지 않은 키"}),
    Fault.REFUSED: (400, {"errorCode": "ValidationError", "errorMessage": '"to" 오류\n다음 줄'}),
    Fault.MOVED: (302, {}),
    Fault.ERROR_INSIDE: (200, {"errorCode": "InternalError", "errorMessage": "서버 오류"}),
}


def _filled(template: str, variables: dict[str, str]) -> str:
    """A template with what is said for its names; what is not said stays."""
    return re.sub(r"#\{[^}]*\}", lambda mark: variables.get(mark.group(), mark.group()), template)


def _failed(message: dict[str, Any], code: str) -> dict[str, Any]:
    return {
        "to": message["to"], "from": message["from"], "type": "SMS", "country": "82",
        "messageId": "M4VFAILED", "statusCode": code, "accountId": "12925149",
        "statusMessage": "실패",
    }  # fmt: skip


async def _read(reader: asyncio.StreamReader) -> tuple[h11.Request, bytes]:
    """One whole request."""
    http, head, body = h11.Connection(h11.SERVER), None, b""
    while True:
        event = http.next_event()
        if event is h11.NEED_DATA:
            http.receive_data(await reader.read(READ_BYTES))
        elif isinstance(event, h11.Request):
            head = event
        elif isinstance(event, h11.Data):
            body += bytes(event.data)
        elif isinstance(event, h11.EndOfMessage) and head is not None:
            return head, body
        else:
            raise OSError("the client closed before its request was whole")


async def _say(writer: asyncio.StreamWriter, status: int, answer: dict[str, Any]) -> None:
    body = json.dumps(answer, ensure_ascii=False).encode()
    head = f"HTTP/1.1 {status} .\r\nContent-Type: application/json\r\n"
    head += f"Location: http://127.0.0.1:9/\r\nContent-Length: {len(body)}\r\n\r\n"
    writer.write(head.encode() + body)
    await writer.drain()


async def _drip(writer: asyncio.StreamWriter) -> None:
    writer.write(JSON_HEAD)
    while True:
        writer.write(b"X-A: b\r\n")
        await writer.drain()
        await asyncio.sleep(0.05)
