"""Every message that crosses the air, one row a message, and the record they carry.

Knows: the byte layout of messages and records (all little-endian).
May not know: schedules (anbu_wire.schedule), sessions, seals, radios, clocks, files.

A message is `kind u8, request_id u16`, the row's fixed fields, then the row's tail (raw bytes)
where it has one. A record is 32 bytes; its identity is (device id, log epoch, seq), never its time.
"""

import struct
from binascii import crc32
from collections import namedtuple

from anbu_wire.errors import RemoteProtocolError
from anbu_wire.table import Table

PROTOCOL_VERSION = 1
# Wall times on the air count UTC seconds from 2000-01-01; 0 = not known.
EPOCH_2000_UNIX_S = 946684800

# --- messages ------------------------------------------------------------------------------

SET_TIME = 0x10
SCHEDULE_BEGIN = 0x11
SCHEDULE_CHUNK = 0x12
SCHEDULE_COMMIT = 0x13
REPORT = 0x14
ACKNOWLEDGE = 0x15
READ_STATE = 0x16
PROMPT_TEST = 0x17
READ_SCHEDULE = 0x18
LOCATE = 0x19  # blink and beep; 0 ends it
REFILL = 0x1A
AWAY = 0x1B  # UTC seconds since 2000; 0, 0 = at home
SET_PARAMETER = 0x1C  # ids and ranges: anbu_wire.settings
READ_PARAMETERS = 0x1D
READ_VITALS = 0x1E
ASK = 0x1F  # "press OK if you are fine"; 0 seconds takes the question back
CLOSE_SLOT = 0x20  # by a person's word; verdict: WORD_*
HELP_STATE = 0x21  # what became of a call for help: HELP_*
READ_METER = 0x22  # of a care plug, as it measures now
UPDATE_BEGIN = 0x30  # of the bundle with this version, size and CRC32; asks how far it has come too
UPDATE_CHUNK = 0x31
UPDATE_FINISH = 0x32

STATUS = 0x80
STATE = 0x81
RECORDS = 0x82
REPORT_END = 0x83
SCHEDULE_PART = 0x84
PARAMETERS = 0x85
VITALS = 0x86
RESTING = 0x87  # pushed (request id 0) before the radio rests: heard again after so many seconds
METER = 0x88  # flags and raw values: anbu_wire.metering
UPDATE_STATE = 0xA0  # answers every UPDATE_*; state and reason as in anbu_wire.bundle

TABLE = Table(
    {
        # gateway → device
        SET_TIME: "set_time <IHhIh wall_s wall_ms offset_min change_wall_s next_offset_min",
        SCHEDULE_BEGIN: "schedule_begin <HHI version size_bytes crc",
        SCHEDULE_CHUNK: "schedule_chunk <HH+ version offset_bytes",
        SCHEDULE_COMMIT: "schedule_commit <H version",
        REPORT: "report <II first_seq last_seq",
        ACKNOWLEDGE: "acknowledge <II epoch up_to_seq",
        READ_STATE: "read_state <",
        PROMPT_TEST: "prompt_test <B compartment",
        READ_SCHEDULE: "read_schedule <HH version offset_bytes",
        LOCATE: "locate <B seconds",
        REFILL: "refill <BI mode compartments",
        AWAY: "away <II from_wall_s until_wall_s",
        SET_PARAMETER: "set_parameter <BI parameter value",
        READ_PARAMETERS: "read_parameters <",
        READ_VITALS: "read_vitals <",
        ASK: "ask <HH question seconds",
        CLOSE_SLOT: "close_slot <HBB day index verdict",
        HELP_STATE: "help_state <B state",
        READ_METER: "read_meter <",
        UPDATE_BEGIN: "update_begin <III version size_bytes crc",
        UPDATE_CHUNK: "update_chunk <I+ offset_bytes",
        UPDATE_FINISH: "update_finish <",
        # device → gateway
        STATUS: "status <BB command code",
        STATE: (
            "state <IIIIHIBBIH epoch oldest_seq newest_seq wall_s schedule_version "
            "schedule_crc quality battery_percent uptime_s timeline"
        ),
        RECORDS: "records <+",  # whole records of 32 bytes; request_id 0 = pushed
        REPORT_END: "report_end <IH epoch count",
        SCHEDULE_PART: "schedule_part <HH+ version offset_bytes",
        PARAMETERS: "parameters <+",  # rows of anbu_wire.settings
        VITALS: (
            "vitals <IIHBHhHB uptime_s heap_free_bytes boot reset_cause battery_mv "
            "temperature_c_quarters faults log_percent"
        ),
        RESTING: "resting <I seconds",
        METER: (
            "meter <IIiIIiIIIHH voltage_mv current_ma power_mw raw_voltage_mv "
            "raw_current_ma raw_power_mw energy_wh lux_centi loads threshold_w "
            "flags"
        ),
        UPDATE_STATE: "update_state <IBBI next_offset state reason version",
    }
)

