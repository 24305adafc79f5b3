"""A silence that was told ends by a fresh sign or by a person, never by what is known otherwise."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from anbu_wire import messages as wire
from gateway.events import (
    DeviceOrdered,
    GatewayStarted,
    LinkDown,
    LinkUp,
    NotMonitored,
    OrderAnswered,
    RosterSet,
)
from gateway.home import Home
from gateway.incidents.purposes import STEPS
from gateway.life.signs import Source, Trust
from gateway.roster import to_json
from gateway.rules import no_sign_of_life
from tests.gateway.home_facts import BOX, DAUGHTER, at, caught_up, sent, settle, texts
from tests.gateway.ladder_facts import told
from tests.gateway.life.lives_facts import (
    DAY,
    HOUR_MS,
    NEXT,
    PLUG,
    fold,
    habit,
    living,
    load,
    ok,
    told_by,
    watched,
)

THIRD = "2026-03-04"


def told_at_noon(*plugs: str) -> Home:
    """Silent since yesterday 12:30, severe: her daughter and the officer know since 12:30."""
    home = fold(living(*plugs), ok(1, at("12:30")))
    found = told(home, "12:40", NEXT, begin="12:20")
    assert "no_sign_of_life" in {p for _m, p, _to in found}
    return home


def levelled(home: Home, level: str | None, clock: str, day: str = NEXT) -> Home:
    """The file of the house says another level now."""
    who = watched(PLUG)
    person = replace(who.persons[0], level=level)
    return fold(home, RosterSet(at(clock, day), to_json(replace(who, persons=(person,)))))


def live(home: Home) -> list[str]:
    """The kinds of the incidents that live."""
    return [home.ledger.incidents[i].worry for i in home.ledger.live]


def cleared(home: Home, now_ms: int) -> bool:
    """Whether anybody reads now that her silence is over."""
    found = [f for f in settle(home, now_ms) if f.kind == "text_decided" and f.purpose == "gone"]
    return any(home.ledger.incidents[f.incident_id].worry == "no_sign_of_life" for f in found)


def test_a_level_taken_away_is_no_sign_of_life() -> None:
    """Told at 12:30, level gone at 13:00: nobody reads that all is well; a sign still ends it."""
    home = levelled(told_at_noon(PLUG), None, "13:00")
    assert not cleared(home, at("13:00", NEXT))
    assert live(home) == ["no_sign_of_life"]
    fold(home, ok(2, at("13:10", NEXT)))
    assert cleared(home, at("13:10", NEXT))
    assert live(home) == []


def test_a_level_given_back_watches_the_same_silence() -> None:
    """Asked at 11:30, level gone at 11:40 and back at 11:50: told at 12:30 all the same."""
    home = fold(living(PLUG), ok(1, at("12:30")))
    told(home, "11:35", NEXT, begin="11:20")
    levelled(home, None, "11:40")
    settle(home, at("11:40", NEXT))
    assert live(home) == []
    levelled(home, "severe", "11:50")
    settle(home, at("11:50", NEXT))
    assert ("no_sign_of_life", DAUGHTER) in texts(settle(home, at("12:30", NEXT)))


def test_days_away_that_are_withdrawn_watch_the_same_silence() -> None:
    """Her neighbour's days were entered for her and withdrawn: the silence is told."""
    home = fold(living(PLUG), ok(1, at("12:30")))
    told(home, "11:35", NEXT, begin="11:20")
    fold(home, NotMonitored(at("11:40", NEXT), "soonja", NEXT, THIRD, "travel", "x"))
    settle(home, at("11:40", NEXT))
    fold(home, NotMonitored(at("11:50", NEXT), "soonja", NEXT, DAY, "travel", "x"))
    settle(home, at("11:50", NEXT))
    assert ("no_sign_of_life", DAUGHTER) in texts(settle(home, at("12:30", NEXT)))


def test_a_stay_that_was_planned_before_ends_no_silence() -> None:
    """Told in the evening; the journey that was planned begins at midnight: nobody saw her go."""
    home = fold(living(PLUG), ok(1, at("12:30")), habit(at("12:31")))
    fold(home, NotMonitored(at("12:32"), "soonja", NEXT, THIRD, "travel", "x"))
    told(home, "21:31", DAY, begin="20:29")
    summer = ("2026-07-01", "2026-07-09")
    fold(home, NotMonitored(at("21:40"), "soonja", *summer, "travel", "x"))  # not of now
    assert not cleared(home, at("00:00", NEXT))
    assert live(home) == ["no_sign_of_life"]


