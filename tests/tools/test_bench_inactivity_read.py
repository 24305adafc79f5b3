"""tools.bench.inactivity_read: files of other makers, odd times, and what is no recording at all.

Knows: CSV files of made homes. May not know: recordings, detectors.
"""

from __future__ import annotations

import gzip
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.tools.inactivity_files import DAY_MIN, FIRST, home, kettle_signs, read, written
from tools.bench.inactivity_read import UnreadableError
from tools.bench.inactivity_times import minute_of


def test_other_names_are_other_homes(tmp_path: Path) -> None:
    """Two names in a folder and one in a folder below: three homes."""
    for name in ("House_2_2014-03.csv", "House_2_2014-04.csv", "House_5.csv", "below/a.csv"):
        written(tmp_path / name, home(1))
    found, _told = read(tmp_path)
    assert [each.files for each in found] == [2, 1, 1]


@pytest.mark.parametrize(
    ("header", "row"),
    [
        ("timestamp,Kettle", "{at:%Y-%m-%dT%H:%M:%S},{w}"),
        ("Unix,kettle_w", "{s},{w}"),
        ("Date;Time;Global_active_power;Kettle 1", "{at:%d/%m/%Y};{at:%H:%M:%S};0,2;{w}"),
        (",mains,KETTLE", "{at:%Y-%m-%d %H:%M:%S+01:00},?,{w}"),
        ("Time,Kettle (kW)", "{at:%Y-%m-%d %H:%M},{kw}"),
        ("local time,Kettle", "{at:%Y/%m/%d %H:%M:%S},{w}"),
        ("Time,Kettle", "{at:%d-%m-%Y %I:%M:%S %p},{w}"),
        ("Time,Kettle", "{at.year}-{at.month}-{at.day} {at.hour}:{at:%M},{w}"),
        ("Time,Kettle", "{at:%Y%m%d%H%M%S},{w}"),
        ("Time,Kettle", "{s}000,{w}"),
        ("Time,Kettle", "{s}000000,{w}"),
        ("Time,Kettle", "{s}000000000,{w}"),
        ("sep=;\nTime;Kettle", "{at:%Y-%m-%dT%H:%M:%S.000Z};{w}"),
        ("# of a meter\n\nTime,Kettle", '"{at:%Y-%m-%d %H:%M:%S}","{w}"'),
    ],
)
def test_columns_and_times_are_found(tmp_path: Path, header: str, row: str) -> None:
    """Other names, separators, time stamps and kilowatts: the same signs, four a day."""
    lines = [header]
    for at, values in home(3):
        watts = float(values.split(",")[1])
        lines.append(row.format(at=at, s=int(at.timestamp()), w=watts, kw=watts / 1000))
    (tmp_path / "x.csv").write_text("\n".join(lines), encoding="utf-8")
    found, told = read(tmp_path)
    assert told == []
    minutes = [m % DAY_MIN // 60 for m in kettle_signs(found[0])]
    assert minutes == [7, 12, 18, 21] * 3
    assert found[0].minutes[0] == int(FIRST.timestamp()) // 60


def test_months_come_first_where_a_stamp_says_so(tmp_path: Path) -> None:
    """12/31 and 31/12 are told apart by a day beyond the twelfth; without one, days come first."""
    for name, form, days in (("us", "%m/%d/%Y %H:%M", 20), ("uk", "%d/%m/%Y %H:%M", 20)):
        lines = ["Time,Kettle", *(f"{at:{form}},{v.split(',')[1]}" for at, v in home(days)[::60])]
        (tmp_path / f"{name}.csv").write_text("\n".join(lines), encoding="utf-8")
    (tmp_path / "who knows.csv").write_text("Time,Kettle\n05/06/2021 00:00,1\n", encoding="utf-8")
    uk, us, unknown = read(tmp_path)[0]
    assert list(us.minutes) == list(uk.minutes)
    assert us.minutes[0] == int(FIRST.timestamp()) // 60
    assert us.refused == uk.refused == 0
    assert unknown.minutes[0] == int(datetime(2021, 6, 5, tzinfo=UTC).timestamp()) // 60


@settings(max_examples=50)
@given(at=st.datetimes(datetime(1990, 1, 1), datetime(2090, 1, 1)))  # noqa: DTZ001 - local
def test_a_minute_is_the_same_in_every_form(at: datetime) -> None:
    """ISO, day first, month first, twelve hours, a bare number and a compact one: one minute."""
    minute = int(at.replace(tzinfo=UTC).timestamp()) // 60
    days = ("%Y-%m-%d %H:%M:%S", "%Y/%m/%d %H:%M", "%d.%m.%Y %H:%M:%S", "%d/%m/%Y %I:%M %p")
    for form in (*days, "%Y%m%d%H%M%S", "%Y-%m-%dT%H:%M:%S+09:00"):
        assert minute_of(at.strftime(form), months_first=False) == minute, form
    assert minute_of(at.strftime("%m/%d/%Y %I:%M:%S %p"), months_first=True) == minute
    for parts in (1, 1_000, 1_000_000, 1_000_000_000):
        assert minute_of(str((minute * 60 + 5) * parts), months_first=False) == minute


@pytest.mark.parametrize("word", ["", "soon", "2021-13-01 00:00:00", "31/31/2021 10:00", "12:30"])
def test_what_is_no_time_is_none(word: str) -> None:
    """A row is refused, never dated somewhere."""
    assert minute_of(word, months_first=False) is None


@pytest.mark.parametrize("encoding", ["utf-16", "latin-1", "utf-8-sig"])
def test_letters_of_other_kinds(tmp_path: Path, encoding: str) -> None:
    """A table program's UTF-16, a column name in Latin-1, a byte order mark: read all the same."""
    lines = ["Time,Kettle Küche", *(f"{at:%Y-%m-%d %H:%M:%S},{v[-1]}" for at, v in home(1))]
    (tmp_path / "x.csv").write_text("\n".join(lines), encoding=encoding)
    found, told = read(tmp_path)
    assert told == []
    assert len(found[0].watts["kettle"]) == DAY_MIN


def test_a_packed_file_under_a_plain_name(tmp_path: Path) -> None:
    """What is in a file counts, not how it is called."""
    written(tmp_path / "x.csv.gz", home(1))
    (tmp_path / "x.csv.gz").rename(tmp_path / "y.csv")
    written(tmp_path / "z.csv", home(1))
    (tmp_path / "z.csv").rename(tmp_path / "z.csv.gz")
    found, told = read(tmp_path)
    assert told == []
    assert [len(each.minutes) for each in found] == [DAY_MIN, DAY_MIN]


def test_a_meters_wandering_zero_is_off(tmp_path: Path) -> None:
    """A few watts below nothing are nothing: no outage, the same signs."""
    rows = [(at, values.replace(",0,0", ",-0.7,0")) for at, values in home(3)]
    written(tmp_path / "x.csv", rows)
    found = read(tmp_path)[0][0]
    assert min(found.watts["kettle"]) == 0
    assert len(kettle_signs(found)) == 12


def test_eight_second_rows_are_minutes(tmp_path: Path) -> None:
    """Rows every eight seconds give a mean a minute and the same signs."""
    rows = []
    for second in range(0, 2 * 86_400, 8):
        kettle = second % 86_400 // 60 in range(430, 433)
        at = FIRST + timedelta(seconds=second)
        rows.append((at, f"{90 + second % 5},{2_000 * kettle},0"))
    written(tmp_path / "x.csv", rows)
    found = read(tmp_path)[0][0]
    assert len(found.minutes) == 2 * DAY_MIN
    assert [minute % DAY_MIN for minute in kettle_signs(found)] == [430, 430]


def test_what_cannot_be_read_is_said(tmp_path: Path) -> None:
    """No power, a cut gzip, rows without a time, nothing: each named, the rest counts."""
    written(tmp_path / "a.csv", home(1), header="Time,Fridge,Lamp,Door")
    packed = gzip.compress(("Time,Kettle\n" + "2021-05-01 00:00:00,1\n" * 9_999).encode())
    (tmp_path / "b.csv.gz").write_bytes(packed[: len(packed) // 2])
    (tmp_path / "c.csv").write_text(
        "Time,Kettle\nsoon,5\n2021-05-01 00:00:00,5\n", encoding="utf-8"
    )
    found, told = read(tmp_path)
    assert (
        "no column Aggregate/mains, Kettle or Microwave; its first line is Time, Fridge" in told[0]
    )
    assert "b.csv.gz: not a whole CSV file" in told[1]
    assert "1 of 2 rows have no time that is understood, such as 'soon'" in told[2]
    for name, content in (("d.csv", ""), ("e.csv", "Time,Kettle\n"), ("f.csv", "\ud83d,1\n")):
        (tmp_path / name).write_text(content, encoding="utf-8", errors="replace")
    (tmp_path / "g.csv").symlink_to(tmp_path / "gone.csv")
    (tmp_path / "folder.csv").mkdir()
    said = [line.rsplit("/", 1)[-1] for line in read(tmp_path)[1][3:]]
    assert said == [
        "d.csv: nothing in it; left out",
        "e: a header without a row; left out",
        "f.csv: no column time; its first line is ?, 1; left out",
        "g.csv: cannot be read (No such file or directory); left out",
    ]
    last = found[-1]
    assert (last.rows, last.refused, len(last.minutes)) == (2, 1, 1)
    with pytest.raises(UnreadableError, match="no such folder"):
        read(tmp_path / "none")


def test_the_hour_that_comes_twice_is_one(tmp_path: Path) -> None:
    """End of summer time: an hour of rows again, not in order; minutes ascend, none is lost."""
    rows = home(1)
    again = rows[120:180]
    written(tmp_path / "x.csv", [*rows[:180], *again, *rows[180:]])
    found = read(tmp_path)[0][0]
    assert list(found.minutes) == sorted(set(found.minutes))
    assert len(found.minutes) == DAY_MIN
