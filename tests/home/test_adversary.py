"""Somebody unauthorised on the virtual radio: learns nothing, is believed nothing, stops nothing.

Knows: the adversary's tools, the home of radio_home.py, what box and gateway would show.
"""

from __future__ import annotations

import asyncio
import os
import random
import signal
from pathlib import Path

from anbu_wire import gatt
from anbu_wire import messages as m
from anbu_wire.schedule import UTC, Schedule, encode_schedule, once
from anbu_wire.session import CHALLENGE, CONFIRM, GATEWAY, PROOF, SEALED, Session
from tests.home.adversary_home import nothing_happened
from tests.home.radio_home import DEVICE_ID, KEY, Home, home
from tools.home.adversary import Overheard, Sniffer, leaks
from tools.home.impostors import FalseBox, Stranger

EPOCH = 0xC0FFEE01  # of tests/home/radio_box
HELLO = gatt.encode_hello(m.PROTOCOL_VERSION, gatt.PILL_BOX, EPOCH, DEVICE_ID)
SCHEDULE = encode_schedule(
    Schedule(
        UTC,
        [
            once((9557 + day, index), 4 * day + index, 825_720_000 + day, (30, 60, 0))
            for day in range(7)
            for index in range(4)
        ],
    )
)


def _address(h: Home) -> str:
    return str(h.radio.controller.public_address).partition("/")[0]


def _stranger(h: Home, number: int = 1) -> Stranger:
    radio = h.air.add_radio(f"stranger {number}", f"66:66:66:00:00:{number:02X}")
    return Stranger(radio, _address(h))


async def _linked(stranger: Stranger) -> None:
    """On the air with the box; what a flood before left in its ring may cost the first links."""
    for _ in range(5):
        if await stranger.connect(timeout_s=10):  # ended before it was known, it never comes
            return
    raise AssertionError("the box takes no link")


def _record(seq: int) -> bytes:
    """What radio_box has under this number."""
    return m.encode_record(
        m.Record(seq, 1, seq * 1000, 0, 0, 0, m.OK_PRESSED, 0xFF, m.NO_SLOT, 0, seq)
    )


async def _one_session(h: Home, records: int) -> list[Overheard]:
    """A session of the true gateway, overheard."""
    sniffer = Sniffer(h.air.link)
    async with h.gateway():
        await h.until_synced(records)
    await h.until(lambda: not h.radio.controller.le_connections, "the gateway did not leave")
    assert {o.frame[0] for o in sniffer.frames} == {CHALLENGE, PROOF, CONFIRM, SEALED}
    return sniffer.frames


def test_a_listener_learns_nothing(tmp_path: Path) -> None:
    """No six bytes of any record, schedule entry or key are in all that was on the air."""

    async def story() -> None:
        async with home(tmp_path, records=40) as h:
            sniffer = Sniffer(h.air.link)
            h.sink.schedule = (7, SCHEDULE)
            async with h.gateway():
                await h.until_synced(40)
                h.box.push(5)
                await h.until_synced(45)
                await h.until(lambda: "schedule 7" in h.sink.said, "no schedule on the box")
            heard = sniffer.everything()
            secrets = [KEY, SCHEDULE, *(_record(seq) for seq in range(1, 46))]
            assert leaks(heard, secrets) == []
            assert leaks(heard, [HELLO]), "the listener is deaf"
            assert leaks(heard + SCHEDULE, [SCHEDULE]), "the listener would not notice"
            assert sum(o.frame[0] == SEALED for o in sniffer.frames) > 30

    asyncio.run(story())


def test_advertising_tells_nothing(tmp_path: Path) -> None:
    """Payload and pace are the same before and after events, links and a stranger's visit."""

    async def story() -> None:
        async with home(tmp_path, records=3) as h:
            sniffer = Sniffer(h.air.link)
            advertiser = h.radio.controller.le_legacy_advertiser
            paces = set()

            async def listen() -> None:
                start = len(sniffer.advertisements)
                await h.until(lambda: len(sniffer.advertisements) > start + 1, "it is silent")
                paces.add((advertiser.advertising_interval_min, advertiser.advertising_data))

            await listen()
            h.box.push(10)
            await listen()
            async with h.gateway():
                await h.until_synced(13)
            await listen()
            mallory = _stranger(h)
            await _linked(mallory)
            await mallory.say(bytes(40))
            assert await mallory.sent_away()
            await listen()
            assert {payload for _, _, payload in sniffer.advertisements} == {
                gatt.advertisement(gatt.CONNECT_PLEASE)
            }
            assert len(paces) == 1

    asyncio.run(story())


