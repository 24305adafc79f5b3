"""The second copy of a device's keys: written by the bench, put back by the firmware."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from gateway.label import Label
from tests.home.box_process import box_at
from tools.home.nvs import write_nvs
from tools.technician.provisioning.identity import Identity, blobs, read_spare, spare

OWN = Identity(Label("careplug", "CP-000007", bytes(range(16)), bytes(16)), 5, bytes(range(64)))
PROGRAM = """
from esp32 import NVS
from anbu_device.esp.keys import NotProvisioned, identity
for _ in range(2):
    try:
        print(*identity(NVS("anbu")))
    except NotProvisioned as error:
        print(error)
def told(space, key):
    buffer = bytearray(64)
    return bytes(buffer[: NVS(space).get_blob(key, buffer)])
print(told("anbu", "bthome_key"))
print(told("anbu_update", "key_0"))
"""


def judge(folder: Path, copy: bytes, *lines: str) -> None:
    """A device whose NVS was wiped but for an update key of its own, and which has this copy."""
    flash = folder / "flash"
    flash.mkdir(exist_ok=True)
    (flash / "keys.bin").write_bytes(copy)
    write_nvs(flash, "anbu_update", {"key_0": b"newer"})

    async def story() -> None:
        async with box_at(folder, PROGRAM) as (_board, box):
            for line in lines:
                assert await box.line() == line

    asyncio.run(story())


def test_lost_keys_come_back_from_the_second_copy(tmp_path: Path) -> None:
    """A wiped NVS: the first start puts back what is missing and says so, the next one runs.

    What the NVS still has is newer, and stays.
    """
    judge(
        tmp_path,
        spare(blobs(OWN.spaces())),
        "keys were lost, they are back from their second copy",
        f"CP-000007 {bytes(range(16))!r}",
        str(bytes(16)),
        str(b"newer"),
    )


@pytest.mark.parametrize("torn", [0, 4, 6, 30, 80])
def test_a_torn_copy_puts_nothing_back(tmp_path: Path, torn: int) -> None:
    """One bit of it wrong, and none of it is believed."""
    whole = bytearray(spare(blobs(OWN.spaces())))
    whole[torn] ^= 1
    missing = "no usable device_id in the NVS: provision this device"
    judge(tmp_path, bytes(whole), missing, missing)


def test_half_of_another_identity_is_not_made_whole(tmp_path: Path) -> None:
    """A copy of somebody else's keys: what the NVS has of its own is not mixed with it."""
    (tmp_path / "flash").mkdir()
    write_nvs(tmp_path / "flash", "anbu", {"device_id": b"CP-000008"})
    missing = "no usable device_key in the NVS: provision this device"
    judge(tmp_path, spare(blobs(OWN.spaces())), missing, missing)


def test_an_update_key_that_was_given_up_never_comes_back(tmp_path: Path) -> None:
    """A new key took its place in the copy too: after a wiped NVS the new one is trusted."""
    folder = tmp_path / "flash"
    folder.mkdir()
    (folder / "keys.bin").write_bytes(spare(blobs(OWN.spaces())))
    program = """
from anbu_device.esp.spare import keep, restore
from esp32 import NVS
keep("anbu_update", "key_0", b"new" * 21)
keep("anbu_update", "key_1", b"one" * 21)
print(restore())
buffer = bytearray(64)
for key in ("key_0", "key_1"):
    print(bytes(buffer[: NVS("anbu_update").get_blob(key, buffer)]))
"""

    async def story() -> None:
        async with box_at(tmp_path, program) as (_board, box):
            for line in ("5", str(b"new" * 21), str(b"one" * 21)):
                assert await box.line() == line

    asyncio.run(story())
    assert read_spare((folder / "keys.bin").read_bytes()) == blobs(OWN.spaces()) | {
        ("anbu_update", "key_0"): b"new" * 21,
        ("anbu_update", "key_1"): b"one" * 21,
    }


def test_a_blank_copy_puts_nothing_back(tmp_path: Path) -> None:
    """A board that was never provisioned says that."""
    missing = "no usable device_id in the NVS: provision this device"
    judge(tmp_path, b"\xff" * 4096, missing, missing)
