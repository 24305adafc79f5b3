"""What is left in the bags, by the lids that were opened.

Knows: the Korean calendar of March 2026 (Monday the 2nd in place of a holiday; Sundays).
"""

from __future__ import annotations

from datetime import date, timedelta

from anbu_wire import messages as wire
from gateway.adherence import used as used_doses
from gateway.events import DoseCorrected, NotMonitored, SlotId, StockReckoned
from gateway.home import Home
from gateway.household import Household
from gateway.prescription.current import confirmed_of
from gateway.prescription.schedule import make_schedule
from gateway.prescription.stock_basis import basis
from gateway.prescription.stocks import changed
from gateway.prescription.working_days import is_holiday
from tests.gateway.home_facts import BOX, at, begun, record, roster
from tests.gateway.prescription.confirmed_facts import confirm, meds

DAY_MS = 86_400_000
FIRST = date(2026, 3, 2)


def home_with(*lines: str, at_ms: int = at("06:00")) -> Home:
    """A home whose resident confirmed these lines, planned at once."""
    home = begun(at("05:00"), roster(regimens=()))
    confirm(home, at_ms, meds(*lines))
    plan(home, at_ms)
    return home


def plan(home: Home, now_ms: int) -> None:
    made = make_schedule(home.household, BOX, now_ms)
    assert made is not None
    home.fold(made)


def day(number: int) -> str:
    return (FIRST + timedelta(days=number)).isoformat()


def took(home: Home, number: int, index: int = 0, kind: int = wire.SLOT_TAKEN) -> None:
    """The box told of that slot of the `number`-th day."""
    seq = number * 10 + index + 1
    when_ms = at("08:00", day(number))
    fields = {"slot_day": day(number), "slot_index": index, "value": 1}
    home.fold(record(seq, kind, when_ms, **fields, schedule_version=2))


def asked(home: Home, number: int, value: int = wire.OPENED_PRN) -> None:
    """The compartment of the first PRN medicine was opened on that day."""
    place = next(r.first for r in home.household.made[BOX].rules if r.daily_max)
    fields = {"slot_day": day(number), "slot_index": place.slot.index, "value": value}
    seq = 5000 + len(home.household.opened)
    home.fold(record(seq, wire.LID_OPENED, at("15:00", day(number)), **fields))


def reckoned(home: Home, now_ms: int) -> list[StockReckoned]:
    """What the keeper would record; it is folded."""
    household = home.household
    said = confirmed_of(household, "soonja")
    assert household.roster is not None
    assert said is not None
    of = basis(household.roster, "soonja", said, now_ms)

    def used(slot: SlotId) -> int | None:
        return used_doses.used(household, slot, now_ms)

    found = changed(household, of, used, is_holiday, now_ms)
    for fact in found:
        home.fold(fact)
    return found


def left(home: Home, now_ms: int) -> list[tuple[str, str, int | None, str | None, str | None]]:
    found = reckoned(home, now_ms)
    return [(f.left, f.at_most, f.days_left, f.runs_out_on, f.fetch_by) for f in found]


def test_each_opened_lid_uses_up_its_pouch() -> None:
    """Of thirty days three mornings were opened and one was not: 27 left, a day longer."""
    home = home_with("a 1T am 30d")
    assert left(home, at("06:30")) == [("30", "30", 30, "2026-03-31", "2026-03-31")]
    for number in (0, 1, 3):
        took(home, number)
    took(home, 2, kind=wire.SLOT_MISSED)
    # Wednesday the 1st of April
    assert left(home, at("12:00", day(3))) == [("27", "27", 28, "2026-04-01", "2026-04-01")]


def test_nothing_new_is_not_said_again() -> None:
    """A second look at the same day, and at the next hour, says nothing."""
    home = home_with("a 1T am 30d", "b 2T hs 20d", "p 1T prn 20d")
    assert len(reckoned(home, at("06:30"))) == 3
    assert reckoned(home, at("06:31")) == []
    took(home, 0)
    assert [f.medication_id for f in reckoned(home, at("09:00"))] == ["1/0"]


def test_what_nobody_knows_may_be_gone() -> None:
    """A slot without a word of the box, in doubt, or on a day away: gone for the reminder only."""
    home = home_with("a 1T am 30d")
    took(home, 0)
    took(home, 1, kind=wire.SLOT_DOUBTFUL)
    home.fold(NotMonitored(at("12:00", day(4)), "soonja", day(3), day(3), "hospital", "이지은"))
    (found,) = left(home, at("14:00", day(3)))
    assert found[:2] == ("26", "29")


def test_days_before_the_plan_may_have_been_taken() -> None:
    """A bag of ten days ago is entered today: what was taken meanwhile nobody saw."""
    home = home_with("2026-02-20 a 1T am 30d")
    (found,) = left(home, at("06:30"))
    assert found[:3] == ("20", "30", 20)


def test_a_persons_word_counts() -> None:
    """Two taken at once use two, none leaves it there."""
    home = home_with("a 1T am 30d")
    took(home, 0)
    took(home, 1)
    for number, taken in ((0, 2), (1, 0)):
        slot = SlotId("soonja", day(number), 0)
        home.fold(DoseCorrected(at("12:00", day(2)), slot, taken, "이지은", "세어 봄"))
    took(home, 2)
    (found,) = left(home, at("12:30", day(2)))
    assert found[:2] == ("27", "27")


