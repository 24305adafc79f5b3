"""A gateway's modem, the virtual modem and a guardian's phone, in a time of their own.

Knows: how both ends are joined in memory, and how a text is sent until it is gone.
May not know: which faults there are.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from gateway.channels import Outcome, Submitted, Text, Unsure
from gateway.channels.sms import SmsChannel
from gateway.events import Event
from gateway.modem.modem import Modem
from gateway.sources.replies import Bearer, Replies
from tools.home.gsm import Carrier, MemoryWire, VirtualModem

GUARDIAN = "+821012345678"
MARK = "[다시] "
STARTS_MS = 1_800_000_000_000
ANSWER_S, DELAY_S, REPORT_S, BOOT_S = 2.0, 2.0, 1.0, 10.0
PAUSE_S = 1.0


def body_of(text_id: int) -> str:
    """What a text says."""
    return f"어머니가 저녁 약을 드시지 않았습니다. 답장 1 = 제가 갑니다. ({text_id})"


class World:
    """Both ends, and all that was seen, with the second it was seen at."""

    def __init__(self) -> None:
        """Nothing runs yet. Needs a running loop."""
        self._loop = asyncio.get_running_loop()
        self.carrier = Carrier(
            answer_s=ANSWER_S, delay_s=DELAY_S, report_s=REPORT_S, now_ms=self.now_ms
        )
        self.wire = MemoryWire()
        self.sound = MemoryWire()
        self.virtual = VirtualModem(self.wire, self.carrier, sound=self.sound)
        self.virtual.boot_s = BOOT_S
        self.states: list[tuple[float, str | None]] = []
        self.facts: list[tuple[float, Event]] = []
        self.outcomes: list[Outcome] = []
        self._bearers: list[Bearer] = []
        replies = Replies(self._fact, self._bearing, self.now_ms)
        self.modem = Modem(
            "the modem",
            self,
            replies.on_text,
            replies.on_report,
            lambda why: self.states.append((self.now_s(), why)),
            open_port=self.wire.open,
        )
        self._channel = SmsChannel(self.modem)

    def now_s(self) -> float:
        """Seconds since the world began."""
        return self._loop.time()

    def now_ms(self) -> int:
        """The same as the time of day."""
        return STARTS_MS + round(self.now_s() * 1000)

    async def send(self, text_id: int = 1) -> int:
        """Send a text as the outbox does, until the network took it; how many tries it cost.

        Where an answer got lost, it is sent once more, marked; a second loss is left at that.
        """
        losses = 0
        for tries in range(1, 100):
            await self.modem.wait_ready()
            body = MARK + body_of(text_id) if losses else body_of(text_id)
            outcome = await self._channel.send(Text(text_id, GUARDIAN, body))
            self.outcomes.append(outcome)
            losses += isinstance(outcome, Unsure)
            if isinstance(outcome, Submitted):
                at_ms = outcome.first_pdu_ms
                self._bearers.append(Bearer(text_id, GUARDIAN, outcome.references, at_ms))
            if isinstance(outcome, Submitted) or losses > 1:
                return tries
            await asyncio.sleep(PAUSE_S)
        raise RuntimeError(f"the text never went: {self.outcomes[-1]}")

    @property
    def on_the_phone(self) -> list[str]:
        """What the guardian sees."""
        return [text.body for text in self.carrier.handset(GUARDIAN).inbox]

    def _bearing(self, reference: int) -> list[Bearer]:
        return [bearer for bearer in self._bearers if reference in bearer.references]

    def _fact(self, fact: Event) -> None:
        self.facts.append((self.now_s(), fact))


@asynccontextmanager
async def running() -> AsyncIterator[World]:
    """A world in which the modem is ready."""
    world = World()
    await world.virtual.start()
    running_modem = asyncio.create_task(world.modem.run())
    try:
        await world.modem.wait_ready()
        yield world
    finally:
        running_modem.cancel()
        await asyncio.gather(running_modem, return_exceptions=True)
        await world.virtual.stop()
        await world.carrier.stop()
