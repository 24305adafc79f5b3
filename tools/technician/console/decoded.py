"""What a line on a device's serial console means, and what to do about it.

Knows: what the chip's ROM, ESP-IDF, MicroPython and our loader print. May not know: ports, time.
Sources: ESP-IDF's "Fatal Errors" and esp_rom's reset names, MicroPython's ESP32 port, our loader.
"""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Meaning:
    """`kind`: reset, fault, crash, note. `cause`: of a reset, in a word for counting."""

    kind: str
    text: str
    then: str = ""
    cause: str = ""


_RESET = re.compile(r"rst:0x[0-9a-f]+ \((?P<name>\w+)\)", re.IGNORECASE)
# part of the ROM's name → (cause, meaning, what to do); the first that fits counts
_CAUSES = (
    ("BROWN_OUT", "brown-out", "the supply sagged", "another cable or supply; look at the cell"),
    ("POWERON", "power", "power came", ""),
    ("DEEPSLEEP", "sleep", "it woke from sleep", ""),
    ("USB_", "usb", "this computer started it anew", ""),
    ("WDT", "watchdog", "it hung, a watchdog started it anew", "keep what it said before"),
    ("SW_", "software", "it started itself anew", ""),
    ("EXT", "button", "its reset button, or the cable's", ""),
)
_LINES = (
    ("waiting for download", "note", "it waits in its boot loader", "let go of BOOT, plug it anew"),
    ("invalid header", "fault", "nothing is flashed", "anbu flash"),
    ("FAULT: no app slot", "fault", "its loader finds nothing to run", "anbu flash"),
    ("NotProvisioned", "fault", "it has no serial and no key", "anbu provision, or anbu rescue"),
    ("FAULT: the app ended", "crash", "the app ended; it starts anew in 20 s", "keep these lines"),
    ("FAULT: no radio", "fault", "the radio does not start", "anbu verify pillbox"),
    ("Guru Meditation", "crash", "the chip's own program failed", "keep the lines that follow"),
    ("Brownout detector", "fault", "the supply sags", "another cable or supply; look at the cell"),
    ("task_wdt", "crash", "it hangs; the watchdog will start it anew", "keep these lines"),
    ("MemoryError", "crash", "no memory is left", "keep these lines"),
    ("Traceback (most recent call last)", "crash", "an error in the app", "keep these lines"),
    ("soft reboot", "note", "MicroPython starts anew", ""),
)
RESET_CAUSES = {  # machine.reset_cause(), as a BOOT record has it
    1: "power",
    2: "button",
    3: "watchdog",
    4: "sleep",
    5: "software",
}


def meaning(line: str) -> Meaning | None:
    """What it says, None where it says nothing that we know."""
    reset = _RESET.search(line)
    if reset is not None:
        return _of_reset(reset["name"].upper())
    for part, kind, text, then in _LINES:
        if part in line:
            return Meaning(kind, text, then)
    return None


def _of_reset(name: str) -> Meaning:
    for part, cause, text, then in _CAUSES:
        if part in name:
            return Meaning("reset", text, then, cause)
    return Meaning("reset", f"it started anew ({name})", "", name.lower())


def lines_of(held: bytes, data: bytes) -> tuple[list[str], bytes]:
    """(the lines that are whole now, what is left of the next one); any bytes will do."""
    *whole, rest = (held + data).replace(b"\r", b"").split(b"\n")
    return [line.decode("utf-8", errors="replace") for line in whole if line.strip()], rest
