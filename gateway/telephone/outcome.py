"""What an answer of the telephone exchange means for a call that was not opened.

Knows: SIP's final answers (RFC 3261 §21, RFC 3326), a modem's words. May not know: sockets, ttys,
conversations. No IO.

The one rule above all: what is our line's or our provider's fault is a LineDown and never becomes
"she did not answer"; only what an exchange says of her own telephone is Busy, NoAnswer or Refused.
"""

from __future__ import annotations

from gateway.calls.line import Busy, LineDown, NoAnswer, NotOpened, Refused
from gateway.telephone.modem_words import Word

_BUSY = frozenset({486, 600, 603, 607})  # 603, 607: turned away by her own hand
_NO_ANSWER = frozenset({480, 487})
_TIMED_OUT = 408  # by her telephone where it rang, else by somebody on the way to it
_ACCOUNT = frozenset({401, 402, 403, 407, 423, 429})  # not known, not paid, not allowed
_SHAPE = frozenset({405, 406, 415, 420, 421, 422, 488, 493, 494, 606})  # no codec is common, or so
_OURS = _ACCOUNT | _SHAPE
"""No call to anybody would pass."""
_STATUS_DIGITS = 3
RINGS_IN_S = 10.0
"""So long after a ring (one every 5 s) somebody may still be calling the modem."""
_FIRST_REFUSAL, _FIRST_SERVER_ERROR, _FIRST_GLOBAL = 400, 500, 600


def of_closing(text: str, *, rang: bool) -> NotOpened:
    """What the stack says of a call that closed before it was answered: "486 Busy Here" or so."""
    head, _, rest = text.partition(" ")
    status = int(head) if len(head) == _STATUS_DIGITS and head.isdecimal() else None
    return of_status(status, rest if status else text, rang=rang)


def of_status(status: int | None, text: str, *, rang: bool) -> NotOpened:
    """What a final answer means; `status` None: none came, `text` is what the stack says."""
    why = f"{status} {text}".strip() if status else text or "the telephone provider said nothing"
    if status in _BUSY:
        return Busy()
    if status in _NO_ANSWER or (status == _TIMED_OUT and rang):
        return NoAnswer()
    if status is None or status in _OURS | {_TIMED_OUT} or status < _FIRST_REFUSAL:
        return LineDown(why)
    if _FIRST_SERVER_ERROR <= status < _FIRST_GLOBAL:
        return LineDown(why)
    return Refused(why)


def of_patience(*, rang: bool) -> NotOpened:
    """What it means that nothing final came for as long as it was to ring."""
    if rang:
        return NoAnswer()
    return LineDown("the telephone provider took the call, but it never rang")


def of_word(word: Word, why: str, network: str | None, *, rang: bool, ring_s: float) -> NotOpened:
    """What a modem's last word of a call that nobody took means.

    `why`: how our line failed, "" where it did not; `network`: why there is none; `ring_s`: how
    long ago somebody called the modem itself.
    """
    if why:
        return LineDown(why)
    if ring_s < RINGS_IN_S:  # two calls met
        return LineDown("somebody called the modem at that moment")
    if word is Word.BUSY:
        return Busy()
    if network is not None:
        return LineDown(network)
    if word is Word.NO_ANSWER or rang:
        return NoAnswer()
    return Refused("the network ended the call before it rang")


def target(number: str, domain: str) -> str:
    """The SIP address of a telephone number. Raises ValueError where it is not one."""
    digits = "".join(c for c in number if c not in " -()")
    if not digits.removeprefix("+").isdecimal() or not digits.isascii():
        message = "a telephone number is digits, with + before a country"
        raise ValueError(message)
    return f"sip:{digits}@{domain}"
