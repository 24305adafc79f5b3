"""What the page says about a picture: words, clocks, the first sentence."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import re
import string
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from anbu_wire.names import RECORD_KIND_NAMES
from gateway import freshness, happenings, rules
from gateway.adherence.outcomes import How, State
from gateway.adherence.outcomes import Reason as SlotReason
from gateway.app import orders
from gateway.catalogue.ko import TEXTS
from gateway.incidents.reasons import Reason as IncidentReason
from gateway.incidents.table import State as IncidentState
from gateway.orders import Answer, Kind, wishes
from gateway.roster import AS_NEEDED, LABELS
from gateway.rules import double_dose
from gateway.rules.worry import WorryKind
from gateway.web import care, slots, status
from gateway.web.catalogues import CATALOGUES, LANGUAGES, CatalogueError, areas, messages
from gateway.web.words import Words
from tests.web import fakes
from tests.web.fakes import STORIES, FakeDesk, Picture, client_of

# Every WishRefused in the rooms that raise one.
REFUSALS = [
    code
    for module in (wishes, care)
    for code in re.findall(r'WishRefused\("(\w+)"\)', inspect.getsource(module))
]
# Why a rule worries, where that is always the same.
RULES_REASONS = [
    rule.REASON
    for found in pkgutil.iter_modules(rules.__path__)
    if hasattr(rule := importlib.import_module(f"gateway.rules.{found.name}"), "REASON")
]
# What has no other name in Korean: addresses, commands, units, formats and authorities.
NO_OTHER_NAME = re.compile(
    r"\{\w+\}|https?://\S+|anbu [a-z]+( --[a-z]+)*|English|Hz|mg|mL|KiB|MiB|dBm"
    r"|JSON|CSV|FHIR|PDF|QR|UTF|ISMP|NHS|WCAG|AA|Prometheus|\[web\] address"
    r"|MacroDroid|Tasker|OwnTracks|HTTP( Request)?|POST|URL|Mode|&battery=\S+"
)
NOTHING_TO_SAY = "life.time.exact"  # of a time that is exact
KO = Words("ko", "Asia/Seoul")
EN = Words("en", "Asia/Seoul")


# --- words ---------------------------------------------------------------------------------


def test_both_languages_have_the_same_words() -> None:
    """Every sentence exists in both languages, with the same things filled in."""
    assert CATALOGUES["ko"].keys() == CATALOGUES["en"].keys()
    for key, korean in CATALOGUES["ko"].items():
        fields = [
            {field for _, field, _, _ in string.Formatter().parse(text) if field}
            for text in (korean, CATALOGUES["en"][key])
        ]
        if not key.startswith(("time.", "happened.")):
            assert fields[0] == fields[1], key


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_key_stands_in_one_area(language: str) -> None:
    """No key is said twice, in two areas or in one, and none has nothing to say."""
    every = [message for file in areas(language) for message in messages(file)]
    often = Counter(key for key, _ in every)
    assert [key for key, times in often.items() if times > 1] == []
    assert [key for key, sentence in every if not sentence.strip()] == [NOTHING_TO_SAY]


def test_a_broken_file_is_named(tmp_path: Path) -> None:
    """A file that is no .po stops the start, by its name."""
    broken = tmp_path / "plan.po"
    broken.write_text('msgid "a"\nmsgstr "b"\nis this a word?\n', encoding="utf-8")
    with pytest.raises(CatalogueError, match=r"plan\.po: "):
        list(messages(broken))


def test_no_korean_in_english_and_no_english_in_korean() -> None:
    """A language is whole: only the switch to the other one is in the other one's letters."""
    for key, english in CATALOGUES["en"].items():
        if key != "lang.other":
            assert not re.search(r"[가-힣]", english), key
    for key, korean in CATALOGUES["ko"].items():
        plain = NO_OTHER_NAME.sub("", korean)
        assert not re.search(r"[A-Za-z]{2}", plain), key


@pytest.mark.parametrize(
    ("group", "codes"),
    [
        ("state", list(State)),
        ("state.taken", list(How)),
        ("reason", RULES_REASONS),
        ("reason", [*SlotReason, *IncidentReason, *(why for _, why in double_dose.KINDS.values())]),
        ("incident", list(IncidentState)),
        ("worry", list(WorryKind)),
        ("purpose", list(TEXTS)),
        ("label", [*LABELS, AS_NEEDED]),
        ("label.short", [*LABELS, AS_NEEDED]),
        ("said", happenings.codes()),
        ("order", list(Kind)),
        ("order.not", REFUSALS),
        ("answer", list(Answer)),
        ("reply", ["answered", "unanswered"]),
        ("refused", [*orders.REFUSED.values(), "other"]),
        ("care.word", ["taken", "not_taken"]),
    ],
)
def test_every_code_of_the_gateway_has_words(group: str, codes: list[str]) -> None:
    """Whatever state or reason the other rooms come to, people read a sentence, not a code."""
    for language, catalogue in CATALOGUES.items():
        assert [c for c in codes if f"{group}.{c}" not in catalogue] == [], language


