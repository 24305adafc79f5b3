"""The telephone line by the GSM modem that sends the texts: one call at a time, texts come first.

Knows: how a modem dials, and that a text never waits for a call. May not know: the conversation,
texts.

A call's commands go between the texts' on the modem's one lane; none takes longer than its answer,
for dialling answers at once (AT+COLP=0). The sound has a tty of its own. A text that the modem does
not take while it calls ends the call (`give_way`), and is handed over again.
"""

from __future__ import annotations

import asyncio
import contextlib
import math
import re
from collections.abc import Callable
from dataclasses import dataclass

from gateway.calls.line import LineDown, NotOpened, Refused
from gateway.modem.lane import CommandRefusedError, LaneError
from gateway.modem.modem import Modem
from gateway.modem.port import OpenPort, Port, PortError
from gateway.modem.status import registration_problem
from gateway.telephone import outcome
from gateway.telephone.modem_call import ModemCall
from gateway.telephone.modem_words import Word, rings_in, state_of, word_of

GAVE_WAY = "the call gave way to a text"
_NUMBER = re.compile(r"\+?[0-9]{2,15}\Z")
_KEYS_NOT_HEARD = "this modem does not report keys (AT+DDET): use another one for calls"
_NO_SOUND = "this modem gives no sound over a tty (AT+CPCMREG): use another one for calls"


@dataclass(frozen=True, slots=True)
class Pace:
    """How long each thing may take, in ms (ms of a sped-up house where it is one)."""

    answer_ms: int = 5_000  # of a command: none of them waits for a network
    look_ms: int = 1_000  # between two looks at the call
    sound_ms: int = 300  # between two tries to get its sound


SOUND_TRIES = 6
"""A modem says ERROR to AT+CPCMREG=1 until its call has settled."""
LOOKS_AFTER = 10
"""So often a call that was hung up is looked for, until it is gone."""