def test_a_stay_said_after_it_ends_a_silence() -> None:
    """Told in the evening; then somebody says that she is away: by the page, or by her box."""
    for how in ("days", "box"):
        home = fold(living(PLUG), ok(1, at("12:30")), habit(at("12:31")))
        told(home, "21:31", DAY, begin="20:29")
        if how == "days":
            fold(home, NotMonitored(at("21:40"), "soonja", DAY, THIRD, "travel", "x"))
        else:
            until = {"from_ms": at("21:40"), "until_ms": at("20:00", NEXT)}
            fold(home, DeviceOrdered(at("21:40"), 70, BOX, "away", until))
            fold(home, OrderAnswered(at("21:40"), 70, "done"))
        settle(home, at("21:41"))
        assert live(home) == []


def test_a_sign_of_yesterday_is_no_all_clear() -> None:
    """Told at 12:30; at 12:50 the plug tells of a kettle of yesterday 14:00: no word of it."""
    home = fold(living(PLUG), ok(1, at("12:30")), LinkDown(at("13:00"), PLUG, "gone"))
    told(home, "12:40", NEXT, begin="12:20")
    fold(home, LinkUp(at("12:50", NEXT), PLUG))
    fold(home, load(2, at("12:50", NEXT), wall_ms=at("14:00")))
    fold(home, caught_up(at("12:51", NEXT), device_id=PLUG))
    assert not cleared(home, at("12:51", NEXT))
    assert "no_sign_of_life" in live(home)
    fold(home, load(3, at("13:00", NEXT)))
    assert cleared(home, at("13:00", NEXT))


def test_a_sign_that_is_dated_anew_tells_nobody_twice() -> None:
    """Her daughter has it; the last sign turns out to be two minutes later: it stays hers."""
    home = fold(living(PLUG), ok(1, at("12:30"), quality=wire.DRIFTING))
    told(home, "12:31", NEXT, begin="12:20")
    number = max(home.ledger.incidents)
    synced = {"uptime_ms": 60_000, "timeline": 2, "wall_ms": at("12:29")}
    fold(home, told_by(BOX, 2, wire.CLOCK_SET, at("12:35", NEXT), **synced))
    last = home.household.signs.last("soonja", home.household.timelines)
    assert last is not None
    assert last.at_ms != at("12:30")
    assert texts(settle(home, at("12:35", NEXT))) == []
    assert max(home.ledger.incidents) == number


def test_what_a_plug_kept_without_a_clock_is_no_sign_of_now() -> None:
    """Silent since yesterday; a plug comes back with a load of a boot that never knew the time."""
    home = fold(living(PLUG), ok(1, at("12:30")))
    fold(home, LinkDown(at("13:00"), PLUG, "gone"))
    told(home, "12:40", NEXT, begin="12:20")
    fold(home, LinkUp(at("12:50", NEXT), PLUG))
    fold(home, load(2, at("12:50", NEXT), wall_ms=None, quality=wire.UNKNOWN, boot=2))
    fold(home, told_by(PLUG, 3, wire.BOOT, at("12:50", NEXT), value=1, boot=3))
    fold(home, caught_up(at("12:51", NEXT), device_id=PLUG))
    assert not cleared(home, at("12:51", NEXT))
    assert "no_sign_of_life" in live(home)
    last = home.household.signs.last("soonja", home.household.timelines)
    assert last is not None
    assert (last.at_ms, last.source, last.trust) == (at("13:00"), Source.LOAD, Trust.EARLIEST)


def test_her_answer_counts_whatever_her_box_believes_the_time_to_be() -> None:
    """She pressed OK while it asked; the box's clock is a year behind: it came as she did it."""
    home = fold(living(), ok(1, at("12:30")))
    told(home, "11:35", NEXT, begin="12:31")
    behind = {"wall_ms": at("11:40", "2025-03-03"), "quality": wire.DRIFTING}
    fold(home, told_by(BOX, 2, wire.ANSWERED, at("11:40", NEXT), value=1, **behind))
    settle(home, at("11:40", NEXT))
    assert live(home) == []
    last = home.household.signs.last("soonja", home.household.timelines)
    assert last is not None
    assert (last.at_ms, last.trust) == (at("11:40", NEXT), Trust.LEARNT)


