"""`anbu bench power`: the sums, the meter, and hours of the real firmware at rest in small."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from tools import cli
from tools.bench import currents, power, power_day, skipping
from tools.bench.power_day import Day
from tools.home.machine.board import Board
from tools.home.machine.duty import Duty, Meter
from tools.home.machine.sleeping import ASLEEP, WAITING

DAY_S = 86_400.0
ALL_ASLEEP = Duty(total_s=DAY_S, asleep_s=DAY_S, radio_off_s=DAY_S)


# --- the sums ----------------------------------------------------------------------------------


def test_a_day_asleep_is_the_data_sheets_figure_and_the_chips_around_it() -> None:
    """Only what draws all the time is added to the 240 µA; nothing that did not happen."""
    found = currents.budget(ALL_ASLEEP)
    drawn = {name: ma for name, ma in found.rows.items() if ma}
    assert drawn.pop("chip in light sleep") == 0.240
    assert set(drawn) == {"two MCP23017 at rest", "DS3231", "MAX17048", "regulator"}
    assert 400 < found.days < 452


def test_an_hour_awake_and_connected_costs_its_share() -> None:
    """1/24 of the chip's and the link's current, and that much less sleep."""
    hour_s = DAY_S / 24
    duty = replace(ALL_ASLEEP, asleep_s=DAY_S - hour_s, idle_s=hour_s, connected_s=hour_s)
    found = currents.budget(duty)
    assert found.rows["chip awake, idle (160 MHz)"] == pytest.approx(27.6 / 24)
    assert found.rows["connected, above the chip"] == pytest.approx(1.0 / 24)
    assert found.rows["chip in light sleep"] == pytest.approx(0.240 * 23 / 24)
    assert currents.budget(duty, cautious=True).total_ma > 2 * found.total_ma


def test_lights_count_by_colour_and_by_their_rail() -> None:
    """One colour fully lit for half the day, the rail on: half of 12 mA and half of 19.6 mA."""
    duty = replace(ALL_ASLEEP, rail_s=DAY_S / 2, channel_s=DAY_S / 2)
    found = currents.budget(duty)
    assert found.rows["a light's colour, fully lit"] == pytest.approx(6.0)
    assert found.rows["28 lights, dark but powered"] == pytest.approx(9.8)


def test_a_slower_chip_is_longer_busy_but_the_day_is_not_longer() -> None:
    """What the host computed in 10 s takes 300 s on the chip, taken from its sleep."""
    chip = currents.as_on_the_chip(replace(ALL_ASLEEP, asleep_s=DAY_S - 10, busy_s=10), 10)
    assert chip.busy_s == pytest.approx(300)
    assert chip.busy_s + chip.asleep_s + chip.idle_s == pytest.approx(DAY_S)


def test_every_current_has_its_source() -> None:
    """A data sheet, a measurement, or the word "assumed"; cautious is never below typical."""
    for row in currents.ROWS:
        assert row.cautious_ma >= row.typical_ma, row.name
        known = ("data sheet", "measured", "assumed")
        assert any(word in row.source for word in known), row.name


# --- what does not hold is said ----------------------------------------------------------------


def _report(**changes: float) -> list[str]:
    duty = Duty(**{"total_s": DAY_S, "asleep_s": DAY_S, **changes})  # type: ignore[arg-type]  # no int here
    return power.held(power.report(Day(duty, 1.0, 0, 1, 1, 1, reactions_ms=[50.0]), "battery"))


def test_a_day_that_broke_its_promises_fails() -> None:
    """Asleep with the radio on, or not on battery at all, is no day to count."""
    assert _report() == []
    assert "radio" in _report(asleep_radio_s=1.0)[0]
    assert "battery" in _report(mains_s=1.0)[0]


# --- the meter ---------------------------------------------------------------------------------


def test_the_time_before_a_change_belongs_to_the_state_before_it(tmp_path: Path) -> None:
    """Ten seconds asleep, then five on the air, then one lid open: each where it belongs."""
    now, radio = [0.0], ["off"]
    board = Board(tmp_path / "sock", on_change=lambda: meter.board_moved() if meter else None)
    meter: Meter | None = None
    meter = Meter(board, lambda: now[0], lambda: radio[0])
    board.sleeping._turn(ASLEEP)
    now[0] = 10.0
    board.sleeping._turn(WAITING)
    radio[0] = "advertising"
    meter.look()
    now[0] = 15.0
    board.lid(3, True)
    now[0] = 16.0
    meter.look()
    duty = meter.duty
    assert (duty.asleep_s, duty.idle_s, duty.busy_s) == (10.0, 6.0, 0.0)
    assert (duty.radio_off_s, duty.advertising_s, duty.radio_on) == (10.0, 6.0, 1)
    assert duty.closed_lid_s == 15 * 28 + 1 * 27
    assert duty.asleep_radio_s == 0


# --- the real firmware -------------------------------------------------------------------------


@pytest.mark.long
@pytest.mark.timeout(300)
def test_the_firmware_rests_and_misses_nothing(tmp_path: Path) -> None:
    """Three hours from six o'clock on battery, with the morning's dose.

    Asleep most of the time and never with the radio on; a window each two hours; the dose is taken
    and known at the gateway; a lid is answered out of sleep.
    """
    seen = skipping.run(power_day.day(tmp_path, "battery", 3, reactions=2))
    duty = seen.duty
    assert duty.asleep_radio_s == 0
    assert duty.asleep_s > 0.9 * duty.total_s
    assert 2 <= duty.radio_on <= 8
    assert seen.rests >= duty.radio_on
    assert seen.records["SLOT_TAKEN"] == 1
    assert seen.troubles == []
    assert len(seen.reactions_ms) == 2
    assert duty.closed_lid_s < 28 * duty.total_s


@pytest.mark.parametrize("words", [["--hours", "0"], ["--hours", "25"], ["--mode", "solar"]])
def test_impossible_words_are_refused(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    """Hours that no schedule was made for, or a mode that no board has, are usage errors."""
    with pytest.raises(SystemExit) as ended:
        cli.main(["bench", "power", *words])
    assert ended.value.code == cli.EXIT_USAGE
    assert capsys.readouterr().err


def test_the_report_is_one_json_object() -> None:
    """All of it can be written as JSON, the rows with their sources."""
    day = Day(replace(ALL_ASLEEP, naps=4320), 20.0, DAY_S, 60.0, 13, 13, reactions_ms=[40, 60])
    found = json.loads(json.dumps(power.report(day, "battery")))
    assert found["days_of_2600_mah"]["typical"] > found["days_of_2600_mah"]["cautious"] > 0
    assert found["without_rest_days"]["typical"] < 5
    assert {"name", "source", "share", "average_typical_ma"} <= set(found["rows"][0])
