"""Her silence: asked first, then told; frozen where nothing is seen; the level always holds."""

from __future__ import annotations

from dataclasses import replace

from anbu_wire import messages as wire
from gateway.events import (
    DeviceOrdered,
    GatewayStarted,
    LinkDown,
    LinkUp,
    NotMonitored,
    OrderAnswered,
    RosterSet,
    TextReceived,
)
from gateway.home import Home
from gateway.incidents import State
from gateway.incidents.reasons import Reason
from gateway.life.signs import Source
from gateway.life.silence import Silence, silence
from gateway.roster import Guardian, Regimen, to_json
from gateway.rules import no_sign_of_life
from tests.gateway.home_facts import (
    BOX,
    DAUGHTER,
    NEIGHBOUR,
    at,
    begun,
    caught_up,
    only,
    sent,
    settle,
    texts,
)
from tests.gateway.ladder_facts import OFFICER, people, told
from tests.gateway.life.lives_facts import (
    DAY,
    HOUR_MS,
    NEXT,
    PLUG,
    clock,
    fold,
    habit,
    living,
    load,
    ok,
    told_by,
    watched,
)


def of(home: Home, now_ms: int) -> Silence:
    """Soonja's silence."""
    assert home.household.roster is not None
    found = silence(home.household, home.household.roster.persons[0], now_ms)
    assert found is not None
    return found


def answered(home: Home, body: str, now_ms: int) -> None:
    """Her daughter answers by text."""
    received = TextReceived(now_ms, DAUGHTER, body, f"{now_ms}")
    fold(home, received, *home.answer(received, now_ms))


def kinds(home: Home, now_ms: int) -> list[tuple[str, bool]]:
    """(kind, keeps) of the worries about a silence."""
    found = no_sign_of_life.worries(home.household, now_ms)
    return [(str(w.kind), w.keeps) for w in found]


# --- the level alone ---------------------------------------------------------------------------


def test_the_level_alone_asks_an_hour_before_and_tells_at_its_hours() -> None:
    """Nothing learnt yet: asked 23 h after the last sign, guardian and officer told after 24 h."""
    home = fold(living(PLUG), ok(1, at("12:30")))
    found = told(home, "12:20", NEXT, begin="12:31")
    assert [purpose for _m, purpose, _to in found] == []
    assert only(home).asked_until_ms == at("12:30", NEXT)
    assert [e.what for e in only(home).history] == ["opened", "asked"]
    orders = [o for o in home.book.orders.values() if o.kind == "ask"]
    assert [o.arguments["seconds"] for o in orders] == [3600]
    assert texts(settle(home, at("12:30", NEXT))) == [
        ("no_sign_of_life", DAUGHTER),
        ("no_sign_of_life", OFFICER),
    ]


def test_each_level_has_its_hours() -> None:
    """관심 50 h, 위험 36 h, 심각 24 h."""
    for level, hours in (("attention", 50), ("risk", 36), ("severe", 24)):
        home = fold(living(level=level), ok(1, at("12:30")))
        assert of(home, at("13:00")).cap_ms == at("12:30") + hours * HOUR_MS
    assert of(home, at("13:00")).told_ms == of(home, at("13:00")).cap_ms


def test_who_presses_fine_in_time_is_left_alone() -> None:
    """OK is a sign of life: nobody reads anything, and the clock begins anew."""
    home = fold(living(), ok(1, at("12:30")))
    told(home, "11:45", NEXT, begin="12:31")
    assert only(home).asked_until_ms is not None
    fold(home, ok(2, at("11:50", NEXT)))
    assert texts(settle(home, at("11:50", NEXT))) == []
    assert not only(home).live
    assert of(home, at("11:51", NEXT)).asked_ms == at("10:50", "2026-03-04")


