"""Every page of an officer and every rule, by how many persons there are.

Knows: a district with doses, telephones and visits; what is measured of it. May not know: how a
page is drawn, what a rule says.

Of every dose of the days before now: nine of ten were taken on time, one of twenty missed, the
others nobody told of. Everybody's telephone is watched; every tenth is looked in on. Work of the
processor, the best of a few: a page asked twice before, a rule at an instant at which all was
decided.
"""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

from anbu_wire import messages as wire
from gateway.desk import Desk
from gateway.events import DeviceCaughtUp, DeviceRecord, Event, PlannedSlot, ScheduleMade, SlotId
from gateway.home import Home
from gateway.looking_in import VisitsPlanned
from gateway.phoning import PhoneUsed, PhoneWatched
from gateway.rules import RULES
from gateway.units import DAY_MS, HOUR_MS
from gateway.zones import local
from tools.bench import page_load, page_month, page_world

MIDNIGHT_MS = page_world.MORNING_MS - 9 * HOUR_MS
CLOCKS_H = (8, 12, 18, 21)
BEST_OF = 3
SLOW_PAGE_MS, SLOW_LOOK_MS = 200.0, 20.0
PAGES = (
    *("/people", "/people?page=3", "/people/visits", "/people/alarms", "/people/intake"),
    *("/people/coverage", "/people/coverage?show=uncovered", "/people/coverage.csv"),
    *(
        "/people/survey",
        "/people/month?month={month}",
        "/people/month/table.csv?month={month}",
        "/incidents",
    ),
    *("/person/p7/case", "/person/p7/adherence", "/person/p7/plan"),
)


def measure(
    persons: int,
    days: int,
    home_of: Callable[[int], Home],
    application: page_load.Application,
    folder: Path,
) -> dict[str, Any]:
    """Pages and rules of so many persons, with doses of so many days."""
    home, now_ms = home_of(persons), page_world.MORNING_MS
    zone = page_world.roster(1).zone
    began_s = time.process_time()
    facts = 0
    for fact in _lived(persons, days):
        home.fold(fact)
        facts += 1
    gc.collect()
    gc.freeze()  # the collector's walks through all of it are not what is measured
    folded_us = 1e6 * (time.process_time() - began_s) / facts
    rules = [_rule(rule, home, now_ms) for rule in RULES]
    month = f"{local(now_ms - 3 * DAY_MS, zone):%Y-%m}"
    report = {
        "persons": persons,
        "days": days,
        "fold_us_a_fact": round(folded_us, 1),
        "month": page_month.measure(home, month, now_ms),
        "rules": sorted(rules, key=lambda of: -of["worries_ms"] - of["deadline_ms"]),
    }
    desk = Desk(page_load.draw_nothing, know=lambda: (home, now_ms))
    app, cookie = application(desk, home, folder / "vault", now_ms)
    client = app.test_client()
    client.set_cookie("anbu", cookie)
    pages = []
    for page in PAGES:
        address = page.format(month=month)
        statuses = {client.get(address).status_code for _ in range(2)}
        spent_ms = _best_ms(partial(client.get, address))
        pages.append({"page": address, "ms": spent_ms, "statuses": sorted(statuses)})
    return {**report, "pages": sorted(pages, key=lambda of: -of["ms"])}


def _rule(rule: Any, home: Home, now_ms: int) -> dict[str, Any]:  # noqa: ANN401 - a module
    return {
        "rule": rule.__name__.rsplit(".", 1)[-1],
        "worries_ms": _best_ms(lambda: rule.worries(home.household, now_ms)),
        "deadline_ms": _best_ms(lambda: rule.next_deadline(home.household, now_ms)),
    }


def _best_ms(work: Callable[[], object]) -> float:
    spent = []
    for _ in range(BEST_OF):
        began_s = time.process_time()
        work()
        spent.append(1e3 * (time.process_time() - began_s))
    return round(min(spent), 2)


