"""What the gateway may ask of a care plug, and what it writes by itself: the real main.

Runs under MicroPython.
"""

from anbu_device.core.gains import UNITY
from anbu_device.edge import disk
from anbu_wire import bthome, metering
from anbu_wire import messages as m
from anbu_wire import settings as s
from tests.firmware.plug.parts import Board, careplug, passes, provisioned, records_of
from tests.firmware.power.chips import formatted

TYPE_CHECKING = False  # MicroPython has no typing
if TYPE_CHECKING:
    from typing import Any

WALL_S = 845_000_000
SEOUL = {s.LATITUDE_DEG: 127, s.SOLAR_NOON_MIN: 212}


def plug_of(reset_cause: int = 1) -> "Any":  # noqa: ANN401 - main's
    return careplug(formatted(64), Board(provisioned(), reset_cause))


_asked = [0]


def ask(plug: "Any", kind: int, *values: int, tail: bytes = b"") -> "m.Message":  # noqa: ANN401 - main's
    """One message of the gateway and its one answer."""
    _asked[0] += 1
    (answer,) = plug.link.receive(m.encode(kind, _asked[0], *values, tail=tail))
    return m.decode(answer)


def kinds_of(plug: "Any") -> "list[tuple[int, int]]":  # noqa: ANN401 - main's
    return [(record.kind, record.value) for record in records_of(plug)]


def test_power_came_or_only_a_restart() -> None:
    """MAINS_BACK follows BOOT where power came; a watchdog's or an update's start is BOOT alone."""
    assert kinds_of(plug_of(1)) == [(m.BOOT, 1), (m.MAINS_BACK, 0)]
    for cause in (2, 3, 4, 5):
        assert kinds_of(plug_of(cause)) == [(m.BOOT, cause)]


def test_without_a_clock_records_carry_uptime_and_timeline() -> None:
    """There is no clock chip: until SET_TIME the wall time is 0; then the timeline is raised."""
    plug = plug_of()
    passes(plug, 10)
    before = records_of(plug)[-1]
    assert before.wall_s == 0
    assert ask(plug, m.SET_TIME, WALL_S, 0, 540, 0, 540).fields["code"] == m.OK
    after = records_of(plug)[-1]
    assert after.kind == m.CLOCK_SET
    assert after.wall_s == WALL_S
    assert after.timeline == before.timeline + 1
    assert after.uptime_ms >= before.uptime_ms
    assert ask(plug, m.SET_TIME, WALL_S, 0, 5400, 0, 540).fields["code"] == m.REFUSED_RANGE


def test_state_says_what_a_plug_is() -> None:
    """No schedule, no battery; the log's numbers as they are."""
    plug = plug_of()
    fields = ask(plug, m.READ_STATE).fields
    assert fields["battery_percent"] == m.NO_BATTERY
    assert (fields["schedule_version"], fields["schedule_crc"]) == (0, 0)
    assert fields["newest_seq"] == 2


def test_what_only_a_box_knows_is_refused() -> None:
    """Schedules, refills, questions, prompts: unknown here, by a word and not by silence."""
    plug = plug_of()
    for kind, values in (
        (m.SCHEDULE_BEGIN, (1, 64, 0)),
        (m.SCHEDULE_CHUNK, (1, 0)),
        (m.SCHEDULE_COMMIT, (1,)),
        (m.READ_SCHEDULE, (1, 0)),
        (m.PROMPT_TEST, (0,)),
        (m.REFILL, (1, 0)),
        (m.AWAY, (0, 0)),
        (m.ASK, (1, 60)),
        (m.CLOSE_SLOT, (1, 0, 0)),
        (m.HELP_STATE, (0,)),
        (m.UPDATE_BEGIN, (2, 100, 0)),  # no loader started this one
        (m.SET_PARAMETER, (s.LOUDNESS, 1)),
    ):
        answer = ask(plug, kind, *values)
        assert answer.kind == m.STATUS, kind
        assert answer.fields["code"] == m.REFUSED_UNKNOWN, kind