def test_without_a_box_nobody_is_asked() -> None:
    """A home with plugs only: the guardian is told at the cap, not before."""
    home = begun_with_plug()
    fold(home, load(1, at("12:30")))
    assert of(home, at("13:00")).asked_ms is None
    found = told(home, "12:30", NEXT, begin="12:31")
    assert [(m, p) for m, p, _to in found] == [
        (17 * 60 + 30, "no_sign_of_life"),
        (17 * 60 + 30, "no_sign_of_life"),
    ]
    assert all(i.asked_until_ms is None for i in home.ledger.incidents.values())


def begun_with_plug() -> Home:
    """A home with a plug and no box."""
    home, who = Home(), watched(PLUG, box=False)
    fold(home, GatewayStarted(at("12:00"), "x"), RosterSet(at("12:00"), to_json(who)))
    return fold(home, LinkUp(at("12:00"), PLUG), caught_up(at("12:00"), device_id=PLUG))


# --- the personal line -------------------------------------------------------------------------


def test_at_her_line_she_is_asked_then_the_guardian_then_the_officer() -> None:
    """Eight hours are too long for her: asked at 20:30, told at 21:30, officer by her delay."""
    home = fold(living(PLUG), ok(1, at("12:30")), habit(at("12:31")))
    found = told(home, "22:30", DAY, begin="12:32")
    assert [(m + 19 * 60, p, to) for m, p, to in found][:3] == [
        (21 * 60 + 30, "no_sign_of_life_usual", DAUGHTER),
        (21 * 60 + 45, "no_sign_of_life_usual", NEIGHBOUR),
        (22 * 60, "no_sign_of_life_usual", OFFICER),
    ]
    assert only(home).asked_until_ms == at("21:30")
    assert only(home).detail["since_ms"] == at("12:30")
    assert only(home).detail["usual_ms"] == at("14:30")


def test_the_text_says_since_when_and_what_is_usual() -> None:
    """Both clocks stand in it, and no word of a box or a plug."""
    home = fold(living(PLUG), ok(1, at("12:30")), habit(at("12:31")))
    told(home, "21:29", DAY, begin="20:30")
    body = next(f.body for f in settle(home, at("21:30")) if f.kind == "text_decided")
    assert body == "[안부 1] 김순자님 12:30부터 조용(평소 14:30 활동). 1 답장"


def test_a_lamp_that_burnt_all_night_is_said() -> None:
    """Switched on at 21:10 and never off: the morning's text names it."""
    home = fold(living(PLUG), habit(at("12:31")))
    fold(home, told_by(PLUG, 1, wire.LIGHT_STEP, at("21:10"), value=120))
    assert told(home, "03:31", NEXT, begin="21:11") == []
    fold(home, habit(at("03:31", NEXT)))  # of two days nothing is learnt yet
    found = told(home, "06:10", NEXT, begin="21:11")  # `told` begins on the first day
    assert {p for _m, p, _to in found} == {"no_sign_of_life_light"}
    assert only(home).detail["light_ms"] == at("21:10")


def test_a_lamp_switched_off_is_not_on() -> None:
    """On at 21:10 and off at 23:00."""
    home = fold(living(PLUG), habit(at("12:31")))
    fold(home, told_by(PLUG, 1, wire.LIGHT_STEP, at("21:10"), value=120))
    fold(home, told_by(PLUG, 2, wire.LIGHT_STEP, at("23:00"), value=-2))
    told(home, "03:31", NEXT, begin="23:01")
    fold(home, habit(at("03:31", NEXT)))
    told(home, "08:10", NEXT, begin="23:01")
    assert "light_ms" not in only(home).detail


def test_the_line_never_passes_the_level() -> None:
    """A person who is usually silent for days is told of at the level's hours all the same."""
    home = fold(living(PLUG), ok(1, at("12:30")), habit(at("12:31"), hours=90))
    assert of(home, at("13:00")).told_ms == at("12:30", NEXT)
    assert of(home, at("13:00")).asked_ms == at("11:30", NEXT)


def test_the_line_is_never_under_six_hours() -> None:
    """A person who moves every ten minutes is not asked after one hour."""
    home = fold(living(PLUG), ok(1, at("12:30")), habit(at("12:31"), hours=1))
    assert of(home, at("13:00")).asked_ms == at("18:30")


