"""What the gateway may have the real box do: found, set, asked, refilled, over the virtual air.

Knows: the firmware as it would be flashed, its board, the production radio.
"""

from __future__ import annotations

import asyncio
import time
from pathlib import Path

import pytest

from anbu_wire import messages as m
from anbu_wire import settings
from gateway.sync import commands
from tests.home.real_box import LID, RealHome, due_in, lasts, real_home, until
from tools.home.provision import DEVICE_ID

FIND = [24, 24, 24]
PURPLE = (50, 0, 50)  # a question
GREEN = (0, 100, 0)  # sent, and on the way
BLUE = (0, 40, 255)  # take
WHITE = (120, 120, 120)  # fill this one


def _calls(house: RealHome) -> bool:
    """Whether the box is to be seen or heard at this moment."""
    return any(map(any, house.lights())) or house.board.picture()["sound"] is not None


async def _heard(house: RealHome) -> dict[str, int]:
    """The next sound."""
    found: list[dict[str, int]] = []

    def look() -> bool:
        sound = house.board.picture()["sound"]
        found.extend([sound] if sound else [])
        return bool(sound)

    await until(look, "nothing is heard")
    return found[0]


@pytest.mark.long
def test_the_box_makes_itself_found(tmp_path: Path) -> None:
    """All lids blink and it beeps; OK ends it, and so does the gateway."""

    async def story() -> None:
        async with real_home(tmp_path) as house, house.gateway() as source:
            board = house.board
            assert (await source.command(DEVICE_ID, commands.locate(60))).ok
            await until(lambda: all(rgb == FIND for rgb in house.lights()))
            await until(lambda: not any(map(any, house.lights())))
            assert (await _heard(house))["frequency_hz"] in {520, 780}
            await house.press("ok")
            await lasts(lambda: not _calls(house), 1.5, "OK does not end it")
            assert (await source.command(DEVICE_ID, commands.locate(60))).ok
            await _heard(house)
            assert (await source.command(DEVICE_ID, commands.locate(0))).ok
            await until(lambda: board.picture()["sound"] is None)

    asyncio.run(story())


def test_a_choice_is_read_back_heard_and_kept(tmp_path: Path) -> None:
    """Loudness, pitch, quiet hours: read back before they count, kept over a power cut."""

    async def story() -> None:
        async with real_home(tmp_path) as house, house.gateway() as source:
            for parameter, value in ((settings.LOUDNESS, 1), (settings.PITCH, 1)):
                command = commands.set_parameter(parameter, value)
                assert (await source.command(DEVICE_ID, command)).ok
            for command in commands.quiet_hours(1320, 420):
                assert (await source.command(DEVICE_ID, command)).ok
            assert (await source.command(DEVICE_ID, commands.locate(60))).ok
            heard = await _heard(house)
            assert heard["frequency_hz"] in {390, 585}
            assert heard["loudness"] == 1
            await house.box.kill()
            await asyncio.sleep(1)
            await house.box.start()
            kept = (await source.command(DEVICE_ID, commands.READ_PARAMETERS)).fields
            assert (kept["loudness"], kept["pitch"]) == (1, 1)
            assert (kept["quiet_from"], kept["quiet_until"]) == (1320, 420)

    asyncio.run(story())


def test_how_the_box_is(tmp_path: Path) -> None:
    """Vitals come from the chips: boot, heap, cell, temperature, faults, how full the log is."""

    async def story() -> None:
        async with real_home(tmp_path) as house, house.gateway() as source:
            vitals = (await source.command(DEVICE_ID, commands.READ_VITALS)).fields
            assert vitals["boot"] == 1
            assert vitals["faults"] == 0
            assert 10_000 < vitals["heap_free_bytes"] < 320 * 1024
            assert 3000 <= vitals["battery_mv"] <= 4400
            assert 0 < vitals["temperature_c_quarters"] < 200
            assert 0 <= vitals["log_percent"] < 10
            assert 0 <= vitals["uptime_s"] < 60

    asyncio.run(story())


@pytest.mark.long
def test_a_guided_refill_lights_the_next_lid(tmp_path: Path) -> None:
    """Read back with what is left to fill; done when every lid of the mask was filled in turn."""

    async def story() -> None:
        async with real_home(tmp_path) as house, house.gateway() as source:
            mask = 1 << 5 | 1 << 6
            begin = commands.refill(m.REFILL_FILL, mask)
            assert (await source.command(DEVICE_ID, begin)).ok
            for lid, left in ((5, 1 << 6), (6, 0)):
                await house.sees(WHITE, (lid,))
                house.board.lid(lid, True)
                await asyncio.sleep(1.6)
                house.board.lid(lid, False)
                await until(
                    lambda lid=lid: lid in _compartments(house, m.COMPARTMENT_FILLED),  # type: ignore[misc]
                    f"lid {lid} was not filled",
                )
                read = (await source.command(DEVICE_ID, commands.READ_PARAMETERS)).fields
                assert read["filling"] == left
            await until(
                lambda: house.sink.values(m.REFILL_ENDED) == [1], "it did not end by itself"
            )
            assert m.OPENED_AS_DUE not in house.sink.values(m.LID_OPENED)

    asyncio.run(story())


