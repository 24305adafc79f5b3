"""A telephone provider as SIPp plays it: takes a registration, or refuses it, and then calls."""

from __future__ import annotations

USER, PASSWORD = "anbu", "p w;d"  # what an AOR must quote

_ANSWER = """<send><![CDATA[

SIP/2.0 {status}
[last_Via:]
[last_From:]
[last_To:];tag=provider[call_number]
[last_Call-ID:]
[last_CSeq:]
{more}Content-Length: 0

]]></send>"""
_CHALLENGE = 'WWW-Authenticate: Digest realm="provider", nonce="{nonce}", algorithm=MD5\n'
_VERIFY = """<recv request="REGISTER"><action>
<verifyauth assign_to="known" username="{user}" password="{password}"/></action></recv>
<nop next="good" test="known"/>"""


def _whole(*rows: str) -> str:
    body = "\n".join(rows)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<scenario name="r">\n{body}\n</scenario>\n'


def refuses(status: str) -> str:
    """Every registration is answered so."""
    return _whole('<recv request="REGISTER"/>', _ANSWER.format(status=status, more=""))


def registers(password: str = PASSWORD) -> str:
    """Asks for a digest and checks it (RFC 2617 by SIPp): right is 200, wrong is 403."""
    challenge = _ANSWER.format(status="401 Unauthorized", more=_CHALLENGE.format(nonce="[call_id]"))
    good = "Contact: <sip:[remote_ip]:[remote_port]>;expires=300\n"
    return _whole(
        '<recv request="REGISTER"/>',
        challenge,
        _VERIFY.format(user=USER, password=password),
        _ANSWER.format(status="403 Forbidden", more=""),
        '<nop next="over"/>',
        '<label id="good"/>',
        _ANSWER.format(status="200 OK", more=good),
        '<label id="over"/>',
        '<timewait milliseconds="1"/>',
    )