def test_a_new_habit_ends_no_silence_that_was_told() -> None:
    """Learnt anew at night the line would lie later: the incident stands until a sign comes."""
    home = fold(living(PLUG), ok(1, at("12:30")), habit(at("12:31")))
    told(home, "21:40", DAY, begin="20:29")
    fold(home, habit(at("21:41"), hours=20))
    assert texts(settle(home, at("21:41"))) == []
    assert only(home).live
    fold(home, ok(2, at("21:43")))
    assert ("gone", DAUGHTER) in texts(settle(home, at("21:43")))


def test_the_officer_is_told_at_the_level_whoever_has_it() -> None:
    """The daughter answered at 12:00; half an hour later the level's hours are over."""
    ladder = people(officer={"after_min": 24 * 60})
    who = replace(watched(PLUG), guardians=ladder)
    home = fold(living(PLUG), RosterSet(at("12:01"), to_json(who)))
    fold(home, ok(1, at("12:30")), habit(at("12:31"), hours=22))
    told(home, "03:31", NEXT, begin="12:32")
    fold(home, habit(at("03:31", NEXT), hours=22))
    found = told(home, "11:59", NEXT, begin="03:32")
    assert {to for _m, _p, to in found} == {DAUGHTER, NEIGHBOUR}
    answered(home, "1", at("12:00", NEXT))
    assert only(home).acked_until_ms == at("12:30", NEXT)
    found = told(home, "12:31", NEXT, begin="12:01")
    assert any(to == OFFICER for _m, _p, to in found)


# --- what cannot be seen -----------------------------------------------------------------------


def test_a_silent_plug_freezes_her_clock() -> None:
    """Four hours without the plug: her line is reached four hours later."""
    home = fold(living(PLUG), ok(1, at("12:30")), habit(at("12:31")))
    fold(home, LinkDown(at("14:00"), PLUG, "gone"))
    assert of(home, at("17:00")).line_ms is None
    assert of(home, at("17:00")).frozen
    fold(home, LinkUp(at("18:00"), PLUG))
    fold(home, told_by(PLUG, 9, wire.BOOT, at("18:00"), value=1, boot=2))
    fold(home, caught_up(at("18:00"), device_id=PLUG))
    assert of(home, at("18:01")).line_ms is not None


def test_records_that_come_later_unfreeze_it_exactly() -> None:
    """The link was dead, the plug was not: all it kept comes, and the line lies where it lay."""
    home = fold(living(PLUG), ok(1, at("12:30")), habit(at("12:31")))
    before = of(home, at("13:59")).line_ms
    fold(home, LinkDown(at("14:00"), PLUG, "gone"), LinkUp(at("18:00"), PLUG))
    fold(home, caught_up(at("18:00"), device_id=PLUG))
    assert of(home, at("18:01")).line_ms == before == at("20:30")
    fold(home, load(5, at("18:02"), wall_ms=at("16:00")))
    assert clock(of(home, at("18:03")).line_ms or 0) == "03 00:00"


def test_a_plug_without_power_could_not_see() -> None:
    """Pulled out for four hours: what lies between its last record and its start counts not."""
    home = fold(living(PLUG), ok(1, at("12:30")), habit(at("12:31")))
    fold(home, told_by(PLUG, 4, wire.ENERGY, at("14:00"), boot=1))
    fold(home, LinkDown(at("14:00"), PLUG, "gone"), LinkUp(at("18:00"), PLUG))
    fold(home, told_by(PLUG, 9, wire.BOOT, at("18:00"), value=1, boot=2))
    fold(home, caught_up(at("18:00"), device_id=PLUG))
    assert of(home, at("18:01")).line_ms == at("00:30", NEXT)


