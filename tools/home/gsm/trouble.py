"""What can go wrong inside the virtual modem, and what cures it.

Knows: places to fall silent, bytes counted until then, remedies. May not know: what bytes mean.
"""

from __future__ import annotations

from enum import StrEnum


class HangAt(StrEnum):
    """Where the modem falls silent."""

    COMMAND = "command"  # answers nothing at all, until it is cured
    PROMPT = "prompt"  # loses the next `>`; ESC gets it out
    ANSWER = "answer"  # sends the next text, loses the answer
    LATE = "late"  # sends the next text, answers when nobody waits any more
    BARE = "bare"  # sends the next text, says OK without its reference


class Cure(StrEnum):
    """What gets a silent modem to speak again."""

    NOTHING = "nothing"  # only `recover`: somebody pulls the plug
    ESCAPE = "escape"
    RESET = "reset"  # ATZ
    RESTART = "restart"  # AT+CFUN=1,1
    LINE = "line"  # its control line falls


class Trouble:
    """The modem's present trouble."""

    def __init__(self) -> None:
        """None."""
        self.hang: HangAt | None = None
        self.cure = Cure.NOTHING
        self._heard_left: int | None = None
        self._said_left: int | None = None

    @property
    def silent(self) -> bool:
        """Deaf to all but its cure, and mute."""
        return self.hang is HangAt.COMMAND

    def begin(self, hang: HangAt | None, cure: Cure = Cure.NOTHING) -> None:
        """Hang there from now on; None: all is well."""
        self.hang, self.cure = hang, cure
        self._heard_left = self._said_left = None

    def after(self, *, heard: int | None, said: int | None, cure: Cure) -> None:
        """Fall silent once so many bytes more came in, or went out."""
        self.begin(None, cure)
        self._heard_left, self._said_left = heard, said
        self._look()

    def may_say(self, data: bytes) -> bytes:
        """What of it still gets out."""
        if self.silent:
            return b""
        if self._said_left is None:
            return data
        out = data[: self._said_left]
        self._said_left -= len(out)
        self._look()
        return out

    def hear_one(self) -> bool:
        """A byte came in: whether it is heard."""
        if self.silent:
            return False
        if self._heard_left is not None:
            self._heard_left -= 1
            self._look()
        return True

    def once(self, hang: HangAt) -> bool:
        """Whether to hang here now, which is over with it."""
        if self.hang is not hang:
            return False
        self.hang = None
        return True

    def _look(self) -> None:
        if 0 in (self._heard_left, self._said_left):
            self.begin(HangAt.COMMAND, self.cure)
