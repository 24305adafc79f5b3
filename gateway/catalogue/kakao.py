"""The texts as KakaoTalk 알림톡: which may go that way, and the templates an office registers.

Knows: the Korean catalogue, how a template writes what changes (#{이름}). May not know: a
provider, template ids, when a text is said.

A template is the text itself with names for what changes, so that nothing can be said twice in two
ways; what a text says for each is read out of its finished words. Nobody can answer an 알림톡:
where a text asks for an answer, one more line names the number to which it is written.
"""

from __future__ import annotations

import re
from string import Formatter

from gateway.catalogue import ko

NAMES = {
    "n": "번호",
    "name": "이름",
    "label": "약",
    "time": "시각",
    "until": "끝",
    "count": "건수",
    "who": "분",
    "what": "내용",
    "link": "링크",
}
"""What a text's fields are called in a template."""
ANSWER_TO = "문자번호"
ANSWER_LINE = f"\n\n답장은 문자로 #{{{ANSWER_TO}}}"
ASKS = "답장"
MOST = 1000  # characters; by the provider's code 1031

# An app that is not looked at must not stand between her and help; an invitation holds a secret;
# an answer goes the way the question came; a test is of the texts themselves.
BY_TEXT_ONLY = frozenset(
    {
        "help_pressed",
        "no_sign_of_life",
        "no_sign_of_life_usual",
        "no_sign_of_life_light",
        "phone_still",
        "call_worry",
        "call_worry_asked",
        "call_worry_pain",
        "call_worry_worried",
        "visit_worry",
        "visit_nobody",
        "invitation",
        "test",
        "test_now",
        "test_thanks",
        "thanks",
        "already",
        "noted",
        "done",
        "over",
        "help",
        "stopped",
        "stop_last",
        "stop_refused",
        "started",
    }
)


def purposes() -> tuple[str, ...]:
    """The texts that may go by KakaoTalk, in the catalogue's order."""
    return tuple(purpose for purpose in ko.TEXTS if purpose not in BY_TEXT_ONLY)


def template(purpose: str) -> str:
    """What is registered for a purpose, word by word. KeyError for one there is not."""
    pieces = Formatter().parse(ko.TEXTS[purpose])
    body = "".join(f"{words}{_mark(field)}" for words, field, _spec, _conversion in pieces)
    return body + ANSWER_LINE if ASKS in body else body


def variables(purpose: str, body: str, answer_to: str) -> dict[str, str] | None:
    """What a finished text puts for each name; None: it is not this template's.

    `answer_to`: the number for answers, as it is dialled. In another language, marked as a repeat,
    or with something left empty it is no text of the template.
    """
    if purpose in BY_TEXT_ONLY or purpose not in ko.TEXTS:
        return None
    found = re.fullmatch(_pattern(ko.TEXTS[purpose]), body)
    if found is None or "#{" in body:
        return None
    said = {f"#{{{NAMES[field]}}}": value for field, value in found.groupdict().items()}
    return said | ({f"#{{{ANSWER_TO}}}": answer_to} if ASKS in ko.TEXTS[purpose] else {})


def filled(purpose: str, said: dict[str, str]) -> str:
    """What a phone shows of it."""
    return re.sub(r"#\{[^}]+\}", lambda mark: said[mark.group()], template(purpose))


def _mark(field: str | None) -> str:
    return f"#{{{NAMES[field]}}}" if field else ""


def _pattern(text: str) -> str:
    """A regular expression for the finished text; a field that stands twice says the same twice."""
    seen: set[str] = set()
    pattern = ""
    for words, field, _spec, _conversion in Formatter().parse(text):
        pattern += re.escape(words)
        if field:
            pattern += f"(?P={field})" if field in seen else f"(?P<{field}>.+?)"
            seen.add(field)
    return pattern
