"""tools.bench.inactivity: small homes written here, judged as the real ones are.

Knows: CSV files of made homes. May not know: recordings.
"""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from itertools import groupby, pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.life.detector import Choice, Detector
from gateway.life.history import history
from gateway.units import MIN_MS
from tests.tools.inactivity_files import DAY_MIN, FIRST, home, kettle_signs, read, written
from tools import cli
from tools.bench import inactivity
from tools.bench.inactivity_homes import RHYTHMS, signs_min
from tools.bench.inactivity_poisson import at_most, interval
from tools.bench.inactivity_rules import outages, power
from tools.bench.inactivity_walk import ZONE, Candidate, Score, Walk, candidates
from tools.bench.plug_rooms import room

USUAL = candidates()[-1]
CAP_24 = candidates()[0]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home of 50 days in two months' files, one packed."""
    path, rows = tmp_path_factory.mktemp("house") / "house", home(50)
    split = 31 * DAY_MIN
    written(path / "H_2021-05.csv.gz", rows[:split])
    written(path / "H_2021-06.csv", rows[split:])
    return path


def test_a_regular_home_is_told_whole(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Months are one home; four signs a day; no false alarm; every source and figure is there."""
    assert cli.main(["bench", "inactivity", str(folder), "--json"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert [row["source"] for row in report["homes"]] == ["kettle", "kettle+microwave", "mains"]
    for row in report["homes"]:
        assert (row["files"], row["rows"], row["outages"]) == (2, 50 * DAY_MIN, 0)
        assert row["signs_a_day"] == pytest.approx(4, abs=0.1)
        assert set(row["detectors"]) == {candidate.name for candidate in candidates()}
        shipped = row["detectors"][report["default"]]
        assert shipped["false_alarms"] == 0
        assert shipped["days"] == pytest.approx(50 - 28, abs=1)
        assert shipped["interval_95"][0] == 0
        assert 0 < shipped["delay_mean_h"] < row["detectors"]["fixed 24 h"]["delay_mean_h"]
    assert report["missed"] == report["unreadable"] == []


def test_lines_and_chart_for_people(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Without --json the same stands in lines; --plot draws a panel a source."""
    chart = tmp_path / "trade-off.svg"
    assert cli.main(["bench", "inactivity", str(folder), "--plot", str(chart)]) == 0
    told = capsys.readouterr().out
    assert "H, kettle: 2021-05-01 … 2021-06-19" in told
    assert "mean over 1 home, mains" in told
    drawn = chart.read_text(encoding="utf-8")
    assert drawn.startswith("<svg")
    assert drawn.count("mean over 1 home") == 3


def test_only_the_asked_months_are_judged(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """--from and --until choose silences; what was learnt before them still counts."""
    words = ["bench", "inactivity", str(folder), "--json", "--from", "2021-06-05"]
    assert cli.main([*words, "--until", "2021-06-10"]) == 0
    row = json.loads(capsys.readouterr().out)["homes"][0]["detectors"]["usual, cap 24 h"]
    assert row["days"] == pytest.approx(5, abs=0.7)


def test_a_missing_folder_is_told_politely(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """No folder, an empty one, no folder named: one line each and exit 2."""
    for words in ([str(tmp_path / "none")], [str(tmp_path)], []):
        assert cli.main(["bench", "inactivity", *words]) == 2
        out, err = capsys.readouterr()
        assert out == ""
        assert len([line for line in err.splitlines() if not line.endswith("…")]) == 1


def test_a_home_without_a_kettle_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Mains only: judged by them, and said which sources there are none of."""
    written(tmp_path / "h" / "x.csv", home(3), header="Time,Aggregate,a,b")
    assert cli.main(["bench", "inactivity", str(tmp_path / "h"), "--json"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert [row["source"] for row in report["homes"]] == ["mains"]
    assert report["unreadable"] == [
        "h/x: no column for kettle, kettle+microwave; the others are judged"
    ]
    assert report["homes"][0]["detectors"][report["default"]] == {"days": 0.0}


def test_coarse_rows_are_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A row every ten minutes says nothing of a kettle: told so, nothing is measured."""
    written(tmp_path / "h" / "x.csv", home(3)[::10])
    assert cli.main(["bench", "inactivity", str(tmp_path / "h")]) == 2
    assert "rows are 10 min apart" in capsys.readouterr().err


def test_outages_are_masked(tmp_path: Path) -> None:
    """A hole of 61 minutes is summer time's; of two hours, or a value held for two: outages."""
    rows = home(3)
    held = [(at, "333,0,0") for at, _values in rows[2_000:2_130]]
    kept = [*rows[:300], *rows[360:800], *rows[920:2_000], *held, *rows[2_130:]]
    written(tmp_path / "x.csv", kept)
    found = read(tmp_path)[0][0]
    watts = power(found, "kettle")
    assert watts is not None
    first = found.minutes[0]
    spans = [(begin - first, end - first) for begin, end in outages(found, watts)]
    assert spans == [(799, 920), (2_000, 2_129)]


def test_a_strip_is_one_plug(tmp_path: Path) -> None:
    """Kettle and microwave within half an hour are one bout, apart they are two signs."""
    rows = []
    for minute in range(DAY_MIN):
        kettle = 2_000 * (minute in range(600, 603))
        micro = 1_000 * (minute in range(610, 613) or minute in range(800, 803))
        rows.append((FIRST + timedelta(minutes=minute), f"{99 + minute % 3},{kettle},{micro}"))
    written(tmp_path / "x.csv", rows)
    found = read(tmp_path)[0][0]
    assert [minute % DAY_MIN for minute in kettle_signs(found, "kettle+microwave")] == [600, 800]


def test_a_refrigerator_is_no_sign_in_the_mains(tmp_path: Path) -> None:
    """Steps of 150 W all day are nobody; one of 900 W on top of them is."""
    rows = []
    for minute in range(2 * DAY_MIN):
        watts = 80 + 150 * (minute // 20 % 2) + 900 * (minute in range(500, 510)) + minute % 3
        rows.append((FIRST + timedelta(minutes=minute), f"{watts},0,0"))
    written(tmp_path / "x.csv", rows)
    found = read(tmp_path)[0][0]
    assert [minute - found.minutes[0] for minute in kettle_signs(found, "mains")] == [500]


def made(gaps_h: list[float], unseen: list[tuple[int, int]] | None = None) -> Walk:
    """A life: forty days of a sign every six hours, then these silences, then the same again."""
    at, found = 0, []
    for gap_h in [*([6.0] * 160), *gaps_h, *([6.0] * 8)]:
        found.append(at)
        at += round(gap_h * 60) * MIN_MS
    return Walk(found, unseen or [], 0, at)


def test_false_alarms_and_absences_by_hand() -> None:
    """Under 24 h nothing, 30 h a false alarm, 50 h an absence that was told."""
    score = made([20, 30, 50]).score(CAP_24)
    assert (score.alarms, score.absences, score.absences_told) == (1, 1, 1)
    silent_h = 6 * (160 - 28 * 4) + 20 + 30 + 6 * 7
    assert score.days == pytest.approx(silent_h / 24)


def test_delays_by_hand() -> None:
    """Ends in silences of six hours under a cap of 24 h: from 24 down to 18 h late, evenly."""
    spread = made([]).score(CAP_24).spread()
    assert spread is not None
    assert spread[0] == pytest.approx(21, abs=0.02)
    assert spread[1] == pytest.approx(24 - 6 * 0.05, abs=0.02)
    score = Score()
    score.add_delays(
        60, 180
    )  # an hour of delays from 60 min down, two in which it was told already
    assert score.spread() == pytest.approx(
        (60.5 / 2 / 60 / 3 * 1, (60 - 180 * 0.05 + 1) / 60), abs=0.02
    )


def test_an_outage_in_a_silence_does_not_alarm() -> None:
    """Thirty hours without a sign, ten of them unseen: twenty count, no alarm; without it one."""
    begins = 160 * 6 * 60 * MIN_MS
    hidden = (begins + 5 * 60 * MIN_MS, begins + 15 * 60 * MIN_MS)
    assert made([30]).score(CAP_24).alarms == 1
    score = made([30], [hidden]).score(CAP_24)
    assert score.alarms == 0
    assert score.days == pytest.approx((6 * (160 - 28 * 4) + 20 + 6 * 7) / 24)


def test_a_walk_learns_what_a_gateway_would_have() -> None:
    """The half hours cut once and for all are, at each midnight, those of the gateway's history."""
    found = [minute * MIN_MS for minute in signs_min(RHYTHMS[1], 100, 3)]
    hidden = [(40 * DAY_MIN * MIN_MS, 41 * DAY_MIN * MIN_MS + 777_000)]
    walk = Walk(found, hidden, 0, 100 * DAY_MIN * MIN_MS)
    for day in (date(1970, 2, 1), date(1970, 3, 3), date(1970, 4, 1)):
        now_ms = int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp()) * 1000
        assert walk.past(day) == history(walk.seen, ZONE, now_ms)


@settings(max_examples=10)
@given(seed=st.integers(0, 1_000), rhythm=st.sampled_from(RHYTHMS))
def test_a_drawn_home_is_the_same_again(seed: int, rhythm: Any) -> None:  # noqa: ANN401
    """The same seed is the same home; signs ascend, bouts are merged; more days only add."""
    found = signs_min(rhythm, 60, seed)
    assert found == signs_min(rhythm, 60, seed)
    assert all(then - at > 30 for at, then in pairwise(found))
    assert found != signs_min(rhythm, 60, seed + 1)


def test_drawn_homes_live_as_they_are_described() -> None:
    """Clockwork begins early and even, night work late, two kettles are two, days decline."""
    lived = {rhythm.name: signs_min(rhythm, 360, 101) for rhythm in RHYTHMS}
    firsts = {
        name: sorted(next(iter(group)) % DAY_MIN for _day, group in groupby(at, day_of))
        for name, at in lived.items()
    }
    middle = {name: each[len(each) // 2] for name, each in firsts.items()}
    assert middle["like clockwork"] < middle["late riser"] - 120
    for name, least, most in (("two kettles a day", 1.4, 2.4), ("like clockwork", 5.5, 8.5)):
        assert least < len(lived[name]) / 360 < most
    young, old = (
        sum(low <= at // DAY_MIN % 120 < high for at in lived["declining"])
        for low, high in ((0, 30), (70, 100))
    )
    assert old < young * 4 / 5
    weekend = [then - at for at, then in pairwise(lived["weekends away"]) if then - at > DAY_MIN]
    assert len(weekend) > 10
    assert sum(at % DAY_MIN < 360 for at in lived["night work"]) > 100


def day_of(at: int) -> int:
    return at // DAY_MIN


def test_a_drawn_home_has_no_calendar(capsys: pytest.CaptureFixture[str]) -> None:
    """--from and --until choose months of recordings; drawn homes are judged whole beside them."""
    homes = [each for each in inactivity.drawn_homes() if each.home == "drawn: like clockwork"]
    months = [(date(1900, 1, 1), date(9000, 1, 1)), (date(2014, 11, 1), date(2015, 7, 1))]
    whole, part = (inactivity.measure(homes, period)["homes"] for period in months)
    assert whole[0]["detectors"] == part[0]["detectors"]
    assert whole[0]["detectors"]["fixed 24 h"]["days"] > 300
    assert capsys.readouterr().out == ""


def test_the_default_holds_on_homes_it_was_not_made_on() -> None:
    """Drawn homes, another seed: earlier than Cuddihy's line, at most half as many alarms more."""
    totals = {}
    for candidate in (USUAL, Candidate("Cuddihy", Choice(Detector.CUDDIHY), 24)):
        alarms, late_h = 0, 0.0
        for rhythm in RHYTHMS[:3]:
            found = [minute * MIN_MS for minute in signs_min(rhythm, 200, 11)]
            score = Walk(found, [], 0, 200 * DAY_MIN * MIN_MS).score(candidate)
            spread = score.spread()
            assert spread is not None
            alarms, late_h = alarms + score.alarms, late_h + spread[0]
        totals[candidate.name] = (alarms, late_h / 3)
    shipped, published = totals[USUAL.name], totals["Cuddihy"]
    assert shipped[1] < published[1] - 0.5
    assert shipped[0] <= published[0] * 3 / 2


@pytest.mark.parametrize(
    ("count", "low", "high"),
    [
        # Garwood 1936, as in the tables of Pearson and Hartley (95 %)
        (0, 0.0, 3.689), (1, 0.0253, 5.572), (2, 0.242, 7.225), (5, 1.623, 11.668),
        (10, 4.795, 18.390), (30, 20.241, 42.827), (100, 81.364, 121.627),
    ],
)  # fmt: skip
def test_poisson_intervals_are_those_of_the_tables(count: int, low: float, high: float) -> None:
    """Exact intervals, to the last printed digit."""
    assert list(interval(count)) == pytest.approx([low, high], abs=6e-4)


@settings(max_examples=30)
@given(count=st.integers(0, 400))
def test_a_poisson_interval_holds_its_count(count: int) -> None:
    """The count lies inside, each end leaves 2.5 %, and a greater count is not less sure."""
    low, high = interval(count)
    assert low <= count < high
    assert at_most(count, high) == pytest.approx(0.025, abs=1e-6)
    if count:
        assert 1 - at_most(count - 1, low) == pytest.approx(0.025, abs=1e-6)


def test_the_benches_use_the_firmwares_own_files() -> None:
    """Load and lamp are the rooms that are flashed, not copies."""
    assert Path(room("load").__file__).parts[-4:-1] == ("firmware", "careplug", "careplug")
    assert inactivity.DEFAULT.startswith(Choice().detector)
