"""What is said to the provider and what its answers mean: taken, not taken, or nobody knows."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.channels import Outcome, Refused, Submitted, Text, TryLater, Unsure, solapi
from gateway.channels.solapi import Delivered, NotDelivered, judge_list, judge_send

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)
KEYS = st.sampled_from(["messageList", "failedMessageList", "errorCode", "statusCode", "messageId"])


def body(**said: object) -> bytes:
    return json.dumps(said).encode()


def taken(code: str = "2000", handle: object = "M4V1") -> bytes:
    return body(failedMessageList=[], messageList=[{"statusCode": code, "messageId": handle}])


def failed(code: str) -> bytes:
    return body(failedMessageList=[{"statusCode": code, "statusMessage": "못 함\n둘째 줄"}])


@pytest.mark.parametrize(
    ("status", "said", "kind"),
    [
        (200, taken(), Submitted),
        (200, taken("3000"), Submitted),
        (200, taken("1062"), Refused),
        (200, taken("2254"), Unsure),  # it was taken first
        (200, failed("1062"), Refused),
        (200, failed("1030"), TryLater),
        (200, failed("1999"), TryLater),
        (200, failed("3040"), Unsure),
        (200, body(errorCode="X"), TryLater),
        (200, body(), Unsure),
        (200, b"<html>", Unsure),
        (200, b"", Unsure),
        (200, body(messageList={}), Unsure),
        (200, body(messageList=[3]), Unsure),
        (302, body(), TryLater),
        (400, body(errorCode="ValidationError"), Refused),
        (401, body(), TryLater),
        (402, body(errorCode="NotEnoughBalance"), TryLater),
        (418, body(), Unsure),
        (429, body(), TryLater),
        (500, taken(), Unsure),
        (502, b"", Unsure),
        (503, b"", TryLater),
    ],
)
def test_what_an_answer_means(status: int, said: bytes, kind: type[Outcome]) -> None:
    """Each answer is one outcome; where it may have been taken nobody says that it was not."""
    assert isinstance(judge_send(status, said, 5), kind)


def test_a_text_is_known_by_its_handle() -> None:
    """The provider's id is kept where it can be asked for; anything odd is not put into an URL."""
    assert judge_send(200, taken(), 5) == Submitted((), 5, "M4V1")
    assert judge_send(200, taken(handle="../x?"), 5) == Submitted((), 5, "")
    assert judge_send(200, taken(handle=7), 5) == Submitted((), 5, "")


def test_their_words_are_one_clean_line() -> None:
    """What a server says goes into the log and onto the page: short, printable, one line."""
    outcome = judge_send(400, body(errorCode="E\x07\n" + "x" * 5000, errorMessage="b\nc"), 5)
    assert isinstance(outcome, Refused)
    assert outcome.why.isprintable()
    assert len(outcome.why) < 300
    refused = judge_send(200, failed("1999"), 5)
    assert refused == TryLater("못 함 둘째 줄 (1999)")


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("4000", Delivered()),
        ("2000", None),
        ("3000", None),
        ("3040", NotDelivered("the network gave up (3040)")),
        ("1062", NotDelivered("our sender number is not registered there (1062)")),
        ("3999", NotDelivered("it did not arrive (3999)")),
        ("9000", None),
        ("", None),
        (None, None),
        (4000, None),
    ],
)
def test_what_a_report_means(code: object, expected: solapi.Report) -> None:
    """Only 4000 is delivered; a code nobody knows says nothing."""
    said = body(messageList={"M1": {"statusCode": code}})
    assert judge_list(200, said, "M1") == expected
    assert judge_list(500, said, "M1") is None
    assert judge_list(200, said, "M2") is None


@given(st.integers(100, 599), st.dictionaries(KEYS, JSON), st.binary(max_size=40))
def test_any_answer_is_judged(status: int, said: dict[str, Any], raw: bytes) -> None:
    """Whatever a server says: an outcome and a report, never an exception; no lie is delivery."""
    for answer in (json.dumps(said).encode(), raw):
        outcome = judge_send(status, answer, 5)
        assert isinstance(outcome, Submitted | TryLater | Refused | Unsure)
        assert not isinstance(outcome, Submitted) or status // 100 == 2
        assert judge_list(status, answer, "M1") in (None, Delivered()) or status == 200


def test_numbers_are_dialled_as_in_korea() -> None:
    """+82 10 … is 010 …; a number of another country is not this route's."""
    text = Text(1, "+821012345678", "[안부 1] 시험")
    message = json.loads(solapi.send_body(text, "+82212345678"))["messages"][0]
    assert (message["to"], message["from"], message["text"]) == (
        "01012345678",
        "0212345678",
        text.body,
    )
    with pytest.raises(ValueError, match="Korean"):
        solapi.send_body(Text(1, "+4915112345678", "x"), "+82212345678")


def test_the_signature_is_theirs() -> None:
    """HMAC-SHA256 of date and salt; as openssl computes it for fixed values."""
    header = solapi.authorization("KEY", "SECRET", "2019-07-01T00:41:48Z", "jqsba2jxjnrjor")
    assert header == (
        "HMAC-SHA256 apiKey=KEY, date=2019-07-01T00:41:48Z, salt=jqsba2jxjnrjor, signature="
        "669c9fb6acda414922dec17b603459be1dfb7dcb12f81c68e78cbd2f06ca9028"
    )
