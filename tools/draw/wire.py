"""The radio format as offset tables, read off the encoders themselves.

Knows: frames, messages, GATT. May not know: who speaks it, Markdown beyond a table.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Callable, Mapping

from anbu_wire import frame, gatt, messages, seal, session
from tools.draw.page import remarks, table

_TYPES = {"B": "u8", "b": "i8", "H": "u16", "h": "i16", "I": "u32", "i": "i32"}
_HEAD = (("kind", 0, "u8"), ("request_id", 1, "u16"))
_HEAD_BYTES = 3
_FROM_DEVICE = 0x80
_WIDEST = (-1, *((1 << bits) - 1 for bits in (64, 48, 32, 16, 8)))

Codec = tuple[Callable[[dict[str, int]], bytes], Callable[[bytes], Mapping[str, int]]]


def fields(fmt: str, names: tuple[str, ...], start: int) -> list[tuple[str, int, str]]:
    """(name, offset, type) of a little-endian struct's fields that begin at `start`."""
    codes = re.findall("[a-zA-Z]", fmt)
    ends = [struct.calcsize("<" + "".join(codes[:i])) for i in range(len(codes))]
    return [
        (name, start + end, _TYPES[code])
        for name, end, code in zip(names, ends, codes, strict=True)
    ]


def messages_table() -> str:
    """Every message, a row a field."""
    rows: list[tuple[object, ...]] = []
    for kind, (name, fmt, names, has_tail) in messages.TABLE.items():
        way = "device → gateway" if kind & _FROM_DEVICE else "gateway → device"
        own = fields(fmt, names, _HEAD_BYTES)
        if has_tail:
            own.append(("tail", _HEAD_BYTES + struct.calcsize(fmt), "bytes"))
        title = f"`0x{kind:02x}` **{name}**"
        if not own:
            rows.append((title, way, "", "", ""))
        for place, (field, offset, kind_of) in enumerate(own):
            rows.append((*((title, way) if not place else ("", "")), offset, kind_of, field))
    return table(("message", "way", "offset", "type", "field"), rows)


def head_table() -> str:
    """What every message begins with."""
    return table(("offset", "type", "field"), [(o, t, n) for n, o, t in _HEAD])


def _named(first: str, last: str) -> list[tuple[object, ...]]:
    """Constants of messages from `first` to `last`, with what is remarked behind them."""
    said = remarks(messages)
    names = list(vars(messages))
    chosen = names[names.index(first) : names.index(last) + 1]
    return [(vars(messages)[n], n.lower(), said.get(n, "")) for n in chosen]


def codes_table() -> str:
    """The codes of STATUS."""
    return table(("code", "meaning"), [row[:2] for row in _named("OK", "REFUSED_STORAGE")])


def layout(codec: Codec, names: list[str], body_bytes: int) -> list[tuple[str, int, str]]:
    """(name, offset, type) as the encoder places them: a field's largest value marks its bytes."""
    encode, decode = codec
    blank = dict.fromkeys(names, 0)
    before = encode(blank)[:body_bytes]
    found = []
    for name in names:
        for value in _WIDEST:
            try:
                data = encode({**blank, name: value})
            except (struct.error, ValueError):
                continue
            if decode(data)[name] == value:
                break
        touched = [i for i, (a, b) in enumerate(zip(before, data, strict=False)) if a != b]
        if len(touched) != touched[-1] - touched[0] + 1:
            raise ValueError(f"{name} does not lie in one piece: bytes {touched}")
        found.append((name, touched[0], f"{'i' if value < 0 else 'u'}{8 * len(touched)}"))
    return sorted(found, key=lambda row: row[1])


def offsets(rows: list[tuple[str, int, str]], remark: Mapping[str, str]) -> str:
    """A table of offsets, with what is to be said of a field."""
    shown = [(offset, kind, name, remark.get(name, "")) for name, offset, kind in rows]
    return table(("offset", "type", "field", ""), shown)


# --- below the messages ------------------------------------------------------------------------


def piece_table() -> str:
    """The one byte before every piece of a frame, read off the pieces of one."""
    pieces = frame.fragment(bytes(3), 2)
    first, middle, last = (piece[0] for piece in pieces)
    counter = ~(0xC0) & 0xFF
    rows = [
        (f"`0x{first & ~middle & 0xFF & ~counter:02x}`", "first piece of its frame"),
        (f"`0x{last & ~middle & 0xFF & ~counter:02x}`", "last piece of its frame"),
        (f"`0x{counter:02x}`", "counts up; begins with the frame's CRC32 modulo 64"),
    ]
    return table(("bits", "meaning"), rows)


