"""The three meters against frames from outside: what a frame means, what none of them may mean.

Frames of CSE7766: a real plug's (its 233.3 V and missing power flag told with it), and those that
Tasmota's and OpenBeken's sources print of a Sonoff S31 on American mains (values by hand, and the
counter against the power over the time between them). PZEM-004T: a real one's, with its values.
BL0942: no real packet is published; the one here is put together by the data sheet's formulas.
"""

from anbu_device.edge.bl0942 import Bl0942
from anbu_device.edge.cse7766 import Cse7766, thousandths
from anbu_device.edge.meter import (
    CURRENT_KNOWN,
    CURRENT_MA,
    ENERGY_MASK,
    ENERGY_MWH,
    FLAGS,
    NO_LOAD,
    POWER_KNOWN,
    POWER_MW,
    VOLTAGE_KNOWN,
    VOLTAGE_MV,
)
from anbu_device.edge.pzem004t import Pzem004t, crc16
from tests.firmware.one_line import Line, heard

ALL_KNOWN = VOLTAGE_KNOWN | CURRENT_KNOWN | POWER_KNOWN

PLUG = bytes.fromhex("555A02B7500002FB003D360456914C72506F187861007A4C")
S31 = [
    bytes.fromhex("555A02FCD8000628004132" + tail)
    for tail in (
        "00C9FE537B18023BD47171E3FA",
        "00C9FE537B18023C287171EA56",
        "00D7F2537B18023B717171F1A7",
    )
] + [
    bytes.fromhex("555A02FCD800062F004132" + tail)
    for tail in ("00D7F2537B18023DAF7171F8F5", "00D7F2537B18023E9F7171FEEC")
]
PZEM = bytes.fromhex("01041408D1006C000000F400000026000001F4006400005134")


def cse() -> "tuple[Cse7766, Line]":
    line = Line()
    meter = Cse7766(line)
    assert meter.poll(0) is None
    return meter, line


def faulty(meter: Cse7766) -> bool:
    """Asked anew each time."""
    return meter.guard.faulty


def mended(frame: bytes, **changed: int) -> bytes:
    """A frame with other bytes (b20=0x71) and the sum that belongs to it."""
    data = bytearray(frame)
    for name, value in changed.items():
        data[int(name[1:])] = value
    data[23] = sum(data[2:23]) & 0xFF
    return bytes(data)


def test_a_real_plugs_frame() -> None:
    """233.3 V, and no power: its flag is missing, and 0.69 W would be a ghost."""
    meter, line = cse()
    reading = heard(meter, line, PLUG, 60)
    assert reading == [233289, 55, 0, 0, ALL_KNOWN], reading
    assert heard(meter, line, mended(PLUG, b20=0x71), 120)[POWER_MW] == 688


def test_a_sonoffs_frames() -> None:
    """123.7 V, 0.302 A, 37.2 W; 27 pulses of 5.471 J in five frames are 41 mWh."""
    meter, line = cse()
    readings = [heard(meter, line, frame, 1000 * n) for n, frame in enumerate(S31)]
    assert readings[4][:3] == [123689, 301, 37191], readings
    assert readings[0][:3] == [124238, 322, 37373]
    assert [r[ENERGY_MWH] for r in readings] == [0, 10, 21, 31, 41]
    assert all(r[FLAGS] == ALL_KNOWN for r in readings)


def test_thousandths_are_exact() -> None:
    """As a fraction would give them; nothing to divide by, and nonsense, are no measurement."""
    for coefficient, cycle in ((178000, 763), (15670, 284305), (0xFFFFFF, 0xFFFFFF), (1, 0xFFFFFF)):
        assert thousandths(coefficient, cycle) == coefficient * 1000 // cycle
    assert thousandths(5, 0) == -1
    assert thousandths(0xFFFFFF, 1) == -1


def test_what_the_states_mean() -> None:
    """Over range means that nothing flows; broken coefficients and no calibration mean nothing."""
    meter, line = cse()
    frame = mended(S31[0], b0=0xF6)
    assert heard(meter, line, frame, 60) == [124238, 0, 0, 0, ALL_KNOWN | NO_LOAD]
    frame = mended(S31[0], b0=0xF8)
    assert heard(meter, line, frame, 120)[:3] == [0, 322, 37373]
    for state in (0xF1, 0xFF, 0xAA):
        assert not heard(meter, line, mended(S31[0], b0=state), 180)
    just_started = heard(meter, line, mended(S31[0], b20=0x00), 240)
    assert just_started[:3] == [0, 0, 0]
    assert just_started[FLAGS] == CURRENT_KNOWN | POWER_KNOWN
    no_cycle = mended(S31[0], b5=0, b6=0, b7=0)
    assert heard(meter, line, no_cycle, 300)[FLAGS] == CURRENT_KNOWN | POWER_KNOWN


