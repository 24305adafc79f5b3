"""`python -m hardware`: bad data is refused whole, a missing program is named, two builds are one.

Knows: the command, its exit codes, what it wrote.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from hardware import __main__ as command
from hardware.guide import showing
from hardware.read import HERE
from tests.tree import ROOT


def _data(into: Path) -> Path:
    """A copy of the room's data."""
    folder = into / "data"
    for path in HERE.rglob("*.toml"):
        goal = folder / path.relative_to(HERE)
        goal.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(path, goal)
    return folder


def _swap(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text, f"{path.name} has no {old!r}"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_bad_data_is_refused_whole(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Mistakes in pins, box and guide: a line each at once, exit 2, and nothing was written."""
    data, into = _data(tmp_path), tmp_path / "into"
    _swap(data / "pins.toml", "LIDS_INT = { gpio = 4,", "LIDS_INT = { gpio = 8,")
    _swap(data / "guide/repair.toml", '"F1"', '"F77"')
    _swap(data / "enclosure/enclosure.toml", "thickness_mm = 18.0", "thickness_mm = 90.0")
    assert command.main(["--data", str(data), "--into", str(into)]) == command.EXIT_REFUSED
    lines = capsys.readouterr().err.splitlines()
    assert any(line.startswith("pins.toml: ") and "LIDS_INT" in line for line in lines)
    assert any(line.startswith("repair.toml: trouble[1].likely: unknown-comp") for line in lines)
    assert any("enclosure.toml: pouch" in line for line in lines)
    assert all(line.count(": ") >= 3 for line in lines), lines
    assert not into.exists()


def test_missing_folder_is_one_answer(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A folder without data: each file that is missing is named, exit 2, no traceback."""
    assert command.main(["--data", str(tmp_path / "nothing")]) == command.EXIT_REFUSED
    said = capsys.readouterr().err
    assert "pins.toml" in said
    assert "parts.toml" in said


def test_missing_program_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Without Graphviz: one line with the package, exit 1, nothing was written."""
    monkeypatch.setenv("PATH", str(tmp_path))
    assert command.main(["--into", str(tmp_path / "into")]) == command.EXIT_FAILED
    assert capsys.readouterr().err == "hardware: dot is not installed: apt-get install graphviz\n"
    assert not (tmp_path / "into").exists()


def test_pins_have_nothing_to_write(capsys: pytest.CaptureFixture[str]) -> None:
    """--pins finds the firmware's files as pins.toml says, and touches none."""
    times = {path: path.stat().st_mtime_ns for path in ROOT.glob("firmware/**/pins.py")}
    assert command.main(["--pins"]) == 0
    assert capsys.readouterr().out == "hardware: every pins.py is as pins.toml says\n"
    assert times == {path: path.stat().st_mtime_ns for path in ROOT.glob("firmware/**/pins.py")}


def test_only_its_own_files_are_removed(tmp_path: Path) -> None:
    """What a former run wrote is gone before the next; a stranger's file beside it stays."""
    (tmp_path / "part").mkdir()
    own, stranger = tmp_path / "part/old.stl", tmp_path / "part/notes.txt"
    for path in (own, stranger):
        path.write_text(path.name, encoding="utf-8")
    command.remember(tmp_path, [own])
    command.forget(tmp_path)
    command.forget(tmp_path)
    assert not own.exists()
    assert not (tmp_path / command.SUMS).exists()
    assert stranger.read_text(encoding="utf-8") == "notes.txt"


def test_sums_are_read_by_sha256sum(tmp_path: Path) -> None:
    """The note of what was written is one that `sha256sum --check` takes, and it finds a change."""
    path = tmp_path / "a.svg"
    path.write_text("<svg/>", encoding="utf-8")
    command.remember(tmp_path, [path])
    check = ("sha256sum", "--check", "--quiet", command.SUMS)
    assert subprocess.run(check, cwd=tmp_path, check=False).returncode == 0
    path.write_text("<svg />", encoding="utf-8")
    assert subprocess.run(check, cwd=tmp_path, check=False, capture_output=True).returncode == 1


@pytest.mark.long
@pytest.mark.timeout(600)
def test_two_builds_are_the_same(tmp_path: Path) -> None:
    """Built by two processes: every byte alike, and all that was promised."""
    for name in ("one", "two"):
        done = subprocess.run(
            (sys.executable, "-m", "hardware", "--into", tmp_path / name),
            cwd=ROOT,
            check=False,
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, done.stderr
        assert "enclosure" in done.stdout
    one, two = (tmp_path / name / command.SUMS for name in ("one", "two"))
    assert one.read_text(encoding="utf-8") == two.read_text(encoding="utf-8")
    written = {line.partition("  ")[2] for line in one.read_text(encoding="utf-8").splitlines()}
    promised = {"signal-sheet.pdf", "guide/assembly.pdf", "guide/repair.pdf", "guide/costs.pdf"}
    assert promised | {"pillbox-s3/pillbox-main.net", "enclosure/parts.csv"} <= written
    shown = (ROOT / "docs/pictures" / showing.BOX).read_bytes()
    assert (tmp_path / "one/enclosure/pictures/closed.png").read_bytes() == shown
    assert len(list((tmp_path / "one").rglob("*.*"))) == len(written) + 1
