"""How exchanges differ, as SIPp plays it: announcements, INFO, hold, a late answer, no keys."""

from __future__ import annotations

from pathlib import Path

from tools.home import sipp_scenario as called
from tools.home.sipp_scenario import HangUp, Press, Wait, answers

_IN_DIALOGUE = """{method} [next_url] SIP/2.0
Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]
From:[$callee];tag=called[pid]x[call_number]
To:[$caller]
[last_Call-ID:]
CSeq: {number} {method}
Contact: <sip:[local_ip]:[local_port];transport=[transport]>
Max-Forwards: 70
{rest}"""
_SOUND = "Content-Type: application/sdp\nContent-Length: [len]\n\n"
_SDP = called._SDP.format(payloads="0 101", codec=called._CODECS["pcmu"][1])
_A_MOMENT = '<pause milliseconds="300"/>'
_BYE = '<send retrans="500"><![CDATA[\n\nBYE'


def _sent(method: str, number: int, rest: str) -> str:
    said = _IN_DIALOGUE.format(method=method, number=number, rest=rest)
    again = ' retrans="500"' if method != "ACK" else ""
    return f"<send{again}><![CDATA[\n\n{said}\n]]></send>"


def announces(status: str) -> str:
    """Speaks before it answers (183 with sound: "the number is not in use"), then says this."""
    rows = [called._INVITED, called._send("183 Session Progress", more=_SOUND + _SDP), _A_MOMENT]
    return called._whole([*rows, called._send(status), '<recv request="ACK"/>'])


def answers_a_cancel(folder: Path) -> str:
    """She picks up in the instant in which it is given up: CANCEL and 200 cross."""
    crossing = '<recv request="CANCEL"/>' + called._send("200 OK", to="[last_To:]")
    head, ok, tail = answers([], folder).partition("<send retrans")
    return head + crossing + ok + tail.replace("[last_CSeq:]", "CSeq: [cseq] INVITE", 1)


def says_keys_by_info(keys: str, folder: Path) -> str:
    """Keys by INFO (application/dtmf-relay) and none by RTP."""
    head, bye, tail = answers([Wait(100), HangUp()], folder).partition(_BYE)
    kind = "Content-Type: application/dtmf-relay\nContent-Length: [len]\n\n"
    for number, key in enumerate(keys, 10):
        head += _sent("INFO", number, f"{kind}Signal={key}\nDuration=160\n")
        head += '<recv response="200"/>' + _A_MOMENT
    return head + bye + tail.replace("CSeq: 2 BYE", "CSeq: 99 BYE")


def says_keys_twice(keys: str, folder: Path) -> str:
    """Each key by RTP, and 80 ms after its end by INFO too; a second and a half between two."""
    steps = [step for key in keys for step in (Wait(1_500), Press(key))]
    after_key = '<pause milliseconds="200"/>'
    script = answers([*steps, Wait(500), HangUp()], folder)
    head, *rests = script.split(after_key)
    kind = "Content-Type: application/dtmf-relay\nContent-Length: [len]\n\n"
    for number, (key, rest) in enumerate(zip(keys, rests, strict=True), 10):
        info = _sent("INFO", number, f"{kind}Signal={key}\nDuration=120\n")
        head += after_key + info + '<recv response="200"/>' + rest
    return head.replace("CSeq: 2 BYE", "CSeq: 99 BYE")


def holds(keys: str, folder: Path) -> str:
    """She puts it on hold after the first key and takes it back: two INVITEs in the call."""
    script = answers([Wait(100), *map(Press, keys), HangUp()], folder)
    play = "<nop><action>"
    waits, first_key, rest = script.split(play, 2)
    first, key, tail = f"{waits}{play}{first_key}", play, rest
    for number, way in ((5, "sendonly"), (6, "sendrecv")):
        first += _sent("INVITE", number, f"{_SOUND}{_SDP}a={way}\n")
        first += '<recv response="100" optional="true"/><recv response="200"/>'
        first += _sent("ACK", number, "Content-Length: 0\n") + _A_MOMENT
    return first + key + tail.replace("CSeq: 2 BYE", "CSeq: 99 BYE")


def no_codec(folder: Path) -> str:
    """Answers with a codec that was not offered."""
    script = answers([Wait(2_000)], folder)
    return script.replace("RTP/AVP 0 101", "RTP/AVP 18").replace("0 PCMU", "18 G729")
