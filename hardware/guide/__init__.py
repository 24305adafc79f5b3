"""What a maker, a repairer and a kitchen wall are given on paper; drawn from the data.

Knows: which pages there are, where each is written. May not know: what stands on them.
"""

from __future__ import annotations

from pathlib import Path

from gateway.report.press import pdf
from hardware.enclosure.plan import Plan
from hardware.guide import pages
from hardware.guide.book import Book
from hardware.guide.wall import Wall
from hardware.shapes import Hardware, Refused


def everything(
    hardware: Hardware, book: Book, plan: Plan, printed: list[pages.Printed], into: Path
) -> list[Path]:
    """The pages as HTML and PDF below `into`/guide, the signal sheet as PDF in `into`.

    The enclosure's pictures lie in `into` already. Raises Refused where one is missing, ReportError
    where the printer fails or the sheet is more than one page.
    """
    made = {
        "guide/assembly": (pages.assembly(book, plan, printed, boxes(book, into)), None),
        "guide/repair": (pages.repair(book), None),
        "guide/costs": (pages.costs(hardware), None),
        "signal-sheet": (Wall().html(), 1),
    }
    (into / "guide").mkdir(parents=True, exist_ok=True)
    written = []
    for name, (html, sheets) in made.items():
        page, paper = into / f"{name}.html", into / f"{name}.pdf"
        page.write_text(html, encoding="utf-8")
        paper.write_bytes(pdf([html], sheets))
        written += [page, paper]
    return written


def boxes(book: Book, into: Path) -> dict[str, str]:
    """The enclosure's pictures that the steps ask for, by name."""
    paths = {name: into / f"enclosure/pictures/{name}.svg" for name in book.boxes}
    missing = [
        f"assembly: picture: unknown-picture: box:{name}: the enclosure draws no {path.name}"
        for name, path in paths.items()
        if not path.is_file()
    ]
    if missing:
        raise Refused(missing)
    return {name: path.read_text(encoding="utf-8") for name, path in paths.items()}
