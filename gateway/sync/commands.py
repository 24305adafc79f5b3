"""What a person may have a device do, one request after the other, read back where it is kept.

Knows: the messages of these commands, their ranges, what the device must show afterwards.
May not know: a radio, a session, request ids, who asked.

Every command may be given twice: done again it does no more than once. What is kept on the device
counts as done only when the device shows it (READ_PARAMETERS).
"""

from __future__ import annotations

from dataclasses import dataclass, field

from anbu_wire import messages as m
from anbu_wire import settings
from anbu_wire.errors import RemoteProtocolError

LOCATE_MAX_S = 120
ASK_MAX_S = 3600
LAST_QUESTION = 0x7FFF  # a record's value is signed
ALL_COMPARTMENTS = 0xFFFFFFFF
UPDATES = (m.UPDATE_BEGIN, m.UPDATE_CHUNK, m.UPDATE_FINISH)  # made by sync.sending
ANSWERS = {
    m.READ_PARAMETERS: m.PARAMETERS,
    m.READ_VITALS: m.VITALS,
    m.READ_METER: m.METER,
    **dict.fromkeys(UPDATES, m.UPDATE_STATE),
}
KINDS = frozenset(ANSWERS) | {
    m.PROMPT_TEST,
    m.LOCATE,
    m.REFILL,
    m.AWAY,
    m.SET_PARAMETER,
    m.ASK,
    m.CLOSE_SLOT,
    m.HELP_STATE,
}

Step = tuple[int, tuple[int, ...], bytes]  # kind, values, tail of a message


@dataclass(frozen=True, slots=True)
class Command:
    """One command; `shows`: parameters by id as the device must show them afterwards."""

    kind: int
    values: tuple[int, ...] = ()
    shows: tuple[tuple[int, int], ...] = ()
    tail: bytes = b""


@dataclass(frozen=True, slots=True)
class Answer:
    """messages.OK or a REFUSED_* code; what was read, by field name (parameters by their name)."""

    code: int
    fields: dict[str, int] = field(default_factory=dict)

    @property
    def ok(self) -> bool:
        """Whether the device did it."""
        return self.code == m.OK


READ_PARAMETERS = Command(m.READ_PARAMETERS)
READ_VITALS = Command(m.READ_VITALS)
READ_METER = Command(m.READ_METER)


def prompt_test(compartment: int) -> Command:
    """Light one lid for a few seconds."""
    return Command(m.PROMPT_TEST, (_within("compartment", compartment, 0, m.NO_COMPARTMENT - 1),))


def locate(seconds: int) -> Command:
    """Blink and beep so long that somebody finds the device; 0 ends it."""
    return Command(m.LOCATE, (_within("seconds", seconds, 0, LOCATE_MAX_S),))


def refill(mode: int, compartments: int = 0) -> Command:
    """Lids are opened to fill (REFILL_FILL) or empty them from now on, or for doses again.

    `compartments`: a mask, lit one after the other; 0 = without guidance. Raises ValueError.
    """
    _within("mode", mode, m.REFILL_END, m.REFILL_TAKE_OUT)
    _within("compartments", compartments, 0, ALL_COMPARTMENTS if mode else 0)
    shows = [(settings.REFILLING, mode)] + [(settings.FILLING, compartments)] * (mode > 0)
    return Command(m.REFILL, (mode, compartments), tuple(shows))


def ask(question: int, seconds: int) -> Command:
    """Put a question ("press OK if you are fine"); 0 seconds takes the question back.

    The device shows it by its records (ASKED, ANSWERED, UNANSWERED). Raises ValueError.
    """
    _within("question", question, 1, LAST_QUESTION)
    return Command(m.ASK, (question, _within("seconds", seconds, 0, ASK_MAX_S)))


def close_slot(day: int, index: int, verdict: int) -> Command:
    """A person says that a dose was taken, or not; the device's records show what it made of it.

    `day` as on the wire: local days from 2000-01-01. Raises ValueError.
    """
    _within("day", day, 1, 0xFFFF)
    _within("verdict", verdict, m.WORD_TAKEN, m.WORD_NOT_TAKEN)
    return Command(m.CLOSE_SLOT, (day, _within("index", index, 0, 0xFF), verdict))


