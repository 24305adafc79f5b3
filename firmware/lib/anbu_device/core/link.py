"""The device's end of the radio language, above the session: commands in, answers out.

Knows: every command of messages.TABLE, request ids, the schedule being received.
May not know: a radio, a session, a clock, a disk; it asks the `device` it was given.

The `device` is any object with
    state() -> tuple of STATE's fields in order
    records(first_seq, last_seq) -> list of 32-byte records, those it has, in order
    acknowledge(epoch, up_to_seq) -> code
    set_time(fields: dict) -> code
    store_schedule(version, blob) -> code     (after size and CRC were checked; atomic. This and
                                               what follows may be absent: refused as unknown)
    schedule_blob() -> (version, bytes)
    prompt_test(compartment) -> code
    locate(seconds) -> code
    refill(mode, compartments) -> code
    away(from_wall_s, until_wall_s) -> code
    ask(question, seconds) -> code
    close_slot(day, index, verdict) -> code
    help_state(state) -> code
    set_parameter(parameter, value) -> code   (in the range of anbu_wire.settings)
    parameters() -> list of (parameter, value)
    vitals() -> VITALS' fields in order
    meter() -> METER's fields in order
    update(kind, fields, tail) -> UPDATE_STATE's fields in order, or None: not here
where code is messages.OK or one of messages.REFUSED_*.
"""

from binascii import crc32

from anbu_wire import messages as m
from anbu_wire.errors import RemoteProtocolError
from anbu_wire.schedule import ENTRY_BYTES, HEAD_BYTES, MAX_BYTES
from anbu_wire.settings import allowed, encode_parameters

WINDOW_RECORDS = 16  # at most so many records answer one REPORT; the count says how many
DEFAULT_MAX_MESSAGE = 227  # 7 records in a RECORDS message: its frame is one piece at MTU 247
_REMEMBERED = 8  # answers kept for repeated request ids
_RECORDS_HEAD_BYTES = 3
_PART_HEAD_BYTES = 7
_NO_VERSION = -1


