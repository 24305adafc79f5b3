"""A device that announced its rest: believed, not looked for in vain, missed when it is late.

Knows: Sync, manners, household, picture, page words. May not know: a radio, the real time.
"""

from __future__ import annotations

import random

import pytest

from anbu_wire import messages as m
from anbu_wire import messages as wire
from gateway.adherence import outcome
from gateway.adherence.outcomes import Reason, State
from gateway.events import DeviceRests, GatewayStarted, LinkDown, LinkUp, from_json, to_json
from gateway.home import Home
from gateway.picture import picture
from gateway.sources.radio import manners
from gateway.sources.radio.manners import Manners
from gateway.sync.conversation import LONGEST_REST_S
from gateway.web import slots, status
from gateway.web.words import Words
from tests.gateway import sync_home
from tests.gateway.home_facts import BOX, EVENING, at, begun, caught_up, record, settle, texts

MIN_MS = 60_000


# --- the message -------------------------------------------------------------------------------


def test_a_rest_ends_the_conversation_and_nothing_is_asked_after_it() -> None:
    """RESTING is told with its seconds; whatever comes later, this Sync says no more."""
    home = sync_home.Home(sync_home.Box(3))
    home.run(home.sync.start())
    assert home.sync.receive(m.encode(m.RESTING, 0, 7200)) == [("rests", 7200)]
    assert home.sync.poll() == []
    assert home.sync.receive(home.link.push(home.box.flash(4))) == []


def test_a_rest_without_end_is_believed_for_a_day() -> None:
    """A device cannot make its silence natural for a hundred years."""
    home = sync_home.Home(sync_home.Box())
    home.run(home.sync.start())
    actions = home.sync.receive(m.encode(m.RESTING, 0, 0xFFFFFFFF))
    assert actions == [("rests", LONGEST_REST_S)]


# --- what is believed --------------------------------------------------------------------------


def _resting(now: str = "12:00", until: str = "14:00") -> Home:
    home = begun(at(now))
    home.fold(LinkUp(at(now), BOX))
    home.fold(caught_up(at(now)))
    home.fold(DeviceRests(at(now), BOX, at(until)))
    return home


def _link(home: Home, clock: str) -> str:
    drawn = picture(home.household, home.ledger, at(clock))
    return str(drawn["persons"][0]["devices"][0]["link"])


def test_a_resting_device_is_not_down_until_a_quarter_of_an_hour_after_its_wake() -> None:
    """Resting until 14:00 it is missed from 14:15 on, and not a minute earlier."""
    home = _resting()
    assert [_link(home, c) for c in ("12:01", "14:00", "14:14:59")] == ["resting"] * 3
    assert _link(home, "14:15") == "down"


def test_the_page_is_told_when_the_rest_is_over() -> None:
    """The gateway looks again at the moment from which the device is missed."""
    home = _resting()
    assert home.household.next_unseen_ms(at("12:01")) == at("14:15")
    assert home.household.next_unseen_ms(at("14:15")) is None
    deadline_ms = home.next_deadline(at("12:01"))
    assert deadline_ms is not None
    assert deadline_ms <= at("14:15")


def test_a_link_takes_the_rest_back() -> None:
    """Heard before its time it is up; lost then without a word it is down at once."""
    home = _resting()
    home.fold(LinkUp(at("12:30"), BOX))
    assert _link(home, "12:30") == "up"
    home.fold(LinkDown(at("12:31"), BOX, "the link was lost"))
    assert _link(home, "12:31") == "down"


def test_a_failed_attempt_does_not_wake_it() -> None:
    """A connection that could not begin while it rests leaves the rest as announced."""
    home = _resting()
    home.fold(LinkDown(at("12:30"), BOX, "connect: no answer in time"))
    assert _link(home, "12:31") == "resting"


def test_a_restarted_gateway_remembers_the_rest() -> None:
    """The announcement is a fact of the log: it counts for the next process too."""
    home = _resting()
    home.fold(GatewayStarted(at("12:30"), "test"))
    assert _link(home, "12:31") == "resting"


def test_the_event_is_written_and_read_back() -> None:
    """As JSON and back it is the same fact."""
    fact = DeviceRests(at("12:00"), BOX, at("14:00"))
    assert from_json(fact.kind, to_json(fact)) == fact


# --- what is not put off by it -----------------------------------------------------------------


def test_a_rest_is_no_excuse_for_a_dose_without_a_word() -> None:
    """A box that rests wakes its radio for every verdict, so silence is "not confirmed" as ever.

    It is said at its usual time, it is never "missed", and a missed dose needs the box's word.
    """
    home = _resting("18:00", "20:00")
    assert texts(settle(home, at("19:04"))) == []
    assert outcome(home.household, EVENING, at("19:04")).reason is Reason.AWAITING_RECORDS
    told = texts(settle(home, at("19:05")))
    assert [purpose for purpose, _ in told] == ["dose_unconfirmed"]
    seen = outcome(home.household, EVENING, at("19:30"))
    assert (seen.state, seen.reason) == (State.UNKNOWN, Reason.NO_RECORDS)


