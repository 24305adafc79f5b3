"""Private files: whole or not at all, their owner's alone, past a power cut."""

from __future__ import annotations

import errno
import os
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from gateway.config import private


def test_it_is_on_the_disk_before_it_has_its_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Data, name, folder, in this order: whatever a power cut leaves is the old file or the new."""
    done: list[str] = []
    sync, move = os.fsync, Path.replace

    def synced(handle: int) -> None:
        done.append("folder" if stat.S_ISDIR(os.fstat(handle).st_mode) else "data")
        sync(handle)

    def moved(part: Path, path: Path) -> Path:
        done.append("name")
        assert stat.S_IMODE(part.stat().st_mode) == 0o600  # before anybody can find it
        return move(part, path)

    monkeypatch.setattr(os, "fsync", synced)
    monkeypatch.setattr(Path, "replace", moved)
    private.write(tmp_path / "key", b"new")
    assert done == ["data", "name", "folder"]
    assert [path.name for path in tmp_path.iterdir()] == ["key"]


def test_what_could_not_be_written_leaves_the_old_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A disk that fills up in the middle: the file is as it was, and nothing else lies there."""
    path = tmp_path / "key"
    private.write(path, b"old")

    def full(_handle: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        private.write(path, b"new")
    assert (path.read_bytes(), list(tmp_path.iterdir())) == (b"old", [path])


def test_two_at_once_write_one_whole_file(tmp_path: Path) -> None:
    """Two threads write the same file again and again: it is one of both, never a mixture."""
    path, texts = tmp_path / "sound", (b"a" * 9_000, b"b" * 9_000)

    def write(text: bytes) -> None:
        for _ in range(20):
            private.write(path, text)

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(write, texts))  # raises what a thread raised
    assert path.read_bytes() in texts
    assert list(tmp_path.iterdir()) == [path]
