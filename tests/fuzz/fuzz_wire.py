"""Bytes by atheris at every layer of the radio language: `make fuzz`, ten minutes.

Knows: libFuzzer's ways. May not know: what the layers do with the bytes (targets).
Arguments: a folder of what was found interesting, then libFuzzer's (-max_total_time=600). The
first byte chooses the target. A fault ends the run; its bytes lie in the file libFuzzer names, and
are played again where that file is the argument.
"""

from __future__ import annotations

import logging
import random
import sys
from pathlib import Path

import atheris

ROOT = Path(__file__).resolve().parent.parent.parent
for folder in (ROOT, ROOT / "firmware" / "lib", ROOT / "firmware" / "pillbox"):
    sys.path.insert(0, str(folder))

with atheris.instrument_imports(
    include=["anbu_wire", "anbu_device", "gateway.sync", "gateway.sources", "pillbox", "service"]
):
    from tests.fuzz.host_box import HostBox
    from tests.fuzz.targets import TARGETS

    HostBox()  # the firmware's modules are imported with the first box

_ALL = list(TARGETS.values())
_SEEDS = 60  # a target's, so that the first minute is not spent on the empty string


def throw(data: bytes) -> None:
    """One string of bytes at one target."""
    if data:
        _ALL[data[0] % len(_ALL)](data[1:])


def sow(folder: Path) -> None:
    """Random beginnings for every target where the folder is empty."""
    if not folder.is_dir() or any(folder.iterdir()):
        return
    chance = random.Random(1)
    for number in range(_SEEDS * len(_ALL)):
        data = bytes((number % len(_ALL),)) + chance.randbytes(chance.randint(1, 600))
        (folder / f"seed-{number:03d}").write_bytes(data)


if __name__ == "__main__":
    for word in sys.argv[1:]:
        sow(Path(word))
    logging.disable(logging.CRITICAL)
    atheris.Setup(sys.argv, throw)
    atheris.Fuzz()
