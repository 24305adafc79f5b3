"""An address as a QR code, drawn into a page or onto paper.

Knows: segno. May not know: what an address opens, whose it is. What it draws may be a secret: it is
shown to whoever may have it, and kept nowhere.
"""

from __future__ import annotations

import io

import segno

QUIET = 4  # modules of white around it, as readers want it


def svg(text: str, name: str = "") -> str:
    """The code as an inline SVG of its own size, with `name` as what a screen reader says.

    Error correction Q: a plate at a door is scratched and rained on. ValueError: too long for one.
    """
    out = io.BytesIO()
    code = segno.make_qr(text, error="q", boost_error=False)
    code.save(
        out,
        kind="svg",
        xmldecl=False,
        svgns=False,
        border=QUIET,
        omitsize=True,
        light="white",
        title=name or None,
    )
    drawn = out.getvalue().decode().strip()
    return drawn.replace("<svg ", '<svg role="img" ' if name else '<svg aria-hidden="true" ', 1)
