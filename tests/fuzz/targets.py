"""What bytes are thrown at: every layer of the radio language on both ends.

Knows: the ends and how to get inside them. May not know: where the bytes come from (hypothesis or
atheris). A target returns when all went as it must: RemoteProtocolError, or its end on the radio,
is an answer; everything else that is raised is a fault.
"""

from __future__ import annotations

import asyncio
import contextlib
import struct
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from anbu_wire import bundle, gatt, settings
from anbu_wire import messages as m
from anbu_wire.errors import RemoteProtocolError
from anbu_wire.frame import FRAME_LIMIT_BYTES, Reassembler, fragment
from anbu_wire.schedule import ENTRY_BYTES, HEAD_BYTES, decode_schedule
from anbu_wire.session import DEVICE, GATEWAY, Session
from gateway.sources.conversation import Conversation, RadioTimes
from gateway.sources.orders import Ended
from gateway.sync import Action, Sync
from tests.fuzz.host_box import DEVICE_ID, KEY, KIND, HostBox
from tests.fuzz.source import EPOCH, START_S, TO_BOX, TO_GATEWAY, Source
from tests.home.radio_home import RecordingSink

Target = Callable[[bytes], None]


def decoders(data: bytes) -> None:
    """Every decoder of the language, by itself."""
    for decode in (
        m.decode,
        m.decode_record,
        m.decode_records,
        decode_schedule,
        gatt.decode_hello,
        settings.decode_parameters,
        _parse_bundle,
    ):
        with contextlib.suppress(RemoteProtocolError):
            decode(data)


def _parse_bundle(data: bytes) -> None:
    """The manifest of a bundle whose head has the right length."""
    start = struct.pack("<4sBBH", bundle.MAGIC, bundle.FORMAT, 6, (8 + len(data)) & 0xFFFF)
    manifest = bundle.Manifest(start + data)
    assert sum(size for _name, size, _digest in manifest.files()) == manifest.payload_bytes
    assert bundle.judge_signature(manifest, bytes(64), []) == bundle.UNSIGNED


def pieces(data: bytes) -> None:
    """Pieces at both kinds of reassembler: refused, or frames within the limit."""
    source = Source(data)
    both = Reassembler(), Reassembler(lossy=True)
    while source:
        piece = source.chunk()
        for reassembler in both:
            with contextlib.suppress(RemoteProtocolError):
                frame = reassembler.feed(piece)
                assert frame is None or 0 < len(frame) <= FRAME_LIMIT_BYTES


def sessions(data: bytes) -> None:
    """Frames at a session of either role at any stage: refused; no message without the key."""
    source = Source(data)
    ends = [Session(role, KEY, DEVICE_ID, KIND) for role in (GATEWAY, DEVICE)]
    stage = source.number(1) % 4
    if stage:
        challenge = ends[0].start(bytes(16))
        if stage > 1:
            ((_, proof),) = ends[1].receive(challenge, bytes(16))  # type: ignore[misc]
            if stage > 2:
                ends[1].receive(ends[0].receive(proof)[0][1])  # type: ignore[misc]
    while source:
        frame = source.chunk()
        for end in ends:
            with contextlib.suppress(RemoteProtocolError):
                steps = end.receive(frame, bytes(16))
                assert all(step[0] in ("send", "established") for step in steps), "a message!"
    assert stage == 3 or not any(end.established for end in ends)


def box_pieces(data: bytes) -> None:
    """Pieces at the real radio of the box, before the handshake and after it."""
    source = Source(data)
    box = HostBox()
    if source.number(1) & 1:
        box.handshake()
    while source and box.listening:
        box.write(source.chunk())
    box.passes(1000)


def box_messages(data: bytes) -> None:
    """Sealed messages with any content at the whole box, and time going by between them."""
    source = Source(data)
    box = HostBox()
    gateway = box.handshake()
    version = 0
    while source and box.listening:
        if source.number(1) % 8 == 0:
            version += 1
            messages = source.schedule(version)
        else:
            messages = [source.message(TO_BOX)]
        for message in messages:
            for piece in fragment(gateway.seal(message), 244):
                for answer in box.write(piece):
                    gateway.receive(answer[1:])
        box.passes(source.number(1) ** 3)
    box.passes(1 << 20)


def gateway_messages(data: bytes) -> None:
    """Messages with any content at Sync, between commits, time-outs and polls.

    Whatever a device says: what is committed continues the log, one after the other.
    """
    source = Source(data)
    known: dict[int, int] = {}
    sync = Sync(lambda epoch: known.get(epoch, 0), lambda: (START_S, 0, 540, 0, 0))
    late: list[tuple[int, int]] = []
    lost: dict[int, int] = {}

    def carry_out(actions: list[Action]) -> None:
        for action in actions:
            if action[0] == "commit":
                have, gone = known.get(action[1], 0), lost.get(action[1], 0)
                seqs = [r.seq for r in action[2]]
                assert seqs[0] - 1 in (have, gone), (have, gone, seqs)
                assert have < seqs[0], (have, seqs)
                assert seqs == list(range(seqs[0], seqs[0] + len(seqs))), seqs
                known[action[1]] = seqs[-1]
                late.append((action[1], seqs[-1]))
            elif action[0] == "gap":
                lost[action[1]] = action[3]

    carry_out(sync.start())
    while source:
        carry_out(_what_happens(source, sync, known, late))


