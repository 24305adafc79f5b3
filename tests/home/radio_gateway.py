"""A gateway that is only radio, as a process of its own: `radio_gateway.py HCI KNOWN`.

Prints what its sink is told, one line each. KNOWN = the highest record number it has already.
"""

from __future__ import annotations

import asyncio
import sys

from anbu_wire import messages as m
from gateway.sources.radio import RadioSource, load_backend
from tests.home.radio_home import DEVICE_ID, KEY, TIMES, RecordingSink


class PrintingSink(RecordingSink):
    """Says everything on stdout too."""

    def commit(self, device_id: str, epoch: int, records: list[m.Record]) -> None:
        super().commit(device_id, epoch, records)
        print("committed", *(record.seq for record in records), flush=True)

    def link_up(self, device_id: str) -> None:
        print("up", flush=True)

    def link_down(self, device_id: str, why: str) -> None:
        print("down", why, flush=True)

    def trouble(self, part: str, why: str) -> None:
        print("trouble", part, why, flush=True)


async def main() -> None:
    """Run until killed."""
    sink = PrintingSink()
    sink.seqs = [int(sys.argv[2])]
    backend = load_backend("tools.home.bleak_backend")
    await RadioSource({DEVICE_ID: KEY}, backend, sink, hci=sys.argv[1], times=TIMES).run()


if __name__ == "__main__":
    asyncio.run(main())