def test_what_a_box_kept_before_it_was_known_keeps_its_time() -> None:
    """A gateway that is new here learns a month of records: none of them happened just now."""
    home = Home()
    fold(home, GatewayStarted(at("12:00"), "x"), RosterSet(at("12:00"), to_json(watched())))
    fold(home, LinkUp(at("12:01"), BOX))
    week_ago = {"wall_ms": at("12:00", "2026-02-23"), "quality": wire.DRIFTING}
    fold(home, ok(1, at("12:01"), **week_ago))
    last = home.household.signs.last("soonja", home.household.timelines)
    assert last is not None
    assert (last.at_ms, last.trust) == (at("12:00", "2026-02-23"), Trust.ABOUT)


def test_a_silence_is_not_reckoned_from_tomorrow() -> None:
    """The gateway's clock was a year ahead for a minute: what it learnt then is no last sign."""
    ahead = at("12:31", "2027-03-02")
    home = fold(living(PLUG), ok(1, at("12:30")), ok(2, ahead), ok(3, at("12:40")))
    assert ("no_sign_of_life", False) in [
        (str(w.kind), w.keeps) for w in no_sign_of_life.worries(home.household, at("12:41", NEXT))
    ]
    found = home.household.signs.last("soonja", home.household.timelines, at("12:41", NEXT))
    assert found is not None
    assert found.at_ms == at("12:40")


def test_a_question_that_is_over_is_taken_back() -> None:
    """Asked at 11:30; at 11:40 she makes tea: her box falls silent, and once."""
    home = fold(living(PLUG), ok(1, at("12:30")))
    told(home, "11:35", NEXT, begin="12:31")
    fold(home, load(2, at("11:40", NEXT)))
    settle(home, at("11:40", NEXT))
    settle(home, at("11:41", NEXT))
    asks = [o.arguments["seconds"] for o in home.book.orders.values() if o.kind == "ask"]
    assert asks == [3600, 0]


def test_a_usual_hour_that_is_still_to_come_is_not_spoken_of() -> None:
    """Her line may lie before the hour by which nine days of ten had a sign."""
    home = fold(living(PLUG), ok(1, at("12:30")), habit(at("12:31"), usual_min=12 * 60))
    told(home, "21:29", DAY, begin="20:30")
    assert "no_sign_of_life" in {p for p, _to in texts(settle(home, at("21:30")))}
    assert "usual_ms" not in next(iter(home.ledger.incidents.values())).detail


facts = st.lists(
    st.tuples(
        st.sampled_from(["level", "none", "away", "back", "down", "up", "old", "start", "habit"]),
        st.integers(1, 400),
    ),
    max_size=10,
)


@settings(max_examples=80, deadline=None)
@given(facts)
def test_nothing_but_a_sign_or_a_person_clears_what_was_told(drawn: list[tuple[str, int]]) -> None:
    """Whatever is learnt of levels, links and old signs: no all-clear, and it is told in the end.

    A day that somebody says is a day away is a person's word, so it comes before the telling.
    """
    home, now_ms = fold(living(PLUG), ok(1, at("12:30"))), at("12:31")
    seq = 10
    for what, minutes in drawn:
        now_ms, seq = now_ms + minutes * 60_000, seq + 1
        if what in ("level", "none"):
            person = replace(watched(PLUG).persons[0], level="severe" if what == "level" else None)
            fold(home, RosterSet(now_ms, to_json(replace(watched(PLUG), persons=(person,)))))
        elif what in ("away", "back") and home.household.sight.stands("soonja") is None:
            last_day = NEXT if what == "away" else "2026-03-01"
            fold(home, NotMonitored(now_ms, "soonja", DAY, last_day, "travel", "x"))
        elif what == "old":
            fold(home, LinkUp(now_ms, PLUG), load(seq, now_ms, wall_ms=at("13:00") + seq))
        elif what == "habit":
            fold(home, habit(now_ms, hours=minutes // 10))
        elif what == "start":
            fold(home, GatewayStarted(now_ms, "x", now_ms - 60_000))
        elif what == "down":
            fold(home, LinkDown(now_ms, BOX, "x"))
        else:
            fold(home, LinkUp(now_ms, BOX), caught_up(now_ms))
        if now_ms - at("13:01") > 6 * HOUR_MS:
            assert not cleared(home, now_ms)
    fold(home, RosterSet(now_ms, to_json(watched(PLUG))))
    end_ms = max(now_ms, at("00:00", THIRD)) + 25 * HOUR_MS
    for ms in range(now_ms, end_ms, 900_000):
        assert ms - at("13:01") <= 6 * HOUR_MS or not cleared(home, ms)
        sent(home, ms)
    assert {"no_sign_of_life", "cannot_see_life"} & set(live(home))
    assert any(t.purpose in STEPS and t.number == DAUGHTER for t in home.ledger.texts.values())
