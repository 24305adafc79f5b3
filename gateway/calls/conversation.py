"""What is said next in a call: (what is so far, what is heard) → (what is said, what it meant).

Knows: how often something is asked again, what silence, a wrong key and a voice are worth.
May not know: telephones, the time (`since_ms` is an argument), who is called, the words.

Keys decide. A voice alone is no answer, a voicemail has one too: it can only raise concern, and so
can a word that a recogniser believes it heard. Nobody has answered before a key of the first
question was pressed.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from gateway.calling import ANSWERED, HUNG_UP, LINE_DOWN, PARTLY, VOICEMAIL
from gateway.calls.line import Digit, Ended, Heard, Played, Speech
from gateway.calls.questions import HELP, QUESTIONS, SAID, SPOKE, Then, name_of

LISTEN_MS = 12_000  # an old hand takes the telephone from the ear, looks, and presses
HASTY_MS = 1_000  # a key so soon was meant for the question before: she pressed twice
HASTY_MOST = 2  # of one question; after that she knows it by heart, and it is taken
WRONG_MOST = 2  # keys without meaning after which a question is said again
GIVEN_UP_MOST = 2  # questions in a row without an answer: she is not asked any more

FELL_SILENT, WRONG_DIGITS, SILENT = "fell_silent", "wrong_digits", "silent"
# What a recogniser may raise concern by; it can do nothing else.
WORRYING = ("아프", "아파", "도와", "살려", "넘어", "쓰러", "help", "pain", "hurt", "fell")


@dataclass(frozen=True, slots=True)
class Silence:
    """Nothing was pressed for as long as was listened."""


@dataclass(frozen=True, slots=True)
class Word:
    """What an optional recogniser believes was said. It is never kept."""

    text: str


@dataclass(frozen=True, slots=True)
class Asked:
    """What a call is to ask. `again`: she was cut off, and what she said before is kept."""

    questions: tuple[str, ...]
    again: bool = False


@dataclass(frozen=True, slots=True)
class Talk:
    """What is so far. `questions`: still to be asked, the first one is being asked."""

    questions: tuple[str, ...]
    there: bool = False  # a key that means something was pressed: somebody is there
    silences: int = 0  # of this question
    wrongs: int = 0
    hasty: int = 0
    spoke: bool = False
    given_up: int = 0  # questions in a row
    concern: str = ""  # why a person should look, though nobody asked for one
    gaps: bool = False  # some question has no answer
    over: bool = False
    first: str = ""  # question; a zero after the last one is written down under it
    promised: bool = False  # that somebody will call


@dataclass(frozen=True, slots=True)
class Answer:
    """To be written down before anything more is said. `digit` "": none was pressed."""

    question: str
    answer: str
    digit: str


@dataclass(frozen=True, slots=True)
class End:
    """The call is over once `say` was heard. `why` in a word, or plain English for a line."""

    outcome: str
    why: str = ""


@dataclass(frozen=True, slots=True)
class Turn:
    """`say`: sentences to be played now; none: what is being played goes on."""

    talk: Talk
    say: tuple[str, ...] = ()
    answer: Answer | None = None
    end: End | None = None
    listen_ms: int = LISTEN_MS


def begin(asked: Asked) -> Turn:
    """The first sentences of a call. `asked.questions` holds at least one with an answer."""
    cut_off = ("cut-off",) if asked.again else ()
    talk = Talk(asked.questions, first=asked.questions[0])
    return _ask(talk, ("hello", "who", *cut_off))


def hear(talk: Talk, heard: Heard | Silence | Word, since_ms: int) -> Turn:
    """What follows from what is heard, `since_ms` after the last sentences began to be played."""
    if isinstance(heard, Played) or (talk.over and (heard != Digit("0") or talk.promised)):
        return Turn(talk)
    match heard:
        case Digit(key):
            return _pressed(talk, key, since_ms)
        case Silence():
            return _silence(talk)
        case Speech():
            return Turn(replace(talk, spoke=True))
        case Word(text):
            return _word(talk, text)
        case Ended(why):
            return _ended(talk, why)


def _care(talk: Talk, answer: Answer) -> Turn:
    """A person is wanted, and promised."""
    talk = replace(talk, there=True, promised=True)
    return _end(talk, ("promise", "urgent", "bye"), End(ANSWERED, answer.answer), answer)


def _pressed(talk: Talk, key: str, since_ms: int) -> Turn:
    if talk.over:  # she was told "at any time": a zero counts until she has heard the goodbye
        return _care(talk, Answer(name_of(talk.first), HELP, key))
    question = talk.questions[0]
    option = QUESTIONS[question].options.get(key)
    if key != "0" and since_ms < HASTY_MS and talk.hasty < HASTY_MOST:
        return Turn(replace(talk, hasty=talk.hasty + 1), QUESTIONS[question].ask)
    if option is None:
        if talk.wrongs >= WRONG_MOST:
            return _give_up(talk, WRONG_DIGITS)
        return _once_more(replace(talk, wrongs=talk.wrongs + 1))
    answer = Answer(name_of(question), option.answer, key)
    first = not talk.there
    talk = replace(talk, there=True, given_up=0)
    if option.then is Then.CARE:
        return _care(talk, answer)
    before = ("thanks", "zero") if first and len(talk.questions) > 1 else ("thanks",)
    return replace(_next(talk, before), answer=answer)


def _silence(talk: Talk) -> Turn:
    if talk.silences < QUESTIONS[talk.questions[0]].repeats:
        return _once_more(replace(talk, silences=talk.silences + 1))
    return _give_up(talk, SPOKE if talk.spoke else FELL_SILENT)


def _once_more(talk: Talk) -> Turn:
    return Turn(talk, ("once-more", *QUESTIONS[talk.questions[0]].ask))


def _give_up(talk: Talk, why: str) -> Turn:
    """This question has no answer; before the first key nobody may have been there."""
    if not talk.there and talk.wrongs:
        return _end(talk, ("told", "bye"), End(PARTLY, WRONG_DIGITS))
    if not talk.there:
        return _end(talk, ("bye",), End(VOICEMAIL, SPOKE if talk.spoke else SILENT))
    matters = QUESTIONS[talk.questions[0]].matters and why != FELL_SILENT
    concern = talk.concern or (why if matters else "")
    spoken = Answer(name_of(talk.questions[0]), SPOKE, "") if why == SPOKE else None
    talk = replace(talk, given_up=talk.given_up + 1, gaps=True, concern=concern)
    if talk.given_up >= GIVEN_UP_MOST or len(talk.questions) == 1:
        return _end(talk, ("told", "bye"), End(PARTLY, concern or why), spoken)
    return replace(_next(talk, ()), answer=spoken)


def _word(talk: Talk, text: str) -> Turn:
    if talk.concern == SAID or not any(word in text.casefold() for word in WORRYING):
        return Turn(replace(talk, spoke=True))
    answer = Answer(name_of(talk.questions[0]), SAID, "")
    return Turn(replace(talk, spoke=True, concern=SAID), answer=answer)


def _ended(talk: Talk, why: str) -> Turn:
    if why:
        return _end(talk, (), End(LINE_DOWN, why))
    if not talk.there:
        return _end(talk, (), End(HUNG_UP, SPOKE if talk.spoke else SILENT))
    in_words = SPOKE if talk.spoke and QUESTIONS[talk.questions[0]].matters else ""
    return _end(talk, (), End(PARTLY, talk.concern or in_words or HUNG_UP))


def _next(talk: Talk, before: tuple[str, ...]) -> Turn:
    rest = talk.questions[1:]
    talk = replace(talk, questions=rest, silences=0, wrongs=0, hasty=0, spoke=False)
    return _ask(talk, before)


def _ask(talk: Talk, before: tuple[str, ...]) -> Turn:
    """Say what has no answer on the way to the next question; after the last one goodbye."""
    say, rest = before, talk.questions
    while rest and not QUESTIONS[rest[0]].options:
        say, rest = (*say, *QUESTIONS[rest[0]].ask), rest[1:]
    talk = replace(talk, questions=rest)
    if rest:
        return Turn(talk, (*say, *QUESTIONS[rest[0]].ask))
    if talk.concern:
        say = (*say, "told")
    end = End(PARTLY if talk.gaps else ANSWERED, talk.concern)
    return _end(talk, (*say, "bye"), end)


def _end(talk: Talk, say: tuple[str, ...], end: End, answer: Answer | None = None) -> Turn:
    return Turn(replace(talk, over=True), say, answer, end)
