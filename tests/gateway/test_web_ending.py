"""The page on which somebody's care ends, those it ended for, and what is over, as asked."""

from __future__ import annotations

import pytest

from gateway import events, incidents
from gateway.access import GUARDIAN, OFFICER, SENIOR, Grant
from gateway.home import Home
from gateway.incidents import older
from gateway.incidents.ledger import Ledger
from gateway.officer.casework import CloseCase
from gateway.units import DAY_MS
from gateway.vault import Vault
from gateway.vault.codes import JOIN
from tests.gateway.officer.district import NOW_MS, enter, settle
from tests.gateway.test_web_people import called, desk_of, text_of
from tests.web_access import page_of, signed_in, token_of

ENDS = {"why": "moved", "day": "2026-03-02", "sure": "yes"}


def hers(home: Home) -> int:
    """The number of 김순자's call for help."""
    return next(i.id for i in home.ledger.incidents.values() if i.person_id == "soonja")


def test_an_officer_alone_ends_it() -> None:
    """A guardian of hers, the senior and an officer of somebody else find no such page."""
    app = page_of(desk_of(called()))
    grants = (Grant(GUARDIAN, "soonja"), Grant(SENIOR, "soonja"), Grant(OFFICER, "jungho"))
    for grant in grants:
        client = signed_in(app, grant)
        assert client.get("/person/soonja/end").status_code == 404
        data = {"token": token_of(client), **ENDS}
        assert client.post("/person/soonja/end", data=data).status_code == 404


def test_what_follows_is_said_and_then_happens() -> None:
    """Her incident, her device, who is told no more; not without the tick; then she is listed."""
    home = called()
    client = signed_in(page_of(desk_of(home)), Grant(OFFICER))
    said = text_of(client, "/person/soonja/end")
    for word in ("도움 버튼", "돌려받을 기기", "되돌릴 수 없습니다", "이유"):
        assert word in said, word
    data = {"token": token_of(client), **ENDS}
    unsure = client.post("/person/soonja/end", data={**data, "sure": ""})
    assert unsure.status_code == 400
    assert "아직 아무것도" in unsure.get_data(as_text=True)
    assert home.ledger.live
    assert client.post("/person/soonja/end", data=data).status_code == 303
    assert client.get("/person/soonja/case").status_code == 404
    listed = text_of(client, "/people/ended")
    assert "김순자" in listed
    assert "이사하심" in listed
    assert "돌려받기" in listed
    assert "김순자" not in text_of(client, "/people")
    assert "김순자" in text_of(client, f"/incident/{hers(home)}")
    older_ones = text_of(client, "/incidents?person=soonja")
    assert "돌봄이 끝남" in older_ones
    assert "답한 사람 없음" in older_ones
    before = set(home.ledger.texts)
    settle(home, NOW_MS + DAY_MS)
    late = [text for n, text in home.ledger.texts.items() if n not in before]
    assert not [text for text in late if text.guardian_id in home.cases.told_no_more]


def test_secrets_about_her_open_nothing_any_more() -> None:
    """Her telephone's link, a token about her, an invitation to her; those of others stay."""
    vault = Vault(None)
    app = page_of(desk_of(called()), vault)
    client, guardian = signed_in(app, Grant(OFFICER)), signed_in(app, Grant(GUARDIAN, "soonja"))
    until_ms = NOW_MS + DAY_MS
    links, invited = {}, {}
    for of in ("soonja", "jungho"):
        links[of] = vault.links.make("phone", of, "전화", NOW_MS)
        body = {"name": "누구", "grants": [{"role": "guardian", "person_id": of}], "by": "이"}
        invited[of] = vault.codes.draw(vault.codes.make(JOIN, body, NOW_MS, until_ms)) or ""
    token = vault.tokens.make("account-1", "wall", ["read:people"], NOW_MS, "soonja")
    client.post("/person/soonja/end", data={"token": token_of(client), **ENDS})
    assert vault.links.find("phone", links["soonja"], NOW_MS) is None
    assert vault.links.find("phone", links["jungho"], NOW_MS) is not None
    assert vault.codes.find(invited["soonja"], NOW_MS) is None
    assert vault.codes.find(invited["jungho"], NOW_MS) is not None
    assert vault.tokens.find(token, NOW_MS) is None
    gone = guardian.get("/", headers={"Accept": "text/html"})
    assert (gone.status_code, "/sign-in" in gone.headers["Location"]) == (302, True)


