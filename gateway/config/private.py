"""Files that only their owner may read: a key, a PIN, what somebody said.

Knows: modes and patterns, how a file outlives a power cut. May not know: what the text is
for. What a file holds is never shown.
"""

from __future__ import annotations

import os
import re
import stat
import threading
from pathlib import Path

KEY_HEX_DIGITS = 32
PART = ".part"
"""How a file is called that is being written; one that was left lying is nobody's."""


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


def write(path: Path, data: bytes) -> None:
    """The file whole or not at all, its owner's alone from the first byte on, past a power cut.

    Of several at once the last one stands. Raises OSError, and leaves nothing half written.
    """
    part = path.with_name(f".{path.name}.{os.getpid()}.{threading.get_ident()}{PART}")
    try:
        part.unlink(missing_ok=True)
        handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    except BaseException:
        part.unlink(missing_ok=True)
        raise
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def key_in(path: Path) -> bytes:
    """A key of 16 bytes. Raises PrivateFileError."""
    pattern = f"[0-9a-fA-F]{{{KEY_HEX_DIGITS}}}"
    return bytes.fromhex(text_in(path, pattern, "key", f"{KEY_HEX_DIGITS} hex digits"))