def _what_happens(
    source: Source, sync: Sync, known: dict[int, int], late: list[tuple[int, int]]
) -> list[Action]:
    """One thing that may happen to a Sync."""
    waiting = sync.waiting_for
    what = source.number(1) % 16
    if what == 0:
        return sync.timeout(waiting or 0)
    if what == 1:
        return sync.poll() + sync.lost()
    if what == 2:
        return sync.put_schedule(
            source.number(2),
            source.take(HEAD_BYTES) + source.take(ENTRY_BYTES) * (source.number(1) % 9),
        )
    if what < 6:
        return sync.committed(*late.pop(0)) if late else []
    pushed = what < 8
    kinds = [m.RECORDS] if pushed else [m.STATE, m.STATE, m.RECORDS, m.REPORT_END, *TO_GATEWAY]
    request_id = 0 if pushed else waiting if what < 15 else None
    with contextlib.suppress(RemoteProtocolError):
        return sync.receive(source.message(kinds, request_id, known.get(EPOCH, 0) + 1))
    return []


class _FuzzedLink:
    """A device that says whatever it was given: with the key (then sealed) or without it."""

    room_bytes = 244

    def __init__(self, source: Source, talk: Conversation) -> None:
        self._source = source
        self._talk = talk
        self._session = Session(DEVICE, KEY, DEVICE_ID, KIND)
        self._reassembler = Reassembler()
        self._next_seq = 1
        self._has_key = source.number(1) & 3
        self._tell: Callable[[bytes], None] = lambda _piece: None

    async def hello(self) -> bytes:
        """Hello, or nearly."""
        if self._source.number(1) % 8 == 0:
            return self._source.chunk()
        return gatt.encode_hello(m.PROTOCOL_VERSION, KIND, EPOCH, DEVICE_ID)

    async def listen(self, on_piece: Callable[[bytes], None]) -> None:
        """Where to say it."""
        self._tell = on_piece

    async def write(self, piece: bytes) -> None:
        """Answer with the truth of a handshake and then anything, or with anything at once."""
        frame = self._reassembler.feed(piece)
        if self._has_key and frame:
            for step in self._session.receive(frame, bytes(16)):
                match step:
                    case ("send", proof):
                        self._tell(b"\xc0" + proof)
                    case ("message", message):
                        self._answer(m.decode(message))
        elif not self._has_key:
            self._tell(self._source.chunk())
        if not self._source:
            self._talk.gone()

    def _answer(self, question: m.Message) -> None:
        """Nothing, or up to three messages: the right kinds of answer most of the time."""
        fit = {m.READ_STATE: [m.STATE], m.REPORT: [m.RECORDS, m.REPORT_END]}
        self._next_seq = question.fields.get("first_seq", self._next_seq)
        for kind in fit.get(question.kind, [m.STATUS]):
            flavour = self._source.number(1)
            if flavour < 16:
                continue
            kinds = [kind] if flavour < 200 else TO_GATEWAY
            self._say(kinds, 0 if flavour > 240 else question.request_id)
            if flavour & 3 == 0:
                self._say([m.RECORDS], 0)

    def _say(self, kinds: list[int], request_id: int) -> None:
        message = self._source.message(kinds, request_id, self._next_seq)
        for part in fragment(self._session.seal(message), 244):
            self._tell(part)


def conversations(data: bytes) -> None:
    """Anything at the gateway's radio conversation: it ends, with words."""
    # In a thread of its own: a browser test of the same process may have left its loop running.
    with ThreadPoolExecutor(max_workers=1) as own:
        own.submit(asyncio.run, _converse(Source(data))).result()


class _Watch:
    def proved(self) -> None:
        """Nobody is told."""

    def rests(self, *, resting: bool) -> None:
        """Nobody is told."""


async def _converse(source: Source) -> None:
    times = RadioTimes(handshake_s=0.006, answer_s=0.001, poll_s=0.003)
    talk = Conversation({DEVICE_ID: KEY}, RecordingSink(), times, _Watch())
    link = _FuzzedLink(source, talk)
    asyncio.get_running_loop().call_later(0.008, talk.gone)
    with contextlib.suppress(Ended, TimeoutError):
        await talk.identify(link)
        await talk.run(link)


TARGETS: dict[str, Target] = {
    target.__name__: target
    for target in (
        decoders, pieces, sessions, box_pieces, box_messages, gateway_messages, conversations,
    )
}  # fmt: skip
