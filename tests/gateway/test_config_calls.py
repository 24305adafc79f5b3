"""[calls]: by what telephone people are called, and every mistake in it at once."""

from __future__ import annotations

from pathlib import Path

import pytest

from gateway.config import ConfigError, load
from gateway.config.calls import CallSettings, SipSettings
from tests.gateway.test_config import place  # noqa: F401 - a fixture

PASSWORD = "l0ng-and-winding"
GOOD = (
    '[calls]\naccount = "07012345678@sip.example.org"\nlines = 2\npassword_file = "sip.password"\n'
)


@pytest.fixture
def desk(place: Path) -> Path:  # noqa: F811 - the fixture
    """The example's folder, with a password beside it."""
    path = place.parent / "sip.password"
    path.write_text(PASSWORD + "\n", encoding="ascii")
    path.chmod(0o600)
    return place


def add(place: Path, text: str) -> None:  # noqa: F811
    with place.open("a", encoding="utf-8") as file:
        file.write("\n" + text)


def problems(place: Path) -> str:  # noqa: F811
    with pytest.raises(ConfigError) as caught:
        load(place)
    return "\n".join(caught.value.problems)


def test_nobody_is_called_unasked(desk: Path) -> None:
    """Without the section there is no telephone."""
    assert load(desk).calls is None


def test_an_account_is_encrypted_unless_said_otherwise(desk: Path) -> None:
    """TLS and SRTP are the default; the server is the account's, the password its file's."""
    add(desk, GOOD)
    sip = SipSettings("07012345678@sip.example.org", "sip.example.org", "tls", True, PASSWORD)
    assert load(desk).calls == CallSettings(2, desk.parent / "sounds", 30, sip)


def test_the_modem_makes_one_call(desk: Path) -> None:
    """A modem has one line and no account."""
    add(desk, '[calls]\nway = "modem"\naudio = "/dev/pcm"\nsounds = "voice"\nkeep_days = 7\n')
    settings = CallSettings(1, desk.parent / "voice", 7, None, Path("/dev/pcm"))
    assert load(desk).calls == settings


def test_the_password_is_shown_nowhere(desk: Path) -> None:
    """It does not stand in what a configuration prints as."""
    add(desk, GOOD)
    assert PASSWORD not in repr(load(desk))


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('[calls]\nway = "pigeon"\n', "[calls] way"),
        ("[calls]\n", "[calls] account: is missing"),
        (GOOD.replace("@", " at "), "[calls] account"),
        (GOOD.replace("lines = 2", "lines = 0"), "[calls] lines"),
        (GOOD.replace("sip.password", "none"), "none cannot be read"),
        (GOOD + 'transport = "udp"\n', "[calls] media_encrypted"),
        (GOOD + "media_encrypted = 1\n", "[calls] media_encrypted"),
        (GOOD + 'server = "sip:x"\n', "[calls] server"),
        (GOOD + "keep_days = 0\n", "[calls] keep_days"),
        (GOOD + 'password = "x"\n', "unknown key"),
        (GOOD.replace("[calls]\n", '[calls]\nway = "modem"\n'), "[calls] password_file: is of"),
        ('[calls]\nway = "modem"\nlines = 2\n', "[calls] lines: is 2"),
        ('[calls]\nway = "modem"\n', "[calls] audio: is missing"),
        (GOOD + 'audio = "/dev/pcm"\n', "[calls] audio: is of a modem"),
        ("calls = 3\n", "[calls]"),
    ],
)
def test_a_mistake_is_told(desk: Path, text: str, told: str) -> None:
    """Each mistake is named with its place and what is allowed."""
    if text.startswith("calls"):  # a key of the document stands in front of every section
        desk.write_text(text + desk.read_text(encoding="utf-8"), encoding="utf-8")
    else:
        add(desk, text)
    assert told in problems(desk)


def test_a_password_that_others_may_read(desk: Path) -> None:
    """Its mode is told, and what stands in the file is not."""
    (desk.parent / "sip.password").chmod(0o644)
    add(desk, GOOD)
    told = problems(desk)
    assert "has mode 644" in told
    assert PASSWORD not in told


@pytest.mark.parametrize("wrong", ['pass"word', "pass\\word", "pass word", ""])
def test_a_password_that_no_telephone_account_can_have(desk: Path, wrong: str) -> None:
    """What the stack cannot be given is told at once, not by a line that never comes up."""
    (desk.parent / "sip.password").write_text(wrong, encoding="utf-8")
    add(desk, GOOD)
    told = problems(desk)
    assert "holds no password" in told
    assert not wrong or wrong not in told
