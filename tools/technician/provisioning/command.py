"""`anbu provision`, `anbu bench-line`, `anbu label`, `anbu enrol`: the words and what is told.

Knows: the terminal, JSON. May not know: how a board becomes a device (line, work), how a label
looks.
"""

from __future__ import annotations

import argparse
import socket
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from tools.technician.device_image import DeviceImage
from tools.technician.flashing.command import Result, ask_for_supply, read_image, side_by_side
from tools.technician.flashing.places import Place, find
from tools.technician.provisioning import hand_out
from tools.technician.provisioning.ledger import Ledger, Order, Row
from tools.technician.provisioning.line import Line, Lined
from tools.technician.said import Exit, Refused, Said, Told, hold

# With it, boards that are done would be drawn anew, and the labels just printed be nobody's.
_WITHOUT = "without --again: each board keeps what was drawn for it"


def main(arguments: argparse.Namespace) -> int:
    """One of the four; returns the exit code."""
    work: dict[str, Callable[[argparse.Namespace, Said], Told]] = {
        "provision": _batch,
        "bench-line": _batch,
        "label": _label,
        "enrol": _enrol,
    }
    return hold(arguments, lambda said: work[arguments.part](arguments, said))


def order_for(image: DeviceImage) -> Order:
    """What boards become with this image."""
    return Order(image.board.target, image.board.name, image.signer, image.version)


def opened(arguments: argparse.Namespace) -> Ledger:
    """The ledger named, for one thread; a dry run makes none. Raises Refused."""
    path: Path = arguments.ledger
    kept = path if path.exists() or not arguments.dry_run else None
    return Ledger(kept, arguments.station or socket.gethostname())


def existing(arguments: argparse.Namespace) -> Ledger:
    """The same for what makes no new one. Raises Refused."""
    if not arguments.ledger.exists():
        raise Refused(f"there is no ledger {arguments.ledger}", "look at the name", Exit.LEDGER)
    return opened(arguments)


def _batch(arguments: argparse.Namespace, said: Said) -> Told:
    began_s = time.monotonic()
    image = read_image(arguments)
    places = find(arguments.port, every=arguments.all)
    # What is wrong with these is said before a board is touched.
    opened(arguments).close()
    hand_out.check(arguments.recipient)
    if not said.dry:
        ask_for_supply(image, said)
    program = arguments.part == "bench-line"
    line = Line(lambda: opened(arguments), order_for(image), program=program)
    go_on = "run the same command" + (f" {_WITHOUT}" if arguments.again else "")
    results = side_by_side(places, image, said, again=arguments.again, flash=line, go_on=go_on)
    for place, result in results:
        said.say(f"{place.port}  {_line_of(result, said)}")
    good = sum(isinstance(result, Lined) for _place, result in results)
    what = "would be done" if said.dry else "done"
    files, end = ([], {}) if said.dry else _handed_out(arguments, results, said)
    took_s = round(time.monotonic() - began_s, 2)
    said.say(f"{good} of {len(results)} {what} in {took_s:.1f} s")
    return {
        "board": image.board.name,
        "version": image.version,
        "devices": [_row(place, result) for place, result in results],
        "files": files,
        "seconds": took_s,
        **end,
        **_end(results, again=arguments.again),
    }


def _handed_out(
    arguments: argparse.Namespace, results: Sequence[tuple[Place, Result]], said: Said
) -> tuple[list[str], Told]:
    """Labels and enrolment of those that came to the end: the files, and how that ended."""
    serials = sorted(
        result.identity.serial
        for _place, result in results
        if isinstance(result, Lined) and result.identity
    )
    if not serials:
        return [], {}
    said.left = then = "the devices are done; anbu label and anbu enrol make what is missing"
    try:
        with opened(arguments) as ledger:
            rows = ledger.rows(serials)
            files = hand_out.label(rows, ledger, arguments.out)
            if arguments.recipient:
                file = hand_out.enrolment_in(arguments.out, rows)
                files.append(hand_out.enrol(rows, arguments.recipient, file))
    except Refused as refused:
        return [], {"exit": int(refused.code), "error": refused.wrong, "next": then}
    except OSError as error:
        wrong = f"{error.filename or arguments.out}: {error.strerror}"
        return [], {"exit": int(Exit.FAILED), "error": wrong, "next": then}
    said.say(f"labels: {files[len(serials) * 2]}")
    return [str(file) for file in files], {}


def _label(arguments: argparse.Namespace, said: Said) -> Told:
    with existing(arguments) as ledger:
        rows = _rows(ledger, arguments)
        if said.dry:
            said.say(f"would write {len(rows)} labels into {arguments.out}")
            return {"files": []}
        files = hand_out.label(rows, ledger, arguments.out)
    said.say(f"{len(rows)} labels: {files[-1]}")
    return {"files": [str(file) for file in files]}


def _enrol(arguments: argparse.Namespace, said: Said) -> Told:
    with existing(arguments) as ledger:
        rows = _rows(ledger, arguments)
    hand_out.check(arguments.recipient)
    if not said.dry:
        hand_out.enrol(rows, arguments.recipient, arguments.out)
    said.say(f"{'would seal' if said.dry else 'sealed'} {len(rows)} devices into {arguments.out}")
    serials = [row.noted.identity.serial for row in rows]
    return {"serials": serials, "files": [] if said.dry else [str(arguments.out)]}


def _rows(ledger: Ledger, arguments: argparse.Namespace) -> list[Row]:
    rows = ledger.rows(arguments.serial or None)
    if not rows:
        raise Refused(f"{arguments.ledger} has no finished device", "anbu bench-line", Exit.LEDGER)
    return rows


def _line_of(result: Result, said: Said) -> str:
    if not isinstance(result, Lined):
        return f"NOT done: {result}"
    if said.dry or result.identity is None:
        return f"{result.mac}: would {result.decision.step}: {result.decision.why}"
    return f"{result.mac}: {result.identity.serial} ({result.decision.why}), read back"


def _row(place: Place, result: Result) -> Told:
    about: Told = {"port": place.port, "usb": place.usb or None, "ok": isinstance(result, Lined)}
    if not isinstance(result, Lined):
        wrong = result.wrong if isinstance(result, Refused) else str(result)
        return about | {"error": wrong, "next": getattr(result, "then", None)}
    return about | {
        "mac": result.mac,
        "chip": result.chip,
        "serial": result.identity.serial if result.identity else None,
        "step": result.decision.step.value,
        "why": result.decision.why,
        "written_bytes": result.written_bytes,
        "kept_bytes": result.kept_bytes,
    }


def _end(results: Sequence[tuple[Place, Result]], *, again: bool) -> Told:
    """How the command ends: by the first board that failed."""
    failed = [result for _place, result in results if isinstance(result, Refused)]
    if not failed:
        return {}
    more = f" (and {len(failed) - 1} more)" if len(failed) > 1 else ""
    then = failed[0].then
    if again and failed[0].code is Exit.PORT:
        then += f" {_WITHOUT}"
    return {"exit": int(failed[0].code), "error": failed[0].wrong + more, "next": then}
