"""The life of an outbox row, as a table, and when it may be tried again.

Knows: states, moves, pauses between tries. May not know: SQL, channels, which routes there are.

A text is sent at least once. A row that was claimed when the gateway died, or whose answer got
lost, is UNKNOWN: it is sent once more, marked as a repeat. An answer that is lost a second time,
by whichever route, is not followed by a third text; a second death is, for it may be that the
first came before anything was sent. What its provider says did not arrive by its way (KakaoTalk)
is pending again, unmarked, for another.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from gateway.events import TextClaimed, TextFailed
from gateway.units import MIN_MS

# How `TextFailed.why` begins where that decides what becomes of the row.
LOST_ANSWER = "answer lost"
EXPIRED = "expired"

FIRST_PAUSE_MS = 5_000
LONGEST_PAUSE_MS = MIN_MS
MAX_LOSSES = 1  # a second lost answer is not followed by a third text
DAY_MIN = 24 * 60


class State(StrEnum):
    """Where a row stands."""

    PENDING = "PENDING"
    CLAIMED = "CLAIMED"
    SUBMITTED = "SUBMITTED"
    DELIVERED = "DELIVERED"
    UNDELIVERED = "UNDELIVERED"
    EXPIRED = "EXPIRED"
    UNKNOWN = "UNKNOWN"
    WITHDRAWN = "WITHDRAWN"


class Move(StrEnum):
    """What may happen to a row."""

    CLAIM = "claim"
    LEASE_OUT = "lease_out"
    SUBMIT = "submit"
    RETRY = "retry"
    LOSE = "lose"
    REFUSE = "refuse"
    EXPIRE = "expire"
    DELIVER = "deliver"
    WITHDRAW = "withdraw"
    MISS_REPORT = "miss_report"


_S, _M = State, Move
# A move that is not in the table changes nothing: a late report about a text that is settled.
TABLE: dict[tuple[State, Move], State] = {
    (_S.PENDING, _M.CLAIM): _S.CLAIMED,
    (_S.PENDING, _M.EXPIRE): _S.EXPIRED,
    (_S.PENDING, _M.WITHDRAW): _S.WITHDRAWN,
    (_S.CLAIMED, _M.LEASE_OUT): _S.UNKNOWN,
    (_S.CLAIMED, _M.SUBMIT): _S.SUBMITTED,
    (_S.CLAIMED, _M.RETRY): _S.PENDING,
    (_S.CLAIMED, _M.LOSE): _S.UNKNOWN,
    (_S.CLAIMED, _M.REFUSE): _S.UNDELIVERED,
    (_S.UNKNOWN, _M.CLAIM): _S.CLAIMED,
    (_S.UNKNOWN, _M.EXPIRE): _S.EXPIRED,
    (_S.UNKNOWN, _M.DELIVER): _S.DELIVERED,
    (_S.SUBMITTED, _M.DELIVER): _S.DELIVERED,
    (_S.SUBMITTED, _M.RETRY): _S.PENDING,  # its provider says that this way it did not arrive
    (_S.SUBMITTED, _M.REFUSE): _S.UNDELIVERED,
    (_S.SUBMITTED, _M.MISS_REPORT): _S.SUBMITTED,
}


def sources(move: Move) -> list[str]:
    """The states a move may come from."""
    return [str(state) for state, m in TABLE if m is move]


def target(move: Move) -> State:
    """The one state a move leads to."""
    return next(to for (_state, m), to in TABLE.items() if m is move)


@dataclass(frozen=True, slots=True)
class Terms:
    """How a kind of text is treated: 0 = most urgent; minutes.

    After `valid_min` it is not sent any more. Where no report came `report_min` after it was
    submitted, that is a fact, so that somebody else can be told; 0 = nobody waits for it.
    """

    urgency: int = 1
    valid_min: int = DAY_MIN
    report_min: int = 0


@dataclass(frozen=True, slots=True)
class Claim:
    """A text to send now. `repeat`: it may have been sent before, mark it."""

    text_id: int
    to: str
    body: str
    due_ms: int
    repeat: bool
    expired: bool  # too late to be sent: say so instead
    tries: int
    losses: int
    route: str  # by which it is tried first
    last_route: str | None  # by which it was tried before
    valid_min: int  # so long it is worth sending
    urgency: int = 1
    fact: TextClaimed | None = None  # stored with the claim; None of one that is expired

    @property
    def last_loss(self) -> bool:
        """Whether it is left at that if the answer to this try gets lost."""
        return self.repeat or self.losses >= MAX_LOSSES


def move_of(event: TextFailed) -> Move:
    """What a failure does to its row."""
    if event.why.startswith(LOST_ANSWER):
        return Move.LOSE
    if event.why.startswith(EXPIRED):
        return Move.EXPIRE
    return Move.REFUSE if event.final else Move.RETRY


def pause_ms(tries: int) -> int:
    """How long to wait after the `tries`-th try that failed (1, 2, …)."""
    return int(min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** min(tries - 1, 10)))
