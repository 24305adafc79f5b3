"""The device's radio: one link at a time, one session a link, messages in and out.

Knows: pieces, frames, the session, the GATT server's events.
May not know: what a message means, the log, a clock (only how long to sleep).

Malformed input or a full heap ends the session by disconnecting, never the firmware. All of it
happens in `run`, so that frames are sealed and sent in one order. `off` and `on` are for a chip
that goes to sleep.
"""

import asyncio
import os

from micropython import const

from anbu_device.edge import gatt_server
from anbu_device.edge.gatt_server import GattServer
from anbu_device.edge.ticks import ticks_ms
from anbu_wire import gatt
from anbu_wire.errors import RemoteProtocolError
from anbu_wire.frame import Reassembler, fragment
from anbu_wire.session import DEVICE, NONCE_BYTES, Session

TYPE_CHECKING = False  # MicroPython has no typing
if TYPE_CHECKING:
    from collections.abc import Callable

    from bluetooth import BLE

_MTU_AT_FIRST = const(23)
_OUTBOX = const(8)  # pushed messages that may wait; the gateway asks for what was dropped
_TICK_S = const(15)
_TICKS_TO_ADVERTISE_AGAIN = const(4)  # a minute
_TICKS_TO_PROVE = const(4)  # who has not proved itself in a minute makes room for the gateway
# The gateway asks for the state each half minute. A session without a word of it for three minutes
# is held by somebody in between, who could let an old SET_TIME through whenever he likes.
_TICKS_OF_SILENCE = const(12)
_NOTIFY_TRIES = const(50)
_NOTIFY_PAUSE_MS = const(20)
_NOBODY = const(-1)
_LEAVE_LOOK_MS = const(20)
_LEAVE_LOOKS = const(50)  # a second for the last message to be sent …
_LET_GO_LOOKS = const(30)  # … of it for the gateway to hang up, which says that it arrived
_TICKS_MASK = const(0x3FFFFFFF)


def _no_answer(_message: bytes) -> "list[bytes]":
    return []


