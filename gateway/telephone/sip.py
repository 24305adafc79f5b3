"""The telephone line by SIP: keeps the stack's process alive and speaks with it.

Knows: a process, its lines (said.py), how long to wait before the next start. May not know: SIP,
what is asked in a call.

The stack is a C library in its first versions: whatever happens to it happens in a process of its
own. When that dies every call under way ends with why, and the line is down until it is up again.
"""

from __future__ import annotations

import asyncio
import base64
import contextlib
import dataclasses
import importlib.util
import os
import sys
import tempfile
from collections.abc import Callable, Sequence
from typing import Any

from gateway.calls.line import RECORDED_MOST_BYTES, Ended, Heard, LineDown, NotOpened, OpenCall
from gateway.telephone import said
from gateway.telephone.said import SipAccount

_AGAIN_S = (1, 2, 4, 8, 16, 32, 60)
_GOOD_S = 60.0  # a process that lived so long is started again at once
_CLOSE_S = 5.0
_GRACE_MS = 10_000  # beyond the ringing: the process must have said something by then
_STARTING = "the telephone stack is starting"
_STACK = "baresip"
_LACKING = (
    "the telephone stack is not installed: "
    "python -m pip install -c constraints.txt -e '.[calls]' where the gateway is installed from"
)


def _sound(words: dict[str, Any]) -> bytes:
    """What is to be recorded; nothing where a line brings none."""
    try:
        return base64.b64decode(words.get("pcm", ""))
    except (ValueError, TypeError):
        return b""


class SipCall:
    """A call of SipLine, as gateway.calls.line.OpenCall says."""

    def __init__(self, order: Callable[..., None]) -> None:
        """`order(do=…)` reaches the process for this call."""
        self._order = order
        self._heard: asyncio.Queue[Heard] = asyncio.Queue()
        self._recorded = bytearray()
        self._ended: Ended | None = None
        self.over = asyncio.Event()

    async def play(self, sounds: Sequence[str]) -> None:
        """See OpenCall."""
        self._order(do="play", sounds=list(sounds))

    async def heard(self, patience_ms: int) -> Heard | None:
        """See OpenCall; after the end it is said again and again."""
        if self._ended is not None and self._heard.empty():
            return self._ended
        try:
            return await asyncio.wait_for(self._heard.get(), patience_ms / 1000)
        except TimeoutError:
            return None

    async def hang_up(self) -> bytes:
        """See OpenCall."""
        self._order(do="hang_up")
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self.over.wait(), _CLOSE_S)
        return bytes(self._recorded)

    def takes(self, words: dict[str, Any]) -> None:
        """A line of the process about this call."""
        if len(self._recorded) < RECORDED_MOST_BYTES:
            self._recorded += _sound(words)
        heard = said.heard(words)
        if heard is None or self._ended is not None:
            return
        if isinstance(heard, Ended):
            self._ended = heard
            self.over.set()
        self._heard.put_nowait(heard)


