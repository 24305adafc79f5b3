"""What the modem says of its network, and when that is worth telling (27.007 §7.2, §8.5).

Knows: the answers to AT+CREG?, AT+CEREG?, AT+COPS?, AT+CSQ, AT+CNMI?.
May not know: who asks, how often.
"""

from __future__ import annotations

import re

from gateway.modem import Seen

BEST_SIGNAL = 31
"""+CSQ: 0 to 31 in steps of 2 dBm; 99 means not known."""
SIGNAL_STEP_DB = 6
"""A signal that moves less says nothing: it wavers so much by itself."""
_REGISTERED = {1, 5, 6, 7}  # home, roaming; the same for texts only
_WORDS = {
    0: "the modem is not looking for a network",
    2: "the modem is looking for a network",
    3: "the network refuses this SIM",
    4: "the modem does not know whether it has a network",
}
_STATE = re.compile(r"\+C(?:E|G)?REG: *\d+, *(\d+)")
_NEWS = re.compile(r"\+CNMI: *\d+(?:, *\d+)*\Z")
_OPERATOR = re.compile(r'\+COPS: *\d+, *\d+, *"([^"]*)"')


def registration_problem(*answers: tuple[str, ...]) -> str | None:
    """Why there is no network, out of the answers to AT+CREG? and AT+CEREG?.

    None while one of them says there is; the reason is that of the first that says one.
    """
    states = [int(m[1]) for lines in answers for line in lines if (m := _STATE.match(line))]
    if not states:
        return "the modem does not say whether it has a network"
    if _REGISTERED & set(states):
        return None
    return _WORDS.get(states[0], f"the modem says registration state {states[0]}")


def news_setting(lines: tuple[str, ...] | None) -> str | None:
    """Which news the modem gives, out of the answer to AT+CNMI?; None where it does not say."""
    found = [line for line in lines or () if _NEWS.match(line)]
    return found[0] if found else None


def operator(lines: tuple[str, ...]) -> str | None:
    """The network's name (or its number) out of the answer to AT+COPS?."""
    for line in lines:
        match = _OPERATOR.match(line)
        if match is not None and match[1]:
            return match[1]
    return None


def signal_dbm(lines: tuple[str, ...]) -> int | None:
    """The signal out of the answer to AT+CSQ (−113 … −51 dBm), None where it is not known."""
    for line in lines:
        match = re.match(r"\+CSQ: *(\d+)", line)
        if match is not None and int(match[1]) <= BEST_SIGNAL:
            return -113 + 2 * int(match[1])
    return None


def worth_telling(told: Seen | None, seen: Seen) -> bool:
    """Whether this says more than what was told last."""
    if told is None or (told.registered, told.operator) != (seen.registered, seen.operator):
        return True
    if told.signal_dbm is None or seen.signal_dbm is None:
        return told.signal_dbm != seen.signal_dbm
    return abs(told.signal_dbm - seen.signal_dbm) >= SIGNAL_STEP_DB
