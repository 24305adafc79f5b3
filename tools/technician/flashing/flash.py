"""Flashes one board: looks before it touches, writes what is missing, hears the chip's own hash.

Knows: the order of it. May not know: esptool (wire), why an image does not fit (judged), terminals.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import md5

from tools.technician import partitions as p
from tools.technician.device_image import TABLE, DeviceImage
from tools.technician.flashing.judged import (
    Piece,
    State,
    pieces,
    refuse_locked,
    refuse_misfit,
    refuse_moved,
    refuse_used,
    refuse_wiring,
    state,
)
from tools.technician.flashing.places import Place
from tools.technician.flashing.running import Readable, boards
from tools.technician.flashing.wire import Chip, opened
from tools.technician.said import Refused

Told = Callable[[str, float], None]  # the board's MAC, the share that stands in its flash


@dataclass(frozen=True, slots=True)
class Flashed:
    """What became of one board. `kept_bytes`: stood there already."""

    place: Place
    mac: str
    chip: str
    before: State
    written_bytes: int
    kept_bytes: int


class Stopped(Exception):  # noqa: N818 - somebody wished it
    """Stopped between two pieces."""


def flash_at(
    place: Place,
    image: DeviceImage,
    told: Told,
    *,
    again: bool = False,
    dry: bool = False,
    stop: threading.Event | None = None,
) -> Flashed:
    """Flashes the board at a port and starts it. Raises Refused, Stopped."""
    with opened(place) as chip:
        done = flash(chip, place, image, told, again=again, dry=dry, stop=stop)
        if not dry:
            chip.restart()
    return done


def flash(
    chip: Chip,
    place: Place,
    image: DeviceImage,
    told: Told,
    *,
    again: bool = False,
    moves: bool = False,
    dry: bool = False,
    stop: threading.Event | None = None,
) -> Flashed:
    """Flashes a board whose boot loader answers already. Raises Refused, Stopped.

    `moves`: who calls this writes keys and log anew.
    """
    before = look(chip, place, image, again=again, moves=moves)
    wanted = pieces(image, again=before is State.IN_USE)
    missing = _missing(chip, wanted)
    if missing and before is State.FLASHED:  # the table is erased first, so it is written again
        missing = [*(piece for piece in missing if piece.label != TABLE), wanted[-1]]
    total = sum(len(piece.data) for piece in wanted)
    lacking = sum(len(piece.data) for piece in missing)
    if not dry:
        _write(_Run(chip, told, total, total - lacking, stop), missing, before)
    return Flashed(place, chip.mac, chip.name, before, lacking, total - lacking)


def look(
    chip: Chip, place: Place, image: DeviceImage, *, again: bool = False, moves: bool = False
) -> State:
    """What the board holds, where the image may go onto it. Raises Refused with exit 4."""
    refuse_misfit(image, str(place), chip.name, chip.flash_bytes)
    if chip.locked:
        raise refuse_locked(str(place))
    table = chip.read(p.TABLE_AT, p.TABLE_BYTES)
    before = _state(chip, image.board, table)
    if before is State.IN_USE and not again:
        raise refuse_used(str(place), chip.mac)
    if before is State.IN_USE and not moves and table != p.encode(image.board.table):
        raise refuse_moved(str(place), chip.mac)
    if before is State.IN_USE and not moves:
        refuse_another(chip, place, image)
    return before


def refuse_another(chip: Readable, place: Place, image: DeviceImage) -> None:
    """Two boards may have one chip, but not one wiring. Raises Refused with exit 4."""
    named = boards(chip, image.board.table) - {image.board.name}
    if named:
        raise refuse_wiring(str(place), chip.mac, " and ".join(sorted(named)), image.board.name)


def _state(chip: Chip, board: p.Board, table: bytes) -> State:
    nvs, keys = p.part(board.table, p.NVS), p.part(board.table, p.KEYS)
    blank = md5(b"\xff" * nvs.size, usedforsecurity=False).hexdigest()
    return state(
        table,
        nvs_blank=chip.md5(nvs.offset, nvs.size) == blank,
        keys=chip.read(keys.offset, len(p.KEYS_MAGIC)),
    )


def _missing(chip: Chip, wanted: list[Piece]) -> list[Piece]:
    return [piece for piece in wanted if chip.md5(piece.at, len(piece.data)) != piece.md5]


@dataclass(slots=True)
class _Run:
    chip: Chip
    told: Told
    total: int
    done: int
    stop: threading.Event | None

    def tell(self) -> None:
        self.told(self.chip.mac, self.done / self.total)


def _write(run: _Run, missing: list[Piece], before: State) -> None:
    run.tell()
    if before is State.FLASHED and missing:
        # Until all of it stands again, nobody shall take this board for a whole one.
        run.chip.erase(p.TABLE_AT, p.BLOCK)
    for piece in missing:
        if run.stop is not None and run.stop.is_set():
            raise Stopped("stopped by hand")
        try:
            run.chip.write(piece.at, piece.data)
        except Refused as refused:
            share = f"{refused.wrong}, {100 * run.done // run.total} % of it stands"
            raise Refused(share, refused.then, refused.code) from refused
        run.done += len(piece.data)
        run.tell()
