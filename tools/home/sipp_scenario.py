"""Whoever is called, as SIPp plays it: answers, presses keys, speaks, is busy, is not there.

Knows: SIPp's scenarios (its reference, "Create your own XML scenarios"), a called party's side of
RFC 3261, keys as RFC 4733, pcap files. May not know: the line that calls, what is asked.

SIPp sends what a pcap file holds by a raw socket: it needs root or CAP_NET_RAW.
"""

from __future__ import annotations

import math
import struct
import wave
from dataclasses import dataclass
from pathlib import Path

KEYS = "0123456789*#"
_RATE_HZ, _FRAME_MS = 8000, 20
_FRAME = _RATE_HZ * _FRAME_MS // 1000
_KEY_FRAMES, _ENDS = 6, 3  # a key is held for 120 ms; its end is said three times (RFC 4733 §2.5)
_PCMU, _EVENT = 0, 101
_VOICE = bytes([0x10] * 20 + [0x90] * 20)  # µ-law: a loud buzz of 200 Hz
_CALLED_MS = 600_000


@dataclass(frozen=True, slots=True)
class Wait:
    """Nothing, for so long."""

    ms: int


@dataclass(frozen=True, slots=True)
class Press:
    """A key; 120 ms and a pause of 80 ms. `late`: one of its packets is overtaken by its end.

    `ends` False: all that says its end is lost.
    """

    key: str
    late: bool = False
    ends: bool = True


@dataclass(frozen=True, slots=True)
class Speak:
    """A voice, for so long."""

    ms: int


@dataclass(frozen=True, slots=True)
class HangUp:
    """The called party ends the call."""


Step = Wait | Press | Speak | HangUp


# --- sound -------------------------------------------------------------------------------------


def _packet(kind: int, marker: bool, number: int, stamp: int, payload: bytes) -> bytes:
    """An Ethernet frame with RTP in it; SIPp writes addresses and checksums itself."""
    second = kind | (0x80 if marker else 0)
    rtp = struct.pack(">BBHII", 0x80, second, number & 0xFFFF, stamp, 0x0DDC0FFE) + payload
    udp = struct.pack(">HHHH", 4000, 4000, len(rtp) + 8, 0) + rtp
    head = struct.pack(">BBHHHBBH4s4s", 0x45, 0, len(udp) + 20, 0, 0, 64, 17, 0, b"", b"")
    return b"\0" * 12 + b"\x08\x00" + head + udp


def _pcap(packets: list[tuple[int, bytes]]) -> bytes:
    """(at_ms, frame) → the file."""
    rows = [struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 65535, 1)]
    for at_ms, frame in packets:
        seconds, rest = divmod(at_ms, 1000)
        rows.append(struct.pack("<IIII", seconds, rest * 1000, len(frame), len(frame)) + frame)
    return b"".join(rows)


def key_pcap(key: str, place: int, *, late: bool = False, ends: bool = True) -> bytes:
    """A key pressed as the `place`th thing of a call: its packets have numbers of their own."""
    first, stamp, event = place * 1000, place * 100_000, KEYS.index(key)
    packets = []
    for frame in range(_KEY_FRAMES):
        said = struct.pack(">BBH", event, 10, frame * _FRAME)
        packet = _packet(_EVENT, frame == 0, first + frame, stamp, said)
        packets.append((frame * _FRAME_MS, packet))
    for again in range(_ENDS if ends else 0):
        said = struct.pack(">BBH", event, 0x80 | 10, _KEY_FRAMES * _FRAME)
        packet = _packet(_EVENT, False, first + _KEY_FRAMES + again, stamp, said)
        packets.append((_KEY_FRAMES * _FRAME_MS, packet))
    if late:
        packets.append((packets[-1][0], packets.pop(_KEY_FRAMES - 1)[1]))
    return _pcap(packets)


