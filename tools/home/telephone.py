"""The telephone of the called one: it answers, presses keys, is busy, or only rings.

Knows: what a person does with a telephone, SIPp's list of messages. May not know: what is asked,
the gateway.

SIPp goes by the real clock: its pauses are that much shorter. Its keys leave by a raw socket: it
needs root or CAP_NET_RAW.
"""

from __future__ import annotations

from pathlib import Path

from tools.home import sipp_scenario as called
from tools.home.sipp import LOOPBACK, Sipp, free_port

FIRST_S, NEXT_S = 7.0, 8.0  # of the house: she presses while the sentence is still being said
RING_S = 4.0
_SPEECH_S = 5.0
_PRESS_S = 0.2  # of the real clock


class Telephone:
    """One telephone at sip:anybody@127.0.0.1:`port`; nobody is there until it is told how."""

    def __init__(self, folder: Path, speed: int) -> None:
        """`folder`: where its scenario and what it lived through stand."""
        self._folder = folder
        self._speed = speed
        self._manners = 0
        self._sipp: Sipp | None = None
        self.port = free_port()

    @property
    def address(self) -> str:
        """Where it is called: host and port."""
        return f"{LOOPBACK}:{self.port}"

    @property
    def rang(self) -> int:
        """How many calls came, by their ids."""
        return len(self._calls("R", "INVITE"))

    @property
    def picked_up(self) -> int:
        """How many of them were answered."""
        return len(self._calls("S", "SIP/2.0 200"))

    def _calls(self, way: str, message: str) -> set[str]:
        """The ids of calls in which such a message of an INVITE went ("S") or came ("R").

        A row of SIPp's list: date, two times, way, call id, CSeq, the message's first line.
        """
        rows = [
            line.split("\t")
            for path in self._folder.glob("telephone-*.csv")
            for line in path.read_text(encoding="utf-8", errors="replace").splitlines()
        ]
        return {
            row[-3]
            for row in rows
            if row[-4:-3] == [way] and row[-2].endswith("INVITE") and row[-1].startswith(message)
        }

    # --- what it does from now on --------------------------------------------------------------

    async def presses(self, keys: str, *, hangs_up: bool = False) -> None:
        """She answers and presses these, one a question; then she waits, or hangs up."""
        steps: list[called.Step] = []
        for place, key in enumerate(keys):
            wait_s = NEXT_S / self._speed - _PRESS_S if place else FIRST_S / self._speed
            steps += [called.Wait(max(1, round(wait_s * 1000))), called.Press(key)]
        if hangs_up:
            steps += [called.Wait(round(NEXT_S * 1000 / self._speed)), called.HangUp()]
        await self._will(called.answers(steps, self._folder, ring_ms=self._ring_ms))

    async def has_voicemail(self) -> None:
        """A voice answers and presses nothing."""
        steps: list[called.Step] = [called.Speak(round(_SPEECH_S * 1000 / self._speed))]
        await self._will(called.answers(steps, self._folder, ring_ms=self._ring_ms))

    async def only_rings(self) -> None:
        """Nobody picks up."""
        await self._will(called.rings())

    async def is_busy(self) -> None:
        """Another call is under way."""
        await self._will(called.refuses("486 Busy Here"))

    @property
    def _ring_ms(self) -> int:
        return max(1, round(RING_S * 1000 / self._speed))

    async def _will(self, scenario: str) -> None:
        await self.stop()
        self._manners += 1
        messages = str(self._folder / f"telephone-{self._manners}.csv")
        flags = ("-trace_shortmsg", "-shortmessage_file", messages)
        self._sipp = Sipp(self._folder, scenario, *flags, port=self.port, speed=self._speed)
        await self._sipp.start()

    async def stop(self) -> None:
        """Nobody is there any more."""
        if self._sipp is not None:
            await self._sipp.stop()
