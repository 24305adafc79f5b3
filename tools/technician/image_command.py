"""`anbu image`: an update bundle, or with an official MicroPython a whole device, as one file.

Knows: the command's words, key files, the list of MicroPythons that were seen to be the official
ones. May not know: how either file is made.
"""

from __future__ import annotations

import argparse
import json
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

from anbu_wire import bundle as b
from tools.technician import partitions as p
from tools.technician.bundle import slot_files
from tools.technician.device_image import BadImage, DeviceImage, build, pack, refuse_chip
from tools.technician.image import TARGETS, ImageError, folders, make, root_files
from tools.technician.micropython import IDF_NEWEST, NotOfficial, Official, idf_known, read
from tools.technician.said import Exit, Refused, Said, Told, hold, write_whole
from tools.technician.signing import (
    KeyFileError,
    PrivateKey,
    draw_key,
    draw_nothing,
    load_key,
    public_bytes,
)

KNOWN = Path(__file__).with_name("micropython_known.json")  # SHA-256 of a file: what it is


def main(arguments: argparse.Namespace) -> int:
    """Makes the file; returns the exit code."""
    return hold(arguments, lambda said: _made(arguments, said))


def _made(arguments: argparse.Namespace, said: Said) -> Told:
    try:
        official = _official(arguments)
        signer, new_key = _keys(arguments, dry=said.dry)
        board, version = arguments.board, arguments.version
        bundle = make(arguments.target, version, signer, new_key, board)
        ours = public_bytes(signer)
        image = _device(arguments, official, bundle, ours) if official else None
    except KeyFileError as error:
        raise Refused(str(error), code=Exit.USAGE) from error
    except (BadImage, NotOfficial) as error:
        raise Refused(str(error), code=Exit.BOARD) from error
    except ImageError as error:
        raise Refused(str(error)) from error
    data = pack(image) if image else bundle
    if not said.dry:
        write_whole(arguments.out, data)
    told = _told(arguments, bundle, data, image)
    said.say(("would write " if said.dry else "") + _line(told))
    return told


def _official(arguments: argparse.Namespace) -> Official | None:
    """The MicroPython handed over. Raises NotOfficial, Refused, OSError."""
    if arguments.micropython is None:
        return None
    try:
        official = read(arguments.micropython.read_bytes())
    except NotOfficial as error:
        raise NotOfficial(f"{arguments.micropython}: {error}") from error
    if not idf_known(official.idf):
        newest = ".".join(map(str, IDF_NEWEST))
        wrong = f"{arguments.micropython} stands on ESP-IDF {official.idf}"
        raise Refused(wrong, f"take one on {newest} or older", Exit.BOARD)
    known = json.loads(KNOWN.read_text(encoding="utf-8"))
    if official.digest not in {*known, arguments.accept.lower()}:
        wrong = f"MicroPython {official.version} with SHA-256 {official.digest} is not on the list"
        then = "compare it with the page you had it from, then give it with --accept"
        raise Refused(wrong, then, Exit.BOARD)
    refuse_chip(_board(arguments), official)  # before anything is compiled
    return official


def _board(arguments: argparse.Namespace) -> p.Board:
    """The board meant. Raises ImageError."""
    folders(arguments.target, arguments.board)
    board = p.BOARDS[arguments.board or next(iter(TARGETS[arguments.target]))]
    return replace(board, flash_mib=arguments.flash_mib or board.flash_mib)


def _device(
    arguments: argparse.Namespace, official: Official, bundle: bytes, signer: bytes
) -> DeviceImage:
    board = _board(arguments)
    manifest = b.Manifest(bundle[: b.head_bytes(bundle)])
    return build(
        board,
        official,
        version=manifest.version,
        signer=signer,
        root=root_files(),
        slot=slot_files(bundle),
    )


def _keys(arguments: argparse.Namespace, *, dry: bool) -> tuple[PrivateKey, PrivateKey | None]:
    """(who signs, who is introduced). A first key is drawn and signs by itself."""
    folders(arguments.target, arguments.board)  # no key is drawn for a board that is not there
    draw = draw_nothing if dry else draw_key
    key, new_key = arguments.key, arguments.new_key
    if key is None:
        if new_key is None:
            raise KeyFileError("who signs? give --key FILE, or --new-key FILE to draw a first key")
        return draw(new_key), None
    signer = load_key(key)
    if new_key is None:
        return signer, None
    return signer, load_key(new_key) if new_key.exists() else draw(new_key)


def _told(
    arguments: argparse.Namespace, bundle: bytes, data: bytes, image: DeviceImage | None
) -> Told:
    manifest = b.Manifest(bundle[: b.head_bytes(bundle)])
    told: Told = {
        "target": arguments.target,
        "board": manifest.board.decode(),
        "version": manifest.version,
        "mpy": manifest.mpy,
        "files": manifest.count,
        "bytes": len(data),
        "sha256": sha256(data).hexdigest(),
        "key_id": manifest.key_id.hex(),
        "new_key_id": b.key_id(manifest.new_key).hex() if manifest.new_key else None,
        "out": str(arguments.out),
    }
    if image is None:
        return told
    rows = {row.label: row for row in image.board.table}
    return told | {
        "chip": image.board.chip.name,
        "flash_mib": image.board.flash_mib,
        "micropython": image.micropython,
        "idf": image.idf,
        "segments": [
            {
                "label": label,
                "at": segment.at,
                "bytes": len(segment.data),
                "room": rows[label].size if label in rows else None,
            }
            for label, segment in image.segments.items()
        ],
    }


def _line(told: Told) -> str:
    line = (
        f"{told['out']}: {told['board']} version {told['version']}, {told['files']} files, "
        f"{told['bytes']} bytes, signed by {told['key_id']}"
    )
    if told["new_key_id"]:
        line += f", introduces {told['new_key_id']}"
    if "chip" in told:
        line += f", on MicroPython {told['micropython']} for {told['chip']}"
    return line
