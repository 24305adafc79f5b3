"""`anbu bench inactivity`: how often each detector worries for nothing, how late if rightly.

Knows: what is measured and how it is told. May not know: how files are read, how lines are fitted.

How far the figures of the default can be trusted: "half as much again" was found best for Cuddihy's
line on whole recordings, House 20 of REFIT and the household of UCI among them, and the step of
600 W for mains on all of both. The five hours were chosen on House 20 until October 2014, on UCI
until 2008 and on the first five rhythms of drawn homes with seed 1. All months of both homes have
been looked at since: neither is a home that nobody has seen.

Tried in vain, chosen on the same months and on all rhythms with seeds 1 to 3: a margin that
calibrates itself on the home's own year (the least with at most 0.3 false alarms in 30 days, drawn
to what is usual by 180 days; or a price in hours for each of them), a line over 120 or 365 days,
weekends apart, other percentiles and smoothing, the home's longest silence as a second bound,
silences told apart by the hour they began. All lie on the default's own trade-off curve. On House
20 from November 2014, kettle, the first had 0.48 false alarms in 30 days at 9.4 h, the default 0.16
at 9.6 h; on three drawn rhythms with seeds 101 to 104 (regular, late riser, night owl) 0.92 at
16.2 h, where one hour more of margin for everybody gives 0.96 at 16.0 h.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from gateway.units import MIN_MS
from tools.bench import inactivity_homes, inactivity_plot, inactivity_rules
from tools.bench.inactivity_poisson import interval
from tools.bench.inactivity_read import Recording, UnreadableError, recordings
from tools.bench.inactivity_walk import Candidate, Score, Walk, candidates, sweep
from tools.bench.progress import Progress

EXIT_OK, EXIT_NOTHING = 0, 2
DRAWN_DAYS, DRAWN_SEED = 400, 101  # no parameter was chosen on this seed
ALWAYS = (date(1900, 1, 1), date(9000, 1, 1))
FEWEST_SIGNS = 2
DEFAULT = candidates()[-1].name
# False alarms per 30 days and mean delay (h) wanted of the default on homes it was not chosen on.
AIMS = {"kettle": (0.30, 12.0), "kettle+microwave": (0.30, 11.0)}
Told = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Judged:
    """One source of one home, ready to be walked through."""

    home: str
    source: str
    walk: Walk
    about: dict[str, Any]


def run(
    folders: list[Path], *, as_json: bool, plot: Path | None, period: tuple[date, date], drawn: bool
) -> int:
    """Measures and prints; 0, or 2 where nothing could be measured."""
    begun = time.perf_counter()
    troubles: list[str] = []
    judged = list(_all(folders, Progress(), troubles, drawn=drawn))
    report = measure(judged, period)
    report["unreadable"] = troubles
    report["seconds"] = round(time.perf_counter() - begun, 1)
    for line in troubles:
        print(f"bench: {line}", file=sys.stderr)
    if not judged:
        return EXIT_NOTHING
    if plot is not None:
        plot.write_text(inactivity_plot.chart(_curves(judged, period)), encoding="utf-8")
    print(json.dumps(report, ensure_ascii=False, indent=1) if as_json else _text(report))
    return EXIT_OK


def _all(
    folders: list[Path], progress: Progress, troubles: list[str], *, drawn: bool
) -> Iterator[Judged]:
    for folder in folders:
        progress.begin(folder.name)
        try:
            for recording in recordings(folder, troubles.append):
                yield from judge(recording, troubles.append)
        except UnreadableError as error:
            troubles.append(str(error))
    if drawn:
        yield from drawn_homes()
    progress.end()


def judge(recording: Recording, told: Told) -> Iterator[Judged]:
    """Every source a recording has."""
    minutes = recording.minutes
    powers = {name: inactivity_rules.power(recording, name) for name in inactivity_rules.SOURCES}
    if lacking := [source for source, watts in powers.items() if watts is None]:
        told(f"{recording.name}: no column for {', '.join(lacking)}; the others are judged")
    for source, watts in powers.items():
        if watts is None:
            continue
        why = inactivity_rules.unfit(minutes, watts)
        signs = [] if why else inactivity_rules.signs(minutes, watts, source)
        if why or len(signs) < FEWEST_SIGNS:
            told(f"{recording.name}, {source}: {why or 'no signs of life in it'}; left out")
            continue
        hidden = inactivity_rules.outages(recording, watts)
        unseen = [(begin * MIN_MS, end * MIN_MS) for begin, end in hidden]
        begin_ms, end_ms = minutes[0] * MIN_MS, minutes[-1] * MIN_MS
        walk = Walk([minute * MIN_MS for minute in signs], unseen, begin_ms, end_ms)
        about = {
            "files": recording.files, "rows": recording.rows, "rows_refused": recording.refused,
            "from": _day(begin_ms), "until": _day(end_ms), "outages": len(unseen),
            "outage_hours": round(sum(end - begin for begin, end in hidden) / 60, 1),
            "signs_a_day": round(len(walk.seen.signs_ms) / max(walk.days, 1), 2),
        }  # fmt: skip
        yield Judged(recording.name, source, walk, about)


def drawn_homes() -> Iterator[Judged]:
    """The homes nobody lives in, as if they had a kettle."""
    end_ms = DRAWN_DAYS * inactivity_homes.DAY_MIN * MIN_MS
    for rhythm in inactivity_homes.RHYTHMS:
        signs = inactivity_homes.signs_min(rhythm, DRAWN_DAYS, DRAWN_SEED)
        walk = Walk([minute * MIN_MS for minute in signs], [], 0, end_ms)
        about = {"seed": DRAWN_SEED, "signs_a_day": round(len(signs) / DRAWN_DAYS, 2)}
        yield Judged(f"drawn: {rhythm.name}", "drawn", walk, about)


def measure(judged: list[Judged], period: tuple[date, date]) -> dict[str, Any]:
    """Every candidate in every home; the report as one object."""
    rows = []
    for each in judged:
        scores = {c.name: _told(_score(each, c, period)) for c in candidates()}
        rows.append({"home": each.home, "source": each.source, **each.about, "detectors": scores})
    means = {
        source: {c.name: _mean(rows, source, c.name) for c in candidates()}
        for source in dict.fromkeys(row["source"] for row in rows)
    }
    return {
        "bench": "inactivity",
        "period": [day.isoformat() for day in period],
        "default": DEFAULT,
        "homes": rows,
        "mean_over_homes": means,
        "missed": list(_missed(means)),
    }


def _score(each: Judged, candidate: Candidate, period: tuple[date, date]) -> Score:
    if "seed" in each.about:  # a drawn home has no calendar
        period = ALWAYS
    begin, end = (int(datetime(d.year, d.month, d.day, tzinfo=UTC).timestamp()) for d in period)
    return each.walk.score(candidate, begin * 1000, end * 1000)


def _told(score: Score) -> dict[str, Any]:
    spread = score.spread()
    if spread is None:
        return {"days": 0.0}
    months = score.days / 30
    low, high = interval(score.alarms)
    return {
        "false_alarms": score.alarms,
        "days": round(score.days, 1),
        "per_30_days": round(score.alarms / months, 3),
        "interval_95": [round(low / months, 3), round(high / months, 3)],
        "delay_mean_h": round(spread[0], 2),
        "delay_p95_h": round(spread[1], 2),
        "absences": score.absences,
        "absences_told": score.absences_told,
        "absences_with_outage": score.absences_with_outage,
    }


def _mean(rows: list[dict[str, Any]], source: str, name: str) -> dict[str, Any]:
    """Every home weighs the same; the interval is of all alarms over all days."""
    found = [row["detectors"][name] for row in rows if row["source"] == source]
    found = [each for each in found if each["days"]]
    if not found:
        return {"homes": 0}
    months = sum(each["days"] for each in found) / 30
    low, high = interval(sum(each["false_alarms"] for each in found))
    return {
        "homes": len(found),
        "per_30_days": round(sum(each["per_30_days"] for each in found) / len(found), 3),
        "all_days_per_30": round(sum(each["false_alarms"] for each in found) / months, 3),
        "all_days_interval_95": [round(low / months, 3), round(high / months, 3)],
        "delay_mean_h": round(sum(each["delay_mean_h"] for each in found) / len(found), 2),
        "worst_p95_h": max(each["delay_p95_h"] for each in found),
    }


def _missed(means: dict[str, dict[str, Any]]) -> Iterator[str]:
    for source, (most, latest_h) in AIMS.items():
        found = means.get(source, {}).get(DEFAULT, {"homes": 0})
        if found["homes"] and found["per_30_days"] > most:
            yield f"{source}: {found['per_30_days']} false alarms per 30 days, aim {most}"
        if found["homes"] and found["delay_mean_h"] > latest_h:
            yield f"{source}: mean delay {found['delay_mean_h']} h, aim {latest_h} h"


def _curves(judged: list[Judged], period: tuple[date, date]) -> list[inactivity_plot.Panel]:
    """Each source a panel: the mean over its homes, by the one parameter of each detector."""
    panels = []
    for source in dict.fromkeys(each.source for each in judged):
        homes = [each for each in judged if each.source == source]
        curves = {name: _points(homes, line, period) for name, line in sweep().items()}
        marks = {c.name: _points(homes, [c], period) for c in (candidates()[3], candidates()[-1])}
        panels.append(inactivity_plot.Panel(source, len(homes), curves, marks))
    return panels


def _points(
    homes: list[Judged], line: list[Candidate], period: tuple[date, date]
) -> list[inactivity_plot.Point]:
    found = []
    for candidate in line:
        told = [_told(_score(home, candidate, period)) for home in homes]
        told = [each for each in told if each["days"]]
        if told:
            late_h = sum(each["delay_mean_h"] for each in told) / len(told)
            alarms = sum(each["per_30_days"] for each in told) / len(told)
            found.append(inactivity_plot.Point(late_h, alarms, candidate.name))
    return found


def _day(ms: int) -> str:
    return datetime.fromtimestamp(ms / 1000, UTC).date().isoformat()


def _text(report: dict[str, Any]) -> str:
    rows = ["false alarms per 30 days [95 %] (count) / delay mean h / p95 h; days; absences: told"]
    for home in report["homes"]:
        rows.append(f"{home['home']}, {home['source']}: {_about(home)}")
        rows += [f"  {name:24}{_figures(told)}" for name, told in home["detectors"].items()]
    for source, means in report["mean_over_homes"].items():
        count = max(each["homes"] for each in means.values())
        rows.append(f"mean over {count} home{'s' * (count != 1)}, {source}")
        rows += [f"  {name:24}{_mean_figures(told)}" for name, told in means.items()]
    rows += [f"missed ({report['default']}): {line}" for line in report["missed"]]
    return "\n".join([*rows, f"{report['seconds']} s"])


def _about(home: dict[str, Any]) -> str:
    signs = f"{home['signs_a_day']} signs a day"
    if "seed" in home:
        return f"seed {home['seed']}, {signs}"
    refused = f", {home['rows_refused']} rows without a time" if home["rows_refused"] else ""
    hidden = f"{home['outages']} outages ({home['outage_hours']} h)"
    return f"{home['from']} … {home['until']}, {signs}, {hidden}{refused}"


def _figures(told: dict[str, Any]) -> str:
    if not told["days"]:
        return "no day to judge (28 days of warm-up)"
    low, high = told["interval_95"]
    alarms = f"{told['per_30_days']:.2f} [{low:.2f}, {high:.2f}] ({told['false_alarms']})"
    delay = f"{told['delay_mean_h']:5.1f} / {told['delay_p95_h']:4.1f}"
    outage = told["absences_with_outage"]
    apart = f"{told['absences']} ({outage} with an outage): {told['absences_told']}"
    return f"{alarms:26} / {delay}; {told['days']:.0f}; {apart}"


def _mean_figures(told: dict[str, Any]) -> str:
    if not told["homes"]:
        return "no day to judge"
    low, high = told["all_days_interval_95"]
    alarms = f"{told['per_30_days']:.2f}, all days {told['all_days_per_30']:.2f}"
    delay = f"{told['delay_mean_h']:5.1f} / worst {told['worst_p95_h']:4.1f}"
    return f"{alarms} [{low:.2f}, {high:.2f}] / {delay}"