class ModemLine:
    """The line (gateway.calls.line.Line) over a modem that runs."""

    def __init__(
        self,
        modem: Modem,
        audio: str,
        on_change: Callable[[str], None] = lambda _why: None,
        *,
        pace: Pace | None = None,
        open_port: OpenPort = Port,
    ) -> None:
        """`audio`: the tty of the modem's sound; `on_change`: `down`, whenever it changes."""
        self._modem = modem
        self._audio = audio
        self._on_change = on_change
        self._pace = pace or Pace()
        self._open_port = open_port
        self._now: ModemCall | None = None
        self._ending = asyncio.Lock()
        self._minding: asyncio.Task[None] | None = None
        self._rung_s = -math.inf
        modem.caller = self

    @property
    def down(self) -> str:
        """Why nobody can be called now; "" when the line is good."""
        return self._modem.why or ""

    async def dial(
        self, number: str, ring_ms: int, *, record: bool = False
    ) -> ModemCall | NotOpened:
        """Call a number and let it ring for so long. Cancelled, it hangs up."""
        if not _NUMBER.match(number):
            return Refused("a telephone number is digits, with + before a country")
        if self._now is not None:
            return LineDown("a call is under way on this line")
        if self.down:
            return LineDown(self.down)
        try:  # before anything rings: nobody is called to hear nothing
            call = ModemCall(self._audio, self._hang_up, record=record, open_port=self._open_port)
        except PortError as error:
            return LineDown(str(error))
        self._now, opened = call, False
        try:
            word = await self._answer_of(call, number, ring_ms)
            why = None if word is Word.UP else await self._not_opened(call, word)
            opened = why is None and await self._with_sound(call)
            return call if opened else why or LineDown(call.why or _NO_SOUND)
        except LaneError as error:
            return LineDown(str(error))
        finally:
            if not opened:
                await asyncio.shield(call.hang_up())

    async def close(self) -> None:
        """Hang up whatever is open."""
        if self._now is not None:
            self._now.lost("the line was closed")
            await self._now.hang_up()

    # --- from the modem

    def news(self, line: str) -> None:
        """A line nobody asked for."""
        if rings_in(line):
            self._rung_s = asyncio.get_running_loop().time()
        if self._now is not None:
            self._now.news(line)

    def lost(self, why: str) -> None:
        """The modem is gone: when it is set up anew, it hangs up."""
        if self._now is not None:
            self._now.lost(why)

    def usable(self, why: str | None) -> None:
        """Whether the modem can be used."""
        self._on_change(why or "")

    async def give_way(self) -> bool:
        """A text was not taken: end the call that may be why; False where there is none."""
        call = self._now
        if call is None:
            return False
        call.lost(GAVE_WAY)
        await call.hang_up()
        return True

    # --- dialling

    async def _answer_of(self, call: ModemCall, number: str, ring_ms: int) -> Word:
        """What became of dialling; raises LaneError."""
        await self._taken("AT+COLP=0")
        if not await self._taken("AT+DDET=1"):
            call.lost(_KEYS_NOT_HEARD)
        else:
            await self._dialled(call, number)
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(ring_ms / 1000):
                while (word := await self._next(call)) is Word.RINGS:
                    call.rang = True
                return word
        return Word.NO_ANSWER

    async def _dialled(self, call: ModemCall, number: str) -> None:
        """A modem that waits for the network ends the command itself with what became of it."""
        try:
            await self._modem.ask(f"ATD{number};", self._pace.answer_ms)
        except CommandRefusedError as refused:
            call.said(word_of(refused.line) or Word.OVER)

    async def _next(self, call: ModemCall) -> Word:
        """The next word of the call: what the modem says by itself, or a look at the call."""
        absent = 0
        while True:
            word = await call.word(self._pace.look_ms)
            if word is not None:
                return word
            state = await self._state()
            absent = absent + 1 if state is Word.OVER else 0
            if state is not None and absent != 1:  # a call is listed a moment after it was dialled
                return state

    async def _not_opened(self, call: ModemCall, word: Word) -> NotOpened:
        """What it means that nobody took the call; a line that failed is asked nothing more."""
        commands = () if call.why else ("AT+CREG?", "AT+CEREG?")
        network = registration_problem(*[await self._lines(command) for command in commands])
        ring_s = asyncio.get_running_loop().time() - self._rung_s
        return outcome.of_word(word, call.why, network, rang=call.rang, ring_s=ring_s)

    async def _with_sound(self, call: ModemCall) -> bool:
        """Its sound goes over the tty from now on; also fine: it was answered and is over."""
        call.begins()
        for _ in range(SOUND_TRIES):
            if call.over and not call.why:
                return True
            if await self._taken("AT+CPCMREG=1"):
                self._minding = asyncio.create_task(self._mind(call))
                return True
            await asyncio.sleep(self._pace.sound_ms / 1000)
        return False

    async def _mind(self, call: ModemCall) -> None:
        """Look at the call now and then: its end may not be said, and a hung modem says nothing."""
        with contextlib.suppress(LaneError):  # the modem tells `lost`
            while True:
                await asyncio.sleep(self._pace.look_ms / 1000)
                if await self._state() is Word.OVER:
                    call.ended("")
                    return

    async def _hang_up(self, call: ModemCall) -> None:
        """End this call at the modem, whatever state it is in; the line is free afterwards."""
        async with self._ending:
            if self._now is not call:
                return
            if self._minding is not None:
                self._minding.cancel()
                self._minding = None
            with contextlib.suppress(LaneError):  # set up anew, it hangs up by itself
                await self._release()
            self._now = None

    async def _release(self) -> None:
        if not await self._taken("AT+CHUP"):
            await self._taken("ATH")
        await self._taken("AT+CPCMREG=0")
        for _ in range(LOOKS_AFTER):
            if await self._state() in {None, Word.OVER}:
                return
            await asyncio.sleep(self._pace.sound_ms / 1000)

    # --- asking

    async def _state(self) -> Word | None:
        """Where the call is; None where the modem does not say. Raises LaneError."""
        try:
            return state_of(await self._modem.ask("AT+CLCC", self._pace.answer_ms))
        except CommandRefusedError:
            return None

    async def _lines(self, command: str) -> tuple[str, ...]:
        try:
            return await self._modem.ask(command, self._pace.answer_ms)
        except CommandRefusedError:
            return ()

    async def _taken(self, command: str) -> bool:
        try:
            await self._modem.ask(command, self._pace.answer_ms)
        except CommandRefusedError:
            return False
        return True
