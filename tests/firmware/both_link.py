"""The device's end of the radio language: every command, its answers, and no effect twice."""

from binascii import crc32

from anbu_device.core.link import DeviceLink
from anbu_wire import messages as m
from anbu_wire.errors import RemoteProtocolError
from anbu_wire.schedule import ENTRY_BYTES, HEAD_BYTES, MAX_ENTRIES
from anbu_wire.settings import GAIN_ONE, VOLTAGE_GAIN, decode_parameters

EPOCH = 77
ONE = HEAD_BYTES + ENTRY_BYTES  # bytes of a schedule with one entry


class Device:
    """Records calls; has records 5 to 40 and schedule version 3."""

    def __init__(self) -> None:
        self.calls: "list[tuple[object, ...]]" = []
        self.code = m.OK
        self.version = 3
        self.blob = bytes(range(ONE))

    def state(self) -> "tuple[int, ...]":
        crc = crc32(self.blob)
        return (EPOCH, 5, 40, 1000, self.version, crc, m.SYNCED, 90, 60, 1)

    def records(self, first_seq: int, last_seq: int) -> "list[bytes]":
        return [blob_of(s) for s in range(max(first_seq, 5), min(last_seq, 40) + 1)]

    def acknowledge(self, epoch: int, up_to_seq: int) -> int:
        self.calls.append(("acknowledge", epoch, up_to_seq))
        return self.code

    def set_time(self, fields: "dict[str, int]") -> int:
        self.calls.append(("set_time", fields["wall_s"]))
        return self.code

    def store_schedule(self, version: int, blob: bytes) -> int:
        self.calls.append(("store", version, blob))
        return self.code

    def schedule_blob(self) -> "tuple[int, bytes]":
        return self.version, self.blob

    def prompt_test(self, compartment: int) -> int:
        self.calls.append(("prompt", compartment))
        return self.code


def blob_of(seq: int) -> bytes:
    record = m.Record(seq, 1, seq * 1000, 0, 1, 0, m.LID_OPENED, 3, m.NO_SLOT, 0, 0)
    return m.encode_record(record)


def code_of(answers: "list[bytes]", kind: int, request_id: int) -> int:
    """The code of the one STATUS, after checking what it answers."""
    (answer,) = [m.decode(a) for a in answers]
    assert (answer.kind, answer.request_id) == (m.STATUS, request_id)
    assert answer.fields["command"] == kind
    code: int = answer.fields["code"]
    return code


def send(link: DeviceLink, kind: int, request_id: int, *values: int, tail: bytes = b"") -> int:
    return code_of(link.receive(m.encode(kind, request_id, *values, tail=tail)), kind, request_id)


def send_schedule(link: DeviceLink, version: int, blob: bytes, crc: int, step: int = 10) -> int:
    code = send(link, m.SCHEDULE_BEGIN, 1, version, len(blob), crc)
    for i in range(0, len(blob), step):
        if code == m.OK:
            code = send(link, m.SCHEDULE_CHUNK, 2 + i, version, i, tail=blob[i : i + step])
    return code or send(link, m.SCHEDULE_COMMIT, 9999, version)


def test_every_command_of_the_table_is_answered() -> None:
    """No message of the gateway is without an answer, with the request's own id."""
    link = DeviceLink(Device())
    for kind, (name, _fmt, names, _tail) in m.TABLE.items():
        if kind < m.STATUS:
            values = [0] * len(names)
            answers = link.receive(m.encode(kind, 500 + kind, *values))
            assert answers, name
            for answer in answers:
                assert m.decode(answer).request_id == 500 + kind


def test_messages_of_a_device_are_refused() -> None:
    """A gateway that talks like a device, or uses id 0, ends its session."""
    link = DeviceLink(Device())
    for kind, request_id in ((m.STATE, 1), (m.RECORDS, 1), (m.READ_STATE, 0), (m.PROMPT_TEST, 0)):
        values = [0] * len(m.TABLE[kind][2])
        try:
            link.receive(m.encode(kind, request_id, *values))
        except RemoteProtocolError:
            continue
        raise AssertionError(kind)


