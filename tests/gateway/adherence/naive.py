"""The formulas once more, as slowly and plainly as they can be written down.

Knows: adherence as a list of (day, due, ...) and nothing of how the gateway reckons it.
"""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

from gateway.adherence.metrics_input import DoseFact, Doses, Supply

MINUTE = 60_000
Counts = tuple[int, int]


def day_list(from_day: str, to_day: str) -> list[str]:
    day, days = date.fromisoformat(from_day), []
    while day <= date.fromisoformat(to_day):
        days.append(day.isoformat())
        day += timedelta(days=1)
    return days


def away(doses: Doses | Supply) -> list[str]:
    return [d for a in doses.away for d in day_list(a.from_day, a.to_day)]


def on(doses: Doses, day: str) -> list[DoseFact]:
    """Each prescribed slot of a day once, whatever became of it; nothing on days away."""
    found: list[DoseFact] = []
    for fact in doses.facts:
        if fact.slot.day == day and not fact.as_needed and fact not in found:
            found.append(fact)
    return [] if day in away(doses) else sorted(found, key=lambda f: f.due_ms)


def verdict(fact: DoseFact) -> str:
    return {"taken": "yes", "missed": "no", "skipped": "no", "unknown": "?", "doubtful": "?"}.get(
        fact.state.value, "-"
    )


def n(fact: DoseFact) -> int:
    return (1 if verdict(fact) == "yes" else 0) + fact.extra


def judged(doses: Doses) -> list[tuple[str, int, int]]:
    """(day, p_d, n_d) of every day on which each dose is known."""
    days = []
    for day in day_list(doses.from_day, doses.to_day):
        facts = on(doses, day)
        if facts and all(verdict(f) in ("yes", "no") for f in facts):
            days.append((day, len(facts), sum(n(f) for f in facts)))
    return days


def taking(doses: Doses) -> Counts:
    got = asked = 0
    for day in day_list(doses.from_day, doses.to_day):
        for fact in on(doses, day):
            if verdict(fact) in ("yes", "no"):
                asked += 1
                got += n(fact)
    return got, asked


def correct_dosing(doses: Doses) -> Counts:
    return len([d for d, p, t in judged(doses) if p == t]), len(judged(doses))


def any_dose(doses: Doses) -> Counts:
    return len([d for d, p, t in judged(doses) if t >= 1]), len(judged(doses))


def timing_window(doses: Doses) -> Counts:
    inside = asked = 0
    for day in day_list(doses.from_day, doses.to_day):
        for fact in on(doses, day):
            if verdict(fact) == "no":
                asked += 1
            if verdict(fact) == "yes" and fact.opened_ms is not None:
                asked += 1
                minutes = (fact.opened_ms - fact.due_ms) / MINUTE
                inside += -fact.window.early_min <= minutes <= fact.window.late_min
    return inside, asked


def timing_interval(doses: Doses) -> Counts:
    """Walk the slots of each unbroken stretch; a stretch ends where something is not known."""
    stretches: list[list[tuple[DoseFact, int]]] = [[]]
    last_due = None
    for day in day_list(doses.from_day, doses.to_day):
        if day in away(doses):
            stretches.append([])
            hidden = Doses(doses.facts, doses.from_day, doses.to_day)
            last_due = max([f.due_ms for f in on(hidden, day)], default=last_due)
            continue
        for fact in on(doses, day):
            seen = verdict(fact) == "no" or (verdict(fact) == "yes" and fact.opened_ms is not None)
            if not seen:
                stretches.append([])
            elif verdict(fact) == "yes":
                stretches[-1].append((fact, fact.due_ms - (last_due or 0)))
            last_due = fact.due_ms
    good = pairs = 0
    for stretch in stretches:
        for (one, _), (two, tau) in pairwise(stretch):
            pairs += 1
            assert one.opened_ms is not None
            assert two.opened_ms is not None
            good += 3 * tau <= 4 * (two.opened_ms - one.opened_ms) <= 5 * tau
    return good, pairs


def drug_holidays(doses: Doses) -> int:
    """Runs of three or more in a string of one letter a day: N none taken, x ends, ' ' no dose."""
    letters = ""
    whole = {d: t for d, p, t in judged(doses)}
    for day in day_list(doses.from_day, doses.to_day):
        if day in away(doses):
            letters += "x"
        elif on(doses, day):
            letters += "N" if whole.get(day) == 0 else "x"
    return len([run for run in letters.split("x") if len(run) >= 3])


def persistence(doses: Doses) -> int:
    days = day_list(doses.from_day, doses.to_day)
    dosed = [
        i
        for i, day in enumerate(days)
        if sum(n(f) for f in on(doses, day) if verdict(f) in ("yes", "no")) > 0
    ]
    return dosed[-1] - dosed[0] + 1 if dosed else 0


def pdc(supply: Supply) -> Counts:
    """A cupboard: each day what was fetched goes in, and one day's worth is taken out."""
    fills = {f.id: f for f in supply.fills}.values()
    first = min([f.day for f in fills], default=supply.from_day)
    cupboard = covered = days = 0
    for day in day_list(min(first, supply.from_day), supply.to_day):
        cupboard += sum(f.days_supply for f in fills if f.day == day)
        if day in away(supply):
            continue
        if day >= supply.from_day:
            days += 1
            covered += cupboard > 0
        cupboard = max(0, cupboard - 1)
    return covered, days


def mpr(supply: Supply) -> Counts:
    fills = {f.id: f for f in supply.fills}.values()
    days = sorted({f.day for f in fills if supply.from_day <= f.day <= supply.to_day})
    if len(days) < 2:
        return 0, 0
    given = sum(f.days_supply for f in fills if days[0] <= f.day < days[-1])
    return given, len(day_list(days[0], days[-1])) - 1
