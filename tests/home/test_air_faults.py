"""A bad radio between the real firmware and the real gateway code: nothing lost, nothing twice.

Knows: the air's faults, the home of radio_home.py, what the sink was told.
"""

from __future__ import annotations

import asyncio
import dataclasses
from pathlib import Path

import pytest

from anbu_wire import schedule
from gateway.sources.conversation import RadioTimes
from tests.home import radio_home
from tests.home.radio_home import Home, home
from tools.home.airfaults import AirFaults, FaultyLink

_NOTIFICATION = b"\x05\x00\x04\x00\x1b\x10\x00ab"
_WRITE = b"\x05\x00\x04\x00\x12\x10\x00ab"


@pytest.fixture(autouse=True)
def _quick_handshake(monkeypatch: pytest.MonkeyPatch) -> None:
    """A proof that gets lost is waited for three seconds here, not a minute."""
    times = RadioTimes(handshake_s=1.0, pause_s=0.2, backoff_max_s=1.0, poll_s=2.0, answer_s=0.3)
    monkeypatch.setattr(radio_home, "TIMES", times.patient(3))


@pytest.fixture
def _patient(monkeypatch: pytest.MonkeyPatch, _quick_handshake: None) -> None:
    """Where no frame gets lost a machine however slow must not end a session."""
    monkeypatch.setattr(radio_home, "TIMES", radio_home.TIMES.patient(20))


@pytest.fixture
def _curious(monkeypatch: pytest.MonkeyPatch, _patient: None) -> None:
    """The state is asked for so often that a late packet of a session comes soon."""
    monkeypatch.setattr(radio_home, "TIMES", dataclasses.replace(radio_home.TIMES, poll_s=0.2))


def _ways(faults: AirFaults, name: str = "box") -> list[object]:
    faulty = FaultyLink(faults, name)
    return [(faulty.loses(), faulty.way("link", _NOTIFICATION, 2.0)) for _ in range(200)]


def test_the_same_seed_gives_the_same_faults() -> None:
    """A failure can be played again from its seed; another seed or box has another fate."""
    faults = AirFaults(loss=0.2, repeat=0.2, unheard=0.2, jitter_s=0.1, seed=5)
    assert _ways(faults) == _ways(faults)
    assert _ways(faults) != _ways(faults, "another box")
    assert _ways(faults) != _ways(AirFaults(loss=0.2, repeat=0.2, unheard=0.2, seed=6))


def test_only_what_the_layers_allow() -> None:
    """A write is never handed on twice; what is never heard again ends the link."""
    twice = FaultyLink(AirFaults(repeat=1.0), "box")
    told, written = (twice.way("link", data, 2.0) for data in (_NOTIFICATION, _WRITE))
    assert told
    assert written
    assert (told.copies, written.copies) == (2, 1)
    deaf = FaultyLink(AirFaults(unheard=1.0), "box")
    assert deaf.way("link", _WRITE, 2.0) is None
    assert deaf.broken == 1


def test_the_nth_packet_of_the_nth_link_breaks_it() -> None:
    """The first link ends at its third packet, the second at its first, later ones never."""
    faulty = FaultyLink(AirFaults(breaks=(3, 1)), "box")
    held = [faulty.way(link, _WRITE, 2.0) is not None for link in "aaabccc"]
    assert held == [True, True, False, False, True, True, True]


async def _bad_air(folder: Path, faults: AirFaults) -> tuple[Home, FaultyLink]:
    async with home(folder, records=30) as h:
        faulty = h.radio.set_faults(faults)
        assert faulty
        async with h.gateway() as source:
            await h.until(lambda: len(h.sink.seqs) >= 10, "nothing comes through")
            h.box.push(20)
            h.sink.schedule = (3, bytes(schedule.HEAD_BYTES + 18 * schedule.ENTRY_BYTES))
            source.schedule_changed("box-0001")
            await h.until_synced(50)
            await h.until(lambda: "schedule 3" in h.sink.said, "no schedule on the box")
            h.radio.set_faults(None)
            h.box.push(5)
            await h.until_synced(55)
        assert h.sink.seqs == list(range(1, 56))
        assert h.box.lines.count("schedule 3 514") == 1
        return h, faulty


@pytest.mark.parametrize("seed", [1, *(pytest.param(n, marks=pytest.mark.long) for n in (2, 3, 4))])
def test_all_faults_at_once(tmp_path: Path, seed: int) -> None:
    """Loss, repetition, repeats of the link layer, delay and jitter: every record once, in order.

    The schedule arrives whole and is stored once, though its chunks and answers were disturbed.
    """
    faults = AirFaults(
        loss=0.08,
        repeat=0.04,
        unheard=0.1,
        delay_s=0.002,
        jitter_s=0.01,
        interval_s=0.01,
        seed=seed,
    )
    _home, faulty = asyncio.run(_bad_air(tmp_path, faults))
    assert faulty.lost
    assert faulty.resent


@pytest.mark.usefixtures("_patient")
def test_delay_and_jitter_alone_end_no_session(tmp_path: Path) -> None:
    """Packets come late and unevenly but in order: one session, nothing asked twice."""
    h, _faulty = asyncio.run(_bad_air(tmp_path, AirFaults(delay_s=0.01, jitter_s=0.03, seed=3)))
    assert h.sink.count("up") == 1
    assert h.sink.count("down") == 0


def test_a_notification_handed_on_twice_costs_a_session_at_most(tmp_path: Path) -> None:
    """BlueZ may show one value twice: the repeated counter ends the session, no record doubles."""
    _home, faulty = asyncio.run(_bad_air(tmp_path, AirFaults(repeat=0.15, seed=4)))
    assert faulty.repeated


def _break_story(folder: Path, breaks: tuple[int, ...]) -> None:
    async def story() -> None:
        async with home(folder, records=40) as h:
            h.air.link.supervision_timeout_s = 0.1
            faulty = h.radio.set_faults(AirFaults(breaks=breaks))
            assert faulty
            async with h.gateway():
                for broken in range(1, len(breaks) + 1):
                    await h.until(lambda n=broken: faulty.broken >= n, "no break")  # type: ignore[misc]
                    h.box.push(1)
                await h.until_synced(40 + len(breaks))
            assert h.sink.seqs == list(range(1, 41 + len(breaks)))
            assert faulty.broken == len(breaks)

    asyncio.run(story())


@pytest.mark.usefixtures("_patient")
def test_a_break_at_a_packet_of_every_stage(tmp_path: Path) -> None:
    """Discovery, Hello, proof, state, report, acknowledgement: whatever the link breaks in."""
    _break_story(tmp_path, (20, 46, 50, 54))


@pytest.mark.long
@pytest.mark.timeout(400)
@pytest.mark.usefixtures("_curious")
def test_a_break_at_any_packet(tmp_path: Path) -> None:
    """Links that break while devices are found, and at each packet of a session's beginning."""
    _break_story(tmp_path, (*range(2, 38, 7), *range(38, 68)))
