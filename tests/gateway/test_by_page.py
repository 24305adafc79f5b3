"""What is said of an incident by the page follows the same table as an answer by text."""

from __future__ import annotations

import pytest

from gateway.entering import entered
from gateway.events import Event, IncidentAcknowledged, IncidentResolved, TextDecided
from gateway.home import Home
from gateway.incidents import State
from gateway.incidents.by_page import AnswerIncident, who
from gateway.incidents.words import Meaning, parse
from gateway.refused import EntryRefused
from tests.gateway.home_facts import at, missed_at_seven, only, reply, settle, texts
from tests.gateway.home_facts import roster as a_roster

LATER = at("19:10")


def said(home: Home, word: str, by: str, guardian: str | None = None) -> list[Event]:
    """By the page at ten past seven, believed."""
    facts = entered(home, AnswerIncident(only(home).id, word, by, guardian), LATER)
    for fact in facts:
        home.fold(fact)
    return facts


def test_she_goes_by_page_as_by_text() -> None:
    """The same fact, the same end of her time, nobody told any further; only no text to thank."""
    home, texted = missed_at_seven(), missed_at_seven()
    facts = said(home, "going", "이지은", "daughter")
    answers = reply(texted, "1", "19:10")
    by_text = [fact for fact in answers if isinstance(fact, IncidentAcknowledged)]
    assert facts == by_text
    assert not any(isinstance(fact, TextDecided) for fact in facts)
    assert texts(settle(home, at("19:30"))) == []


def test_there_and_well_close_it_with_who_said_so() -> None:
    """Arrived stands in its story; whoever is there has it; all is well ends it, by her."""
    home = missed_at_seven()
    said(home, "going", "이지은", "daughter")
    said(home, "there", "박순경")
    incident = only(home)
    assert (incident.state, incident.acked_by) == (State.ACKED, "박순경")
    assert incident.history[-1].what == "arrived"
    assert who(a_roster(), "soonja", "박순경") == "박순경"
    assert who(a_roster(), "soonja", "daughter") == "이지은"
    (end,) = said(home, "well", "박순경")
    assert end == IncidentResolved(LATER, 1, "by_person", "박순경")
    assert incident.history[-1].detail == "박순경"


@pytest.mark.parametrize(
    ("before", "word", "code", "by"),
    [
        (("going", "박영희", "neighbour"), "going", "incident_taken", "박영희"),
        (("well", "박영희", "neighbour"), "going", "incident_over", ""),
        (("well", "박영희", "neighbour"), "well", "incident_over", ""),
    ],
)
def test_what_would_be_answered_no_is_refused(
    before: tuple[str, str, str], word: str, code: str, by: str
) -> None:
    """Somebody has it, or it is over: the page says whom or that, and nothing changes."""
    home = missed_at_seven()
    said(home, *before)
    with pytest.raises(EntryRefused) as why:
        said(home, word, "이지은", "daughter")
    assert (why.value.code, why.value.values["by"]) == (code, by)


@pytest.mark.parametrize("word", ["", "stop", "WELL"])
def test_what_is_no_word_is_refused(word: str) -> None:
    """Nor an incident that is not there."""
    with pytest.raises(EntryRefused, match="incident_unknown"):
        said(missed_at_seven(), word, "이지은", "daughter")
    with pytest.raises(EntryRefused, match="incident_unknown"):
        entered(missed_at_seven(), AnswerIncident(99, "going", "이지은"), LATER)


@pytest.mark.parametrize("body", ["도착", "도착했어요!", "1 도착", "here", "I'm here"])
def test_arrived_can_be_texted_too(body: str) -> None:
    """The third button of the page has its word by text."""
    assert parse(body).meaning is Meaning.THERE


def test_arrived_by_text_stands_in_the_story() -> None:
    """As an acknowledgement, said to be of one who has arrived."""
    home = missed_at_seven()
    facts = reply(home, "도착", "19:10")
    acked = [f for f in facts if isinstance(f, IncidentAcknowledged)]
    assert [(f.by, f.there) for f in acked] == [("daughter", True)]
