"""Private files beside the database: whole, of their owner only, and nothing wrong is taken."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from gateway.enrolment import Unit, opened, sealed
from gateway.keyring import Keyring, KeyringError
from gateway.label import Label
from gateway.roster import CAREPLUG, PILLBOX

BOX = Label(PILLBOX, "AB-000001", bytes(range(16)))
PLUG = Label(CAREPLUG, "CP-000001", bytes(16), bytes(range(16)))


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_what_is_kept_is_there_after_a_restart(tmp_path: Path) -> None:
    """Labels survive, a newer one takes the older one's place, a forgotten one is gone."""
    ring = Keyring(tmp_path / "anbu.db")
    assert ring.labels() == ({}, [])
    for label in (BOX, PLUG, Label(PILLBOX, "AB-000001", bytes(16))):
        ring.keep(label)
    ring.forget("CP-000001")
    ring.forget("../AB-000001")
    again = Keyring(tmp_path / "anbu.db")
    assert again.labels() == ({"AB-000001": Label(PILLBOX, "AB-000001", bytes(16))}, [])


def test_only_the_owner_can_read(tmp_path: Path) -> None:
    """Keys and identity have mode 600, their folder 700; no half-written file is left."""
    ring = Keyring(tmp_path / "anbu.db")
    ring.keep(BOX)
    ring.identity()
    assert mode(tmp_path / "keys") == 0o700
    assert mode(tmp_path / "keys" / "AB-000001.label") == 0o600
    assert mode(tmp_path / "gateway.identity") == 0o600
    assert [path.name for path in (tmp_path / "keys").iterdir()] == ["AB-000001.label"]


def test_a_file_that_is_not_right_is_told_and_not_used(tmp_path: Path) -> None:
    """Readable for others, broken, or another device's: named without what it holds."""
    ring = Keyring(tmp_path / "anbu.db")
    ring.keep(BOX)
    folder = tmp_path / "keys"
    (folder / "AB-000001.label").chmod(0o644)
    for name, text in (("AB-000002", str(BOX)), ("AB-000003", str(PLUG)[:-1] + "0")):
        (folder / f"{name}.label").write_text(text)
        (folder / f"{name}.label").chmod(0o600)
    labels, wrong = ring.labels()
    assert labels == {}
    assert [line.split(":")[0] for line in wrong] == [f"AB-00000{n}.label" for n in (1, 2, 3)]
    assert BOX.key.hex() not in " ".join(wrong).lower()


def test_the_identity_is_drawn_once(tmp_path: Path) -> None:
    """What a workshop seals for the gateway is opened after a restart, too."""
    recipient = Keyring(tmp_path / "anbu.db").recipient()
    ring = Keyring(tmp_path / "anbu.db")
    assert ring.recipient() == recipient
    assert opened(sealed([Unit(BOX)], recipient), ring.identity()) == (Unit(BOX),)


def test_a_folder_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    """Nothing is taken for kept that is not on the disk."""
    (tmp_path / "keys").write_text("a file stands in the way")
    with pytest.raises(KeyringError):
        Keyring(tmp_path / "anbu.db").keep(BOX)
    (tmp_path / "gateway.identity").write_text("nothing")
    with pytest.raises(KeyringError):
        Keyring(tmp_path / "anbu.db").recipient()
