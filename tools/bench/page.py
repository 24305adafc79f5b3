"""`anbu bench page`: what the officer's list costs, by how many persons there are, and beside work.

Knows: the parts and how they are told. May not know: how a list is drawn, how load is made.

The list is asked of the whole application in its own process, as a browser asks (signed in, gzip,
the access log written to a file), with news of others between any two questions. `p95_ms` is from
the question to the last byte by the clock, `p95_cpu_ms` what the processor worked on it: the aim is
judged by the latter, so that a busy machine weighs less. The first question after a start draws
everybody and is told apart. Beside work: the gateway's hub, its decisions and its page in one
process, a browser in another.
"""

from __future__ import annotations

import gzip
import json
import os
import re
import sys
import tempfile
import time
from collections.abc import Sequence
from itertools import count, cycle, islice
from pathlib import Path
from typing import Any

from flask import Flask
from flask.testing import FlaskClient

from anbu_wire import messages as wire
from gateway.access import OFFICER, Grant
from gateway.access.accounts import rows_of
from gateway.access.facts import AccountOpened
from gateway.desk import Desk
from gateway.home import Home
from gateway.vault import Vault
from gateway.web import create_app
from tools.bench import page_every, page_load, page_world
from tools.bench.percentile import percentile
from tools.bench.progress import Progress

Told = dict[str, Any]

ACCOUNT = "officer"
AIMS_MS = {1000: 50.0, 10_000: 100.0}
AIM_BYTES = 100_000
NEWS = 5  # facts between two questions
# What an officer asks for in turn; the list as it opens most often.
ADDRESSES = (
    "/people",
    "/people?show=visit",
    "/people",
    "/people?show=silent&h=12",
    "/people",
    "/people?q=%EC%88%9C%EC%9E%90",
    "/people",
    "/people?show=stale",
    "/people?page=3",
    "/people?show=open",
)
PARTS = re.compile(r'(?:href|src)="(/static/[^"]+)"')
GZIP = {"Accept-Encoding": "gzip"}


def home_of(persons: int) -> Home:
    """Everybody on the morning of a night, decided upon."""
    home, who = Home(), page_world.roster(persons)
    for fact in page_world.night(who):
        home.fold(fact)
    for _round in range(50):
        follows = home.decide(page_world.MORNING_MS)
        if not follows:
            return home
        for fact in follows:
            home.fold(fact)
    raise RuntimeError("decisions follow from decisions without end")


def application(desk: Desk, home: Home, vault: Path, now_ms: int) -> tuple[Flask, str]:
    """The page over a desk, and the cookie of an officer who is signed in."""
    kept = Vault(vault)
    rows = rows_of((Grant(OFFICER),))
    home.fold(AccountOpened(now_ms, ACCOUNT, "이지은", rows, "ko", None, None, "bench"))
    return create_app(desk, kept), kept.sessions.begin(ACCOUNT, now_ms)


def listed(persons: int, questions: int) -> dict[str, Any]:
    """So many questions for the list of so many persons."""
    home = home_of(persons)
    clock = count(page_world.MORNING_MS, 1000)
    now = [next(clock)]
    desk = Desk(page_load.draw_nothing, know=lambda: (home, now[0]))
    with tempfile.TemporaryDirectory() as folder:
        app, cookie = application(desk, home, Path(folder) / "vault", now[0])
        client = app.test_client()
        client.set_cookie("anbu", cookie)
        first_ms = _asked_ms(client, "/people")
        view = _first_view(client)
        spent, worked = list[float](), list[float]()
        numbers = cycle(range(persons))
        for address in islice(cycle(ADDRESSES), questions):
            now[0] = next(clock)
            for number in islice(numbers, NEWS):
                box = page_world.box_of(number)
                seq = 100 + now[0] // 1000 % 1_000_000
                home.fold(page_world.record(box, seq, wire.LID_OPENED, now[0]))
            began_s = time.process_time()
            spent.append(_asked_ms(client, address))
            worked.append(1e3 * (time.process_time() - began_s))
    found = {
        "persons": persons,
        "questions": questions,
        "news_between": NEWS,
        "first_ms": round(first_ms, 1),
        "p50_ms": round(percentile(spent, 50), 1),
        "p95_ms": round(percentile(spent, 95), 1),
        "most_ms": round(max(spent), 1),
        "p50_cpu_ms": round(percentile(worked, 50), 1),
        "p95_cpu_ms": round(percentile(worked, 95), 1),
        "aim_p95_ms": AIMS_MS.get(persons),
        **view,
    }
    return {**found, "kept": _kept(found)}


