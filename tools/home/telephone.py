"""The telephone of the called one: SIPp, which answers, presses keys, is busy, or only rings.

Knows: the `sipp` command (Debian: sip-tester), its list of messages. May not know: what is asked,
the gateway.

SIPp goes by the real clock: sped up it would need a whole processor to wait. Its pauses are that
much shorter instead. Its keys leave by a raw socket: it needs root or CAP_NET_RAW.
"""

from __future__ import annotations

import asyncio
import os
import socket
from pathlib import Path

from tools.bench import calls_called as called

LOOPBACK = "127.0.0.1"
FIRST_S, NEXT_S = 7.0, 8.0  # of the house: she presses while the sentence is still being said
RING_S = 4.0
_SPEECH_S = 5.0
_PRESS_S = 0.2  # of the real clock
_NOT_ITS_CLOCK = ("LD_PRELOAD", "FAKETIME", "FAKETIME_SHARED")
_GLANCE_S = 1.0
_GIVEN_UP_S = 5.0


class Telephone:
    """One telephone at sip:anybody@127.0.0.1:`port`; nobody is there until it is told how."""

    def __init__(self, folder: Path, speed: int) -> None:
        """`folder`: where its scenario and what it lived through stand."""
        self._folder = folder
        self._speed = speed
        self._manners = 0
        self._process: asyncio.subprocess.Process | None = None
        self.port = _free_port()

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
        path = self._folder / "telephone.xml"
        path.write_text(scenario, encoding="utf-8")
        messages = self._folder / f"telephone-{self._manners}.csv"
        argv = ["sipp", "-sf", str(path), "-i", LOOPBACK, "-mi", LOOPBACK, "-p", str(self.port)]
        argv += ["-nostdin", "-trace_shortmsg", "-shortmessage_file", str(messages)]
        with (self._folder / "telephone.err").open("ab") as errors:
            self._process = await asyncio.create_subprocess_exec(
                *argv,
                cwd=self._folder,
                env={n: value for n, value in os.environ.items() if n not in _NOT_ITS_CLOCK},
                stdin=asyncio.subprocess.DEVNULL,
                stdout=asyncio.subprocess.DEVNULL,
                stderr=errors,
            )
        for _ in range(round(_GIVEN_UP_S * self._speed / _GLANCE_S)):
            if _is_taken(self.port):
                return
            await asyncio.sleep(_GLANCE_S)
        raise TimeoutError(f"sipp does not listen; see {self._folder / 'telephone.err'}")

    async def stop(self) -> None:
        """Nobody is there any more."""
        process, self._process = self._process, None
        if process is not None and process.returncode is None:
            process.kill()
            await process.wait()


def _free_port() -> int:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.bind((LOOPBACK, 0))
        port: int = probe.getsockname()[1]
    return port


def _is_taken(port: int) -> bool:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.bind((LOOPBACK, port))
        except OSError:
            return True
    return False
