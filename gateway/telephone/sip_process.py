"""baresip, alone in a process: what it breaks it breaks here, and the gateway starts it again.

Knows: baresip's runtime, accounts and registration; the lines of said.py on its standard input and
output. May not know: the gateway, conversations, facts.

    python -m gateway.telephone.sip_process        (started by gateway.telephone.sip)
"""

from __future__ import annotations

import asyncio
import base64
import contextlib
import os
import sys
import traceback
from collections.abc import Callable
from typing import Any

from baresip.call import Call
from baresip.config import Account, Config
from baresip.errors import BaresipError, RegistrationError
from baresip.events import Event, StackEvent
from baresip.runtime import Runtime
from baresip.ua import UserAgent

from gateway.calls.line import Heard, LineDown, NotOpened
from gateway.telephone import outcome, said
from gateway.telephone.said import SipAccount
from gateway.telephone.sip_call import SipCall

_REGISTER_S = 300  # how long a registration holds
_AGAIN_S = (5, 10, 20, 40, 60)
_UNHEARD = 10  # so often nothing came back: the network may be another than at the start
_SOUND_GONE_S = 300  # longer than any conversation lets her be silent: that is not the line's
_STRANGERS = 4  # who call us take no line of ours while they are turned away
_DEAD = 3  # exit status: the stack died


def config(account: SipAccount, lines: int) -> Config:
    """The stack's settings. TLS servers are always checked."""
    extra = f"sip_cafile {account.authorities}\n" if account.authorities else ""
    if not account.authorities and account.transport == "tls":
        extra = "sip_capath /etc/ssl/certs\n"
    return Config(
        net_interface=account.interface or None,
        max_concurrent_calls=lines + _STRANGERS,
        rtp_timeout=_SOUND_GONE_S,
        extra_config_text=extra + "sip_verify_server yes\ndns_getaddrinfo yes\n",
    )


def identity(account: SipAccount) -> Account:
    """The account as the stack wants it."""
    return Account(
        user=account.user,
        domain=account.domain,
        password=account.password or "",
        registrar=f"{account.server};transport={account.transport}",
        reg_interval=_REGISTER_S if account.password is not None else 0,
        transport=account.transport,  # type: ignore[arg-type]  # the configuration allows no other
        extra_params=("mediaenc=srtp-mand",) if account.media_encrypted else (),
    )


