"""What an event costs the flash: erases and bytes programmed, in steady state.

Knows: the real store on the NOR model. Runs under MicroPython: `micropython cost.py EVENTS`
prints `@cost {…}`. May not know: how long a chip takes.
"""

import json
import sys

from tests.firmware.power.work import Work

RECORD_BYTES = 32


def cost(events: int) -> "dict[str, float]":
    """Appends one by one, acknowledged and freed as a gateway in the next room does it."""
    work = Work(256)
    work.append(300)
    nor = work.nor
    erases, programmed = nor.erases, nor.programmed_bytes
    most_erases = most_bytes = 0
    for i in range(events):
        before = nor.erases, nor.programmed_bytes
        work.append()
        most_erases = max(most_erases, nor.erases - before[0])
        most_bytes = max(most_bytes, nor.programmed_bytes - before[1])
        if i % 40 == 0:
            work.day += 1
            work.acknowledge(len(work.blobs))
    return {
        "events": events,
        "erases_per_event": (nor.erases - erases) / events,
        "programmed_bytes_per_event": (nor.programmed_bytes - programmed) / events,
        "most_erases_of_one": most_erases,
        "most_programmed_bytes_of_one": most_bytes,
        "record_bytes": RECORD_BYTES,
    }


if __name__ == "__main__":
    print("@cost " + json.dumps(cost(int(sys.argv[1]))))
