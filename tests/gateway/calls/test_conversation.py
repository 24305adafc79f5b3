"""The conversation, walked through every state by everything that can be heard in it."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

import pytest

from gateway.calling import ANSWERED, LINE_DOWN, OUTCOMES, PARTLY, VOICE_MESSAGE, WELLBEING
from gateway.calls import conversation
from gateway.calls.believed import CONCERNS
from gateway.calls.conversation import Asked, Silence, Talk, Turn, Word, begin, hear
from gateway.calls.line import Digit, Ended, Heard, Played, Speech
from gateway.calls.questions import ANY_MEDICINE, ASKED, MEDICATION, OPENED, QUESTIONS, WANTED, Then
from gateway.calls.sentences import SENTENCES

Input = tuple[Heard | Silence | Word, int]
LATE, HASTY = 5_000, 300
KEYS = ("0", "1", "2", "3", "7", "*", "#", "A")  # the others mean as little as 7 anywhere
INPUTS: tuple[Input, ...] = (
    *((Digit(key), ms) for key in KEYS for ms in (LATE, HASTY)),
    *((heard, LATE) for heard in (Silence(), Speech(), Word("아파요"), Word("네"), Played())),
    *((heard, LATE) for heard in (Ended(), Ended("the process died"))),
)
FULL = ASKED[WELLBEING]
ASKED_OF = (
    FULL,
    tuple(ANY_MEDICINE if q == MEDICATION else q for q in FULL),
    tuple(OPENED if q == MEDICATION else q for q in FULL),
    tuple(q for q in FULL if q != MEDICATION),
    ("here", "worry"),
    ("here", OPENED),
    ASKED[VOICE_MESSAGE],
)
# The sentences that ask for a key; the two about medicine are one question.
ASK = {question.ask[0] for question in QUESTIONS.values() if question.options}
CARE = {
    option.answer for q in QUESTIONS.values() for option in q.options.values()
    if option.then is Then.CARE
}  # fmt: skip


def keys(*pressed: str, asked: tuple[str, ...] = FULL) -> list[Turn]:
    """Every turn of a call in which these keys are pressed; "." is a silence, "v" a voice."""
    turns = [begin(Asked(asked))]
    for key in pressed:
        unsaid: dict[str, Heard | Silence] = {".": Silence(), "v": Speech()}
        heard = unsaid.get(key) or Digit(key)
        turns.append(hear(turns[-1].talk, heard, LATE))
    return turns


@lru_cache(maxsize=1)
def walk() -> dict[Talk, dict[Input, Turn]]:
    """Every state that can be reached, with what each input makes of it."""
    found: dict[Talk, dict[Input, Turn]] = {}
    waiting = [begin(Asked(questions)).talk for questions in ASKED_OF]
    while waiting:
        talk = waiting.pop()
        if talk not in found:
            found[talk] = {of: hear(talk, *of) for of in INPUTS}
            waiting += [turn.talk for turn in found[talk].values()]
    return found


def turns() -> Iterator[tuple[Talk, Input, Turn]]:
    """Every step of the walk."""
    for talk, following in walk().items():
        for of, turn in following.items():
            yield talk, of, turn


def test_every_call_comes_to_an_end() -> None:
    """No states go round in a circle, but by a voice that is heard once more."""
    states = walk()
    assert len(states) > 1000
    heard_again = {(heard, LATE) for heard in (Speech(), Word("아파요"), Word("네"), Played())}
    left = {
        talk: {t.talk for of, t in following.items() if t.talk != talk or of not in heard_again}
        for talk, following in states.items()
        if not talk.over
    }
    while left:
        ended = {talk for talk, following in left.items() if not following & left.keys()}
        assert ended, f"a circle among {len(left)} states"
        left = {talk: of for talk, of in left.items() if talk not in ended}
    silent = [t for t in states if not t.over and states[t][Silence(), LATE].talk == t]
    assert silent == []  # whoever says nothing moves on


def test_it_is_over_once_and_then_says_nothing() -> None:
    """The end is told exactly when it is over; after it a zero counts, once, and nothing else."""
    for talk, (heard, _ms), turn in turns():
        if talk.over and (talk.promised or heard != Digit("0")):
            assert turn == Turn(talk)
        else:
            assert (turn.end is not None) == turn.talk.over
            assert turn.end is None or turn.end.outcome in OUTCOMES


def test_one_question_at_a_time() -> None:
    """What is said asks one thing, at its end; what ends the call asks nothing."""
    for _talk, _of, turn in turns():
        assert set(turn.say) <= set(SENTENCES)
        asked = [key for key in turn.say if key in ASK]
        if turn.end is not None:
            assert asked == []
        elif turn.say:
            assert len(asked) == 1
            question = QUESTIONS[turn.talk.questions[0]]
            assert turn.say[-len(question.ask) :] == question.ask


def test_keys_decide_and_nothing_else_does() -> None:
    """A voice, a word and silence answer nothing, and never make a call an answered one."""
    for talk, (heard, _ms), turn in turns():
        if isinstance(heard, Digit):
            assert turn.answer is None or turn.answer.digit == heard.key
            continue
        assert turn.talk.there == talk.there
        assert turn.answer is None or (turn.answer.digit, turn.answer.answer) in {
            ("", "spoke"),
            ("", "said"),
        }
        if turn.end is not None and turn.end.outcome == ANSWERED:
            assert talk.there


def test_nobody_has_answered_before_a_key_of_the_first_question() -> None:
    """What picks up and presses nothing is a voicemail, or hung up; a sign of life it is not."""
    for talk, (heard, _ms), turn in turns():
        if turn.end is None or turn.talk.there or heard == Ended("the process died"):
            continue
        if heard == Ended():
            assert turn.end.outcome == "hung_up"
        elif talk.wrongs:
            assert turn.end == conversation.End(PARTLY, "wrong_digits")
        else:
            assert turn.end.outcome == "voicemail"


def test_zero_is_heard_anywhere_at_any_time() -> None:
    """Press 0 and somebody will call: also at once, and in the goodbye; it is promised, once."""
    for talk, following in walk().items():
        for ms in (LATE, HASTY):
            turn = following[Digit("0"), ms]
            if not talk.promised:
                assert turn.answer is not None
                assert turn.answer.answer == "help"
                assert turn.end == conversation.End(ANSWERED, "help")
                assert turn.say[0] == "promise"


def test_a_promise_is_made_only_where_somebody_is_told() -> None:
    """What is promised or said to be passed on follows; what nobody is told of is not said."""
    for _talk, (heard, _ms), turn in turns():
        wanted = turn.answer is not None and turn.answer.answer in CARE
        assert ("promise" in turn.say) == wanted
        if wanted and turn.answer is not None:
            assert turn.answer.answer in WANTED
        if turn.end is not None and not isinstance(heard, Ended):
            told = turn.end.why in CONCERNS and turn.end.outcome in (PARTLY, ANSWERED)
            assert ("told" in turn.say) == told


def test_a_dead_line_is_never_her() -> None:
    """A line that breaks ends the call as that, whatever was before."""
    for talk, _of, turn in turns():
        if not talk.over and _of[0] == Ended("the process died"):
            assert turn.end == conversation.End(LINE_DOWN, "the process died")


def test_a_second_press_is_not_the_next_answer() -> None:
    """A key within the first second of a question answers nothing: it is asked again."""
    for talk, following in walk().items():
        for key in KEYS[1:]:
            turn = following[Digit(key), HASTY]
            if not talk.over and talk.hasty < conversation.HASTY_MOST:
                assert turn.answer is None
                assert turn.talk.questions == talk.questions
                assert turn.say == QUESTIONS[talk.questions[0]].ask


def test_all_is_well() -> None:
    """Seven keys: each answer is written down, the way to a person is told once, goodbye."""
    made = keys(*"1111111")
    answers = [(t.answer.question, t.answer.answer) for t in made if t.answer]
    assert answers == [
        ("here", "here"), ("meals", "yes"), ("sleep", "well"), ("outing", "out"),
        ("medication", "taken"), ("pain", "none"), ("worry", "none"),
    ]  # fmt: skip
    assert made[0].say == ("hello", "who", "here")
    assert made[1].say == ("thanks", "zero", "meals")
    assert made[-1].say == ("thanks", "bye")
    assert made[-1].end == conversation.End(ANSWERED)


def test_not_so_well_is_written_down_and_the_call_goes_on() -> None:
    """A 2 about meals, sleep, going out or medicine is only written down."""
    made = keys(*"1222211")
    assert [t.answer.answer for t in made if t.answer][1:5] == ["no", "badly", "in", "not_yet"]
    assert made[-1].end == conversation.End(ANSWERED)


@pytest.mark.parametrize(("pressed", "why"), [("111112", "pain"), ("1111112", "worry")])
def test_pain_and_worry_are_passed_on_at_once(pressed: str, why: str) -> None:
    """Whoever says that something hurts is asked nothing more."""
    last = keys(*pressed)[-1]
    assert last.say == ("promise", "urgent", "bye")
    assert last.end == conversation.End(ANSWERED, why)


def test_asked_once_more_then_left_alone() -> None:
    """A question without an answer is said once more, then the next; two in a row end it."""
    made = keys("1", ".", ".", ".", ".")
    says = [t.say for t in made[2:]]
    assert says == [
        ("once-more", "meals"), ("sleep",), ("once-more", "sleep"), ("told", "bye"),
    ]  # fmt: skip
    assert made[-1].end == conversation.End(PARTLY, "fell_silent")


def test_what_is_not_answered_once_does_not_end_the_call() -> None:
    """Two questions without an answer, and one with an answer between: it goes on."""
    made = keys("1", ".", ".", "1", ".", ".", *"111")
    assert made[-1].end == conversation.End(PARTLY)


def test_a_voicemail_is_asked_for_a_key_in_vain() -> None:
    """It speaks and presses nothing: asked three times, no answer, and it says that it spoke."""
    made = keys("v", ".", "v", ".", ".")
    assert made[-1].end == conversation.End("voicemail", "spoke")
    assert made[-1].answer is None
    assert keys(".", ".", ".")[-1].end == conversation.End("voicemail", "silent")


def test_a_wrong_key_is_asked_again_without_haste() -> None:
    """Twice; the third wrong key gives the question up."""
    made = keys("7", "8", "1")
    assert made[1].say == ("once-more", "here")
    assert made[3].answer is not None
    assert keys("7", "8", "9")[-1].end == conversation.End(PARTLY, "wrong_digits")


def test_what_she_says_in_words_about_pain_is_looked_after() -> None:
    """A voice without a key is a concern where it matters; about meals it is only shown."""
    hurts = keys(*"11111", "v", ".", ".", "1")
    assert hurts[-1].end == conversation.End(PARTLY, "spoke")
    assert "told" in hurts[-1].say
    hungry = keys("1", "v", ".", ".", *"11111")
    assert hungry[-1].end == conversation.End(PARTLY)
    assert [t.answer.answer for t in hungry if t.answer][1] == "spoke"


def test_who_hangs_up_before_the_end_has_answered_in_part() -> None:
    """After a key she was there; before any she was not, as far as is known."""
    there = hear(keys("1", "1")[-1].talk, Ended(), LATE)
    assert there.end == conversation.End(PARTLY, "hung_up")
    assert hear(keys()[-1].talk, Ended(), LATE).end == conversation.End("hung_up", "silent")


def test_cut_off_and_called_again() -> None:
    """She hears why it rings again, and is asked only what is left."""
    turn = begin(Asked(("here", "pain", "worry"), again=True))
    assert turn.say == ("hello", "who", "cut-off", "here")
    assert hear(turn.talk, Digit("1"), LATE).say[-1] == "pain"


def test_a_weekly_voice_message_is_one_question() -> None:
    """1 is well, 0 is a call back; nothing else is asked."""
    of = ASKED[VOICE_MESSAGE]
    assert keys("1", asked=of)[-1].end == conversation.End(ANSWERED)
    assert keys("0", asked=of)[-1].end == conversation.End(ANSWERED, "help")
    assert keys(".", ".", ".", asked=of)[-1].end == conversation.End("voicemail", "silent")


def test_what_her_box_saw_is_said_and_not_asked() -> None:
    """Where the pill box was opened the call says so on its way, and goes on."""
    made = keys(*"1111", asked=ASKED_OF[2])
    assert made[-1].say == ("thanks", "opened", "pain")
