"""tools.bench: `anbu bench radio` in small, over the real firmware and the real radio."""

from __future__ import annotations

import json

import pytest

from tools import cli

EVENTS = 200


def test_a_small_run_tells_everything_and_loses_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    """One JSON object with every figure, all of them possible; each record is there once."""
    assert cli.main(["bench", "radio", "--json", "--events", str(EVENTS)]) == 0
    report = json.loads(capsys.readouterr().out)
    sync, raw, air, flash = (report[key] for key in ("sync", "raw", "air", "flash"))
    assert sync["records"] > EVENTS  # the box wrote of its own start too
    assert sync["lost"] == sync["duplicates"] == 0
    assert sync["troubles"] == []
    assert sync["events_per_s"] > 0
    assert raw["value_bytes"] == 244
    assert [received for received, _sent in raw["received_of_sent"]] == [EVENTS] * 2
    assert report["ratio_events_to_raw_notifications"] > 0
    assert report["ratio_record_bytes_to_raw_bytes"] > 0
    # a record is sealed and answered for, so it costs more than itself, but not twice
    assert air["record_bytes"] < air["value_bytes_per_event"] < 2 * air["record_bytes"]
    assert [row["message_bytes"] for row in report["seal"]] == [11, 35, 131, 227]
    assert all(row["frame_bytes"] == row["message_bytes"] + 13 for row in report["seal"])
    assert all(row["seal_to_sha256"] > 1 for row in report["seal"])
    # each record is flushed by itself: at least a page, hardly more than a block
    assert 256 <= flash["programmed_bytes_per_event"] < 8192
    assert 0 < flash["erases_per_event"] < 4


@pytest.mark.parametrize("events", ["99", "20001", "many"])
def test_an_impossible_count_is_refused(events: str, capsys: pytest.CaptureFixture[str]) -> None:
    """What the box's log cannot hold, or what would measure nothing, is a usage error."""
    with pytest.raises(SystemExit) as ended:
        cli.main(["bench", "radio", "--events", events])
    assert ended.value.code == cli.EXIT_USAGE
    assert "--events" in capsys.readouterr().err
