"""What readers that nobody here wrote find in a PDF: pypdf, and poppler's pdftotext.

Knows: how a PDF is read. May not know: what should stand in it.
"""

from __future__ import annotations

import io
import re
import subprocess
from dataclasses import dataclass

from pypdf import PdfReader
from pypdf.generic import DictionaryObject, PdfObject

A4_PT = (595.3, 841.9)
_WORD = re.compile(r'<word xMin="([\d.]+)" yMin="([\d.]+)" xMax="([\d.]+)" yMax="([\d.]+)"')


@dataclass(frozen=True, slots=True)
class Paper:
    """A PDF as others read it; `words` without any space."""

    pdf: bytes

    @property
    def reader(self) -> PdfReader:
        """What pypdf sees."""
        return PdfReader(io.BytesIO(self.pdf))

    @property
    def words(self) -> str:
        """All its text, spaces and line ends left out: where they fall is the reader's guess."""
        told = subprocess.run(
            ["pdftotext", "-", "-"], input=self.pdf, capture_output=True, check=True
        )
        return squeezed(told.stdout.decode())

    def boxes(self) -> list[tuple[float, ...]]:
        """Left, top, right and bottom of every word, points from the left upper corner."""
        told = subprocess.run(
            ["pdftotext", "-bbox", "-", "-"], input=self.pdf, capture_output=True, check=True
        )
        return [tuple(map(float, m)) for m in _WORD.findall(told.stdout.decode())]

    def objects(self) -> list[PdfObject | None]:
        """Every object of the file."""
        reader = self.reader
        size = reader.trailer["/Size"]
        assert isinstance(size, int)
        return [reader.get_object(n) for n in range(1, size)]

    def fonts(self) -> dict[str, bool]:
        """Each font's name, and whether it is in the file."""
        found: dict[str, bool] = {}
        for held in self.objects():
            if isinstance(held, DictionaryObject) and held.get("/Type") == "/FontDescriptor":
                files = ("/FontFile", "/FontFile2", "/FontFile3")
                found[str(held["/FontName"])] = any(file in held for file in files)
        return found


def squeezed(text: str) -> str:
    """Without spaces and line ends."""
    return "".join(text.split())