class Exchange:
    """The stack with its one account and its open calls."""

    def __init__(self, account: SipAccount, lines: int, output: int) -> None:
        """`output`: the descriptor that lines are written to."""
        self._account = account
        self._lines = lines
        self._output = output
        self._runtime = Runtime()
        self._agent: UserAgent | None = None
        self._down = "" if account.password is None else "the telephone account is not registered"
        self._calls: dict[int, SipCall] = {}
        self._awaited: set[int] = set()  # being dialled
        self._unwanted: set[int] = set()  # of these
        self._by_handle: dict[int, SipCall] = {}
        self._dialling = 0
        self._early: list[StackEvent] = []  # of calls that are being dialled
        self._tasks: set[asyncio.Task[None]] = set()

    async def start(self) -> None:
        """Bring the stack up; registration goes on by itself."""
        self._runtime.on_dead = _die  # type: ignore[assignment]  # None until somebody says what
        await self._runtime.start(config(self._account, self._lines))
        self._agent = await UserAgent.create(
            self._runtime, identity(self._account), transfer_policy="reject"
        )
        self._agent.on_incoming(lambda call: self._spawn(_turn_away(call)))
        self._runtime.subscribe(self._on_event)
        self._spawn(self._beat())
        if self._account.password is not None:
            self._spawn(self._register(self._agent))

    async def close(self) -> None:
        """Hang up and leave."""
        for call in list(self._calls.values()):  # each that ends goes from the table
            await call.hang_up()
        for task in list(self._tasks):
            task.cancel()
        await self._runtime.close()

    def obey(self, order: dict[str, Any]) -> None:
        """One line of the gateway's."""
        call_id, call = order.get("call", 0), self._calls.get(order.get("call", 0))
        match order.get("do"):
            case "dial":
                self._awaited.add(call_id)
                self._spawn(self._dial(call_id, order))
            case "play" if call is not None:
                call.play(order["sounds"])
            case "hang_up" if call is not None:
                self._spawn(call.hang_up())
            case "hang_up" if call_id in self._awaited:
                self._unwanted.add(call_id)  # its dialling has not come so far

    def _spawn(self, work: Any) -> None:  # noqa: ANN401  # a coroutine of anything
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._done)

    def _done(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and task.exception() is not None:
            traceback.print_exception(task.exception())
            _die()  # half alive is worse than dead: the gateway starts it again

    def _say(self, **words: object) -> None:
        os.write(self._output, said.line(words))

    # --- the account ----------------------------------------------------------------------------

    async def _beat(self) -> None:
        """As long as the stack's own thread answers; when it does not, the process ends."""
        while True:
            await self._runtime.set_native_log_level("warning")  # any order that it has to answer
            self._say(beat=self._down)
            await asyncio.sleep(said.BEAT_MS / 1000)

    async def _register(self, agent: UserAgent) -> None:
        """Until it is; once it is, the stack renews it and says when that fails."""
        tries = 0
        while True:
            try:
                if self._down:
                    await agent.register()
                    self._now("")
                tries = 0
            except RegistrationError as error:
                self._now(f"the telephone account cannot register: {error}")
                tries += 1
                if tries >= _UNHEARD and error.status is None and not self._calls:
                    _die()
            await asyncio.sleep(_AGAIN_S[min(tries, len(_AGAIN_S) - 1)])

    def _on_event(self, event: StackEvent) -> None:
        if event.call:
            self._on_call(event)
        elif event.event is Event.REGISTER_OK:
            self._now("")
        elif event.event is Event.REGISTER_FAIL:
            self._now(f"the telephone account cannot register: {event.text}")

    def _on_call(self, event: StackEvent) -> None:
        call = self._by_handle.get(event.call)
        if call is not None:
            call.on_event(event)
        elif self._dialling:
            self._early.append(event)
        if event.event is Event.CALL_CLOSED:
            self._by_handle.pop(event.call, None)
        if not self._dialling:
            self._early.clear()

    def _now(self, down: str) -> None:
        if down != self._down:
            self._down = down
            self._say(beat=down)

    # --- calls ----------------------------------------------------------------------------------

    async def _dial(self, call_id: int, order: dict[str, Any]) -> None:
        opened = await self._opened(call_id, order)
        self._awaited.discard(call_id)
        self._unwanted.discard(call_id)
        if not isinstance(opened, SipCall):
            self._calls.pop(call_id, None)
            self._say(call=call_id, **said.of_unopened(opened))
            return
        self._say(call=call_id, **{"is": "open"})
        try:
            await opened.run()
        finally:
            del self._calls[call_id]

    async def _opened(self, call_id: int, order: dict[str, Any]) -> SipCall | NotOpened:
        if self._agent is None:
            return LineDown("the telephone stack is not up")
        self._dialling += 1
        try:
            address = outcome.target(order["number"], self._account.domain)
            ringing = await self._agent.dial(address)
        except (BaresipError, ValueError) as error:
            return LineDown(str(error))
        else:
            call = self._adopt(call_id, ringing, record=bool(order.get("record")))
        finally:
            self._dialling -= 1
        if call_id in self._unwanted:
            await call.hang_up()
        return await call.answered(order["ring_ms"] / 1000) or call

    def _adopt(self, call_id: int, ringing: Call, *, record: bool) -> SipCall:
        """The library hands a call over one turn of the loop after its first events: those too."""
        keep = self._keeper(call_id) if record else None
        call = SipCall(ringing, self._teller(call_id), keep)
        self._calls[call_id] = self._by_handle[ringing.handle] = call
        for event in self._early:
            if event.call == ringing.handle:
                call.on_event(event)
        return call

    def _teller(self, call_id: int) -> Callable[[Heard], None]:
        return lambda heard: self._say(call=call_id, **said.of_heard(heard))

    def _keeper(self, call_id: int) -> Callable[[bytes], None]:
        def keep(pcm: bytes) -> None:
            self._say(call=call_id, pcm=base64.b64encode(pcm).decode())

        return keep


async def _turn_away(stranger: Call) -> None:
    with contextlib.suppress(BaresipError):  # a scanner gives up in the same breath: it is gone
        await stranger.reject()


def _die() -> None:
    os._exit(_DEAD)


async def main() -> None:
    """The account first, then orders until the gateway closes the pipe or is gone."""
    output = os.dup(1)
    os.dup2(2, 1)  # what a library prints must not stand among the lines
    loop = asyncio.get_running_loop()
    reader = asyncio.StreamReader(limit=said.LINE_BYTES)
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    first = said.read(await reader.readline())
    if not first:
        return
    exchange = Exchange(SipAccount(**first["account"]), first["lines"], output)
    await exchange.start()
    async for raw in reader:
        exchange.obey(said.read(raw))
    await exchange.close()


if __name__ == "__main__":
    asyncio.run(main())
