"""Who is told of what and when, as a configuration says it; every mistake is told at once."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from gateway.config import ConfigError, load
from gateway.config.load import Config
from gateway.roster import from_json, to_json

START = (
    '[gateway]\nhome_id="h"\ndatabase="d"\n[modem]\nport="/dev/x"\n'
    '[[person]]\nid="p"\nname="김순자"\n{person}[[device]]\nid="d"\nperson="p"\nkey_file="k"\n'
    '[[guardian]]\nid="g"\nperson="p"\nname="이"\nnumber="+821012345678"\n{guardian}'
    '[[regimen]]\nperson="p"\nslots=["evening"]\n{rest}'
)


def read(folder: Path, guardian: str = "", person: str = "", rest: str = "") -> Config:
    """The configuration with these lines added."""
    key = folder / "k"
    key.write_text("000102030405060708090a0b0c0d0e0f", encoding="ascii")
    key.chmod(0o600)
    path = folder / "g.toml"
    path.write_text(START.format(guardian=guardian, person=person, rest=rest), encoding="utf-8")
    return load(path)


def test_an_old_file_works_as_before(tmp_path: Path) -> None:
    """Without any of the keys: told of everything, at any hour; a weekly text, and no watch."""
    config = read(tmp_path)
    guardian, policy = config.roster.guardians[0], config.roster.policy
    assert (guardian.role, guardian.kinds, guardian.hours) == ("guardian", (), None)
    assert (guardian.weekdays, guardian.quiet) == ((), None)
    assert (policy.weekly_day, policy.test_day, policy.news_at) == ("sun", 1, "10:00")
    assert config.roster.persons[0].level is None
    assert config.heartbeat.url is None


def test_everything_said_is_kept(tmp_path: Path) -> None:
    """What the file says is in the roster, and survives the log's JSON."""
    config = read(
        tmp_path,
        'role="officer"\nkinds=["dose","help"]\nweekdays=["fri","mon"]\n'
        'hours={from="09:00",until="18:00"}\nquiet={from="22:00",until="07:00"}\n',
        'ask_min=5\nlevel="risk"\n',
        '[policy]\nweekly_cap=3\nnews_at="09:30"\nweekly_day="never"\ntest_day="never"\n'
        '[heartbeat]\nurl="https://hc-ping.com/abc/"\nevery_min=1\n',
    )
    guardian, person = config.roster.guardians[0], config.roster.persons[0]
    assert (guardian.role, guardian.kinds) == ("officer", ("help", "dose"))
    assert guardian.weekdays == ("mon", "fri")
    assert guardian.hours == {"from": "09:00", "until": "18:00"}
    assert (person.ask_min, person.level, person.cap_h) == (5, "risk", 36)
    policy = config.roster.policy
    assert (policy.weekly_cap, policy.weekly_day, policy.test_day) == (3, "", 0)
    assert (config.heartbeat.url, config.heartbeat.every_min) == ("https://hc-ping.com/abc", 1)
    assert from_json(json.loads(json.dumps(to_json(config.roster)))) == config.roster


@pytest.mark.parametrize(
    ("where", "line", "told"),
    [
        ("guardian", 'role="boss"', "[[guardian]] 1 role: is 'boss'; allowed: one of \"guardian\""),
        ("guardian", 'kinds=["dose","dose"]', "a list of different kinds"),
        ("guardian", 'hours={from="09:00",until="09:00"}', "two different clocks"),
        ("guardian", 'quiet={from="9"}', 'a table of "HH:MM" by from and until'),
        ("person", "ask_min=0", "[[person]] 1 ask_min: is 0; allowed: a whole number from 1 to 60"),
        ("person", 'level="high"', '"attention", "risk", "severe"'),
        ("rest", '[policy]\nweekly_day="day"', '"never"'),
        ("rest", "[policy]\ntest_day=31", "a day of the month from 1 to 28"),
        ("rest", '[policy]\nnews_at="25:00"', '"HH:MM"'),
        ("rest", '[heartbeat]\nurl="http://hc-ping.com/abc"', "begins with https://"),
        ("rest", '[heartbeat]\nurl="https://"', "begins with https://"),
        ("rest", '[heartbeat]\nurl="https://hc-ping.com:abc/x"', "begins with https://"),
        ("rest", f'[heartbeat]\nurl="https://{"a" * 64}.com/x"', "begins with https://"),
        ("rest", "[heartbeat]\nurl=5", "begins with https://"),
        ("rest", "[heartbeat]\nevery=5", "unknown key; allowed: url, every_min"),
    ],
)
def test_a_mistake_says_what_is_allowed(tmp_path: Path, where: str, line: str, told: str) -> None:
    """One line: where, what it is, what it may be."""
    with pytest.raises(ConfigError) as caught:
        read(tmp_path, **{where: line + "\n"})
    assert len(caught.value.problems) == 1
    assert told in caught.value.problems[0]


def test_all_mistakes_are_told_at_once(tmp_path: Path) -> None:
    """Four wrong keys in four places: four lines."""
    with pytest.raises(ConfigError) as caught:
        read(tmp_path, 'role="x"\nkinds=[]\n', "ask_min=99\n", '[heartbeat]\nurl=""\n')
    assert len(caught.value.problems) == 4
