"""Which question comes next in a session, and what its answer means.

Knows: the messages of anbu_wire. May not know: a radio, a session, a database, a clock.

One request is under way at a time, but for reports: while nothing goes wrong the next window is
asked for as soon as one begins to arrive. `waiting_for` is the id of the answer that is due, for
the edge's time-out. One `Sync` serves one session. What to do next is not remembered as a phase,
it follows from what is known (`_advance`), so that pushed records, lost answers and new wishes may
come at any moment.

So the device reads its flash while the radio carries and our disk writes. Each window is checked
and committed by itself, in order; nothing is acknowledged but what was committed before.
"""

from __future__ import annotations

import dataclasses
from binascii import crc32
from collections.abc import Callable

from anbu_wire import gatt
from anbu_wire import messages as m
from anbu_wire.errors import RemoteProtocolError
from gateway.sync import commands
from gateway.sync.actions import Action, TimeFields
from gateway.sync.kinds import KINDS
from gateway.sync.records import REPEATS, LogCopy

ACKNOWLEDGE_AFTER = 512  # records while more are to come: four segments for the device to free
TOLERANCE_S = 2  # a device's clock further off than this is set
CHUNK_BYTES = 128
LONGEST_REST_S = 86_400  # a device that says more is believed for a day, then it is missed
_LAST_ID = 0xFFFF
_ANSWER_TO = {m.READ_STATE: m.STATE, m.REPORT: m.REPORT_END}  # all others: STATUS

Step = tuple[int, tuple[int, ...], bytes]  # kind, values, tail of a message


@dataclasses.dataclass(eq=False)
class _Schedule:
    """A schedule on its way: the messages not yet answered with OK."""

    version: int
    crc: int
    steps: list[Step]


@dataclasses.dataclass
class _Request:
    """The one question under way."""

    kind: int
    request_id: int
    values: tuple[int, ...]
    message: bytes
    schedule: _Schedule | None
    sent: int = 1