def _lived(persons: int, days: int) -> Iterator[Event]:
    """Day after day up to this morning, and what was said of everybody before."""
    begins_ms = MIDNIGHT_MS - days * DAY_MS
    first_day = f"{local(begins_ms, page_world.roster(1).zone):%Y-%m-%d}"
    visitor = ("박영희", "neighbour", (0, 3), 1, first_day, "bench")
    for n in range(persons):
        yield PhoneWatched(begins_ms, f"p{n}", 24, "", "bench")
        if n % 10 == 0:
            yield VisitsPlanned(begins_ms, f"p{n}", *visitor)
    for day in range(days + 1):
        yield from _day(persons, day + 1, begins_ms + day * DAY_MS)
    for n in range(persons):
        yield PhoneUsed(page_world.MORNING_MS - (n % 20) * HOUR_MS, f"p{n}", "unlock", 80)


def _day(persons: int, version: int, midnight_ms: int) -> Iterator[Event]:
    day = f"{local(midnight_ms, page_world.roster(1).zone):%Y-%m-%d}"
    for n in range(persons):
        slots = tuple(_slot(n, day, i, midnight_ms) for i in range(len(CLOCKS_H)))
        yield ScheduleMade(midnight_ms, page_world.box_of(n), version, version, slots)
    for index, clock_h in enumerate(CLOCKS_H):
        due_ms = midnight_ms + clock_h * HOUR_MS
        if due_ms + 2 * HOUR_MS > page_world.MORNING_MS:
            return
        for n in range(persons):
            yield from _told(n, day, version, index, due_ms)


def _slot(number: int, day: str, index: int, midnight_ms: int) -> PlannedSlot:
    due_ms = midnight_ms + CLOCKS_H[index] * HOUR_MS
    edges = (due_ms, due_ms - HOUR_MS, due_ms + HOUR_MS, due_ms + 2 * HOUR_MS)
    return PlannedSlot(SlotId(f"p{number}", day, index), "morning", index, *edges, "normal")


def _told(number: int, day: str, version: int, index: int, due_ms: int) -> Iterator[Event]:
    chance = (number + 7 * version + 3 * index) % 20
    kind = wire.SLOT_MISSED if chance == 0 else wire.SLOT_TAKEN
    if chance != 1:
        seq, at_ms = 1000 + 4 * version + index, due_ms + (2 * HOUR_MS if chance == 0 else 60_000)
        yield DeviceRecord(
            at_ms, page_world.box_of(number), page_world.EPOCH, seq, 1, 1000 * seq, at_ms, 1,
            wire.SYNCED, kind, index, day, index, version, 1,
        )  # fmt: skip
    caught_ms = due_ms + 2 * HOUR_MS
    box, epoch = page_world.box_of(number), page_world.EPOCH
    yield DeviceCaughtUp(caught_ms, box, epoch, 0, caught_ms, wire.SYNCED, 90, version)


def rows(of: dict[str, Any]) -> list[str]:
    """For reading: the month, then what is slower than it should be."""
    month = of["month"]
    waits = ", ".join(f"{how} {ms} ms" for how, ms in month["wait_p95_ms"].items())
    slow = [f"{p['page']} {p['ms']} ms" for p in of["pages"] if p["ms"] > SLOW_PAGE_MS]
    slow += [
        f"{r['rule']} {r['worries_ms']} + {r['deadline_ms']} ms"
        for r in of["rules"]
        if max(r["worries_ms"], r["deadline_ms"]) > SLOW_LOOK_MS
    ]
    of_month = (
        f"month   {of['persons']:6} persons  {month['doses']} doses: anew {month['anew_ms']} ms,"
        f" first {month['first_ms']} ms in slices of {month['longest_slice_ms']} ms at the most,"
        f" again {month['again_ms']} ms; a fact waits {waits}"
    )
    return [of_month, f"every   {of['persons']:6} persons  slow: {'; '.join(slow) or 'nothing'}"]
