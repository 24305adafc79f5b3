"""What a device says to everybody: five seconds a minute, in its advertisement's place.

Knows: the rhythm. May not know: what is said, who listens. The rhythm never changes: it would tell
a listener in the stairwell what happens in the flat.
"""

import asyncio

from micropython import const

TYPE_CHECKING = False  # MicroPython has no typing
if TYPE_CHECKING:
    from collections.abc import Callable

    from anbu_device.edge.radio import Radio

_REST_S = const(55)
_SHINE_S = const(5)


async def shine(radio: "Radio", payload: "Callable[[bytes], bytes]") -> None:
    """Runs until cancelled. `payload(address)` gives what to say now, b"" for nothing."""
    while True:
        await asyncio.sleep(_REST_S)
        said = payload(radio.address())
        if said:
            radio.shine(said)
            await asyncio.sleep(_SHINE_S)
            radio.shine(b"")
