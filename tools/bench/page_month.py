"""What a month's report costs, by how many doses it has, and what others wait for meanwhile.

Knows: the fold that counts doses, the thread that counts beside the pages. May not know: a page.

All in one run: every dose looked at anew, as each question once did; counted the first time, in
slices; asked again after some news. Beside it a fact is folded every few milliseconds, as one that
a text or a call for help follows from is: alone, beside the thread, beside whoever counts without
rest. Its wait is told by the clock, everything else as work of the processor.
"""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from itertools import count
from typing import Any

from anbu_wire import messages as wire
from gateway.adherence import outcome
from gateway.desk import Desk
from gateway.events import SlotId
from gateway.home import Home
from gateway.officer.doses import state_of
from gateway.web.reckoning import BeingReckoned, Reckoner
from tools.bench import page_load, page_world

TOLD = 100  # facts whose wait is measured
PAUSE_S = 0.01
AGAIN_S = 1.0  # who waits for the page asks again
_SEQ = count(1_000_000)


def measure(home: Home, month: str, now_ms: int) -> dict[str, Any]:
    """Of a home whose month nobody asked for yet."""
    desk = Desk(page_load.draw_nothing, know=lambda: (home, now_ms))
    told = _fold(desk, home, now_ms)
    alone_ms = _waits_ms(told, lambda: False)
    plain = Counter[str]()
    anew_s = _worked_s(lambda: plain.update(_anew(home, month, now_ms)))
    without_rest_ms = _beside(told, lambda: _without_rest(desk, home, month, now_ms))
    slices = list[float]()
    while home.doses.of[month].stale:
        slices.append(_worked_s(lambda: home.doses.look(home.household, month, now_ms)))
    same = home.doses.counted(month) == plain
    for _ in range(TOLD):
        next(told)
    again_s = _worked_s(lambda: Reckoner(desk).counted(month))
    home.doses.of[month].stale.update(s for of in home.doses.of[month].hers.values() for s in of)
    beside_ms = _beside(told, lambda: _reckoned(Reckoner(desk), month))
    return {
        "month": month,
        "doses": plain.total(),
        "same": same,
        "anew_ms": round(1e3 * anew_s, 1),
        "first_ms": round(1e3 * sum(slices), 1),
        "longest_slice_ms": round(1e3 * max(slices), 2),
        "again_ms": round(1e3 * again_s, 3),
        "anew_to_again": round(anew_s / again_s),
        "wait_p95_ms": {
            "alone": alone_ms,
            "beside": beside_ms,
            "beside_without_rest": without_rest_ms,
        },
    }


def _anew(home: Home, month: str, now_ms: int) -> Counter[str]:
    slots = (SlotId(*key[1:]) for key in home.household.by_close if key[2].startswith(month))
    return Counter(state_of(outcome(home.household, slot, now_ms)) for slot in slots)


def _without_rest(desk: Desk, home: Home, month: str, now_ms: int) -> None:
    """As a question once did it: a thousand doses at once, and no rest between."""
    keys = [key for key in home.household.by_close if key[2].startswith(month)]
    for begin in range(0, len(keys), 1000):
        some = [SlotId(*key[1:]) for key in keys[begin : begin + 1000]]
        with desk.lock:
            Counter(state_of(outcome(home.household, slot, now_ms)) for slot in some)


def _reckoned(reckoner: Reckoner, month: str) -> None:
    while True:
        try:
            reckoner.counted(month)
        except BeingReckoned:
            time.sleep(AGAIN_S)
        else:
            return


def _fold(desk: Desk, home: Home, now_ms: int) -> Iterator[None]:
    """Each step: one more fact is believed, as the gateway's loop does it."""
    persons = len(home.household.roster.persons) if home.household.roster else 1
    for seq in _SEQ:
        box = page_world.box_of(seq % persons)
        fact = page_world.record(box, seq, wire.LID_OPENED, now_ms)
        with desk.lock:
            home.fold(fact)
        yield


def _beside(told: Iterator[None], work: Callable[[], object]) -> float:
    thread = threading.Thread(target=work)
    thread.start()
    found = _waits_ms(told, thread.is_alive)
    thread.join()
    return found


def _waits_ms(told: Iterator[None], goes_on: Callable[[], bool]) -> float:
    """The wait that 95 of 100 do not exceed; for so many facts at least, or as long as it goes."""
    waits = list[float]()
    while len(waits) < TOLD or goes_on():
        due_s = time.perf_counter() + PAUSE_S
        time.sleep(PAUSE_S)
        next(told)
        waits.append(1e3 * (time.perf_counter() - due_s))
    return round(sorted(waits)[int(0.95 * len(waits))], 2)


def _worked_s(work: Callable[[], object]) -> float:
    began_s = time.thread_time()
    work()
    return time.thread_time() - began_s
