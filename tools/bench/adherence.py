"""`anbu bench adherence`: folding a resident's years, and a day of many residents on one clock.

Knows: the two parts and how both are told. May not know: how anything is folded, decided, timed.

Seconds are the processor's for this process, so that a busy machine weighs less; ratios of one run
count. Folding and figures: by `json.loads` of the same facts, and by themselves over fewer years
(`growth`, 1 = in proportion to what there is). Looks: the cost of one at which nothing is due, or
a fixed number, by the number of residents (1 = it does not grow with them).
"""

from __future__ import annotations

import json
import os
import sys
from typing import Any

from tools.bench import folding, street
from tools.bench.progress import Progress

HISTORY_DAYS = 14


def measure(years: int, streets: list[int], progress: Progress) -> dict[str, Any]:
    """Runs both parts; the report as one object."""
    progress.begin("years")
    folded = folding.measure(years)
    progress.begin("lives")
    lives = street.lives(HISTORY_DAYS)
    found = []
    for residents in sorted(streets):
        progress.begin(f"{residents} residents")
        found.append(street.measure(lives, residents, HISTORY_DAYS))
    progress.end()
    first, last = found[0], found[-1]
    return {
        "bench": "adherence",
        "folding": folded,
        "history_days": HISTORY_DAYS,
        "streets": found,
        "most_to_fewest": {
            "residents": round(last["residents"] / first["residents"], 1),
            "look_at_everybody": _by(last, first, "look_at_everybody_ms"),
            "idle_look": _by(last, first, "idle_look_us"),
            **{
                f"look_{few['due']}_due": _by(many, few, "look_us")
                for many, few in zip(last["due"], first["due"], strict=True)
            },
            "day_a_resident": _by(last["day"], first["day"], "ms_a_resident"),
        },
        "cores": os.cpu_count(),
    }


def _by(one: dict[str, Any], other: dict[str, Any], key: str) -> float:
    return round(float(one[key]) / float(other[key]), 2)


def run(years: int, streets: list[int], *, as_json: bool) -> int:
    """Measures and prints; 0 when every look decided what a look at everybody does, else 1."""
    report = measure(years, streets, Progress())
    if as_json:
        print(json.dumps(report, ensure_ascii=False, indent=1))
    else:
        print("\n".join([*_folding(report["folding"]), *_streets(report)]))
    if not all(due["same_as_everybody"] for each in report["streets"] for due in each["due"]):
        print("bench: a look by deadlines decided something else than one at all", file=sys.stderr)
        return 1
    return 0


def _folding(folded: dict[str, Any]) -> list[str]:
    counts = f"{folded['years']} years, {folded['facts']} facts"
    a_fact = f"{folded['fold_us_a_fact']} µs a fact"
    rows = [
        f"fold    {counts}, {folded['slot_events']} of them about a slot: {folded['fold_s']} s",
        f"        {a_fact}, {folded['fold_to_json_loads']} times json.loads of them",
        f"        growth {folded['fold_growth']}",
        f"look    at one home after so many years, µs: {folded['look_us']}",
    ]
    for name, row in folded["metrics"].items():
        by_reading = f"{row['to_json_loads']:6.3f} times json.loads"
        rows.append(f"metric  {name:16} {row['ms']:9.2f} ms, {by_reading}, growth {row['growth']}")
    return rows


def _streets(report: dict[str, Any]) -> list[str]:
    rows = ["look    residents  everybody     idle  " + "".join(_heads(report)) + "  a day"]
    for each in report["streets"]:
        due = "".join(f"{row['look_us']:9.0f} µs" for row in each["due"])
        rows.append(
            f"        {each['residents']:9}  {each['look_at_everybody_ms']:6.0f} ms"
            f" {each['idle_look_us']:5.2f} µs {due}"
            f"  {each['day']['seconds']} s, {each['day']['ms_a_resident']} ms a resident"
        )
    grown = ", ".join(f"{name} {value}" for name, value in report["most_to_fewest"].items())
    return [*rows, f"growth  {grown}"]


def _heads(report: dict[str, Any]) -> list[str]:
    return [f"{row['due']:5} due  " for row in report["streets"][0]["due"]]