NO_BATTERY = 0xFF  # STATE's battery_percent of a device that has none

# REFILL's modes; `compartments` is a mask, 0 = without guidance
REFILL_END = 0
REFILL_FILL = 1
REFILL_TAKE_OUT = 2  # a few days are taken out for a journey

# CLOSE_SLOT's verdicts
WORD_TAKEN = 0
WORD_NOT_TAKEN = 1

# HELP_STATE's states
HELP_OVER = 0
HELP_COMING = 1

# STATUS codes
OK = 0
REFUSED_OLDER_VERSION = 1
REFUSED_RANGE = 2
REFUSED_CRC = 3
REFUSED_STATE = 4
REFUSED_UNKNOWN = 5
REFUSED_STORAGE = 6

Message = namedtuple("Message", ("kind", "request_id", "fields", "tail"))

_HEAD = "<BH"
_HEAD_BYTES = 3


def encode(kind: int, request_id: int, *values: int, tail: bytes = b"") -> bytes:
    """The bytes of one message. `values` follow the row's field names in order."""
    _name, fmt, names, has_tail = TABLE[kind]
    if len(values) != len(names) or (tail and not has_tail):
        raise ValueError("%s takes %s%s" % (_name, names, " and a tail" if has_tail else ""))
    return struct.pack(_HEAD, kind, request_id) + struct.pack(fmt, *values) + tail


def decode(data: bytes) -> "Message":
    """The message in `data`; `fields` is a dict by field name.

    Raises RemoteProtocolError when the bytes are not a message of the table.
    """
    if len(data) < _HEAD_BYTES:
        raise RemoteProtocolError("message cut: %d bytes" % len(data))
    kind, request_id = struct.unpack(_HEAD, data[:_HEAD_BYTES])
    if kind not in TABLE:
        raise RemoteProtocolError("unknown message kind 0x%02x" % kind)
    name, fmt, names, has_tail = TABLE[kind]
    end = _HEAD_BYTES + struct.calcsize(fmt)
    if len(data) < end or (len(data) > end and not has_tail):
        raise RemoteProtocolError("%s of %d bytes" % (name, len(data)))
    fields = dict(zip(names, struct.unpack(fmt, data[_HEAD_BYTES:end])))
    return Message(kind, request_id, fields, bytes(data[end:]))


# --- records -------------------------------------------------------------------------------

# time quality
UNKNOWN = 0
DRIFTING = 1
SYNCED = 2

NO_COMPARTMENT = 0xFF
NO_SLOT = (0, 0)

# record kinds; `value` in brackets
BOOT = 1  # [reset cause]
CLOCK_SET = 2  # [correction in s, clamped to i16]
SCHEDULE_STORED = 3  # [version]
SLOT_OPEN = 4  # early window begins
SLOT_DUE = 5
SLOT_PROMPTED = 6  # one per series
SLOT_SNOOZED = 7  # [which one of this series]
SLOT_TAKEN = 8  # [0 early, 1 on time, 2 late, 3 by word]
SLOT_LATE = 9  # window closed, may still be taken
SLOT_MISSED = 10  # window closed, nothing opened
SLOT_SKIPPED = 11  # [SKIPPED_*]
SLOT_DOUBTFUL = 12  # [DOUBT_*]
LID_OPENED = 13  # [OPENED_*]
LID_CLOSED = 14  # [seconds it stood open, clamped to i16]
OK_PRESSED = 15
HELP_PRESSED = 16
BATTERY = 17  # [percent]
MAINS_LOST = 18
MAINS_BACK = 19
SENSOR_FAULT = 20  # [which chip]
LOG_NEARLY_FULL = 21  # [percent]
SLOT_UNKNOWN = 22  # nobody watched its window to the end, or the log was lost
UPDATE_RESULT = 23  # [version that is confirmed now, or minus the one that was rolled back]
REFILL_BEGUN = 24  # [mode]
REFILL_ENDED = 25  # [0 by command, 1 by itself]
SLOT_PAUSED = 26  # due while the resident is away: not prompted, not missed
AWAY_SET = 27  # [hours until the end, 0 = at home]
CLOCK_LOST = 28  # [0 never set or without power, 1 it disagreed with the ticks, 2 the chip is dead]
SLOT_POSTPONED = 29  # [minutes after its due time: the spacing is not over before]
LID_LEFT_OPEN = 30  # [minutes]
SHAKEN = 31  # [lids that moved within a second]
COMPARTMENT_FILLED = 32
COMPARTMENT_UNFILLED = 33  # at the refill's end
COMPARTMENT_EMPTIED = 34  # taken out for a journey
HELP_NOT_SENT = 35  # no receipt within ten seconds: shown and sounded
HELP_ANSWERED = 36  # [HELP_*] shown
ASKED = 37  # [question]
ANSWERED = 38  # [question] she pressed OK
UNANSWERED = 39  # [question] nobody did
RECORDS_LOST = 40  # [how many events a full or broken log refused, 0 = will, the supply is weak]
SENSOR_BACK = 41  # [which chip]
SCHEDULE_LOST = 42  # [0 the last good copy runs, 1 none]
TILTED = 43
REFILL_PART = 44  # what a refill was asked for, from this compartment on [a mask of fifteen]
SLOT_UNWATCHED = 45  # not to be missed [0 nobody looked, 1 the clock jumped, 2 lid moved unseen]
LOAD_ON = 46  # [watts] a load that a person switches began; its bouts within 30 min are one
LOAD_OFF = 47  # [minutes the bout lasted]
LIGHT_STEP = 48  # [lux after the step, negative = went down] a lamp, told from daylight
LOAD_PERIODIC = 49  # [1 looks automatic, as a refrigerator does, 0 not any more]
ENERGY = 50  # [Wh of the cumulative counter, modulo 32768]
ACTIVITY = 51  # [minutes a human load was on since the summary before]
BRIGHTNESS = 52  # [mean lux since the summary before, clamped to i16]

