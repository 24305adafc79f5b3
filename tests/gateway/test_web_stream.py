"""The live stream: what changed, signs of life, seats."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator

from gateway.web import sse
from gateway.web.words import Words
from tests.web import fakes
from tests.web.fakes import FakeDesk, Picture, client_of

KO = Words("ko", "Asia/Seoul")
EN = Words("en", "Asia/Seoul")


# --- the stream ----------------------------------------------------------------------------


def events(chunks: Iterator[str]) -> Iterator[tuple[str, Picture]]:
    for chunk in chunks:
        name, data = chunk.removesuffix("\n\n").split("\n")
        yield name.removeprefix("event: "), json.loads(data.removeprefix("data: "))


def test_stream_sends_what_changed() -> None:
    """First everything, then only the sections that differ, with the version."""
    desk = FakeDesk(fakes.calm())
    drawn = [{"a": "1", "b": "1"}, {"a": "1", "b": "2"}]
    live = events(sse.stream(desk, lambda: (0, drawn.pop(0)), "t", tick_s=60))
    assert next(live) == ("token", {"token": "t"})
    name, data = next(live)
    assert (name, data["version"], data["sections"]) == ("now", 1, {"a": "1", "b": "1"})
    desk.show(fakes.missed())
    name, data = next(live)
    assert (name, data["version"], data["sections"]) == ("now", 2, {"b": "2"})


def test_stream_gives_signs_of_life() -> None:
    """When nothing changes the time still goes on, so that silence means a dead line."""
    desk = FakeDesk(fakes.calm())
    live = events(sse.stream(desk, lambda: (7, {"a": "1"}), "t", tick_s=0.05))
    next(live)
    next(live)
    assert next(live) == ("now", {"version": 1, "now_ms": 7, "sections": {}})


def test_stream_ends_with_the_desk() -> None:
    """A gateway that closes ends its streams instead of spinning."""
    desk = FakeDesk(fakes.calm())
    live = events(sse.stream(desk, lambda: (0, {}), "t", tick_s=60))
    next(live)
    next(live)
    threading.Timer(0.05, desk.close).start()
    assert list(live) == []


def test_stream_is_cut_off_at_once() -> None:
    """Whoever loses her rights while she looks hears that, and not one thing more."""
    desk, may = FakeDesk(fakes.calm()), [True]
    live = events(sse.stream(desk, lambda: (0, {"a": "1"}), "t", lambda: may[0], tick_s=60))
    next(live)
    next(live)
    may[0] = False
    desk.show(fakes.missed())
    assert list(live) == [("gone", {})]


def test_seats_are_limited_and_given_back() -> None:
    """So many pages at once, of one account and in all; a closed page frees its seat."""
    client = client_of(FakeDesk(fakes.calm()))
    open_pages = [client.get("/live") for _ in range(sse.STREAMS_OF_ONE)]
    assert {page.status_code for page in open_pages} == {200}
    assert client.get("/live").status_code == 503
    open_pages[0].close()
    assert client.get("/live").status_code == 200
    seats = sse.Seats(3, 2)
    assert [seats.take(who) for who in "aaabcc"] == [True, True, False, True, False, False]
    seats.leave("b")
    assert [seats.take(who) for who in "acc"] == [False, True, False]
