"""Getting into a real gateway: its first line, --claim, invitations by text, and no secret told."""

from __future__ import annotations

import asyncio
import contextlib
import io
import re
import shutil
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from gateway.__main__ import main
from gateway.admitting import SendInvitation
from gateway.app import Gateway
from gateway.app.app import tell_on_stdout
from gateway.clock import SystemClock
from gateway.config import Config
from gateway.config.web import WebSettings
from gateway.events import TextFailed
from gateway.label import Label
from gateway.roster import CAREPLUG
from gateway.units import DAY_MS
from gateway.vault import Vault, beside
from gateway.vault.codes import CLAIM, JOIN
from tests.gateway.home_facts import DAUGHTER, at
from tests.gateway.test_app import Home, HouseClock, SilentBackend, in_loop, running, until
from tests.gateway.test_config import EXAMPLE
from tools.home.visitor import Visitor, free_port

OUTSIDE = "https://anbu.example.org"
CODE = re.compile(r"/claim with the code ([a-z0-9-]+) \(once, within 24 hours\)\n")
SHOWN = re.compile(r'class="secret">([^<]+)<')
LABEL = Label(CAREPLUG, "CP-000001", bytes(range(100, 116)), bytes(range(200, 216)))


@dataclass
class PageHome(Home):
    """A home whose page is served; every fact is printed, as by --events."""

    port: int = 0

    def config(self) -> Config:
        return replace(super().config(), web=WebSettings("127.0.0.1", self.port))

    def gateway(self) -> Gateway:
        return Gateway(self.config(), SilentBackend(), tell=tell_on_stdout, clock=self.clock)


@pytest.fixture
def home(tmp_path: Path) -> PageHome:
    return PageHome(tmp_path, HouseClock(at("12:00")), port=free_port())


# --- invitations by text ----------------------------------------------------------------------


@in_loop
async def test_a_text_leaves_with_a_code_that_opens(tmp_path: Path) -> None:
    """What arrives opens the invitation; what stands in the log is only its mark."""
    home = Home(tmp_path, HouseClock(at("12:00")))
    async with running(home) as gateway:
        await until(lambda: gateway.threads._loop)
        codes, now = gateway.vault.codes, at("12:00")
        opening = codes.make(JOIN, {"name": "박영희"}, now, now + DAY_MS)
        entry = SendInvitation(opening, DAUGHTER, "ko", OUTSIDE, "이지은")
        await asyncio.to_thread(gateway.desk.enter, entry)
        await until(lambda: home.daughter.inbox)
        code = home.daughter.inbox[0].body.partition(f"{OUTSIDE}/join/")[2].split()[0]
        found = codes.find(code, now)
        assert found is not None
        assert found.id == opening
        assert code not in repr(home.told)
        assert f"({opening})" in repr(home.told)


@in_loop
async def test_a_withdrawn_invitation_does_not_leave(tmp_path: Path) -> None:
    """The text is given up with its reason; nothing arrives."""
    home = Home(tmp_path, HouseClock(at("12:00")))
    async with running(home) as gateway:
        await until(lambda: gateway.threads._loop)
        opening = gateway.vault.codes.make(JOIN, {}, at("12:00"), at("13:00"))
        gateway.vault.codes.withdraw(opening)
        entry = SendInvitation(opening, DAUGHTER, "ko", OUTSIDE, "이지은")
        await asyncio.to_thread(gateway.desk.enter, entry)
        await until(lambda: any(isinstance(fact, TextFailed) for fact in home.told))
        (failed,) = (fact for fact in home.told if isinstance(fact, TextFailed))
        assert (failed.final, "withdrawn" in failed.why) == (True, True)
        assert home.daughter.inbox == []


# --- the claim --------------------------------------------------------------------------------


