"""One conversation with one device: Hello, session, sync, until the link ends.

Knows: pieces, frames, the session, Sync's actions, time-outs.
May not know: how devices are found, when to connect, what a record means.
"""

from __future__ import annotations

import asyncio
import dataclasses
import os
from collections.abc import Callable, Mapping
from typing import Protocol

from anbu_wire import gatt
from anbu_wire import messages as m
from anbu_wire.errors import RemoteProtocolError
from anbu_wire.frame import Reassembler, fragment
from anbu_wire.session import GATEWAY, NONCE_BYTES, Session
from gateway.sources.orders import Ended, Orders
from gateway.sync import Action, Answer, Command, Expected, Sync, TimeFields
from gateway.sync.commands import set_parameter
from gateway.sync.kinds import KINDS, name_of

_OWN = 0  # the token of a command that nobody ordered; those of Orders begin at 1
_STEPS_TO_RADIO = 6  # turns of the loop from a write begun to its first byte at the radio


@dataclasses.dataclass(frozen=True)
class RadioTimes:
    """How long the radio waits, in seconds. `patient` makes all time-outs longer at once."""

    connect_s: float = 20.0  # link and discovery
    operation_s: float = 10.0  # one GATT operation
    handshake_s: float = 20.0  # from the challenge to an established session
    answer_s: float = 10.0  # one request of Sync
    poll_s: float = 30.0  # READ_STATE, so that "caught up" stays fresh
    pause_s: float = 3.0  # between a link's end and the next attempt
    backoff_max_s: float = 60.0
    silence_s: float = 90.0  # nothing heard: the scan begins anew
    clock_tolerance_s: int = 2  # a device's clock further off is set

    def patient(self, factor: float) -> RadioTimes:
        """The same manners with time-outs `factor` times longer, for a sped-up home."""
        return dataclasses.replace(
            self,
            connect_s=self.connect_s * factor,
            operation_s=self.operation_s * factor,
            handshake_s=self.handshake_s * factor,
            answer_s=self.answer_s * factor,
            clock_tolerance_s=round(self.clock_tolerance_s * factor),
        )


class Sink(Protocol):
    """To whom the radio tells what it got; the wiring implements it. Nothing here may block long.

    `state` is messages.STATE's fields by name; `TimeFields` are SET_TIME's fields in order.
    """

    def last_known(self, device_id: str, epoch: int) -> int:
        """The highest record number committed of that log, 0 for none."""

    def commit(self, device_id: str, epoch: int, records: list[m.Record]) -> None:
        """Commit these records; they are acknowledged to the device when this returns."""

    def caught_up(self, device_id: str, state: dict[str, int]) -> None:
        """Every record the device had at state["wall_s"] is committed."""

    def link_up(self, device_id: str) -> None:
        """An authenticated session began."""

    def link_down(self, device_id: str, why: str) -> None:
        """It ended, or could not begin for a reason not told yet."""

    def rests(self, device_id: str, seconds: int) -> None:
        """It ended: the device said that it is not heard for so long. No link_down follows."""

    def expected(self, device_id: str) -> Expected:
        """What this home expects of the device: its kind, its parameters."""

    def schedule_to_send(self, device_id: str) -> tuple[int, bytes] | None:
        """(version, entries as bytes) that should run on the device, None for no wish."""

    def schedule_on_box(self, device_id: str, version: int, crc: int) -> None:
        """The device shows this schedule as stored."""

    def clock_set(self, device_id: str) -> None:
        """The device took the gateway's time."""

    def time_fields(self) -> TimeFields:
        """What SET_TIME would carry now."""

    def trouble(self, part: str, why: str) -> None:
        """Something a technician should know.

        Of the "radio" that does not work, of what is on the "air", or of a device (its id).
        """


class Link(Protocol):
    """A connected device. Operations raise OSError, TimeoutError or the radio's own error."""

    @property
    def room_bytes(self) -> int:
        """How long a piece may be."""

    async def hello(self) -> bytes:
        """Read Hello."""

    async def listen(self, on_piece: Callable[[bytes], None]) -> None:
        """Have every notified piece given to `on_piece`."""

    async def write(self, piece: bytes) -> None:
        """Write one piece, with response."""


class Watch(Protocol):
    """Who watches a conversation from outside."""

    def proved(self) -> None:
        """An authenticated session stands."""

    def rests(self, *, resting: bool) -> None:
        """All is here and nothing is left to do, or something is again."""