class Sync:
    """The conversation above one session. See `actions` for what the methods return.

    `known(epoch)` gives the highest seq committed of that log, 0 for none (seqs begin at 1; commits
    come in order, so all below it are committed or lost). `time_fields()` gives SET_TIME's fields.
    `kind` of kinds.KINDS. `log` False: nothing of its log is asked for or acknowledged.
    """

    def __init__(
        self,
        known: Callable[[int], int],
        time_fields: Callable[[], TimeFields],
        *,
        kind: int = gatt.PILL_BOX,
        log: bool = True,
        first_request_id: int = 1,
        tolerance_s: int = TOLERANCE_S,
    ) -> None:
        self._kind = KINDS[kind]
        self._time_fields = time_fields
        self._next_id = first_request_id
        self._tolerance_s = tolerance_s
        self._takes_log = log
        self._log = LogCopy(known)
        self._request: _Request | None = None
        self._behind: _Request | None = None  # a report asked for while another one is coming
        self._over = False
        self._state_wanted = False
        self._time_wanted = False
        self._time_tried = False
        self._asked_wall_s = 0
        self._last_state: dict[str, int] = {}
        self._untold: dict[str, int] | None = None  # a state to tell as caught_up
        self._schedule: _Schedule | None = None
        self._commands = commands.Commands()

    @property
    def waiting_for(self) -> int | None:
        """The request id whose answer is awaited, or None."""
        return self._request.request_id if self._request else None

    def start(self) -> list[Action]:
        """The session is established: ask for the state."""
        return self.poll()

    def poll(self) -> list[Action]:
        """Ask for the state (each 30 s, so that caught_up stays fresh); looks at the clock too."""
        self._time_tried = False
        return self.lost()

    def lost(self) -> list[Action]:
        """The session noticed a gap in the frames: perhaps pushed records are missing."""
        self._state_wanted = True
        return self._advance()

    def put_schedule(self, version: int, blob: bytes) -> list[Action]:
        """Bring this schedule (schedule.encode_schedule) onto the device; replaces an older wish.

        Ends in schedule_confirmed (at once where the device has it already) or refused; a kind
        that runs none is not asked.
        """
        if not self._kind.schedule:
            return [("refused", m.SCHEDULE_BEGIN, m.REFUSED_UNKNOWN)]
        crc = crc32(blob)
        self._schedule = _Schedule(version, crc, _schedule_steps(version, crc, blob))
        return self._judge_schedule() or self._advance()

    def command(self, token: int, command: commands.Command) -> list[Action]:
        """Have the device do this; ends in ("answered", token, answer).

        A kind that cannot is not asked: the answer is the one it would give.
        """
        if command.kind not in self._kind.commands:
            return [("answered", token, commands.Answer(m.REFUSED_UNKNOWN))]
        self._commands.add(token, command)
        return self._advance()

    def committed(self, epoch: int, up_to_seq: int) -> list[Action]:
        """The edge has committed what ("commit", …) gave it; now it may be acknowledged."""
        self._log.committed(epoch, up_to_seq)
        return self._advance()

    def timeout(self, request_id: int) -> list[Action]:
        """No answer to this request within the edge's time. Asks again or gives up."""
        request = self._request
        if self._over or request is None or request.request_id != request_id:
            return []
        if request.kind == m.REPORT:
            self._request = self._behind = None
            return self._then(self._log.window_ended(None))
        if request.sent > REPEATS:
            why = f"no answer to {m.TABLE[request.kind][0]} in {request.sent} tries"
            return self._then([("failed", why)])
        request.sent += 1
        return [("send", request.message)]

    def receive(self, data: bytes) -> list[Action]:
        """What follows from a message of the device.

        Raises RemoteProtocolError when it is none a device may send now: the session must end.
        """
        message = m.decode(data)
        if message.kind < m.STATUS:
            raise RemoteProtocolError(f"kind 0x{message.kind:02x} goes gateway to device only")
        if self._over:
            return []
        if message.kind == m.RECORDS and message.request_id == 0:
            return self._then(self._log.pushed(message.tail))
        if message.kind == m.RESTING:
            self._over = True  # the radio is off by the time an answer would arrive
            return [("rests", min(message.fields["seconds"], LONGEST_REST_S))]
        if self._behind and message.request_id == self._behind.request_id:
            lost_end = self._window_over(None)  # the end of the window before got lost
            return self._then(lost_end) + self._answer(message)
        return self._answer(message)

    def _answer(self, message: m.Message) -> list[Action]:
        request = self._request
        if request is None or request.request_id != message.request_id:
            return []  # the late answer to a question asked again meanwhile
        if message.kind == m.RECORDS and request.kind == m.REPORT:
            self._log.take(message.tail)
            return self._ask_behind(request)
        if request.kind in commands.KINDS:
            over = self._commands.answered(request.kind, message)
            self._request = None
            return self._then([("answered", *over)] if over else [])
        if message.kind != _ANSWER_TO.get(request.kind, m.STATUS):
            raise RemoteProtocolError(
                f"{m.TABLE[message.kind][0]} does not answer {m.TABLE[request.kind][0]}"
            )
        self._request = None
        return self._then(self._answered(request, message.fields))

    # --- what to do next -------------------------------------------------------------------

    def _then(self, actions: list[Action]) -> list[Action]:
        """These actions and what comes after them."""
        if any(action[0] == "failed" for action in actions):
            self._over = True
            self._request = self._behind = None
        return self._read_ahead() + actions + self._advance()

    def _read_ahead(self) -> list[Action]:
        """The request for the window after the one that is about to be committed."""
        log = self._log
        if self._over or self._request or not log.may_read_ahead:
            return []
        first = self._time_wanted or self._commands.step()
        if first or log.handed - log.acked >= ACKNOWLEDGE_AFTER:
            return []  # something else comes first, after the commit
        return [self._ask((m.REPORT, log.ask(), b""))]

    def _ask_behind(self, coming: _Request) -> list[Action]:
        """The request for the window behind the one that is coming, where nothing else is due."""
        log = self._log
        first = self._behind or self._time_wanted or self._commands.step()
        window = None if first else log.ask_behind()
        if window is None or log.unsaid_after_this() >= ACKNOWLEDGE_AFTER:
            return []
        action = self._ask((m.REPORT, window, b""))
        self._request, self._behind = coming, self._request
        return [action]

    def _window_over(self, count: int | None) -> list[Action]:
        """The window that was coming is over; one asked for behind it comes now."""
        actions = self._log.window_ended(count)
        self._request, self._behind = self._behind, None
        if self._request:
            self._log.turn_to(*self._request.values)
        return actions

    def _advance(self) -> list[Action]:
        """Nothing while an answer or a commit is due, else caught_up where true, and a request."""
        if self._over or self._request or self._log.committing:
            return []
        step = self._urgent_step()
        if step:
            return [self._ask(step)]
        told = self._tell_caught_up()
        step = self._calm_step()
        return [*told, self._ask(step)] if step else told

    def _urgent_step(self) -> Step | None:
        """What must come before anybody may be told that all is here."""
        log = self._log
        unsaid = log.have - log.acked
        enough = ACKNOWLEDGE_AFTER if log.behind else 1
        if log.epoch is not None and unsaid >= enough:
            return m.ACKNOWLEDGE, (log.epoch, log.have), b""
        if self._time_wanted:
            self._time_wanted = False
            return m.SET_TIME, self._time_fields(), b""
        if step := self._commands.step():  # somebody waits for it
            return step
        if log.behind:
            return m.REPORT, log.ask(), b""
        return None

    def _calm_step(self) -> Step | None:
        if self._schedule and self._schedule.steps:
            return self._schedule.steps[0]
        if self._state_wanted:
            self._state_wanted = False
            self._asked_wall_s = self._time_fields()[0]
            return m.READ_STATE, (), b""
        return None

    def _ask(self, step: Step) -> Action:
        kind, values, tail = step
        request_id = self._next_id
        self._next_id = request_id + 1 if request_id < _LAST_ID else 1  # 0 means pushed
        message = m.encode(kind, request_id, *values, tail=tail)
        self._request = _Request(kind, request_id, values, message, self._schedule)
        return ("send", message)

    def _tell_caught_up(self) -> list[Action]:
        self._log.caught_up()
        state, self._untold = self._untold, None
        return [("caught_up", state)] if state else []

    # --- answers ---------------------------------------------------------------------------

    def _answered(self, request: _Request, fields: dict[str, int]) -> list[Action]:
        if request.kind == m.READ_STATE:
            return self._state(fields)
        if request.kind != m.REPORT:
            return self._status(request, fields)
        if fields["epoch"] == self._log.epoch:
            return self._window_over(fields["count"])
        self._behind = None
        self._log.newest = self._log.have  # another log by now: its state will say which
        self._untold = None
        self._state_wanted = True
        return []

    def _state(self, fields: dict[str, int]) -> list[Action]:
        self._last_state = fields
        if not self._takes_log:
            self._judge_clock(fields)
            self._untold = None
            return self._judge_schedule()
        seen = self._log.see(fields["epoch"], fields["oldest_seq"], fields["newest_seq"])
        self._judge_clock(fields)
        if self._log.behind:
            self._state_wanted = True  # reading them takes a while: a fresh state afterwards
        return seen + self._judge_schedule()

    def _judge_clock(self, fields: dict[str, int]) -> None:
        """Decide whether the clock must be set and whether this state may be told.

        The state was made between asking and now, so its time may lie anywhere between. A state
        from before the clock was set is never told: its time could be ahead of the truth.
        """
        now_s = self._time_fields()[0]
        earliest_s = self._asked_wall_s - self._tolerance_s
        right = earliest_s <= fields["wall_s"] <= now_s + self._tolerance_s
        self._untold = {**fields, "wall_s": min(fields["wall_s"], now_s)}
        if now_s and not self._time_tried and not (right and fields["quality"] == m.SYNCED):
            self._time_tried = self._time_wanted = self._state_wanted = True
            self._untold = None

    def _judge_schedule(self) -> list[Action]:
        schedule, state = self._schedule, self._last_state
        if schedule is None:
            return []
        if (schedule.version, schedule.crc) == (
            state.get("schedule_version"),
            state.get("schedule_crc"),
        ):
            self._schedule = None
            return [("schedule_confirmed", schedule.version, schedule.crc)]
        if schedule.steps:
            return []
        self._schedule = None
        return [("refused", m.SCHEDULE_COMMIT, m.REFUSED_STORAGE)]  # said OK, but has it not

    def _status(self, request: _Request, fields: dict[str, int]) -> list[Action]:
        if fields["command"] != request.kind:
            raise RemoteProtocolError(
                f"status of 0x{fields['command']:02x} for 0x{request.kind:02x}"
            )
        if request.kind == m.ACKNOWLEDGE:  # refused: not asked again either
            self._log.acked = max(self._log.acked, request.values[1])
        of_schedule = m.SCHEDULE_BEGIN <= request.kind <= m.SCHEDULE_COMMIT
        ours = of_schedule and request.schedule is self._schedule  # else a newer wish replaced it
        if fields["code"] != m.OK:
            self._state_wanted = True
            self._schedule = None if ours else self._schedule
            return [("refused", request.kind, fields["code"])]
        if ours and self._schedule:
            self._schedule.steps.pop(0)
            self._state_wanted = self._state_wanted or not self._schedule.steps
        return [("time_set",)] if request.kind == m.SET_TIME else []


def _schedule_steps(version: int, crc: int, blob: bytes) -> list[Step]:
    chunks: list[Step] = [
        (m.SCHEDULE_CHUNK, (version, offset), blob[offset : offset + CHUNK_BYTES])
        for offset in range(0, len(blob), CHUNK_BYTES)
    ]
    begin: Step = (m.SCHEDULE_BEGIN, (version, len(blob), crc), b"")
    return [begin, *chunks, (m.SCHEDULE_COMMIT, (version,), b"")]
