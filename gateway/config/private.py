"""Files that only their owner may read: a key, a PIN.

Knows: modes and patterns. May not know: what the text is for. What a file holds is never shown.
"""

from __future__ import annotations

import re
import stat
from pathlib import Path

KEY_HEX_DIGITS = 32


class PrivateFileError(Exception):
    """The file cannot be used; `problems`: (what is wrong, what to do) of each fault."""

    def __init__(self, problems: list[tuple[str, str]]) -> None:
        super().__init__("; ".join(f"{what}: {allowed}" for what, allowed in problems))
        self.problems = problems


def text_in(path: Path, pattern: str, what: str, holds: str) -> str:
    """The text of a file, without the white space around it. Raises PrivateFileError."""
    try:
        text = path.read_text(encoding="ascii").strip()
        mode = stat.S_IMODE(path.stat().st_mode)
    except (OSError, UnicodeDecodeError) as error:
        why = error.strerror if isinstance(error, OSError) else "it is not text"
        raise PrivateFileError([(f"{path} cannot be read ({why})", f"a file of {holds}")]) from None
    problems = []
    if mode & (stat.S_IRWXG | stat.S_IRWXO):
        problems.append((f"{path} has mode {mode:o}", f"its owner only: chmod 600 {path}"))
    if not re.fullmatch(pattern, text):
        # What it holds instead may be half a key: it is not shown.
        problems.append((f"{path} holds no {what}", f"exactly {holds}"))
    if problems:
        raise PrivateFileError(problems)
    return text


def key_in(path: Path) -> bytes:
    """A key of 16 bytes. Raises PrivateFileError."""
    pattern = f"[0-9a-fA-F]{{{KEY_HEX_DIGITS}}}"
    return bytes.fromhex(text_in(path, pattern, "key", f"{KEY_HEX_DIGITS} hex digits"))
