"""The texts as KakaoTalk templates: the same words, read out of finished texts, never of others."""

from __future__ import annotations

import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway import catalogue
from gateway.app.terms import HELP, TERMS
from gateway.catalogue import kakao, ko
from gateway.channels import Text, solapi
from tests.gateway.test_catalogue import NAMES, _longest

NUMBER = "0212345678"


@pytest.mark.parametrize("purpose", kakao.purposes())
def test_a_template_says_what_the_text_says(purpose: str) -> None:
    """Filled with what is read out of a finished text, it is that text, and how to answer it."""
    for name in NAMES:
        body = catalogue.say("ko", purpose, _longest(name, "evening"))
        said = kakao.variables(purpose, body, NUMBER)
        assert said is not None, body
        assert set(said) == set(re.findall(r"#\{[^}]+\}", kakao.template(purpose)))
        shown, _, how = kakao.filled(purpose, said).partition("\n\n")
        assert shown == body
        assert how == (f"답장은 문자로 {NUMBER}" if "답장" in body else "")
        assert len(kakao.filled(purpose, said)) <= kakao.MOST


def test_what_cannot_wait_never_goes_by_an_app() -> None:
    """A text of the most urgent kind, an invitation's secret, an answer: SMS alone."""
    urgent = {purpose for purpose, terms in TERMS.items() if terms.urgency == HELP.urgency}
    for purpose in urgent | {"invitation", "thanks", "test"}:
        assert purpose not in kakao.purposes()
        body = catalogue.say("ko", purpose, _longest("김순자", "evening"))
        assert kakao.variables(purpose, body, NUMBER) is None


def test_what_is_not_the_templates_is_not_taken_for_it() -> None:
    """Another language, another purpose's words, an empty name: no match."""
    facts = _longest("김순자", "evening")
    body = catalogue.say("ko", "dose_missed", facts)
    assert kakao.variables("dose_missed", body, NUMBER) is not None
    for other in (
        catalogue.say("en", "dose_missed", facts),
        catalogue.say("ko", "dose_unconfirmed", facts),
        body.replace("김순자", ""),
        body.replace("김순자", "#{이름}"),
        "",
    ):
        assert kakao.variables("dose_missed", other, NUMBER) is None, other
    assert kakao.variables("no such", body, NUMBER) is None


@given(st.text(min_size=1), st.sampled_from(kakao.purposes()))
def test_whatever_somebody_is_called(name: str, purpose: str) -> None:
    """What a phone shows is the text to the letter, or the text goes as SMS."""
    values = dict.fromkeys(kakao.NAMES, "7") | {"name": name, "who": name}
    body = ko.TEXTS[purpose].format(**values)
    said = kakao.variables(purpose, body, NUMBER)
    assert (
        said is None
        or kakao.filled(purpose, said).partition("\n\n")[0] == body.partition("\n\n")[0]
    )
    assert said is not None or "#{" in body or "\n" in name


def test_the_request_is_one_message_without_a_second() -> None:
    """Type ATA, our channel and template, its words; the provider's own fall-back is off."""
    body = catalogue.say("ko", "dose_missed", _longest("김순자", "evening"))
    text = Text(1, "+821012345678", body, template="dose_missed")
    said = json.loads(solapi.alimtalk_body(text, "+82212345678", "KA01PF1", "KA01TP1"))
    (message,) = said["messages"]
    assert (message["type"], message["to"], message["from"]) == ("ATA", "01012345678", NUMBER)
    options = message["kakaoOptions"]
    assert (options["pfId"], options["templateId"]) == ("KA01PF1", "KA01TP1")
    assert options["disableSms"] is True
    assert options["variables"]["#{이름}"] == "김순자"
    assert message["text"].startswith(body)
    marked = Text(1, text.to, catalogue.mark_repeat("en", body), template="gone")
    with pytest.raises(ValueError, match="template"):
        solapi.alimtalk_body(marked, "+82212345678", "KA01PF1", "KA01TP1")


def test_what_may_not_go_by_kakaotalk_are_texts_there_are() -> None:
    """The list names texts of the catalogue: a typing error would let one through."""
    assert set(ko.TEXTS) >= kakao.BY_TEXT_ONLY
