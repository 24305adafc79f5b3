"""gateway.sources.radio.broadcasts: who is heard, and that nothing recorded is heard again.

Knows: Broadcasts, the plug's end of BTHome. May not know: bleak.
"""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from anbu_wire import bthome
from gateway.sources.radio import Broadcasts

KEY, OTHER = bytes(range(16)), bytes(range(1, 17))
ADDRESS = "02:00:00:00:00:0A"
MAC = bytes.fromhex(ADDRESS.replace(":", ""))


class Ear:
    """Remembers what it was told; `ahead` as the gateway's own, so that not each is kept."""

    def __init__(self, ahead: int = 0) -> None:
        self.known: dict[tuple[str, str], int] = {}
        self.heard: list[tuple[str, int]] = []
        self.kept = 0
        self._ahead = ahead

    def broadcasts_known(self, device_id: str, key_id: str) -> int:
        return self.known.get((device_id, key_id), -1)

    def broadcast(self, device_id: str, key_id: str, counter: int) -> None:
        self.heard.append((device_id, counter))
        if counter > self.broadcasts_known(device_id, key_id):
            self.known[device_id, key_id] = counter + self._ahead
            self.kept += 1


def said(counter: int, key: bytes = KEY, mac: bytes = MAC) -> bytes:
    """Service data as a plug says it."""
    return bthome.advertisement(key, mac, counter, bthome.objects(counter & 255, 1, 2, 3))[7:]


def test_each_plug_is_known_by_its_key() -> None:
    """Two plugs of a home, a neighbour's and noise: only the home's are heard, each by its id."""
    ear = Ear()
    ears = Broadcasts({"CP-1": KEY, "CP-2": OTHER}, ear)
    assert ears.take(ADDRESS, said(5)) == "CP-1"
    assert ears.take(ADDRESS, said(1, OTHER)) == "CP-2"
    assert ears.take(ADDRESS, said(9, bytes(16))) is None
    assert ears.take(ADDRESS, b"\x40\x00\x07") is None
    assert ear.heard == [("CP-1", 5), ("CP-2", 1)]


def test_what_is_said_again_is_nothing_new() -> None:
    """The same counter, and any before it, changes nothing, however often it comes."""
    ear = Ear()
    ears = Broadcasts({"CP-1": KEY}, ear)
    assert [ears.take(ADDRESS, said(n)) for n in (7, 7, 6, 0, 7)] == [
        "CP-1",
        None,
        None,
        None,
        None,
    ]
    assert ear.heard == [("CP-1", 7)]


def test_another_address_or_none_says_nothing() -> None:
    """A recording under another address does not open; a platform that hides it is no fault."""
    ears = Broadcasts({"CP-1": KEY}, Ear())
    assert ears.take("02:00:00:00:00:0B", said(1)) is None
    assert ears.take("9D1F0A54-6B1B-4F7C-9C12-000000000001", said(1)) is None


def test_objects_nobody_knows_are_not_believed() -> None:
    """A seal of ours around something that is no broadcast of a plug of this version."""
    sealed = bthome.advertisement(KEY, MAC, 1, b"\x4a\x01\x02")[7:]
    assert Broadcasts({"CP-1": KEY}, Ear()).take(ADDRESS, sealed) is None


def test_a_new_key_begins_anew() -> None:
    """A plug that was provisioned again counts from 0 again, under its new key."""
    ear = Ear()
    Broadcasts({"CP-1": KEY}, ear).take(ADDRESS, said(500))
    assert Broadcasts({"CP-1": OTHER}, ear).take(ADDRESS, said(0, OTHER)) == "CP-1"
    assert Broadcasts({"CP-1": KEY}, ear).take(ADDRESS, said(500)) is None


@given(
    st.lists(st.tuples(st.integers(0, 60), st.booleans()), max_size=40),
    st.sampled_from([0, 1, 16]),
)
def test_nothing_is_believed_twice_over_restarts(
    course: list[tuple[int, bool]], ahead: int
) -> None:
    """Whatever comes in whatever order, and whenever the gateway restarts: counters only rise.

    And not each is kept: one in `ahead` at the most while they come one by one.
    """
    ear = Ear(ahead)
    ears = Broadcasts({"CP-1": KEY}, ear)
    for counter, restart in course:
        if restart:
            ears = Broadcasts({"CP-1": KEY}, ear)
        ears.take(ADDRESS, said(counter))
    counters = [counter for _id, counter in ear.heard]
    assert counters == sorted(set(counters))
    assert ear.kept <= 1 + 60 // (ahead + 1)