def test_a_report_is_split_counted_and_bounded() -> None:
    """Seven records a message, 16 at most, then their count and the epoch."""
    answers = [m.decode(a) for a in DeviceLink(Device()).receive(m.encode(m.REPORT, 7, 6, 1000))]
    assert [a.kind for a in answers] == [m.RECORDS] * 3 + [m.REPORT_END]
    seqs = [r.seq for a in answers[:-1] for r in m.decode_records(a.tail)]
    assert seqs == list(range(6, 22))
    assert answers[-1].fields == {"epoch": EPOCH, "count": 16}


def test_records_fit_a_small_radio() -> None:
    """No RECORDS message is longer than max_message, and one record is always sent."""
    for max_message, expected in ((35, 1), (66, 1), (67, 2), (131, 4), (20, 1)):
        link = DeviceLink(Device(), max_message)
        first = m.decode(link.receive(m.encode(m.REPORT, 1, 5, 20))[0])
        assert len(m.decode_records(first.tail)) == expected


def test_a_report_of_nothing_counts_nothing() -> None:
    """Records the device does not have, or a range that runs backwards."""
    for first, last in ((1, 4), (41, 60), (9, 8)):
        (end,) = DeviceLink(Device()).receive(m.encode(m.REPORT, 1, first, last))
        assert m.decode(end).fields == {"epoch": EPOCH, "count": 0}


def test_a_repeated_command_has_one_effect() -> None:
    """The stored answer comes again, even where the device would answer otherwise by now."""
    device = Device()
    link = DeviceLink(device)
    for kind, values in (
        (m.SET_TIME, (1, 0, 540, 0, 0)),
        (m.ACKNOWLEDGE, (EPOCH, 9)),
        (m.PROMPT_TEST, (3,)),
    ):
        device.code = m.OK
        assert send(link, kind, 12, *values) == m.OK
        device.code = m.REFUSED_STATE
        assert send(link, kind, 12, *values) == m.OK
    assert len(device.calls) == 3
    assert send(link, m.PROMPT_TEST, 13, 3) == m.REFUSED_STATE
    assert len(device.calls) == 4


def test_a_new_session_forgets_request_ids() -> None:
    """The next gateway process counts from 1 again: its commands must have their effect."""
    device = Device()
    link = DeviceLink(device)
    send(link, m.PROMPT_TEST, 1, 3)
    link.begin()
    send(link, m.PROMPT_TEST, 1, 3)
    assert len(device.calls) == 2


def test_the_same_id_with_another_content_is_another_command() -> None:
    """Also without begin() a colliding id does not swallow a different command."""
    device = Device()
    link = DeviceLink(device)
    send(link, m.PROMPT_TEST, 1, 3)
    send(link, m.PROMPT_TEST, 1, 4)
    assert device.calls == [("prompt", 3), ("prompt", 4)]


def test_a_schedule_arrives_in_chunks() -> None:
    """Whole, checked, once: also the largest one and the empty one."""
    for blob in (bytes(HEAD_BYTES), bytes(ONE), bytes(HEAD_BYTES + MAX_ENTRIES * ENTRY_BYTES)):
        device = Device()
        assert send_schedule(DeviceLink(device), 4, blob, crc32(blob), 100) == m.OK
        assert device.calls == [("store", 4, blob)]


def test_a_lost_answer_to_a_chunk_or_commit_does_no_harm() -> None:
    """The same chunk and the same commit again, with the same or a new id."""
    device = Device()
    link = DeviceLink(device)
    blob = bytes(ONE)
    assert send(link, m.SCHEDULE_BEGIN, 1, 4, ONE, crc32(blob)) == m.OK
    for request_id, offset in ((2, 0), (2, 0), (3, 0), (4, 20), (5, 20)):
        tail = blob[offset : offset + 20]
        assert send(link, m.SCHEDULE_CHUNK, request_id, 4, offset, tail=tail) == m.OK
    assert send(link, m.SCHEDULE_COMMIT, 6, 4) == m.OK
    assert send(link, m.SCHEDULE_COMMIT, 6, 4) == m.OK
    assert len(device.calls) == 1


