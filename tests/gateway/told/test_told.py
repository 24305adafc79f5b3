"""The bench's parts on small numbers: what was promised of texts holds, and it can see that."""

from __future__ import annotations

from pathlib import Path

from tools.bench import told, told_rush
from tools.bench.progress import Progress
from tools.bench.told_house import House
from tools.bench.told_life import Draw
from tools.bench.told_modem import FAULTS, read
from tools.bench.told_oracle import judge


def test_some_days_with_every_fault() -> None:
    """Two residents' days on the real pipeline: everybody was told, and nothing wrongly."""
    for seed in (1, 22):
        life = Draw(seed, trouble=True).live()
        verdict = judge(House(life, None, FAULTS, seed).live(frozen=True))
        assert verdict.findings == []
        assert verdict.owed >= 5


def test_the_same_life_is_lived_twice_alike() -> None:
    """Work that takes no time: the same seed hands the same texts over at the same instants."""
    lives = [Draw(3, trouble=True).live() for _ in range(2)]
    first, second = (House(life, None, FAULTS, 3).live(frozen=True) for life in lives)
    assert first.texts == second.texts != []


def test_in_real_seconds_on_a_free_modem() -> None:
    """The bench itself: as many doses as were asked for, each told, and each wait measured."""
    part = told.lived(5, 1, Progress(), faults=False)
    assert part.doses >= 5
    assert (part.untold, part.rules) == (0, {})
    assert len(part.waits_ms) + len(part.behind_ms) == part.doses


def test_many_at_one_instant(tmp_path: Path) -> None:
    """Each of thirty deadlines is committed, and a call for help goes before all that wait."""
    report = told_rush.rush(30, tmp_path)
    assert report["texts_committed"] == report["deadlines"] == 30
    assert report["texts_before_help"] == 0


def test_nothing_is_due() -> None:
    """The hour at which looks are timed is a quiet one."""
    assert [row["expectations"] for row in told_rush.idle([100])] == [100]


def test_a_text_is_read_by_its_words() -> None:
    """What a text says, its number, its mark, the slot it names."""
    body = "[안부 12 재] 김순자님 저녁약 19:30까지 확인 불가. 가시면 1 답장"
    assert read(body) == ("unconfirmed", 12, True, 2)
    assert read("[안부 3] 정정: 김순자님 약 2번 제때 열림") == ("corrected", 3, False, None)
    assert read("[안부] 다시 문자를 보내 드립니다.") == ("other", 0, False, None)
