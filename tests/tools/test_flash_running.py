"""Which board a device runs as: read off its slots, block by block."""

from __future__ import annotations

import pytest

from anbu_wire import bundle as b
from tests.home.flash_bench import small_image
from tools.technician import partitions as p
from tools.technician.bundle import About, bundle, slot_files
from tools.technician.device_image import file_system
from tools.technician.flashing.flash import refuse_another
from tools.technician.flashing.places import Place
from tools.technician.flashing.running import boards
from tools.technician.said import Exit, Refused

TABLE = p.TABLES[4]


class Flash:
    """Bytes on a cable that is pulled out after so many reads."""

    def __init__(self, reads: int = 1000) -> None:
        self.mac = "24:0a:c4:00:00:01"
        self.data = bytearray(b"\xff" * (4 * p.MIB))
        self.reads = reads

    def read(self, at: int, size: int) -> bytes:
        self.reads -= 1
        if self.reads < 0:
            raise Refused("it went away", "plug it in", Exit.PORT)
        return bytes(self.data[at : at + size])

    def holds(self, label: str, board: str) -> None:
        about = About(version=3, minimum=1, board=board, mpy=6, signer=bytes(64))
        files = {f"{n}.mpy": bytes(5000) for n in range(20)}
        made = bundle(about, files, lambda _head: bytes(b.SIGNATURE_BYTES))
        slot = p.part(TABLE, label)
        stored = file_system(label, slot_files(made), slot.size)
        self.data[slot.offset : slot.offset + len(stored)] = stored


def test_the_slots_say_which_board_it_is() -> None:
    """One slot or both; a few blocks are read of half a megabyte."""
    flash = Flash()
    assert boards(flash, TABLE) == set()
    flash.holds(p.SLOT_B, "care-node")
    flash.reads = 20
    assert boards(flash, TABLE) == {"care-node"}
    flash.holds(p.SLOT_A, "metering-plug")
    assert boards(flash, TABLE) == {"care-node", "metering-plug"}


def test_another_boards_program_does_not_go_onto_it() -> None:
    """A care node and a metering plug have one chip and two wirings: exit 4, both are named."""
    flash = Flash()
    flash.holds(p.SLOT_A, "care-node")
    place = Place("/dev/ttyUSB0")
    refuse_another(flash, place, small_image("care-node"))
    with pytest.raises(Refused, match="runs as care-node, the image is for metering-plug") as told:
        refuse_another(flash, place, small_image("metering-plug"))
    assert told.value.code is Exit.BOARD


@pytest.mark.parametrize("reads", range(5))
def test_a_board_that_went_away_is_not_one_without_a_name(reads: int) -> None:
    """Pulled out while it is looked at: that is said, and nothing is taken for granted."""
    flash = Flash()
    flash.holds(p.SLOT_A, "care-node")
    flash.reads = reads
    with pytest.raises(Refused, match="it went away"):
        boards(flash, TABLE)
