"""What the modem tests share: the gateway's modem running on a virtual modem, and a time limit.

Knows: how to begin and end both ends on a pty. May not know: what any test expects.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from gateway.modem import ReportState, Seen
from gateway.modem.modem import Modem
from gateway.modem.pdu import StatusReport
from gateway.modem.setup import Patience
from tools.home.gsm import Carrier, VirtualModem

GUARDIAN = "+821012345678"
SHORT = "어머니가 저녁 약을 드시지 않았습니다. 답장 1 = 제가 갑니다. (12)"
LONG = "가" * 66 + "😀" + "나" * 20
QUICK = Patience(
    command_ms=700,
    prompt_ms=700,
    submit_ms=900,
    heartbeat_ms=200,
    reopen_ms=50,
    awake_ms=300,
    settle_ms=20,
    line_low_ms=200,
)
GENEROUS_S = 30


class WallClock:
    def now_ms(self) -> int:
        return time.time_ns() // 1_000_000


@dataclass
class Home:
    """Both ends and what was heard."""

    modem: Modem
    virtual: VirtualModem
    carrier: Carrier
    texts: list[tuple[str, str, int, str]] = field(default_factory=list)
    reports: list[tuple[int, ReportState]] = field(default_factory=list)
    states: list[str | None] = field(default_factory=list)
    seen: list[Seen] = field(default_factory=list)

    async def until(self, condition: Callable[[], bool]) -> None:
        async with asyncio.timeout(GENEROUS_S):
            while not condition():  # noqa: ASYNC110 - what is waited for lies in many places
                await asyncio.sleep(0.005)


@asynccontextmanager
async def running_home(
    folder: Path,
    *,
    keep: Callable[[str], None] = lambda _body: None,
    pin_file: Path | None = None,
    prepare: Callable[[VirtualModem], None] = lambda _modem: None,
    configured: Callable[[Path], Path] = lambda link: link,
) -> AsyncIterator[Home]:
    """A running modem on a running virtual modem; everything ended afterwards.

    `configured`: from the link that leads to its tty to the path that the gateway is given.
    """
    carrier = Carrier(answer_s=0.01, delay_s=0.01, report_s=0.01)
    virtual = VirtualModem(folder / "tty", carrier, sound=folder / "sound")
    prepare(virtual)
    await virtual.start()

    async def on_text(sender: str, body: str, sent_ms: int, key: str) -> None:
        keep(body)
        home.texts.append((sender, body, sent_ms, key))

    async def on_report(report: StatusReport) -> None:
        home.reports.append((report.reference, report.state))

    modem = Modem(
        str(configured(folder / "tty")),
        WallClock(),
        on_text,
        on_report,
        lambda why: home.states.append(why),  # noqa: PLW0108 - `home` is made after it
        on_seen=lambda seen: home.seen.append(seen),  # noqa: PLW0108 - as above
        pin_file=pin_file,
        patience=QUICK,
    )
    home = Home(modem, virtual, carrier)
    running = asyncio.create_task(modem.run())
    try:
        yield home
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
        await virtual.stop()
        await carrier.stop()


def run(story: Callable[[], Awaitable[None]]) -> None:
    """Run a story with a time limit, and look for descriptors left behind."""
    before = len(list(Path("/proc/self/fd").iterdir()))

    async def limited() -> None:
        async with asyncio.timeout(GENEROUS_S * 2):
            await story()

    asyncio.run(limited())
    assert len(list(Path("/proc/self/fd").iterdir())) <= before


async def ready(home: Home) -> None:
    async with asyncio.timeout(GENEROUS_S):
        await home.modem.wait_ready()
