"""Words for people: what texts say, in each language, within every route's budget.

Knows: how facts are put into words (ko, en) and how long a text may be.
May not know: when or to whom something is said.

Budget: at most 70 UTF-16 units and 80 bytes in cp949, no emoji, no name of a drug or disease.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import tzinfo
from types import ModuleType

from gateway.catalogue import en, ko
from gateway.zones import local

MAX_UNITS = 70
MAX_CP949_BYTES = 80
NAME_CP949_BYTES = 12

LANGUAGES: dict[str, ModuleType] = {"ko": ko, "en": en}


@dataclass(frozen=True, slots=True)
class Facts:
    """What a text may speak of. `when_ms` is the instant it is about, `now_ms` when it is said.

    `count`: of how many things it speaks; `who`: a person beside the one it is about; `what`: a
    worry or a fault (THINGS, FAULTS of a language); `until_ms`: the end of what began at `when_ms`;
    `link`: an address of the page.
    """

    incident_id: int
    person_name: str
    label: str
    when_ms: int
    now_ms: int
    zone: tzinfo
    count: int = 1
    who: str = ""
    what: str = ""
    until_ms: int | None = None
    link: str = ""


def say(language: str, purpose: str, facts: Facts | None = None) -> str:
    """The text for a purpose. KeyError for a purpose or language that is not in the catalogue."""
    words = LANGUAGES[language]
    pattern: str = words.TEXTS[purpose]
    if facts is None:
        return pattern
    return pattern.format(
        n=facts.incident_id,
        name=short_name(facts.person_name),
        label=words.LABELS[facts.label],
        time=_clock(words, facts, facts.when_ms),
        until=_clock(words, facts, facts.when_ms if facts.until_ms is None else facts.until_ms),
        count=facts.count,
        who=short_name(facts.who),
        what=words.THINGS.get(facts.what, ""),
        link=facts.link,
    )


def _clock(words: ModuleType, facts: Facts, ms: int) -> str:
    """Hour and minute ("19:30"), with the day before them where that is not today."""
    then, now = local(ms, facts.zone), local(facts.now_ms, facts.zone)
    clock = f"{then:%H:%M}"
    if then.date() == now.date():
        return clock
    day: str = words.OTHER_DAY.format(day=then.day, month=then.month)
    return f"{day} {clock}"


def short_name(name: str) -> str:
    """As much of a name as a text has room for; whole characters only."""
    short = ""
    for character in name:
        if len((short + character).encode("cp949", "replace")) > NAME_CP949_BYTES:
            break
        short += character
    return short.strip()


def mark_repeat(language: str, body: str) -> str:
    """The same text, marked as sent once more because its first fate is not known."""
    mark: str = LANGUAGES[language].REPEAT_MARK
    head, bracket, rest = body.partition("]")
    return f"{head} {mark}]{rest}" if bracket else f"[{mark}] {body}"


def label_text(language: str, label: str) -> str:
    """A slot's label in words."""
    text: str = LANGUAGES[language].LABELS.get(label, label)
    return text


def state_text(language: str, state: str, how: str | None = None) -> str:
    """A slot's state in words; `how` only of "taken"."""
    states: dict[str, str] = LANGUAGES[language].STATES
    return states.get(f"{state}_{how}", states.get(state, state))


def over_budget(text: str) -> str | None:
    """Why a text does not fit every route; None where it fits."""
    units = len(text.encode("utf-16-le")) // 2
    if units > MAX_UNITS:
        return f"{units} UTF-16 units, at most {MAX_UNITS}"
    try:
        size = len(text.encode("cp949"))
    except UnicodeEncodeError as error:
        return f"not in cp949: {error.object[error.start : error.end]!r}"
    return f"{size} bytes in cp949, at most {MAX_CP949_BYTES}" if size > MAX_CP949_BYTES else None
