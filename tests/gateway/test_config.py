"""A configuration is understood whole, and every mistake in it is told at once."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import gateway
from gateway.__main__ import EXIT_CONFIG, main
from gateway.config import ConfigError, load
from gateway.config.load import _Reader
from gateway.prescription.plan import plan
from gateway.roster import SEOUL, from_json, to_json
from tests.gateway.home_facts import at

EXAMPLE = Path(gateway.__file__).parent / "example.toml"
KEY = "000102030405060708090a0b0c0d0e0f"


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A folder with the example and its key file."""
    shutil.copy(EXAMPLE, tmp_path / "gateway.toml")
    key = tmp_path / "AB-000001.key"
    key.write_text(KEY + "\n", encoding="ascii")
    key.chmod(0o600)
    return tmp_path / "gateway.toml"


def test_a_file_of_another_code_says_which_line_and_what_to_do(place: Path) -> None:
    """As a Korean Windows saves it: its code page is refused in words, UTF-8's mark is no fault."""
    text = place.read_text(encoding="utf-8")
    place.write_bytes("[gateway]\n# 안부\n".encode("cp949"))
    assert problems(place) == ["is not UTF-8 (line 2); save the file as UTF-8 in your editor"]
    place.write_text(text, encoding="utf-8-sig")
    assert load(place).roster.persons[0].name == "김순자"


def problems(path: Path) -> list[str]:
    """What is told about a file that must be wrong."""
    with pytest.raises(ConfigError) as caught:
        load(path)
    return caught.value.problems


def change(path: Path, old: str, new: str) -> None:
    """Replace a piece of the file that must be there."""
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def test_the_example_is_a_configuration(place: Path) -> None:
    """The example that is shipped loads, with its paths beside it and its key read."""
    config = load(place)
    assert config.database == place.parent / "anbu.db"
    assert config.keys == {"AB-000001": bytes(range(16))}
    assert config.web is not None
    assert config.web.port == 8080
    assert [g.after_min for g in config.roster.guardians] == [0, 15]
    labels = {s.label for s in plan(config.roster, "soonja", at("12:00"))}
    assert labels == {"morning", "noon", "evening", "bedtime"}


def test_the_roster_survives_the_log(place: Path) -> None:
    """The roster read back from its JSON is the roster."""
    roster = load(place).roster
    assert from_json(to_json(roster)) == roster


