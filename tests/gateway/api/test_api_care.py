"""The API for those who look after many: urgency, cases, visits, check lists, who looked."""

from __future__ import annotations

import pytest

from gateway.access import GUARDIAN, OFFICER, TECHNICIAN, Grant
from gateway.events import HouseholdSurveyed, LinkUp, RosterChanged
from gateway.installation import SAID
from gateway.installing import SignInstallation
from gateway.officer.casework import CloseCase, NoteCase, PlanVisit
from gateway.web.installs import measured
from gateway.workshop import Progress, Signal
from tests.gateway.api.served import Served
from tests.gateway.home_facts import BOX
from tests.gateway.officer.district import BOXES, NOW_MS, enter
from tests.gateway.test_web_people import called


@pytest.fixture
def dong() -> Served:
    """김순자 has called, 이말순's box is not heard, 박정호 has none yet."""
    return Served(called(), NOW_MS)


def test_everybody_by_urgency_with_the_reasons_of_the_page(dong: Served) -> None:
    """Who called is first with her incident; filters, the search and their counts agree."""
    token = dong.token((Grant(OFFICER),), ("read:cases",))
    found = dong.get("/standings", token).get_json()
    assert [row["person_id"] for row in found["standings"]] == ["soonja", "malsoon", "jungho"]
    first = found["standings"][0]
    assert (first["level"], first["because"][0]["code"]) == ("first", "help_pressed")
    assert first["because"][0]["incident_id"] in dong.home.board.live["soonja"]
    assert found["standings"][1]["unknown"]
    assert (found["counts"]["all"], sum(found["levels"].values())) == (3, 3)
    shown = dong.get("/standings?show=unknown", token).get_json()
    assert shown["found"] == found["counts"]["unknown"] == len(shown["standings"])
    sought = dong.get("/standings?q=%EC%88%9C%EC%9E%90", token).get_json()
    assert [row["name"] for row in sought["standings"]] == ["김순자"]
    assert dong.get("/standings?page=99", token).get_json()["page"] == 1
    assert dong.get(f"/standings?q={'a' * 81}", token).status_code == 400


def test_an_officer_of_one_sees_one_though_she_cares_for_another(dong: Served) -> None:
    """In the officer's lists only whom she is the officer of: a guardian's eyes do not count."""
    both = (Grant(OFFICER, "malsoon"), Grant(GUARDIAN, "soonja"))
    token = dong.token(both, ("read:cases", "read:people"))
    rows = dong.get("/standings", token).get_json()["standings"]
    assert [row["person_id"] for row in rows] == ["malsoon"]
    assert dong.get("/people/soonja/case", token).status_code == 404
    assert dong.get("/people/soonja", token).status_code == 200
    assert dong.get("/alarms/everybody", token).get_json()["persons"] == 1


def test_the_book_and_the_visits(dong: Served) -> None:
    """A note, a closing with its reason and a planned visit are there as they were entered."""
    live = next(iter(dong.home.board.live["soonja"]))
    enter(dong.home, NoteCase("soonja", "전화를 받으심", "이지은"), NOW_MS)
    enter(dong.home, CloseCase(live, "visited", "", "이지은"), NOW_MS + 1)
    enter(dong.home, PlanVisit("jungho", "2026-03-03", wanted=True, by="이지은"), NOW_MS)
    token = dong.token((Grant(OFFICER),), ("read:cases",))
    book = dong.get("/people/soonja/case?limit=1", token).get_json()
    assert [(e["why"], e["incident_id"]) for e in book["entries"]] == [("visited", live)]
    older = dong.get(f"/people/soonja/case?before_ms={book['next']}", token).get_json()
    assert [(e["text"], e["why"]) for e in older["entries"]] == [("전화를 받으심", None)]
    assert older["next"] is None
    assert dong.get("/people/jungho/case", token).get_json()["visit_days"] == ["2026-03-03"]
    tomorrow = dong.get("/visits?day=2026-03-03", token).get_json()["visits"]
    assert [(v["person_id"], v["planned_by"]) for v in tomorrow] == [("jungho", "이지은")]
    assert "0100" not in dong.get("/visits?day=2026-03-03", token).text  # no numbers with this
    today = dong.get("/visits", token).get_json()
    assert (today["day"], [v["person_id"] for v in today["visits"]]) == ("2026-03-02", ["malsoon"])


