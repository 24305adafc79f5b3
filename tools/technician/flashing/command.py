"""`anbu flash`: a device image onto one board or many at once.

Knows: the command's words, the terminal, that boards are flashed side by side.
May not know: how a board is flashed (flash), what may go onto it (judged).
"""

from __future__ import annotations

import argparse
import sys
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait

from tools.technician.device_image import BadImage, DeviceImage, unpack
from tools.technician.flashing.bars import Bars
from tools.technician.flashing.flash import Flashed, Stopped, flash_at
from tools.technician.flashing.places import Place, find
from tools.technician.said import Exit, Refused, Said, Told, hold

_SUPPLY = "isolated"
_LOOK_S = 0.2  # Ctrl-C is heard between two looks


def main(arguments: argparse.Namespace) -> int:
    """Flashes; returns the exit code."""
    return hold(arguments, lambda said: _flashed(arguments, said))


def _flashed(arguments: argparse.Namespace, said: Said) -> Told:
    image = read_image(arguments)
    places = find(arguments.port, every=arguments.all)
    if not said.dry:
        ask_for_supply(image, said)
    told = _told_of_image(arguments, image)
    if said.dry:
        _say_plan(image, said)
    results = side_by_side(places, image, said, again=arguments.again)
    _say_results(results, said)
    return {**told, "devices": [_row(place, result) for place, result in results], **_end(results)}


def read_image(arguments: argparse.Namespace) -> DeviceImage:
    """The image named. Raises Refused with exit 4, OSError."""
    try:
        return unpack(arguments.image.read_bytes())
    except BadImage as error:
        raise Refused(f"{arguments.image}: {error}", code=Exit.BOARD) from error


def ask_for_supply(image: DeviceImage, said: Said) -> None:
    """A plug's electronics stand at the potential of the mains. Raises Refused."""
    if not image.board.mains:
        return
    said.say(
        f"{image.board.name}: in its case this device's electronics are at mains potential. Flash "
        "it only off the mains, fed by the isolated bench supply, nothing in its socket."
    )
    if said.ask(f"Is that so? Type {_SUPPLY} to go on: ").lower() != _SUPPLY:
        wrong = f"{image.board.name} is flashed on the isolated bench supply only"
        raise Refused(wrong, "take it off the mains, connect the bench supply, run it again")


Result = Flashed | Refused | Stopped


def side_by_side(
    places: Sequence[Place],
    image: DeviceImage,
    said: Said,
    *,
    again: bool = False,
    flash: Callable[..., Flashed] = flash_at,
    go_on: str = "run the same command",
) -> list[tuple[Place, Result]]:
    """All boards at once, a thread each. Raises KeyboardInterrupt after the last whole piece.

    `go_on`: what finishes boards that were left half done.
    """
    stop = threading.Event()
    width = max(len(place.port) for place in places)
    rows = {place: place.port.ljust(width) for place in places}
    bars = Bars(
        list(rows.values()),
        lambda text, end: said.say(text, end=end),
        screen=not said.as_json and sys.stdout.isatty(),
    )

    def one(place: Place) -> Result:
        def told(mac: str, share: float) -> None:
            bars.tell(rows[place], share, mac)

        try:
            return flash(place, image, told, again=again, dry=said.dry, stop=stop)
        except (Refused, Stopped) as end:
            return end

    with ThreadPoolExecutor(max_workers=len(places)) as pool:
        futures = [pool.submit(one, place) for place in places]
        if not said.dry:
            said.left = f"boards are half written; {go_on}, it goes on from there"
        _patiently(futures, stop)
    return [(place, future.result()) for place, future in zip(places, futures, strict=True)]


def _patiently(futures: list[Future[Result]], stop: threading.Event) -> None:
    try:
        while wait(futures, timeout=_LOOK_S).not_done:
            pass
    except KeyboardInterrupt:
        stop.set()
        raise


def _say_results(results: Sequence[tuple[Place, Result]], said: Said) -> None:
    for place, result in results:
        if isinstance(result, Flashed):
            done = "would write" if said.dry else "wrote and verified"
            stood = f", {result.kept_bytes} stood there" if result.kept_bytes else ""
            line = f"{result.chip} {result.mac}: {done} {result.written_bytes} bytes{stood}"
        else:
            line = f"NOT flashed: {result}"
        said.say(f"{place.port}  {line}")


def _row(place: Place, result: Result) -> Told:
    about: Told = {"port": place.port, "usb": place.usb or None, "location": place.location or None}
    if isinstance(result, Flashed):
        return about | {
            "ok": True,
            "mac": result.mac,
            "chip": result.chip,
            "before": result.before.value,
            "written_bytes": result.written_bytes,
            "kept_bytes": result.kept_bytes,
        }
    wrong = result.wrong if isinstance(result, Refused) else str(result)
    return about | {"ok": False, "error": wrong, "next": getattr(result, "then", None)}


def _end(results: Sequence[tuple[Place, Result]]) -> Told:
    """How the command ends: by the first board that failed."""
    failed = [result for _place, result in results if isinstance(result, Refused)]
    if not failed:
        return {}
    more = f" (and {len(failed) - 1} more)" if len(failed) > 1 else ""
    first = failed[0]
    return {"exit": int(first.code), "error": first.wrong + more, "next": first.then}


def _told_of_image(arguments: argparse.Namespace, image: DeviceImage) -> Told:
    return {
        "image": str(arguments.image),
        "board": image.board.name,
        "version": image.version,
        "micropython": image.micropython,
    }


def _say_plan(image: DeviceImage, said: Said) -> None:
    for label, segment in image.segments.items():
        said.say(f"would write {len(segment.data):>8} bytes at {segment.at:#08x}  {label}")