def help_state(state: int) -> Command:
    """What became of a call for help; shown by a record (HELP_ANSWERED). Raises ValueError."""
    return Command(m.HELP_STATE, (_within("state", state, m.HELP_OVER, m.HELP_COMING),))


def quiet_hours(from_min: int, until_min: int) -> tuple[Command, Command]:
    """No sound for doses of low criticality between these local minutes; equal = never.

    Raises ValueError.
    """
    return (
        set_parameter(settings.QUIET_FROM_MIN, from_min),
        set_parameter(settings.QUIET_UNTIL_MIN, until_min),
    )


def away(from_wall_s: int, until_wall_s: int) -> Command:
    """Nobody is at home then (UTC seconds since 2000); 0, 0 = at home. Raises ValueError."""
    within = 0 <= from_wall_s <= until_wall_s <= settings.PARAMETERS[settings.AWAY_UNTIL_S][2]
    if not within or (until_wall_s and not from_wall_s):
        raise ValueError(f"away from {from_wall_s} until {until_wall_s}: begin comes before end")
    shows = ((settings.AWAY_FROM_S, from_wall_s), (settings.AWAY_UNTIL_S, until_wall_s))
    return Command(m.AWAY, (from_wall_s, until_wall_s), shows)


def set_parameter(parameter: int, value: int) -> Command:
    """Set one row of settings.PARAMETERS. Raises ValueError where it may not be."""
    if not settings.allowed(parameter, value):
        rows = [f"{r[0]} {r[1]} to {r[2]}" for r in settings.PARAMETERS.values() if r[3]]
        raise ValueError(f"parameter {parameter} = {value}; allowed: {', '.join(rows)}")
    return Command(m.SET_PARAMETER, (parameter, value), ((parameter, value),))


def _within(name: str, value: int, lowest: int, highest: int) -> int:
    if not lowest <= value <= highest:
        raise ValueError(f"{name} {value}: allowed are {lowest} to {highest}")
    return value


class Commands:
    """Commands of one session, in the order given. `token`: the edge's name for a command."""

    def __init__(self) -> None:
        self._waiting: list[tuple[int, Command]] = []
        self._done = False  # the first one was done, and is now read back

    def add(self, token: int, command: Command) -> None:
        """One more."""
        self._waiting.append((token, command))

    def step(self) -> Step | None:
        """What to ask the device next, None for nothing."""
        if not self._waiting:
            return None
        command = self._waiting[0][1]
        if self._done:
            return m.READ_PARAMETERS, (), b""
        return command.kind, command.values, command.tail

    def answered(self, asked: int, message: m.Message) -> tuple[int, Answer] | None:
        """(token, answer) where the first command is over, None where it is still read back.

        `asked`: the kind of the request. Raises RemoteProtocolError for what is no answer to it.
        """
        answer = _read(asked, message)
        token, command = self._waiting[0]
        if answer.ok and command.shows and not self._done:
            self._done = True
            return None
        if answer.ok and self._done:
            shown = dict(command.shows)
            names = {settings.PARAMETERS[i][0]: value for i, value in shown.items()}
            kept = all(answer.fields.get(name) == value for name, value in names.items())
            answer = Answer(m.OK if kept else m.REFUSED_STORAGE, answer.fields)
        self._done = False
        self._waiting.pop(0)
        return token, answer


def _read(asked: int, message: m.Message) -> Answer:
    if message.kind == m.STATUS:
        command, code = message.fields["command"], message.fields["code"]
        if command != asked:
            raise RemoteProtocolError(f"status of 0x{command:02x} for 0x{asked:02x}")
        if code == m.OK and asked in ANSWERS:
            raise RemoteProtocolError(f"status instead of {m.TABLE[ANSWERS[asked]][0]}")
        return Answer(code)
    if message.kind != ANSWERS.get(asked):
        raise RemoteProtocolError(f"{m.TABLE[message.kind][0]} does not answer {m.TABLE[asked][0]}")
    if message.kind == m.PARAMETERS:
        values = settings.decode_parameters(message.tail)
        known = {i: value for i, value in values.items() if i in settings.PARAMETERS}
        return Answer(m.OK, {settings.PARAMETERS[i][0]: value for i, value in known.items()})
    return Answer(m.OK, message.fields)