def voice_pcap(ms: int, place: int) -> bytes:
    """A voice as the `place`th thing of a call."""
    first, stamp = place * 1000, place * 100_000
    sound = (_VOICE * (_FRAME // len(_VOICE) + 1))[:_FRAME]
    return _pcap(
        [
            (n * _FRAME_MS, _packet(_PCMU, n == 0, first + n, stamp + n * _FRAME, sound))
            for n in range(ms // _FRAME_MS)
        ]
    )


def tone(path: Path, ms: int, rate_hz: int = _RATE_HZ) -> str:
    """A WAV with a tone to be played to it; its path."""
    with wave.open(str(path), "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(rate_hz)
        samples = (round(9000 * math.sin(n * 0.3)) for n in range(rate_hz * ms // 1000))
        sound.writeframes(b"".join(struct.pack("<h", sample) for sample in samples))
    return str(path)


# --- the scenario -----------------------------------------------------------------------------

_SDP = """v=0
o=called 1 1 IN IP[local_ip_type] [local_ip]
s=-
c=IN IP[media_ip_type] [media_ip]
t=0 0
m=audio [auto_media_port] RTP/AVP {payloads}
{codec}
a=rtpmap:101 telephone-event/8000
a=fmtp:101 0-15
"""
_CODECS = {"pcmu": ("0 101", "a=rtpmap:0 PCMU/8000"), "pcma": ("8 101", "a=rtpmap:8 PCMA/8000")}
_TAGGED = "[last_To:];tag=called[pid]x[call_number]"
_BYE = """<send retrans="500"><![CDATA[

BYE [next_url] SIP/2.0
Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]
From:[$callee];tag=called[pid]x[call_number]
To:[$caller]
[last_Call-ID:]
CSeq: 2 BYE
Max-Forwards: 70
Content-Length: 0

]]></send>
<recv response="200"/>"""
_ENDS_ARE_KEPT = """<recv request="INVITE" rrs="true"><action>
<ereg regexp=".*" search_in="hdr" header="From:" assign_to="caller"/>
<ereg regexp=".*" search_in="hdr" header="To:" assign_to="callee"/>
</action></recv>"""


def _send(status: str, to: str = _TAGGED, cseq: str = "[last_CSeq:]", more: str = "") -> str:
    rows = ["", f"SIP/2.0 {status}", "[last_Via:]", "[last_From:]", to, "[last_Call-ID:]", cseq]
    rows.append("Contact: <sip:[local_ip]:[local_port];transport=[transport]>")
    rows.append(more or "Content-Length: 0\n")
    again = ' retrans="500"' if status.startswith("200") and more else ""
    return f"<send{again}><![CDATA[\n" + "\n".join(rows) + "\n]]></send>"


def _whole(rows: list[str]) -> str:
    body = "\n".join(rows)
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<scenario name="called">\n{body}\n</scenario>\n'
    )


_INVITED = '<recv request="INVITE" crlf="true"/>'


def refuses(status: str, *, rings: bool = False) -> str:
    """Says "486 Busy Here" or whatever, after ringing or at once."""
    rows = [_INVITED, *([_send("180 Ringing")] if rings else []), _send(status)]
    return _whole([*rows, '<recv request="ACK"/>'])


def rings() -> str:
    """Rings until the caller gives up."""
    given_up = ['<recv request="CANCEL"/>', _send("200 OK")]
    return _whole(
        [
            *(_INVITED, _send("180 Ringing"), *given_up),
            _send("487 Request Terminated", cseq="CSeq: [cseq] INVITE"),
            '<recv request="ACK" optional="true"/>',
        ]
    )


def says_nothing(status: str = "100 Trying") -> str:
    """A provider that takes the call and does nothing with it."""
    return _whole(
        [_INVITED, _send(status, to="[last_To:]"), f'<pause milliseconds="{_CALLED_MS}"/>']
    )


def answers(steps: list[Step], folder: Path, codec: str = "pcmu", ring_ms: int = 0) -> str:
    """Answers and does `steps`; their sound is written into `folder`. Then it is hung up on."""
    payloads, attribute = _CODECS[codec]
    sdp = _SDP.format(payloads=payloads, codec=attribute)
    ends = any(isinstance(step, HangUp) for step in steps)
    rows = [_ENDS_ARE_KEPT if ends else _INVITED, _send("180 Ringing")]
    rows += [f'<pause milliseconds="{ring_ms}"/>'] if ring_ms else []
    rows.append(
        _send("200 OK", more=f"Content-Type: application/sdp\nContent-Length: [len]\n\n{sdp}")
    )
    rows.append('<recv request="ACK" crlf="true"/>')
    for place, step in enumerate(steps, 1):
        rows += _step(step, place, folder)
    if not ends:
        rows += ['<recv request="BYE"/>', _send("200 OK", to="[last_To:]")]
    return _whole(rows)


def _step(step: Step, place: int, folder: Path) -> list[str]:
    match step:
        case Wait(ms):
            return [f'<pause milliseconds="{ms}"/>']
        case HangUp():
            return [_BYE]
        case Press(key, late, ends):
            name = f"{place}-key-{KEYS.index(key)}.pcap"
            pcap = key_pcap(key, place, late=late, ends=ends)
            ms = 200
        case Speak(ms):
            name, pcap = f"{place}-voice.pcap", voice_pcap(ms, place)
    path = folder / name
    path.write_bytes(pcap)
    plays = f'<nop><action><exec play_pcap_audio="{path}"/></action></nop>'
    return [plays, f'<pause milliseconds="{ms}"/>']
