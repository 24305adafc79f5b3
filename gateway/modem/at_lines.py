"""What a single line from the modem means: an end, an answer, or something nobody asked for.

Knows: final result codes and the unsolicited lines of 27.005/27.007 and common modem makers.
May not know: the dialogue, deadlines, bytes.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_FINAL = re.compile(r"\+(CM[SE]) ERROR: *(.*)\Z")
_PLAIN_FINALS = {
    "OK": "OK",
    "ERROR": "ERROR",
    "COMMAND NOT SUPPORT": "ERROR",
    "TOO MANY PARAMETERS": "ERROR",
}
_ENDS_OF_CALLS = ("NO CARRIER", "BUSY", "NO ANSWER", "NO DIALTONE")
"""The end of the dialling that asked for a call; else news of a call, whatever is asked then."""
_DIALLING = "ATD"
_WITH_PDU = ("+CMT:", "+CDS:", "+CBM:")
_UNSOLICITED = (
    *_WITH_PDU,
    "+CMTI:",
    "+CDSI:",
    "+CBMI:",
    "+CREG:",
    "+CGREG:",
    "+CEREG:",
    "+CPIN:",
    "+CFUN:",
    "+CLIP:",
    "+CRING:",
    "+CUSD:",
    "+CTZV:",
    "+CTZE:",
    "+CIEV:",
    "RING",
    "VOICE CALL:",
    "MISSED_CALL:",
    "+CLCC:",
    "+RXDTMF:",
    "+DTMF:",
    *_ENDS_OF_CALLS,
    "RDY",
    "Call Ready",
    "SMS Ready",
    "SMS DONE",
    "PB DONE",
    "NORMAL POWER DOWN",
    "UNDER-VOLTAGE",
    "^",
    "*PSUTTZ",
    "+QIND:",
    "+QUSIM:",
)
_STARTING = ("RDY", "^SYSSTART", "NORMAL POWER DOWN", "UNDER-VOLTAGE")
_REGISTRATION = ("+CREG:", "+CGREG:", "+CEREG:")


@dataclass(frozen=True, slots=True)
class Final:
    """The end of a command: OK, ERROR, CMS or CME, with a code where the last two gave one."""

    kind: str
    code: int | None = None


def ends_command(line: str) -> Final | None:
    """The final result this line is, None for any other."""
    if line in _ENDS_OF_CALLS:
        return Final("ERROR")
    if line in _PLAIN_FINALS:
        return Final(_PLAIN_FINALS[line])
    match = _FINAL.match(line)
    if match is None:
        return None
    digits = match[2].strip()
    return Final(match[1], int(digits) if digits.isascii() and digits.isdigit() else None)


def name_of(command: str) -> str | None:
    """The prefix of a command's answer lines: "+CREG:" for "AT+CREG?"."""
    match = re.match(r"AT([+^*][A-Z0-9]+)", command)
    return f"{match[1]}:" if match is not None else None


def wants_pdu(line: str) -> bool:
    """An unsolicited line that is followed by its PDU."""
    return line.startswith(_WITH_PDU)


def tells_restart(line: str) -> bool:
    """The modem goes down or has just started: what it was asked before is never answered."""
    return line.startswith(_STARTING)


def is_unsolicited(line: str, asked: str | None) -> bool:
    """Whether nobody asked for this line, `asked` being the command under way."""
    if not line.startswith(_UNSOLICITED):
        return False
    if line in _ENDS_OF_CALLS:
        return asked is None or not asked.startswith(_DIALLING)
    name = name_of(asked) if asked is not None else None
    if name is None or not line.startswith(name):
        return True
    if name in _REGISTRATION:  # the answer is "<n>,<stat>…", the news only "<stat>…"
        return re.match(r"\+C[GE]?REG: *\d+, *\d+(,|\Z)", line) is None
    return False
