"""`anbu update`: a newer program onto devices in use, by cable or through their gateway.

Knows: the command's words, the terminal. May not know: esptool, HTTP.
"""

from __future__ import annotations

import argparse
import getpass
from time import monotonic, sleep

from gateway.image import MOST_BYTES, Image, ImageRefused, image_of
from tools.technician.flashing import command as flashing
from tools.technician.flashing.bars import Bars
from tools.technician.said import Exit, Refused, Said, Told, hold
from tools.technician.updating.gateway import Far, Page

PERIOD_S = 1.0
STAGED = "staged"  # all of it is there: the device starts it at a quiet moment


def main(arguments: argparse.Namespace) -> int:
    """By air where a gateway is named, by cable else; returns the exit code."""
    if arguments.gateway:
        return hold(arguments, lambda said: _by_air(arguments, said))
    arguments.again = True  # keys and log stay, which is what an update is
    return flashing.main(arguments)


def _by_air(arguments: argparse.Namespace, said: Said) -> Told:
    if not arguments.device or not arguments.account:
        raise Refused("by air it wants --device and --account", "see --help", Exit.USAGE)
    data, image = _bundle(arguments)
    told: Told = {"board": image.board, "version": image.version, "device_id": arguments.device}
    said.say(f"{arguments.image}: {image.board} version {image.version}, {image.size_bytes} bytes")
    page = Page(arguments.gateway)
    page.sign_in(arguments.account, _password(arguments))
    person = page.person_of(arguments.device)
    if said.dry:
        said.say(f"would lay it down at {arguments.gateway} and order it for {arguments.device}")
        return told
    page.bring(data)
    page.order(person, arguments.device, image.crc)
    said.left = "the update is ordered; it goes on without this terminal"
    return told | _followed(page, arguments, said)


def _bundle(arguments: argparse.Namespace) -> tuple[bytes, Image]:
    data = arguments.image.read_bytes()[: MOST_BYTES + 1]
    try:
        return data, image_of(arguments.image.name, data)
    except ImageRefused as why:
        wrong = f"{arguments.image} is no update bundle ({why})"
        then = "by air goes what anbu image makes without --micropython"
        raise Refused(wrong, then, Exit.BOARD) from why


def _password(arguments: argparse.Namespace) -> str:
    if arguments.password:
        return str(arguments.password.read_text(encoding="utf-8")).strip()
    return getpass.getpass(f"Password of {arguments.account}: ")


def _followed(page: Page, arguments: argparse.Namespace, said: Said) -> Told:
    """Its way to the device; what became of it there the gateway's page says."""
    device_id, far = arguments.device, None
    bars = Bars([device_id], lambda text, end: said.say(text, end=end), screen=False)
    until_s = monotonic() + 60 * arguments.minutes
    before: str | None = None
    while monotonic() < until_s:
        now = page.far(device_id)
        if now is None and far is not None:
            return _over(far, said)
        far = now or far
        if far is not None:
            bars.tell(device_id, far.there_bytes / max(1, far.size_bytes), far.waits)
        if far is not None and far.waits == STAGED:
            said.say("all of it is there: the device starts it at a quiet moment")
            return _told(far)
        waits = "waiting for the device" if far is None else far.waits
        if waits and waits != before:
            said.say(waits)
        before = waits
        sleep(PERIOD_S)
    wrong = f"not all of it is there after {arguments.minutes:g} minutes"
    end: Told = {"exit": int(Exit.FAILED), "error": wrong, "next": "it goes on; see /install"}
    return (_told(far) if far else {}) | end


def _over(far: Far, said: Said) -> Told:
    """The gateway follows it no more: it came through, or it was refused on the way."""
    if far.there_bytes >= far.size_bytes:
        said.say("it is over; how it went stands on the gateway's page /install")
        return _told(far)
    wrong = "it ended on the way" + (f" ({far.waits})" if far.waits else "")
    why: Told = {"exit": int(Exit.FAILED), "error": wrong, "next": "why: the page /install"}
    return _told(far) | why


def _told(far: Far) -> Told:
    return {"there_bytes": far.there_bytes, "size_bytes": far.size_bytes, "waits": far.waits}
