"""What is usual is learnt once a local day, as a fact; between two such facts a look costs none."""

from __future__ import annotations

from dataclasses import replace

from gateway.events import HabitLearnt, LinkUp, NotMonitored, from_json, to_json
from gateway.home import Home
from gateway.life import learning
from gateway.life.detector import Line
from gateway.life.kept import line_from_json, line_to_json
from gateway.life.silence import silence
from tests.gateway.home_facts import at, caught_up, settle
from tests.gateway.life.lives_facts import NEXT, PLUG, fold, habit, living, load

DAY_MS = 86_400_000


def lived(days: int) -> Home:
    """A home whose kettle is switched at eight, one and seven each day."""
    home, seq = living(PLUG, clock="05:00"), 0
    for n in range(days):
        for clock in ("08:00", "13:00", "19:00"):
            seq += 1
            fold(home, load(seq, at(clock) + n * DAY_MS))
        fold(home, caught_up(at("23:00") + n * DAY_MS, device_id=PLUG))
    return home


def learnt(home: Home, now_ms: int) -> list[HabitLearnt]:
    """What is learnt now."""
    return learning.decide(home.household, now_ms)


def test_it_is_learnt_once_a_day() -> None:
    """At half past three, not before and not again; the deadline says so."""
    home = living(PLUG)
    assert learning.next_deadline(home.household, at("12:00")) == at("03:30", NEXT)
    assert learnt(home, at("03:29", NEXT)) == []
    facts = settle(home, at("03:30", NEXT))
    assert [f.kind for f in facts] == ["habit_learnt"]
    assert learnt(home, at("23:00", NEXT)) == []
    assert learning.next_deadline(home.household, at("03:30", NEXT)) == at("03:30", "2026-03-04")
    assert len(learnt(home, at("03:30", "2026-03-04"))) == 1


def test_nobody_is_learnt_who_is_not_watched() -> None:
    """Without a level nothing is learnt and nothing is due."""
    home = living(PLUG)
    roster = home.household.roster
    assert roster is not None
    home.household.roster = replace(roster, persons=(replace(roster.persons[0], level=None),))
    assert learnt(home, at("03:30", NEXT)) == []
    assert learning.next_deadline(home.household, at("12:00")) is None


def test_while_a_device_tells_what_it_kept_nothing_is_learnt() -> None:
    """Half of the records would make a habit of holes."""
    home = fold(living(PLUG), LinkUp(at("03:29", NEXT), PLUG))
    assert learnt(home, at("03:30", NEXT)) == []
    fold(home, caught_up(at("03:31", NEXT), device_id=PLUG))
    assert len(learnt(home, at("03:31", NEXT))) == 1


def test_after_weeks_there_is_a_personal_line() -> None:
    """Three signs a day for forty days: the line lies within the level's hours."""
    home = lived(40)
    now_ms = at("03:30") + 40 * DAY_MS
    (fact,) = learnt(home, now_ms)
    line = line_from_json(fact.line)
    assert line is not None
    assert line.warm
    fold(home, fact)
    roster = home.household.roster
    assert roster is not None
    of = silence(home.household, roster.persons[0], now_ms)
    assert of is not None
    assert of.line_ms is not None
    assert of.since_ms + 6 * 3_600_000 <= of.line_ms < of.cap_ms


def test_days_away_are_not_learnt_from() -> None:
    """Five days in hospital leave the line as it was."""
    home, other = lived(40), lived(40)
    for n in (20, 21, 22, 23, 24):
        for identity, told in list(other.household.signs.records.items()):
            begin = at("00:00") + n * DAY_MS
            if begin <= told.learnt_ms < begin + DAY_MS:
                shelf = other.household.signs.shelves["soonja", True]
                shelf.remove((other.household.signs.when[identity], identity))
    now_ms = at("03:30") + 40 * DAY_MS
    away = NotMonitored(now_ms, "soonja", "2026-03-22", "2026-03-26", "hospital", "이지은")
    (before,), (after,) = learnt(home, now_ms), learnt(fold(other, away), now_ms)
    assert after.line["limits_min"] == before.line["limits_min"]


def test_a_line_survives_the_log() -> None:
    """Written as JSON and read back it is the same; another version's is not taken for one."""
    fact = habit(at("12:00"))
    assert from_json(fact.kind, to_json(fact)) == fact
    line = line_from_json(fact.line)
    assert line is not None
    assert line_to_json(line) == fact.line
    assert line_from_json({**fact.line, "new": 1}) is None
    assert line_from_json({}) is None
    assert line_from_json(line_to_json(Line.cold(0))) == Line.cold(0)
