"""The gateway's Sync against the firmware's own DeviceLink: records, clock, pushes, nonsense."""

from __future__ import annotations

import pytest

from anbu_wire import messages as m
from anbu_wire.errors import RemoteProtocolError
from gateway.sync import Sync
from tests.gateway.sync_home import EPOCH, NOW_S, Box, Home, sent


def test_a_first_session_reads_all_and_then_says_so() -> None:
    """State, windows of 16 each committed, an acknowledgement, a fresh state, caught up."""
    home = Home(Box(newest=40))
    home.run(home.sync.start())
    assert home.seqs == list(range(1, 41))
    assert [len(a[2]) for a in home.told("commit")] == [16, 16, 8]
    assert home.kinds() == [m.READ_STATE, *[m.REPORT] * 3, m.ACKNOWLEDGE, m.READ_STATE]
    assert home.box.acknowledged == [(EPOCH, 40)]
    (_, state) = home.told("caught_up")[-1]
    assert state["newest_seq"] == 40
    assert home.told("gap") == home.told("failed") == []


def test_a_long_log_is_acknowledged_on_the_way() -> None:
    """The box can free its oldest segments while the rest is still to come."""
    home = Home(Box(newest=1200))
    home.run(home.sync.start())
    assert home.seqs == list(range(1, 1201))
    assert home.box.acknowledged == [(EPOCH, 512), (EPOCH, 1024), (EPOCH, 1200)]


def test_the_end_of_a_window_may_get_lost_while_the_next_one_comes() -> None:
    """The next window's first record tells; whatever is missing is asked for again, once."""
    home = Home(Box(newest=64))
    original = home.link.receive
    ends = iter([True, False])  # the first window's end does not arrive, nor its third message

    def receive(data: bytes) -> list[bytes]:
        answers: list[bytes] = original(data)
        return answers[:2] if len(answers) > 2 and next(ends, False) else answers

    home.link.receive = receive  # type: ignore[method-assign]
    home.run(home.sync.start())
    assert home.seqs == list(range(1, 65))
    assert home.told("gap") == home.told("failed") == []
    assert home.time_outs == 0


def test_the_next_window_is_read_while_one_is_committed() -> None:
    """Asked for before the commit; one more window and no further; acknowledged is neither."""
    home = Home(Box(newest=64))
    actions = home.sync.start()
    for _ in range(2):
        question = next(a[1] for a in actions if a[0] == "send")
        actions = [a for answer in home.link.receive(question) for a in home.sync.receive(answer)]
    assert [a[0] for a in actions] == ["send", "commit"]
    question = sent(actions[:1])
    ahead = m.decode(question)
    assert (ahead.kind, ahead.fields) == (m.REPORT, {"first_seq": 17, "last_seq": 32})
    more = [a for answer in home.link.receive(question) for a in home.sync.receive(answer)]
    assert [a[0] for a in more] == ["commit"]
    assert home.sync.committed(EPOCH, 16) == []
    (again,) = home.sync.committed(EPOCH, 32)
    assert m.decode(sent([again])).fields == {"first_seq": 33, "last_seq": 48}


def test_an_acknowledgement_follows_the_commit_and_nothing_comes_between() -> None:
    """Between commit and committed nothing is sent, not even a wish of the edge's."""
    home = Home(Box(newest=3))
    actions = home.sync.start()
    for _ in range(2):
        actions = [
            a for answer in home.link.receive(sent(actions)) for a in home.sync.receive(answer)
        ]
        actions = [a for a in actions if a[0] != "new_log"]
    assert [a[0] for a in actions] == ["commit"]
    assert home.sync.poll() == []
    assert home.sync.put_schedule(1, bytes(16)) == []
    assert home.sync.committed(EPOCH + 1, 3) == []
    assert m.decode(sent(home.sync.committed(EPOCH, 3))).kind == m.ACKNOWLEDGE


def test_a_log_nobody_knew_is_said_once() -> None:
    """A new epoch is an audit event; a known one, or the same one asked again, is none."""
    home = Home(Box(newest=3))
    home.run(home.sync.start())
    home.run(home.sync.poll())
    assert home.told("new_log") == [("new_log", EPOCH)]
    home = Home(Box(newest=3), known={EPOCH: 2})
    home.run(home.sync.start())
    assert home.told("new_log") == []


def test_a_known_log_is_read_from_where_it_was() -> None:
    """Only what is new; what the box still keeps is acknowledged again."""
    home = Home(Box(newest=12), known={EPOCH: 10})
    home.run(home.sync.start())
    assert home.seqs == [11, 12]
    assert home.box.acknowledged == [(EPOCH, 12)]
    home = Home(Box(newest=10), known={EPOCH: 10})
    home.run(home.sync.start())
    assert home.box.acknowledged == [(EPOCH, 10)]


