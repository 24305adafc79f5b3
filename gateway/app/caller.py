"""From the queue to the telephone line: whoever is due is called, what she answers becomes facts.

Knows: when to look again, what a call came to as a fact. May not know: whom to call and when
(gateway.calls.queue), what is asked, SIP, a modem.

A call is committed before it rings, an answer before anything more is said. Nothing here waits for
anything but its own call: texts and decisions go on.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from gateway.app.hub import Hub
from gateway.app.recorder import Recorder
from gateway.app.talking import Ears, Talking, not_opened
from gateway.app.waiting import AFTER_TROUBLE_S, LOOK_AGAIN_MS, until_set
from gateway.calling import INTERRUPTED, LINE_DOWN
from gateway.calls import lines, queue
from gateway.calls.conversation import Answer, End
from gateway.calls.line import CALL_MOST_MS, Busy, Line, LineDown, NoAnswer, Refused
from gateway.calls.queue import What
from gateway.calls.sentences import SENTENCES
from gateway.events import CallAnswered, CallBegun, CallEnded
from gateway.log import LogUnavailable
from gateway.together import together
from gateway.voice import Spoken, Voice, VoiceError

Sounds = dict[str, list[str]]  # by sentence

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Phone:
    """A line as the queue knows it: its name in facts, and how many calls it makes at once."""

    name: str
    lines: int
    line: Line


class Caller:
    """Makes the calls that are due, each in a task of its own."""

    def __init__(self, hub: Hub, phone: Phone, voice: Voice, recorder: Recorder) -> None:
        self._hub = hub
        self._phone = phone
        self._voice = voice
        self._recorder = recorder
        self._line_says: str | None = None  # what the log could not take yet

    def line_changed(self, why: str) -> None:
        """The line is down ("why") or good again (""): noted where that is news."""
        self._line_says = why
        try:
            self._note_lines()
        except LogUnavailable as error:
            _log.warning("%s; noted later: %s", error, why or "the line is good again")
        self._hub.calls.set()

    def _note_lines(self) -> None:
        """What the line said last, where it is news. Raises LogUnavailable."""
        known, now_ms = self._hub.home.household.calls.lines, self._hub.clock.now_ms()
        for seen in lines.news(known, self._phone.name, self._line_says, now_ms):
            self._hub.record(seen)
        self._line_says = None

    async def run(self) -> None:
        """Call until cancelled; whoever is on the telephone then is hung up on."""
        calls: asyncio.Queue[CallBegun] = asyncio.Queue()
        try:
            await together(
                self._look(calls), *(self._hand(calls) for _ in range(self._phone.lines))
            )
        finally:
            await self._phone.line.close()

    async def _look(self, calls: asyncio.Queue[CallBegun]) -> None:
        """Begin what is due: at every fact that matters, and in time for the next call."""
        while True:
            self._hub.calls.clear()
            try:
                self._note_lines()
                for begun in self._due():
                    self._hub.record(begun)
                    calls.put_nowait(begun)
            except LogUnavailable as error:
                _log.warning("%s; tried again in %.0f s", error, AFTER_TROUBLE_S)
                await asyncio.sleep(AFTER_TROUBLE_S)
                continue
            now_ms = self._hub.clock.now_ms()
            next_ms = queue.next_ms(self._hub.home.household, now_ms)
            wait_ms = LOOK_AGAIN_MS if next_ms is None else next_ms - now_ms
            await until_set(self._hub.calls, min(wait_ms, LOOK_AGAIN_MS))

    def _due(self) -> list[CallBegun]:
        if self._phone.line.down:
            return []
        household, now_ms = self._hub.home.household, self._hub.clock.now_ms()
        return queue.due(household, self._phone.name, self._phone.lines, now_ms)

    async def _hand(self, calls: asyncio.Queue[CallBegun]) -> None:
        """One pair of hands: take a call, make it, take the next."""
        while True:
            begun = await calls.get()
            what = queue.what(self._hub.home.household, begun, self._hub.clock.now_ms())
            said: list[Answer] = []  # by her, and not committed yet
            try:
                async with asyncio.timeout(CALL_MOST_MS / 1000):
                    end = await self._call(begun, what, said)
            except TimeoutError:
                end = End(INTERRUPTED, "too long")
            for answer in said:  # the call was over before the disk could take it
                await self._commit(partial(self._answered, begun, answer))
            await self._commit(partial(self._ended, begun, end))

    async def _call(self, begun: CallBegun, what: What, said: list[Answer]) -> End:
        try:
            sounds = await asyncio.to_thread(self._sounds, begun.person_id, what)
        except VoiceError as error:
            return End(LINE_DOWN, f"no voice: {error}")
        dialled = await self._phone.line.dial(what.number, queue.RING_MS, record=what.record)
        if isinstance(dialled, Busy | NoAnswer | Refused | LineDown):
            return not_opened(dialled)

        async def keep(answer: Answer) -> None:
            said.append(answer)
            await self._commit(partial(self._answered, begun, answer))
            said.clear()

        ears = Ears(sounds, keep, self._hub.clock.monotonic_ms)
        try:
            end = await Talking(dialled, ears).through(what.asked)
        finally:
            sound = await dialled.hang_up()
        if what.record and sound:
            await self._recorder.keep(begun, sound)
        return end

    def _ended(self, begun: CallBegun, end: End) -> CallEnded:
        now_ms, came_to = self._hub.clock.now_ms(), (end.outcome, end.why)
        return CallEnded(now_ms, begun.call_id, begun.person_id, *came_to)

    def _answered(self, begun: CallBegun, answer: Answer) -> CallAnswered:
        now_ms, said = self._hub.clock.now_ms(), (answer.question, answer.answer, answer.digit)
        return CallAnswered(now_ms, begun.call_id, begun.person_id, *said)

    def _sounds(self, person_id: str, what: What) -> Sounds:
        """Every sentence a call can need, before anything rings. Raises VoiceError."""
        return {
            key: [
                str(path)
                for path in self._voice.wavs(
                    Spoken(key, what.language, texts[what.language], what.name, person_id)
                )
            ]
            for key, texts in SENTENCES.items()
        }

    async def _commit(self, fact: Callable[[], CallAnswered | CallEnded]) -> None:
        """Until it is committed: she said it, and a disk may be full only for a while."""
        while True:
            try:
                self._hub.record(fact())
            except LogUnavailable as error:
                _log.warning("%s; noted again in %.0f s", error, AFTER_TROUBLE_S)
                await asyncio.sleep(AFTER_TROUBLE_S)
            else:
                return