def test_a_restart_by_its_watchdog_hides_nothing() -> None:
    """The same with another reset cause: a node that begins anew was not without power."""
    home = fold(living(PLUG), ok(1, at("12:30")), habit(at("12:31")))
    fold(home, told_by(PLUG, 4, wire.ENERGY, at("14:00"), boot=1))
    fold(home, told_by(PLUG, 9, wire.BOOT, at("14:40"), value=3, boot=2))
    assert of(home, at("18:01")).line_ms == at("20:30")


def test_a_plug_pulled_out_is_technical_and_at_the_level_somebody_looks() -> None:
    """A plug alone in a home: told as silent; at the level that we cannot see, never a scare."""
    home = fold(begun_with_plug(), load(1, at("12:30")))
    fold(home, LinkDown(at("13:00"), PLUG, "gone"))
    found = told(home, "13:00", NEXT, begin="13:01")
    said = [(m + 19 * 60, p, to) for m, p, to in found]
    assert said[0] == (13 * 60 + 30, "device_unseen_plug", OFFICER)
    assert (36 * 60 + 45, "cannot_see_life", DAUGHTER) in said
    assert {p for _m, p, _to in found} == {"device_unseen_plug", "cannot_see_life"}


def test_half_of_the_hours_have_to_be_seen() -> None:
    """The plug came back an hour before the level's hours are over: we could not see."""
    home = fold(begun_with_plug(), load(1, at("12:30")))
    fold(home, told_by(PLUG, 2, wire.ENERGY, at("13:00")))
    fold(home, LinkDown(at("13:00"), PLUG, "gone"), LinkUp(at("11:30", NEXT), PLUG))
    fold(home, told_by(PLUG, 3, wire.BOOT, at("11:30", NEXT), value=1, boot=2))
    fold(home, caught_up(at("11:30", NEXT), device_id=PLUG))
    assert kinds(home, at("12:29", NEXT)) == []
    assert kinds(home, at("12:45", NEXT)) == [("cannot_see_life", False)]
    settle(home, at("12:45", NEXT))
    sent(home, at("12:45", NEXT))
    assert ("no_sign_of_life", DAUGHTER) in texts(settle(home, at("11:00", "2026-03-04")))


def test_a_box_that_sees_is_enough_for_the_level() -> None:
    """The plug is dead since yesterday, the box is not: that is a silence."""
    home = fold(living(PLUG), ok(1, at("12:30")))
    fold(home, LinkDown(at("13:00"), PLUG, "gone"))
    assert kinds(home, at("12:31", NEXT)) == [("no_sign_of_life", False)]


def test_a_link_that_blinks_while_she_is_asked_does_not_end_it() -> None:
    """Asked at 11:30; the link is gone for ten minutes: told at 12:30 all the same."""
    home = fold(living(), ok(1, at("12:30")))
    told(home, "11:35", NEXT, begin="12:31")
    fold(home, LinkDown(at("11:36", NEXT), BOX, "gone"))
    settle(home, at("11:37", NEXT))
    fold(home, LinkUp(at("11:46", NEXT), BOX), caught_up(at("11:46", NEXT)))
    settle(home, at("11:46", NEXT))
    assert only(home).live
    assert ("no_sign_of_life", DAUGHTER) in texts(settle(home, at("12:30", NEXT)))


# --- away, visits, absorbed --------------------------------------------------------------------


def test_away_is_no_silence_and_the_clock_begins_anew_after_it() -> None:
    """In hospital until the third: the day after its end is the first that counts."""
    home = fold(living(), ok(1, at("12:30")))
    fold(home, NotMonitored(at("12:31"), "soonja", DAY, NEXT, "hospital", "이지은"))
    assert told(home, "23:59", NEXT, begin="12:32") == []
    fourth = "2026-03-04"
    assert of(home, at("00:01", fourth)).since_ms == at("00:00", fourth)
    assert of(home, at("00:01", fourth)).cap_ms == at("00:00", "2026-03-05")


