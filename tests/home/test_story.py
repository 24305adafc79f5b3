"""tools.home.story, narrate and window: the pure parts of the virtual home."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from anbu_wire import messages as m
from anbu_wire import names
from gateway.config import load
from gateway.events import KINDS
from tools.home import config, narrate, provision, window
from tools.home.stories import STORIES
from tools.home.story import Score, hour_minute, result


def test_a_run_without_expectations_has_not_held() -> None:
    """A story that looked at nothing proves nothing."""
    assert not Score().held


def test_one_failed_expectation_fails_the_run() -> None:
    """All expectations must hold, and each says what was seen."""
    score = Score()
    score.expect("a", held=True)
    held = [score.held]
    score.expect("b", held=False, seen=3)
    assert [*held, score.held] == [True, False]
    report = result(STORIES["taken-on-time"], 1, 60, score, {"duplicates": 0})
    assert report["expectations"][1] == {"what": "b", "held": False, "seen": "3"}
    assert report["held"] is False
    assert json.loads(json.dumps(report)) == report


def test_stories_start_at_their_local_time() -> None:
    """18:15 in Seoul is 09:15 UTC."""
    story = STORIES["forgotten-evening-dose"]
    assert hour_minute(story.starts_s * 1000) == "18:15:00"
    assert story.starts_s % 86_400 == 9 * 3600 + 15 * 60


@pytest.mark.parametrize("name", list(STORIES))
def test_every_household_is_one_that_a_gateway_takes(name: str, tmp_path: Path) -> None:
    """The configuration written for a story has no mistake, and says what the story says."""
    places = provision.Places(tmp_path)
    household = STORIES[name].household
    owns = [places, *(places.of(plug.device_id) for plug in household.plugs)]
    for file in [own.key for own in owns] + [own.bthome_key for own in owns]:
        file.touch(mode=0o600)
        file.write_text("0" * 32)
    config.write_config(places, household, 8080, STORIES[name].starts[:10])
    roster = load(places.config).roster
    assert len(roster.regimens) == len(household.doses)
    kinds = ["pillbox"] * household.box + ["careplug"] * len(household.plugs)
    assert [device.kind for device in roster.devices] == kinds
    assert len(roster.guardians) == 1 + len(household.others)
    assert [r.criticality for r in roster.regimens] == [d.criticality for d in household.doses]
    assert [p.compartment for p in roster.as_needed] == [p.compartment for p in household.as_needed]
    assert (roster.persons[0].quiet is None) == (household.quiet is None)


def test_every_event_with_words_exists_and_its_fields_do() -> None:
    """The storyteller's words fit the events' fields: no line fails when it is told."""
    for kind, words in narrate._WORDS.items():
        fields = dict.fromkeys(KINDS[kind].__dataclass_fields__, "x")
        assert words.format(**fields)


def test_every_record_is_told_in_one_line() -> None:
    """A record of the box becomes one line with the house's time."""
    record: dict[str, Any] = {
        "kind": "device_record",
        "at_ms": STORIES["demo"].starts_s * 1000,
        "record_kind": m.SLOT_MISSED,
        "slot_index": 2,
        "compartment": 2,
        "value": 0,
    }
    told = narrate.line(record)
    assert told == "07:20:00  box: window of evening closed, nobody opened it"
    assert narrate.line({**record, "record_kind": m.BATTERY}) is None
    assert narrate.line({"kind": "device_caught_up", "at_ms": 0}) is None


def test_every_value_of_a_record_can_be_told() -> None:
    """Whatever kind and value a box writes, telling it does not fail, and a word is not a miss."""
    record = {"kind": "device_record", "at_ms": 0, "slot_index": 2, "compartment": 2}
    for kind in names.RECORD_KIND_NAMES:
        for value in (-1, *range(12)):
            told = narrate.line({**record, "record_kind": kind, "value": value})
            assert told is None or "{" not in told
    said = {**record, "record_kind": m.SLOT_SKIPPED, "value": m.SKIPPED_BY_WORD}
    assert "by word" in str(narrate.line(said))


class _Bench:
    """A board that notes what hands do to it."""

    def __init__(self) -> None:
        self.done: list[tuple[object, ...]] = []

    def picture(self) -> dict[str, Any]:
        return {"lids": [False]}

    def lid(self, compartment: int, open: bool) -> None:  # noqa: A002 - the protocol
        self.done.append(("lid", compartment, open))

    def button(self, name: str, pressed: bool) -> None:
        self.done.append(("button", name, pressed))


def test_the_window_moves_lids_and_buttons() -> None:
    """What the page asks for reaches the board, once."""
    bench = _Bench()
    assert window.answer(bench, b'{"get":"picture"}', 28) == {"lids": [False]}
    assert window.answer(bench, b'{"lid":27,"open":true}', 28) == {"ok": True}
    assert window.answer(bench, b'{"button":"ok","pressed":true}', 28) == {"ok": True}
    assert bench.done == [("lid", 27, True), ("button", "ok", True)]


@pytest.mark.parametrize(
    "line",
    [b"", b"x", b"[]", b'{"lid":28,"open":true}', b'{"lid":-1,"open":true}', b'{"button":"no"}'],
)
def test_the_window_refuses_what_is_not_there(line: bytes) -> None:
    """Anything else touches nothing and says why."""
    bench = _Bench()
    reply = window.answer(bench, line, 28)
    assert reply["ok"] is False
    assert reply["why"]
    assert bench.done == []
