"""What was taken off a broken device, and what goes back into it. Decides; touches nothing.

Knows: partitions as bytes, a log's files, the firmware's records. May not know: ports, folders.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from anbu_wire.errors import RemoteProtocolError
from anbu_wire.messages import RECORD_BYTES, decode_record
from tools.technician import nvs_image
from tools.technician import partitions as p
from tools.technician.device_image import BadImage, file_system
from tools.technician.provisioning import identity as ids
from tools.technician.said import Exit, Refused

TAKEN = (p.NVS, p.KEYS, p.LOG)
_SLOTS_SPACE = "anbu_slots"  # which app slot runs: the new image begins anew
_LOG_SUFFIX = ".log"
_SCHEDULE = "schedule"


@dataclass(frozen=True, slots=True)
class Salvage:
    """The partitions as they were read; `files` of the log, None where it cannot be mounted."""

    nvs: bytes = field(repr=False)
    keys: bytes = field(repr=False)
    log: bytes = field(repr=False)
    files: Mapping[str, bytes] | None = field(repr=False)

    @property
    def spaces(self) -> dict[str, dict[str, nvs_image.Value]]:
        """What its NVS held, with what only the second copy has; no choice of a slot."""
        try:
            found = nvs_image.decode(self.nvs)
        except nvs_image.NvsError:
            found = {}
        for (space, key), value in ids.read_spare(self.keys).items():
            found.setdefault(space, {}).setdefault(key, value)
        return {space: values for space, values in found.items() if space != _SLOTS_SPACE}

    @property
    def serial(self) -> str:
        """Who it says it is, "" where nothing says so."""
        return ids.serial_in(ids.blobs(self.spaces))

    @property
    def empty(self) -> bool:
        """Whether nothing of a device is left: no name, no file."""
        return not self.serial and not self.files

    @property
    def records(self) -> int:
        """How many whole records its log holds."""
        logs = [data for name, data in (self.files or {}).items() if name.endswith(_LOG_SUFFIX)]
        return sum(_whole(data) for data in logs)

    @property
    def has_schedule(self) -> bool:
        """Whether a schedule stands in its log partition."""
        return _SCHEDULE in (self.files or {})


@dataclass(frozen=True, slots=True)
class Fresh:
    """What takes the place of what is lost: a new log's epoch, a count no plug has reached yet."""

    epoch: int
    count: int


def salvage(taken: Mapping[str, bytes]) -> Salvage:
    """Of the partitions TAKEN, by label."""
    return Salvage(taken[p.NVS], taken[p.KEYS], taken[p.LOG], ids.log_files(taken[p.LOG]))


def _whole(data: bytes) -> int:
    count = 0
    for at in range(0, len(data) - RECORD_BYTES + 1, RECORD_BYTES):
        try:
            decode_record(data[at : at + RECORD_BYTES])
        except RemoteProtocolError:
            continue
        count += 1
    return count


def put_back(
    found: Salvage, noted: ids.Identity | None, table: tuple[p.Partition, ...], fresh: Fresh
) -> dict[str, bytes]:
    """The bytes of each partition TAKEN, as they go back, padded to its size.

    `noted`: the ledger's identity of this board, for what the device lost. Raises Refused where
    nobody knows who the device is.
    """
    if noted is not None:
        _refuse_another(found, noted)
    spaces = found.spaces
    for space, values in (noted.spaces() if noted else {}).items():
        spaces[space] = {**values, **spaces.get(space, {})}
    keys = ids.blobs(spaces)
    if not ids.usable(keys):
        then = "give the workshop's --ledger; or anbu bench-line makes a new device of it"
        raise Refused("no copy of the device's keys can be read", then, Exit.BOARD)
    ids.count_on(spaces, found.spaces, fresh.count)
    parts = {label: p.part(table, label) for label in TAKEN}
    own = {space: keys_of for space, keys_of in spaces.items() if space.startswith(ids.SPACE)}
    back = {
        p.LOG: _log(found, parts[p.LOG].size, fresh.epoch),
        p.KEYS: ids.spare(keys),
        p.NVS: nvs_image.encode(own, parts[p.NVS].size),
    }
    return {label: data.ljust(parts[label].size, b"\xff") for label, data in back.items()}


def _refuse_another(found: Salvage, noted: ids.Identity) -> None:
    """A MAC alone is no proof: the serial on the device is, or its log's epoch. Raises Refused."""
    if found.serial == noted.serial:
        return
    if found.serial:
        wrong = f"it holds {found.serial}, the ledger says {noted.serial} of this board"
        then = "find out which is right; without --ledger it stays what it says"
        raise Refused(wrong, then, Exit.BOARD)
    if ids.epoch_of(found.files or {}) != noted.epoch:
        wrong = f"nothing on it but its MAC says that it is {noted.serial}: no keys, no log"
        raise Refused(wrong, "anbu bench-line --again makes a new device of it", Exit.BOARD)


def _log(found: Salvage, size: int, epoch: int) -> bytes:
    if found.files is None:
        return ids.empty_log(epoch, size)
    if len(found.log) == size:
        return found.log  # byte for byte
    try:
        return file_system(p.LOG, found.files, size)
    except BadImage as error:
        then = "take a board with as much flash as the old one"
        raise Refused(f"its log does not fit this board: {error}", then, Exit.BOARD) from error
