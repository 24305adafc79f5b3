"""What an answer by text means.

Knows: the words people answer with, in both languages, as they write them.
May not know: which incident is meant, what follows.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from enum import StrEnum


class Meaning(StrEnum):
    """What an answer can mean."""

    ACK = "ack"
    THERE = "there"  # she arrived
    DONE = "done"
    FALSE = "false"
    WORD = "word"  # it was taken
    STOP = "stop"
    START = "start"
    OTHER = "other"


WORDS: dict[Meaning, frozenset[str]] = {
    Meaning.ACK: frozenset(
        {
            *("1", "확인", "확인했어요", "확인했습니다", "방문", "방문할게요", "담당자"),
            *("네", "예", "넵", "갈게요", "제가갈게요", "ok", "okay", "yes", "going", "onmyway"),
        }
    ),
    Meaning.THERE: frozenset(
        {
            "도착",
            "도착했어요",
            "도착했습니다",
            "왔어요",
            "here",
            "arrived",
            "iamhere",
            "imhere",
            "iamthere",
        }
    ),
    Meaning.DONE: frozenset(
        {"완료", "완료했습니다", "끝", "끝났어요", "종료", "해결", "done", "over", "finished"}
    ),
    Meaning.FALSE: frozenset(
        {"오경보", "오알림", "잘못", "잘못된알림", "이상없음", "이상없어요", "falsealarm", "false"}
    ),
    Meaning.WORD: frozenset(
        {
            *("복용", "복용함", "복용했어요", "복용했습니다", "복용완료", "드셨어요", "드셨음"),
            *("드셨습니다", "드셨대요", "먹었어요", "먹음", "taken", "tookit", "hastaken"),
        }
    ),
    Meaning.STOP: frozenset({"그만", "중지", "수신거부", "stop", "unsubscribe"}),
    Meaning.START: frozenset({"시작", "다시시작", "재개", "start", "unstop"}),
}
BY_WORD = {word: meaning for meaning, words in WORDS.items() for word in words}

_NUMBERED = re.compile(r"^\[?(?:안부|anbu)?\s*(\d{1,9})\s*번?\]?[\s,.:;/-]+(\S.*)$", re.DOTALL)
_MARKS = re.compile(r"[\s.,!?~'\"“”‘’…ㅎㅋㅠ^-]+")


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer understood; `incident_id` where it names one.

    `surely`: the number can be nothing else. In "1 on my way" the 1 is perhaps the answer itself.
    """

    meaning: Meaning
    incident_id: int | None
    surely: bool = field(default=False, compare=False)


def parse(body: str) -> Reply:
    """What an answer means: "1", "12 1", "확인", "12 완료", "드셨어요", anything else."""
    plain = unicodedata.normalize("NFKC", body).strip().casefold()
    numbered = _NUMBERED.match(plain)
    incident_id = int(numbered.group(1)) if numbered else None
    word = _MARKS.sub("", numbered.group(2) if numbered else plain)
    return Reply(BY_WORD.get(word, Meaning.OTHER), incident_id, surely=word == "1")
