"""tools.bench.adherence: `anbu bench adherence` in small, and the lives it is measured with."""

from __future__ import annotations

import json

import pytest

from gateway.events import DeviceRecord
from gateway.home import Home
from tools import cli
from tools.bench.years import Plans, Resident


@pytest.mark.long
def test_a_small_run_tells_everything(capsys: pytest.CaptureFixture[str]) -> None:
    """One JSON object with every figure; only who came due was asked, and decided as in a scan."""
    words = ["bench", "adherence", "--json", "--years", "1", "--residents", "100,200"]
    assert cli.main(words) == 0
    report = json.loads(capsys.readouterr().out)
    folded = report["folding"]
    assert folded["slot_events"] == 4 * 4 * 365
    assert list(folded["look_us"]) == ["1"]
    assert folded["doses"] == 4 * 365
    assert 80 < folded["taking_percent"] < 99
    assert {"history", "taking", "pdc", "mpr", "table", "summary"} <= set(folded["metrics"])
    assert folded["fills"] == 13  # a bag every thirty days
    assert folded["openings"] > 1000
    assert folded["corrections"] > 0
    assert [each["residents"] for each in report["streets"]] == [100, 200]
    for each in report["streets"]:
        assert [(row["due"], row["same_as_everybody"]) for row in each["due"]] == [
            (1, True), (10, True), (50, True),
        ]  # fmt: skip
        assert all(row["due"] <= row["asked"] < each["residents"] for row in each["due"])
        assert each["day"]["asked_a_resident"] < 100
    assert report["most_to_fewest"]["residents"] == 2


@pytest.mark.long
def test_the_table_for_people_names_each_street(capsys: pytest.CaptureFixture[str]) -> None:
    """Without --json the same stands in lines."""
    assert cli.main(["bench", "adherence", "--years", "1", "--residents", "100"]) == 0
    told = capsys.readouterr().out
    assert "json.loads" in told
    assert "idle_look 1.0" in told


@pytest.mark.parametrize("words", [["--years", "0"], ["--residents", "100,99"]])
def test_what_would_measure_nothing_is_refused(
    words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    """Too few years or residents are a usage error that names the allowed range."""
    with pytest.raises(SystemExit) as ended:
        cli.main(["bench", "adherence", *words])
    assert ended.value.code == cli.EXIT_USAGE
    assert words[0] in capsys.readouterr().err


def test_a_life_is_what_the_gateway_would_have_lived() -> None:
    """The same seed gives the same facts; folded again they leave nothing to decide."""
    plans = Plans(40)
    one, other = Resident(plans, 3), Resident(plans, 3)
    log = [*one.begin(), *(fact for day in range(40) for fact in one.day(day))]
    assert log == [*other.begin(), *(fact for day in range(40) for fact in other.day(day))]
    assert sum(isinstance(f, DeviceRecord) and f.slot_day is not None for f in log) == 40 * 16
    again = Home()
    for fact in log:
        again.fold(fact)
    assert again == one.home
