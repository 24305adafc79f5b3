"""`anbu bench line`: what a device costs from bare board to label, one alone and eight at once.

Knows: virtual boards, the command as a technician types it, how both are told.
May not know: how a board is flashed or provisioned.

Everything is the product's: `anbu image` of this tree, real esptool, ledger, keys, labels as SVG,
PNG and a PDF sheet, an enrolment file. Each command is a process of its own, its start counted. The
boards are processes of this computer too, so that their work counts against the aim as well.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from hashlib import sha256
from pathlib import Path
from typing import Any

from gateway.enrolment import new_identity, recipient_of
from tools.bench.progress import Progress
from tools.home.official import stand_in
from tools.home.virtual_board import ROOT, VirtualBoard

MANY = 8
ROUNDS = 3
AIM_S = 5.0
AIM_RATIO = 4.5
_CHIP, _MIB, _TARGET = "esp32s3", 8, "pillbox"


def _anbu(*words: object) -> dict[str, Any]:
    argv = [sys.executable, "-m", "tools.cli", *map(str, words), "--json"]
    done = subprocess.run(argv, capture_output=True, text=True, check=False, cwd=ROOT)
    if done.returncode:
        raise RuntimeError(f"anbu {words[0]} failed: {done.stderr.strip()}")
    told: dict[str, Any] = json.loads(done.stdout)
    return told


def _image(folder: Path) -> Path:
    micropython, image = folder / "micropython.bin", folder / "device.img"
    micropython.write_bytes(stand_in(_CHIP))
    accept = sha256(micropython.read_bytes()).hexdigest()
    key = ("--new-key", folder / "key", "--micropython", micropython, "--accept", accept)
    _anbu("image", _TARGET, *key, "--out", image)
    return image


def _batch(folder: Path, image: Path, recipient: str, size: int, number: int) -> float:
    """Seconds from the command's first word to its last line."""
    macs = [f"24:0a:c4:00:{number:02x}:{n:02x}" for n in range(size)]
    boards = [VirtualBoard(folder, _CHIP, _MIB, mac) for mac in macs]
    for board in boards:
        board.start()
    try:
        for board in boards:
            board.wait()
        ports = [word for board in boards for word in ("--port", board.port)]
        files = ("--ledger", folder / "ledger", "--out", folder / f"labels-{number}")
        began_s = time.monotonic()
        told = _anbu("bench-line", image, *ports, *files, "--for", recipient)
        took_s = time.monotonic() - began_s
    finally:
        for board in boards:
            board.unplug()
            board.file.unlink(missing_ok=True)
    if len({device["serial"] for device in told["devices"]}) != size:
        raise RuntimeError("two boards got one serial")
    return took_s


def measure(rounds: int, progress: Progress) -> dict[str, Any]:
    """One and MANY in turn, so that a busy minute weighs on both; the report as one object."""
    one: list[float] = []
    many: list[float] = []
    recipient = recipient_of(new_identity())
    with tempfile.TemporaryDirectory(prefix="anbu-line-") as name:
        folder = Path(name)
        progress.begin("image")
        image = _image(folder)
        for n in range(rounds):
            for times, size in ((one, 1), (many, MANY)):
                progress.begin(f"{size} at once")
                times.append(_batch(folder, image, recipient, size, 2 * n + (size > 1)))
    progress.end()
    return {
        "bench": "line",
        "chip": _CHIP,
        "rounds": rounds,
        "one_s": [round(each, 2) for each in one],
        "many": MANY,
        "many_s": [round(each, 2) for each in many],
        "best_one_s": round(min(one), 2),
        "best_many_s": round(min(many), 2),
        "ratio": round(min(many) / min(one), 2),
        "aim_one_s": AIM_S,
        "aim_ratio": AIM_RATIO,
        "cores": os.cpu_count(),
    }


def run(*, as_json: bool) -> int:
    """Measures and prints; 0 when both aims were met."""
    report = measure(ROUNDS, Progress())
    if as_json:
        print(json.dumps(report))
    else:
        print(f"one board, bare to labelled: {report['best_one_s']} s (aim {AIM_S:g} s)")
        print(
            f"{MANY} at once: {report['best_many_s']} s, {report['ratio']} times one "
            f"(aim {AIM_RATIO}), on {report['cores']} cores; the best of {ROUNDS} rounds each"
        )
    met = report["best_one_s"] <= AIM_S and report["ratio"] <= AIM_RATIO
    return 0 if met else 1
