"""The pictures that the README shows, taken from what was built.

Knows: which they are, poppler's command line, a picture's stamp. May not know: what is on them.
"""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from pathlib import Path

from hardware.guide import pictures
from hardware.guide.wall import Wall
from hardware.shapes import Hardware
from tools.draw import png

BOX, WIRING, SHEET = "hardware-box.png", "hardware-wiring.svg", "hardware-sheet.png"
_DPI = "100"


def show(hardware: Hardware, built: Path, into: Path) -> list[Path]:
    """Writes box, wiring and signal sheet into `into`, from what lies in `built`.

    The sheet is stamped with what it was made from: poppler's pixels differ between versions.
    """
    shutil.copy(built / "enclosure/pictures/closed.png", into / BOX)
    drawn = pictures.overview(hardware.circuits["pillbox"])
    (into / WIRING).write_text(drawn, encoding="utf-8")
    (into / SHEET).write_bytes(sheet(built / "signal-sheet.pdf"))
    return [into / name for name in (BOX, WIRING, SHEET)]


def sheet(pdf: Path) -> bytes:
    """The signal sheet as a stamped PNG. RuntimeError where poppler is not installed."""
    if not shutil.which("pdftoppm"):
        raise RuntimeError("pdftoppm is not installed: apt-get install poppler-utils")
    with tempfile.TemporaryDirectory() as folder:
        goal = Path(folder) / "sheet"
        command = ("pdftoppm", "-r", _DPI, "-png", "-singlefile", str(pdf), str(goal))
        subprocess.run(command, check=True, capture_output=True)  # noqa: S603 - of Debian, our own file
        return png.with_stamp(goal.with_suffix(".png").read_bytes(), Wall().html())
