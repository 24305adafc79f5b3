"""HTML to PDF with WeasyPrint: a program of its own, `python -m gateway.report.printer`.

Knows: WeasyPrint. May not know: what stands on a page, the gateway.

Reads one JSON object, {"pages": HTML documents, the fullest first, "sheets": how many sheets it may
have or null}, and writes the PDF of the first that fits. A program of its own: the fonts it opens
take some 150 MB, and a gateway must outlive whatever a printer does.
"""

from __future__ import annotations

import bisect
import json
import resource
import sys
from typing import Any, NoReturn

from weasyprint import HTML, Document
from weasyprint.urls import FatalURLFetchingError

VARIANT = "pdf/ua-1"  # tagged, with language and title: a screen reader can read it
CPU_S = 120  # ends a printer that goes round in circles; real seconds, whatever clock the house has
TOO_FULL = 3


def nothing(url: str) -> NoReturn:
    """Fetches nothing: a page brings all it is made of. Raises FatalURLFetchingError, always."""
    raise FatalURLFetchingError(f"a page asks for {url}: it may not fetch anything")


def printed(pages: list[str], sheets: int | None) -> bytes | None:
    """The PDF of the first page that fits; None where none of them does.

    A page that fits is taken to fit smaller too, so that few of them have to be laid out.
    """
    made: dict[int, Document] = {}

    def fits(n: int) -> bool:
        made[n] = HTML(string=pages[n], url_fetcher=nothing).render()
        return sheets is None or len(made[n].pages) <= sheets

    first = bisect.bisect_left(range(len(pages)), True, key=fits)
    if first == len(pages):
        return None
    pdf: bytes = made[first].write_pdf(pdf_variant=VARIANT)
    return pdf


def main() -> int:
    """Exit 0: a PDF was written; TOO_FULL: no page fits; else a line says what was wrong."""
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_S, CPU_S))
    asked: dict[str, Any] = json.load(sys.stdin)
    pdf = printed(asked["pages"], asked["sheets"])
    if pdf is None:
        return TOO_FULL
    sys.stdout.buffer.write(pdf)
    return 0


if __name__ == "__main__":
    sys.exit(main())
