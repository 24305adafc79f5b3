"""One clumsy evening: snoozed, dropped, left open, opened again; each has its outcome.

Knows: what must be seen, and when. May not know: how any of it is done.
"""

from anbu_wire import messages as m
from tools.home.house import House
from tools.home.stories import seen
from tools.home.story import Dose, Household, Score, Story

_LIDS_DROPPED = 6


async def _script(house: House, score: Score) -> None:
    await seen.moved_in(house, score, by="18:29:30")
    await _snoozed(house, score, seen.compartment(house, "morning"))
    await _opened_again(house, score, seen.compartment(house, "morning"))
    await _left_open(house, score, seen.compartment(house, "noon"))
    await _dropped(house, score, seen.compartment(house, "evening"))
    seen.nothing_lost(house, score)


async def _snoozed(house: House, score: Score, lid: int) -> None:
    await house.until("18:31:30")
    score.expect("the first lid is lit blue", await seen.looks(house, lid) == "blue")
    score.expect("it sounds", await seen.sounded(house) > 0)
    await house.presses("ok", 2)
    score.expect("OK stops the sound", await seen.sounded(house) == 0)
    await house.presses("ok", 2)
    await seen.written(
        house, score, "OK once more snoozes", "18:33:30", record_kind=m.SLOT_SNOOZED, value=1
    )
    score.expect("the light stays", await seen.looks(house, lid) == "blue")
    await house.until("18:40:30")
    score.expect("it is silent for ten minutes", await seen.sounded(house, 20) == 0)
    await house.opens(lid)
    await seen.written(
        house, score, "then it is taken", "18:43:00", record_kind=m.SLOT_TAKEN, compartment=lid
    )


async def _opened_again(house: House, score: Score, lid: int) -> None:
    await house.until("18:44:00")
    house.board.lid(lid, True)
    red = await seen.turns(house, lid, "red", "18:44:40")
    score.expect("opened again: the light warns", red)
    house.board.lid(lid, False)
    await seen.written(
        house, score, "opened again is on record", "18:46:00",
        record_kind=m.LID_OPENED, value=m.OPENED_AGAIN, compartment=lid,
    )  # fmt: skip
    told = await house.texts(1, "18:49:00")
    score.expect("her guardian is asked to look", told, seen.bodies(house))


async def _left_open(house: House, score: Score, lid: int) -> None:
    await house.until("18:52:00")
    house.board.lid(lid, True)
    await seen.written(house, score, "taken", "18:54:00", record_kind=m.SLOT_TAKEN, compartment=lid)
    left = await seen.written(
        house, score, "a lid left open for five minutes is on record", "18:59:30",
        record_kind=m.LID_LEFT_OPEN, compartment=lid,
    )  # fmt: skip
    score.expect("not before", left and left["value"] == 5, left)  # noqa: PLR2004
    score.expect("its light asks to be shut", await seen.looks(house, lid) != "dark")
    house.board.lid(lid, False)


async def _dropped(house: House, score: Score, lid: int) -> None:
    await house.until("19:11:00")
    for fallen in range(lid, lid + _LIDS_DROPPED):
        house.board.lid(fallen, True)
    await house.pause(5)
    for fallen in range(lid, lid + _LIDS_DROPPED):
        house.board.lid(fallen, False)
    await seen.written(house, score, "that it fell is on record", "19:13:00", record_kind=m.SHAKEN)
    await seen.written(
        house, score, "the dose that flew open is doubtful", "19:13:00",
        record_kind=m.SLOT_DOUBTFUL, value=m.DOUBT_SHAKEN, compartment=lid,
    )  # fmt: skip
    taken = house.event("device_record", record_kind=m.SLOT_TAKEN, compartment=lid)
    score.expect("not taken", taken is None, taken)
    asks = await seen.turns(house, lid, "purple", "19:15:00")
    score.expect("its light says that somebody will ask", asks)


CLUMSY_EVENING = Story(
    name="clumsy-evening",
    about="snoozed, opened again, left open, dropped: each has its outcome, signal and record",
    starts="2026-03-02 18:15",
    script=_script,
    household=Household(
        doses=(
            Dose("morning", "18:30", window_min=20),
            Dose("noon", "18:50", early_min=0, window_min=15),
            Dose("evening", "19:10", early_min=0, window_min=20),
        )
    ),
)