def _compartments(house: RealHome, kind: int) -> list[int]:
    return [record.compartment for record in house.sink.records if record.kind == kind]


def test_refill_and_away_hold_on_the_box(tmp_path: Path) -> None:
    """Both are done only when the box reads them back, and an opening in between is refill."""

    async def story() -> None:
        async with real_home(tmp_path) as house, house.gateway() as source:
            until_s = int(time.time()) - m.EPOCH_2000_UNIX_S + 86_400
            begin = (commands.refill(m.REFILL_FILL), commands.away(until_s - 7200, until_s))
            for command in begin:
                assert (await source.command(DEVICE_ID, command)).code == m.OK, command
            house.board.lid(5, True)
            await until(lambda: m.OPENED_REFILL in house.sink.values(m.LID_OPENED))
            for command in (commands.refill(m.REFILL_END), commands.away(0, 0)):
                assert (await source.command(DEVICE_ID, command)).code == m.OK, command

    asyncio.run(story())


@pytest.mark.long
def test_a_question_is_shown_and_answered_by_ok(tmp_path: Path) -> None:
    """All lids and a melody ask, OK answers; not one that was taken back or ran out of time."""

    async def story() -> None:
        async with real_home(tmp_path) as house, house.gateway() as source:
            assert (await source.command(DEVICE_ID, commands.ask(7, 60))).ok
            await house.sees(PURPLE)
            await _heard(house)
            await house.press("ok")
            await until(lambda: house.sink.values(m.ANSWERED) == [7], "not answered")
            assert (await source.command(DEVICE_ID, commands.ask(8, 60))).ok
            await house.sees(PURPLE)
            assert (await source.command(DEVICE_ID, commands.ask(8, 0))).ok
            assert (await source.command(DEVICE_ID, commands.ask(9, 1))).ok
            await until(lambda: house.sink.values(m.UNANSWERED) == [9], "never given up")
            assert house.sink.values(m.ASKED) == [7, 8, 9]
            assert house.sink.values(m.ANSWERED) == [7]

    asyncio.run(story())


@pytest.mark.long
def test_a_slot_is_closed_by_word(tmp_path: Path) -> None:
    """A due dose that somebody says was taken is asked for no more; an unknown one is refused."""

    async def story() -> None:
        async with real_home(tmp_path) as house:
            slot, house.sink.schedule = due_in(6)
            async with house.gateway() as source:
                await until(lambda: house.sink.count("schedule") > 0, "no schedule")
                await house.sees(BLUE, (LID,))
                unknown = commands.close_slot(slot[0] + 1, 1, m.WORD_TAKEN)
                assert (await source.command(DEVICE_ID, unknown)).code == m.REFUSED_STATE
                word = commands.close_slot(*slot, m.WORD_TAKEN)
                assert (await source.command(DEVICE_ID, word)).ok
                await until(lambda: house.sink.values(m.SLOT_TAKEN) == [3], "not closed")
                await until(lambda: house.lights()[LID] != list(BLUE))

    asyncio.run(story())


def test_a_call_for_help_is_sent_and_help_is_on_the_way(tmp_path: Path) -> None:
    """Held for a second it is a call; its receipt shows; who comes shows until it is over."""

    async def story() -> None:
        async with real_home(tmp_path) as house, house.gateway() as source:
            await house.press("help", 0.5)
            await asyncio.sleep(0.6)
            assert house.sink.values(m.HELP_PRESSED) == []
            await house.press("help", 1.5)
            await until(lambda: house.sink.values(m.HELP_PRESSED) == [0], "no call")
            await house.sees(GREEN)
            assert house.sink.values(m.HELP_NOT_SENT) == []
            for state in (m.HELP_COMING, m.HELP_OVER):
                assert (await source.command(DEVICE_ID, commands.help_state(state))).ok
            told = [m.HELP_COMING, m.HELP_OVER]
            await until(lambda: house.sink.values(m.HELP_ANSWERED) == told, "not told")
            await until(lambda: not any(map(any, house.lights())))

    asyncio.run(story())