def test_the_counters_carry() -> None:
    """The counter begins anew with its carry turned; a chip that was reset adds nothing."""
    meter, line = cse()
    full = mended(S31[0], b20=0x71, b21=0xFF, b22=0xFF)
    assert heard(meter, line, full, 0)[ENERGY_MWH] == 0
    assert heard(meter, line, mended(full, b20=0xF1, b21=0, b22=6), 1000)[ENERGY_MWH] == 10
    assert heard(meter, line, mended(full, b20=0x71, b21=0, b22=6), 2000)[ENERGY_MWH] == 10
    assert heard(meter, line, mended(full, b20=0x71, b21=0, b22=13), 3000)[ENERGY_MWH] == 21


def test_energy_begins_anew_at_its_mask() -> None:
    """A difference under the mask is right across the end of 30 bits."""
    meter, line = cse()
    heard(meter, line, S31[0], 0)
    meter._reading[ENERGY_MWH] = ENERGY_MASK - 4
    after = heard(meter, line, S31[1], 1000)[ENERGY_MWH]
    assert after == 5, after


def test_cuts_garbage_and_broken_sums_cost_their_own_frame_only() -> None:
    """What stands before a good frame does not matter: half a frame, a false head, another sum."""
    good = S31[4]
    broken = bytearray(S31[0])
    broken[10] ^= 4
    for before in (
        b"\x55",
        b"\x55\x5a",
        b"\xaa\x55",
        S31[0][:23],
        S31[0][5:],
        bytes(broken),
        b"U" * 50,
    ):
        meter, line = cse()
        reading = heard(meter, line, before + good, 60)
        assert reading and reading[POWER_MW] == 37191, before
    meter, line = cse()
    assert not heard(meter, line, bytes(broken), 60)
    assert not heard(meter, line, good[:11], 120)
    assert heard(meter, line, good[11:], 180)[POWER_MW] == 37191


def test_a_silent_meter_is_faulty_and_tried_again() -> None:
    """After 2 s it is faulty; tried 1, 4 and 16 s later, then once a minute, 2 s each; it heals.

    What came while it rested is old and not believed.
    """
    meter, line = cse()
    assert not faulty(meter)
    meter.poll(1999)
    assert not faulty(meter)
    meter.poll(2000)
    assert faulty(meter)
    began, trying = [], False
    for now_ms in range(2000, 240000, 100):
        meter.poll(now_ms)
        if meter._trying and not trying:
            began.append(now_ms)
        trying = meter._trying
    gaps = [began[0] - 2000] + [began[n + 1] - began[n] for n in range(len(began) - 1)]
    assert gaps[:5] == [1000, 6000, 18000, 62000, 62000], gaps
    line.coming.extend(S31[0])
    while not meter._trying:
        now_ms += 100
        assert meter.poll(now_ms) is None
    assert meter.poll(now_ms + 50) is None
    assert faulty(meter)
    assert heard(meter, line, S31[4], now_ms + 100)[POWER_MW] == 37191
    assert not faulty(meter)


def test_ticks_may_wrap() -> None:
    """Nothing is faulty because the milliseconds began anew at 2^30."""
    line = Line()
    meter = Cse7766(line)
    meter.poll(ENERGY_MASK - 500)
    assert heard(meter, line, S31[0], ENERGY_MASK - 100)
    assert heard(meter, line, S31[1], 800)[ENERGY_MWH] == 10
    assert not faulty(meter)


# --- BL0942: by the data sheet's formulas ---

# 3,500,000 counts of voltage are 220.357 V, 251,066 of current 1 A, −62,303 of power −100 W.
BELLING = bytes.fromhex("55BAD403E067354AD303A10CFF100000" + "1B4100000000")
MODE_READ = bytes.fromhex("A70000")


def summed(data: bytes, before: int) -> bytes:
    return data + bytes((~(sum(data) + before) & 0xFF,))


