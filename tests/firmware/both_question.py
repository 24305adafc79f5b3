"""pillbox.question: a question, OK, silence, under CPython and MicroPython."""

from anbu_wire.messages import ANSWERED, ASKED, NO_COMPARTMENT, NO_SLOT, UNANSWERED
from pillbox import question, signals
from pillbox.question import QUESTION_MOST, Question

TYPE_CHECKING = False  # MicroPython has no typing
if TYPE_CHECKING:
    Effects = list[tuple[int, tuple[int, int], int, int]]


def _effect(kind: int, number: int) -> "tuple[int, tuple[int, int], int, int]":
    return (kind, NO_SLOT, NO_COMPARTMENT, number)


def _asking() -> Question:
    asked = Question()
    assert asked.ask(3, 60, 1000) == [_effect(ASKED, 3)]
    return asked


def _ok(asked: Question) -> "Effects":
    return asked.ok()


def _time_is_over(asked: Question) -> "Effects":
    return asked.look(61_000)


def _taken_back(asked: Question) -> "Effects":
    return asked.ask(3, 0, 5000)


def test_a_question_ends_in_one_way() -> None:
    """OK is an answer, time is none, taken back is silent; after each, nothing is left."""
    for end, effects in (
        (_ok, [_effect(ANSWERED, 3)]),
        (_time_is_over, [_effect(UNANSWERED, 3)]),
        (_taken_back, []),
    ):
        asked = _asking()
        assert asked.look(60_999) == []
        assert asked.light() == signals.QUESTION
        assert asked.sound(1000) == signals.ASKS
        assert end(asked) == effects
        assert asked.light() == signals.DARK
        assert asked.sound(61_000) == signals.SILENT
        assert asked.ok() == []
        assert asked.look(10**9) == []
        assert asked.ask(3, 0, 10**9) == []


def test_a_new_question_replaces_the_old_one() -> None:
    """It has its own number and its own time; the old one is not answered."""
    asked = _asking()
    assert asked.ask(4, 60, 40_000) == [_effect(ASKED, 4)]
    assert asked.look(61_000) == []
    assert asked.ok() == [_effect(ANSWERED, 4)]


def test_ok_without_a_question_answers_nothing() -> None:
    """Nothing asked, nothing answered, nothing shown."""
    idle = Question()
    assert idle.ok() == []
    assert idle.look(0) == []
    assert (idle.light(), idle.sound(0)) == (signals.DARK, signals.SILENT)


def test_a_number_that_no_record_holds_is_refused() -> None:
    """The largest is asked; beyond it ValueError, and what was asked stays."""
    asked = _asking()
    try:
        asked.ask(QUESTION_MOST + 1, 60, 2000)
    except ValueError:
        assert asked.ok() == [_effect(ANSWERED, 3)]
    else:
        raise AssertionError("asked all the same")
    assert asked.ask(QUESTION_MOST, 60, 2000) == [_effect(ASKED, QUESTION_MOST)]


def test_a_question_grows_rarer_and_then_silent() -> None:
    """Ten seconds a minute, then every five minutes; after half an hour only the light."""
    asked = Question()
    asked.ask(3, 18 * 3600, 0)
    heard = [asked.sound(s * 1000) for s in range(18 * 3600)]
    assert heard[:10] == [signals.ASKS] * 10
    assert heard[:300].count(signals.ASKS) == 50
    assert heard[300:1800].count(signals.ASKS) == 50
    assert set(heard[1800:]) == {signals.SILENT}
    assert asked.light() == signals.QUESTION


def test_every_way_out_of_the_table_is_walked() -> None:
    """No row but those that the tests above walk; no question is ever stuck."""
    states = (question.NOTHING, question.ASKING)
    stimuli = (question.ASKS, question.PRESSES_OK, question.RUNS_OUT, question.TAKES_BACK)
    want = {
        (question.NOTHING, question.ASKS): (question.ASKING, ASKED),
        (question.ASKING, question.ASKS): (question.ASKING, ASKED),
        (question.ASKING, question.PRESSES_OK): (question.NOTHING, ANSWERED),
        (question.ASKING, question.RUNS_OUT): (question.NOTHING, UNANSWERED),
        (question.ASKING, question.TAKES_BACK): (question.NOTHING, 0),
    }
    for state in states:
        for stimulus in stimuli:
            assert question.TABLE.get((state, stimulus)) == want.get((state, stimulus))
