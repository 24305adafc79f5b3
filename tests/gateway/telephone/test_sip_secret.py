"""TLS and SRTP: a provider that cannot be trusted, or sound in the clear, is no line."""

from __future__ import annotations

import asyncio
import contextlib
import ssl
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from gateway.calls.line import Digit
from tests.certificate import certificate
from tests.gateway.telephone import phones
from tools.home.sipp import Sipp, free_port
from tools.home.sipp_scenario import HangUp, Press, Step, Wait, answers

SEEN = ("-trace_msg", "-message_file", "seen")
STEPS: list[Step] = [Wait(50), Press("9"), Wait(100), HangUp()]


@contextlib.asynccontextmanager
async def tls_before(called: Sipp, context: ssl.SSLContext) -> AsyncIterator[str]:
    """A TLS server that hands everything to SIPp, which has no TLS itself; its address."""
    own = f"{called.address};transport=TCP".encode()

    async def carry(source: asyncio.StreamReader, to: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError):
            while piece := await source.read(1 << 16):
                to.write(piece.replace(own, f"{address};transport=tls".encode()))  # its Contact
        to.close()

    async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there_reader, there = await asyncio.open_connection("127.0.0.1", called.port)
        await asyncio.gather(carry(reader, there), carry(there_reader, writer))

    server = await asyncio.start_server(connected, "127.0.0.1", ssl=context)
    address = f"localhost:{server.sockets[0].getsockname()[1]}"
    try:
        yield address
    finally:
        server.close()


async def heard_by_tls(folder: Path, authorities: str) -> object:
    """What comes of a call through TLS, checked against `authorities`."""
    called = Sipp(folder, answers(STEPS, folder), "-t", "t1", *SEEN)
    async with called, tls_before(called, certificate(folder, "localhost")) as server:
        account = phones.account(server, transport="tls", authorities=authorities)
        async with phones.line_of(account) as line:
            call = await line.dial(phones.NUMBER, 2_000)
            return await call.heard(phones.PATIENCE_MS) if hasattr(call, "heard") else call


@pytest.mark.long
def test_a_call_through_tls(tmp_path: Path) -> None:
    """With a certificate that is trusted the call goes as any other."""
    assert phones.run(heard_by_tls(tmp_path, str(tmp_path / "ca.pem"))) == Digit("9")


@pytest.mark.long
def test_a_provider_nobody_vouches_for_is_a_dead_line(tmp_path: Path) -> None:
    """A certificate of one's own making is no certificate: no number is said to that server."""
    assert phones.is_dead(phones.run(heard_by_tls(tmp_path, "")))
    assert (tmp_path / "seen").read_bytes() == b""


SECRET_TELEPHONE = """
import asyncio, sys
from baresip import Account, Config, Runtime, UserAgent
async def main():
    runtime = Runtime()
    listen = f"sip_listen 127.0.0.1:{sys.argv[1]}\\n"
    await runtime.start(Config(net_interface="127.0.0.1", extra_config_text=listen))
    me = Account("01012345678", "127.0.0.1", "", reg_interval=0,
                 extra_params=("mediaenc=srtp-mand",))
    agent = await UserAgent.create(runtime, me)
    async def answer(call):
        await call.answer()
        await asyncio.sleep(0.3)
        await call.send_dtmf("9")
    agent.on_incoming(lambda call: asyncio.ensure_future(answer(call)))
    print("up", flush=True)
    await asyncio.sleep(30)
asyncio.run(main())
"""


@pytest.mark.long
def test_a_call_whose_sound_is_secret() -> None:
    """With keys agreed on, sound and digits go both ways (RFC 3711; another baresip answers)."""

    async def call() -> object:
        port = free_port()
        argv = (sys.executable, "-c", SECRET_TELEPHONE, str(port))
        called = await asyncio.create_subprocess_exec(*argv, stdout=asyncio.subprocess.PIPE)
        try:
            assert called.stdout is not None
            await called.stdout.readline()
            account = phones.account(f"127.0.0.1:{port}", media_encrypted=True)
            async with phones.line_of(account) as line:
                return await (await phones.opened(line)).heard(phones.PATIENCE_MS)
        finally:
            called.kill()
            await called.wait()

    assert phones.run(call()) == Digit("9")


@pytest.mark.long
def test_sound_in_the_clear_is_no_call_where_it_is_to_be_secret(tmp_path: Path) -> None:
    """With SRTP wanted, keys are offered; an exchange that answers without them gets no call."""

    async def call() -> object:
        called = Sipp(tmp_path, answers(STEPS, tmp_path), *SEEN)
        async with called:
            account = phones.account(called.address, media_encrypted=True)
            async with phones.line_of(account) as line:
                return await line.dial(phones.NUMBER, 2_000)

    assert phones.is_dead(phones.run(call()))
    offer = (tmp_path / "seen").read_text(encoding="utf-8")
    assert "RTP/SAVP " in offer
    assert "a=crypto:" in offer