def belling() -> "tuple[Bl0942, Line]":
    """A meter whose mode was read back."""
    line = Line()
    meter = Bl0942(line)
    assert meter.poll(0) is None
    assert not heard(meter, line, summed(MODE_READ, 0x58 + 0x19), 50)
    return meter, line


def test_belling_is_set_to_60_hz_and_asked() -> None:
    """Unlock, MODE 0xA7, lock, read MODE; only when it reads back is a packet asked for."""
    meter, line = belling()
    writes = "A81D550000E5" + "A819A7000097" + "A81D0000003A"
    assert line.sent == [bytes.fromhex(writes), b"\x58\x19", b"\x58\xaa"]
    line = Line()
    meter = Bl0942(line, 2)
    meter.poll(0)
    assert line.sent[1] == b"\x5a\x19"
    wrong = summed(bytes.fromhex("870000"), 0x5A + 0x19)
    assert not heard(meter, line, wrong, 50)
    assert b"\x5a\xaa" not in line.sent


def test_a_belling_packet() -> None:
    """Volts, amperes, and watts with their sign, within a thousandth of the formula."""
    packet = bytearray(BELLING + bytes(22 - len(BELLING)))
    meter, line = belling()
    for bad in (0x58 ^ 1, 0x59):
        assert not heard(meter, line, summed(bytes(packet), bad), 100)
    line.coming = bytearray()
    reading = heard(meter, line, summed(bytes(packet), 0x58), 400) or heard(
        meter, line, summed(bytes(packet), 0x58), 500
    )
    assert reading == [220356, 1000, -100001, 0, ALL_KNOWN], reading
    packet[13] += 10
    reading = heard(meter, line, summed(bytes(packet), 0x58), 60500)
    assert reading[ENERGY_MWH] == 1870, reading
    packet[13:16] = b"\x00\x00\x00"
    assert heard(meter, line, summed(bytes(packet), 0x58), 60600)[ENERGY_MWH] == 1870


def test_a_part_of_an_answer_is_thrown_away_after_200_ms() -> None:
    """Then it is asked again, and the late rest does not make a packet of two halves."""
    packet = summed(BELLING + bytes(22 - len(BELLING)), 0x58)
    meter, line = belling()
    assert not heard(meter, line, packet[:12], 100)
    asked = len(line.sent)
    assert not heard(meter, line, b"", 249)
    assert len(line.sent) == asked
    assert not heard(meter, line, b"", 250)
    assert len(line.sent) == asked + 1
    assert not heard(meter, line, packet[12:], 300)
    assert heard(meter, line, packet, 350)


# --- PZEM-004T ---


def pzem() -> "tuple[Pzem004t, Line]":
    line = Line()
    meter = Pzem004t(line)
    assert meter.poll(0) is None
    return meter, line


def test_a_real_pzems_answer() -> None:
    """225.7 V, 0.108 A, 24.4 W; asked as the manual asks, and again once it answered."""
    meter, line = pzem()
    assert heard(meter, line, PZEM, 100) == [225700, 108, 24400, 0, ALL_KNOWN]
    assert line.sent == [bytes.fromhex("01040000000A700D")] * 2


def resealed(words: "list[int]") -> bytes:
    data = b"\x01\x04\x14" + b"".join([word.to_bytes(2, "big") for word in words])
    crc = crc16(data, len(data))
    return data + bytes((crc & 0xFF, crc >> 8))


def test_pzem_counts_watt_hours() -> None:
    """Low words first; its counter that was set to 0 adds nothing; a broken CRC says nothing."""
    meter, line = pzem()
    words = [2257, 108, 1, 244, 0, 0xFFFF, 1, 500, 100, 0]
    assert resealed([2257, 108, 0, 244, 0, 38, 0, 500, 100, 0]) == PZEM
    assert heard(meter, line, resealed(words), 100)[CURRENT_MA] == 65536 + 108
    words[5:7] = [1, 2]
    assert heard(meter, line, resealed(words), 10100)[ENERGY_MWH] == 2000
    words[5:7] = [0, 0]
    assert heard(meter, line, resealed(words), 10200)[ENERGY_MWH] == 2000
    bad = bytearray(PZEM)
    bad[4] ^= 1
    assert not heard(meter, line, bad, 10300)
    assert not heard(meter, line, b"\x01\x84\x02\xc2\xc1", 10400)
    assert heard(meter, line, PZEM, 10500)[VOLTAGE_MV] == 225700
