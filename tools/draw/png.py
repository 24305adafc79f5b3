"""A drawn picture as a PNG to print, made by the browser and stamped with what it was made from.

Knows: chromium's command line, PNG's chunks. May not know: what the picture shows.
"""

from __future__ import annotations

import shutil
import struct
import subprocess
import tempfile
import zlib
from pathlib import Path

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
SIZE_PX = (1240, 1754)  # A4 at 150 dots an inch
_KEY = b"Source CRC"
_END = struct.pack(">I4sI", 0, b"IEND", zlib.crc32(b"IEND"))
_LIMIT_S = 60


def stamp(svg: str) -> bytes:
    """What tells a picture made from this SVG from one made from another."""
    return b"%08x" % zlib.crc32(svg.encode())


def stamped(png: bytes) -> bytes:
    """The stamp in a PNG, empty where there is none."""
    _before, found, behind = png.partition(b"tEXt" + _KEY + b"\0")
    return behind[:8] if found else b""


def with_stamp(png: bytes, svg: str) -> bytes:
    """The PNG with a text chunk before its end. Raises ValueError for what is no whole PNG."""
    if not png.endswith(_END):
        raise ValueError("the browser wrote no whole PNG")
    body = b"tEXt" + _KEY + b"\0" + stamp(svg)
    chunk = struct.pack(">I", len(body) - 4) + body + struct.pack(">I", zlib.crc32(body))
    return png.removesuffix(_END) + chunk + _END


def rendered(svg: str) -> bytes | None:
    """The picture as a stamped PNG, None where no browser is installed."""
    browser = next((path for path in map(shutil.which, BROWSERS) if path), None)
    if browser is None:
        return None
    with tempfile.TemporaryDirectory() as folder:
        page, shot = Path(folder) / "page.html", Path(folder) / "shot.png"
        wide, high = SIZE_PX
        Path(folder, "sheet.svg").write_text(svg, encoding="utf-8")
        image = f'<img src="sheet.svg" width="{wide}" height="{high}">'
        page.write_text(f'<body style="margin:0">{image}', encoding="utf-8")
        subprocess.run(
            [
                browser, "--headless", "--no-sandbox", "--disable-gpu", "--disable-sync",
                "--disable-background-networking", "--disable-component-update",
                "--hide-scrollbars", f"--user-data-dir={folder}/profile",
                f"--window-size={wide},{high}", f"--screenshot={shot}", page.as_uri(),
            ],
            check=True, capture_output=True, timeout=_LIMIT_S,
        )  # fmt: skip
        return with_stamp(shot.read_bytes(), svg)
