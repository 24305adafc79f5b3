"""Sentences become sound: espeak-ng and sox for real, recordings in their place, private files."""

from __future__ import annotations

import errno
import os
import stat
import wave
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from gateway.voice import Spoken, Voice, VoiceError, beside, sound
from gateway.voice.spoken import Piece, pieces, to_record

WHO = Spoken("who", "ko", "안부 전화입니다.")
HELLO = Spoken("hello", "ko", "{name} 님, 안녕하세요.", "김순자", "kim")
PRIVATE_FILE, PRIVATE_FOLDER = 0o600, 0o700


def pcm_in(path: Path) -> bytes:
    with wave.open(str(path), "rb") as wav:
        assert (wav.getframerate(), wav.getnchannels(), wav.getsampwidth()) == (8000, 1, 2)
        return wav.readframes(wav.getnframes())


def seconds(path: Path) -> float:
    return len(pcm_in(path)) / 16_000


def recorded(folder: Path, stem: str, seconds: float, *effects: str) -> Path:
    """A recording of a hum, at a rate that no telephone has."""
    path = folder / "ko" / f"{stem}.wav"
    path.parent.mkdir(parents=True, exist_ok=True)
    hum = ("synth", str(seconds), "sine", "440", *(effects or ("gain", "-12")))
    made = sound._run(("sox", "-n", "-r", "44100", "-c", "2", str(path), *hum), b"")
    assert made == b""
    return path


@pytest.mark.parametrize(
    "spoken", [WHO, HELLO, Spoken("who", "en", "This is your wellbeing call.")]
)
def test_a_sentence_is_spoken(tmp_path: Path, spoken: Spoken) -> None:
    """One telephone sound, loud enough, without silence at its ends, as long as its words."""
    (path,) = Voice(tmp_path / "voice").wavs(spoken)
    measured = sound.measure(path)
    assert -4 < measured.peak_db < -2
    assert measured.lead_s < 0.15
    assert measured.tail_s < 0.15
    assert 0.8 < seconds(path) < 6


def test_the_name_is_said(tmp_path: Path) -> None:
    """Another name is another sound; the same one is made once."""
    voice = Voice(tmp_path / "voice")
    kim = voice.wavs(HELLO)
    lee = voice.wavs(Spoken(HELLO.key, "ko", HELLO.text, "이복례", "lee"))
    made_ns = kim[0].stat().st_mtime_ns
    assert pcm_in(kim[0]) != pcm_in(lee[0])
    assert voice.wavs(HELLO) == kim
    assert kim[0].stat().st_mtime_ns == made_ns


def test_a_recording_is_heard_instead(tmp_path: Path) -> None:
    """Whatever its rate and level: the recording's sound, as loud as all others; a newer counts."""
    voice = Voice(tmp_path / "voice", tmp_path / "sounds")
    recorded(tmp_path / "sounds", "who", 1.5)
    (first,) = voice.wavs(WHO)
    assert abs(seconds(first) - 1.6) < 0.1
    assert -4 < sound.measure(first).peak_db < -2
    recorded(tmp_path / "sounds", "who", 3)
    (second,) = voice.wavs(WHO)
    assert abs(seconds(second) - 3.1) < 0.1


def test_a_gap_is_filled_between_recordings(tmp_path: Path) -> None:
    """The recorded piece, and the machine's voice for the name alone."""
    voice = Voice(tmp_path / "voice", tmp_path / "sounds")
    whole = voice.wavs(HELLO)
    recorded(tmp_path / "sounds", "hello-2", 1)
    name, rest = voice.wavs(HELLO)
    assert seconds(name) < seconds(whole[0])
    assert abs(seconds(rest) - 1.1) < 0.1
    recorded(tmp_path / "sounds", "name-kim", 2)
    assert abs(seconds(voice.wavs(HELLO)[0]) - 2.1) < 0.1


