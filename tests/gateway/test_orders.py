"""Wishes become orders, orders become commands; some orders nobody has to give."""

from __future__ import annotations

from dataclasses import replace

import pytest

from anbu_wire import messages as wire
from anbu_wire import settings
from gateway.events import (
    DeviceOrdered,
    IncidentResolved,
    OrderAnswered,
    RosterSet,
    SlotId,
    from_json,
    to_json,
)
from gateway.home import Home
from gateway.orders import (
    EXPIRES_MS,
    Answer,
    Kind,
    Wish,
    WishRefused,
    asked_already,
    closable,
    commands_of,
    kept_already,
)
from gateway.orders.wishes import AWAY_MAX_DAYS, ordered
from gateway.picture import picture
from gateway.roster import LABELS, Device, Regimen
from gateway.roster import to_json as roster_to_json
from gateway.sync import Answer as DeviceAnswer
from gateway.zones import day_number, local, wall_s
from tests.gateway.home_facts import (
    BOX,
    EVENING,
    SEOUL,
    at,
    begun,
    caught_up,
    record,
    reply,
    roster,
    settle,
)

DAY_MS = 86_400_000
ALL_DAY = roster(regimens=(Regimen("soonja", LABELS),))


def wished(home: Home, order: str, now_ms: int, **more: object) -> DeviceOrdered:
    """A wish that becomes an order, stored."""
    slot = more.pop("slot", None)
    assert slot is None or isinstance(slot, SlotId)
    arguments = {name: value for name, value in more.items() if isinstance(value, int)}
    (event,) = home.order(Wish(BOX, order, arguments, slot), now_ms)
    assert isinstance(event, DeviceOrdered)
    home.fold(event)
    return event


def lids(mask: int) -> set[int]:
    return {n for n in range(32) if mask >> n & 1}


def refused(home: Home, wish: Wish, now_ms: int) -> str:
    """Why a wish is no order."""
    with pytest.raises(WishRefused) as caught:
        home.order(wish, now_ms)
    return caught.value.code


# --- what is wished for ----------------------------------------------------------------------


def test_a_week_is_filled() -> None:
    """On Monday noon: all 28 but what may be opened now or within half an hour."""
    home = begun(at("12:00"), ALL_DAY)
    filled = lids(wished(home, "refill", at("12:00")).arguments["compartments"])
    assert filled == set(range(28)) - {1}  # noon's window is open: 11:30 to 13:30
    soon = lids(wished(home, "refill", at("17:05")).arguments["compartments"])
    assert soon == set(range(28)) - {2}  # the evening's opens at 17:30


def test_a_journey_takes_out_its_days() -> None:
    """Two days from Monday 12:00: until Wednesday 12:00, and nothing behind that."""
    home = begun(at("12:00"), ALL_DAY)
    order = wished(home, "take_out", at("12:00"), days=2)
    assert lids(order.arguments["compartments"]) == {2, 3, 4, 5, 6, 7, 8}
    assert order.arguments["days"] == 2
    for days in (0, 8):
        assert refused(home, Wish(BOX, "take_out", {"days": days}), at("12:00")) == "days"


def test_nothing_planned_is_nothing_to_fill() -> None:
    """After the last dose of what was dispensed no refill begins."""
    done = roster(regimens=(Regimen("soonja", ("evening",), until_day="2026-03-02"),))
    home = begun(at("12:00"), done)
    assert refused(home, Wish(BOX, "refill"), at("19:00")) == "nothing_planned"


@pytest.mark.parametrize(
    ("from_ms", "until_ms", "code"),
    [
        (at("10:00"), at("09:00"), "away_order"),
        (at("10:00"), at("12:00"), "away_order"),  # over already
        (0, at("20:00"), "away_order"),
        (at("13:00"), at("13:01") + AWAY_MAX_DAYS * DAY_MS, "away_range"),
        (at("12:00") - 2 * DAY_MS, at("20:00"), "away_range"),
    ],
)
def test_away_has_an_order(from_ms: int, until_ms: int, code: str) -> None:
    """The end comes after the beginning and after now, and not half a year later."""
    wish = Wish(BOX, "away", {"from_ms": from_ms, "until_ms": until_ms})
    assert refused(begun(at("12:00")), wish, at("12:00")) == code


