"""The log partition as littlefs files: bytes in, flushed bytes out.

Knows: littlefs through `vfs`, one open file. May not know: records, schedules, what the bytes mean.
Never formats: a partition that does not mount is a fault to be told (formatting is provisioning).
`flush()` is the durability point on littlefs; a file is closed explicitly, never by the collector.
One file is open at a time: each takes 0.7 KB in one piece, and a heap in pieces has no two.
"""

import os

import vfs
from micropython import const

TYPE_CHECKING = False  # MicroPython has no typing
if TYPE_CHECKING:
    from io import FileIO

    from esp32 import Partition


_EIO = const(-5)
_ENOENT = const(2)
_END = const(2)  # of seek


class _Chip:
    """The partition; where it cannot write, littlefs is told by number.

    An exception would jump through littlefs and leave a file half written in its tables; closed
    later, were it by the collector, that file would write what had been said to fail. Reads, some
    hundred an append, go straight to the partition.
    """

    def __init__(self, partition: "Partition") -> None:
        self._partition = partition
        self.readblocks = partition.readblocks

    def writeblocks(self, block: int, buf: bytes, offset: int = 0) -> int:
        try:
            self._partition.writeblocks(block, buf, offset)
        except OSError:
            return _EIO
        return 0

    def ioctl(self, operation: int, argument: int) -> int:
        try:
            return self._partition.ioctl(operation, argument) or 0  # type: ignore[redundant-expr]
        except OSError:
            return _EIO


class Disk:
    """One mounted partition. Methods raise OSError as the file system does."""

    durable = True

    def __init__(self, partition: "Partition", path: str) -> None:
        self._path = path
        self._name = ""
        self._file: "FileIO | None" = None
        chip = _Chip(partition)
        vfs.mount(vfs.VfsLfs2(chip, progsize=128, readsize=128), path)  # type: ignore[abstract, arg-type]

    def files(self) -> "list[tuple[str, int]]":
        """(name, size in bytes) of every file, sorted by name."""
        return sorted((row[0], row[3]) for row in os.ilistdir(self._path))  # type: ignore[misc]  # littlefs has four

    def append(self, name: str, blob: bytes, fresh: bool = False) -> None:
        """Adds `blob` to the end of `name`, of an empty one if `fresh`; on return it is on flash.

        After an OSError the file holds what it held before.
        """
        file = self._file
        if file is None or fresh or self._name != name:
            self.close()
            file = self._file = open(self._path + "/" + name, "w+b" if fresh else "a+b")  # noqa: SIM115 - kept open
            self._name = name
        try:
            file.seek(0, _END)  # it may have been read in between
            file.write(blob)
            file.flush()
        except OSError:
            self.close()  # littlefs commits nothing of a file that met an error
            raise

    def read(self, name: str, offset_bytes: int, size_bytes: int) -> bytes:
        """Up to `size_bytes` from `offset_bytes` of `name`."""
        if self._file is not None and self._name == name:
            self._file.seek(offset_bytes)
            return bytes(self._file.read(size_bytes))
        self.close()
        with open(self._path + "/" + name, "rb") as file:
            file.seek(offset_bytes)
            return bytes(file.read(size_bytes))

    def read_or_empty(self, name: str) -> bytes:
        """The whole of a small file, or b"" where it does not exist."""
        try:
            self.close()
            with open(self._path + "/" + name, "rb") as file:
                return bytes(file.read())
        except OSError:
            return b""

    def replace(self, name: str, blob: "bytes | bytearray", keep: str = "") -> None:
        """Writes `name` whole: after a power cut it holds the old bytes or the new ones.

        `keep`: the name under which the old bytes stay; after a cut they may be there alone.
        """
        place = self._path + "/" + name
        self.close()
        with open(place + ".new", "wb") as file:
            file.write(blob)
            file.flush()
        if keep:
            try:
                os.rename(place, self._path + "/" + keep)
            except OSError as error:
                if error.errno != _ENOENT:
                    raise
        os.rename(place + ".new", place)

    def remove(self, name: str) -> None:
        """Deletes `name`."""
        if self._name == name:
            self.close()
        os.remove(self._path + "/" + name)

    def size_blocks(self) -> int:
        """How many 4 KiB blocks the partition has."""
        return os.statvfs(self._path)[2]

    def close(self) -> None:
        """Closes the open file, if one is open."""
        file, self._file, self._name = self._file, None, ""
        if file is not None:
            file.close()


class NoDisk(Disk):
    """Stands where no partition mounted: holds nothing, takes nothing."""

    durable = False

    def __init__(self) -> None:
        self._file = None
        self._name = ""
        self._path = ""

    def files(self) -> "list[tuple[str, int]]":
        """No files."""
        return []

    def read(self, name: str, offset_bytes: int, size_bytes: int) -> bytes:  # noqa: ARG002
        """Raises OSError: there is no file."""
        raise OSError(_ENOENT, name)

    def append(self, name: str, blob: bytes, fresh: bool = False) -> None:  # noqa: ARG002
        """Raises OSError: nothing is durable here."""
        raise OSError("no log partition for %s" % name)

    def replace(self, name: str, blob: "bytes | bytearray", keep: str = "") -> None:  # noqa: ARG002
        """Raises OSError: nothing is durable here."""
        raise OSError("no log partition for %s" % name)

    def read_or_empty(self, name: str) -> bytes:  # noqa: ARG002
        """Nothing."""
        return b""

    def size_blocks(self) -> int:
        """As small as can be."""
        return 4