def test_a_claim_is_shown_to_who_asks_at_the_gateway(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """--claim prints a code that opens, and is over with the next; without a page there is none."""
    shutil.copy(EXAMPLE, tmp_path / "gateway.toml")
    key = tmp_path / "AB-000001.key"
    key.write_text("00" * 16, encoding="ascii")
    key.chmod(0o600)
    arguments = ["--config", str(tmp_path / "gateway.toml"), "--claim"]
    assert main(arguments) == 0
    first = capsys.readouterr().out
    assert "http://127.0.0.1:8080/claim" in first
    assert main(arguments) == 0
    shown = [CODE.search(text) for text in (first, capsys.readouterr().out)]
    vault, now_ms = Vault(beside(tmp_path / "anbu.db")), SystemClock().now_ms()
    found = [vault.codes.find(code.group(1), now_ms) for code in shown if code]
    vault.close()
    assert [opening.kind if opening else None for opening in found] == [None, CLAIM]
    pageless = EXAMPLE.read_text("utf-8").partition("[web]")[0]
    (tmp_path / "gateway.toml").write_text(pageless, "utf-8")
    assert main(arguments) == 2
    assert "no [web]" in capsys.readouterr().err


@in_loop
async def test_a_new_gateway_says_how_it_is_claimed_and_not_again(home: PageHome) -> None:
    """The line at first start has a code that opens; a restart keeps it and prints none."""
    with contextlib.redirect_stderr(io.StringIO()) as said:
        async with running(home) as gateway:
            await until(lambda: gateway.threads._loop)
            code = CODE.search(said.getvalue())
            assert code
            opening = gateway.vault.codes.find(code.group(1), at("12:01"))
            assert opening is not None
            assert opening.kind == CLAIM
        home.port = free_port()  # the first page's thread may hold the old one a while
        async with running(home) as gateway:
            await until(lambda: gateway.threads._loop)
    assert said.getvalue().count("/claim") == 1


# --- a whole life -----------------------------------------------------------------------------


class Browser(Visitor):
    """Somebody at the page who keeps in mind every secret she was shown or typed."""

    def __init__(self, port: int, vault: Path) -> None:
        super().__init__(port, vault, ("이지은", "daughter"), "soonja")
        self.secrets: list[str] = []

    def types(self, path: str, typed: dict[str, str], to: str = "") -> str:
        """A page's form sent; what it answered. What was given out is kept in mind."""
        answer = self._fills(path, typed, to)
        self.secrets += [typed[name] for name in ("password", "old") if name in typed]
        self.secrets += filter(None, self._cookies.values())  # a cookie taken away is empty
        self.secrets += SHOWN.findall(answer)
        return answer

    def leaves(self) -> None:
        """Another browser from now on."""
        self._cookies.clear()

    def reads_of(self, path: str) -> int:
        """The code of an answer."""
        return self._ask("GET", path, "")[0]


def lives(browser: Browser, claim: str) -> None:
    """Claim, a wrong password and a right one, an invitation taken up, tokens, a device, a new one.

    What is asked of the page is answered as it should be; else the rest of the test means nothing.
    """
    first, second, third = ("말이 많은 참새 네 마리", "조용한 참새 두 마리", "새로 온 참새 세 마리")

    def both(password: str) -> dict[str, str]:
        return {"password": password, "again": password}

    assert browser.types("/claim", {"code": claim, "name": "관리자", **both(first)}) == ""
    browser.leaves()
    assert browser.types("/sign-in", {"name": "관리자", "password": "틀린 비밀번호입니다"}) != ""
    assert browser.types("/sign-in", {"name": "관리자", "password": first}) == ""
    assert browser.types("/account", {"old": first, **both(third)}, "/account/password") == ""
    label = {"label": str(LABEL), "room": "주방"}
    assert browser.types("/install/soonja", label, "/install/soonja/place") == ""
    guest = {"guardian": "daughter", "name": "이지은", "grant": "guardian/soonja"}
    shown = browser.types("/accounts", guest, "/accounts/invite")
    link = SHOWN.findall(shown)[0]
    browser.leaves()
    assert browser.types(link[link.index("/join/") :], {"name": "이지은", **both(second)}) == ""
    for scope in ("read:people", "read:calendar"):
        wanted = {"name": "벽", "scope": scope, "person": "soonja"}
        assert SHOWN.findall(browser.types("/account", wanted, "/account/token"))
    feed = next(path for path in browser.secrets if "/feed/" in path)
    assert browser.reads_of(feed[feed.index("/feed/") :]) == 200


@in_loop
async def test_no_secret_is_told_or_kept_in_the_clear(
    home: PageHome, capsys: pytest.CaptureFixture[str]
) -> None:
    """Neither the log on the disk, nor --events, nor the vault's file knows one; no hash is told.

    The device's key stands in its own file; the claim's code on the console alone.
    """
    async with running(home) as gateway:
        await until(lambda: gateway.threads._loop)
        claim = CODE.search(capsys.readouterr().err)
        assert claim
        browser = Browser(home.port, beside(home.config().database))
        await asyncio.to_thread(lives, browser, claim.group(1))
    told = capsys.readouterr().out
    assert '"account_opened"' in told
    assert LABEL.device_id in told
    codes = [re.sub(r".*/(?:join|feed)/|\.ics$", "", secret) for secret in browser.secrets]
    secrets = {*codes, claim.group(1), claim.group(1).replace("-", "")}
    secrets |= {LABEL.key.hex().upper(), str(LABEL)}
    kept = {path.name: path.read_bytes() for path in home.folder.glob("*.db*")}
    assert len(kept) >= 2
    for secret in secrets:
        assert len(secret) > 8
        assert secret.casefold() not in told.casefold()
        for name, data in kept.items():
            assert secret.encode() not in data, name
    log = b"".join(data for name, data in kept.items() if "vault" not in name)
    assert "argon2" not in told
    assert b"argon2" not in log