class DeviceLink:
    """Answers the gateway's messages. One object serves all sessions, one after another.

    `max_message`: the longest message the radio carries, in bytes.
    """

    # `device` is whatever answers the calls above: MicroPython has no Protocol to say so.
    def __init__(self, device, max_message: int = DEFAULT_MAX_MESSAGE) -> None:  # type: ignore[no-untyped-def]  # noqa: ANN001
        self._device = device
        self._max_message = max_message
        # (kind, request id, CRC of the message, answer)
        self._answers: "list[tuple[int, int, int, bytes] | None]" = [None] * _REMEMBERED
        self._answer_at = 0
        self._schedules = hasattr(device, "store_schedule")
        self._blob = bytearray(MAX_BYTES if self._schedules else 0)
        self._begun = (_NO_VERSION, 0, 0)  # version, size, CRC of the schedule being received
        self._got_bytes = 0

    def begin(self) -> None:
        """A new session: forgets request ids and a schedule half received.

        The next gateway process counts its request ids anew.
        """
        for i in range(_REMEMBERED):
            self._answers[i] = None
        self._begun = (_NO_VERSION, 0, 0)
        self._got_bytes = 0

    def _forget(self, kind: int) -> None:
        for i, answer in enumerate(self._answers):
            if answer and answer[0] == kind:
                self._answers[i] = None

    def push(self, blob: bytes) -> bytes:
        """The message that carries whole records (32 bytes each) nobody asked for."""
        return m.encode(m.RECORDS, 0, tail=blob)

    def receive(self, data: bytes) -> "list[bytes]":
        """The answers to one message, in order.

        A command with an effect that comes again (same kind, request id and bytes) gets its
        stored answer and has no second effect. Raises RemoteProtocolError when `data` is no
        command: the session must end.
        """
        message = m.decode(data)
        if message.request_id == 0:
            raise RemoteProtocolError("request id 0 is kept for pushed records")
        if message.kind in self._QUESTIONS:
            answers: "list[bytes]" = self._QUESTIONS[message.kind](self, message)
            return answers
        if message.kind not in self._COMMANDS:
            raise RemoteProtocolError("kind 0x%02x goes device to gateway only" % message.kind)
        return [self._once(message, crc32(data))]

    def _once(self, message: "m.Message", crc: int) -> bytes:
        for answer in self._answers:
            if answer and answer[:3] == (message.kind, message.request_id, crc):
                return answer[3]
        if message.kind in _SCHEDULES and not self._schedules:
            code = m.REFUSED_UNKNOWN
        else:
            code = self._COMMANDS[message.kind](self, message)
        status = m.encode(m.STATUS, message.request_id, message.kind, code)
        if message.kind in (m.SCHEDULE_BEGIN, m.SCHEDULE_CHUNK):
            return status  # done again they do no more than once, so they are not remembered
        self._answers[self._answer_at] = (message.kind, message.request_id, crc, status)
        self._answer_at = (self._answer_at + 1) % _REMEMBERED
        return status

    # --- questions and steps: asked again they are simply answered again ---

    def _state(self, message: "m.Message") -> "list[bytes]":
        return [m.encode(m.STATE, message.request_id, *self._device.state())]

    def _report(self, message: "m.Message") -> "list[bytes]":
        first = message.fields["first_seq"]
        last = min(message.fields["last_seq"], first + WINDOW_RECORDS - 1)
        records = self._device.records(first, last) if first <= last else []
        fit = max(1, (self._max_message - _RECORDS_HEAD_BYTES) // m.RECORD_BYTES)
        out = []
        for i in range(0, len(records), fit):
            tail = b"".join(records[i : i + fit])
            out.append(m.encode(m.RECORDS, message.request_id, tail=tail))
        epoch = self._device.state()[0]
        out.append(m.encode(m.REPORT_END, message.request_id, epoch, len(records)))
        return out

    def _schedule_part(self, message: "m.Message") -> "list[bytes]":
        """From `offset_bytes` as much as fits; an empty part past the end.

        The part names the version stored, also where another one was asked for.
        """
        if not self._schedules:
            return _unknown(message)
        offset = message.fields["offset_bytes"]
        version, blob = self._device.schedule_blob()
        tail = blob[offset : offset + self._max_message - _PART_HEAD_BYTES]
        return [m.encode(m.SCHEDULE_PART, message.request_id, version, offset, tail=tail)]

    def _parameters(self, message: "m.Message") -> "list[bytes]":
        read = getattr(self._device, "parameters", None)
        if read is None:
            return _unknown(message)
        return [m.encode(m.PARAMETERS, message.request_id, tail=encode_parameters(read()))]

    def _vitals(self, message: "m.Message") -> "list[bytes]":
        read = getattr(self._device, "vitals", None)
        if read is None:
            return _unknown(message)
        return [m.encode(m.VITALS, message.request_id, *read())]

    def _meter(self, message: "m.Message") -> "list[bytes]":
        read = getattr(self._device, "meter", None)
        if read is None:
            return _unknown(message)
        return [m.encode(m.METER, message.request_id, *read())]

    def _update(self, message: "m.Message") -> "list[bytes]":
        """Done again a step of an update does no more than once, so answers are not remembered."""
        update = getattr(self._device, "update", None)
        state = update(message.kind, message.fields, message.tail) if update else None
        if state is None:
            return _unknown(message)
        return [m.encode(m.UPDATE_STATE, message.request_id, *state)]

    # --- commands: each gives a code ---

    def _set_time(self, message: "m.Message") -> int:
        code: int = self._device.set_time(message.fields)
        return code

    def _acknowledge(self, message: "m.Message") -> int:
        code: int = self._device.acknowledge(message.fields["epoch"], message.fields["up_to_seq"])
        return code

    def _optional(self, message: "m.Message") -> int:
        """A command that some devices do not know; its fields are the callback's arguments."""
        name, _fmt, names, _tail = m.TABLE[message.kind]
        do = getattr(self._device, name, None)
        if do is None:
            return m.REFUSED_UNKNOWN
        code: int = do(*[message.fields[field] for field in names])
        return code

    def _set_parameter(self, message: "m.Message") -> int:
        parameter = message.fields["parameter"]
        if not allowed(parameter, message.fields["value"]):
            return m.REFUSED_RANGE
        shown = getattr(self._device, "parameters", None)
        if shown and parameter not in dict(shown()):
            return m.REFUSED_UNKNOWN  # another kind of device has it
        return self._optional(message)

    def _schedule_begin(self, message: "m.Message") -> int:
        version = message.fields["version"]
        size = message.fields["size_bytes"]
        crc = message.fields["crc"]
        if not HEAD_BYTES <= size <= MAX_BYTES or (size - HEAD_BYTES) % ENTRY_BYTES:
            return m.REFUSED_RANGE
        self._forget(m.SCHEDULE_COMMIT)  # the commit to come is another one
        state = self._device.state()
        stored_version, stored_crc = state[4], state[5]
        if version < stored_version or (version == stored_version and crc != stored_crc):
            return m.REFUSED_OLDER_VERSION
        self._begun = (version, size, crc)
        self._got_bytes = 0
        return m.OK

    def _schedule_chunk(self, message: "m.Message") -> int:
        offset = message.fields["offset_bytes"]
        end = offset + len(message.tail)
        if message.fields["version"] != self._begun[0] or offset > self._got_bytes:
            return m.REFUSED_STATE
        if end > self._begun[1]:
            return m.REFUSED_RANGE
        self._blob[offset:end] = message.tail
        self._got_bytes = max(self._got_bytes, end)
        return m.OK

    def _schedule_commit(self, message: "m.Message") -> int:
        version, size, crc = self._begun
        if message.fields["version"] != version or self._got_bytes != size:
            return m.REFUSED_STATE
        blob = bytes(memoryview(self._blob)[:size])
        if crc32(blob) != crc:
            return m.REFUSED_CRC
        self._begun = (_NO_VERSION, 0, 0)
        self._got_bytes = 0
        code: int = self._device.store_schedule(version, blob)
        return code

    # Functions, not their names: on a chip a third of what strings take.
    _QUESTIONS = {
        m.READ_STATE: _state,
        m.REPORT: _report,
        m.READ_SCHEDULE: _schedule_part,
        m.READ_PARAMETERS: _parameters,
        m.READ_VITALS: _vitals,
        m.READ_METER: _meter,
        m.UPDATE_BEGIN: _update,
        m.UPDATE_CHUNK: _update,
        m.UPDATE_FINISH: _update,
    }
    _COMMANDS = {
        m.SET_TIME: _set_time,
        m.ACKNOWLEDGE: _acknowledge,
        m.PROMPT_TEST: _optional,
        m.LOCATE: _optional,
        m.REFILL: _optional,
        m.AWAY: _optional,
        m.ASK: _optional,
        m.CLOSE_SLOT: _optional,
        m.HELP_STATE: _optional,
        m.SET_PARAMETER: _set_parameter,
        m.SCHEDULE_BEGIN: _schedule_begin,
        m.SCHEDULE_CHUNK: _schedule_chunk,
        m.SCHEDULE_COMMIT: _schedule_commit,
    }


def _unknown(message: "m.Message") -> "list[bytes]":
    return [m.encode(m.STATUS, message.request_id, message.kind, m.REFUSED_UNKNOWN)]


_SCHEDULES = (m.SCHEDULE_BEGIN, m.SCHEDULE_CHUNK, m.SCHEDULE_COMMIT)