def test_a_schedule_refused_by_the_store_can_be_tried_again_with_the_same_ids() -> None:
    """A gateway that began anew counts from 1 again; no old answer may stand in its way."""
    device = Device()
    link = DeviceLink(device)
    device.code = m.REFUSED_STORAGE
    assert send_schedule(link, 4, bytes(ONE), crc32(bytes(ONE))) == m.REFUSED_STORAGE
    device.code = m.OK
    assert send_schedule(link, 4, bytes(ONE), crc32(bytes(ONE))) == m.OK
    assert len(device.calls) == 2


def test_a_wrong_schedule_is_refused_with_its_reason() -> None:
    """Nothing of it reaches the device's store."""
    device = Device()
    link = DeviceLink(device)
    blob = bytes(ONE)
    crc = crc32(blob)
    assert send_schedule(link, 2, blob, crc) == m.REFUSED_OLDER_VERSION
    link.begin()
    assert send_schedule(link, 3, blob, crc) == m.REFUSED_OLDER_VERSION
    link.begin()
    assert send_schedule(link, 4, blob, crc ^ 1) == m.REFUSED_CRC
    sizes = (0, HEAD_BYTES - 1, ONE - 1, ONE + 16, ONE + MAX_ENTRIES * ENTRY_BYTES)
    for i, size in enumerate(sizes):
        assert send(link, m.SCHEDULE_BEGIN, 100 + i, 4, size, crc) == m.REFUSED_RANGE
    assert device.calls == []


def test_the_schedule_stored_may_be_sent_again() -> None:
    """The same version with the same content is no error: the gateway lost the answer."""
    device = Device()
    assert send_schedule(DeviceLink(device), 3, device.blob, crc32(device.blob)) == m.OK


def test_chunks_out_of_place_are_refused() -> None:
    """No begin, another version, a hole, past the end, a commit too early."""
    device = Device()
    link = DeviceLink(device)
    assert send(link, m.SCHEDULE_CHUNK, 1, 4, 0, tail=bytes(16)) == m.REFUSED_STATE
    assert send(link, m.SCHEDULE_COMMIT, 2, 4) == m.REFUSED_STATE
    assert send(link, m.SCHEDULE_BEGIN, 3, 4, ONE, 0) == m.OK
    assert send(link, m.SCHEDULE_CHUNK, 4, 5, 0, tail=bytes(16)) == m.REFUSED_STATE
    assert send(link, m.SCHEDULE_CHUNK, 5, 4, 16, tail=bytes(16)) == m.REFUSED_STATE
    assert send(link, m.SCHEDULE_CHUNK, 6, 4, 0, tail=bytes(ONE + 1)) == m.REFUSED_RANGE
    assert send(link, m.SCHEDULE_COMMIT, 7, 4) == m.REFUSED_STATE
    assert device.calls == []


def test_the_stores_refusal_is_told() -> None:
    """What the device's own checks say comes back as the commit's code."""
    device = Device()
    device.code = m.REFUSED_STORAGE
    assert send_schedule(DeviceLink(device), 4, bytes(ONE), crc32(bytes(ONE))) == m.REFUSED_STORAGE


def test_the_schedule_can_be_read_back() -> None:
    """In parts, to an empty part at its end."""
    device = Device()
    link = DeviceLink(device, 27)
    got = b""
    part = None
    while part is None or part.tail:
        (answer,) = link.receive(m.encode(m.READ_SCHEDULE, 1, 3, len(got)))
        part = m.decode(answer)
        assert part.fields == {"version": 3, "offset_bytes": len(got)}
        got += part.tail
    assert got == device.blob


def test_a_push_carries_id_zero() -> None:
    """What nobody asked for is known by its request id."""
    message = m.decode(DeviceLink(Device()).push(blob_of(41)))
    assert (message.kind, message.request_id) == (m.RECORDS, 0)
    assert m.decode_records(message.tail)[0].seq == 41


