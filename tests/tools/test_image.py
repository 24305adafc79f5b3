"""`anbu image`: the same bytes every time, keys that stay private, bundles a device can take."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization as form
from cryptography.hazmat.primitives.asymmetric import ec

import anbu_slots
from anbu_wire import bundle as b
from tools import cli
from tools.technician import image
from tools.technician.bundle import slot_files
from tools.technician.signing import load_key, public_bytes

_PEM = (form.Encoding.PEM, form.PrivateFormat.PKCS8, form.NoEncryption())


@pytest.fixture(autouse=True)
def back_home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A test may change the working folder: it is put back."""
    monkeypatch.chdir(tmp_path)


def run(*words: object) -> int:
    return cli.main(["image", "pillbox", *map(str, words)])


def manifest(path: Path) -> b.Manifest:
    data = path.read_bytes()
    return b.Manifest(data[: b.head_bytes(data)])


def signed_by(path: Path, key: Path) -> bool:
    data = path.read_bytes()
    size = b.head_bytes(data)
    keys = [public_bytes(load_key(key))]
    return b.judge_signature(manifest(path), data[size : size + 64], keys) == b.NO_REASON


def test_twice_the_same_bytes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same tree, version and key make the same bundle, from any working folder."""
    key, one, two = tmp_path / "key", tmp_path / "one", tmp_path / "two"
    assert run("--version", 7, "--new-key", key, "--out", one) == 0
    monkeypatch.chdir("/")
    image.modules.cache_clear()  # compiled anew
    assert run("--version", 7, "--key", key, "--out", two) == 0
    assert one.read_bytes() == two.read_bytes()


def test_a_bundle_holds_the_firmware_and_not_the_loader(tmp_path: Path) -> None:
    """Every file an update may change, as .mpy; the loader and its record stay where they are."""
    out = tmp_path / "out"
    assert run("--new-key", tmp_path / "key", "--out", out) == 0
    names = {name for name, _size, _digest in manifest(out).files()}
    assert {"main.mpy", "pins.mpy", "anbu_wire/messages.mpy", "pillbox/box.mpy"} <= names
    assert not [name for name in names if "slots" in name or "loader" in name]
    assert set(image.root_files()) == {"main.py", "anbu_slots.mpy"}
    assert manifest(out).size_bytes == out.stat().st_size
    assert manifest(out).board == b"pillbox-s3"
    assert signed_by(out, tmp_path / "key")


def test_a_slot_as_it_will_be(tmp_path: Path) -> None:
    """What the tool says a slot holds is what the loader looks for."""
    out = tmp_path / "out"
    assert run("--version", 7, "--new-key", tmp_path / "key", "--out", out) == 0
    files = slot_files(out.read_bytes())
    assert anbu_slots.decode_mark(files[anbu_slots.MARK]) == 7
    assert files["main.mpy"] == image.modules("pillbox")["main.mpy"]


def test_the_private_key_stays_private(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Its file is for the owner only, nothing of it is printed or in the bundle."""
    key, out = tmp_path / "key", tmp_path / "out"
    before = os.umask(0)
    try:
        assert run("--new-key", key, "--out", out, "--json") == 0
    finally:
        os.umask(before)
    assert key.stat().st_mode & 0o777 == 0o600
    number = load_key(key).private_numbers().private_value
    printed = capsys.readouterr()
    for secret in (f"{number:064x}", str(number), key.read_text().splitlines()[1]):
        assert secret not in printed.out + printed.err
    assert number.to_bytes(32, "big") not in out.read_bytes()
    told = json.loads(printed.out)
    assert told["key_id"] == b.key_id(public_bytes(load_key(key))).hex()
    assert told["bytes"] == out.stat().st_size


def test_a_new_key_is_introduced_by_the_old_one(tmp_path: Path) -> None:
    """With --key and --new-key the old one signs, the new one goes with the bundle."""
    old, new, out = tmp_path / "old", tmp_path / "new", tmp_path / "out"
    assert run("--new-key", old, "--out", out) == 0
    assert manifest(out).new_key == b""
    assert run("--key", old, "--new-key", new, "--out", out) == 0
    assert manifest(out).new_key == public_bytes(load_key(new))
    assert signed_by(out, old)
    before = new.read_bytes()
    assert run("--key", old, "--new-key", new, "--out", out) == 0
    assert new.read_bytes() == before


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ([], "who signs"),
        (["--key", "nowhere"], "nowhere: No such file"),
        (["--key", "open"], "chmod 600"),
        (["--key", "text"], "no private key"),
        (["--key", "curve"], "no P-256 key"),
        (["--new-key", "text"], "File exists"),
    ],
)
def test_a_wrong_key_is_one_line(
    words: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Whose fault, what is wrong, what to do; exit 2, and no bundle is left."""
    Path("text").write_text("no key\n", encoding="ascii")
    Path("text").chmod(0o600)
    Path("open").write_text("x", encoding="ascii")
    Path("open").chmod(0o644)
    curve = ec.generate_private_key(ec.SECP384R1())
    Path("curve").touch(0o600)
    Path("curve").write_bytes(curve.private_bytes(*_PEM))
    assert run(*words, "--out", "bundle") == cli.EXIT_USAGE
    error = capsys.readouterr().err
    assert said in error
    assert error.count("\n") == 1
    assert not Path("bundle").exists()


def test_an_impossible_version_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A version of 0 or over 31 bits would be no version to a device."""
    for version in (0, 1 << 31):
        words = ("--version", version, "--new-key", tmp_path / f"{version}", "--out")
        assert run(*words, tmp_path / "bundle") == cli.EXIT_FAILED
        assert capsys.readouterr().err.count("\n") == 1
    assert not (tmp_path / "bundle").exists()
