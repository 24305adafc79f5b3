"""`python -m hardware`: everything a maker needs, from this folder's data into build/hardware.

Knows: every room of hardware, in which order they work. May not know: how anything is made.
Exit 0: all was written. 1: a program is missing or failed. 2: the data is refused, every mistake
of it at once, a line each: file, key, rule, what is wrong.
"""

from __future__ import annotations

import argparse
import hashlib
import shutil
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeVar

from gateway.report.press import ReportError
from hardware import enclosure, generate, guide
from hardware.enclosure import measures
from hardware.enclosure.plan import Plan
from hardware.generate import pins_py
from hardware.guide import book, showing
from hardware.load import load
from hardware.read import HERE, look
from hardware.shapes import Hardware, Refused

T = TypeVar("T")
ROOT = HERE.parent
INTO = ROOT / "build/hardware"
SUMS = "sha256sums.txt"
# Program → the Debian package that has it.
PROGRAMS = {"dot": "graphviz"}
EXIT_FAILED, EXIT_REFUSED = 1, 2


class Missing(Exception):  # noqa: N818 - what is so, not an error of ours
    """A program is not installed; the line says which package has it."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Builds all, or the firmware's pins; gives the exit code."""
    asked = _parser().parse_args(arguments)
    try:
        if asked.pins:
            written = pins_py.write(ROOT, load(asked.data))
            return _told(written, "hardware: every pins.py is as pins.toml says")
        if asked.show:
            return _told(showing.show(load(asked.data), asked.into, ROOT / "docs/pictures"), "")
        build(asked.data, asked.into)
    except Refused as refused:
        print("\n".join(refused.lines), file=sys.stderr)
        return EXIT_REFUSED
    except (Missing, ReportError, RuntimeError, OSError) as error:
        print(f"hardware: {error}", file=sys.stderr)
        return EXIT_FAILED
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m hardware", description="Build the hardware.")
    parser.add_argument("--into", type=Path, default=INTO, metavar="FOLDER", help="build/hardware")
    data = "where pins.toml, parts.toml, circuits, enclosure and guide lie (this room)"
    parser.add_argument("--data", type=Path, default=HERE, metavar="FOLDER", help=data)
    pins = "write the firmware's pins.py files instead"
    parser.add_argument("--pins", action="store_true", help=pins)
    show = "write the README's pictures from what was built"
    parser.add_argument("--show", action="store_true", help=show)
    return parser


def _told(written: Sequence[Path], nothing: str) -> int:
    """Names what was written below the repository's root."""
    print("\n".join(str(path.relative_to(ROOT)) for path in written) or nothing)
    return 0


def build(data: Path, into: Path) -> list[Path]:
    """Writes everything below `into`; what a former run wrote there and this does not is gone.

    Raises Refused before anything is written, Missing where a program is not installed.
    """
    hardware, texts = looked_at(data)
    _programs()
    forget(into)
    into.mkdir(parents=True, exist_ok=True)
    plan = Plan(measures.read(data / "enclosure/enclosure.toml", data / "parts.toml"))
    rooms: dict[str, Callable[[], list[Path]]] = {
        "circuits": lambda: generate.everything(hardware, into),
        "enclosure": lambda: enclosure.build(into, data),
        "guide": lambda: guide.everything(hardware, texts, plan, enclosure.printed(data), into),
    }
    written: list[Path] = []
    for name, room in rooms.items():
        begin = time.monotonic()
        files = room()
        written += files
        print(f"hardware: {name}: {len(files)} files, {time.monotonic() - begin:.1f} s", flush=True)
    remember(into, written)
    print(f"hardware: {len(written)} files in {into}: guide/assembly.pdf, signal-sheet.pdf, …")
    return written


def looked_at(data: Path) -> tuple[Hardware, book.Book]:
    """What is built from; Refused with the mistakes of every room."""
    mistakes: list[str] = []
    hardware = _taken(lambda: load(data), mistakes) or look(data)[0]
    texts = None
    if hardware.circuits:  # without them every name in the texts would be wrong
        texts = _taken(lambda: book.read(hardware, data / "guide"), mistakes)
    mistakes += enclosure.check(data)
    if mistakes or texts is None:
        raise Refused(mistakes)
    parts, circuits = len(hardware.parts), len(hardware.circuits)
    print(f"hardware: {len(hardware.boards)} boards, {parts} parts, {circuits} circuits hold")
    return hardware, texts


def _taken(room: Callable[[], T], mistakes: list[str]) -> T | None:
    """What the room read; None where it refused, with its lines kept."""
    try:
        return room()
    except Refused as refused:
        mistakes += refused.lines
        return None


def _programs() -> None:
    missing = {name: package for name, package in PROGRAMS.items() if not shutil.which(name)}
    if missing:
        names, packages = ", ".join(missing), " ".join(missing.values())
        raise Missing(f"{names} is not installed: apt-get install {packages}")


def remember(into: Path, written: Sequence[Path]) -> None:
    """Notes what was written, as `sha256sum --check` reads it."""
    lines = [
        f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.relative_to(into)}\n"
        for path in sorted(written)
    ]
    (into / SUMS).write_text("".join(lines), encoding="utf-8")


def forget(into: Path) -> None:
    """Removes what the former run noted, and nothing else."""
    sums = into / SUMS
    if sums.is_file():
        for line in sums.read_text(encoding="utf-8").splitlines():
            (into / line.partition("  ")[2]).unlink(missing_ok=True)
        sums.unlink()


if __name__ == "__main__":
    sys.exit(main())