def test_an_idle_poll_tells_caught_up_and_asks_nothing_else() -> None:
    """Every 30 s one question; no second acknowledgement, no time set."""
    home = Home(Box(newest=5))
    home.run(home.sync.start())
    home.log.clear()
    home.run(home.sync.poll())
    assert home.kinds() == [m.READ_STATE]
    assert len(home.told("caught_up")) == 1


def test_a_new_epoch_begins_with_its_oldest_record() -> None:
    """A log made anew is another log, even in the middle of a session."""
    home = Home(Box(newest=5), known={EPOCH: 5})
    home.run(home.sync.start())
    home.box.epoch, home.box.newest = EPOCH + 1, 2
    home.run(home.sync.poll())
    assert home.seqs == [1, 2]
    assert home.known == {EPOCH: 5, EPOCH + 1: 2}


def test_a_log_that_went_back_is_an_alarm() -> None:
    """Newest below what is known: said loudly, nothing told as caught up, the session over."""
    home = Home(Box(newest=5), known={EPOCH: 9})
    home.run(home.sync.start())
    ((_, why),) = home.told("failed")
    assert "went back" in str(why)
    assert home.told("caught_up") == []
    assert home.sync.poll() == []


def test_records_the_box_has_no_more_are_a_gap() -> None:
    """Freed or lost below its oldest: told once, then on with what there is."""
    home = Home(Box(newest=12, oldest=8), known={EPOCH: 4})
    home.run(home.sync.start())
    assert home.told("gap") == [("gap", EPOCH, 5, 7)]
    assert home.seqs == [8, 9, 10, 11, 12]


@pytest.mark.parametrize(("ahead_s", "is_set"), [(0, False), (2, False), (3, True), (-3, True)])
def test_a_clock_off_by_more_than_two_seconds_is_set(ahead_s: int, is_set: bool) -> None:
    """Set once, and only a state from after that is told."""
    box = Box(newest=1)
    box.ahead_s = ahead_s
    home = Home(box)
    home.run(home.sync.start())
    assert (len(home.told("time_set")) == 1) == is_set
    assert all(a[1]["wall_s"] <= NOW_S for a in home.told("caught_up"))


def test_a_clock_that_is_not_synced_is_set() -> None:
    """Right by chance is not known to be right."""
    box = Box()
    box.quality = m.DRIFTING
    home = Home(box)
    home.run(home.sync.start())
    assert home.kinds() == [m.READ_STATE, m.SET_TIME, m.READ_STATE]
    assert len(home.told("caught_up")) == 1


def test_a_slow_answer_is_no_wrong_clock() -> None:
    """A state made while we waited 20 s is right anywhere between asking and now."""
    home = Home(Box())
    question = sent(home.sync.start())
    home.now_s += 20
    answer = home.link.receive(question)[0]
    assert [a[0] for a in home.sync.receive(answer)] == ["new_log", "caught_up"]


def test_a_clock_far_ahead_never_claims_the_future() -> None:
    """A box that refuses the time: caught up to our own now at the most, and tried once a poll."""
    box = Box(newest=1)
    box.ahead_s, box.time_code = 86_400, m.REFUSED_STATE
    home = Home(box)
    home.run(home.sync.start())
    assert home.told("refused") == [("refused", m.SET_TIME, m.REFUSED_STATE)]
    assert [a[1]["wall_s"] for a in home.told("caught_up")] == [NOW_S]
    assert len(home.asked(m.SET_TIME)) == 1
    home.run(home.sync.poll())
    assert len(home.asked(m.SET_TIME)) == 2


def test_a_gateway_without_the_time_sets_none() -> None:
    """Wall time 0 means not known here: the box keeps its own, and nothing is claimed."""
    home = Home(Box(newest=1))
    home.now_s = 0
    home.run(home.sync.start())
    assert home.asked(m.SET_TIME) == []
    assert home.told("caught_up")[-1][1]["wall_s"] == 0


def test_pushed_records_are_committed_at_once() -> None:
    """Nothing is asked between; only the acknowledgement goes out."""
    home = Home(Box(newest=2))
    home.run(home.sync.start())
    home.log.clear()
    home.push(3)
    assert home.seqs == [1, 2, 3, 4, 5]
    assert home.kinds() == [m.ACKNOWLEDGE] * 3


