"""Boots the box: the real firmware files over simulated `machine`, `time`, `esp32`, `neopixel`.

Knows: the order of imports; says the heap in use. May not know: what the firmware does.
Run by the house: `micropython -X heapsize=320K start.py`, MICROPYPATH=<this folder>:<firmware…>.
"""

# isort: off
import hosted  # noqa: F401 - before anything that asks the time
import asyncio
import gc
import os

import _link  # noqa: F401 - the board knows of every process from its first moment
import sleep  # over the simulated modules
# isort: on


async def _tell_heap() -> None:
    """Says every ten minutes how much of the heap the firmware really holds."""
    while True:
        await asyncio.sleep(600)
        gc.collect()
        print("heap", gc.mem_alloc(), gc.mem_free())


if os.getenv("ANBU_SKIP_IDLE"):
    sleep.hasten(asyncio.core)  # type: ignore[attr-defined]  # the stubs do not show it
gc.threshold(8192)  # as the loader does: what lives long must lie close together
import main  # noqa: E402 - the firmware, over the simulated modules

_teller = asyncio.create_task(_tell_heap())  # noqa: RUF006 - main.run() never comes back
main.run()
