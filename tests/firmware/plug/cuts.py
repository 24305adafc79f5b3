"""Cuts the care plug's power at flash operations of two hours of its life, and judges what is left.

Knows: the real main, crash images. Runs under MicroPython:
    micropython cuts.py SEED
A line `@cuts {…}` says what was done, `@lost {…}` (and exit 1) what broke, and with which SEED.

A crash image is the flash before that life, its operations up to the cut, and the one that was cut,
torn. The NVS stands as it stood at that moment.
"""

import gc
import json
import sys

from anbu_wire import bthome
from anbu_wire import messages as m
from tests.firmware.plug.parts import Board, Ticks, careplug, passes, provisioned, records_of
from tests.firmware.power.chips import formatted
from tests.firmware.power.nor import Lots, Nor, do, tear

TYPE_CHECKING = False  # MicroPython has no typing
if TYPE_CHECKING:
    from typing import Any

WALL_S = 845_000_000
_LIFE_S = 7300
_KETTLE_EVERY_S = 2400  # so that its bouts end
_ADDRESS = bytes(6)


class Lost(Exception):
    """A promise was broken."""


class Life:
    """Two hours of a plug: what was on flash, in the NVS and on the air at every operation."""

    def __init__(self) -> None:
        nor = formatted(64)
        self.before = bytearray(nor.image)
        nor.record()
        self.nor = nor
        self.values = provisioned()
        self.facts: "list[tuple[int, int, int, dict[str, int | bytes]]]" = []
        self.counter = -1
        self.plug = careplug(nor, Board(self.values))
        self.note()
        self.live()

    def note(self) -> None:
        """(operations, records, last counter, NVS) as they are now."""
        known = (len(self.nor.operations or []), self.plug.log.journal.newest_seq, self.counter)
        if not self.facts or self.facts[-1][:2] != known[:2]:
            self.facts.append(known + (dict(self.values),))

    def live(self) -> None:
        plug = self.plug
        for second in range(_LIFE_S):
            if second == 600:
                plug.link.receive(m.encode(m.SET_TIME, 1, WALL_S, 0, 540, 0, 540))
            if second == 3000:
                plug.link.receive(m.encode(m.ACKNOWLEDGE, 2, plug.log.journal.epoch, 3))
            if second % 60 == 59:
                payload = plug.beacon(_ADDRESS)
                key = self.values["bthome_key"]
                self.counter = bthome.open_service_data(key, _ADDRESS, payload[7:])[0]
            hot = second % _KETTLE_EVERY_S >= _KETTLE_EVERY_S - 180
            plug.board.meter.watts = 1800 if hot else 2
            plug.board.light.lux = 200 if second // 1800 % 2 else 5
            passes(plug, 1)
            self.note()
        self.records = records_of(plug)


class Cutter:
    """Cuts of one life."""

    def __init__(self, seed: int) -> None:
        self.lots = Lots(seed)
        self.seed = seed
        self.where: "dict[str, object]" = {}
        self.counts = {"operations": 0, "cuts": 0, "records": 0, "hours": 0}

    def run(self) -> None:
        """Raises Lost where a promise was broken."""
        life = Life()
        operations = life.nor.operations or []
        self.counts["operations"] = len(operations)
        self.counts["records"] = len(life.records)
        flash = bytearray(life.before)
        at = 0
        for done in range(len(operations) + 1):
            while at + 1 < len(life.facts) and life.facts[at + 1][0] <= done:
                at += 1
            if done >= life.facts[0][0]:
                self._cut(flash, operations[done : done + 1], life, life.facts[at])
            if done < len(operations):
                do(flash, operations[done])

    def _cut(self, flash: bytearray, operation: "Any", life: Life, facts: "Any") -> None:  # noqa: ANN401 - of nor
        image = bytearray(flash)
        torn = (
            tear(image, operation[0], self.counts["cuts"] + self.seed, self.lots)
            if operation
            else ""
        )
        self.where = {"operations": facts[0], "torn": torn}
        self.counts["cuts"] += 1
        self._judge(Nor(image), life, facts[1], facts[2], dict(facts[3]))
        gc.collect()

    def _judge(
        self, nor: Nor, life: Life, known: int, counter: int, values: "dict[str, int | bytes]"
    ) -> None:
        """It starts, has what it had, goes on where it was, and never says a number again."""
        plug = careplug(nor, Board(values))
        records = records_of(plug)
        told = [record for record in life.records if record.seq <= known]
        had = [record for record in records if record.boot == 1]
        if had[: len(told)] != told:
            raise Lost("records that were flushed are gone or changed")
        starts = [(record.kind, record.value) for record in records if record.boot != 1]
        if starts != [(m.BOOT, 1), (m.MAINS_BACK, 0)]:
            raise Lost("a start says %r" % starts)
        key = values["bthome_key"]
        again = bthome.open_service_data(key, _ADDRESS, plug.beacon(_ADDRESS)[7:])[0]
        if again <= counter:
            raise Lost("counter %d after %d" % (again, counter))
        wh = [record.value for record in had if record.kind == m.ENERGY]
        if wh and plug.plug.energy_wh < wh[-1]:
            raise Lost("energy went back to %d from %d" % (plug.plug.energy_wh, wh[-1]))
        if self.counts["cuts"] % 8 == 1:
            self._next_hour(plug, records[-1].seq)

    def _next_hour(self, plug: "Any", newest: int) -> None:  # noqa: ANN401 - main's
        """It also goes on living: within the hour it says its summary."""
        self.counts["hours"] += 1
        passes(plug, 3700)
        kinds = [record.kind for record in records_of(plug) if record.seq > newest]
        if m.ENERGY not in kinds or m.RECORDS_LOST in kinds:
            raise Lost("the next hour says %r" % kinds)


def main(seed: str) -> int:
    """Runs one life. 1 where a promise was broken."""
    cutter = Cutter(int(seed))
    call: "dict[str, object]" = {"seed": int(seed)}
    try:
        cutter.run()
    except (Lost, OSError, ValueError) as error:
        call.update({"why": repr(error), "ticks_ms": Ticks.now_ms})
        call.update(cutter.where)
        print("@lost " + json.dumps(call))
        return 1
    call.update(cutter.counts)
    print("@cuts " + json.dumps(call))
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