def test_a_verdict_told_before_the_rest_is_all_there_is_to_tell() -> None:
    """Taken, sent, and to rest before the window's end: nobody is told anything."""
    home = _resting("12:00", "14:00")
    home.fold(LinkUp(at("18:40"), BOX))
    home.fold(record(1, wire.SLOT_TAKEN, at("18:40"), value=1))
    home.fold(caught_up(at("18:40")))
    home.fold(DeviceRests(at("18:41"), BOX, at("20:41")))
    assert texts(settle(home, at("19:30"))) == []
    assert outcome(home.household, EVENING, at("19:30")).state is State.TAKEN


# --- the radio's manners -----------------------------------------------------------------------


def _served(ids: tuple[str, ...] = ("box",)) -> Manners:
    """Manners whose devices were all linked and have gone."""
    polite = Manners(ids, random.Random(1).random)
    for device_id in ids:
        address = f"radio of {device_id}"
        polite.heard(address, 1000)
        assert polite.plan(1000).connect == address
        polite.identified(address, device_id, 1000)
        polite.happened(address, manners.PROVED, 1000)
        polite.happened(address, manners.ENDED, 2000)
    return polite


def _rungs(polite: Manners, from_ms: int, to_ms: int) -> list[int]:
    """When a rung is climbed, asked each second."""
    return [ms for ms in range(from_ms, to_ms, 1000) if polite.plan(ms).rung]


def test_nobody_climbs_for_a_device_that_rests() -> None:
    """Two hours of announced silence: the scan goes on, no rung; 15 minutes later it is missed."""
    polite = _served()
    polite.rests("box", 120 * MIN_MS)
    missed_ms = 135 * MIN_MS
    assert _rungs(polite, 3000, missed_ms) == []
    assert polite.plan(60 * MIN_MS).scan  # it may call at any moment
    first = _rungs(polite, missed_ms, missed_ms + 2 * MIN_MS)
    assert first[0] == missed_ms + polite.limits.silence_ms


def test_another_device_is_still_looked_for() -> None:
    """One rests, one is simply gone: the ladder is climbed for that one."""
    polite = _served(("box", "plug"))
    polite.all_lost(3000)
    polite.rests("box", 120 * MIN_MS)
    assert _rungs(polite, 3000, 5 * MIN_MS) != []


def test_a_device_that_calls_is_linked_before_its_time() -> None:
    """Heard in the middle of its rest it is connected to, and its rest is over with that."""
    polite = _served()
    polite.rests("box", 120 * MIN_MS)
    polite.heard("radio of box", 30 * MIN_MS)
    assert polite.plan(30 * MIN_MS).connect == "radio of box"
    polite.identified("radio of box", "box", 30 * MIN_MS)
    polite.happened("radio of box", manners.PROVED, 30 * MIN_MS)
    polite.happened("radio of box", manners.ENDED, 31 * MIN_MS)
    polite.all_lost(32 * MIN_MS)
    assert _rungs(polite, 32 * MIN_MS, 40 * MIN_MS) != []


def test_a_device_that_just_went_to_rest_is_not_connected_to() -> None:
    """It was heard a moment ago, but it is off: nobody tries it before it is heard anew."""
    polite = _served()
    polite.rests("box", 120 * MIN_MS)
    assert all(polite.plan(ms).connect is None for ms in range(3000, 40_000, 500))


def test_without_a_rest_silence_climbs_as_ever() -> None:
    """The same device, lost without a word: the first rung after the usual silence."""
    polite = _served()
    polite.all_lost(3000)
    assert _rungs(polite, 3000, 2 * MIN_MS) == [93_000]


# --- the page ----------------------------------------------------------------------------------


@pytest.mark.parametrize(("language", "word"), [("en", "battery"), ("ko", "배터리")])
def test_the_page_says_that_it_rests(language: str, word: str) -> None:
    """Resting is neither "not connected" nor old news; late, it is both."""
    home, words = _resting(), Words(language, "Asia/Seoul")
    drawn = picture(home.household, home.ledger, at("13:30"))
    (device,) = drawn["persons"][0]["devices"]
    view = slots.device(device, at("13:30"), words)
    assert word in view["link"]
    assert view["fresh"]
    assert view["up"]
    assert status.status(drawn, words)["level"] == "fine"
    late = picture(home.household, home.ledger, at("14:20"))
    assert not slots.device(late["persons"][0]["devices"][0], at("14:20"), words)["fresh"]
    assert status.status(late, words)["level"] == "unsure"