# LID_OPENED's values
OPENED_AS_DUE = 0
OPENED_WRONG = 1  # another slot is due
OPENED_AGAIN = 2  # its dose was opened before
OPENED_NO_SLOT = 3
OPENED_REFILL = 4
OPENED_TOO_SOON = 5  # inside the spacing to the dose before
OPENED_AFTER = 6  # its slot is over: missed, skipped, unknown or paused
OPENED_PRN = 7
OPENED_PRN_TOO_SOON = 8
OPENED_PRN_TOO_MANY = 9

# SLOT_DOUBTFUL's values: why a person has to be asked
DOUBT_WRONG_LID = 0  # another lid stood open for more than ten seconds
DOUBT_BRIEF = 1  # opened, but only for less than a second
DOUBT_SHAKEN = 2
DOUBT_BLIND = 3  # opened when nobody knew the time, or unseen
DOUBT_TOO_SOON = 4
DOUBT_REFILL = 5

# SLOT_SKIPPED's values
SKIPPED_LATE = 0  # by the regimen's rule: too near the next dose
SKIPPED_SPACING = 1  # the dose before was opened so late
SKIPPED_BY_WORD = 2

# seq u32 · boot u16 · uptime_ms u48 · wall_s u32 · timeline u16 · quality u8 · kind u8 ·
# compartment u8 · slot day u16, slot index u8 · schedule version u16 · value i16 · crc32 u32
_RECORD = "<IHIHIHBBBHBHhI"
RECORD_BYTES = 32

# `slot`: (day, index), local days from 2000-01-01 and the index within the day; (0, 0) = none
Record = namedtuple(
    "Record",
    ("seq", "boot", "uptime_ms", "wall_s", "timeline", "quality", "kind", "compartment", "slot",
     "schedule_version", "value"),
)  # fmt: skip


def encode_record(record: "Record") -> bytes:
    """The 32 bytes of one record, CRC32 (IEEE) of the first 28 last."""
    r = record
    day, index = r.slot
    low, high = r.uptime_ms & 0xFFFFFFFF, (r.uptime_ms >> 32) & 0xFFFF
    told = (r.wall_s, r.timeline, r.quality, r.kind, r.compartment)
    slot = (day, index, r.schedule_version, r.value)
    body = struct.pack(_RECORD, r.seq, r.boot, low, high, *told, *slot, 0)[:28]
    return body + struct.pack("<I", crc32(body))


def decode_record(data: bytes) -> "Record":
    """The record in 32 bytes. Raises RemoteProtocolError on a wrong length or CRC."""
    if len(data) != RECORD_BYTES:
        raise RemoteProtocolError("record of %d bytes" % len(data))
    f = struct.unpack(_RECORD, data)
    if f[13] != crc32(data[:28]):
        raise RemoteProtocolError("record CRC")
    uptime_ms = f[2] | (f[3] << 32)
    return Record(f[0], f[1], uptime_ms, f[4], f[5], f[6], f[7], f[8], (f[9], f[10]), f[11], f[12])


def decode_records(tail: bytes) -> "list[Record]":
    """All records in the tail of a RECORDS message."""
    if len(tail) % RECORD_BYTES:
        raise RemoteProtocolError("records of %d bytes" % len(tail))
    return [decode_record(tail[i : i + RECORD_BYTES]) for i in range(0, len(tail), RECORD_BYTES)]
