"""How fast somebody may ask: per address and kind of question, in memory.

Knows: which kinds of questions have a pace. May not know: what they ask; nothing of it is kept
longer than the process lives, and no text hangs on it.
"""

from __future__ import annotations

import ipaddress
import threading

from gateway.access.pace import Bucket, Pace, taken

# Signing in costs a hash of 19 MiB; a code has 49 bits: 20 a minute for two days find none.
# A telephone tells at most what a hand does; more than that is something gone wrong.
PACES = {
    "door": Pace(at_once=20, a_minute=20),
    "program": Pace(at_once=120, a_minute=600),
    "link": Pace(at_once=30, a_minute=12),
    # A plate speaks when somebody stands at the door; a report is written by hand.
    "plate": Pace(at_once=6, a_minute=2),
    "report": Pace(at_once=3, a_minute=1),
}
_PLACES_MOST = 4096
_SUBNET_BITS = 64  # of IPv6: the least that one customer has


def whole(place: str) -> str:
    """Whoever asks from there: of IPv6 the network, whose addresses are all one household's."""
    try:
        address = ipaddress.ip_address(place.partition("%")[0])
    except ValueError:  # an account
        return place
    if isinstance(address, ipaddress.IPv4Address) or address.ipv4_mapped:
        return place
    return str(ipaddress.ip_network((address, _SUBNET_BITS), strict=False))


class Paces:
    """The buckets of a page. Safe from any thread."""

    def __init__(self) -> None:
        self._buckets: dict[tuple[str, str], Bucket] = {}
        self._lock = threading.Lock()

    def may(self, kind: str, place: str, now_ms: int) -> bool:
        """Whether one more question of this kind from that address may be answered."""
        place = whole(place)
        with self._lock:
            if len(self._buckets) >= _PLACES_MOST:  # so many places at once: an attack, or years
                self._buckets.clear()
            kept = self._buckets.get((kind, place))
            self._buckets[kind, place], may = taken(kept, PACES[kind], now_ms)
            return may
