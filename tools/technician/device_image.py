"""A whole device as one file: what stands where in the flash of a board that was just built.

Knows: littlefs images, the file's format. May not know: compilers, keys, ports.

The file: a line `anbu device image 1`, one line of JSON, the segments' bytes one after the other.
The same parts give the same bytes on any day. Whatever is cut off or changed in it is refused.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from hashlib import sha256

from littlefs import LittleFS, LittleFSError

from tools.technician import partitions as p
from tools.technician.micropython import APP_AT, Official, sized

_FIRST = b"anbu device image 1\n"
_PROGRAM_BYTES = {p.LOG: 256}  # as the firmware mounts it; the others by 32
BOOT, TABLE = "boot", "table"  # what has no row in the partition table


class BadImage(ValueError):  # noqa: N818 - says what is bad
    """No device image can be read or made; the text is one line."""


@dataclass(frozen=True, slots=True)
class Segment:
    """Bytes and where they begin in the flash."""

    at: int
    data: bytes


@dataclass(frozen=True, slots=True)
class DeviceImage:
    """What is flashed. `signer`: the public key whose updates the device shall trust, 64 bytes."""

    board: p.Board
    version: int
    micropython: str
    idf: str
    signer: bytes
    segments: Mapping[str, Segment]

    def with_data(self, label: str, data: bytes) -> DeviceImage:
        """The same with other bytes in one partition. Raises BadImage where they do not fit."""
        row = p.part(self.board.table, label)
        _fits(label, data, row.size)
        return replace(self, segments={**self.segments, label: Segment(row.offset, data)})


def build(
    board: p.Board,
    official: Official,
    *,
    version: int,
    signer: bytes,
    root: Mapping[str, bytes],
    slot: Mapping[str, bytes],
) -> DeviceImage:
    """The image of a board: `root` beside the slots, `slot` in the first app slot.

    NVS and keys are blank: provisioning writes them. Raises BadImage where something does not fit.
    """
    refuse_chip(board, official)
    rows = {row.label: row for row in board.table}
    _fits("factory", official.app, rows["factory"].size)
    segments = {
        p.NVS: Segment(rows[p.NVS].offset, b"\xff" * rows[p.NVS].size),
        p.KEYS: Segment(rows[p.KEYS].offset, b"\xff" * rows[p.KEYS].size),
        BOOT: Segment(board.chip.boot_at, sized(official.boot, board.flash_mib)),
        "factory": Segment(APP_AT, official.app),
    }
    for label, files in ((p.ROOT, root), (p.SLOT_A, slot), (p.SLOT_B, {}), (p.LOG, {})):
        row = rows[label]
        segments[label] = Segment(row.offset, file_system(label, files, row.size))
    # Last: where this table stands, all the rest does.
    segments[TABLE] = Segment(p.TABLE_AT, p.encode(board.table))
    return DeviceImage(board, version, official.version, official.idf, signer, segments)


def refuse_chip(board: p.Board, official: Official) -> None:
    """Nothing where this MicroPython is for the board's chip. Raises BadImage."""
    if official.chip != board.chip:
        raise BadImage(
            f"this MicroPython is for {official.chip.name}, {board.name} has {board.chip.name}"
        )


def _fits(label: str, data: bytes, size: int) -> None:
    if len(data) > size:
        raise BadImage(f"{label} does not fit: {len(data)} bytes, its partition has {size}")


def file_system(label: str, files: Mapping[str, bytes], size: int) -> bytes:
    """A littlefs of these files, without the blank blocks behind them. Raises BadImage."""
    store = LittleFS(
        block_size=p.BLOCK,
        block_count=size // p.BLOCK,
        prog_size=_PROGRAM_BYTES.get(label, 32),
        read_size=32,
    )
    try:
        for name, data in sorted(files.items()):
            folder = name.rpartition("/")[0]
            if folder:
                store.makedirs(folder, exist_ok=True)
            with store.open(name, "wb") as file:
                file.write(data)
    except (LittleFSError, OSError) as error:
        total = sum(map(len, files.values()))
        raise BadImage(f"{label} does not fit: {total} bytes of files in {size}") from error
    data = bytes(store.context.buffer)
    used = len(data.rstrip(b"\xff"))
    return data[: -(-used // p.BLOCK) * p.BLOCK]


def pack(image: DeviceImage) -> bytes:
    """The file."""
    head = {
        "board": image.board.name,
        "chip": image.board.chip.name,
        "flash_mib": image.board.flash_mib,
        "version": image.version,
        "micropython": image.micropython,
        "idf": image.idf,
        "signer": image.signer.hex(),
        "segments": [
            {
                "label": label,
                "at": segment.at,
                "bytes": len(segment.data),
                "sha256": sha256(segment.data).hexdigest(),
            }
            for label, segment in image.segments.items()
        ],
    }
    line = json.dumps(head).encode()
    check = sha256(line).hexdigest().encode()
    bodies = b"".join(segment.data for segment in image.segments.values())
    return _FIRST + check + b" " + line + b"\n" + bodies


def unpack(data: bytes) -> DeviceImage:
    """The image in a file. Raises BadImage where it is another's, cut off or changed."""
    if not data.startswith(_FIRST):
        raise BadImage("this is no device image: make one with anbu image --micropython")
    line, newline, bodies = data[len(_FIRST) :].partition(b"\n")
    check, _blank, head_line = line.partition(b" ")
    if not newline or sha256(head_line).hexdigest().encode() != check:
        raise BadImage("the image's head is cut off or changed: copy the file again")
    head = json.loads(head_line)
    known = p.BOARDS.get(head["board"])
    if known is None or known.chip.name != head["chip"] or head["flash_mib"] not in p.TABLES:
        raise BadImage(f"the image is for {head['board']}, which this program does not know")
    board = replace(known, flash_mib=head["flash_mib"])
    segments = _segments(head["segments"], bodies)
    if TABLE not in segments or segments[TABLE].data != p.encode(board.table):
        raise BadImage("another version of anbu made this image: make it anew with anbu image")
    return DeviceImage(
        *(board, head["version"], head["micropython"], head["idf"]),
        bytes.fromhex(head["signer"]),
        segments,
    )


def _segments(rows: list[dict[str, object]], bodies: bytes) -> dict[str, Segment]:
    found, at = {}, 0
    for row in rows:
        label, size = str(row["label"]), int(str(row["bytes"]))
        body = bodies[at : at + size]
        if len(body) < size:
            raise BadImage(f"the image is cut off in {label}: copy the file again")
        if sha256(body).hexdigest() != row["sha256"]:
            raise BadImage(f"the image is changed in {label}, its SHA-256 is wrong: copy it again")
        found[label] = Segment(int(str(row["at"])), body)
        at += size
    if at != len(bodies):
        raise BadImage(f"{len(bodies) - at} bytes too many behind the image: copy the file again")
    return found
