"""tools.bench.daylight: an office written here, judged as UCI's is.

Knows: light by the minute, days on which nobody is there. May not know: recordings.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tools import cli
from tools.bench import daylight


def office(tmp_path: Path, lux: Callable[[datetime], float]) -> Path:
    """Two empty days and the two before them, as UCI writes them."""
    lines = ['"date","Temperature","Light","Occupancy"']
    at, number = datetime(2015, 2, 5, 12, tzinfo=UTC), 1
    while at < datetime(2015, 2, 9, tzinfo=UTC):
        lines.append(f'"{number}","{at - timedelta(seconds=1):%Y-%m-%d %H:%M:%S}",21,{lux(at)},0')
        at, number = at + timedelta(minutes=1), number + 1
    (tmp_path / "data.txt").write_text("\n".join(lines), encoding="utf-8")
    return tmp_path


def sun(at: datetime) -> float:
    """Clouds: the light of the day changes by half from minute to minute."""
    height = max(0.0, 1 - abs(at.hour * 60 + at.minute - 765) / 240)
    return round(height * (600 if at.minute % 7 else 900), 1)


def lamp(at: datetime) -> float:
    """A lamp of 400 lx on the two days somebody is there: in the evening and on a dark morning."""
    return 400.0 * (at.day < 7 and (18 <= at.hour < 20 or at.hour == 6))


def test_daylight_is_nobody_and_a_lamp_is_somebody(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Clouds give the naive rule events in the empty room; the plug's rule sees the lamp only."""
    folder = office(tmp_path, lambda at: sun(at) + lamp(at))
    assert cli.main(["bench", "daylight", str(folder), "--json"]) == 1  # too few events to praise
    report = json.loads(capsys.readouterr().out)
    assert report["rules"]["firmware"]["empty"] == 0
    assert report["rules"]["firmware"]["occupied"] == 6
    assert report["rules"]["naive"]["empty"] > 50
    assert report["rules"]["firmware"]["longest_silence_h_in_the_empty_room"] > 47
    assert report["missed"] == ["6 events in the occupied one, 20 wanted"]
    assert cli.main(["bench", "daylight", str(folder)]) == 1
    assert "naive" in capsys.readouterr().out


def test_a_lamp_in_the_empty_room_is_found(tmp_path: Path) -> None:
    """The bench does not pass by being blind: a lamp on an empty day is counted there."""
    light = daylight.read(office(tmp_path, lambda at: 300.0 * (at.day == 8 and at.hour == 20)))
    report = daylight.measure(light)
    assert report["rules"]["firmware"]["empty"] == 2
    assert "2 events in the empty room, 0 wanted" in report["missed"]


def test_no_occupancy_recording_is_told_politely(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """An absent folder and a foreign file: one line, exit 2."""
    assert cli.main(["bench", "daylight", str(tmp_path / "none")]) == 2
    (tmp_path / "a.txt").write_text("hello\n", encoding="utf-8")
    assert cli.main(["bench", "daylight", str(tmp_path)]) == 2
    assert capsys.readouterr().err.count("no occupancy recording there") == 2