def test_who_is_covered_by_which_net(dong: Served) -> None:
    """The page's list: whom nothing holds first, households of a survey, filters, figures."""
    token = dong.token((Grant(OFFICER),), ("read:coverage",))
    nets = {"call": {"state": "refused", "from_day": "1999-03-01", "ask_again_day": "2026-06-01"}}
    place = ("율하동", "안심로 12", 1941, "010-1234-5678")
    dong.home.fold(HouseholdSurveyed(NOW_MS, "@1", "최영수", *place, "이지은", nets))
    found = dong.get("/coverage", token).get_json()
    assert [(r["id"], r["person_id"], r["covered"]) for r in found["households"][:3]] == [
        ("jungho", "jungho", False), ("@1", None, False), ("soonja", "soonja", True),
    ]  # fmt: skip
    assert found["households"][1]["nets"] == [
        {"net": "call", "state": "refused", "since_day": "1999-03-01",
         "ask_again_day": "2026-06-01"},
    ]  # fmt: skip
    assert (found["figures"]["people"], found["figures"]["persons"]) == (4, 3)
    assert found["by_dong"]["율하동"]["refused"] == found["counts"]["refused"] == 1
    assert "5678" not in dong.get("/coverage", token).text  # no numbers with this
    shown = dong.get("/coverage?show=unknown&net=call&q=12", token).get_json()
    assert [r["name"] for r in shown["households"]] == ["최영수"]
    assert dong.get("/coverage?net=moon", token).status_code == 400
    one = dong.token((Grant(OFFICER, "soonja"),), ("read:coverage",))
    hers = dong.get("/coverage", one).get_json()
    assert [r["id"] for r in hers["households"]] == ["soonja"]
    assert hers["figures"]["people"] == 1


def test_alarms_by_kind_and_by_person(dong: Served) -> None:
    """What was closed as false is counted false under its kind and under its person."""
    live = next(iter(dong.home.board.live["soonja"]))
    enter(dong.home, CloseCase(live, "false_alarm", "", "이지은"), NOW_MS)
    token = dong.token((Grant(OFFICER),), ("read:cases",))
    found = dong.get("/alarms/everybody?days=1", token).get_json()
    assert found["by_worry"]["help_pressed"]["false"] == found["every"]["false"] == 1
    assert [row["person_id"] for row in found["noisy"]] == ["soonja"]
    assert (found["false_a_person"], found["within_budget"]) == (10.0, False)


def test_the_check_list_and_the_signed_record(dong: Served) -> None:
    """What the workshop measures stands in the list; what was signed is there as it was signed."""
    dong.workshop.heard[BOX] = Signal(-91, 5_000)
    dong.home.fold(LinkUp(NOW_MS, BOX))
    token = dong.token((Grant(TECHNICIAN, "soonja"),), ("read:installation",))
    hers = dong.get("/people/soonja/installation", token).get_json()
    states = {check["code"]: check["state"] for check in hers["checks"]}
    assert (states["placed"], states["signal"], states["prompt"]) == ("ok", "bad", "open")
    assert hers["signals"] == [{"device_id": BOX, "dbm": -91, "heard_ms": NOW_MS - 5_000}]
    how = measured(dong.workshop)
    enter(
        dong.home, SignInstallation("soonja", frozenset(SAID), "벽이 두꺼움", how, "박기사"), NOW_MS
    )
    (record,) = dong.get("/people/soonja/installation/records", token).get_json()["records"]
    assert (record["by"], record["record"]["remark"]) == ("박기사", "벽이 두꺼움")
    lines = dong.get("/installations", token).get_json()["installations"]
    assert [(line["person_id"], line["left"], line["signed_ms"]) for line in lines] == [
        ("soonja", hers["left"], NOW_MS)
    ]
    assert dong.get("/people/malsoon/installation", token).status_code == 404


