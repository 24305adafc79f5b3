"""Small homes of a kettle, written as CSV files, and read back.

Knows: rows a minute, packed files. May not know: detectors.
"""

from __future__ import annotations

import gzip
from datetime import UTC, datetime, timedelta
from pathlib import Path

from tools.bench.inactivity_read import Recording, recordings
from tools.bench.inactivity_rules import power, signs

DAY_MIN = 1_440
FIRST = datetime(2021, 5, 1, tzinfo=UTC)


def written(
    path: Path, rows: list[tuple[datetime, str]], header: str = "Time,Aggregate,Kettle,Microwave"
) -> None:
    """Rows as a file; gzip if its name says so."""
    lines = [header, *(f"{at:%Y-%m-%d %H:%M:%S},{values}" for at, values in rows)]
    text = "\n".join(lines) + "\n"
    data = gzip.compress(text.encode()) if path.suffix == ".gz" else text.encode()
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)


def home(days: int, hours: tuple[int, ...] = (7, 12, 18, 21)) -> list[tuple[datetime, str]]:
    """A row a minute; the kettle for three minutes at these hours, the mains never flat."""
    rows = []
    for minute in range(days * DAY_MIN):
        kettle = minute % DAY_MIN // 60 in hours and minute % 60 in range(10, 13)
        watts = 2_000 if kettle else 0
        rows.append((FIRST + timedelta(minutes=minute), f"{100 + minute % 7 + watts},{watts},0"))
    return rows


def read(folder: Path) -> tuple[list[Recording], list[str]]:
    told: list[str] = []
    return list(recordings(folder, told.append)), told


def kettle_signs(recording: Recording, source: str = "kettle") -> list[int]:
    watts = power(recording, source)
    assert watts is not None
    return signs(recording.minutes, watts, source)
