"""`python -m tools.draw` draws every marked block of the pages anew; tests compare.

Knows: which pages have drawn blocks. May not know: how a block is drawn.
"""

from __future__ import annotations

from tools.draw import lives, wire
from tools.draw.page import ROOT, redrawn

PAGES = ("firmware/README.md", "docs/lives.md")


def drawn() -> dict[str, str]:
    """Path → text of every page as it should be."""
    drawings = {**wire.drawings(), **lives.drawings()}
    return {page: redrawn((ROOT / page).read_text(encoding="utf-8"), drawings) for page in PAGES}


def main() -> None:
    """Writes the pages."""
    for page, text in drawn().items():
        (ROOT / page).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
