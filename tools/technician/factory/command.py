"""`anbu verify pillbox`: the factory test of each box, its record as JSON and as one PDF.

Knows: the command's words, files, the clock. May not know: what is tested (steps), the REPL (box).
"""

from __future__ import annotations

import argparse
import asyncio
import getpass
import platform
import secrets
import time
from collections.abc import Iterator
from pathlib import Path

from gateway.sources.radio.backends import Backend, load_backend
from tools.technician.factory import release_command
from tools.technician.factory.box import LIDS, on_bench
from tools.technician.factory.ear import heard
from tools.technician.factory.kept import now, put
from tools.technician.factory.record import Record
from tools.technician.factory.sheet import record_page
from tools.technician.factory.steps import LIT, FactoryTest, run_to_end
from tools.technician.flashing.places import Place, find
from tools.technician.said import Exit, Refused, Said, Told, hold, unbroken

_END = "q"


def main(arguments: argparse.Namespace) -> int:
    """Tests boxes, or goes through the list of a release; returns the exit code."""
    work = release_command.released if arguments.release else _verified
    return hold(arguments, lambda said: work(arguments, said))


class BenchHere:
    """The technician at this terminal; see steps.Bench."""

    def __init__(self, said: Said, backend: Backend | None, hci: str) -> None:
        self._said = said
        self._backend = backend
        self._hci = hci
        self.say, self.ask, self.wait = said.say, said.ask, time.sleep
        self.now_s = time.monotonic

    def draw(self, least: int, most: int) -> int:
        """A number she cannot know."""
        return least + secrets.randbelow(most - least + 1)

    def hear(self, name: str, seconds: float) -> int | None:
        """How strongly that name is heard, dBm."""
        if self._backend is None:
            return None
        return asyncio.run(heard(self._backend, self._hci, name, seconds))


def _verified(arguments: argparse.Namespace, said: Said) -> Told:
    bench = BenchHere(said, _backend(arguments), arguments.hci)
    if said.dry:
        return _plan(arguments, said)
    arguments.out.mkdir(parents=True, exist_ok=True)
    said.left = f"records of the boxes tested so far are in {arguments.out}; each starts its app"
    rows = [_one(place, arguments, bench, said) for place in _places(arguments, said)]
    bad = sum(1 for row in rows if not row["passed"])
    told: Told = {"devices": rows}
    if bad:
        wrong = f"{bad} of {len(rows)} did not pass"
        told |= {"exit": int(Exit.FAILED), "error": wrong, "next": "mend it, verify it again"}
    return told


def _backend(arguments: argparse.Namespace) -> Backend | None:
    if arguments.no_radio:
        return None
    try:
        return load_backend(arguments.backend)
    except ImportError as error:
        raise Refused(str(error), "as in [radio] of the gateway", Exit.USAGE) from error


def _places(arguments: argparse.Namespace, said: Said) -> Iterator[Place]:
    """One box, those named, or hub after hub until she ends it."""
    while True:
        yield from find(arguments.port, every=arguments.all or arguments.batch)
        if not arguments.batch:
            return
        if said.ask(f"Plug in the next boxes, then Enter; {_END} to end: ").lower() == _END:
            return


def _plan(arguments: argparse.Namespace, said: Said) -> Told:
    places = find(arguments.port, every=arguments.all or arguments.batch)
    for place in places:
        said.say(f"would test {place}, and write its record into {arguments.out}")
    return {"ports": [place.port for place in places]}


def _one(place: Place, arguments: argparse.Namespace, bench: BenchHere, said: Said) -> Told:
    said.say(f"{place}: its app is stopped for the test")
    try:
        with on_bench(place.port) as box:
            about = box.about
            who = about.device_id or about.mac
            box.show(dict.fromkeys(range(LIDS), LIT))
            said.say(f"{who}: the box that shines now, program {about.version}")
            by, here = arguments.operator or getpass.getuser(), platform.node()
            record = Record(about, by, here, now())
            test = FactoryTest(box, bench, radio=not arguments.no_radio)
            record.steps = test.steps
            try:
                record.ended = run_to_end(test)
            except KeyboardInterrupt:
                record.ended = "stopped by hand"
                raise
            finally:
                record.ended_at = now()
                with unbroken():
                    files = _kept(record, arguments.out, said)
    except Refused as refused:
        said.say(f"NOT tested: {refused}")
        return {"port": place.port, "passed": False, "error": str(refused)}
    said.say(f"{who}: {'passed' if record.passed else 'NOT passed'}  ({', '.join(files)})")
    return {"port": place.port, **record.as_json(), "files": files}


def _kept(record: Record, folder: Path, said: Said) -> list[str]:
    """JSON first: without a printer that is there all the same. Raises OSError."""
    who = (record.about.device_id or record.about.mac).replace(":", "")
    stamp = record.began_at.replace("-", "").replace(":", "").replace("+0000", "Z")
    return put(folder / f"{who}-{stamp}", record.as_json(), record_page(record), said)
