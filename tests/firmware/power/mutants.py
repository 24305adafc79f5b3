"""Faults planted in the store, one at a time: the cuts must find each.

Knows: the firmware's classes it spoils. Runs under MicroPython. May not know: cuts, the oracle.
"""

from anbu_device.core.journal import Journal
from anbu_device.edge.disk import Disk
from anbu_wire.messages import Record

TYPE_CHECKING = False  # MicroPython has no typing
if TYPE_CHECKING:
    from collections.abc import Callable


def no_flush() -> None:
    """A record is told before it is on flash."""

    def append(self: Disk, name: str, blob: bytes, fresh: bool = False) -> None:
        if self._file is None or fresh or self._name != name:
            self.close()
            self._file = open(self._path + "/" + name, "wb" if fresh else "ab")  # type: ignore[assignment]  # noqa: PTH123, SIM115
            self._name = name
        self._file.write(blob)  # type: ignore[union-attr]

    Disk.append = append  # type: ignore[method-assign]


def schedule_in_place() -> None:
    """The old schedule is emptied before the new one is whole."""

    def replace(self: Disk, name: str, blob: "bytes | bytearray", keep: str = "") -> None:
        with open(self._path + "/" + name, "wb") as file:  # noqa: PTH123
            file.flush()
            file.write(blob)

    Disk.replace = replace  # type: ignore[method-assign]


def schedule_without_rename() -> None:
    """The new schedule is written, the old one removed, then the new one named."""
    whole = Disk.replace

    def replace(self: Disk, name: str, blob: "bytes | bytearray", keep: str = "") -> None:
        for old in (name, keep):
            if old in [file[0] for file in self.files()]:
                self.remove(old)
        whole(self, name, blob)

    Disk.replace = replace  # type: ignore[method-assign]


def frees_unacknowledged() -> None:
    """Room is made of what nobody has committed."""

    def freeable(self: Journal) -> "list[int]":
        return [segment[0] for segment in self._segments[:-1]]

    Journal.freeable = freeable  # type: ignore[method-assign]


def forgets_an_empty_segment() -> None:
    """After a cut between a segment's name and its first record the full one before grows."""
    whole = Journal.read_in

    def read_in(
        self: Journal, first_seq: int, data: bytes, seen: "Callable[[Record], None]"
    ) -> None:
        whole(self, first_seq, data, seen)
        self._sealed = self._sealed and len(data) > 0

    Journal.read_in = read_in  # type: ignore[method-assign]


def fresh_each_start() -> None:
    """After a start the last segment is begun anew."""
    whole = Disk.append

    def append(self: Disk, name: str, blob: bytes, fresh: bool = False) -> None:
        whole(self, name, blob, fresh or self._file is None)

    Disk.append = append  # type: ignore[method-assign]


MUTANTS = {
    "no_flush": no_flush,
    "schedule_in_place": schedule_in_place,
    "schedule_without_rename": schedule_without_rename,
    "frees_unacknowledged": frees_unacknowledged,
    "forgets_an_empty_segment": forgets_an_empty_segment,
    "fresh_each_start": fresh_each_start,
}
