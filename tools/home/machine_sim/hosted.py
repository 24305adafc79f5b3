"""asyncio as the firmware finds it, over the host's own time. Import it first of all.

Knows: the order of imports. May not know: what runs then, from where.
"""

import sys

_path = sys.path[1:]  # [0] is the script's folder, which MICROPYPATH names too
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
