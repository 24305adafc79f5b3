"""A schedule's way onto the box: confirmed by the box itself, whatever gets lost."""

from __future__ import annotations

from binascii import crc32

import pytest

from anbu_wire import messages as m
from anbu_wire.schedule import ENTRY_BYTES, HEAD_BYTES
from tests.gateway.sync_home import Box, Home


def _blob(entries: int) -> bytes:
    """As long as a schedule of so many entries; what is in it is no matter here."""
    return bytes(n % 251 for n in range(HEAD_BYTES + entries * ENTRY_BYTES))


def test_a_schedule_is_put_and_confirmed_by_the_box() -> None:
    """Confirmed only when the box's own state shows version and checksum."""
    blob = _blob(36)
    home = Home(Box())
    home.run(home.sync.start())
    home.run(home.sync.put_schedule(4, blob))
    assert home.told("schedule_confirmed") == [("schedule_confirmed", 4, crc32(blob))]
    assert (home.box.version, home.box.blob, home.box.stores) == (4, blob, 1)
    assert len(home.asked(m.SCHEDULE_CHUNK)) == 8
    assert home.kinds()[-1] == m.READ_STATE


def test_a_schedule_already_there_is_confirmed_without_sending() -> None:
    """The confirmation got lost with the last session."""
    home = Home(Box())
    home.box.version, home.box.blob = 4, _blob(1)
    home.run(home.sync.start())
    home.run(home.sync.put_schedule(4, _blob(1)))
    assert home.told("schedule_confirmed") == [("schedule_confirmed", 4, crc32(_blob(1)))]
    assert home.asked(m.SCHEDULE_BEGIN) == []


@pytest.mark.parametrize("lost", range(12))
def test_a_schedule_survives_a_lost_answer(lost: int) -> None:
    """Whichever answer is lost, it is stored once and confirmed."""
    blob = _blob(8)
    home = Home(Box())
    home.run(home.sync.start())
    count = iter(range(1000))
    home.arrives = lambda: next(count) != lost
    home.run(home.sync.put_schedule(4, blob))
    assert home.told("schedule_confirmed") == [("schedule_confirmed", 4, crc32(blob))]
    assert home.box.stores == 1


def test_a_refused_schedule_is_told_and_not_repeated() -> None:
    """Older than the box's, or its store said no."""
    home = Home(Box())
    home.box.version = 9
    home.run(home.sync.start())
    home.run(home.sync.put_schedule(4, _blob(1)))
    home.box.store_code = m.REFUSED_RANGE
    home.run(home.sync.put_schedule(10, _blob(1)))
    assert home.told("refused") == [
        ("refused", m.SCHEDULE_BEGIN, m.REFUSED_OLDER_VERSION),
        ("refused", m.SCHEDULE_COMMIT, m.REFUSED_RANGE),
    ]
    assert home.told("schedule_confirmed") == []
    assert home.told("failed") == []


def test_a_newer_schedule_replaces_one_on_its_way() -> None:
    """Wherever the older one is, the newer one arrives whole."""
    for steps in range(6):
        home = Home(Box())
        home.run(home.sync.start())
        actions = home.sync.put_schedule(4, _blob(8))
        for _ in range(steps):
            actions = home.carry_out(actions[0])
        home.sync.put_schedule(5, _blob(2))
        home.run(actions)
        assert (home.box.version, home.box.blob) == (5, _blob(2))


def test_records_come_before_schedules() -> None:
    """A schedule wished for at the start waits until all is read."""
    home = Home(Box(newest=20))
    actions = home.sync.start()
    assert home.sync.put_schedule(1, _blob(1)) == []
    home.run(actions)
    kinds = home.kinds()
    assert kinds.index(m.SCHEDULE_BEGIN) > max(i for i, k in enumerate(kinds) if k == m.REPORT)