class Conversation:
    """From Hello to the end of the link. Make a new one for every link.

    `identify` then `run`; both raise Ended (or what the link raises) when it is over.
    """

    def __init__(
        self, devices: Mapping[str, bytes], sink: Sink, times: RadioTimes, watch: Watch
    ) -> None:
        self._devices = devices
        self._sink = sink
        self._times = times
        self._watch = watch
        self.device_id = ""  # known after `identify`
        self.established = False
        self._key = b""
        self._kind = 0
        self._pieces: asyncio.Queue[bytes | None] = asyncio.Queue()
        self._gone = False
        self._leave = ""  # why it should end
        self._schedule_changed = False
        self._orders = Orders()
        self._all_is_here = False
        self._resting = False
        self._reassembler = Reassembler(lossy=True)
        # who is asked what, and until when (loop times)
        self._waiting_for: int | None = None
        self._answer_by = 0.0
        self._poll_at = 0.0

    # --- told from outside -----------------------------------------------------------------

    def gone(self) -> None:
        """The link is gone."""
        self._gone = True
        self._pieces.put_nowait(None)

    def schedule_changed(self) -> None:
        """There is a new schedule to bring."""
        self._schedule_changed = True
        self._pieces.put_nowait(None)

    def leave(self, why: str) -> None:
        """End it, in order."""
        self._leave = why
        self._pieces.put_nowait(None)

    async def command(self, command: Command) -> Answer:
        """Have the device do something; its answer. Raises Ended where the link ends before."""
        self._pieces.put_nowait(None)
        return await self._orders.wait_for(command)

    # --- the conversation ------------------------------------------------------------------

    async def identify(self, link: Link) -> str:
        """The device's id from Hello. Raises Ended for one that is not of this home."""
        hello = await link.hello()
        try:
            version, self._kind, _epoch, device_id = gatt.decode_hello(hello)
        except RemoteProtocolError as error:
            raise Ended(f"hello: {error}", stranger=True) from error
        key = self._devices.get(device_id)
        if key is None:
            raise Ended(f"device {device_id} is not of this home", stranger=True)
        self.device_id, self._key = device_id, key
        if version != m.PROTOCOL_VERSION:
            raise Ended(
                f"the device speaks protocol version {version}, the gateway "
                f"{m.PROTOCOL_VERSION}: update the older one"
            )
        wanted = self._sink.expected(device_id).kind
        if self._kind != wanted or self._kind not in KINDS:
            raise Ended(
                f"the device says it is a {name_of(self._kind)}, in the configuration it is a "
                f"{name_of(wanted)}: correct its kind there"
            )
        return device_id

    async def run(self, link: Link) -> None:
        """Handshake, then sync until the link ends. Always raises."""
        session = Session(GATEWAY, self._key, self.device_id, self._kind)
        try:
            await link.listen(self._pieces.put_nowait)
            async with asyncio.timeout(self._times.handshake_s):
                await self._handshake(link, session)
            await self._sync(link, session)
        except RemoteProtocolError as error:
            why = f"the device broke the protocol: {error}"
            raise Ended(why, unproven=not self.established) from error
        finally:
            self._orders.close()

    async def _handshake(self, link: Link, session: Session) -> None:
        await self._send_frame(link, session.start(os.urandom(NONCE_BYTES)))
        while not session.established:
            piece = await self._pieces.get()
            self._check_end("the link was lost in the handshake")
            frame = self._reassembler.feed(piece) if piece else None
            for step in session.receive(frame) if frame else ():
                match step:
                    case ("send", answer):
                        await self._send_frame(link, answer)
        self.established = True
        self._sink.link_up(self.device_id)
        self._watch.proved()

    def _check_end(self, lost: str) -> None:
        if self._gone:
            raise Ended(lost)
        if self._leave:
            raise Ended(self._leave)

    async def _sync(self, link: Link, session: Session) -> None:
        expected = self._sink.expected(self.device_id)
        sync = Sync(
            lambda epoch: self._sink.last_known(self.device_id, epoch),
            self._sink.time_fields,
            kind=self._kind,
            log=expected.log,
            tolerance_s=self._times.clock_tolerance_s,
        )
        self._poll_at = asyncio.get_running_loop().time() + self._times.poll_s
        await self._carry_out(link, session, sync, sync.start())
        for parameter, value in expected.parameters.items():
            command = set_parameter(parameter, value)
            await self._carry_out(link, session, sync, sync.command(_OWN, command))
        self._schedule_changed = KINDS[self._kind].schedule
        while True:
            if self._schedule_changed:
                self._schedule_changed = False
                schedule = self._sink.schedule_to_send(self.device_id)
                if schedule:
                    await self._carry_out(link, session, sync, sync.put_schedule(*schedule))
            for token, command in self._orders.new():
                await self._carry_out(link, session, sync, sync.command(token, command))
            for actions in await self._next(session, sync):
                await self._carry_out(link, session, sync, actions)

    async def _next(self, session: Session, sync: Sync) -> list[list[Action]]:
        """Wait for a piece, an answer's time-out or the next poll; what follows from it."""
        loop = asyncio.get_running_loop()
        until = self._poll_at
        if sync.waiting_for is not None:
            until = min(until, self._answer_by)
        try:
            async with asyncio.timeout_at(until):
                piece = await self._pieces.get()
        except TimeoutError:
            return [self._overdue(sync, loop.time())]
        self._check_end("the link was lost")
        frame = self._reassembler.feed(piece) if piece else None
        if frame is None:
            return []
        follows = []
        for step in session.receive(frame):
            match step:
                case ("gap",):
                    follows.append(sync.lost())
                case ("message", message):
                    self._answer_by = loop.time() + self._times.answer_s  # it is talking
                    follows.append(sync.receive(message))
        return follows

    def _overdue(self, sync: Sync, now: float) -> list[Action]:
        waiting_for = sync.waiting_for
        if waiting_for is not None and now >= self._answer_by:
            self._waiting_for = None  # asked again under the same number: a new time-out
            return sync.timeout(waiting_for)
        if now >= self._poll_at:
            self._poll_at = now + self._times.poll_s
            return sync.poll()
        return []

    async def _carry_out(
        self, link: Link, session: Session, sync: Sync, actions: list[Action]
    ) -> None:
        """Do Sync's actions in order; a commit's consequences come after the rest."""
        todo = list(actions)
        while todo:
            action = todo.pop(0)
            if action[0] == "send":
                sending = asyncio.create_task(self._send_frame(link, session.seal(action[1])))
                try:
                    if todo and todo[0][0] == "commit":
                        await _let_begin()
                        todo += self._commit(sync, todo.pop(0))
                finally:
                    await sending
            elif action[0] == "commit":
                todo += self._commit(sync, action)
            else:
                self._tell(action)
        if sync.waiting_for != self._waiting_for:
            self._waiting_for = sync.waiting_for
            self._answer_by = asyncio.get_running_loop().time() + self._times.answer_s
        resting = self._all_is_here and sync.waiting_for is None and not self._schedule_changed
        if resting != self._resting:
            self._resting = resting
            self._watch.rests(resting=resting)

    def _commit(self, sync: Sync, action: Action) -> list[Action]:
        if action[0] != "commit":
            return []
        self._sink.commit(self.device_id, action[1], action[2])
        return sync.committed(action[1], action[2][-1].seq)

    def _tell(self, action: Action) -> None:
        match action:
            case ("answered", token, answer):
                self._answered(token, answer)
            case ("caught_up", state):
                self._all_is_here = True
                self._sink.caught_up(self.device_id, state)
            case ("schedule_confirmed", version, crc):
                self._sink.schedule_on_box(self.device_id, version, crc)
            case ("time_set",):
                self._sink.clock_set(self.device_id)
            case ("gap", epoch, first, last):
                why = f"records {first}–{last} of log {epoch:08x} are lost for good on the device"
                self._sink.trouble(self.device_id, why)
            case ("refused", kind, code):
                why = f"the device refused {m.TABLE[kind][0]} with code {code}"
                self._sink.trouble(self.device_id, why)
            case ("rests", seconds):
                self._sink.rests(self.device_id, seconds)
                raise Ended(f"the device rests for {seconds} s", rests_s=seconds)
            case ("failed", why):
                raise Ended(why)

    def _answered(self, token: int, answer: Answer) -> None:
        if token != _OWN:
            self._orders.answered(token, answer)
        elif not answer.ok:
            why = f"the device did not take its parameters: code {answer.code}"
            self._sink.trouble(self.device_id, why)

    async def _send_frame(self, link: Link, frame: bytes) -> None:
        for piece in fragment(frame, link.room_bytes):
            await link.write(piece)


async def _let_begin() -> None:
    """Let a write that was just started reach the radio before the disk takes this thread."""
    for _ in range(_STEPS_TO_RADIO):
        await asyncio.sleep(0)