def test_every_record_is_said_or_left_out_on_purpose() -> None:
    """A kind that a box may tell has words on the page, or is shown in a slot or by the box.

    The parts of a refill's mask are for the box itself, after a restart.
    """
    elsewhere = {
        *(name for name in RECORD_KIND_NAMES.values() if name.startswith("slot_")),
        *(
            "boot",
            "clock_set",
            "schedule_stored",
            "lid_closed",
            "ok_pressed",
            "battery",
            "refill_part",
            # what a plug tells is evidence of the clock of life, shown as its last sign
            *("load_on", "load_off", "light_step", "energy", "activity", "brightness"),
        ),
    }
    left_out = {RECORD_KIND_NAMES[kind] for kind in happenings.NOT_SHOWN}
    assert left_out == elsewhere - {"slot_postponed"}


def test_clock_is_the_households() -> None:
    """Times are said in the household's zone, midnight and noon as people say them."""
    assert KO.clock(fakes.seoul_ms("18:30")) == "오후 6:30"
    assert EN.clock(fakes.seoul_ms("00:05")) == "12:05 am"
    assert EN.clock(fakes.seoul_ms("12:00")) == "12:00 pm"
    assert Words("en", "Europe/London").clock(fakes.seoul_ms("18:30")) == "9:30 am"
    yesterday = fakes.seoul_ms("23:10", "2026-03-03")
    assert KO.moment(yesterday, fakes.seoul_ms("00:10")) == "3월 3일 오후 11:10"


@pytest.mark.parametrize(
    ("minutes", "english"),
    [
        (0.5, "just now"),
        (-0.5, "in a moment"),
        (1, "1 min ago"),
        (59.9, "59 min ago"),
        (60, "1 h ago"),
        (150, "2 h 30 min ago"),
        (400, "6 h ago"),
        (1440, "1 d ago"),
        (-90, "in 1 h 30 min"),
    ],
)
def test_how_long_ago(minutes: float, english: str) -> None:
    """Relative times round down and never claim to be fresher than they are by more than that."""
    now_ms = fakes.seoul_ms("18:30")
    assert EN.ago(now_ms - int(minutes * 60_000), now_ms) == english


# --- one look ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("story", "level"),
    list(zip(STORIES, ["fine", "help", "handled", "unsure", "unsure"], strict=True)),
)
def test_one_look_tells_how_it_is(story: Callable[[], Picture], level: str) -> None:
    """The first sentence is the most urgent truth of the picture."""
    assert status.status(story(), KO)["level"] == level


def test_silence_is_never_health() -> None:
    """A box that was not heard for three minutes makes the page unsure, link or not."""
    picture = fakes.calm()
    device = picture["persons"][0]["devices"][0]
    device["heard_ms"] = picture["now_ms"] - freshness.FRESH_MS + 1
    assert status.status(picture, KO)["level"] == "fine"
    device["heard_ms"] -= 1
    assert status.status(picture, KO)["level"] == "unsure"
    device["heard_ms"] = None
    assert status.status(picture, KO)["title"] == CATALOGUES["ko"]["status.empty"]


def test_a_text_that_reached_nobody_is_urgent() -> None:
    """Someone has to look in when the incident's text did not arrive, even where it is taken on."""
    picture = fakes.acknowledged()
    picture["texts"][-1]["state"] = "undelivered"
    assert status.status(picture, KO)["level"] == "help"


def test_a_call_for_help_is_said_first() -> None:
    """Whatever else goes on and however new it is, the call for help is the first line."""
    picture = fakes.missed()
    call = {**picture["incidents"][0], "id": 3, "worry": "help_pressed"}
    picture["incidents"].append(call)
    assert KO.say("worry.help_pressed") in status.status(picture, KO)["lines"][0][1]


def test_a_missed_slot_is_noted_when_its_incident_is_over() -> None:
    """A dose that stayed shut is still said today after everything around it has ended."""
    picture = fakes.missed()
    picture["incidents"][0]["state"] = "resolved"
    assert status.status(picture, KO)["level"] == "noted"


def test_unknown_is_not_missed() -> None:
    """With the link cut the page says not confirmed, as of when, and nowhere "not opened"."""
    html = client_of(FakeDesk(fakes.cut_off())).get("/").text
    assert CATALOGUES["ko"]["state.unknown"] in html
    assert CATALOGUES["ko"]["state.missed"] not in html
    assert KO.say("slot.asof", clock="오후 6:12") in html


def test_only_today_and_what_is_not_over() -> None:
    """Yesterday's slots are gone from the day, unless one may still be taken."""
    picture = fakes.calm("00:20")
    person = picture["persons"][0]
    late = fakes.slot("bedtime", 3, "00:00", "late")
    late.update(id="p1/2026-03-03/3")
    old = {**late, "id": "p1/2026-03-03/2", "state": "taken"}
    person["slots"] += [late, old]
    shown = [s["id"] for s in slots.todays(person, picture["now_ms"], KO)]
    assert "p1/2026-03-03/3" in shown
    assert "p1/2026-03-03/2" not in shown