def test_a_box_that_was_told_she_is_away() -> None:
    """The page's order, once the box took it, until its end; at home earlier ends it then."""
    home = fold(living(), ok(1, at("12:30")))
    until = {"from_ms": at("13:00"), "until_ms": at("20:00", NEXT)}
    fold(home, DeviceOrdered(at("12:40"), 7, BOX, "away", until))
    assert of(home, at("14:00")).since_ms == at("12:30")
    fold(home, OrderAnswered(at("12:41"), 7, "done"))
    assert kinds(home, at("13:00", NEXT)) == []
    assert of(home, at("20:00", NEXT)).since_ms == at("20:00", NEXT)
    fold(home, DeviceOrdered(at("15:00"), 8, BOX, "at_home", {}))
    fold(home, OrderAnswered(at("15:01"), 8, "done"))
    assert of(home, at("16:00")).since_ms == at("15:01")


def test_who_looked_after_her_starts_the_clock_anew() -> None:
    """Ended by a person at 12:41; 24 hours after that it is told again."""
    home = fold(living(), ok(1, at("12:30")))
    told(home, "12:40", NEXT, begin="12:31")
    answered(home, "완료", at("12:41", NEXT))
    last = of(home, at("12:42", NEXT)).last
    assert last is not None
    assert (last.source, last.at_ms) == (Source.VISIT, at("12:41", NEXT))
    assert only(home).reason == Reason.BY_PERSON
    assert kinds(home, at("11:40", "2026-03-04")) == []
    assert kinds(home, at("11:41", "2026-03-04")) == [("no_sign_of_life", False)]


def test_a_dose_is_told_while_she_is_only_asked() -> None:
    """Her box asks since 18:30: nobody else knows anything yet, so a missed dose is told."""
    evening = Regimen("soonja", ("evening",), None, 30, 30, 60)
    who = replace(watched(), regimens=(evening,))
    home = begun(at("12:00"), who)
    fold(home, LinkUp(at("12:00"), BOX), caught_up(at("12:00")))
    settle(home, at("12:00"))
    fold(home, told_by(BOX, 1, wire.SLOT_TAKEN, at("18:40"), value=1, slot_day=DAY, slot_index=2))
    fold(home, ok(2, at("19:30")))
    told(home, "18:59", NEXT, begin="19:31")
    assert only(home).state is State.OPEN
    assert only(home).asked_until_ms == at("19:30", NEXT)
    late = told_by(BOX, 3, wire.SLOT_LATE, at("19:00", NEXT), slot_day=NEXT, slot_index=2)
    fold(home, late)
    assert ("dose_missed", DAUGHTER) in texts(settle(home, at("19:00", NEXT)))


def test_deadlines_are_all_announced() -> None:
    """Looking only when a deadline was announced tells the same as looking each minute."""

    def lived() -> Home:
        return fold(living(PLUG), ok(1, at("12:30")), habit(at("12:31")))

    minutely = [(m, p, to) for m, p, to in told(lived(), "22:30", DAY, begin="12:32")]
    home, found, now_ms = lived(), [], at("12:32")
    while (now := home.next_deadline(now_ms)) is not None and now <= at("22:30"):
        now_ms = now
        facts = settle(home, now_ms)
        sent(home, now_ms)
        found += [((now_ms - at("19:00")) // 60_000, p, to) for p, to in texts(facts)]
    assert found == minutely != []


def test_who_chose_life_is_told_that_we_cannot_see() -> None:
    """It is about her life, not about a dose."""
    only_life = Guardian("d", "soonja", "이지은", DAUGHTER, "ko", 0, kinds=("life",))
    who = replace(watched(PLUG), guardians=(only_life, *people()[2:]))
    home = fold(living(PLUG), RosterSet(at("12:01"), to_json(who)), ok(1, at("12:30")))
    fold(home, LinkDown(at("13:00"), PLUG, "x"), LinkDown(at("13:40"), BOX, "x"))
    found = told(home, "12:50", NEXT, begin="13:41")
    assert ("cannot_see_life", DAUGHTER) in {(p, to) for _m, p, to in found}