def test_defaults_are_enough(tmp_path: Path) -> None:
    """Without [radio], [web] and [policy] there is BlueZ, no page, and the usual policy."""
    key = tmp_path / "k"
    key.write_text(KEY, encoding="ascii")
    key.chmod(0o600)
    path = tmp_path / "g.toml"
    path.write_text(
        '[gateway]\nhome_id="h"\ndatabase="d"\n[modem]\nport="/dev/x"\n'
        '[[person]]\nid="p"\nname="김순자"\n[[device]]\nid="d"\nperson="p"\nkey_file="k"\n'
        '[[guardian]]\nid="g"\nperson="p"\nname="이"\nnumber="+821012345678"\n'
        '[[guardian]]\nid="g2"\nperson="p"\nname="박"\nnumber="+821012345679"\n'
        '[[regimen]]\nperson="p"\nslots=["evening"]\n',
        encoding="utf-8",
    )
    config = load(path)
    assert (config.web, config.radio.backend) == (None, "bluez")
    assert config.roster.policy.grace_min == 5
    assert [g.after_min for g in config.roster.guardians] == [0, 5]


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('home_id = "home-1"', 'home_id = "a b"', "[gateway] home_id: is 'a b'"),
        ('home_id = "home-1"', "", "[gateway] home_id: is missing; allowed: 1 to 40"),
        ('"Asia/Seoul"', '"Asia/Soul"', "[gateway] time_zone: is 'Asia/Soul'"),
        ("port = 8080", "port = 0", "a whole number from 1 to 65535"),
        ("port = 8080", "port = true", "a whole number from 1 to 65535"),
        ('host = "127.0.0.1"', 'host = "0.0.0.0"', "reached from outside without encryption"),
        ('host = "127.0.0.1"', 'host = "example.org"', "an address of this machine"),
        ('host = "127.0.0.1"', "proxy = true", "[web] address: is missing"),
        ('host = "127.0.0.1"', 'host = "0.0.0.0"\nproxy = true', "reached at 0.0.0.0 past it"),
        ('host = "127.0.0.1"', 'address = "https://a.example"', "nobody answers there with TLS"),
        ('host = "127.0.0.1"', 'tls_cert = "nowhere.pem"', "one of them is missing"),
        ("[modem]", "[modern]", "[modern]: unknown section; allowed: [gateway]"),
        ("after_min = 15", "after_mins = 15", "after_mins: unknown key; allowed: id, person"),
        ('"+821012345678"', '"010-1234-5678"', "E.164"),
        ('name = "박영희"', 'name = "🙂"', "cp949"),
        ('slots = ["bedtime"]', 'slots = ["midnight"]', "a list of different slots out of"),
        ('slots = ["bedtime"]', 'slots = ["evening"]', 'has "evening" in several [[regimen]]s'),
        ('slots = ["bedtime"]', 'slots = ["bedtime", "noon"]', "one due for several slots"),
        ('["mon", "wed", "fri"]', '["mon", "moon"]', 'a list of different weekdays out of "mon"'),
        ('["mon", "wed", "fri"]', '["mon"]\nevery_days = 2', "has every_days and weekdays"),
        ('["mon", "wed", "fri"]', '["mon"]\nevery_days = 29', "a whole number from 1 to 28"),
        ('from = "2026-03-02"', 'from = "2026-02-30"', 'a date as "2026-03-02"'),
        ('from = "2026-03-02"', "from = 2026-03-02", 'a date as "2026-03-02"'),
        ('until = "2026-05-31"', 'until = "2026-03-01"', "until is from or later"),
        ("spacing_min = 720", "spacing_min = 2880", "less than the 2880 minutes between"),
        ('criticality = "low"', 'criticality = "lower"', '"normal", "time_critical", "low"'),
        ('until = "07:00" }', 'until = "7" }', '"HH:MM" by from and until'),
        ('{ from = "22:30", until = "07:00" }', '{ from = "22:30" }', "by from and until"),
        ('due = "22:00"', 'due = "25:00"', 'from "00:00" to "23:59"'),
        ('lunch = "12:30"', 'brunch = "12:30"', 'a table of "HH:MM" by breakfast'),
        ('person = "soonja"\nkind', 'person = "sunja"\nkind', 'allowed: "soonja"'),
        ('id = "neighbour"', 'id = "daughter"', '"daughter" is there twice'),
        ('key_file = "AB-000001.key"', 'key_file = "none.key"', "cannot be read"),
        ("grace_min = 5", 'grace_min = "5"', "a whole number from 1 to 60"),
    ],
)
def test_each_mistake_is_told(place: Path, old: str, new: str, told: str) -> None:
    """Key, value and what is allowed stand in the line about a mistake."""
    change(place, old, new)
    assert any(told in problem for problem in problems(place)), problems(place)


def test_all_mistakes_are_told_at_once(place: Path) -> None:
    """Four mistakes in one file are four lines."""
    change(place, "port = 8080", "port = -1")
    change(place, "after_min = 15", "after_min = -15")
    change(place, "ack_min = 60", "ack_min = 0")
    change(place, 'time_zone = "Asia/Seoul"', 'time_zone = "Seoul"')
    assert len(problems(place)) == 4


def test_a_house_decides_about_classes_of_drugs(place: Path) -> None:
    """What it says stands in the roster, through the log too; what cannot be is told at once."""
    with place.open("a", encoding="utf-8") as file:
        file.write(
            '[drug_class.anticoagulant]\nwindow_min = 60\n[drug_class."우리 약"]\nlate_min = 0\n'
        )
    classes = load(place).roster.drug_classes
    assert classes == {"anticoagulant": {"window_min": 60}, "우리 약": {"late_min": 0}}
    assert from_json(to_json(load(place).roster)).drug_classes == classes
    change(place, "window_min = 60\n[", 'window_min = 0\ncriticality = "high"\nwidth = 3\n[')
    change(place, "late_min = 0", "")
    told = problems(place)
    assert [line.split(":")[0] for line in told] == [
        "[drug_class.우리 약]",
        "[drug_class.anticoagulant] criticality",
        "[drug_class.anticoagulant] width",
        "[drug_class.anticoagulant] window_min",
    ]
    assert "a whole number from 1 to" in told[-1]


@pytest.mark.parametrize("line", ["drug_class = 3", "[drug_class]\nstatin = 3"])
def test_classes_of_drugs_are_sections(place: Path, line: str) -> None:
    """Anything else is told with what to write instead."""
    text = place.read_text(encoding="utf-8")
    place.write_text(f"{line}\n{text}", encoding="utf-8")
    assert problems(place) == [
        "[drug_class]: is not a list of classes; write [drug_class.NAME] for each"
    ]


