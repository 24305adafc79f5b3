"""The last sign of life on the page: what, where, when exactly; stale never looks fresh."""

from __future__ import annotations

from dataclasses import replace

import pytest

from anbu_wire import messages as wire
from gateway.events import HabitLearnt, LinkDown, NotMonitored, RosterSet
from gateway.home import Home
from gateway.life.detector import Why
from gateway.life.drift import Way
from gateway.life.signs import Source, Trust
from gateway.picture import picture
from gateway.roster import LEVELS, to_json
from gateway.rules import no_sign_of_life, periodic_load, radio_down
from gateway.web import life
from gateway.web.catalogues import CATALOGUES
from gateway.web.words import Words
from tests.gateway.home_facts import BOX, at
from tests.gateway.life.lives_facts import DAY, NEXT, PLUG, fold, habit, living, load, told_by
from tests.web.fakes import FakeDesk, client_of

KO, EN = Words("ko", "Asia/Seoul"), Words("en", "Asia/Seoul")


def seen(home: Home, now_ms: int, words: Words = EN) -> life.View:
    """Soonja's section."""
    return life.lives(picture(home.household, home.ledger, now_ms), words)[0]


@pytest.mark.parametrize(
    ("group", "codes"),
    [
        ("life.source", list(Source)),
        ("life.time", list(Trust)),
        ("life.level", list(LEVELS)),
        ("life.why", list(Why)),
        ("life.drift", list(Way)),
        ("life.state", list(life._SIGNS)),
        (
            "reason",
            [no_sign_of_life.USUAL_PASSED, no_sign_of_life.LEVEL_REACHED, no_sign_of_life.KEEPS,
             no_sign_of_life.NOTHING_SEEN, periodic_load.REASON, radio_down.ADAPTER_DEAD,
             radio_down.ALL_SILENT],
        ),
    ],
)  # fmt: skip
def test_every_code_has_words(group: str, codes: list[str]) -> None:
    """People read a sentence, not a code."""
    for words in (CATALOGUES["ko"], CATALOGUES["en"]):
        assert [c for c in codes if f"{group}.{c}" not in words] == []


def test_what_where_and_when() -> None:
    """The kettle in the kitchen, at nine in the evening, eleven hours ago; and what is next."""
    home = fold(living(PLUG), load(1, at("21:00")), habit(at("21:01"), hours=14, usual_min=690))
    view = seen(home, at("08:00", NEXT))
    assert view["what"] == "something was switched · 주방 plug"
    assert (view["at"], view["ago"], view["old"]) == ("2 March, 9:00 pm", "11 h ago", False)
    assert dict(view["facts"]) == {
        "Level": "severe (24 h)",
        "Usually active": "by 9:00 am",
        "Asked by the box": "11:00 am",
        "Guardian told": "12:00 pm",
        "Officer told": "9:00 pm",
    }
    assert view["notes"] == ["by what is usual"]


def test_stale_never_looks_fresh() -> None:
    """With every link dead the sign is marked as old, each source with its exact last moment."""
    home = fold(living(PLUG), load(1, at("21:00")))
    fold(home, LinkDown(at("22:00"), PLUG, "x"), LinkDown(at("22:30"), BOX, "x"))
    view = seen(home, at("08:00", NEXT))
    assert view["old"]
    assert [(s["word"], s["ago"], s["fresh"]) for s in view["sources"]] == [
        ("seen until 2 March, 10:30 pm only", "9 h ago", False),
        ("seen until 2 March, 10:00 pm only", "10 h ago", False),
    ]
    assert view["notes"] == [EN.say("life.frozen")]


def test_a_plug_at_a_refrigerator_does_not_look_as_if_it_watched() -> None:
    """It is linked, and tells nothing of her."""
    home = fold(living(PLUG), told_by(PLUG, 1, wire.LOAD_PERIODIC, at("13:00"), value=1))
    assert [s["state"] for s in seen(home, at("14:00"))["sources"]] == ["fresh", "periodic"]


def test_away_and_no_level_are_said() -> None:
    """Away until when; and that nobody is told where no level is set."""
    home = fold(living(), load(1, at("12:30")))
    fold(home, NotMonitored(at("12:31"), "soonja", DAY, NEXT, "travel", "이지은"))
    assert "4 March, 12:00 am" in seen(home, at("13:00"))["notes"][0]
    roster = home.household.roster
    assert roster is not None
    person = replace(roster.persons[0], level=None)
    fold(home, RosterSet(at("13:01"), to_json(replace(roster, persons=(person,)))))
    fold(home, told_by(BOX, 3, wire.OK_PRESSED, at("13:02")))
    assert seen(home, at("13:03"))["notes"] == [EN.say("life.off")]


def test_drift_is_a_line_there() -> None:
    """With both medians."""
    drift = {"ways": ["later", "emptier"], "first_before_min": 420.0, "first_now_min": 510.0,
             "hours_before": 12.0, "hours_now": 9.0}  # fmt: skip
    home = fold(living(), HabitLearnt(at("12:01"), "soonja", {}, drift))
    notes = seen(home, at("13:00"))["notes"]
    assert any("07:00 → 08:30" in note for note in notes)
    assert any("12 h → 9 h" in note for note in notes)


@pytest.mark.parametrize("language", ["ko", "en"])
def test_the_page_has_the_section(language: str) -> None:
    """Whole without a script, in both languages."""
    home = fold(living(PLUG), load(1, at("21:00")))
    shown = picture(home.household, home.ledger, at("22:00"))
    html = client_of(FakeDesk(shown)).get(f"/?lang={language}").get_data(as_text=True)
    assert 'id="life-soonja"' in html
    assert Words(language, "Asia/Seoul").say("life.title", person="김순자") in html