class Radio:
    """One device's radio.

    `hello` is gatt.encode_hello's value, `about` is (model, firmware, hardware). The message
    handler gets a message's bytes and returns the messages to answer with; a RemoteProtocolError
    from it ends the session.
    """

    def __init__(
        self,
        ble: "BLE",
        key: bytes,
        device_id: str,
        hello: bytes,
        about: "tuple[str, str, str]" = ("Anbu pill box", "1", "1"),
    ) -> None:
        self._server = GattServer(ble, hello, (about[0], about[1], about[2], device_id))
        self._key = key
        self._device_id = device_id
        self._kind = gatt.decode_hello(hello)[1]
        self._flags = gatt.CONNECT_PLEASE
        self._answer: "Callable[[bytes], list[bytes]]" = _no_answer
        self._session_began: "Callable[[], None] | None" = None
        self._progress: "Callable[[], None] | None" = None
        self._outbox: list[bytes] = []
        self._conn = _NOBODY
        self._mtu = _MTU_AT_FIRST
        self._session: "Session | None" = None
        self._reassembler = Reassembler()
        self._ticks = 0  # since the link began or ended
        self._heard_ticks_ms = 0  # the gateway's last frame
        self.is_on = True  # False between `off` and `on`
        self._started = False
        self.why_ended = ""  # what the last bad session was ended for

    def on_message(self, handler: "Callable[[bytes], list[bytes]]") -> None:
        """`handler(message) -> list of messages` is called for every message of the gateway."""
        self._answer = handler

    def on_session(self, handler: "Callable[[], None]") -> None:
        """`handler()` is called when a session is established, before its first message."""
        self._session_began = handler

    def on_progress(self, handler: "Callable[[], None]") -> None:
        """`handler()` is called whenever the radio's loop goes round, each 15 s at the least."""
        self._progress = handler

    @property
    def established(self) -> bool:
        """Whether an authenticated session stands."""
        return self._session is not None and self._session.established

    def push(self, message: bytes) -> None:
        """Sends a message nobody asked for, if a session stands; never waits."""
        if not self.established:
            return
        if len(self._outbox) >= _OUTBOX:
            self._outbox.pop(0)
        self._outbox.append(message)
        self._server.flag.set()

    def flags(self, flags: int) -> None:
        """Advertises these gatt flags (FAULT, PROVISIONING), from now on where nobody is linked."""
        flags |= gatt.CONNECT_PLEASE
        if flags != self._flags:
            self._flags = flags
            if self._started and self.is_on and self._conn == _NOBODY:
                self._server.advertise(flags)

    def battery(self, percent: int) -> None:
        """Shows this charge in the Battery service."""
        self._server.battery(percent)

    def address(self) -> bytes:
        """The six bytes of this radio's address, as they are printed."""
        return self._server.address()

    def shine(self, payload: bytes) -> None:
        """A payload for everybody in the advertisement's place; b"" ends it (edge/beacon.py)."""
        if not self.is_on:
            return
        if payload:
            self._server.broadcast(payload, self._conn == _NOBODY)  # linked: nobody else may
        elif self._conn == _NOBODY:
            self._server.advertise(self._flags)
        else:
            self._server.hush()

    def quiet_ms(self) -> int:
        """How long ago the gateway last said something in this session, -1 without a session."""
        if not self.established:
            return -1
        return (ticks_ms() - self._heard_ticks_ms) & _TICKS_MASK

    async def off(self, last: bytes) -> None:
        """Sends `last` as the session's last message, ends the link, switches the radio off."""
        self.is_on = False  # nobody is let in, nothing is advertised any more
        self.push(last)
        for look in range(_LEAVE_LOOKS):
            if self._conn == _NOBODY:
                break
            await asyncio.sleep_ms(_LEAVE_LOOK_MS)
            if look >= _LET_GO_LOOKS and not self._outbox:
                self._drop()
        self._server.stop()
        self._conn = _NOBODY
        self._session = None
        self._outbox = []

    def on(self) -> None:
        """Switches the radio on again: it advertises from now on."""
        self.is_on = True
        self._ticks = 0
        self._server.start(self._flags)

    async def run(self) -> None:
        """Serves the radio until cancelled."""
        self._server.start(self._flags)
        self._started = True
        watch = asyncio.create_task(self._watch())
        try:
            while True:
                await self._server.flag.wait()
                await self._work()
                self._goes_round()
        finally:
            watch.cancel()

    async def _watch(self) -> None:
        """Advertises again each minute while nobody is there; ends links that say nothing."""
        while True:
            await asyncio.sleep(_TICK_S)
            self._ticks += 1
            self._server.flag.set()  # the loop goes round: whoever feeds the watchdog must see it
            if not self.is_on:
                continue
            self._server.keep_only(self._conn)
            if self._conn == _NOBODY:
                if self._ticks >= _TICKS_TO_ADVERTISE_AGAIN:
                    self._ticks = 0
                    self._server.advertise(self._flags)
            elif self._ticks >= (_TICKS_OF_SILENCE if self.established else _TICKS_TO_PROVE):
                self._ticks = 0
                self._drop()

    def _goes_round(self) -> None:
        if self._progress is not None:
            self._progress()

    # --- the link ---

    async def _work(self) -> None:
        """Takes what the interrupt left, then sends what waits."""
        events = self._server.events
        while True:
            if events.overflow:  # somebody floods us: out, and whatever was lost with it
                events.overflow = False
                self._drop()
                self._server.keep_only(_NOBODY)
                self._ended()
            event = events.get()
            self._goes_round()
            if event is not None:
                await self._event(event)
            elif self._outbox and self.established:
                await self._send(self._outbox.pop(0))
            else:
                return

    async def _event(self, event: "tuple[int, int, int, bytes]") -> None:
        kind, conn, number, piece = event
        if kind == gatt_server.CONNECTED:
            if not self.is_on or (self._conn != _NOBODY and self._server.stands(self._conn)):
                self._server.disconnect(conn)  # one link at a time
                return
            self._conn = conn
            self._ticks = 0
            self._mtu = _MTU_AT_FIRST
            self._reassembler = Reassembler()
            self._session = Session(DEVICE, self._key, self._device_id, self._kind)
        elif conn != self._conn:
            return  # of a link that is over
        elif kind == gatt_server.DISCONNECTED:
            self._ended()
        elif kind == gatt_server.MTU:
            self._mtu = number
        else:
            await self._receive(piece)

    def _ended(self) -> None:
        self._conn = _NOBODY
        self._session = None
        self._outbox = []
        self._ticks = 0
        if self.is_on:
            self._server.advertise(self._flags)

    def _drop(self) -> None:
        """Ends the session and asks for the link's end; the disconnect event does the rest."""
        self._session = None
        if self._conn != _NOBODY and not self._server.disconnect(self._conn):
            self._ended()

    async def _receive(self, piece: bytes) -> None:
        session = self._session
        if session is None:
            return  # dropped: what still comes is not listened to
        try:
            frame = self._reassembler.feed(piece)
            if frame is None:
                return
            nonce = os.urandom(NONCE_BYTES) if session.needs_nonce else None
            for step in session.receive(frame, nonce):
                if session.established:
                    self._ticks = 0
                    self._heard_ticks_ms = ticks_ms()
                await self._step(step)
        except (RemoteProtocolError, MemoryError) as error:  # a heap in pieces: nothing worse
            self.why_ended = str(error)
            self._drop()

    async def _step(self, step: "tuple[str] | tuple[str, bytes]") -> None:
        if len(step) == 1:  # "established"; a device is never told "gap"
            if self._session_began is not None:
                self._session_began()
        elif step[0] == "send":
            await self._send_frame(step[1])
        else:
            for message in self._answer(step[1]):
                await self._send(message)

    async def _send(self, message: bytes) -> None:
        if self._session is not None and self._session.established:
            await self._send_frame(self._session.seal(message))

    async def _send_frame(self, frame: bytes) -> None:
        for piece in fragment(frame, self._mtu - gatt.ATT_HEADER_BYTES):
            if not await self._notify(piece):
                self._drop()
                return

    async def _notify(self, piece: bytes) -> bool:
        """Sends one piece; waits while NimBLE has no buffer for it. False = the link is gone."""
        for _ in range(_NOTIFY_TRIES):
            outcome = self._server.notify(self._conn, piece)
            if outcome != gatt_server.NO_ROOM:
                return outcome == gatt_server.SENT
            await asyncio.sleep_ms(_NOTIFY_PAUSE_MS)
        return False
