"""An initial RAM file system from files: cpio archives in the "newc" form the kernel unpacks.

Knows: the format (Documentation/driver-api/early-userspace/buffer-format.rst), tar's entries.
May not know: what the files are for. Archives may stand one behind the other in one file.
"""

from __future__ import annotations

import stat
import tarfile
from collections.abc import Callable
from typing import IO

_ALIGN_BYTES = 4
_BLOCK_BYTES = 512
_TRAILER = "TRAILER!!!"


class Archive:
    """Writes one archive to `file`; everything belongs to root. Call `close` at the end."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._inode = 0
        self._written_bytes = 0

    def folder(self, name: str) -> None:
        """A folder that everybody may enter."""
        self._entry(name, stat.S_IFDIR | 0o755, b"")

    def link(self, name: str, target: str) -> None:
        """A symbolic link."""
        self._entry(name, stat.S_IFLNK | 0o777, target.encode())

    def file(self, name: str, data: bytes, *, executable: bool = False) -> None:
        """A file with these bytes."""
        self._entry(name, stat.S_IFREG | (0o755 if executable else 0o644), data)

    def close(self) -> None:
        """The end: the trailer, and zeros up to a whole block."""
        self._entry(_TRAILER, 0, b"")
        self._pad(_BLOCK_BYTES)

    def _entry(self, name: str, mode: int, data: bytes) -> None:
        self._inode += 1
        path = name.encode() + b"\0"
        owner, links, time_s, device, checksum = [0, 0], 1, 0, [0, 0, 0, 0], 0
        fields = [self._inode, mode, *owner, links, time_s, len(data)]
        fields += [*device, len(path), checksum]
        self._write(b"070701" + b"".join(b"%08X" % field for field in fields) + path)
        self._pad(_ALIGN_BYTES)
        self._write(data)
        self._pad(_ALIGN_BYTES)

    def _write(self, data: bytes) -> None:
        self._file.write(data)
        self._written_bytes += len(data)

    def _pad(self, bytes_: int) -> None:
        self._write(bytes(-self._written_bytes % bytes_))


def copy(tar: tarfile.TarFile, archive: Archive, wanted: Callable[[str], bool]) -> int:
    """Copies tar's wanted entries, hard links as files of their own; returns the bytes of files."""
    size_bytes = 0
    for member in tar:
        name = member.name.removeprefix("./").strip("/")
        if name in {"", "."} or not wanted(name):
            continue
        if member.isdir():
            archive.folder(name)
        elif member.issym():
            archive.link(name, member.linkname)
        elif member.isfile() or member.islnk():
            content = tar.extractfile(member)
            data = content.read() if content else b""
            archive.file(name, data, executable=bool(member.mode & 0o111))
            size_bytes += len(data)
    return size_bytes
