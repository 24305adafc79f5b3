"""Labels as a phone and a hand read them."""

from __future__ import annotations

import io
import os
import re
from xml.etree import ElementTree as ET

import deqr  # type: ignore[import-untyped]  # it is Cython, and says nothing of its types
import pytest
from PIL import Image
from pypdf import PdfReader

from gateway.label import Label, parse
from gateway.report.press import pdf
from tools.technician.provisioning import labels

BOX = Label("pillbox", "AB-000001-7KQ2X", os.urandom(16))
PLUG = Label("careplug", "CP-000002-W0M8Q", os.urandom(16), os.urandom(16))
_SVG = "{http://www.w3.org/2000/svg}"


def scanned(png: bytes) -> str:
    """What a decoder that is not the encoder's reads."""
    found = deqr.QuircDecoder().decode(Image.open(io.BytesIO(png)).convert("L"))
    assert len(found) == 1
    return str(found[0].data_entries[0].data)


def lines(label: Label) -> list[ET.Element]:
    """Every text of the picture."""
    return ET.fromstring(labels.svg(label)).findall(f"{_SVG}text")  # noqa: S314 - our own


@pytest.mark.parametrize("label", [BOX, PLUG])
def test_a_phone_reads_the_label(label: Label) -> None:
    """The picture's QR code, read by a foreign decoder, is the label's text."""
    assert scanned(labels.png(label)) == str(label)


@pytest.mark.parametrize("label", [BOX, PLUG])
def test_a_hand_types_what_stands_beside_it(label: Label) -> None:
    """The small lines typed one after the other are the label; the serial stands out."""
    texts = lines(label)
    typed = "".join(text.text or "" for text in texts if "Mono" in text.get("font-family", ""))
    assert parse(typed) == label
    sizes = {text.text: float(text.get("font-size", "0")) for text in texts}
    assert max(sizes, key=lambda text: sizes[text]) == label.device_id


def test_nothing_of_a_label_leaves_its_edges() -> None:
    """The longest label's lines end inside the paper: no text below it, none wider than it."""
    for text in lines(PLUG):
        size = float(text.get("font-size", "0"))
        assert float(text.get("y", "0")) < labels.HEIGHT_MM - 2
        hangul = len(re.findall("[가-힣]", text.text or ""))
        wide = (hangul + (len(text.text or "") - hangul) * 0.56) * size  # as the font has them
        assert float(text.get("x", "0")) + wide < labels.WIDTH_MM


def test_a_batch_is_sheets_of_24() -> None:
    """25 labels are two A4 sheets; every serial stands on them."""
    batch = [Label("pillbox", f"AB-{n:06}", bytes([n]) * 16) for n in range(1, 26)]
    reader = PdfReader(io.BytesIO(pdf([labels.sheets(batch)], None)))
    assert len(reader.pages) == 2
    text = "".join(page.extract_text() for page in reader.pages)
    assert all(label.device_id in text for label in batch)
    assert [round(float(side) / 72 * 25.4) for side in reader.pages[0].mediabox[2:]] == [210, 297]