def test_a_word_closes_only_what_may_be_closed() -> None:
    """A doubtful slot by both words, a missed one as taken; a taken or coming one by none."""
    home = begun(at("12:00"))
    word = Wish(BOX, "taken", slot=EVENING)
    assert refused(home, word, at("12:00")) == "slot_state"
    home.fold(record(1, wire.SLOT_DOUBTFUL, at("18:33")))
    order = wished(home, "not_taken", at("18:40"), slot=EVENING)
    assert order.arguments == {"day": day_number(local(at("12:00"), SEOUL).date()), "index": 2}
    home.fold(record(2, wire.SLOT_TAKEN, at("18:50"), value=3))
    assert refused(home, word, at("18:51")) == "slot_state"
    assert closable("missed") == (Kind.TAKEN,)
    for slot in (None, replace(EVENING, person_id="x"), replace(EVENING, day="2031-01-01")):
        assert refused(home, Wish(BOX, "taken", slot=slot), at("18:51")) == "slot"


@pytest.mark.parametrize(
    ("wish", "code"),
    [
        (Wish("nobody", "ask"), "device"),
        (Wish(BOX, "dance"), "order"),
        (Wish(BOX, "help_over"), "order"),  # not for the page
        (Wish(BOX, "quiet"), "order"),
    ],
)
def test_what_is_no_wish(wish: Wish, code: str) -> None:
    """A stranger's box, an order that does not exist, and what only the gateway itself orders."""
    assert refused(begun(at("12:00")), wish, at("12:00")) == code


@pytest.mark.parametrize("order", ["refill", "take_out", "away", "ask", "taken", "refill_end"])
def test_a_plug_can_only_be_found(order: str) -> None:
    """It senses only: what is for a box is refused by its kind, to locate it is an order."""
    home, home_of = begun(at("12:00")), roster()
    plug = Device("CP-1", "careplug", "soonja", "주방")
    home.fold(RosterSet(0, roster_to_json(replace(home_of, devices=(*home_of.devices, plug)))))
    assert refused(home, Wish("CP-1", order), at("12:00")) == "kind"
    made = ordered(home.household, home.book, Wish("CP-1", "locate"), at("12:00"))
    assert made is not None
    assert made.device_id == "CP-1"


def test_the_same_wish_twice_is_one_order() -> None:
    """An impatient finger: as long as the first waits there is no second; then there may be."""
    home = begun(at("12:00"))
    first = wished(home, "ask", at("12:00"))
    assert home.order(Wish(BOX, "ask"), at("12:00:01")) == []
    home.fold(OrderAnswered(at("12:00:05"), first.order_id, "done"))
    second = wished(home, "ask", at("12:01"))
    assert second.arguments["question"] != first.arguments["question"]


# --- how it is carried out -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "arguments", "expected"),
    [
        (Kind.REFILL, {"compartments": 5}, [(wire.REFILL, (1, 5))]),
        (Kind.TAKE_OUT, {"compartments": 5, "days": 2}, [(wire.REFILL, (2, 5))]),
        (Kind.REFILL_END, {}, [(wire.REFILL, (0, 0))]),
        (
            Kind.AWAY,
            {"from_ms": at("12:00"), "until_ms": at("13:00")},
            [(wire.AWAY, (wall_s(at("12:00")), wall_s(at("13:00"))))],
        ),
        (Kind.AT_HOME, {}, [(wire.AWAY, (0, 0))]),
        (Kind.ASK, {"question": 7, "seconds": 300}, [(wire.ASK, (7, 300))]),
        (Kind.TAKEN, {"day": 9557, "index": 2}, [(wire.CLOSE_SLOT, (9557, 2, 0))]),
        (Kind.NOT_TAKEN, {"day": 9557, "index": 2}, [(wire.CLOSE_SLOT, (9557, 2, 1))]),
        (Kind.LOCATE, {"seconds": 60}, [(wire.LOCATE, (60,))]),
        (Kind.HELP_COMING, {}, [(wire.HELP_STATE, (1,))]),
        (Kind.HELP_OVER, {}, [(wire.HELP_STATE, (0,))]),
        (
            Kind.QUIET,
            {"from_min": 1350, "until_min": 420},
            [
                (wire.SET_PARAMETER, (settings.QUIET_FROM_MIN, 1350)),
                (wire.SET_PARAMETER, (settings.QUIET_UNTIL_MIN, 420)),
            ],
        ),
    ],
)
def test_each_order_has_its_commands(
    kind: Kind, arguments: dict[str, int], expected: list[tuple[int, tuple[int, ...]]]
) -> None:
    """What goes over the air for an order; every kind has that and an end of waiting."""
    home = begun(at("12:00"))
    home.fold(DeviceOrdered(at("12:00"), 1, BOX, str(kind), arguments))
    found = [(c.kind, c.values) for c in commands_of(home.book.orders[1])]
    assert found == expected
    assert EXPIRES_MS[kind] > 0


