"""`anbu calls`: the list of sentences, recordings made and judged, a sentence to be heard."""

from __future__ import annotations

import csv
import io
import json
import shutil
import subprocess
import sys
import wave
from pathlib import Path

import pytest

from gateway.calls.sentences import sentences
from tools.cli import main
from tools.technician.calls import command
from tools.technician.calls.microphone import Microphone


def told(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, dict[str, object]]:
    """The exit code and the JSON object of one command."""
    code = main(["calls", *words, "--json"])
    object_: dict[str, object] = json.loads(capsys.readouterr().out)
    return code, object_


def said_by_espeak(path: Path, name: str = "who", language: str = "ko") -> Path:
    """A recording: the machine's voice stands in for a person's."""
    path.parent.mkdir(parents=True, exist_ok=True)
    words = ["--language", language, "--out", str(path), "--json"]
    assert main(["calls", "say", name, *words]) == 0
    return path


def test_every_sentence_is_listed(capsys: pytest.CaptureFixture[str]) -> None:
    """The sheet has each sentence of both languages once, and no gap in any."""
    assert main(["calls", "sentences", "--csv"]) == 0
    rows = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    files = [row["file"] for row in rows]
    assert len(set(files)) == len(files)
    for key, language, text in sentences():
        assert any(file.startswith(f"{language}/{key}") for file in files), (key, language)
        assert "{name}" in text or text in {row["text"] for row in rows}
    assert not any("{" in row["text"] for row in rows)


def test_a_sentence_is_heard(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A WAV of a telephone, with the name in it; without a name it is refused."""
    out = tmp_path / "hello.wav"
    code, object_ = told(capsys, "say", "hello", "--name", "김순자", "--out", str(out))
    assert (code, "김순자" in str(object_["text"])) == (0, True)
    with wave.open(str(out), "rb") as wav:
        assert (wav.getframerate(), wav.getnframes() > 4000) == (8000, True)
    code, object_ = told(capsys, "say", "hello", "--out", str(out))
    assert (code, object_["next"]) == (1, "give it by --name")


def test_recordings_are_judged(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A good one, one of another sentence, a broken one, a strange name; what lacks is no fault."""
    good = said_by_espeak(tmp_path / "ko" / "thanks.wav", "thanks")
    capsys.readouterr()
    code, object_ = told(capsys, "check", str(tmp_path), "--language", "ko")
    assert code == 0
    shutil.copy(good, tmp_path / "ko" / "medication.wav")
    shutil.copy(good, tmp_path / "ko" / "medications.wav")
    shutil.copy(good, tmp_path / "ko" / "name-kim.wav")
    (tmp_path / "ko" / "bye.wav").write_bytes(b"no sound")
    code, object_ = told(capsys, "check", str(tmp_path), "--language", "ko")
    files = object_["files"]
    assert isinstance(files, list)
    states = {file["file"]: file["state"] for file in files if file["state"] != "missing"}
    assert code == 1
    assert states == {
        "ko/thanks.wav": "good",
        "ko/medication.wav": "wrong",
        "ko/medications.wav": "strange",
        "ko/bye.wav": "wrong",
    }


def test_a_folder_that_is_none(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The wrong folder is said, not taken for one without recordings."""
    code, object_ = told(capsys, "check", str(tmp_path / "none"))
    assert (code, "is no folder" in str(object_["error"])) == (1, True)


def test_a_sentence_is_recorded(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is good is kept under its name; what is silent is not, and can be said again."""
    spoken = said_by_espeak(tmp_path / "microphone.wav")
    silence = tmp_path / "silence.wav"
    subprocess.run(["sox", "-n", "-r", "8000", str(silence), "trim", "0", "2"], check=True)
    record = ["calls", "record", str(tmp_path / "sounds"), "who", "--language", "ko", "--from"]
    monkeypatch.setattr(command, "Microphone", _Patient)
    for source, kept in ((silence, False), (spoken, True)):
        monkeypatch.setattr(sys, "stdin", _Typing())
        assert main([*record, f"wav:{source}"]) == 0
        assert (tmp_path / "sounds" / "ko" / "who.wav").is_file() is kept
        assert ("Not kept" in capsys.readouterr().out) is not kept


class _Typing:
    """Somebody who presses Enter twice, then leaves the rest out."""

    def __init__(self) -> None:
        self._lines = iter(["\n", "\n"])

    def readline(self) -> str:
        return next(self._lines, "s\n")


class _Patient(Microphone):
    """Ended once all that the file of the microphone holds was said."""

    def end(self) -> None:
        self._sox.wait()
        super().end()


def test_a_microphone_that_is_none(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """No microphone: one line that says so, and no file."""
    monkeypatch.setattr(sys, "stdin", _Typing())
    words = ["record", str(tmp_path / "sounds"), "who", "--from", f"wav:{tmp_path}/none.wav"]
    code, object_ = told(capsys, *words, "--language", "ko")
    assert (code, "could be recorded" in str(object_["error"])) == (1, True)
    assert not (tmp_path / "sounds").exists()


def test_a_name_that_no_sentence_has(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A misspelt sentence is said before anybody speaks."""
    code, object_ = told(capsys, "record", str(tmp_path), "whoo")
    assert (code, object_["next"]) == (1, "see anbu calls sentences")
