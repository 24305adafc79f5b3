"""The official MicroPython as it is handed over: whole, the right one, or refused with a reason."""

from __future__ import annotations

import io

import pytest
from esptool.bin_image import ESP32C3FirmwareImage, ESP32FirmwareImage, ESP32S3FirmwareImage
from hypothesis import given
from hypothesis import strategies as st

from tools.home.official import stand_in
from tools.technician import micropython as mp
from tools.technician.partitions import CHIPS

SMALL = 4096
JUDGES = {
    "esp32": ESP32FirmwareImage,
    "esp32s3": ESP32S3FirmwareImage,
    "esp32c3": ESP32C3FirmwareImage,
}


@pytest.mark.parametrize("chip", CHIPS)
def test_an_official_image_says_what_it_is(chip: str) -> None:
    """Chip, version and IDF stand in it; esptool itself finds both its images whole."""
    official = mp.read(stand_in(chip, app_bytes=SMALL))
    assert (official.chip, official.version, official.idf) == (CHIPS[chip], "v1.26.0", "v5.4.2")
    for part in (official.boot, official.app):
        judged = JUDGES[chip](io.BytesIO(part))
        assert judged.checksum == judged.calculate_checksum()
        assert judged.calc_digest == judged.stored_digest


@pytest.mark.parametrize("chip", CHIPS)
@pytest.mark.parametrize(("mib", "code"), [(4, 0x2), (8, 0x3)])
def test_the_boot_loader_is_told_the_flashs_size(chip: str, mib: int, code: int) -> None:
    """The size in its head is the board's, nothing else changed, and its SHA-256 is right again."""
    boot = mp.read(stand_in(chip, app_bytes=SMALL)).boot
    changed = mp.sized(boot, mib)
    judged = JUDGES[chip](io.BytesIO(changed))
    assert judged.flash_size_freq >> 4 == code
    assert judged.calc_digest == judged.stored_digest
    assert changed[4:-32] == boot[4:-32]
    assert mp.image_bytes(changed, "boot loader") == len(boot)


@given(st.data())
def test_a_cut_or_changed_file_is_refused(data: st.DataObject) -> None:
    """Wherever it is cut off, and whatever bit of its programs is wrong: never taken for whole."""
    whole = stand_in("esp32s3", app_bytes=SMALL)
    official = mp.read(whole)
    with pytest.raises(mp.NotOfficial):
        mp.read(whole[: data.draw(st.integers(0, len(whole) - 1))])
    where = data.draw(st.sampled_from([(0, len(official.boot)), (0x10000, len(whole))]))
    changed = bytearray(whole)
    changed[data.draw(st.integers(where[0], where[1] - 1))] ^= 1 << data.draw(st.integers(0, 7))
    with pytest.raises(mp.NotOfficial):
        mp.read(bytes(changed))


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "first byte 0xE9"),
        (b"MZ" * 5000, "first byte 0xE9"),
        (stand_in("esp32s3", project="tasmota", app_bytes=SMALL), "it is tasmota"),
        (
            stand_in("esp32s3", app_bytes=SMALL)[:0x10000]
            + stand_in("esp32c3", app_bytes=SMALL)[0x10000:],
            "different chips",
        ),
        (stand_in("esp32s3", app_bytes=SMALL)[:0x10000], "application is missing"),
    ],
)
def test_another_file_is_refused_by_name(data: bytes, said: str) -> None:
    """What is not MicroPython for a chip of ours says what it is instead."""
    with pytest.raises(mp.NotOfficial, match=said):
        mp.read(data)


@pytest.mark.parametrize(
    ("idf", "known"),
    [("v5.5.2", True), ("v5.4.2", True), ("v5.5.3", False), ("v6.0", False), ("main", False)],
)
def test_only_an_idf_that_was_seen_is_known(idf: str, known: bool) -> None:
    """Newer ones are refused until somebody looked at them."""
    assert mp.idf_known(idf) == known