def test_the_technicians_list_is_read_page_by_page(dong: Served) -> None:
    """Following `next` one sees everybody once."""
    token, seen, after = dong.token((Grant(TECHNICIAN),), ("read:installation",)), [], ""
    while True:
        page = dong.get(f"/installations?limit=2{after}", token).get_json()
        seen += [line["person_id"] for line in page["installations"]]
        if page["next"] is None:
            break
        after = f"&after={page['next']}"
    assert seen == ["soonja", "malsoon", "jungho"]
    assert dong.get("/installations?after=nobody", token).status_code == 404


def test_the_gateways_health(dong: Served) -> None:
    """Parts, disk and clock as measured; where there is no workshop that is said as 503."""
    dong.workshop.far[7] = Progress(1, 2, "near_dose")  # of an order that is not there
    token = dong.token((Grant(TECHNICIAN),), ("read:installation",))
    found = dong.get("/gateway", token).get_json()
    parts = {part["part"]: part["state"] for part in found["parts"]}
    assert parts == {"radio": "ok", "modem": "open", "disk": "ok", "clock": "ok"}
    assert (found["disk_free_bytes"], found["clock_right"]) == (9 * 2**30, True)
    assert (found["updates"], found["waiting"], found["modem"]) == ([], [], None)
    dong.desk.workshop = None
    assert dong.get("/gateway", token).status_code == 503


def test_who_looked_stands_there_and_this_look_too(dong: Served) -> None:
    """A program that reads a person is in her access log, which a program may read."""
    token = dong.token((Grant(OFFICER),), ("read:access", "read:people"))
    dong.get("/people/soonja", token)
    looks = dong.get("/people/soonja/access-log", token).get_json()["looks"]
    assert [(row["name"], row["page"], row["changed"]) for row in looks] == [
        ("이지은", "api.person", False)
    ]
    again = dong.get("/people/soonja/access-log", token).get_json()["looks"]
    assert {row["page"] for row in again} == {"api.person", "api.access_log"}


def test_a_guardian_is_told_of_accounts_about_hers_alone(dong: Served) -> None:
    """Of an account that looks after two she reads the part about the one she cares for."""
    dong.token((Grant(GUARDIAN, "soonja"), Grant(GUARDIAN, "malsoon")))
    dong.token((Grant(GUARDIAN, "jungho"),))
    token = dong.token((Grant(GUARDIAN, "soonja"),), ("read:access",))
    found = dong.get("/accounts", token).get_json()["accounts"]
    assert [one["grants"] for one in found] == [[{"role": "guardian", "person_id": "soonja"}]] * 2


def test_the_ladder_in_steps_and_the_rosters_version(dong: Served) -> None:
    """Who is told together stands in one step; a change of the roster is another version."""
    token = dong.token()
    found = dong.get("/people/soonja/contacts", token).get_json()
    assert found["ladder"] == [{"after_min": 0, "guardian_ids": ["d-soonja"]}]
    assert (found["level"], found["contacts"][0]["stopped"]) == ("risk", False)
    before = dong.get("/home", token).get_json()["roster_version"]
    row = {"id": BOXES["soonja"], "kind": "pillbox", "person_id": "soonja", "room": "안방"}
    dong.home.fold(RosterChanged(NOW_MS, "devices", BOXES["soonja"], row, "박기사"))
    assert dong.get("/home", token).get_json()["roster_version"] == before + 1


def test_texts_of_one_person(dong: Served) -> None:
    """Asked for one person only hers are answered; for one who may not be seen, none."""
    texts = dong.get("/texts?person_id=soonja", dong.token()).get_json()["texts"]
    assert {text["guardian_id"] for text in texts} == {"d-soonja"}
    other = dong.token((Grant(GUARDIAN, "malsoon"),))
    assert dong.get("/texts?person_id=soonja", other).get_json()["texts"] == []
