"""What a call may say, and what it must never say."""

from __future__ import annotations

import re

import pytest

from gateway.calls.questions import QUESTIONS
from gateway.calls.sentences import LANGUAGES, SENTENCES, sentences

KEYS = {
    "ko": {"0": "영 번", "1": "일 번", "2": "이 번", "3": "삼 번"},
    "en": {"0": "zero", "1": "press one", "2": "press two", "3": "press three"},
}
# To take a medicine, that one was missed, what somebody may suffer from, haste.
NEVER = {
    "ko": r"약을? ?(을|를)? ?(드세요|드십시오|복용하)|복용하세요|안 드셨|놓치|빠뜨|빨리|서둘러|당장"
    r"|치매|우울|당뇨|혈압|중풍|위험",
    "en": r"take (your|the|a|it)|missed|forgot|hurry|quickly|immediately|dementia|depress|diabet"
    r"|stroke|danger",
}
LONGEST = {"ko": 50, "en": 100}  # characters of one sentence: what is heard last is still known


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_is_said_that_must_not_be(language: str) -> None:
    """No "take it", no "missed", no illness, no haste; and the judge finds them."""
    for key, texts in SENTENCES.items():
        found = re.search(NEVER[language], texts[language], re.IGNORECASE)
        assert found is None, f"{key}: {found}"
    for wrong in ("약을 드세요", "약을 안 드셨습니다", "take your pills", "You missed it"):
        assert any(re.search(of, wrong, re.IGNORECASE) for of in NEVER.values())


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_question_names_its_keys_and_no_other(language: str) -> None:
    """What can be pressed is said, in the order of the keys; 0 is told once for the whole call."""
    for name, question in QUESTIONS.items():
        said = " ".join(SENTENCES[key][language] for key in question.ask)
        named = [key for key, word in KEYS[language].items() if word in said.casefold()]
        wanted = [key for key in sorted(question.options) if key != "0" or name == "well"]
        assert named == wanted, name


@pytest.mark.parametrize("language", LANGUAGES)
def test_sentences_are_short_and_end(language: str) -> None:
    """No part of what is said between two pauses is longer than a breath."""
    for key, texts in SENTENCES.items():
        for part in re.split(r"(?<=[.?!])\s", texts[language]):
            assert len(part) <= LONGEST[language], f"{key}: {part}"
            assert part[-1] in ".?!", f"{key}: {part}"


def test_korean_is_polite_and_spells_its_numbers() -> None:
    """What is told ends in 니다, what is asked for or asked in 요: one voice, not two.

    No figure is left to a machine's reading.
    """
    for key, texts in SENTENCES.items():
        for part in re.split(r"(?<=[.?!])\s", texts["ko"]):
            assert re.search(r"(니다\.|세요\.|요\?)$", part), f"{key}: {part}"
        assert not re.search(r"[0-9]", texts["ko"] + texts["en"]), key


def test_names_of_recordings() -> None:
    """A key can be a file's name, the one gap is a name, and both languages have every one."""
    found = list(sentences())
    assert len(found) == len(SENTENCES) * len(LANGUAGES)
    for key, language, text in found:
        assert re.fullmatch(r"[a-z0-9-]+", key)
        assert language in LANGUAGES
        assert re.findall(r"\{.*?\}", text) in ([], ["{name}"])
    assert all(key in SENTENCES for question in QUESTIONS.values() for key in question.ask)
