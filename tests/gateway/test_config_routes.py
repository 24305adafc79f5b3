"""[texts] and [http_sms]: by which routes texts leave, and every mistake in it at once."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from gateway.config import ConfigError, load
from gateway.config.routes import HttpSettings, KakaoSettings, TextSettings
from tests.gateway.test_config import EXAMPLE, KEY

ACCOUNT_KEY, ACCOUNT_SECRET = "NCSAYU7YDBXYORXC", "0123456789ABCDEFGHIJ0123456789AB"
GOOD = (
    '[texts]\nroutes = ["http", "modem"]\n[http_sms]\nsender = "+82212345678"\nkey_file = "s.key"\n'
)


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A folder with the example without its [texts], its key and an account's key file."""
    text = EXAMPLE.read_text(encoding="utf-8").replace('[texts]\nroutes = ["modem"]', "")
    (tmp_path / "gateway.toml").write_text(text, encoding="utf-8")
    for name, content in (("AB-000001.key", KEY), ("s.key", f"{ACCOUNT_KEY}\n{ACCOUNT_SECRET}\n")):
        (tmp_path / name).write_text(content, encoding="ascii")
        (tmp_path / name).chmod(0o600)
    return tmp_path / "gateway.toml"


def add(place: Path, text: str) -> None:
    with place.open("a", encoding="utf-8") as file:
        file.write("\n" + text)


def problems(place: Path) -> str:
    with pytest.raises(ConfigError) as caught:
        load(place)
    return "\n".join(caught.value.problems)


def test_the_modem_alone_is_the_default(place: Path) -> None:
    """Nothing said: the modem; the example says the same."""
    assert load(place).texts == TextSettings(("modem",), None)
    shutil.copy(EXAMPLE, place)
    assert load(place).texts == TextSettings(("modem",), None)


def test_both_routes_in_the_order_that_was_written(place: Path) -> None:
    """The order is kept, the account is read from its own file."""
    add(place, GOOD)
    http = HttpSettings("https://api.solapi.com", "+82212345678", ACCOUNT_KEY, ACCOUNT_SECRET, 10)
    assert load(place).texts == TextSettings(("http", "modem"), http)


def test_the_secret_is_shown_nowhere(place: Path) -> None:
    """Neither key nor secret stand in what a configuration prints as."""
    add(place, GOOD)
    shown = repr(load(place))
    assert ACCOUNT_KEY not in shown
    assert ACCOUNT_SECRET not in shown


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('[texts]\nroutes = ["pigeon"]\n', "[texts] routes"),
        ("[texts]\nroutes = []\n", "[texts] routes"),
        ('[texts]\nroutes = ["modem", "modem"]\n', "[texts] routes"),
        ('[texts]\nroutes = "modem"\n', "[texts] routes"),
        ('[texts]\nroutes = ["http"]\n', "[http_sms] sender"),
        ('[texts]\nroutes = ["http"]\n', "[http_sms] key_file"),
        (GOOD.replace("+82212345678", "0212345678"), "[http_sms] sender"),
        (GOOD.replace("s.key", "none.key"), "none.key cannot be read"),
        (GOOD + "timeout_s = 0\n", "[http_sms] timeout_s"),
        (GOOD + 'url = "http://api.solapi.com"\n', "[http_sms] url"),
        (GOOD + 'url = "https://a@b/"\n', "[http_sms] url"),
        (GOOD + 'url = "https://:99999/"\n', "[http_sms] url"),
        (GOOD + "url = 3\n", "[http_sms] url"),
        (GOOD + 'secret = "x"\n', "unknown key"),
    ],
)
def test_a_mistake_is_told(place: Path, text: str, told: str) -> None:
    """Each mistake names its place and what is allowed."""
    add(place, text)
    assert told in problems(place)


KAKAO = GOOD.replace('["http", "modem"]', '["kakao", "modem"]') + (
    '[texts.kakao]\nchannel = "KA01PF1"\ntemplates.dose_missed = "KA01TP1"\n'
)


def test_kakaotalk_is_a_route_with_its_templates(place: Path) -> None:
    """The channel and each text's template, by the account of the texts."""
    add(place, KAKAO)
    texts = load(place).texts
    assert texts.routes == ("kakao", "modem")
    assert texts.kakao == KakaoSettings("KA01PF1", {"dose_missed": "KA01TP1"})
    assert texts.http is not None


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ('["kakao", "modem"]', '["kakao"]', 'is only "kakao"'),
        ("[texts.kakao]", "[texts.cocoa]", "[texts.kakao]: is missing"),
        ('channel = "KA01PF1"', "channel = 3", "[texts.kakao] channel: is 3"),
        ('channel = "KA01PF1"', "colour = 3", "[texts.kakao] colour: unknown key"),
        ("templates.dose_missed", "templates.help_pressed", "templates help_pressed: is none"),
        ("templates.dose_missed", "templates.dose_lost", "templates dose_lost: is none"),
        ('"KA01TP1"', '"#{x}"', "templates dose_missed: is '#{x}'"),
        ('templates.dose_missed = "KA01TP1"', "templates = 3", "[texts.kakao] templates: is 3"),
        ('sender = "+82212345678"', "", "[http_sms] sender: is missing"),
    ],
)
def test_a_mistake_about_kakaotalk_is_told(place: Path, before: str, after: str, told: str) -> None:
    """No way to fall back to, no channel, a text that may not go that way, no account."""
    add(place, KAKAO.replace(before, after))
    assert told in problems(place)


def test_several_mistakes_are_told_at_once(place: Path) -> None:
    """The sender and the key file are both wrong: two lines."""
    add(place, GOOD.replace("+82212345678", "02").replace("s.key", "none.key"))
    assert len(problems(place).splitlines()) >= 2


def test_a_key_file_that_others_may_read_is_refused(place: Path) -> None:
    """Its mode is looked at as a device key's is."""
    (place.parent / "s.key").chmod(0o640)
    add(place, GOOD)
    assert "chmod 600" in problems(place)


@pytest.mark.parametrize("content", ["", "ONE", "short x", "a b c", f"{ACCOUNT_KEY} se;cret!!"])
def test_a_key_file_that_holds_something_else_is_not_shown(place: Path, content: str) -> None:
    """What it holds instead may be half a secret: the message does not repeat it."""
    (place.parent / "s.key").write_text(content, encoding="ascii")
    add(place, GOOD)
    told = problems(place)
    assert "holds no account" in told
    assert not content or content not in told


def test_plain_http_is_for_this_computer_alone(place: Path) -> None:
    """A provider on loopback may be asked without TLS: that is the virtual home's."""
    add(place, GOOD + 'url = "http://127.0.0.1:8099"\n')
    http = load(place).texts.http
    assert http is not None
    assert http.url == "http://127.0.0.1:8099"