def test_parameters_are_kept_and_in_force() -> None:
    """A user's gain and the place hold at once and after a restart; the factory's cannot be set."""
    nor, values = formatted(64), provisioned()
    values["factory_power"] = UNITY * 11 // 10
    plug = careplug(nor, Board(values))
    rows = s.decode_parameters(ask(plug, m.READ_PARAMETERS).tail)
    assert rows[s.POWER_GAIN] == UNITY
    assert rows[s.FACTORY_POWER_GAIN] == UNITY * 11 // 10
    assert rows[s.LATITUDE_DEG] > 180  # nobody said yet
    assert ask(plug, m.SET_PARAMETER, s.POWER_GAIN, UNITY * 9 // 10).fields["code"] == m.OK
    for parameter, value in SEOUL.items():
        assert ask(plug, m.SET_PARAMETER, parameter, value).fields["code"] == m.OK
    code = ask(plug, m.SET_PARAMETER, s.FACTORY_POWER_GAIN, UNITY).fields["code"]
    assert code == m.REFUSED_RANGE
    for again in (plug, careplug(nor, Board(values))):
        again.board.meter.watts = 1000
        passes(again, 2)
        fields = ask(again, m.READ_METER).fields
        assert fields["raw_power_mw"] == 1_000_000
        assert abs(fields["power_mw"] - 990_000) < 100
        assert dict(again.service.parameters())[s.LATITUDE_DEG] == 127
    assert again.plug._solar_noon_min == 212  # the plug itself was told where it stands


def test_a_store_that_takes_nothing_refuses_a_choice() -> None:
    """What would be forgotten by the next start is not said to be kept, nor held to."""
    plug = plug_of()
    plug.board.store.broken = True
    code = ask(plug, m.SET_PARAMETER, s.POWER_GAIN, UNITY + 5).fields["code"]
    assert code == m.REFUSED_STORAGE
    assert dict(plug.service.parameters())[s.POWER_GAIN] == UNITY


def test_the_meter_as_it_measures_now() -> None:
    """METER's values with their flags; what is old, or was never measured, is 0 without a flag."""
    plug = plug_of()
    fields = ask(plug, m.READ_METER).fields
    has = metering.HAS_METER | metering.HAS_LIGHT | metering.HAS_BUTTON
    assert fields["flags"] == has
    assert fields["voltage_mv"] == 0
    passes(plug, 30)
    plug.board.meter.watts = 1800
    plug.board.light.lux = 120
    passes(plug, 30)
    fields = ask(plug, m.READ_METER).fields
    known = metering.VOLTAGE | metering.CURRENT | metering.POWER | metering.LIGHT
    assert fields["flags"] == has | known | metering.LOAD_ON
    assert (fields["voltage_mv"], fields["power_mw"]) == (230_000, 1_800_000)
    assert (fields["lux_centi"], fields["loads"]) == (12_000, 1)
    assert 0 < fields["threshold_w"] < 1800
    plug.board.meter.watts = None
    passes(plug, 10)
    fields = ask(plug, m.READ_METER).fields
    assert not fields["flags"] & (metering.VOLTAGE | metering.CURRENT | metering.POWER)
    assert (fields["voltage_mv"], fields["raw_power_mw"]) == (0, 0)


def test_a_kettle_is_a_record_that_is_pushed() -> None:
    """A load that a person switched is in the log and on the air; so is a press of the button."""
    plug = plug_of()
    passes(plug, 10)
    plug.board.meter.watts = 1800
    passes(plug, 30)
    assert kinds_of(plug)[-1] == (m.LOAD_ON, 1800)
    pushed = m.decode(plug.radio.pushed[-1])
    assert m.decode_records(pushed.tail)[-1].kind == m.LOAD_ON
    plug.board.down = True
    plug.write(plug.hand.take(plug.uptime_ms()))
    for _ in range(5):
        plug.clock.uptime_ms += 15
        plug.write(plug.hand.take(plug.clock.uptime_ms))
    assert kinds_of(plug)[-1] == (m.OK_PRESSED, 0)
    assert ask(plug, m.READ_METER).fields["flags"] & metering.PRESSED


def test_each_hour_a_summary_and_what_was_learnt() -> None:
    """ENERGY, ACTIVITY and BRIGHTNESS once an hour, and only then the state is written."""
    plug = plug_of()
    replaced: list[str] = []
    replace = plug.disk.replace

    def noted(name: str, blob: bytes) -> None:
        replaced.append(name)
        replace(name, blob)

    plug.disk.replace = noted
    plug.board.meter.watts = 100
    plug.board.light.lux = 50
    passes(plug, 3 * 3600 + 60)
    kinds = [kind for kind, _value in kinds_of(plug)]
    for kind in (m.ENERGY, m.ACTIVITY, m.BRIGHTNESS):
        assert kinds.count(kind) == 3, kind
    assert replaced == ["plug"] * 3


def test_a_dead_chip_is_told_and_advertised() -> None:
    """SENSOR_FAULT with the chip's number, the FAULT flag on the air, SENSOR_BACK afterwards."""
    plug = plug_of()
    passes(plug, 1)
    assert plug.radio.advertised == 0
    plug.board.dead_chips = 2
    passes(plug, 1)
    assert kinds_of(plug)[-1] == (m.SENSOR_FAULT, 1)
    assert plug.radio.advertised == 2
    plug.board.dead_chips = 0
    passes(plug, 1)
    assert kinds_of(plug)[-1] == (m.SENSOR_BACK, 1)
    assert plug.radio.advertised == 0


def test_a_board_without_meter_or_light() -> None:
    """What is not fitted is no fault, has no gain and no flag."""
    board = Board(provisioned())
    board.has_meter = False
    board.meter = None
    board.light = None
    plug = careplug(formatted(64), board)
    passes(plug, 3700)
    assert ask(plug, m.READ_METER).fields["flags"] == metering.HAS_BUTTON
    rows = s.decode_parameters(ask(plug, m.READ_PARAMETERS).tail)
    assert sorted(rows) == sorted(SEOUL)
    assert [kind for kind, _value in kinds_of(plug)] == [m.BOOT, m.MAINS_BACK, m.ENERGY]


ADDRESS = bytes((0x54, 0x48, 0xE6, 0x8F, 0x80, 0xA5))


def told(plug: "Any") -> "tuple[int, dict[int, int]]":  # noqa: ANN401 - main's
    """(counter, values) of what is broadcast now, opened with the key."""
    payload = plug.beacon(ADDRESS)
    key = plug.board.store.values["bthome_key"]
    counter, objects = bthome.open_service_data(key, ADDRESS, payload[7:])
    return counter, bthome.values(objects)


def test_what_everybody_with_the_key_may_know() -> None:
    """Lux, energy and power, sealed; each broadcast has the next counter and packet id."""
    plug = plug_of()
    assert told(plug)[1] == {bthome.PACKET_ID: 0, bthome.ENERGY_WH: 0}
    plug.board.meter.watts = 1800
    plug.board.light.lux = 120
    passes(plug, 3600)
    counter, values = told(plug)
    assert (counter, values[bthome.PACKET_ID]) == (1, 1)
    assert (values[bthome.LUX_CENTI], values[bthome.POWER_CW]) == (12_000, 180_000)
    assert 1750 <= values[bthome.ENERGY_WH] <= 1800
    plug.board.meter.watts = plug.board.light = None
    plug.sense._light = None
    passes(plug, 10)
    assert set(told(plug)[1]) == {bthome.PACKET_ID, bthome.ENERGY_WH}


def test_without_its_key_nothing_is_broadcast() -> None:
    """No key, half a key, or a store that promises no counter: the beacon is silent."""
    for wrong in ("bthome_key", "bthome_count"):
        values = provisioned()
        del values[wrong]
        assert careplug(formatted(64), Board(values)).beacon(ADDRESS) == b""
    values = provisioned()
    values["bthome_key"] = bytes(8)
    assert careplug(formatted(64), Board(values)).beacon(ADDRESS) == b""


def test_the_counter_goes_on_over_restarts() -> None:
    """Whatever number was on the air, after a start a higher one comes."""
    nor, values = formatted(64), provisioned()
    last = -1
    for cause in (1, 3, 1, 2):
        plug = careplug(nor, Board(values, cause))
        for _ in range(3):
            counter, _values = told(plug)
            assert counter > last
            last = counter


def test_a_new_session_forgets_what_was_pressed() -> None:
    """`anbu verify` asks for a press of now, not for one of yesterday."""
    plug = plug_of()
    plug.hand._pressed = True
    plug.radio.began()
    assert not ask(plug, m.READ_METER).fields["flags"] & metering.PRESSED


def test_locate_blinks_and_ends() -> None:
    """The small light blinks for the time asked, then the flat is dark again."""
    plug = plug_of()
    assert ask(plug, m.LOCATE, 3).fields["code"] == m.OK
    assert plug.hand.busy(plug.uptime_ms())
    passes(plug, 1)
    assert plug.board.lit
    passes(plug, 3)
    assert not plug.board.lit
    assert ask(plug, m.LOCATE, 30).fields["code"] == m.OK
    assert ask(plug, m.LOCATE, 0).fields["code"] == m.OK
    assert not plug.hand.busy(plug.uptime_ms())


def test_vitals_say_how_the_plug_is() -> None:
    """Heap, boot, reset cause; no battery and no thermometer."""
    fields = ask(plug_of(3), m.READ_VITALS).fields
    assert (fields["boot"], fields["reset_cause"], fields["battery_mv"]) == (1, 3, 0)
    assert fields["temperature_c_quarters"] == -32768
    assert fields["heap_free_bytes"] > 0


def test_hello_says_care_plug() -> None:
    """What a stranger can read: the kind, the epoch, the device id."""
    plug = plug_of()
    assert plug.radio.hello[1] == 2
    assert plug.radio.about[0] == "Anbu care plug"


def test_what_was_learnt_outlives_a_restart() -> None:
    """A standby of 40 W was learnt in an hour: after a restart its threshold holds at once."""
    nor, values = formatted(64), provisioned()
    plug = careplug(nor, Board(values))
    fresh_w = plug.plug.threshold_w
    plug.board.meter.watts = 40
    passes(plug, 3 * 3600 + 60)
    learnt_w = plug.plug.threshold_w
    assert learnt_w > fresh_w
    assert careplug(nor, Board(values, 3)).plug.threshold_w == learnt_w


def test_a_gain_is_at_once_in_what_is_told() -> None:
    """Whoever calibrates and asks again gets no value of before, and no energy out of nothing."""
    plug = plug_of()
    plug.board.meter.watts = 1000
    passes(plug, 3)
    energy_wh = plug.plug.energy_wh
    assert ask(plug, m.SET_PARAMETER, s.POWER_GAIN, UNITY * 98 // 100).fields["code"] == m.OK
    fields = ask(plug, m.READ_METER).fields
    assert fields["raw_power_mw"] == 1_000_000
    assert abs(fields["power_mw"] - 980_000) < 100
    assert fields["energy_wh"] == energy_wh


def test_no_two_files_are_open_at_a_time() -> None:
    """Each takes a kilobyte in one piece: a heap in pieces has room for one of them."""
    plug = plug_of()
    opened = []

    def watched(path: str, mode: str) -> "Any":  # noqa: ANN401 - a file
        assert plug.disk._file is None, path
        opened.append(path)
        return open(path, mode)

    disk.open = watched  # type: ignore[attr-defined]  # stands before the builtin
    try:
        for _ in range(2):
            plug.write([(m.OK_PRESSED, (0, 0), 0, 0)])
            assert len(plug.log.records(1, 3)) == 3
            plug.write([(m.ENERGY, (0, 0), 0, 7)])
            assert plug.disk.read_or_empty("plug")
    finally:
        del disk.open  # type: ignore[attr-defined]
    assert len(opened) == 5  # the newest records are read through the file that is open
    assert kinds_of(plug)[2:] == 2 * [(m.OK_PRESSED, 0), (m.ENERGY, 7)]


def test_a_heap_without_room_for_the_state_ends_nothing() -> None:
    """What was learnt is kept an hour later; the summary itself is in the log."""
    plug = plug_of()

    def full(_name: str, _blob: bytes) -> None:
        raise MemoryError

    plug.disk.replace = full
    plug.write([(m.ENERGY, (0, 0), 0, 7)])
    assert kinds_of(plug)[-1] == (m.ENERGY, 7)