@pytest.mark.parametrize("wrong", [{"why": ""}, {"day": "2027-01-01"}, {"day": ""}])
def test_a_form_that_makes_no_sense_changes_nothing(wrong: dict[str, str]) -> None:
    """In one sentence why, and she is looked after as before."""
    client = signed_in(page_of(desk_of(called())), Grant(OFFICER))
    data = {"token": token_of(client), **ENDS, **wrong}
    refused = client.post("/person/soonja/end", data=data)
    assert refused.status_code == 400
    assert "아직 아무것도" in refused.get_data(as_text=True) or wrong == {"day": ""}
    assert client.get("/person/soonja/case").status_code == 200


# --- what is over -------------------------------------------------------------------------------


def test_what_is_over_says_who_took_it_and_how_soon() -> None:
    """Closed after ten minutes: by whom, and a way to its own page; by kind, month and person."""
    home = called()
    enter(home, CloseCase(hers(home), "called", "", "이지은"), NOW_MS)
    client = signed_in(page_of(desk_of(home)), Grant(OFFICER))
    said = text_of(client, "/incidents")
    assert "이지은, 10분 만에" in said
    page = client.get("/incidents").get_data(as_text=True)
    assert f'href="/incident/{hers(home)}?lang=ko"' in page
    for found, asked in (
        (True, "group=help&month=2026-03&person=soonja"),
        (False, "group=dose"),
        (False, "month=2026-02"),
        (False, "person=jungho"),
        (True, "group=none&month=xx&after=yy"),
    ):
        assert ("이지은, 10분 만에" in text_of(client, f"/incidents?{asked}")) == found, asked


def test_a_guardian_sees_what_was_hers_alone() -> None:
    """Not another person's, asked for by name or not."""
    home = called()
    enter(home, CloseCase(hers(home), "called", "", "이지은"), NOW_MS)
    app = page_of(desk_of(home))
    assert "10분 만에" in text_of(signed_in(app, Grant(GUARDIAN, "soonja")), "/incidents")
    other = signed_in(app, Grant(GUARDIAN, "jungho"))
    for asked in ("/incidents", "/incidents?person=soonja"):
        assert "김순자" not in text_of(other, asked)


def _years(days: int, each: int) -> Ledger:
    """So many days with so many ended incidents each; every tenth is a call for help."""
    ledger = Ledger()
    for n in range(1, days * each + 1):
        worry = "help_pressed" if n % 10 == 0 else "device_unseen"
        at_ms = (n // each) * DAY_MS
        person = f"p{n % 97}"
        opened = events.IncidentOpened(at_ms, n, person, worry, f"k/{n}", None, "r", at_ms)
        incidents.fold(ledger, opened)
        incidents.fold(ledger, events.IncidentResolved(at_ms, n, "gone"))
    return ledger


def test_pages_follow_one_another_without_a_gap() -> None:
    """Page after page is everything once, the newest first, whatever is asked for."""
    ledger = _years(20, 17)
    for wanted in (
        older.Wanted(lambda _of: True),
        older.Wanted(lambda _of: True, group="help"),
        older.Wanted(lambda _of: True, person_id="p5"),
        older.Wanted(lambda of: of in {"p1", "p2"}, from_ms=3 * DAY_MS, until_ms=9 * DAY_MS),
    ):
        found, after = list[older.Past](), None
        while True:
            page = older.page(ledger, wanted, after)
            found += page.past
            after = page.onward
            if after is None:
                break
        every = [
            i.id
            for i in sorted(ledger.incidents.values(), key=lambda i: (-i.opened_ms, -i.id))
            if wanted.seen(i.person_id)
            and (not wanted.group or i.worry == "help_pressed")
            and wanted.person_id in (None, i.person_id)
            and (wanted.from_ms or 0) <= i.opened_ms < (wanted.until_ms or 10**15)
        ]
        assert [one.incident.id for one in found] == every


def test_a_page_looks_at_so_many_at_most(monkeypatch: pytest.MonkeyPatch) -> None:
    """What nobody finds ends the page early, and says from where to go on."""
    monkeypatch.setattr(older, "LOOKED_MOST", 50)
    page = older.page(_years(20, 17), older.Wanted(lambda _of: False), None)
    assert page.past == ()
    assert page.onward is not None
