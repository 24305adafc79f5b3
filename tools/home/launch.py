"""Starts a house in its own time: the same program again, under libfaketime.

Knows: the `faketime` command, speed and start. May not know: what happens in the house.
Speed and date are put around the processes, never into the code. The relative form ("-N xR") is the
one that all children of one wrapper share as one coherent clock; an absolute date is not.
"""

from __future__ import annotations

import importlib.util
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from typing import TYPE_CHECKING

from tools.home.firmware import MODULES, build

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tools.home.story import Story

EXIT_MISSING = 3

# Program → its Debian package, and what it is for.
NEEDS = {"faketime": ("faketime", "speeds the house up")}
TELEPHONE_NEEDS = {
    "sipp": ("sip-tester", "is the called telephone"),
    "espeak-ng": ("espeak-ng", "speaks"),
    "sox": ("sox", "measures what is spoken"),
}


def command(
    story: Story, speed: int, seed: int, flags: Sequence[str], faketime: str, now_s: float
) -> list[str]:
    """The argv that runs `story` inside its own time, `speed` times faster."""
    offset_s = story.starts_s - int(now_s)
    words = [sys.executable, "-m", "tools.home.inside", story.name]
    words += ["--speed", str(speed), "--seed", str(seed), *flags]
    return [faketime, "-f", f"{offset_s:+d} x{speed}", *words]


def lacking(story: Story) -> str:
    """What this computer has not that the story needs, and how to get it; "" = nothing."""
    called = story.household.telephone
    needs = {**NEEDS, **TELEPHONE_NEEDS} if called else NEEDS
    for program, (package, what_for) in needs.items():
        if shutil.which(program) is None:
            install = f"install it with: sudo apt-get install {package}"
            return f"this computer has no `{program}`, which {what_for}; {install}"
    if called and importlib.util.find_spec("baresip") is None:
        install = ".venv/bin/python -m pip install -c constraints.txt -e '.[home,calls]'"
        return f"the SIP stack is not installed, which makes the calls; install it with: {install}"
    return ""


def inside(story: Story, speed: int, seed: int, flags: Sequence[str]) -> int:
    """Runs the story in a process group of its own; returns its exit code."""
    faketime, lacks = shutil.which("faketime"), lacking(story)
    if faketime is None or lacks:
        print(f"anbu: {lacks}", file=sys.stderr)
        return EXIT_MISSING
    speed = min(speed, story.speed_most)
    home = story.household
    for target in {plug.board for plug in home.plugs} | ({"pillbox"} if home.box else set()):
        build(target, MODULES)  # out here, where it takes none of the house's time
    # A real clock for measuring: children of faketime cannot see one.
    environment = {**os.environ, "PYTHONUNBUFFERED": "1", "ANBU_SPEED": str(speed)}
    root = tempfile.mkdtemp(prefix="anbu-home-")
    process = subprocess.Popen(
        command(story, speed, seed, ["--root", root, *flags], faketime, time.time()),
        env=environment,
        stdin=subprocess.PIPE,
        start_new_session=True,
    )
    try:
        return _wait(process)
    finally:
        shutil.rmtree(root, ignore_errors=True)  # a house that was killed could not


def _wait(process: subprocess.Popen[bytes]) -> int:
    """Waits; Ctrl-C or SIGTERM ends the house in order, the second time at once.

    The house lives as long as its standard input is open, so it ends with this process however
    that ends. A signal to the group would take the faketime wrapper away before its children.
    """
    asked: list[int] = []

    def end(number: int, _frame: object) -> None:
        if asked:
            os.killpg(process.pid, signal.SIGKILL)
        elif process.stdin is not None:
            process.stdin.close()
        asked.append(number)

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, end)
    code = process.wait()
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except ProcessLookupError:
        return code
    return code
