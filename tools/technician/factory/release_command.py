"""`anbu verify pillbox --release`: what only hardware shows, asked one by one, kept at each answer.

Knows: the command's words, where the list lies. May not know: what is enough (release).

The list is of one program on one board: it is named after them and goes on where it was left.
"""

from __future__ import annotations

import argparse
import getpass
import json
from pathlib import Path

from tools.technician.factory import release as r
from tools.technician.factory.box import on_bench
from tools.technician.factory.kept import now, put
from tools.technician.factory.record import About
from tools.technician.factory.sheet import release_page
from tools.technician.flashing.places import find
from tools.technician.said import Exit, Refused, Said, Told


def released(arguments: argparse.Namespace, said: Said) -> Told:
    """Asks what is open. Exit 0 only where every check is passed."""
    place = find(arguments.port, every=False)[0]
    with on_bench(place.port) as box:
        about = box.about
    stem = arguments.out / f"release-{about.board}-{about.version}-{about.firmware[:8]}"
    done = _before(stem, about)
    for check in r.CHECKS:
        said.say(f"{_state(done.get(check.key)):5} {check.key}")
    if said.dry:
        said.say(f"would keep the list in {stem}.json and {stem}.pdf")
        return r.as_json(about, done)
    arguments.out.mkdir(parents=True, exist_ok=True)
    said.left = f"the answers given so far are in {stem}.json"
    by = arguments.operator or getpass.getuser()
    for check in r.open_checks(done):
        one = _asked(check, said, by, about.device_id or about.mac)
        if one is not None:
            done[check.key] = one
            put(stem, r.as_json(about, done), release_page(about, done), said)
    return _told(about, done, stem)


def _told(about: About, done: dict[str, r.Done], stem: Path) -> Told:
    told: Told = {**r.as_json(about, done), "file": f"{stem}.json"}
    left = [check.key for check in r.open_checks(done)]
    if left:
        wrong = f"not released: {', '.join(left)}"
        told |= {"exit": int(Exit.FAILED), "error": wrong, "next": "do them, run it again"}
    return told


def _before(stem: Path, about: About) -> dict[str, r.Done]:
    file = stem.with_name(stem.name + ".json")
    if not file.exists():
        return {}
    try:
        return r.from_json(json.loads(file.read_text(encoding="utf-8")), about)
    except (ValueError, TypeError, KeyError) as why:
        raise Refused(f"{file}: {why}", "give another folder with --out") from why


def _asked(check: r.Check, said: Said, by: str, device_id: str) -> r.Done | None:
    """Her answer; None: not done yet."""
    said.say(f"\n{check.key}: {check.do}")
    value = None
    if check.unit:
        what = check.enough if r.bounded(check) else check.unit
        value = _number(said.ask(f"{what} (Enter: not done yet): "))
    word = ""
    if not r.bounded(check) and (value is not None or not check.unit):
        word = said.ask(f"{check.enough} [y/n, Enter: not done yet]: ")
    passed = r.judged(check, value, word)
    return None if passed is None else r.Done(passed, value, by, now(), device_id)


def _number(answer: str) -> float | None:
    try:
        return float(answer.replace(",", "."))
    except ValueError:
        return None


def _state(one: r.Done | None) -> str:
    return "open" if one is None else "pass" if one.passed else "FAIL"
