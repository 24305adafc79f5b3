"""`anbu bench power`: how long the battery lasts by the duty cycle that the firmware really shows.

Knows: a day that was lived (tools.bench.power_day), the table of currents, how both are told.
May not know: how a box rests, how a day is skipped through.

The box's whole firmware lives a day on battery with four doses (on time, late, early, at the last
minute) and a lid opened for nothing, beside the gateway's production radio. How long it was asleep,
awake, on the air, lit and loud is what it did; the currents are assumed, each with its source, in
two columns. Not measured: a real chip's currents, a cell's age and temperature.
"""

from __future__ import annotations

import json
import statistics
import sys
import tempfile
from pathlib import Path
from typing import Any

from tools.bench import currents, skipping
from tools.bench.power_day import Day, day

AIM_MS = 100.0
_WIDTH = 30


def measure(mode: str, hours: float) -> dict[str, Any]:
    """Lives the day; the report as one object."""
    with tempfile.TemporaryDirectory(prefix="anbu-bench-") as folder:
        return report(skipping.run(day(Path(folder), mode, hours)), mode)


def report(seen: Day, mode: str) -> dict[str, Any]:
    """What was seen, and what follows from it with the table of currents."""
    chip = currents.as_on_the_chip(seen.duty, seen.cpu_s)
    cases = {"typical": False, "cautious": True}
    budgets = {name: currents.budget(chip, cautious=cautious) for name, cautious in cases.items()}
    awake = currents.always_awake(chip)
    return {
        "bench": "power",
        "mode": mode,
        "hours": round(seen.duty.total_s / 3600, 2),
        "duty_s": {name: round(value, 1) for name, value in vars(seen.duty).items()},
        "cpu_s": round(seen.cpu_s, 1),
        "busy_on_the_chip_s": round(chip.busy_s, 1),
        "sessions": seen.sessions,
        "rests_announced": seen.rests,
        "records": seen.records,
        "troubles": seen.troubles,
        "rows": [
            {
                "name": row.name,
                "typical_ma": row.typical_ma,
                "cautious_ma": row.cautious_ma,
                "share": round(row.share(chip), 5),
                "average_typical_ma": round(budgets["typical"].rows[row.name], 4),
                "average_cautious_ma": round(budgets["cautious"].rows[row.name], 4),
                "source": row.source,
            }
            for row in currents.ROWS
        ],
        "average_ma": {name: round(each.total_ma, 3) for name, each in budgets.items()},
        "days_of_2600_mah": {name: round(each.days, 1) for name, each in budgets.items()},
        "without_rest_days": {
            name: round(currents.budget(awake, cautious=cautious).days, 1)
            for name, cautious in cases.items()
        },
        "reaction_from_sleep_ms": _figures(seen.reactions_ms),
        "real_s": round(seen.real_s, 1),
    }


def _figures(values: list[float]) -> dict[str, float]:
    return {
        "trials": len(values),
        "p50": round(statistics.median(values), 1),
        "max": round(max(values), 1),
    }


def held(found: dict[str, Any]) -> list[str]:
    """What did not hold, in words; empty: all did."""
    duty, wrong = found["duty_s"], []
    if duty["asleep_radio_s"]:
        wrong.append(f"asleep with the radio on for {duty['asleep_radio_s']} s")
    if duty["mains_s"]:
        wrong.append("the day was not on battery")
    if found["reaction_from_sleep_ms"]["p50"] > AIM_MS:
        wrong.append(f"a lid is answered from sleep after {found['reaction_from_sleep_ms']} ms")
    if found["troubles"]:
        wrong.append(f"the gateway had trouble with a resting box: {found['troubles'][:3]}")
    return wrong


def run(mode: str, hours: float, *, as_json: bool) -> int:
    """Measures and prints; 0 when what the rest promises held, else 1."""
    found = measure(mode, hours)
    if as_json:
        print(json.dumps(found, ensure_ascii=False, indent=1))
    else:
        _tell(found)
    wrong = held(found)
    for line in wrong:
        print(f"bench: {line}", file=sys.stderr)
    return 1 if wrong else 0


def _tell(found: dict[str, Any]) -> None:
    duty, total_s = found["duty_s"], found["duty_s"]["total_s"]
    print(f"mode {found['mode']}: {found['hours']} h on battery, lived in {found['real_s']} s")
    for name in (
        "asleep_s",
        "idle_s",
        "busy_s",
        "advertising_s",
        "connected_s",
        "lit_s",
        "sound_s",
    ):
        print(f"  {name[:-2]:12}{duty[name]:10.1f} s {duty[name] / total_s:8.2%}")
    print(f"  {duty['naps']} naps, {duty['wakes_by_pin']} ended by a hand; {found['sessions']}")
    print(f"  sessions, {found['rests_announced']} rests announced; {found['records']}")
    print(f"\n{'':{_WIDTH}}{'mA':>7}{'mA':>9}{'average':>10}{'average':>10}")
    print(f"{'':{_WIDTH}}{'typical':>7}{'cautious':>9}{'typical':>10}{'cautious':>10}  source")
    for row in found["rows"]:
        print(
            f"{row['name']:{_WIDTH}}{row['typical_ma']:7.3f}{row['cautious_ma']:9.3f}"
            f"{row['average_typical_ma']:10.4f}{row['average_cautious_ma']:10.4f}  {row['source']}"
        )
    average, days, awake = (
        found[k] for k in ("average_ma", "days_of_2600_mah", "without_rest_days")
    )
    print(f"{'average':{_WIDTH + 16}}{average['typical']:10.3f}{average['cautious']:10.3f}  mA")
    print(f"{'2,600 mAh last':{_WIDTH + 16}}{days['typical']:10.1f}{days['cautious']:10.1f}  days")
    line = f"{'without any rest':{_WIDTH + 16}}{awake['typical']:10.1f}{awake['cautious']:10.1f}"
    print(f"{line}  days")
    reaction = found["reaction_from_sleep_ms"]
    print(
        f"lid opened while asleep → light or sound: {reaction['p50']} ms (p50), "
        f"{reaction['max']} ms (most) of {reaction['trials']}"
    )
