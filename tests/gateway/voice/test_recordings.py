"""Recordings of calls: sealed for the gateway, deleted by date, nothing in the clear."""

from __future__ import annotations

import errno
import io
import os
import stat
import wave
from datetime import date, timedelta
from pathlib import Path

import pytest

from gateway.config import private
from gateway.enrolment import new_identity, recipient_of
from gateway.voice.recordings import RecordingError, Recordings, beside

IDENTITY = new_identity()
UNTIL = date(2026, 12, 1)
PCM = bytes(range(256)) * 40


def kept_in(folder: Path) -> Recordings:
    return Recordings(beside(folder / "anbu.db"), recipient_of(IDENTITY))


def test_only_the_gateway_can_listen(tmp_path: Path) -> None:
    """What was kept is heard with its identity, with no other, and lies nowhere in the clear."""
    recordings = kept_in(tmp_path)
    recordings.keep("call-1", PCM, UNTIL)
    with wave.open(io.BytesIO(recordings.listen("call-1", IDENTITY)), "rb") as wav:
        assert (wav.getframerate(), wav.readframes(len(PCM))) == (8000, PCM)
    with pytest.raises(RecordingError, match="cannot be opened"):
        recordings.listen("call-1", new_identity())
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert len(files) == 1
    assert PCM[:64] not in files[0].read_bytes()
    assert stat.S_IMODE(files[0].stat().st_mode) == 0o600
    assert stat.S_IMODE(files[0].parent.stat().st_mode) == 0o700


def test_a_deleted_recording_is_gone(tmp_path: Path) -> None:
    """Deleted it is heard no more, and no file of it is left; deleting again is no fault."""
    recordings = kept_in(tmp_path)
    recordings.keep("call-1", PCM, UNTIL)
    recordings.keep("call-2", PCM, UNTIL)
    assert recordings.delete("call-1")
    assert not recordings.delete("call-1")
    assert recordings.all() == ("call-2",)
    with pytest.raises(RecordingError, match="no recording"):
        recordings.listen("call-1", IDENTITY)


def test_kept_again_the_later_day_counts(tmp_path: Path) -> None:
    """One file a call, named by its last day."""
    recordings = kept_in(tmp_path)
    recordings.keep("call-1", PCM, UNTIL)
    recordings.keep("call-1", PCM * 2, UNTIL + timedelta(days=3))
    assert recordings.all() == ("call-1",)
    (file,) = beside(tmp_path / "anbu.db").iterdir()
    assert file.name.startswith("2026-12-04.")


@pytest.mark.parametrize("call_id", ["", "../x", "a/b", "a.b", "x" * 65, "전화"])
def test_a_call_id_is_never_a_path(tmp_path: Path, call_id: str) -> None:
    """Nothing is written outside the folder, whatever a call is named."""
    with pytest.raises(RecordingError, match="call id"):
        kept_in(tmp_path).keep(call_id, PCM, UNTIL)
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_cannot_be_used_is_said(tmp_path: Path) -> None:
    """A full or broken disk is a line for the technician; a wrong recipient too."""
    beside(tmp_path / "anbu.db").write_text("a file where the folder should be")
    with pytest.raises(RecordingError, match="make room"):
        kept_in(tmp_path).keep("call-1", PCM, UNTIL)
    with pytest.raises(RecordingError, match="recipient"):
        Recordings(tmp_path, "age1nothing")


def test_a_full_disk_keeps_no_half_recording(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What could not be kept is nowhere: nobody would ever delete it by date."""

    def full(_from: Path, _to: Path) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(RecordingError, match="make room there"):
        kept_in(tmp_path).keep("call-1", PCM, UNTIL)
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]


def test_what_a_power_cut_left_half_written_goes(tmp_path: Path) -> None:
    """A seal that was never finished has no day and no fact: only the start can take it away."""
    recordings = kept_in(tmp_path)
    recordings.keep("call-1", PCM, UNTIL)
    (torn,) = beside(tmp_path / "anbu.db").iterdir()
    left = torn.with_name(f".{torn.name}.4711.1{private.PART}")
    left.write_bytes(torn.read_bytes()[:9])
    recordings.delete_torn()
    assert (left.exists(), recordings.all()) == (False, ("call-1",))