@pytest.mark.parametrize(
    ("text", "mode", "told"),
    [
        ("0000\n", 0o600, []),
        ("12345678", 0o600, []),
        ("123", 0o600, ["holds no PIN"]),
        ("0000", 0o644, ["has mode 644"]),
        (None, 0o600, ["cannot be read"]),
    ],
)
def test_the_pin_stands_in_a_file_of_its_owner(
    place: Path, text: str | None, mode: int, told: list[str]
) -> None:
    """Never in the configuration, and never in what is told about a mistake."""
    change(place, "[modem]\n", '[modem]\npin_file = "sim.pin"\nreset_line = "rts"\n')
    pin = place.parent / "sim.pin"
    if text is not None:
        pin.write_text(text, encoding="ascii")
        pin.chmod(mode)
    if told:
        found = problems(place)
        assert [word in line for word, line in zip(told, found, strict=True)] == [True]
        assert (text or "none") not in found[0]
    else:
        config = load(place)
        assert (config.modem_pin_file, config.modem_reset_line) == (pin, "rts")


def test_every_other_day_needs_a_first_one(place: Path) -> None:
    """격일 from which day on? Without it the mistake says what is missing."""
    change(place, 'weekdays = ["mon", "wed", "fri"]', "every_days = 2")
    assert load(place).roster.regimens[2].every_days == 2
    change(place, 'from = "2026-03-02"', "")
    assert any("has every_days and no from" in p for p in problems(place))


@pytest.mark.parametrize(
    ("compartment", "told"),
    [
        (13, None),
        (5, None),  # Tuesday noon: the noon regimen has Monday, Wednesday, Friday
        (12, "uses compartment 12 (thu morning) twice"),
        (1, "uses compartment 1 (mon noon) twice"),
        (28, "a whole number from 0 to 27"),
    ],
)
def test_a_prn_compartment_is_its_own(place: Path, compartment: int, told: str | None) -> None:
    """A compartment that a regimen fills is no PRN compartment; a free one is."""
    with place.open("a", encoding="utf-8") as file:
        file.write(
            f'\n[[as_needed]]\nperson = "soonja"\ncompartment = {compartment}\n'
            "spacing_min = 360\ndaily_max = 3\n"
        )
    if told is None:
        assert [a.compartment for a in load(place).roster.as_needed] == [compartment]
        assert from_json(to_json(load(place).roster)) == load(place).roster
    else:
        assert any(told in p for p in problems(place)), problems(place)


def test_mistakes_of_regimens_are_told_at_once(place: Path) -> None:
    """Two persons, two limits, a period, days and a spacing: seven lines."""
    change(place, "every_days = 2, counted", "every other, counted")
    change(place, 'weekdays = ["mon", "wed", "fri"]', 'weekdays = ["mon"]\nevery_days = 3')
    change(place, 'from = "2026-03-02"', 'until = "2026-03-01"\nfrom = "2026-03-02"')
    change(place, 'until = "2026-05-31" ', "")
    change(place, "spacing_min = 720", "spacing_min = 9000")
    with place.open("a", encoding="utf-8") as file:
        for _ in range(2):
            file.write('\n[[as_needed]]\nperson = "x"\ncompartment = 3\nspacing_min = 1\n')
    told = "\n".join(problems(place))
    assert len(told.splitlines()) == 7, told
    for piece in ("daily_max", "[[as_needed]] 2 person", "ends on", "has every_days", "spacing"):
        assert piece in told


def test_nobody_need_live_there_yet(tmp_path: Path) -> None:
    """A file without persons, devices and contacts is one: the page says who lives here."""
    path = tmp_path / "gateway.toml"
    path.write_text('[gateway]\nhome_id="h"\ndatabase="a.db"\n[modem]\nport="/dev/x"\n', "utf-8")
    roster = load(path).roster
    assert (roster.persons, roster.devices, roster.guardians) == ((), (), ())


def test_a_person_needs_somebody_to_tell(place: Path) -> None:
    """A person without a guardian is a mistake: there would be nobody to tell."""
    with place.open("a", encoding="utf-8") as file:
        file.write('\n[[person]]\nid = "alone"\nname = "홍길동"\n')
    assert any("nobody to tell" in p for p in problems(place))


def test_a_key_that_others_can_read_is_refused(place: Path) -> None:
    """The device key is for its owner only; the message says what to type, not the key."""
    key = place.parent / "AB-000001.key"
    key.chmod(0o644)
    told = problems(place)
    assert any("chmod 600" in p for p in told)
    assert not any(KEY in p for p in told)


@pytest.mark.parametrize("text", ["", KEY[:-1], KEY + "00", "g" * 32])
def test_a_key_is_sixteen_bytes(place: Path, text: str) -> None:
    """Anything but 32 hex digits is no key, and is not printed."""
    (place.parent / "AB-000001.key").write_text(text, encoding="ascii")
    told = problems(place)
    assert any("32 hex digits" in p for p in told)
    assert not text or not any(text in p for p in told)


