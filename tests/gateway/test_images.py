"""Update images that lie on the gateway: read, named by their checksum, or refused."""

from __future__ import annotations

from binascii import crc32
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from gateway.image import MOST_BYTES, ImageRefused
from gateway.images import KEPT_MOST, Images
from tools.technician.bundle import About, bundle
from tools.technician.signing import public_bytes, sign

KEY = ec.generate_private_key(ec.SECP256R1())


def made(version: int = 2, board: str = "pillbox") -> bytes:
    """A small signed bundle."""
    about = About(version, 0, board, 6, public_bytes(KEY))
    return bundle(about, {"main.mpy": b"M" * 100}, lambda head: sign(KEY, head))


def test_what_is_taken_lies_there(tmp_path: Path) -> None:
    """Uploaded or laid there by hand: the newest of a board first, found by its checksum."""
    images = Images(tmp_path / "anbu.db")
    assert images.every() == ()
    old, new = made(2), made(3)
    images.take(old)
    (tmp_path / "updates" / "by-hand.anbu").write_bytes(new)
    (tmp_path / "updates" / "holiday.anbu").write_bytes(b"a photograph")
    assert [(i.version, i.board, i.size_bytes) for i in images.every()] == [
        (3, "pillbox", len(new)),
        (2, "pillbox", len(old)),
    ]
    assert images.data(crc32(old)) == old
    assert images.data(7) is None


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "image"),
        (b"AnbU", "image"),
        (made()[:-1], "image_cut"),
        (b"X" + made()[1:], "image"),
        (bytes(MOST_BYTES + 1), "image_size"),
    ],
)
def test_what_is_no_image_is_not_taken(tmp_path: Path, data: bytes, code: str) -> None:
    """It is refused with what is wrong, and nothing lies there."""
    images = Images(tmp_path / "anbu.db")
    with pytest.raises(ImageRefused) as refused:
        images.take(data)
    assert (refused.value.code, images.every()) == (code, ())


def test_the_folder_has_an_end(tmp_path: Path) -> None:
    """A page that uploads for ever does not fill the disk; the same image is the same file."""
    images = Images(tmp_path / "anbu.db")
    for version in range(1, KEPT_MOST + 1):
        images.take(made(version))
    newest = images.data(images.every()[0].crc)
    assert newest is not None
    images.take(newest)
    assert len(images.every()) == KEPT_MOST
    with pytest.raises(ImageRefused, match="image_full"):
        images.take(made(KEPT_MOST + 1))
