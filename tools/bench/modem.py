"""`anbu bench modem`: the fault matrix of the modem (P11), and what the network can do to reports.

Knows: which parts there are, how they are told. May not know: any fault.

Seconds are the home's own: its time leaps where nothing happens, so they are the same each run.
"""

from __future__ import annotations

import dataclasses
import json
from typing import Any

from tools.bench import modem_faults

TEXTS = 600


def measure() -> dict[str, Any]:
    """Runs everything; the report as one object."""
    at_bytes = modem_faults.each_byte()
    return {
        "bench": "modem",
        "rows": [dataclasses.asdict(row) for row in modem_faults.matrix()],
        "each_byte": {
            "places": len(at_bytes),
            "found_s_most": max(row.found_s or 0.0 for row in at_bytes),
            "recovered_s_most": max(row.recovered_s for row in at_bytes),
            "copies_least": min(row.copies for row in at_bytes),
            "copies_most": max(row.copies for row in at_bytes),
        },
        "undelivered_s": modem_faults.undelivered_s(),
        "full_sim_answer_s": modem_faults.full_sim_s(),
        "weather": modem_faults.bad_weather(TEXTS),
    }


def run(*, as_json: bool) -> int:
    """Measure and print; 0."""
    report = measure()
    if as_json:
        print(json.dumps(report, ensure_ascii=False))
        return 0
    print(f"{'fault':40} {'sending':>7} {'found s':>8} {'again s':>8} {'tries':>5} {'copies':>6}")
    for row in report["rows"]:
        found = "-" if row["found_s"] is None else f"{row['found_s']:.1f}"
        sending = "yes" if row["sending"] else "no"
        print(
            f"{row['fault']:40} {sending:>7} {found:>8} {row['recovered_s']:>8.1f}"
            f" {row['tries']:>5} {row['copies']:>6}"
        )
    for key in ("each_byte", "undelivered_s", "full_sim_answer_s", "weather"):
        print(f"{key}: {report[key]}")
    return 0
