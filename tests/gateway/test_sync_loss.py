"""Whatever the radio loses and whenever: no record is skipped in silence."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from anbu_wire import messages as m
from tests.gateway.sync_home import Box, Home


@given(
    loss=st.lists(st.booleans(), max_size=200),
    newest=st.integers(0, 60),
    holes=st.sets(st.integers(1, 70), max_size=5),
    pushes=st.lists(st.integers(1, 5), max_size=6),
)
def test_whatever_gets_lost_nothing_is_skipped_silently(
    loss: list[bool], newest: int, holes: set[int], pushes: list[int]
) -> None:
    """Every record is committed once and in order, or told as a gap that is a true one.

    Caught up is told only when all up to that state's newest is committed or such a gap, and
    nothing is acknowledged that was not committed.
    """
    home = Home(Box(newest=newest))
    home.box.holes = holes
    fate = iter(loss)
    home.arrives = lambda: next(fate, True)
    home.run(home.sync.start())
    for count in pushes:
        home.push(count)
        home.run(home.sync.poll())
    if home.told("failed"):
        home.sync = home.session()
        home.arrives = lambda: True
        home.run(home.sync.start())
    check_story(home)
    settled = set(home.seqs) | gaps_of(home)
    assert settled == set(range(1, home.box.newest + 1))


def gaps_of(home: Home) -> set[int]:
    return {s for a in home.told("gap") for s in range(a[2], a[3] + 1)}


def check_story(home: Home) -> None:
    """Replay the actions in order and hold each against what was committed before it."""
    done = 0
    for action in home.log:
        if action[0] == "commit":
            for r in action[2]:
                assert r.seq == done + 1
                done = r.seq
        elif action[0] == "gap":
            assert set(range(action[2], action[3] + 1)) <= home.box.holes
            done = max(done, action[3])
        elif action[0] == "caught_up":
            assert action[1]["newest_seq"] <= done
        elif action[0] == "send" and m.decode(action[1]).kind == m.ACKNOWLEDGE:
            assert m.decode(action[1]).fields["up_to_seq"] <= done