def test_what_was_made_is_private_and_forgotten_with_her(tmp_path: Path) -> None:
    """Folders 700, files 600, no name in a path; forgotten, nothing of her name is left."""
    database = tmp_path / "anbu.db"
    voice = Voice(beside(database))
    hers, common = voice.wavs(HELLO)[0], voice.wavs(WHO)[0]
    for path in (hers, common):
        assert stat.S_IMODE(path.stat().st_mode) == PRIVATE_FILE
        assert stat.S_IMODE(path.parent.stat().st_mode) == PRIVATE_FOLDER
        assert stat.S_IMODE(path.parent.parent.stat().st_mode) == PRIVATE_FOLDER
    assert not any("김" in str(path) or "kim" in path.parts[-2] for path in tmp_path.rglob("*"))
    voice.forget("kim")
    voice.forget("nobody")
    assert not hers.parent.exists()
    assert common.is_file()


def test_a_sentence_with_a_gap_wants_a_name(tmp_path: Path) -> None:
    """Nobody is greeted without a name, and no name is kept that belongs to nobody."""
    for name, person_id in (("", "kim"), ("김순자", "")):
        with pytest.raises(VoiceError, match="name"):
            Voice(tmp_path).wavs(Spoken("hello", "ko", HELLO.text, name, person_id))


def test_a_missing_program_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The technician reads which package is missing."""
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(VoiceError, match="apt install espeak-ng"):
        Voice(tmp_path / "voice").wavs(WHO)


def test_a_broken_recording_is_named(tmp_path: Path) -> None:
    """Neither noise nor silence is played in its place: the file is named."""
    path = recorded(tmp_path / "sounds", "who", 1)
    for wrong in (b"RIFF nothing", path.read_bytes()[:44]):
        path.write_bytes(wrong)
        with pytest.raises(VoiceError, match=r"who\.wav"):
            Voice(tmp_path / "voice", tmp_path / "sounds").wavs(WHO)
    assert not list((tmp_path / "voice").rglob("*.wav"))


@pytest.mark.parametrize("left", [0, 10, 44, 1000])
def test_what_a_power_cut_left_of_a_sound_is_made_anew(tmp_path: Path, left: int) -> None:
    """A file that is not whole is never handed to a call: all calls would fail on it for ever."""
    voice = Voice(tmp_path / "voice")
    (path,) = voice.wavs(WHO)
    whole = path.read_bytes()
    path.write_bytes(whole[:left])
    assert voice.wavs(WHO) == (path,)
    assert path.read_bytes() == whole


def test_a_full_disk_leaves_nothing_half(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It says what to do, and what it had begun is gone: the disk is not filled further."""

    def full(_from: Path, _to: Path) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(VoiceError, match="No space left on device: make room there"):
        Voice(tmp_path / "voice").wavs(WHO)
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]


def test_two_calls_that_make_one_sentence_at_once(tmp_path: Path) -> None:
    """Each gets the whole of it, and nothing else is left."""
    voice = Voice(tmp_path / "voice")
    with ThreadPoolExecutor(4) as hands:
        made = list(hands.map(lambda _n: voice.wavs(HELLO), range(4)))
    assert len(set(made)) == 1
    assert seconds(made[0][0]) > 1
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == [made[0][0]]


@pytest.mark.parametrize("text", ["", "  ", "…", ".,"])
def test_nothing_to_say_is_no_sound(tmp_path: Path, text: str) -> None:
    """A call never plays a file without a voice in it."""
    with pytest.raises(VoiceError, match="nothing to hear"):
        Voice(tmp_path).wavs(Spoken("who", "ko", text))


def test_a_text_is_never_a_command_line(tmp_path: Path) -> None:
    """A name that looks like an option or a file is spoken, not obeyed."""
    name = f"-w {tmp_path}/out.wav --version | touch {tmp_path}/touched"
    (path,) = Voice(tmp_path / "voice").wavs(Spoken("hello", "en", "{name}", name, "x"))
    assert seconds(path) > 1
    assert [each.name for each in tmp_path.iterdir()] == ["voice"]


def test_the_pieces_of_a_sentence() -> None:
    """What stands around the gap; punctuation alone is no piece; no name is to be recorded."""
    assert pieces(HELLO) == (
        Piece("ko", "name-kim", "김순자", "kim"),
        Piece("ko", "hello-2", "님, 안녕하세요."),
    )
    table = [("hello", "en", "Hello, {name}."), ("who", "en", "A call."), ("x", "ko", "{name} 님")]
    assert to_record(table) == (
        Piece("en", "hello-1", "Hello,"),
        Piece("en", "who", "A call."),
        Piece("ko", "x-2", "님"),
    )