def test_replays_at_the_box(tmp_path: Path) -> None:
    """A whole session of the gateway played again, or parts of it, has no effect."""

    async def story() -> None:
        async with home(tmp_path, records=20) as h:
            written = [o.frame for o in await _one_session(h, 20) if o.from_gateway]
            mallory = _stranger(h)
            for frames in (written, written[2:], written[1:2], written[::-1]):
                await _linked(mallory)
                proofs = 0
                for frame in frames:
                    if not await mallory.say(frame):
                        break
                    if frame[0] == CHALLENGE:
                        proofs += await mallory.answered()
                assert await mallory.sent_away()
                assert all(frame[0] == PROOF for frame in mallory.frames)
                assert len(mallory.frames) == proofs
            nothing_happened(h, 20, sessions=1)

    asyncio.run(story())


def _forgeries(key: bytes) -> list[bytes]:
    """Frames of somebody who knows all but the key."""
    liar = Session(GATEWAY, key, DEVICE_ID, gatt.PILL_BOX)
    other_end = Session("device", key, DEVICE_ID, gatt.PILL_BOX)
    proof = other_end.receive(liar.start(bytes(16)), bytes(16))[0][1]  # type: ignore[misc]
    confirm = liar.receive(proof)[0][1]  # type: ignore[misc]
    return [confirm, liar.seal(m.encode(m.ACKNOWLEDGE, 1, EPOCH, 9))]


def test_a_gateway_without_the_key(tmp_path: Path) -> None:
    """Wrong proofs, sealed frames before the handshake and garbage end the link, nothing else."""

    async def story() -> None:
        chance = random.Random(8)
        challenge = bytes((CHALLENGE, m.PROTOCOL_VERSION)) + bytes(16)
        confirm, sealed = _forgeries(bytes(16))
        tries = [
            [challenge, confirm, sealed],
            [challenge, bytes((CONFIRM,)), sealed],
            [challenge, challenge],
            [challenge, sealed],
            [sealed],
            [confirm],
            [bytes((PROOF, m.PROTOCOL_VERSION)) + bytes(48)],
            [challenge[:1] + b"\x02" + challenge[2:]],
            *[[chance.randbytes(chance.randint(1, 240))] for _ in range(4)],
        ]
        async with home(tmp_path, records=9) as h:
            mallory = _stranger(h)
            for frames in tries:
                await _linked(mallory)
                for frame in frames:
                    await mallory.say(frame)
                assert await mallory.sent_away(), frames
                assert all(frame[0] == PROOF for frame in mallory.frames)
            assert h.box.lines == ["up"]
            async with h.gateway():
                await h.until_synced(9)
            nothing_happened(h, 9, sessions=1)

    asyncio.run(story())


def test_floods_of_links_and_pieces(tmp_path: Path) -> None:
    """Links opened and closed in a row, more pieces than the box holds: then it serves again."""

    async def story() -> None:
        async with home(tmp_path, records=9) as h:
            mallory = _stranger(h)
            for _ in range(20):
                await _linked(mallory)
                await mallory.leave()
            for piece in (b"\x80" + bytes(9), b"", bytes(244)):
                await _linked(mallory)
                await asyncio.gather(*(mallory.write(piece, response=False) for _ in range(60)))
                assert await mallory.sent_away()
            # A ring filled by two floods says so, as the chip does: pieces lost, nothing broken.
            assert {*h.box.lines} - {"RuntimeError: event queue full"} == {"up"}
            async with h.gateway():
                await h.until_synced(9)
            nothing_happened(h, 9, sessions=1)

    asyncio.run(story())


