"""`python -m tools.draw` draws every marked block and every sheet anew; tests compare.

Knows: which pages have drawn blocks. May not know: how a block is drawn.
"""

from __future__ import annotations

from tools.draw import api, kakao, kept, lives, pillbox, png, sheet, wire
from tools.draw.page import ROOT, redrawn

PAGES = ("firmware/README.md", "docs/lives.md", "docs/api.md", "docs/kakao.md")


def blocks() -> dict[str, str]:
    """Mark → block, of everything that is drawn into pages."""
    parts = (wire, kept, pillbox, lives, api, kakao)
    return {mark: block for part in parts for mark, block in part.drawings().items()}


def drawn() -> dict[str, str]:
    """Path → text of every page and sheet as it should be."""
    own = blocks()
    pages = {page: redrawn((ROOT / page).read_text(encoding="utf-8"), own) for page in PAGES}
    return pages | sheet.drawings()


def main() -> None:
    """Writes the pages and the sheets, and those as PNG where a browser is installed."""
    for path, text in drawn().items():
        (ROOT / path).write_text(text, encoding="utf-8")
    for path, svg in sheet.drawings().items():
        picture = (ROOT / path).with_suffix(".png")
        if picture.exists() and png.stamped(picture.read_bytes()) == png.stamp(svg):
            continue
        data = png.rendered(svg)
        if data is None:
            print(f"{picture.name} is not drawn anew: none of {', '.join(png.BROWSERS)} is here")
        else:
            picture.write_bytes(data)


if __name__ == "__main__":
    main()
