"""One open SIP call: sentences go out, digits and voices come in.

Knows: a baresip call. May not know: accounts, pipes, what is said.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Sequence

from baresip.call import Call
from baresip.errors import AudioNotActive, AudioRestarted, BaresipError
from baresip.events import Event, StackEvent

from gateway.calls.line import (
    PCM_RATE_HZ,
    Digit,
    Ended,
    Heard,
    LineDown,
    NotOpened,
    Played,
    Speech,
)
from gateway.telephone import outcome
from gateway.telephone.digits import Digits, Pulse
from gateway.telephone.sound import SoundError, pcm_of
from gateway.telephone.speech import Ear

_LOOK_S = 0.04
_LOOKS = 25  # for sound to be there once the call is answered
_AHEAD_BYTES = PCM_RATE_HZ * 2 * 200 // 1000
"""So much is handed over ahead of time: after a digit the sentence goes on for so long at most."""
_ECHO_BYTES = PCM_RATE_HZ * 2 * 300 // 1000
_READ_BYTES = PCM_RATE_HZ * 2  # a second
_DEAF_S = 30.0
DEAF = "no sound comes in: look at the router (NAT, a firewall)"
_HERS = "Connection reset by peer"
"""How the stack says that the other side hung up; whatever else it says was no hand of hers."""


class SipCall:
    """`tell` is given all that is heard, `keep` what is to be recorded (None: nothing is)."""

    def __init__(
        self, call: Call, tell: Callable[[Heard], None], keep: Callable[[bytes], None] | None
    ) -> None:
        """The call may still be ringing; nothing is played before it is open."""
        self._call = call
        self._tell = tell
        self._keep = keep
        self._digits = Digits()
        self._pulse = Pulse()
        self._ear = Ear()
        self._sound = b""
        self._playing = False
        self._deaf_bytes = 0
        self._why = ""
        self._over = asyncio.Event()
        self._answered: asyncio.Future[NotOpened | None] = (
            asyncio.get_running_loop().create_future()
        )
        self._rang = False
        self._sound_came = False

    def play(self, sounds: Sequence[str]) -> None:
        """These from now on; a file that cannot be played ends the call and says why."""
        try:
            self._sound, self._playing = pcm_of(sounds), True
        except SoundError as error:
            self._why = str(error)
            self._over.set()

    async def answered(self, ring_s: float) -> NotOpened | None:
        """Let it ring for so long: None once it is open, with sound both ways."""
        try:
            unopened = await asyncio.wait_for(self._answered, ring_s)
        except TimeoutError:
            unopened = outcome.of_patience(rang=self._rang)
        if unopened is None and not await self._sounds():
            unopened = LineDown("the provider agrees to no sound that we may use")
        if unopened is not None:
            await self.hang_up()
        return unopened

    async def _sounds(self) -> bool:
        """An exchange may answer without a key or a codec that we want."""
        for _ in range(_LOOKS):
            with contextlib.suppress(AudioNotActive):
                if self._call.audio.info().tx_ready:
                    return True
            await asyncio.sleep(_LOOK_S)
        return False

    async def run(self) -> None:
        """Carry sound both ways until the call is over."""
        deaf_ms = _now_ms() + _DEAF_S * 1000
        while not self._over.is_set():
            self._pulse.beats(_now_ms())
            with contextlib.suppress(AudioNotActive, AudioRestarted):
                self._carry()
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._over.wait(), _LOOK_S)
            if not self._sound_came and _now_ms() > deaf_ms and not self._over.is_set():
                self._why = DEAF
                self._over.set()
        await self.hang_up()
        self._tell(Ended(self._why))

    async def hang_up(self) -> None:
        """End the call, also one that rings or is over."""
        self._over.set()
        with contextlib.suppress(BaresipError):
            await self._call.hangup()

    def _carry(self) -> None:
        pcm = self._call.audio.read(_READ_BYTES)
        if pcm and self._keep is not None:
            self._keep(pcm)
        if not self._playing:
            self._listen(pcm)
            return
        self._deaf_bytes = _ECHO_BYTES
        ahead = self._call.audio.info().tx_buffered
        if self._sound:
            room = max(0, _AHEAD_BYTES - ahead) // 2 * 2
            self._sound = self._sound[self._call.audio.write(self._sound[:room]) :]
        elif not ahead:
            self._playing = False
            self._tell(Played())

    def _listen(self, pcm: bytes) -> None:
        """While a sentence is played, and shortly after, what comes back is its echo: no voice."""
        echo = min(len(pcm), self._deaf_bytes)
        self._deaf_bytes -= echo
        if self._ear.hears(pcm[echo:]):
            self._tell(Speech())

    def on_event(self, event: StackEvent) -> None:
        """What the stack tells of this call."""
        now_ms = _now_ms()
        if event.event in {Event.CALL_RINGING, Event.CALL_PROGRESS}:
            self._rang = True
        elif event.event is Event.CALL_ESTABLISHED:
            self._opened(None)
        elif event.event is Event.CALL_RTPESTAB:
            self._sound_came = True
        elif event.event is Event.CALL_DTMF_START:
            held_up = self._pulse.held_up(now_ms)
            self._pressed(self._digits.begins(event.text or "", now_ms, held_up=held_up))
        elif event.event is Event.CALL_DTMF_END:
            self._pressed(self._digits.ends(now_ms))
        elif event.event is Event.CALL_CLOSED:
            self._opened(outcome.of_closing(event.text or "", rang=self._rang))
            if not (self._over.is_set() or (event.text or "").startswith(_HERS)):
                self._why = event.text or ""
            self._over.set()

    def _pressed(self, key: str | None) -> None:
        if key is not None:
            self._sound, self._playing = b"", False
            self._tell(Digit(key))

    def _opened(self, unopened: NotOpened | None) -> None:
        if not self._answered.done():
            self._answered.set_result(unopened)


def _now_ms() -> int:
    return int(asyncio.get_running_loop().time() * 1000)
