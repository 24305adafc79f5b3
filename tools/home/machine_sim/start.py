"""Boots the box: the real firmware files over simulated `machine`, `time`, `esp32`, `neopixel`.

Knows: the order of imports; says the heap in use. May not know: what the firmware does.
Run by the house: `micropython -X heapsize=320K start.py`, MICROPYPATH=<this folder>:<firmware…>.
"""

import sys

_path = sys.path[1:]  # [0] is this folder again
# asyncio keeps the host's own time functions: its C task queue compares the host's unwrapped ticks.
sys.path[:] = [".frozen"]
import asyncio  # noqa: E402 - the path comes first

# The rest of asyncio is loaded at first use; it must come from the host too.
for _name in ("Event", "gather", "ThreadSafeFlag"):
    getattr(asyncio, _name)
sys.path[:] = _path


class _Flag:
    """asyncio.ThreadSafeFlag by an Event: the host would poll the real one every millisecond.

    The simulated interrupts always come inside asyncio, so an Event is enough here; in a house
    sixty times faster that polling alone would take a whole core.
    """

    def __init__(self) -> None:
        self._event = asyncio.Event()

    def set(self) -> None:
        self._event.set()

    def clear(self) -> None:
        self._event.clear()

    async def wait(self) -> None:
        await self._event.wait()
        self._event.clear()


asyncio.ThreadSafeFlag = _Flag  # type: ignore[misc, assignment]

import gc  # noqa: E402 - after the path


async def _tell_heap() -> None:
    """Says every ten minutes how much of the heap the firmware really holds."""
    while True:
        await asyncio.sleep(600)
        gc.collect()
        print("heap", gc.mem_alloc(), gc.mem_free())


import os  # noqa: E402 - same

import _link  # noqa: E402, F401 - the board knows of every process from its first moment
import sleep  # noqa: E402 - over the simulated modules

if os.getenv("ANBU_SKIP_IDLE"):
    sleep.hasten(asyncio.core)  # type: ignore[attr-defined]  # the stubs do not show it
gc.threshold(8192)  # as the loader does: what lives long must lie close together
import main  # noqa: E402 - the firmware, over the simulated modules

_teller = asyncio.create_task(_tell_heap())  # noqa: RUF006 - main.run() never comes back
main.run()
