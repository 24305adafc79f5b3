"""The app slot that does not run, as littlefs files: emptied, filled, read back, marked whole.

Knows: littlefs through `vfs`, folders, one open file. May not know: bundles, versions, the record
of the slots, when a slot may be touched. It is the one place of the firmware that formats.
"""

import os
from hashlib import sha256

import vfs

TYPE_CHECKING = False  # MicroPython has no typing
if TYPE_CHECKING:
    from io import FileIO

    from esp32 import Partition

_PIECE_BYTES = 1024
_FOLDER = 0x4000  # of ilistdir


class AppSlot:
    """One partition, mounted at `path` from the first call on. Methods raise OSError."""

    def __init__(self, partition: "Partition", path: str) -> None:
        self._partition = partition
        self._path = path
        self._mounted = False
        self._file: "FileIO | None" = None

    def erase(self) -> None:
        """Empties it, whatever it held."""
        self.close()
        vfs.VfsLfs2.mkfs(self._partition, progsize=256, readsize=32)
        self._mount()

    def _mount(self) -> None:
        if not self._mounted:
            store = vfs.VfsLfs2(self._partition, progsize=256, readsize=32)  # type: ignore[abstract]
            vfs.mount(store, self._path)
            self._mounted = True

    def sizes(self, folder: str = "") -> "dict[str, int]":
        """Size in bytes of every file by its name, folders and all; raises where none mounts."""
        self._mount()
        found: dict[str, int] = {}
        for entry in os.ilistdir(self._path + "/" + folder):
            name = folder + entry[0]
            if entry[1] == _FOLDER:
                found.update(self.sizes(name + "/"))
            else:
                found[name] = os.stat(self._path + "/" + name)[6]
        return found

    def read(self, name: str) -> bytes:
        """The whole of a small file; b"" where there is none."""
        path = self._path + "/" + name
        try:
            self._mount()
            size_bytes = os.stat(path)[6]
            with open(path, "rb") as file:
                data: bytes = file.read(size_bytes)  # asked without a size it would take twice that
                return data
        except OSError:
            return b""

    def write(self, name: str, data: "bytes | memoryview", whole: bool) -> None:
        """Adds to `name`, which is open until it is `whole`; then it is on flash."""
        file = self._file
        if file is None:
            self._mount()
            self._make_folders(name)
            file = self._file = open(self._path + "/" + name, "wb")  # noqa: SIM115 - until whole
        file.write(data)
        if whole:
            self._file = None
            file.close()

    def _make_folders(self, name: str) -> None:
        at = name.find("/")
        while at >= 0:
            try:
                os.mkdir(self._path + "/" + name[:at])
            except OSError:  # there already, or the file will not open either
                pass
            at = name.find("/", at + 1)

    def digest(self, name: str) -> "tuple[int, bytes]":
        """(size in bytes, SHA-256) of what stands on flash under `name`."""
        sum_of = sha256()
        size = 0
        buffer = bytearray(_PIECE_BYTES)
        view = memoryview(buffer)
        with open(self._path + "/" + name, "rb") as file:
            count = file.readinto(buffer)
            while count:
                size += count
                sum_of.update(view[:count])
                count = file.readinto(buffer)
        return size, sum_of.digest()

    def close(self) -> None:
        """Unmounts it; a file that was not whole is left as it is."""
        file, self._file = self._file, None
        try:
            if file is not None:
                file.close()
        finally:
            if self._mounted:
                self._mounted = False
                vfs.umount(self._path)