def _kept(found: dict[str, Any]) -> bool:
    aim_ms = found["aim_p95_ms"]
    in_time = aim_ms is None or float(found["p95_cpu_ms"]) <= aim_ms
    return in_time and int(found["view_bytes"]) <= AIM_BYTES


def _asked_ms(client: FlaskClient, address: str) -> float:
    began = time.perf_counter()
    answer = client.get(address, headers=GZIP)
    spent_ms = 1e3 * (time.perf_counter() - began)
    if answer.status_code != 200:  # noqa: PLR2004
        raise RuntimeError(f"{address}: {answer.status_code}")
    return spent_ms


def _first_view(client: FlaskClient) -> dict[str, Any]:
    """The bytes of the list and all it brings along: as sent, and unpacked."""
    sent = unpacked = 0
    page = client.get("/people").get_data(as_text=True)
    for address in ("/people", *dict.fromkeys(PARTS.findall(page))):
        answer = client.get(address, headers=GZIP)
        body = answer.get_data()
        sent += len(body)
        packed = answer.headers.get("Content-Encoding") == "gzip"
        unpacked += len(gzip.decompress(body) if packed else body)
    return {"view_bytes": sent, "view_bytes_unpacked": unpacked, "aim_view_bytes": AIM_BYTES}


def run(
    persons: list[int],
    questions: int,
    beside: list[int],
    seconds: int,
    *,
    every: Sequence[int] = (),
    days: int = 7,
    as_json: bool,
) -> int:
    """Measures and prints; 0 when every aim was kept and no event was lost, else 1."""
    progress = Progress()
    lists, loads, pages = list[Told](), list[Told](), list[Told]()
    for many in persons:
        progress.begin(f"list of {many}")
        lists.append(listed(many, questions))
    for many in beside:
        progress.begin(f"ingest beside {many}")
        loads.append(page_load.measure(many, seconds, home_of, application))
    for many in every:
        progress.begin(f"every page of {many}")
        with tempfile.TemporaryDirectory() as folder:
            pages.append(page_every.measure(many, days, home_of, application, Path(folder)))
    progress.end()
    measured = {"lists": lists, "beside": loads, "every": pages}
    report = {"bench": "page", **measured, "cores": os.cpu_count()}
    if as_json:
        print(json.dumps(report, ensure_ascii=False, indent=1))
    else:
        print("\n".join([*map(_list_row, lists), *map(_load_row, loads)]))
        print("\n".join(row for of in pages for row in page_every.rows(of)))
    if not all(one["kept"] for one in lists) or any(one["lost"] for one in loads):
        print("bench: an aim was not kept, or an event was lost", file=sys.stderr)
        return 1
    return 0


def _list_row(of: dict[str, Any]) -> str:
    return (
        f"list    {of['persons']:6} persons  p50 {of['p50_ms']} ms  p95 {of['p95_ms']} ms,"
        f" of the processor {of['p95_cpu_ms']} ms (aim {of['aim_p95_ms']})"
        f"  most {of['most_ms']} ms  first {of['first_ms']} ms"
        f"  view {of['view_bytes']} bytes ({of['view_bytes_unpacked']} unpacked)"
    )


def _load_row(of: dict[str, Any]) -> str:
    return (
        f"beside  {of['persons']:6} persons  {of['events_a_s']} events/s, {of['events']} of them,"
        f" lost {of['lost']}, doubled {of['doubled']}; {of['requests_a_s']} requests/s,"
        f" p95 {of['p95_ms']} ms"
    )