def test_a_question_put_before_the_gateway_stopped_is_not_put_again() -> None:
    """The box's record of this very question, learnt since it was ordered, is the sign."""
    home = begun(at("12:00"))
    question = wished(home, "ask", at("12:00")).arguments["question"]
    order = home.book.orders[1]
    home.fold(record(1, wire.ASKED, at("11:59"), value=question))
    home.fold(record(2, wire.ASKED, at("12:01"), value=question + 1))
    assert not asked_already(order, home.household)
    home.fold(record(3, wire.ASKED, at("12:01"), value=question))
    assert asked_already(order, home.household)


def test_a_refill_that_goes_on_is_not_begun_again() -> None:
    """Some of the compartments are filled by now; another mode or others are another refill."""
    home = begun(at("12:00"))
    home.fold(DeviceOrdered(at("12:00"), 1, BOX, "refill", {"compartments": 0b1110}))
    order = home.book.orders[1]

    def shown(mode: int, left: int) -> DeviceAnswer:
        return DeviceAnswer(wire.OK, {"refilling": mode, "filling": left})

    assert kept_already(order, shown(wire.REFILL_FILL, 0b1100))
    assert not kept_already(order, shown(wire.REFILL_END, 0))
    assert not kept_already(order, shown(wire.REFILL_TAKE_OUT, 0b1100))
    assert not kept_already(order, shown(wire.REFILL_FILL, 0b10001))


def test_orders_survive_json() -> None:
    """An order and its answer come back equal from what the log keeps."""
    for fact in (
        DeviceOrdered(1, 2, BOX, "refill", {"compartments": 7}, "k"),
        OrderAnswered(3, 2, "refused", "state"),
    ):
        assert from_json(fact.kind, to_json(fact)) == fact


# --- orders that follow by themselves --------------------------------------------------------


def called() -> Home:
    """A home whose red button was pressed at 18:10 and whose daughter was told."""
    home = begun(at("18:00"))
    home.fold(caught_up(at("18:00")))
    home.fold(record(1, wire.HELP_PRESSED, at("18:10"), slot_day=None, slot_index=None))
    settle(home, at("18:10"))
    return home


def kinds(home: Home) -> list[str]:
    return [str(o.kind) for o in home.book.orders.values()]


def test_the_box_learns_that_somebody_comes_and_that_it_is_over() -> None:
    """Her 1 lights "help is on the way", her "done" ends it; each is ordered once."""
    home = called()
    assert kinds(home) == []
    reply(home, "1", "18:12")
    settle(home, at("18:12"))
    settle(home, at("18:20"))
    assert kinds(home) == ["help_coming"]
    assert home.book.orders[1].device_id == BOX
    reply(home, "완료", "18:40")
    settle(home, at("18:40"))
    settle(home, at("18:50"))
    assert kinds(home) == ["help_coming", "help_over"]


def test_a_second_promise_is_shown_anew() -> None:
    """After the hour the next person takes it: the light is renewed."""
    home = called()
    reply(home, "1", "18:12")
    settle(home, at("18:12"))
    settle(home, at("19:12"))
    reply(home, "1 1", "19:15")
    settle(home, at("19:15"))
    assert kinds(home) == ["help_coming", "help_coming"]


def test_a_call_that_ended_long_ago_orders_nothing() -> None:
    """A gateway that was down for a day does not light the box for what is over."""
    home = called()
    incident = next(iter(home.ledger.incidents))
    home.fold(IncidentResolved(at("18:20"), incident, "by_person"))
    assert [e for e in settle(home, at("19:21")) if isinstance(e, DeviceOrdered)] == []


