"""Making the judge's computer: what goes in, and what is said when it cannot be made.

Knows: the image's recipe. Fast: nothing is fetched and nothing is booted here.
"""

from __future__ import annotations

import io
import sys
from pathlib import Path

import pytest

from tests.bluez import cpio, image


def test_an_archive_is_what_the_kernel_unpacks() -> None:
    """Every entry begins at a multiple of four with the magic number and holds its whole file."""
    out = io.BytesIO()
    archive = cpio.Archive(out)
    archive.folder("etc")
    archive.file("etc/name", b"judge\n", executable=True)
    archive.link("bin", "usr/bin")
    archive.close()
    data, at, found = out.getvalue(), 0, {}
    while (head := data[at : at + 110])[:6] == b"070701":
        fields = [int(head[i : i + 8], 16) for i in range(6, 110, 8)]
        mode, size, name_bytes = fields[1], fields[6], fields[11]
        name = data[at + 110 : at + 110 + name_bytes - 1].decode()
        start = -(-(at + 110 + name_bytes) // 4) * 4
        found[name] = (oct(mode), data[start : start + size])
        at = -(-(start + size) // 4) * 4
    assert found == {
        "etc": ("0o40755", b""),
        "etc/name": ("0o100755", b"judge\n"),
        "bin": ("0o120777", b"usr/bin"),
        "TRAILER!!!": ("0o0", b""),
    }
    assert len(data) % 512 == 0


def test_modules_come_with_what_they_need() -> None:
    """A module's line of modules.dep brings its dependencies; one that is missing is named."""
    lines = [f"kernel/{name}.ko: kernel/net/bluetooth.ko\n" for name in image.MODULES]
    found = image._closure("6.1", lines)
    assert "lib/modules/6.1/kernel/net/bluetooth.ko" in found
    assert len(found) == len(image.MODULES) + 1
    with pytest.raises(image.BuildError, match="hci_uart"):
        image._closure("6.1", lines[1:])


def test_a_failure_is_one_line_that_says_what_to_look_at() -> None:
    """A tool that fails is named with its own first error; one that hangs ends at the limit."""
    speaking = [sys.executable, "-c", "print('W: slow'); print('E: no route'); exit(1)"]
    with pytest.raises(image.BuildError) as failed:
        image._run(speaking, "Debian could not be reached.")
    assert str(failed.value) == "image: Debian could not be reached. It said: E: no route"


def test_a_missing_tool_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without qemu or mmdebstrap nothing is begun; the sentence says how to get it."""
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(image.BuildError, match="make test-bluez"):
        image.build(lambda _text: None, tmp_path / "cache")