def handshake() -> tuple[bytes, bytes, bytes, bytes]:
    """The four kinds of frames, as two real sessions say them."""
    key = bytes(seal.KEY_BYTES)
    ends = [session.Session(r, key, "x", gatt.PILL_BOX) for r in (session.GATEWAY, session.DEVICE)]
    gateway, device = ends
    challenge = gateway.start(bytes(session.NONCE_BYTES))
    proof = bytes(device.receive(challenge, bytes(session.NONCE_BYTES))[0][-1])  # type: ignore[arg-type]  # a "send"
    confirm = bytes(gateway.receive(proof)[0][-1])  # type: ignore[arg-type]  # a "send" too
    device.receive(confirm)
    return challenge, proof, confirm, gateway.seal(b"")


def frames_table() -> str:
    """The frames of a session."""
    challenge, proof, confirm, sealed = handshake()
    nonce, mac, tag = session.NONCE_BYTES, 32, seal.TAG_BYTES
    parts: dict[bytes, list[tuple[str, int]]] = {
        challenge: [("kind", 1), ("protocol version", 1), ("nonce of the gateway", nonce)],
        proof: [
            ("kind", 1), ("protocol version", 1), ("nonce of the device", nonce),
            ("HMAC-SHA256", mac),
        ],
        confirm: [("kind", 1), ("HMAC-SHA256", mac)],
        sealed: [("kind", 1), ("counter, u32", 4), ("ciphertext: one message", 0), ("tag", tag)],
    }  # fmt: skip
    names = {challenge: "CHALLENGE", proof: "PROOF", confirm: "CONFIRM", sealed: "SEALED"}
    rows: list[tuple[object, ...]] = []
    for whole, fields_of in parts.items():
        if sum(size for _name, size in fields_of) != len(whole):
            raise ValueError(f"{names[whole]} has {len(whole)} bytes, not what is drawn")
        offset, beyond = 0, ""  # beyond: behind the field of n bytes
        for place, (name, size) in enumerate(fields_of):
            title = f"`0x{whole[0]:02x}` **{names[whole]}**" if not place else ""
            rows.append((title, f"{offset}{beyond}", size or "n", name))
            offset += size
            beyond = beyond if size else " + n"
    return table(("frame", "offset", "bytes", "field"), rows)


def nonce_table() -> str:
    """The nonce of a sealed frame."""
    rest = seal.NONCE_BYTES - 5
    rows = [(0, 1, f"`0x{session.SEALED:02x}`"), (1, 4, "counter, u32"), (5, rest, "zeros")]
    return table(("offset", "bytes", "field"), rows)


def hello_table() -> str:
    """The value of Hello."""

    def encode(values: dict[str, int]) -> bytes:
        return gatt.encode_hello(values["protocol version"], values["kind"], values["epoch"], "x")

    def decode(data: bytes) -> Mapping[str, int]:
        version, kind, epoch, _name = gatt.decode_hello(data)
        return {"protocol version": version, "kind": kind, "epoch": epoch}

    whole = encode({"protocol version": 0, "kind": 0, "epoch": 0})
    rows = layout((encode, decode), ["protocol version", "kind", "epoch"], len(whole) - 1)
    rows.append(("device id", len(whole) - 1, f"1–{gatt.DEVICE_ID_MAX_BYTES} × ASCII"))
    return offsets(rows, {"kind": "1 pill box, 2 care plug"})


def advertisement_table() -> str:
    """The advertising payload, structure by structure."""
    data = gatt.advertisement(gatt.CONNECT_PLEASE)
    names = {0x01: "flags", 0x07: "the Anbu service's UUID", 0xFF: "manufacturer data"}
    rows, at = [], 0
    while at < len(data):
        size, kind = data[at], data[at + 1]
        value = data[at + 2 : at + 1 + size]
        rows.append((at, size + 1, f"`0x{kind:02x}`", names[kind], f"`{value.hex(' ')}`"))
        at += 1 + size
    return table(("offset", "bytes", "type", "what", "value"), rows)


def uuids_table() -> str:
    """The service and its characteristics."""
    rows = [
        ("service", f"`{gatt.SERVICE_UUID}`", ""),
        ("Hello", f"`{gatt.HELLO_UUID}`", "READ"),
        ("Control", f"`{gatt.CONTROL_UUID}`", "WRITE with response: gateway → device"),
        ("Data", f"`{gatt.DATA_UUID}`", "NOTIFY, INDICATE: device → gateway"),
    ]
    return table(("", "UUID", "properties"), rows)


def drawings() -> dict[str, str]:
    """Every block of this module by its mark."""
    return {
        "uuids": uuids_table(),
        "advertisement": advertisement_table(),
        "hello": hello_table(),
        "piece": piece_table(),
        "frames": frames_table(),
        "nonce": nonce_table(),
        "head": head_table(),
        "messages": messages_table(),
        "codes": codes_table(),
    }
