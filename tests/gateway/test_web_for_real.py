"""The page over the gateway's own desk, picture and decisions: nothing between them is made up."""

from __future__ import annotations

import re
from collections.abc import Collection

import pytest

from anbu_wire import messages as wire
from gateway.desk import Desk
from gateway.entering import Entry, entered
from gateway.events import ScheduleOnBox, TextReceived
from gateway.picture import picture
from gateway.prescription.schedule import make_schedule
from tests.gateway import home_facts as facts
from tests.web import lived
from tests.web_access import page_of, signed_in, token_of


def page_at(clock: str, *, box_says_missed: bool, answered: bool, language: str) -> str:
    """What stands on the page at `clock`, the evening's window ending at 19:00."""
    home = facts.begun(facts.at("08:00"))
    if box_says_missed:
        home.fold(facts.record(1, wire.SLOT_LATE, facts.at("19:00:02")))
        home.fold(facts.caught_up(facts.at("19:00:05")))
    facts.settle(home, facts.at("19:00:06") if box_says_missed else facts.at("19:06"))
    if answered:
        reply = TextReceived(facts.at("19:08"), facts.DAUGHTER, "1", "key-1")
        for fact in [*home.answer(reply, facts.at("19:08")), reply]:
            home.fold(fact)
    now_ms = facts.at(clock)
    desk = Desk(
        lambda only: picture(home.household, home.ledger, now_ms, only=only),
        know=lambda: (home, now_ms),
    )
    return signed_in(page_of(desk)).get(f"/?lang={language}").text


@pytest.mark.parametrize("language", ["ko", "en"])
@pytest.mark.parametrize(
    ("box_says_missed", "answered", "level"),
    [(True, False, "help"), (True, True, "unsure"), (False, False, "help")],
)
def test_the_gateways_own_words_are_understood(
    box_says_missed: bool, answered: bool, level: str, language: str
) -> None:
    """Every state, step and reason of the real gateway is a sentence on the page, never a code.

    With the answer given the incident is taken, but the box was last heard nine minutes ago.
    """
    html = page_at("19:09", box_says_missed=box_says_missed, answered=answered, language=language)
    assert f"level-{level}" in html
    spoken = re.sub(r"<blockquote.*?</blockquote>|<[^>]+>|AB-000001", " ", html, flags=re.DOTALL)
    spoken = re.sub(r"김순자|이지은|박영희|English|한국어|JSON", "", spoken)
    assert not re.search(r"\w_\w|\bNone\b|\{", spoken)
    assert not re.search(r"[가-힣]" if language == "en" else r"[A-Za-z]{3}", spoken)
    assert ("이지은" in html) or not answered


def test_not_confirmed_is_never_called_missed() -> None:
    """Nothing was heard from the box: the page, too, says only that it is not confirmed."""
    html = page_at("19:09", box_says_missed=False, answered=False, language="en")
    assert "Not confirmed" in html
    assert "Not opened" not in html


def test_a_line_becomes_a_schedule_on_the_box() -> None:
    """Entered, shown as a change, confirmed, made, read back: each step stands on both pages."""
    home, now_ms = lived.lived(), lived.NOW_MS

    def note(entry: Entry) -> None:
        for fact in entered(home, entry, now_ms):
            home.fold(fact)

    def draw(only: Collection[str] | None) -> dict[str, object]:
        return picture(home.household, home.ledger, now_ms, only=only)

    client = signed_in(page_of(Desk(draw, note=note, know=lambda: (home, now_ms))))
    token = token_of(client)
    rx, plan = (f"/person/{lived.PERSON}/{page}" for page in ("prescriptions", "plan"))
    said = {"way": "shorthand", "said": lived.FRESH[0], "token": token}
    assert client.post(f"{rx}/enter", data=said).status_code == 303
    assert "확인을 기다리는 처방 변경 1건" in client.get("/").text
    digest = re.search(r'name="digest" value="(\w+)"', client.get(plan).text)
    assert digest
    yes = {"digest": digest.group(1), "token": token}
    assert client.post(f"{plan}/confirm", data=yes).status_code == 303
    assert "확인을 기다리는" not in client.get("/").text
    made = make_schedule(home.household, facts.BOX, now_ms)
    assert made is not None
    home.fold(made)
    assert f"{made.version}번 일정이 아직 약상자에 없음" in client.get("/").text
    home.fold(ScheduleOnBox(now_ms, facts.BOX, made.version, made.crc))
    assert f"{made.version}번 일정이 약상자에 있음 (오후 5:52에 확인)" in client.get("/").text
    assert f"{made.version}번 일정이 약상자에 있습니다" in client.get(plan).text