def test_a_pouch_of_another_plan_is_counted_as_it_was() -> None:
    """The amount that lay in the pouch when it was opened, not the one of a newer plan."""
    home = home_with("a 2T am 30d")
    took(home, 0)
    confirm(home, at("12:00"), meds("a 1T am 60d"))
    plan(home, at("12:00"))
    (found,) = left(home, at("12:30"))
    assert found[0] == "58"


def test_a_refill_counts_with_what_is_left() -> None:
    """An early refill: all that is there is told for the newer supply, the older has nothing."""
    home = home_with("a 1T am 30d")
    for number in range(20):
        took(home, number)
    confirm(home, at("12:00", day(19)), meds("a 1T am 30d", f"{day(19)} a 1T am 30d"))
    plan(home, at("12:00", day(19)))
    found = reckoned(home, at("12:30", day(19)))
    assert [(f.medication_id, f.left, f.runs_out_on) for f in found] == [
        ("1/0", "0", None),
        ("1/1", "40", day(59)),
    ]
    assert found[1].at_most == "40"


def test_fetched_on_a_working_day() -> None:
    """It ends on Sunday the 29th of March: Friday the 27th is the last day to fetch more."""
    home = home_with("a 1T am 28d")
    assert left(home, at("06:30"))[0][3:] == ("2026-03-29", "2026-03-27")


def test_a_course_ends_by_itself() -> None:
    """Nobody is to fetch more of five days of an antibiotic, nor of a taper."""
    home = home_with("a 1T tid pc 5d", "b 2T 20d → 1T 20d am")
    assert [f.fetch_by for f in reckoned(home, at("06:30"))] == [None, None]
    assert [f.runs_out_on for f in reckoned(home, at("06:30", day(1)))] != []


def test_every_other_day_runs_out_with_its_last_dose() -> None:
    """격일 for twenty days is ten doses; the last day covered is the one before the eleventh."""
    home = home_with("a 1T qod am 20d")
    (found,) = left(home, at("06:30"))
    assert found[:4] == ("10", "10", 20, day(19))


def test_as_needed_by_openings() -> None:
    """Each counted opening is a dose; one that was refused may have been. No day while it lasts."""
    home = home_with("p 1T prn max 3/d 20d", "q 1T prn max 1/d 20d")
    asked(home, 1)
    asked(home, 1)
    asked(home, 2, wire.OPENED_PRN_TOO_SOON)
    assert left(home, at("16:00", day(2))) == [
        ("57", "58", 19, None, None),
        ("20", "20", 20, None, None),  # its own lid stayed shut
    ]


def test_as_needed_runs_low_once() -> None:
    """Less than five days of it: the day is told, and stays while the days go by."""
    home = home_with("p 1T prn max 2/d 15d")
    for number in range(1, 12):
        asked(home, number)
        asked(home, number)
    (low,) = reckoned(home, at("16:00", day(11)))
    assert (low.left, low.days_left, low.runs_out_on) == ("8", 4, day(14))
    assert reckoned(home, at("16:00", day(13))) == []
    asked(home, 14)
    (lower,) = reckoned(home, at("16:00", day(14)))
    assert (lower.left, lower.runs_out_on) == ("7", day(14))


def test_a_day_that_was_told_stays() -> None:
    """A dose missed in the last days makes it last longer; nobody is told another day for that.

    Before the reminder it moves; an earlier day is always told.
    """
    home = home_with("a 1T am 30d")
    for number in range(20):
        took(home, number)
    took(home, 20, kind=wire.SLOT_MISSED)
    (moved,) = reckoned(home, at("06:00", day(21)))
    assert (moved.left, moved.runs_out_on) == ("10", day(30))
    for number in range(21, 27):
        took(home, number)
    reckoned(home, at("06:00", day(27)))
    took(home, 27, kind=wire.SLOT_MISSED)
    assert reckoned(home, at("06:00", day(28))) == []
    kept = home.household.stocks["soonja"]["1/0"]
    assert (kept.left, kept.days_left, kept.runs_out_on) == ("4", 4, day(30))
    slot = SlotId("soonja", day(28), 0)
    home.fold(DoseCorrected(at("12:00", day(28)), slot, 3, "이지은", "세어 봄"))
    (sooner,) = reckoned(home, at("12:30", day(28)))
    assert (sooner.left, sooner.runs_out_on) == ("1", day(29))


def test_two_drugs_of_a_pouch_run_out_each_by_its_own() -> None:
    """The amounts differ, the days too."""
    home = home_with("a 1T am 30d", "b 0.5T am 20d")
    took(home, 0)
    found = reckoned(home, at("09:00"))
    assert [(f.left, f.runs_out_on) for f in found] == [("29", day(29)), ("19/2", day(19))]


class Counting(dict[SlotId, object]):
    """Slots that count how often they are asked for."""

    asked = 0

    def get(self, key: SlotId, default: object = None) -> object:
        """As a dict."""
        self.asked += 1
        return super().get(key, default)


def looks(household: Household, now_ms: int) -> int:
    """How many slots one look asks about."""
    slots = Counting(household.slots)
    household.slots = slots  # type: ignore[assignment]
    home = Home(household)
    reckoned(home, now_ms)
    return slots.asked


def test_a_look_does_not_grow_with_history() -> None:
    """After two years of refills a look asks about as many slots as after half a year."""
    seen = []
    for months in (6, 24):
        lines = [f"{FIRST + timedelta(days=30 * n)} a 1T am 30d" for n in range(months)]
        home = home_with(*lines)
        seen.append(looks(home.household, at("12:00", day(30 * months - 15))))
    assert seen[0] == seen[1]
    assert seen[0] < 2000