def test_a_flood_at_a_busy_box_leaves_no_link_behind(tmp_path: Path) -> None:
    """A link whose beginning was lost in a full ring is ended too: it cannot hold a place for ever.

    A chip has a few links only; whoever could collect them silently would lock the gateway out.
    """

    async def story() -> None:
        async with home(tmp_path, records=9) as h:
            process = h.box._process
            assert process
            first, second = _stranger(h, 1), _stranger(h, 2)
            advertiser = h.radio.controller.le_legacy_advertiser
            await h.until(lambda: advertiser.enabled, "the box does not advertise")
            process.send_signal(signal.SIGSTOP)  # as when it erases flash
            await _linked(first)
            pieces = [bytes((0x80 if n == 0 else n, n)) for n in range(20)]
            await asyncio.gather(*(first.write(piece, response=False) for piece in pieces))
            process.send_signal(signal.SIGCONT)
            await _linked(second)
            assert await first.sent_away(timeout_s=20), "the first link is kept for ever"
            await second.leave()
            async with h.gateway():
                await h.until_synced(9)
            nothing_happened(h, 9, sessions=1)

    asyncio.run(story())


def test_a_box_without_the_key(tmp_path: Path) -> None:
    """A copy of the box without its key delivers nothing, takes nothing, and is told as such."""

    async def story() -> None:
        async with home(tmp_path, records=9) as h:
            notified = [o.frame for o in await _one_session(h, 9) if not o.from_gateway]
            _confirm, sealed = _forgeries(bytes(16))
            h.radio.out_of_range(True)

            def play_again(frame: bytes) -> list[bytes]:
                return notified if frame[0] == CHALLENGE else []

            def pretend(frame: bytes) -> list[bytes]:
                proof = bytes((PROOF, m.PROTOCOL_VERSION)) + os.urandom(48)
                return [proof] if frame[0] == CHALLENGE else [sealed]

            def skip(_frame: bytes) -> list[bytes]:
                return [sealed]

            for number, answer in enumerate((play_again, pretend, skip), 1):
                radio = h.air.add_radio(f"false box {number}", f"66:66:66:00:01:{number:02X}")
                false = FalseBox(radio, HELLO, answer)
                await false.open(gatt.advertisement(gatt.CONNECT_PLEASE))
                async with h.gateway():
                    await h.until(lambda f=false: f.asked, "the false box was not asked")  # type: ignore[misc]
                    await h.until(
                        lambda n=number: h.sink.count("down") + h.sink.count("trouble") > n,  # type: ignore[misc]
                        "nothing was told",
                    )
                    assert {frame[0] for frame in false.asked} == {CHALLENGE}
                await false.close()
            assert h.sink.count("up") == 1
            h.radio.out_of_range(False)
            h.box.push(2)
            async with h.gateway():
                await h.until_synced(11)
            nothing_happened(h, 11, sessions=2)

    asyncio.run(story())


def test_a_copy_beside_the_linked_box(tmp_path: Path) -> None:
    """While the box is linked, a copy of it that the gateway tries neither ends nor hides that."""

    async def story() -> None:
        async with home(tmp_path, records=9) as h:
            radio = h.air.add_radio("copy", "66:66:66:00:01:01")
            copy = FalseBox(radio, HELLO, lambda _frame: [os.urandom(50)])
            async with h.gateway({DEVICE_ID: KEY, "box-0002": bytes(16)}):
                await h.until_synced(9)
                hellos = len(h.sink.said)
                await copy.open(gatt.advertisement(gatt.CONNECT_PLEASE))
                await h.until(lambda: bool(radio.le_connections), "the copy was not tried")
                await h.until(lambda: not radio.le_connections, "the copy was kept")
                h.box.push(3)
                await h.until_synced(12)
                assert not [said for said in h.sink.said[hellos:] if said.startswith("down")]
            await copy.close()
            nothing_happened(h, 12, sessions=1)

    asyncio.run(story())


def test_only_control_can_be_written(tmp_path: Path) -> None:
    """A stranger cannot rewrite Hello, nor read what was written to Control or notified."""

    async def story() -> None:
        async with home(tmp_path, records=1) as h:
            mallory = _stranger(h)
            await _linked(mallory)
            for handle in h.radio.nimble._values:
                if handle != mallory._control:
                    assert not await mallory.write(b"not a box", handle=handle)
            assert await mallory.read(gatt.HELLO_UUID) == HELLO
            for uuid in (gatt.CONTROL_UUID, gatt.DATA_UUID):
                assert await mallory.read(uuid) == b""
            await mallory.leave()

    asyncio.run(story())
