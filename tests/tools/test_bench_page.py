"""tools.bench.page: `anbu bench page` in small."""

from __future__ import annotations

import json

import pytest

from gateway.officer.standing import Level
from gateway.rules import RULES
from tools import cli
from tools.bench import page
from tools.bench.page_world import MORNING_MS


@pytest.mark.long
def test_a_small_run_tells_every_figure(capsys: pytest.CaptureFixture[str]) -> None:
    """The list and the page beside ingest: every event in the log once, and all aims beside."""
    words = ["bench", "page", "--json", "--persons", "100", "--questions", "100"]
    cli.main([*words, "--beside", "100", "--seconds", "2"])
    report = json.loads(capsys.readouterr().out)
    found, beside = report["lists"][0], report["beside"][0]
    assert (found["persons"], found["questions"]) == (100, 100)
    assert 0 < found["view_bytes"] <= found["aim_view_bytes"]
    assert found["view_bytes"] < found["view_bytes_unpacked"]
    assert 0 < found["p50_ms"] <= found["p95_ms"] <= found["most_ms"]
    assert (beside["events"], beside["lost"], beside["doubled"]) == (200, 0, 0)
    assert beside["requests"] > 0


@pytest.mark.long
def test_every_page_and_every_rule_is_measured(capsys: pytest.CaptureFixture[str]) -> None:
    """The month is counted to the same figures in slices, each page stands, each rule is there."""
    words = ["bench", "page", "--json", "--persons", "100", "--questions", "100", "--beside", "100"]
    cli.main([*words, "--seconds", "1", "--every", "100", "--days", "5"])
    (found,) = json.loads(capsys.readouterr().out)["every"]
    month = found["month"]
    assert (month["doses"], month["same"]) == (100 * 4 * 4, True)
    assert month["again_ms"] < month["anew_ms"]
    assert {tuple(of["statuses"]) for of in found["pages"]} == {(200,)}
    assert len(found["rules"]) == len(RULES)


def test_the_district_is_as_it_is_told() -> None:
    """Of a hundred: one called, one was silent, four are not seen, one has no box; most fine."""
    home = page.home_of(100)
    rows = home.board.rows(home.household, home.ledger, MORNING_MS)
    levels = [row.level for row in rows]
    assert len(rows) == 100
    assert levels.count(Level.FIRST) >= 2
    assert levels.count(Level.UNSEEN) == 4
    assert levels.count(Level.FINE) > 90
    assert sum(row.unknown for row in rows) == 5


def test_an_aim_that_is_not_kept_ends_with_1(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A list slower than its aim is a failure, said in one line."""
    monkeypatch.setattr(page, "AIMS_MS", {100: 0.0})
    assert page.run([100], 10, [], 1, as_json=True) == 1
    told = capsys.readouterr()
    assert json.loads(told.out)["lists"][0]["kept"] is False
    assert "an aim was not kept" in told.err


@pytest.mark.parametrize("words", [["--persons", "5"], ["--seconds", "0"]])
def test_what_would_measure_nothing_is_refused(
    words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    """A usage error that names the allowed range."""
    with pytest.raises(SystemExit) as ended:
        cli.main(["bench", "page", *words])
    assert ended.value.code == cli.EXIT_USAGE
    assert words[0] in capsys.readouterr().err
