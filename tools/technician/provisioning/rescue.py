"""`anbu rescue`: log, schedule and keys off a broken device, a new program, and all of it back.

Knows: the order, folders of what was taken. May not know: what goes back (salvage), esptool.
Nothing is written to a device before all that was read stands on this disk; a rescue that was cut
off goes on from those files, and reads nothing anew that may be half written by then.
"""

from __future__ import annotations

import argparse
import json
import secrets
import socket
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import md5, sha256
from pathlib import Path

from tools.technician import partitions as p
from tools.technician.device_image import DeviceImage
from tools.technician.flashing import flash as flashing
from tools.technician.flashing.command import ask_for_supply, read_image
from tools.technician.flashing.places import Place, find
from tools.technician.flashing.wire import Chip, opened
from tools.technician.provisioning.identity import Identity
from tools.technician.provisioning.ledger import Ledger
from tools.technician.provisioning.salvage import TAKEN, Fresh, Salvage, put_back, salvage
from tools.technician.said import Exit, Refused, Said, Told, hold, write_whole

_MARK = "saved.json"  # written last: what it names is whole
_BEGUN = "put-back-begun"  # from then on the device may be half written
_DONE = "put-back"
_COUNTED_FROM_S = 1_767_225_600  # 2026: no plug is older, and none told anything twice a second
_OWNER, _OWNER_FOLDER = 0o600, 0o700


def main(arguments: argparse.Namespace) -> int:
    """Rescues one device; returns the exit code."""
    return hold(arguments, lambda said: _rescued(arguments, said))


def _rescued(arguments: argparse.Namespace, said: Said) -> Told:
    image = read_image(arguments)
    place = find(arguments.port, every=False)[0]
    if not said.dry:
        ask_for_supply(image, said)
    with opened(place) as chip, _ledger(arguments) as ledger:
        flashing.look(chip, place, image, again=True, moves=True)
        flashing.refuse_another(chip, place, image)
        noted = _noted(ledger, chip.mac, image)
        taken = _take(chip, image, said)
        found = salvage(taken)
        kept = _saved_before(arguments.keep, chip.mac, empty=found.empty)
        if said.dry:
            return _told(chip, salvage(kept.taken) if kept else found, noted)
        folder = kept.folder if kept else _save(arguments.keep, chip.mac, taken, found)
        if kept and kept.taken != taken and not found.empty:  # nothing is lost on the way
            also = _save(arguments.keep, chip.mac, taken, found)
            said.say(f"what it holds now is kept too: {also} ({_about(found)})")
        found = salvage(kept.taken) if kept else found
        told = _told(chip, found, noted) | {"folder": str(folder)}
        said.say(f"{'went on from' if kept else 'saved'}: {folder} ({_about(found)})")
        if not arguments.only_save:
            said.left = f"all that was read is in {folder}; run the same command, it goes on"
            back = _back(image, found, noted, said)
            (folder / _BEGUN).touch(mode=_OWNER)
            _put_back(chip, place, image, back)
            (folder / _DONE).touch(mode=_OWNER)
            chip.restart()
            said.say(f"{chip.mac}: {told['serial']} is back, with its keys and its log")
    return told


def _noted(ledger: Ledger | None, mac: str, image: DeviceImage) -> Identity | None:
    """Who this board is by the ledger. Raises Refused where the image is for another board."""
    row = ledger.row(mac) if ledger else None
    if row is None:
        return None
    if row.board != image.board.name:
        wrong = f"{mac} is {row.noted.identity.serial}, a {row.board}"
        raise Refused(wrong, f"take the image of a {row.board}", Exit.BOARD)
    return row.noted.identity


@contextmanager
def _ledger(arguments: argparse.Namespace) -> Iterator[Ledger | None]:
    if arguments.ledger is None:
        yield None
        return
    if not arguments.ledger.exists():  # a rescue makes no new one
        raise Refused(f"there is no ledger {arguments.ledger}", "look at the name", Exit.LEDGER)
    with Ledger(arguments.ledger, arguments.station or socket.gethostname()) as ledger:
        yield ledger


def _take(chip: Chip, image: DeviceImage, said: Said) -> dict[str, bytes]:
    """The partitions by the device's own table, or the image's. Raises Refused."""
    try:
        table = p.decode(chip.read(p.TABLE_AT, p.TABLE_BYTES))
        parts = [p.part(table, label) for label in TAKEN]
    except (ValueError, KeyError):
        said.say("its partition table cannot be read: our own is taken in its place")
        parts = [p.part(image.board.table, label) for label in TAKEN]
    return {part.label: chip.read(part.offset, part.size) for part in parts}