def test_exit_code_and_lines_of_a_bad_file(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """`anbu gateway` leaves with 2 and prints one line a mistake on standard error."""
    change(place, "port = 8080", "port = -1")
    change(place, "ack_min = 60", "ack_min = 0")
    assert main(["--config", str(place)]) == EXIT_CONFIG
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == 2
    assert all(line.startswith(f"anbu gateway: {place}: ") for line in lines)


@pytest.mark.parametrize("text", [None, "[gateway", b"\xff\xfe"])
def test_what_is_no_toml(tmp_path: Path, text: str | bytes | None) -> None:
    """A file that is not there or not TOML is told as such."""
    path = tmp_path / "g.toml"
    if text is not None:
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
    assert main(["--config", str(path)]) == EXIT_CONFIG


def test_an_unknown_backend_is_a_mistake(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A radio backend that is not installed is told like any other mistake."""
    change(place, 'backend = "bluez"', 'backend = "no.such.module"')
    assert main(["--config", str(place)]) == EXIT_CONFIG
    assert "[radio] backend" in capsys.readouterr().err


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=6,
)


@given(
    section=st.sampled_from(["gateway", "radio", "modem", "web", "person", "regimen", "policy"]),
    value=values,
)
def test_no_document_crashes_the_reader(section: str, value: object) -> None:
    """Whatever stands in a section, it is read or its mistakes are told."""
    reader = _Reader({section: value}, Path("/nowhere"))
    reader.read()
    assert reader.problems


PLUGS = """
[[device]]
id = "CP-1"
person = "soonja"
kind = "careplug"
room = "주방"
key_file = "AB-000001.key"
bthome_key_file = "AB-000001.key"
[[device]]
id = "CP-2"
person = "soonja"
kind = "careplug"
key_file = "AB-000001.key"
"""


def test_several_plugs_a_person(place: Path) -> None:
    """Beside her box, each with its room; a key for broadcasts only where one is given."""
    with place.open("a", encoding="utf-8") as file:
        file.write(PLUGS)
    config = load(place)
    devices = config.roster.devices
    assert [(d.id, d.kind, d.room) for d in devices] == [
        ("AB-000001", "pillbox", ""),
        ("CP-1", "careplug", "주방"),
        ("CP-2", "careplug", ""),
    ]
    assert config.bthome_keys == {"CP-1": bytes(range(16))}
    assert set(config.keys) == {"AB-000001", "CP-1", "CP-2"}
    assert (config.roster.latitude, config.roster.longitude) == SEOUL
    assert config.roster.box_of("soonja") == devices[0]
    assert from_json(to_json(config.roster)) == config.roster


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('kind = "careplug"\nroom', 'kind = "plug"\nroom', 'one of "pillbox", "careplug"'),
        ('kind = "careplug"\nroom', 'kind = "pillbox"\nroom', "has several pill boxes"),
        ('kind = "careplug"\nroom', 'kind = "pillbox"\nroom', "bthome_key_file: is of a pill box"),
        ('room = "주방"', 'room = "🍳"', "cp949"),
        (
            'time_zone = "Asia/Seoul"',
            'time_zone = "Asia/Tokyo"',
            "latitude, longitude: are missing",
        ),
        ('time_zone = "Asia/Seoul"', "latitude = 35.1", "latitude, longitude: are missing"),
        ('time_zone = "Asia/Seoul"', "latitude = 91", "a number from -90 to 90"),
        ('bthome_key_file = "AB', 'bthome_key_file = "no', "bthome_key_file: "),
    ],
)
def test_each_mistake_about_plugs_is_told(place: Path, old: str, new: str, told: str) -> None:
    """Kinds, rooms, keys, and where the home is where nobody can guess it."""
    with place.open("a", encoding="utf-8") as file:
        file.write(PLUGS)
    change(place, old, new)
    assert any(told in problem for problem in problems(place)), problems(place)


def test_a_home_elsewhere_says_where(place: Path) -> None:
    """Both degrees, and no problem is left; a home without a plug need not say it."""
    change(place, 'time_zone = "Asia/Seoul"', 'time_zone = "Asia/Tokyo"')
    assert load(place).roster.devices[0].kind == "pillbox"
    with place.open("a", encoding="utf-8") as file:
        file.write(PLUGS)
    change(place, "[radio]", "latitude = 0\nlongitude = 139.7\n[radio]")
    assert (load(place).roster.latitude, load(place).roster.longitude) == (0.0, 139.7)
