"""A device's label as a picture: QR code, serial in large type, the text for whoever must type it.

Knows: segno, sizes on paper. May not know: where keys are kept, files. A label carries keys: it is
stuck inside the device's lid, and its file is for its owner only.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from html import escape

import segno

from gateway.label import KEY_BYTES, Label
from gateway.roster import CAREPLUG, PILLBOX

# A sheet of 24 labels, three a row, as every stationer has it (63.5 mm by 33.9 mm on A4).
WIDTH_MM, HEIGHT_MM = 63.5, 33.9
COLUMNS, ROWS = 3, 8
_GAP_MM, _LEFT_MM, _TOP_MM = 2.5, 7.2, 12.9
_QR_MM = 26
_GROUP, _LINE = 4, 4  # characters a group, groups a line
_NAMES = {PILLBOX: ("약상자", "pill box"), CAREPLUG: ("돌봄 플러그", "care plug")}
_FONT = "Noto Sans CJK KR, sans-serif"
_MONO = "Noto Sans Mono CJK KR, monospace"


def _code(label: Label) -> segno.QRCode:
    return segno.make_qr(str(label), error="m", boost_error=False)


def png(label: Label, scale: int = 8) -> bytes:
    """The QR code alone, `scale` pixels a module."""
    out = io.BytesIO()
    _code(label).save(out, kind="png", scale=scale)
    return out.getvalue()


def svg(label: Label) -> str:
    """The whole label."""
    out = io.BytesIO()
    _code(label).save(out, kind="svg", xmldecl=False, svgns=False, border=4, omitsize=True)
    picture = out.getvalue().decode().strip()
    picture = picture.replace(
        "<svg ", f'<svg x="0.5" y="0.5" width="{_QR_MM}" height="{_QR_MM}" ', 1
    )
    korean, english = _NAMES[label.kind]
    typed = "".join(
        f'<text x="27.5" y="{14.6 + 2.7 * n:.1f}" font-size="2.3" font-family="{_MONO}">'
        f"{escape(line)}</text>"
        for n, line in enumerate(_lines(str(label)))
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH_MM}mm" height="{HEIGHT_MM}mm" '
        f'viewBox="0 0 {WIDTH_MM} {HEIGHT_MM}" font-family="{_FONT}">'
        f"<title>{escape(label.device_id)}</title>"
        f'<rect width="{WIDTH_MM}" height="{HEIGHT_MM}" fill="white"/>{picture}'
        f'<text x="27.5" y="4.6" font-size="3">{korean} {english}</text>'
        f'<text x="1.5" y="30.5" font-size="3.4" font-weight="bold">안부 Anbu</text>'
        f'<text x="27.5" y="10.4" font-size="3.9" font-weight="bold">'
        f"{escape(label.device_id)}</text>"
        f"{typed}</svg>"
    )


def _lines(text: str) -> list[str]:
    """What is typed, line by line: keys in groups of four, since spaces are forgiven there."""
    *names, check = text.split(":")
    keys = [part for part in names if len(part) == 2 * KEY_BYTES]
    groups = [[key[at : at + _GROUP] for at in range(0, len(key), _GROUP)] for key in keys]
    rows = [
        " ".join(key[at : at + _LINE]) + (":" if at + _LINE >= len(key) else "")
        for key in groups
        for at in range(0, len(key), _LINE)
    ]
    *start, device_id = names[: len(names) - len(keys)]
    return [":".join(start) + ":", device_id + ":", *rows, check]


def sheets(labels: Sequence[Label]) -> str:
    """One HTML document of A4 sheets, for the printer."""
    size = COLUMNS * ROWS
    pages = [labels[at : at + size] for at in range(0, len(labels), size)]
    inside = "".join(
        "<section>" + "".join(_placed(n, label) for n, label in enumerate(page)) + "</section>"
        for page in pages
    )
    return (
        '<!doctype html><html lang="ko"><head><meta charset="utf-8">'
        "<title>안부 기기 라벨 · Anbu device labels</title><style>"
        "@page{size:A4;margin:0}body{margin:0}"
        "section{position:relative;width:210mm;height:297mm;break-after:page}"
        "section:last-child{break-after:auto}"
        f"div{{position:absolute;width:{WIDTH_MM}mm;height:{HEIGHT_MM}mm}}"
        f"svg{{display:block}}</style></head><body>{inside}</body></html>"
    )


def _placed(n: int, label: Label) -> str:
    left = _LEFT_MM + n % COLUMNS * (WIDTH_MM + _GAP_MM)
    top = _TOP_MM + n // COLUMNS * HEIGHT_MM
    return f'<div style="left:{left:.2f}mm;top:{top:.2f}mm">{svg(label)}</div>'