class Able(Device):
    """A device with everything that may be absent."""

    def locate(self, seconds: int) -> int:
        self.calls.append(("locate", seconds))
        return self.code

    def refill(self, mode: int, compartments: int) -> int:
        self.calls.append(("refill", mode, compartments))
        return self.code

    def ask(self, question: int, seconds: int) -> int:
        self.calls.append(("ask", question, seconds))
        return self.code

    def close_slot(self, day: int, index: int, verdict: int) -> int:
        self.calls.append(("close_slot", day, index, verdict))
        return self.code

    def help_state(self, state: int) -> int:
        self.calls.append(("help_state", state))
        return self.code

    def away(self, from_wall_s: int, until_wall_s: int) -> int:
        self.calls.append(("away", from_wall_s, until_wall_s))
        return self.code

    def set_parameter(self, parameter: int, value: int) -> int:
        self.calls.append(("set", parameter, value))
        return self.code

    def parameters(self) -> "list[tuple[int, int]]":
        return [(1, 2), (2, 0)]

    def meter(self) -> "tuple[int, ...]":
        return (230_000, 4, -900, 231_000, 5, -901, 7, 8, 9, 10, 0x702)

    def vitals(self) -> "tuple[int, ...]":
        return (60, 100_000, 3, 1, 4100, -8, 5, 12)


OPTIONAL = (
    (m.LOCATE, (20,), ("locate", 20)),
    (m.REFILL, (1, 0xF0), ("refill", 1, 0xF0)),
    (m.ASK, (7, 60), ("ask", 7, 60)),
    (m.CLOSE_SLOT, (9558, 2, 1), ("close_slot", 9558, 2, 1)),
    (m.HELP_STATE, (1,), ("help_state", 1)),
    (m.AWAY, (5, 9), ("away", 5, 9)),
    (m.SET_PARAMETER, (1, 3), ("set", 1, 3)),
)


def test_what_a_device_cannot_do_it_refuses() -> None:
    """Each command and question that may be absent is answered with REFUSED_UNKNOWN."""
    for kind, values, _call in OPTIONAL:
        assert send(DeviceLink(Device()), kind, 5, *values) == m.REFUSED_UNKNOWN
    for kind in (m.READ_PARAMETERS, m.READ_VITALS, m.READ_METER):
        assert send(DeviceLink(Device()), kind, 5) == m.REFUSED_UNKNOWN


def test_what_a_device_can_do_it_does_once() -> None:
    """The fields arrive in order; a repeated request has its answer and no second effect."""
    for kind, values, call in OPTIONAL:
        device = Able()
        link = DeviceLink(device)
        assert send(link, kind, 5, *values) == m.OK
        assert send(link, kind, 5, *values) == m.OK
        assert device.calls == [call]
        device.code = m.REFUSED_STORAGE
        assert send(link, kind, 6, *values) == m.REFUSED_STORAGE


def test_parameters_out_of_range_never_reach_the_device() -> None:
    """The range is checked at the link."""
    device = Able()
    for parameter, value in ((1, 0), (1, 4), (2, 3), (3, 1), (6, 1440), (8, 1), (77, 1)):
        assert send(DeviceLink(device), m.SET_PARAMETER, 5, parameter, value) == m.REFUSED_RANGE
    assert device.calls == []


def test_parameters_of_another_kind_never_reach_the_device() -> None:
    """What a device does not show it does not have: a gain is nothing for a pill box."""
    device = Able()
    assert send(DeviceLink(device), m.SET_PARAMETER, 5, VOLTAGE_GAIN, GAIN_ONE) == m.REFUSED_UNKNOWN
    assert device.calls == []


def test_a_meter_is_read() -> None:
    """METER's fields in order, with their signs."""
    (told,) = [m.decode(a) for a in DeviceLink(Able()).receive(m.encode(m.READ_METER, 9))]
    assert (told.kind, told.request_id) == (m.METER, 9)
    assert tuple(told.fields[n] for n in m.TABLE[m.METER][2]) == Able().meter()


def test_parameters_and_vitals_are_read() -> None:
    """Rows of parameters, and the vitals' fields with their signs."""
    link = DeviceLink(Able())
    (read,) = [m.decode(a) for a in link.receive(m.encode(m.READ_PARAMETERS, 7))]
    assert (read.kind, read.request_id) == (m.PARAMETERS, 7)
    assert decode_parameters(read.tail) == {1: 2, 2: 0}
    (vitals,) = [m.decode(a) for a in link.receive(m.encode(m.READ_VITALS, 8))]
    assert (vitals.kind, vitals.request_id) == (m.VITALS, 8)
    assert tuple(vitals.fields[n] for n in m.TABLE[m.VITALS][2]) == Able().vitals()