@dataclass(frozen=True, slots=True)
class _Saved:
    folder: Path
    taken: dict[str, bytes]


def _saved_before(keep: Path, mac: str, *, empty: bool) -> _Saved | None:
    """What was saved of this board and not put back; None where the board itself is the newest.

    A rescue that began to write is gone on with. One that only saved counts where the device has
    nothing any more (`empty`). Raises Refused where its files changed.
    """
    marks = sorted(keep.glob(f"{_name(mac)}-*/{_MARK}"), reverse=True)
    waiting = [mark for mark in marks if not (mark.parent / _DONE).exists()]
    begun = [mark for mark in waiting if (mark.parent / _BEGUN).exists()]
    for mark in [*begun, *(waiting if empty else [])]:
        about = json.loads(mark.read_text(encoding="utf-8"))
        if mark not in begun and not about["serial"]:
            continue
        return _Saved(mark.parent, _unchanged(mark.parent, about["sha256"]))
    return None


def _unchanged(folder: Path, hashes: Mapping[str, str]) -> dict[str, bytes]:
    taken = {label: (folder / f"{label}.bin").read_bytes() for label in TAKEN}
    changed = [label for label in TAKEN if sha256(taken[label]).hexdigest() != hashes[label]]
    if changed:
        wrong = f"{folder}/{changed[0]}.bin is not what was saved"
        raise Refused(wrong, "look for a copy of that folder; nothing was written")
    return taken


def _save(keep: Path, mac: str, taken: Mapping[str, bytes], found: Salvage) -> Path:
    """Everything that was read, on this disk; the folder. Raises OSError."""
    at = datetime.now(UTC).isoformat(timespec="seconds")
    folder = _new_folder(keep / f"{_name(mac)}-{at[:19].replace(':', '')}")
    for label, data in taken.items():
        write_whole(folder / f"{label}.bin", data, _OWNER)
    if found.files:
        (folder / p.LOG).mkdir(mode=_OWNER_FOLDER)
        for name, data in found.files.items():
            write_whole(folder / p.LOG / Path(name).name, data, _OWNER)
    about = {
        "mac": mac,
        "serial": found.serial,
        "at": at,
        "records": found.records,
        "sha256": {label: sha256(data).hexdigest() for label, data in taken.items()},
    }
    write_whole(folder / _MARK, json.dumps(about).encode(), _OWNER)
    return folder


def _new_folder(wished: Path) -> Path:
    """That, or with a number behind it where the same second had one. Raises OSError."""
    folder, number = wished, 1
    while folder.exists():
        number += 1
        folder = wished.with_name(f"{wished.name}-{number}")
    folder.mkdir(mode=_OWNER_FOLDER, parents=True)
    return folder


def _name(mac: str) -> str:
    return mac.replace(":", "")


def _back(
    image: DeviceImage, found: Salvage, noted: Identity | None, said: Said
) -> dict[str, bytes]:
    """What goes back into which partition. Raises Refused."""
    epoch = int.from_bytes(secrets.token_bytes(4), "little") or 1
    fresh = Fresh(epoch, int(time.time()) - _COUNTED_FROM_S)
    back = put_back(found, noted, image.board.table, fresh)
    if found.files is None:
        said.say("its log cannot be read: it begins anew; the bytes are in the folder")
    return back


def _put_back(chip: Chip, place: Place, image: DeviceImage, back: Mapping[str, bytes]) -> None:
    """The new program, then what was taken, where it does not stand there already."""
    for label, data in back.items():
        image = image.with_data(label, data)
    flashing.flash(chip, place, image, lambda _mac, _share: None, again=True, moves=True)
    for label, data in back.items():
        part = p.part(image.board.table, label)
        if chip.md5(part.offset, part.size) != md5(data, usedforsecurity=False).hexdigest():
            chip.write(part.offset, data)


def _about(found: Salvage) -> str:
    log = "a log that cannot be read" if found.files is None else f"{found.records} records"
    schedule = "a schedule" if found.has_schedule else "no schedule"
    return f"{found.serial or 'no serial'}, {log}, {schedule}"


def _told(chip: Chip, found: Salvage, noted: Identity | None) -> Told:
    return {
        "mac": chip.mac,
        "chip": chip.name,
        "serial": found.serial or (noted.serial if noted else None),
        "log_readable": found.files is not None,
        "records": found.records,
        "schedule": found.has_schedule,
    }
