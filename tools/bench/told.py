"""`anbu bench told`: how soon somebody is told of a dose nobody confirmed, and whether rightly.

Knows: the three parts and how they are told. May not know: how anything is decided or sent.

Lives are lived through on the real hub, decider, log (SQLite on disk, synchronous=FULL) and sender;
the days between two deadlines are skipped, work takes the seconds it takes. The modem is one that
answers at once, then one with every fault. A deadline at which it has another text in hand is
counted apart: that one is waited for. An oracle that shares no line with the gateway judges what
each person was told.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tools.bench import told_rush
from tools.bench.percentile import percentile
from tools.bench.progress import Progress
from tools.bench.told_house import House
from tools.bench.told_life import Draw
from tools.bench.told_modem import FAULTS
from tools.bench.told_oracle import Rule, judge

FREE_AIM_MS, FAULTS_AIM_MS, RUSH_AIM_MS, IDLE_AIM_MS = 500, 2_000, 500, 2.0
RUSH = 1_000
EXPECTATIONS = [100, 10_000, 100_000]
SHOWN = 20  # findings that are written out
UNTOLD = frozenset({Rule.UNTOLD, Rule.TOLD_LATE})


@dataclass(slots=True)
class Part:
    """What came of many lives."""

    homes: int = 0
    doses: int = 0  # of which somebody had to be told
    texts: int = 0
    waits_ms: list[int] = field(default_factory=list)  # the modem had nothing else in hand
    behind_ms: list[int] = field(default_factory=list)  # it had
    untold: int = 0
    rules: Counter[str] = field(default_factory=Counter)
    open: Counter[str] = field(default_factory=Counter)
    shown: list[str] = field(default_factory=list)

    def report(self) -> dict[str, Any]:
        """As one object."""
        return {
            "homes": self.homes,
            "doses": self.doses,
            "texts": self.texts,
            "deadline_to_pdu_ms": _spread(self.waits_ms),
            "behind_another_text_ms": _spread(self.behind_ms),
            "untold": self.untold,
            "findings": dict(self.rules),
            "left_open": dict(self.open),
            "first_findings": self.shown,
        }


def _spread(waits_ms: list[int]) -> dict[str, int]:
    waits = waits_ms or [0]
    return {
        "measured": len(waits_ms),
        "p50": percentile(waits, 50),
        "p99": percentile(waits, 99),
        "last": max(waits),
    }


def lived(doses: int, first_seed: int, progress: Progress, *, faults: bool) -> Part:
    """Life after life until so many doses had to be told."""
    part, name = Part(), "faults" if faults else "free modem"
    progress.begin(name)
    with tempfile.TemporaryDirectory() as folder:
        while part.doses < doses:
            _live(part, first_seed + part.homes, Path(folder), faults=faults)
            progress.at(name, part.doses, doses)
    progress.end()
    return part


def _live(part: Part, seed: int, folder: Path, *, faults: bool) -> None:
    life = Draw(seed, trouble=faults).live()
    path = folder / "home.db"
    story = House(life, path, FAULTS if faults else {}, seed).live(frozen=False)
    for file in folder.iterdir():
        file.unlink()
    verdict = judge(story)
    part.homes += 1
    part.doses += verdict.owed
    part.texts += len(story.texts)
    part.waits_ms += verdict.waits_ms
    part.behind_ms += verdict.behind_ms
    part.open += verdict.open
    part.untold += sum(finding.rule in UNTOLD for finding in verdict.findings)
    for finding in verdict.findings:
        part.rules[finding.rule.name] += 1
        if len(part.shown) < SHOWN:
            after_s = (finding.at_ms - life.begins_ms) / 1000
            part.shown.append(f"home {seed}, {after_s:.1f} s: {finding.rule}: {finding.about}")


def measure(doses: int, seed: int, progress: Progress) -> dict[str, Any]:
    """All three parts; the report as one object."""
    report: dict[str, Any] = {"bench": "told", "seed": seed}
    report["free"] = lived(max(1, doses // 5), seed, progress, faults=False).report()
    report["faults"] = lived(doses, seed, progress, faults=True).report()
    progress.begin("one instant")
    with tempfile.TemporaryDirectory() as folder:
        report["rush"] = told_rush.rush(RUSH, Path(folder))
    progress.begin("idle")
    report["idle"] = told_rush.idle(EXPECTATIONS)
    progress.end()
    report["held"] = _held(report)
    report["load"] = round(os.getloadavg()[0], 1)
    report["cores"] = os.cpu_count()
    return report


def _held(report: dict[str, Any]) -> dict[str, bool]:
    """What was promised, and whether this run kept it."""
    free, faults, rush = report["free"], report["faults"], report["rush"]
    parts = (free, faults)
    return {
        "free modem p99 < 0.5 s": free["deadline_to_pdu_ms"]["p99"] < FREE_AIM_MS,
        "faults p99 < 2 s": faults["deadline_to_pdu_ms"]["p99"] < FAULTS_AIM_MS,
        "nobody un-notified": not any(part["untold"] for part in parts),
        "nothing else told wrongly": not any(part["findings"] for part in parts),
        "1,000 at one instant p99 <= 0.5 s": rush["p99_ms"] <= RUSH_AIM_MS,
        "urgent first": rush["texts_before_help"] == 0,
        "idle look <= 2 ms": max(row["idle_look_ms"] for row in report["idle"]) <= IDLE_AIM_MS,
    }


def run(doses: int, seed: int, *, as_json: bool) -> int:
    """Measures and prints; 0 when all that was promised held, else 1."""
    report = measure(doses, seed, Progress())
    if as_json:
        print(json.dumps(report, ensure_ascii=False, indent=1))
    else:
        print("\n".join(_lines(report)))
    broken = [name for name, held in report["held"].items() if not held]
    for name in broken:
        print(f"bench: did not hold: {name}", file=sys.stderr)
    return 1 if broken else 0


def _lines(report: dict[str, Any]) -> list[str]:
    rows = []
    for name in ("free", "faults"):
        part = report[name]
        waits = part["deadline_to_pdu_ms"]
        rows.append(
            f"{name:8}{part['doses']} doses in {part['homes']} homes, {part['texts']} texts: "
            f"deadline to PDU p50 {waits['p50']} ms, p99 {waits['p99']} ms, last {waits['last']}"
            f" ms; un-notified {part['untold']}, findings {sum(part['findings'].values())}"
        )
        behind = part["behind_another_text_ms"]
        rows.append(
            f"        {behind['measured']} more came due behind a text in hand: p50 {behind['p50']}"
            f" ms, p99 {behind['p99']} ms, last {behind['last']} ms"
        )
        rows += [f"        {line}" for line in part["first_findings"]]
        rows += [f"        open: {count} × {what}" for what, count in part["left_open"].items()]
    rush = report["rush"]
    rows.append(
        f"rush    {rush['deadlines']} deadlines at one instant: committed p50 {rush['p50_ms']} ms, "
        f"p99 {rush['p99_ms']} ms; {rush['texts_before_help']} texts before a call for help"
    )
    rows += [f"idle    {r['expectations']:7} open: {r['idle_look_ms']} ms" for r in report["idle"]]
    return rows
