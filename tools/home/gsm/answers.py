"""How a command ends badly, and what its arguments are (27.005 §3.2.5).

Knows: error codes, the form of arguments. May not know: any command.
"""

from __future__ import annotations

OPERATION_NOT_ALLOWED = 302
OPERATION_NOT_SUPPORTED = 303
INVALID_PARAMETER = 304
INVALID_INDEX = 321
MEMORY_FULL = 322
NO_NETWORK = 331
NO_ACKNOWLEDGEMENT_DUE = 340


class CommandError(Exception):
    """A command ends with an error: `line` is the final result."""

    def __init__(self, line: str = "ERROR") -> None:
        """The final result code to say."""
        super().__init__(line)
        self.line = line


def cms_error(code: int) -> CommandError:
    """+CMS ERROR with this code."""
    return CommandError(f"+CMS ERROR: {code}")


def arguments(given: str) -> list[str]:
    """What stands after `=`, split at commas, without quotes."""
    return [word.strip().strip('"') for word in given.split(",")] if given else []


def number(given: list[str], place: int) -> int:
    """One argument as a number that is not negative. Raises CommandError."""
    word = given[place] if place < len(given) else ""
    if not (word.isascii() and word.isdigit()):
        raise cms_error(INVALID_PARAMETER)
    return int(word)
