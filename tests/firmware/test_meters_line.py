"""Whatever the line brings: nothing raises, no bad frame speaks, no good one is lost for it."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from tests.firmware.meter_frames import KINDS, Kind, Value
from tests.firmware.one_line import Line, heard

BUFFER = 256  # of the UART: what more comes between two looks is lost there


def started(kind: Kind) -> tuple[Any, Line]:
    """A driver that waits for frames."""
    line = Line()
    meter = kind.driver(line)
    assert not heard(meter, line, b"", 0)
    assert not heard(meter, line, kind.ready, 50)
    return meter, line


def says(reading: list[int], value: Value) -> bool:
    """Whether a reading is what the frame says: within a unit and a hundred-thousandth."""
    return all(
        abs(read - said) <= 1 + abs(said) / 100_000
        for read, said in zip(reading[:3], value, strict=True)
    )


@pytest.mark.parametrize("name", KINDS)
@given(data=st.data())
def test_any_bytes(name: str, data: st.DataObject) -> None:
    """Nothing is raised, and what is said stands in the stream as a good frame."""
    kind = KINDS[name]
    meter, line = started(kind)
    pieces = data.draw(
        st.lists(
            st.one_of(
                st.binary(max_size=BUFFER),
                kind.frames,
                st.builds(lambda f, n: f[:n], kind.frames, st.integers(0, 24)),
            ),
            max_size=12,
        )
    )
    stream = kind.ready + b"".join(pieces)
    good = [kind.read(stream[n : n + kind.size]) for n in range(len(stream) - kind.size + 1)]
    for n, piece in enumerate(pieces):
        reading = heard(meter, line, piece, 100 + 60 * n)
        if reading:
            assert any(value is not None and says(reading, value) for value in good)


@pytest.mark.parametrize("name", KINDS)
@given(data=st.data())
def test_only_what_was_hurt_is_lost(name: str, data: st.DataObject) -> None:
    """Each whole frame is told, whatever was cut or came between; what was cut is not."""
    kind = KINDS[name]
    meter, line = started(kind)
    for n in range(data.draw(st.integers(1, 6))):
        frame = data.draw(kind.frames)
        value = kind.read(frame)
        before = data.draw(
            st.one_of(
                st.binary(max_size=60),
                st.builds(lambda f, n: f[:n], kind.frames, st.integers(0, kind.size - 1)),
                st.builds(lambda f, n: f[n:], kind.frames, st.integers(1, kind.size)),
            )
        )
        both = before + frame
        windows = (both[at : at + kind.size] for at in range(len(before)))
        assume(all(kind.read(window) is None for window in windows))
        if kind.driver.__name__ == "Cse7766":
            assume(not any(speaks_for_nothing(both[at:]) for at in range(len(before))))
        reading = heard(meter, line, both, 100 + 90 * n)
        assert value is not None
        assert reading, (before.hex(), frame.hex())
        assert says(reading, value)


def speaks_for_nothing(data: bytes) -> bool:
    """A window that is a frame by its sum, of a chip that says it knows nothing."""
    sealed = data[1:2] == b"\x5a" and sum(data[2:23]) % 256 == data[23]
    return sealed and (data[0] == 0xAA or data[0] >= 0xF0)


@pytest.mark.parametrize("name", KINDS)
@given(data=st.data())
def test_a_frame_in_pieces(name: str, data: st.DataObject) -> None:
    """However the looks cut a frame, it is told once, when it is whole."""
    kind = KINDS[name]
    meter, line = started(kind)
    frame = data.draw(kind.frames)
    cuts = sorted(data.draw(st.sets(st.integers(1, kind.size - 1), max_size=5)))
    edges = [0, *cuts, kind.size]
    told = [
        bool(heard(meter, line, frame[edges[n] : edges[n + 1]], 60 + 10 * n))
        for n in range(len(edges) - 1)
    ]
    assert told == [False] * len(cuts) + [True]


@pytest.mark.parametrize("name", KINDS)
@given(data=st.data())
def test_one_wrong_bit_is_no_frame(name: str, data: st.DataObject) -> None:
    """A single bit turned anywhere in a frame leaves nothing to be told."""
    kind = KINDS[name]
    meter, line = started(kind)
    frame = bytearray(data.draw(kind.frames))
    bit = data.draw(st.integers(0, 8 * kind.size - 1))
    frame[bit // 8] ^= 1 << bit % 8
    assert not heard(meter, line, bytes(frame), 100)
