"""The language of the provider SOLAPI (API v4): what is asked, and what its answers mean.

Knows: its authorization, bodies and codes. May not know: sockets, clocks, keys beyond one call.

Sources: SOLAPI's documents, api-reference/message-status-codes.md (codes), messages/sendMany.md and
messages/getMessageList.md (bodies), and what its own Python client 5.0.3 (MIT) sends and reads.
Its "accepted" (2000) is not delivery; only 4000 is.

KakaoTalk 알림톡 is its type "ATA" with kakaoOptions (as that client writes them): the channel
(pfId), a registered template and what it says for each name. Its own fall-back to SMS is switched
off (disableSms): whether a text goes once more, and by which way, is our routes' to decide, for two
who both fall back send two texts.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from gateway.catalogue import kakao
from gateway.channels import Outcome, Refused, Submitted, Text, TryLater, Unsure

SEND_PATH = "/messages/v4/send-many/detail"
LIST_PATH = "/messages/v4/list"
KOREA = "+82"
MAX_WHY = 120
MAX_HANDLE = 64

ACCEPTED = "2000"
WITH_CARRIER = "3000"
DELIVERED = "4000"

REFUSED = {
    "1010": "a field is missing",
    "1011": "a field has a wrong form",
    "1025": "this kind of text is not known there",
    "1027": "it is not UTF-8",
    "1028": "it has a character that cannot be printed",
    "1029": "it has a character outside EUC-KR",
    "1031": "it is too long",
    "1033": "it is no KakaoTalk message",
    "1041": "the KakaoTalk channel is not known there",
    "1042": "the KakaoTalk template is not known there",
    "1043": "it is not what the KakaoTalk template says",
    "1058": "no way to this number",
    "1060": "the number is blocked",
    "1061": "the owner of the number refused such texts",
    "1062": "our sender number is not registered there",
    "1064": "blocked after a report to KISA",
}
"""Codes of a text that was not taken and will not be by this route."""
NOT_NOW = {
    "1020": "the account is not known there",
    "1024": "their server failed",
    "1026": "the same number twice",
    "1030": "the account has no credit",
}
"""Codes of a text that was not taken, but may be later."""
LOST = {
    "2230": "the account has no credit",
    "2254": "taken for spam",
    "3010": "the number has a wrong form",
    "3032": "nobody has this number",
    "3040": "the network gave up",
    "3042": "the phone has no network",
    "3043": "the phone is off",
    "3044": "the phone is full",
    "3045": "the phone's contract is suspended",
    "3047": "the phone refuses texts",
    "3050": "the phone takes no texts",
    "3058": "no way to this number",
    "3059": "the sender number is not ours",
    "3101": "the KakaoTalk channel's key is not valid",
    "3102": "she is no friend of the KakaoTalk channel",
    "3103": "it is not what the KakaoTalk template says",
    "3104": "she does not use KakaoTalk",
    "3105": "the KakaoTalk template is not registered",
    "3106": "the KakaoTalk channel is not valid",
    "3107": "she did not use KakaoTalk for 72 hours, or blocked such messages",
    "3108": "KakaoTalk takes no such message at this hour",
}
"""Codes of a text that was taken and did not arrive, in words; others of 1xxx to 3xxx likewise."""

STATUS_REFUSED = frozenset({400, 413, 422})
STATUS_NOT_TAKEN = frozenset({401, 402, 403, 404, 405, 408, 409, 415, 425, 429, 503})
"""HTTP states that say that nothing was taken; of other errors nobody knows."""


@dataclass(frozen=True, slots=True)
class Delivered:
    """It is on the phone."""


@dataclass(frozen=True, slots=True)
class NotDelivered:
    """It will not arrive."""

    why: str


Report = Delivered | NotDelivered | None
"""What is known of a text that was taken; None: nothing yet."""


def authorization(key: str, secret: str, date: str, salt: str) -> str:
    """The header: HMAC-SHA256 of date (ISO 8601) and salt under the secret."""
    signature = hmac.new(secret.encode(), (date + salt).encode(), hashlib.sha256).hexdigest()
    return f"HMAC-SHA256 apiKey={key}, date={date}, salt={salt}, signature={signature}"


def national(number: str) -> str:
    """A Korean E.164 number as it is dialled there. Raises ValueError for any other."""
    if not number.startswith(KOREA):
        raise ValueError("this route reaches Korean numbers only")
    return "0" + number.removeprefix(KOREA)


def send_body(text: Text, sender: str) -> bytes:
    """The request for one text. Raises ValueError for a number outside Korea."""
    return _body({"from": national(sender), "type": "SMS", "to": national(text.to)}, text.body)


def alimtalk_body(text: Text, sender: str, channel: str, template_id: str) -> bytes:
    """The request for one text as 알림톡. Raises ValueError where it is no text of a template."""
    said = kakao.variables(text.template, text.body, national(sender))
    if said is None:
        raise ValueError("it is not what its KakaoTalk template says")
    options = {
        "pfId": channel,
        "templateId": template_id,
        "variables": said,
        "disableSms": True,
    }
    message = {"from": national(sender), "type": "ATA", "to": national(text.to)}
    return _body(message | {"kakaoOptions": options}, kakao.filled(text.template, said))


def _body(message: Mapping[str, Any], words: str) -> bytes:
    body = {"messages": [{**message, "text": words}], "strict": True, "showMessageList": True}
    return json.dumps(body, ensure_ascii=False).encode()


def list_target(handle: str) -> str:
    """Path and query that ask for one text."""
    query = {"criteria": "messageId", "cond": "eq", "value": handle, "limit": 1}
    return f"{LIST_PATH}?{urlencode(query)}"


def judge_send(status: int, body: bytes, first_pdu_ms: int) -> Outcome:
    """What the answer to a text means: taken, not taken, or nobody knows."""
    said = _object(body)
    if status // 100 != 2:  # noqa: PLR2004 - HTTP's own class of what went well
        return _by_status(status, said)
    failed, taken = _first(said.get("failedMessageList")), _first(said.get("messageList"))
    if failed is not None:
        return _not_taken(str(failed.get("statusCode")), failed)
    if taken is not None:
        return _taken(taken, first_pdu_ms)
    if "errorCode" in said:
        return TryLater(_error(status, said))
    return Unsure(f"its answer ({status}) says neither that it took the text nor that it did not")


def _by_status(status: int, said: Mapping[str, Any]) -> Outcome:
    """An error by HTTP alone: some say that nothing was taken, of the others nobody knows."""
    if status in STATUS_REFUSED:
        return Refused(_error(status, said))
    not_taken = status in STATUS_NOT_TAKEN or status // 100 == 3  # noqa: PLR2004 - elsewhere
    return TryLater(_error(status, said)) if not_taken else Unsure(_error(status, said))


def judge_list(status: int, body: bytes, handle: str) -> Report:
    """What is known of a text; what cannot be read says nothing."""
    messages = _object(body).get("messageList")
    message = messages.get(handle) if status == 200 and isinstance(messages, dict) else None  # noqa: PLR2004
    code = message.get("statusCode") if isinstance(message, dict) else None
    if code == DELIVERED:
        return Delivered()
    if not isinstance(code, str) or code in (ACCEPTED, WITH_CARRIER):
        return None
    if not code.startswith(("1", "2", "3")):
        return None  # not in their table: it says nothing
    return NotDelivered(f"{LOST.get(code) or REFUSED.get(code) or 'it did not arrive'} ({code})")


def _taken(message: Mapping[str, Any], first_pdu_ms: int) -> Outcome:
    code, handle = str(message.get("statusCode")), message.get("messageId")
    if code not in (ACCEPTED, WITH_CARRIER, DELIVERED):
        return _not_taken(code, message)
    known = isinstance(handle, str) and handle.isalnum() and len(handle) <= MAX_HANDLE
    return Submitted((), first_pdu_ms, str(handle) if known else "")


def _not_taken(code: str, message: Mapping[str, Any]) -> Outcome:
    words = REFUSED.get(code) or NOT_NOW.get(code) or _clean(message.get("statusMessage"))
    why = f"{words} ({_clean(code)})"
    if code in REFUSED:
        return Refused(why)
    return TryLater(why) if code[:1] == "1" else Unsure(why)


def _error(status: int, said: Mapping[str, Any]) -> str:
    """Their own words about an error, in one line."""
    words = " ".join(_clean(said[k]) for k in ("errorCode", "errorMessage") if k in said)
    return f"HTTP {status}" + (f": {words}" if words else "")


def _object(body: bytes) -> Mapping[str, Any]:
    """The body as a JSON object, empty where it is none."""
    try:
        said = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return said if isinstance(said, dict) else {}


def _first(messages: object) -> Mapping[str, Any] | None:
    """The first of a list of objects; None where there is none."""
    if not isinstance(messages, list) or not messages or not isinstance(messages[0], dict):
        return None
    return messages[0]


def _clean(words: object) -> str:
    """What a server says, short and printable: it goes into the log and onto the page."""
    text = "".join(c if c.isprintable() else " " for c in str(words)[:MAX_WHY])
    return text.strip()