def test_a_lost_push_is_asked_for() -> None:
    """The next push shows the hole; both records come by a report."""
    home = Home(Box(newest=2))
    home.run(home.sync.start())
    home.box.newest += 1
    home.push()
    assert home.seqs == [1, 2, 3, 4]
    assert home.asked(m.REPORT)[-1].fields == {"first_seq": 3, "last_seq": 4}


def test_a_lost_last_push_is_found_by_gap_or_poll() -> None:
    """Nothing follows it: the session's gap or the next poll finds it."""
    for find in (Sync.lost, Sync.poll):
        home = Home(Box(newest=2))
        home.run(home.sync.start())
        home.box.newest += 1
        home.run(find(home.sync))
        assert home.seqs == [1, 2, 3]


def test_pushes_before_the_first_state_wait_for_the_report() -> None:
    """Without the epoch nothing can be committed."""
    home = Home(Box(newest=1))
    actions = home.sync.start()
    home.box.newest = 2
    assert home.sync.receive(home.link.push(home.box.flash(2))) == []
    home.run(actions)
    assert home.seqs == [1, 2]


def test_a_push_already_here_changes_nothing() -> None:
    """The same record twice is committed once."""
    home = Home(Box(newest=2))
    home.run(home.sync.start())
    home.run(home.sync.receive(home.link.push(home.box.flash(2))))
    assert home.seqs == [1, 2]


def test_windows_shrink_where_bursts_get_lost() -> None:
    """A radio that loses every longer burst: 16 is asked for 1 + 3 times, then 4 at once."""
    home = Home(Box(newest=20))
    burst = {"left": 0}

    def arrives() -> bool:
        burst["left"] -= 1
        return burst["left"] >= 0

    home.arrives = arrives
    original = home.link.receive

    def receive(data: bytes) -> list[bytes]:
        answers: list[bytes] = original(data)
        burst["left"] = 2 if len(answers) <= 2 else 0
        return answers

    home.link.receive = receive  # type: ignore[method-assign]
    home.run(home.sync.start())
    asked = [r.fields["last_seq"] - r.fields["first_seq"] + 1 for r in home.asked(m.REPORT)]
    assert asked == [16] * 4 + [4] * 5
    assert home.seqs == list(range(1, 21))


def test_a_record_the_box_cannot_read_is_given_up_and_told() -> None:
    """Missing or rotten on its flash: asked for four times, then a gap, then on."""
    for spoil in ("holes", "rotten"):
        box = Box(newest=30)
        getattr(box, spoil).update({6, 7})
        home = Home(box)
        home.run(home.sync.start())
        assert home.told("gap") == [("gap", EPOCH, 6, 7)]
        assert home.seqs == [s for s in range(1, 31) if s not in (6, 7)]
        assert len(home.told("caught_up")) >= 1
        assert home.box.acknowledged[-1] == (EPOCH, 30)


def test_a_silent_device_fails_with_its_reason() -> None:
    """Four tries of the same message, then the edge is told to disconnect."""
    home = Home(Box())
    home.arrives = lambda: False
    home.run(home.sync.start())
    assert len(home.asked(m.READ_STATE)) == 4
    assert len({r.request_id for r in home.asked(m.READ_STATE)}) == 1
    ((_, why),) = home.told("failed")
    assert "read_state" in str(why)
    assert home.sync.waiting_for is None


def test_a_late_time_out_is_ignored() -> None:
    """The answer came in the same moment: nothing is sent again."""
    home = Home(Box())
    home.run(home.sync.start())
    assert home.sync.timeout(1) == []


def test_what_no_device_says_ends_the_session() -> None:
    """A command, garbage, half a record, or an answer of another kind."""
    for data in (
        m.encode(m.READ_STATE, 1),
        b"",
        b"\xff\x00\x00",
        m.encode(m.RECORDS, 0, tail=bytes(31)),
        m.encode(m.REPORT_END, 1, EPOCH, 0),
        m.encode(m.STATUS, 1, m.READ_STATE, 0),
    ):
        home = Home(Box())
        home.sync.start()
        with pytest.raises(RemoteProtocolError):
            home.sync.receive(data)


def test_request_ids_skip_zero_when_they_wrap() -> None:
    """0 means pushed."""
    home = Home(Box(newest=40))
    home.sync = Sync(lambda _: 0, lambda: (NOW_S, 0, 0, 0, 0), first_request_id=0xFFFE)
    home.run(home.sync.start())
    ids = [m.decode(a[1]).request_id for a in home.log if a[0] == "send"]
    assert ids[:4] == [0xFFFE, 0xFFFF, 1, 2]
    assert home.seqs == list(range(1, 41))
