"""Somebody on the link itself: flips, counters, a relay, a siege; nothing is believed or lost.

Knows: the adversary's tools, the home of radio_home.py, what box and gateway would show.
"""

from __future__ import annotations

import asyncio
import json
import os
import random
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from anbu_wire.session import CHALLENGE, CONFIRM, PROOF, SEALED
from tests.home.adversary_home import nothing_happened
from tests.home.adversary_story import STORY
from tests.home.radio_home import ROOT, Home, home
from tools.home.adversary import Middle, bit_classes, flipped
from tools.home.story import local

WHOLE = 0xC0  # FIRST and LAST: a frame in one piece

Change = Callable[[bytes], list[bytes]]


class _Tricks:
    """Changes one piece after the other, each as soon as one of its way and kind comes by."""

    def __init__(self, h: Home) -> None:
        self._home = h
        self._middle = Middle(h.air.link, self._alter)
        self._armed: list[tuple[bool, int, Change]] = []
        self.sealed: list[bytes] = []  # the gateway's sealed pieces of this session so far
        self.session = 0  # how many handshakes were begun
        self.records = len(h.sink.seqs)

    def _alter(self, from_gateway: bool, piece: bytes) -> list[bytes]:
        if from_gateway and piece[1] == CHALLENGE:
            self.sealed.clear()
            self.session += 1
        out = [piece]
        whole = piece[0] & WHOLE == WHOLE
        if whole and self._armed and self._armed[0][:2] == (from_gateway, piece[1]):
            out = self._armed.pop(0)[2](piece)
        if from_gateway and piece[1] == SEALED:
            self.sealed.append(piece)
        return out

    async def push(self) -> None:
        """One more record, committed and acknowledged."""
        self._home.box.push(1)
        self.records += 1
        await self._home.until_synced(self.records)

    async def play(self, *tricks: tuple[bool, int, Change]) -> None:
        """Play them in this order while a record is pushed; it arrives all the same."""
        self._armed = list(tricks)
        self._home.box.push(1)
        self.records += 1
        await self._home.until(lambda: not self._armed, "the trick could not be played")
        await self._home.until_synced(self.records)

    def leave(self) -> None:
        self._middle.leave()


def _bit_flips(chance: random.Random) -> list[tuple[bool, int, str]]:
    """(from the gateway, kind of frame, class of bits): every class of every frame."""
    lengths = {CHALLENGE: 18, PROOF: 50, CONFIRM: 33, SEALED: 40}
    both = [(kind != PROOF, kind) for kind in lengths] + [(False, SEALED)]
    flips = [
        (way, kind, name)
        for way, kind in both
        for name in bit_classes(bytes((kind,)) + bytes(lengths[kind] - 1))
    ]
    chance.shuffle(flips)
    return flips


def _flip_story(folder: Path, most: int) -> None:
    async def story() -> None:
        chance = random.Random(12)
        async with home(folder, records=5) as h, h.gateway():
            await h.until_synced(5)
            tricks = _Tricks(h)
            await tricks.push()
            for from_gateway, kind, name in _bit_flips(chance)[:most]:

                def flip(piece: bytes, name: str = name) -> list[bytes]:
                    bit = chance.choice(bit_classes(piece[1:])[name])
                    return [piece[:1] + flipped(piece[1:], bit)]

                session = tricks.session
                if kind == SEALED:
                    await tricks.play((from_gateway, kind, flip))
                else:  # a handshake must come first
                    end: Change = lambda piece: [flipped(piece, 100)]  # noqa: E731
                    await tricks.play((True, SEALED, end), (from_gateway, kind, flip))
                    session += 1
                assert tricks.session > session, f"{name} of {kind} was not noticed"
            tricks.leave()
            nothing_happened(h, tricks.records, sessions=h.box.lines.count("session"))

    asyncio.run(story())


def test_flipped_bits_end_the_session(tmp_path: Path) -> None:
    """A bit flipped in a frame, of any class: noticed, nothing accepted, nothing lost."""
    _flip_story(tmp_path, 4)


@pytest.mark.long
@pytest.mark.timeout(300)
def test_every_class_of_bits(tmp_path: Path) -> None:
    """Every class of bits in every kind of frame, both ways."""
    _flip_story(tmp_path, 99)


def test_counter_tricks_between_the_ends(tmp_path: Path) -> None:
    """A frame again, an old one, one left out: the session ends, and no effect comes twice.

    Left out on the box's way it is a lost notification: asked for again in the same session.
    """

    async def story() -> None:
        async with home(tmp_path, records=5) as h, h.gateway():
            await h.until_synced(5)
            tricks = _Tricks(h)
            changes: tuple[tuple[bool, Change], ...] = (
                (True, lambda piece: [piece, piece]),  # used again
                (True, lambda piece: [tricks.sealed[-1], piece]),  # a step back
                (True, lambda piece: [tricks.sealed[0], piece]),  # back to the first
                (True, lambda _piece: []),  # left out: the next one jumps
                (False, lambda piece: [piece, piece]),
            )
            for from_gateway, change in changes:
                await tricks.push()
                session = tricks.session
                await tricks.play((from_gateway, SEALED, change))
                await tricks.push()
                assert tricks.session > session
            session = tricks.session
            await tricks.play((False, SEALED, lambda _piece: []))
            await tricks.push()
            assert tricks.session == session
            tricks.leave()
            nothing_happened(h, tricks.records, sessions=h.box.lines.count("session"))

    asyncio.run(story())


def _in_a_fast_house(script: str, folder: Path, date: str = "") -> str:
    """What a script of this folder prints under faketime, sixty times faster."""
    faketime = shutil.which("faketime")
    assert faketime, "faketime is missing: apt-get install faketime"
    start_s = local(date).timestamp() if date else time.time()
    offset = f"{int(start_s - time.time()):+d} x60"
    done = subprocess.run(
        [faketime, "-f", offset, sys.executable, str(ROOT / "tests/home" / script), str(folder)],
        env={**os.environ, "PYTHONPATH": f"{ROOT}:{ROOT / 'firmware/lib'}", "ANBU_SPEED": "60"},
        capture_output=True,
        text=True,
        timeout=150,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_a_relay_cannot_keep_a_session(tmp_path: Path) -> None:
    """Who holds the gateway's frames back loses the box after minutes: no command comes late."""
    assert _in_a_fast_house("adversary_fast.py", tmp_path).endswith("well\n")


@pytest.mark.long
@pytest.mark.timeout(200)
def test_the_whole_box_under_siege(tmp_path: Path) -> None:
    """Somebody sits on the link through a dose's time: the box reminds, logs, and syncs after."""
    report = json.loads(_in_a_fast_house("adversary_story.py", tmp_path, STORY.starts))
    assert len(report) >= 10
    assert [e for e in report if not e["held"]] == []
