"""Whether a sign-in may be tried now, whether a session is over, what a password has to be.

Knows: numbers of tries, ages, lengths. May not know: whose they are, the clock, any secret but the
password that is judged.

Tries never end in a lock: the wait grows to a quarter of an hour and no further, and an hour
without a wrong try forgets. A browser that has signed in to this account before is counted apart,
so that nobody's guessing keeps the owner out; and the claim code of the console opens always.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from gateway.units import DAY_MS, HOUR_MS, MIN_MS

FREE_TRIES = 5  # so many wrong ones cost nothing
FIRST_WAIT_MS = 5_000
LONGEST_WAIT_MS = 15 * MIN_MS
FORGET_MS = HOUR_MS
IDLE_MS = 30 * DAY_MS  # a session nobody used
WHOLE_MS = 180 * DAY_MS  # any session
SET_BACK_MS = 7 * DAY_MS  # so far a clock may be set back
SEEN_EVERY_MS = 10 * MIN_MS  # so exactly it is known when a session was used

PASSWORD_LEAST = 10
PASSWORD_MOST = 200  # a hash of a megabyte would take the processor
_TOO_SIMPLE = 5  # different characters


class Busy(Exception):  # noqa: N818 - an answer, not an error of this program
    """So many passwords wait to be looked at that this one is not."""


@dataclass(frozen=True, slots=True)
class Session:
    """When a session began and when it was last used."""

    account_id: str
    begun_ms: int
    seen_ms: int


def over(session: Session, now_ms: int) -> bool:
    """Whether a session is not worth anything any more.

    One of the future ends too: a clock that was set back must not make it live for ever.
    """
    if max(session.seen_ms, session.begun_ms) > now_ms + SET_BACK_MS:
        return True
    return now_ms - session.seen_ms >= IDLE_MS or now_ms - session.begun_ms >= WHOLE_MS


def unused(made_ms: int, seen_ms: int | None, now_ms: int) -> bool:
    """Whether a program's token is worth nothing any more: so long nobody came with it."""
    return now_ms - (seen_ms or made_ms) >= WHOLE_MS


def seen_anew(seen_ms: int | None, now_ms: int) -> bool:
    """Whether it is written down that something is used now; `seen_ms`: when it was, if ever."""
    return now_ms - (seen_ms or 0) >= SEEN_EVERY_MS


def jumped(newest_ms: int | None, now_ms: int) -> bool:
    """Whether the clock may have jumped: it is half a year past whatever was last seen.

    What is swept by such a clock (who looked at whom) would be gone for good. None: nobody was
    ever seen.
    """
    return newest_ms is not None and now_ms - newest_ms > WHOLE_MS


def wait_ms(wrong_ms: Sequence[int], now_ms: int, free: int = FREE_TRIES) -> int:
    """How long until the next try, after wrong ones at these instants; 0 = at once."""
    newest_ms, count = now_ms, 0
    for ms in sorted((ms for ms in wrong_ms if ms <= now_ms), reverse=True):
        if newest_ms - ms >= FORGET_MS:
            break
        newest_ms, count = ms, count + 1
    if count < free:
        return 0
    last_ms = max(ms for ms in wrong_ms if ms <= now_ms)
    pause_ms = min(LONGEST_WAIT_MS, FIRST_WAIT_MS << min(count - free, 20))
    return max(0, last_ms + pause_ms - now_ms)


def weak(password: str, name: str) -> str | None:
    """Why a password will not do: "short" | "long" | "simple" | "name"; None = it will."""
    if len(password) < PASSWORD_LEAST:
        return "short"
    if len(password) > PASSWORD_MOST:
        return "long"
    if len(set(password)) < _TOO_SIMPLE:
        return "simple"
    if name and name.casefold() in password.casefold() and len(password) < 2 * PASSWORD_LEAST:
        return "name"
    return None