def test_a_dose_that_is_taken_care_of_orders_nothing() -> None:
    """Only a call for help is answered on the box."""
    home = begun(at("12:00"))
    home.fold(record(1, wire.SLOT_LATE, at("19:00")))
    settle(home, at("19:00"))
    reply(home, "1", "19:03")
    settle(home, at("19:03"))
    assert kinds(home) == []


def test_quiet_hours_are_brought_once_and_taken_back() -> None:
    """From the roster to the box, again only where they change, back to none when withdrawn."""
    home = begun(at("12:00"))
    quiet = replace(roster().persons[0], quiet={"from": "22:30", "until": "07:00"})
    for person, expected in (
        (quiet, [{"from_min": 1350, "until_min": 420}]),
        (quiet, []),
        (roster().persons[0], [{"from_min": 0, "until_min": 0}]),
        (quiet, [{"from_min": 1350, "until_min": 420}]),
    ):
        home.fold(RosterSet(at("12:00"), roster_to_json(replace(roster(), persons=(person,)))))
        new = [e for e in settle(home, at("12:00")) if isinstance(e, DeviceOrdered)]
        assert [e.arguments for e in new] == expected


# --- what is shown ---------------------------------------------------------------------------


def test_the_picture_shows_orders_and_what_the_box_told() -> None:
    """The question, its answer by the box's record, and the news, newest first."""
    home = begun(at("12:00"))
    question = wished(home, "ask", at("12:00")).arguments["question"]
    home.fold(OrderAnswered(at("12:00:03"), 1, "done"))
    home.fold(record(1, wire.ASKED, at("12:00:03"), value=question, compartment=None))
    assert _order(home)["reply"] is None
    home.fold(record(2, wire.UNANSWERED, at("12:05:03"), value=question, compartment=None))
    home.fold(record(3, wire.LID_OPENED, at("12:06"), value=wire.OPENED_NO_SLOT))
    home.fold(record(4, wire.LID_OPENED, at("18:31"), value=wire.OPENED_AS_DUE))
    shown = _order(home)
    assert (shown["order"], shown["answer"], shown["reply"]) == ("ask", "done", "unanswered")
    assert (shown["by"], shown["person_id"]) == ("page", "soonja")
    drawn = picture(home.household, home.ledger, at("18:32"), None, home.book)
    assert [h["code"] for h in drawn["happenings"]] == ["lid_opened.no_slot", "unanswered", "asked"]


def _order(home: Home) -> dict[str, object]:
    drawn = picture(home.household, home.ledger, at("12:10"), None, home.book)
    (shown,) = drawn["orders"]
    assert isinstance(shown, dict)
    return shown


def test_the_picture_says_which_words_a_slot_takes() -> None:
    """A doubtful slot may be closed by both words; one that was put off says from when."""
    home = begun(at("12:00"))
    home.fold(record(1, wire.SLOT_POSTPONED, at("18:30"), value=40))
    slot = _slot(home, at("18:31"))
    assert (slot["from_ms"], slot["words"]) == (at("19:10"), [])
    home.fold(record(2, wire.SLOT_DOUBTFUL, at("19:12")))
    assert _slot(home, at("19:13"))["words"] == ["taken", "not_taken"]


def _slot(home: Home, now_ms: int) -> dict[str, object]:
    slots = picture(home.household, home.ledger, now_ms)["persons"][0]["slots"]
    found = next(s for s in slots if s["id"] == str(EVENING))
    assert isinstance(found, dict)
    return found


def test_answers_are_final() -> None:
    """What was answered is not waiting any more; the device's next order comes then."""
    home = begun(at("12:00"))
    wished(home, "locate", at("12:00"))
    wished(home, "at_home", at("12:00"))
    assert [o.id for o in (home.book.next_for(BOX),) if o] == [1]
    home.fold(OrderAnswered(at("12:01"), 1, "expired", "not_reached"))
    assert home.book.orders[1].answer is Answer.EXPIRED
    assert [o.id for o in (home.book.next_for(BOX),) if o] == [2]
