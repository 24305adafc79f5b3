"""Runs one story inside the house's own time (`launch` put faketime around this process).

Knows: how a run is watched, measured and told. May not know: what a story is about.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import shutil
import signal
import sqlite3
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tools.home import narrate
from tools.home.house import House
from tools.home.stories import STORIES
from tools.home.story import Score, Story, result

_LINK = ("link_up", "link_down", "device_rests")
_LAST_TRIES = 6
_LAST_WORDS_S = 60  # of the house: what the box wrote last is on its way


def _text_rows(house: House, speed: int) -> list[dict[str, Any]]:
    """Every text a handset got, joined with when it was due and when the modem had it."""
    decided = {e["body"]: e for e in house.events if e["kind"] == "text_decided"}
    submitted = {e["text_id"]: e for e in house.events if e["kind"] == "text_submitted"}
    rows = []
    for handset in house.phones.values():
        for text in handset.inbox:
            row: dict[str, Any] = {"to": handset.number, "body": text.body, "parts": text.parts}
            cause = decided.get(text.body)
            if cause is not None:
                handed = submitted.get(cause["text_id"], {}).get("first_pdu_ms")
                row |= {"purpose": cause["purpose"], "due_ms": cause["due_ms"]}
                row |= {"handed_to_modem_ms": handed}
                if handed is not None:
                    late_ms = handed - cause["due_ms"]
                    row |= {"late_house_s": late_ms / 1000, "late_real_s": late_ms / 1000 / speed}
            rows.append(row)
    return rows


def _counts(house: House) -> dict[str, int]:
    """Events at all devices and in the log, and how many the gateway believed twice."""
    with sqlite3.connect(f"file:{house.places.database}?mode=ro", uri=True) as database:
        (in_log,) = database.execute("SELECT count(*) FROM events WHERE seq IS NOT NULL").fetchone()
    records = [e for e in house.events if e["kind"] == "device_record"]
    believed = [(e["device_id"], e["epoch"], e["seq"]) for e in records]
    return {
        "events_at_box": house.records_at_the_devices(),
        "events_in_log": in_log,
        "duplicates": len(believed) - len(set(believed)),
    }


async def _settle(house: House) -> None:
    """What the box wrote last is on its way; without a link it waits for one, but not for ever."""
    for _ in range(_LAST_TRIES):
        await house.pause(_LAST_WORDS_S)
        links = {e["device_id"]: e["kind"] for e in house.events if e["kind"] in _LINK}
        if "link_down" not in links.values():
            return


async def _play(story: Story, house: House, score: Score, *, doors: bool = False) -> dict[str, Any]:
    async with house:
        if doors:
            links = "\n".join(f"  {door}" for door in await house.doors())
            print("the page, signed in by a link (each works once; Ctrl-C ends the house):")
            print("  the office (officer and technician), her daughter, and she who lives there")
            print(links, flush=True)
        await story.script(house, score)
        await _settle(house)
        memory_kib = house.gateway.peak_memory_kib()
    heaps = {device.device_id: device.heap for device in house.devices}
    counts = _counts(house)
    same = counts["events_at_box"] == counts["events_in_log"] and not counts["duplicates"]
    score.expect("as many records in the log as in the flash, none twice", same, counts)
    measured = {"texts": _text_rows(house, house.speed), **counts}
    return {**measured, "gateway_peak_memory_kib": memory_kib, "heaps": heaps}


def _watch(house: House) -> None:
    def tell(event: dict[str, Any]) -> None:
        line = narrate.line(event)
        if line is not None:
            print(line, flush=True)

    house.on_event = tell


def _arguments(argv: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="tools.home.inside")
    parser.add_argument("story", choices=list(STORIES))
    parser.add_argument("--speed", type=int, required=True)
    parser.add_argument("--seed", type=int, required=True)
    parser.add_argument("--root", type=Path, required=True, help="where it stands; it ends with it")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--port", type=int)
    return parser.parse_args(argv)


def _told(report: dict[str, Any]) -> None:
    for expectation in report["expectations"]:
        mark = "held  " if expectation["held"] else "FAILED"
        print(f"{mark}  {expectation['what']}  [{expectation['seen']}]")
    for text in report["texts"]:
        print(f"text    {text['to']}: {text['body']}")
    counts = ("events_at_box", "events_in_log", "duplicates")
    print("        " + ", ".join(f"{key} {report[key]}" for key in counts))


async def _run(arguments: argparse.Namespace, root: Path) -> dict[str, Any] | None:
    story = STORIES[arguments.story]
    house = House(root, story, arguments.speed, arguments.port)
    if not arguments.json:
        print(f"{story.name}: {story.about}; it is {story.starts}, {arguments.speed} times faster")
        _watch(house)
    score = Score()
    play = asyncio.ensure_future(_play(story, house, score, doors=bool(arguments.port)))
    loop = asyncio.get_running_loop()
    door = sys.stdin.fileno()  # closed by whoever asked for the house

    def leave() -> None:
        loop.remove_reader(door)
        play.cancel()

    loop.add_signal_handler(signal.SIGTERM, play.cancel)
    loop.add_reader(door, leave)
    try:
        measured = await play
    except asyncio.CancelledError:
        return None
    return result(story, arguments.seed, arguments.speed, score, measured)


def main(argv: Sequence[str]) -> int:
    """Runs the story; 0 when all it expects held, 1 when not, 130 when it was interrupted."""
    arguments = _arguments(argv)
    random.seed(arguments.seed)
    try:
        report = asyncio.run(_run(arguments, arguments.root))
        if report is not None and not report["held"]:
            _show_errors(arguments.root)
    finally:
        shutil.rmtree(arguments.root, ignore_errors=True)  # whoever began this may be gone
    if report is None:
        print("the house is empty again", flush=True)
        return 0 if arguments.port else 130
    if arguments.json:
        print(json.dumps(report, ensure_ascii=False, indent=1))
    else:
        _told(report)
    return 0 if report["held"] else 1


def _show_errors(folder: Path) -> None:
    """What the processes said on standard error, for whoever has to find out."""
    for path in sorted(folder.glob("*.err")):
        text = path.read_text(encoding="utf-8", errors="replace").strip()
        if text:
            print(f"--- {path.stem}\n{text[-4000:]}", file=sys.stderr)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