class SipLine:
    """n lines of one account, as gateway.calls.line.Line says. `start` first."""

    def __init__(
        self,
        account: SipAccount,
        lines: int,
        on_change: Callable[[str], None] = lambda _why: None,
        command: Sequence[str] = (sys.executable, "-m", "gateway.telephone.sip_process"),
    ) -> None:
        """`on_change(why)`: `down` is another now."""
        self._account = account
        self._lines = lines
        self._on_change = on_change
        self._command = command
        self._down = _STARTING
        self._process: asyncio.subprocess.Process | None = None
        self._keeper: asyncio.Task[None] | None = None
        self._next = 0
        self._calls: dict[int, SipCall] = {}
        self._dialling: dict[int, asyncio.Future[NotOpened | None]] = {}

    @property
    def down(self) -> str:
        """See Line."""
        return self._down

    @property
    def pid(self) -> int | None:
        """The process of the stack, None while there is none."""
        return self._process.pid if self._process else None

    async def start(self) -> None:
        """Bring the process up and keep it up; returns at once."""
        self._keeper = asyncio.create_task(self._keep())

    async def close(self) -> None:
        """See Line."""
        self._on_change = lambda _why: None  # its end is no news
        keeper, self._keeper = self._keeper, None
        if keeper is not None:
            keeper.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await keeper

    async def dial(
        self, number: str, ring_ms: int, *, record: bool = False
    ) -> OpenCall | NotOpened:
        """See Line."""
        if self._down:
            return LineDown(self._down)
        if len(self._calls) >= self._lines:
            return LineDown(f"all {self._lines} lines are taken")
        self._next += 1
        call_id = self._next
        call = SipCall(lambda **words: self._say(call=call_id, **words))
        answered: asyncio.Future[NotOpened | None] = asyncio.get_running_loop().create_future()
        self._calls[call_id], self._dialling[call_id] = call, answered
        self._say(call=call_id, do="dial", number=number, ring_ms=ring_ms, record=record)
        try:
            unopened = await asyncio.wait_for(answered, (ring_ms + _GRACE_MS) / 1000)
        except TimeoutError:
            self._say(call=call_id, do="hang_up")  # late is not never: nobody is rung for nothing
            unopened = LineDown("the telephone stack did not answer")
        except asyncio.CancelledError:
            self._say(call=call_id, do="hang_up")
            self._forget(call_id)
            raise
        if unopened is not None:
            self._forget(call_id)
            return unopened
        del self._dialling[call_id]
        return call

    # --- the process ----------------------------------------------------------------------------

    async def _keep(self) -> None:
        try:
            await self._live_again_and_again()
        finally:
            self._lost("the telephone line is closed")

    async def _live_again_and_again(self) -> None:
        tries = 0
        clock = asyncio.get_running_loop()
        while True:
            began_s = clock.time()
            why = await self._live()
            self._lost(why)
            tries = 0 if clock.time() - began_s >= _GOOD_S else tries + 1
            await asyncio.sleep(_AGAIN_S[min(tries, len(_AGAIN_S)) - 1] if tries else 0)

    async def _live(self) -> str:
        """One life of the process, with a folder for what it leaves lying; why it is over."""
        if importlib.util.find_spec(_STACK) is None:
            return _LACKING
        try:
            with tempfile.TemporaryDirectory(prefix="anbu-sip-") as folder:
                try:
                    return await self._live_in(folder)
                finally:
                    await self._end()
        except OSError as error:
            return f"the telephone stack cannot be started: {error}"

    async def _live_in(self, folder: str) -> str:
        process = self._process = await asyncio.create_subprocess_exec(
            *self._command,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            limit=said.LINE_BYTES,
            env={**os.environ, "TMPDIR": folder},
            start_new_session=True,  # Ctrl-C is the gateway's; this one ends with its pipe
        )
        self._say(account=dataclasses.asdict(self._account), lines=self._lines)
        output = process.stdout
        while output is not None:
            try:
                raw = await asyncio.wait_for(output.readline(), said.SILENT_MS / 1000)
            except (TimeoutError, ValueError):
                return "the telephone stack hung"
            if not raw:
                break
            self._take(said.read(raw))
        return f"the telephone stack ended ({await process.wait()})"

    async def _end(self) -> None:
        """Whatever was begun is over: by its pipe first, then by force."""
        process, self._process = self._process, None
        if process is None:
            return
        if process.stdin is not None:
            process.stdin.close()
        try:
            async with asyncio.timeout(_CLOSE_S):
                await process.communicate()
        except TimeoutError:
            process.kill()
            await process.wait()

    def _say(self, **words: object) -> None:
        if self._process is not None and self._process.stdin is not None:
            self._process.stdin.write(said.line(words))

    def _take(self, words: dict[str, Any]) -> None:
        if "beat" in words:
            self._now(said.reason(words["beat"]))
        call_id = words.get("call", 0)
        waiting = self._dialling.get(call_id)
        if "is" in words and waiting is not None and not waiting.done():
            waiting.set_result(said.unopened(words))
        elif call_id in self._calls:
            self._calls[call_id].takes(words)
            if self._calls[call_id].over.is_set():
                del self._calls[call_id]

    def _forget(self, call_id: int) -> None:
        self._dialling.pop(call_id, None)
        self._calls.pop(call_id, None)

    def _lost(self, why: str) -> None:
        """No call outlives its process."""
        self._now(why)
        for waiting in self._dialling.values():
            if not waiting.done():
                waiting.set_result(LineDown(why))
        for call in self._calls.values():
            call.takes(said.of_heard(Ended(why)))
        self._calls.clear()

    def _now(self, down: str) -> None:
        if down != self._down:
            self._down = down
            self._on_change(down)
