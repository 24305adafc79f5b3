"""What of a picture somebody may see: her people's, the whole home's, and no other people in it."""

from __future__ import annotations

import json

from gateway.home import Home
from gateway.picture import picture
from gateway.picture_incidents import incident_of
from gateway.picture_seen import Eyes
from tests.gateway.doors import neighbours
from tests.gateway.doors.neighbours import HER, HERS, HIM, HIS
from tests.web import alarmed


def seen(home: Home, now_ms: int, *only: str) -> dict[str, object]:
    return picture(home.household, home.ledger, now_ms, book=home.book, only=only)


def test_each_sees_her_own_and_nothing_of_the_other() -> None:
    """Persons, incidents, texts out and in: what is drawn of one names the other nowhere."""
    home = neighbours.under_one_roof()
    for person, own, others in ((HER, HERS, HIS), (HIM, HIS, HERS)):
        drawn = json.dumps(seen(home, neighbours.NOW_MS, person), ensure_ascii=False)
        assert own[0] in drawn
        assert [name for name in others if name in drawn] == []
    both = seen(home, neighbours.NOW_MS, HER, HIM)
    whole = picture(home.household, home.ledger, neighbours.NOW_MS, book=home.book)
    assert both == whole


def test_who_sees_nobody_sees_nothing() -> None:
    """An account whose last person moved away is shown an empty home, not everything."""
    drawn = seen(neighbours.under_one_roof(), neighbours.NOW_MS)
    assert [drawn[name] for name in ("persons", "incidents", "texts", "orders")] == [[], [], [], []]


def test_what_is_of_the_home_is_seen_without_other_peoples_people() -> None:
    """The power cut concerns him too; who is told for her is not his to read."""
    home = alarmed.dark()
    roster = home.household.roster
    assert roster is not None
    whole = next(i.id for i in home.ledger.incidents.values() if i.person_id == "")
    drawn = incident_of(home.household, home.ledger, whole, alarmed.NOW_MS)
    assert drawn["roll"]
    his, hers = (Eyes(roster, (p,)).clean(drawn) for p in ("minsu", "soonja"))
    assert (his["worry"], his["roll"], his["texts"]) == (drawn["worry"], [], [])
    assert hers["roll"] == drawn["roll"]
    assert all(entry["detail"].partition(":")[0] != "daughter" for entry in his["history"])


def test_a_strangers_text_is_for_those_who_see_everybody() -> None:
    """Nobody knows whom it is about, so nobody who may see only some gets to read it."""
    home = neighbours.under_one_roof()
    roster = home.household.roster
    assert roster is not None
    text = next(t for t in home.ledger.texts.values() if t.direction == "in")
    stranger = type(text)(-9, "in", None, None, "+8201099990000", "", "누구세요", "received", 0, 0)
    assert Eyes(roster, (HIM,)).text(home.ledger, text)
    assert not Eyes(roster, (HER,)).text(home.ledger, text)
    assert not Eyes(roster, (HER, HIM)).text(home.ledger, stranger)
    assert Eyes(roster, None).text(home.ledger, stranger)
