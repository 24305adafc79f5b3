"""The vault: secrets that open, and a file from which nobody gets them back."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from gateway.access import codes, manners
from gateway.units import DAY_MS, HOUR_MS
from gateway.vault import Vault, VaultUnavailable, beside
from gateway.vault.codes import CLAIM, JOIN

NOW = 1_772_614_320_000


@pytest.fixture(scope="module")
def vault() -> Vault:
    return Vault(None)


def test_the_file_is_its_owners_and_has_no_secret_in_it(tmp_path: Path) -> None:
    """Mode 600 from the beginning; password, cookie, code and token stand in none of its files."""
    path = beside(tmp_path / "anbu.db")
    vault = Vault(path)
    opening = vault.codes.make(JOIN, {"name": "박영희"}, NOW, NOW + 1)
    code = vault.codes.draw(opening)
    assert code is not None
    secrets = [
        "말이 많은 참새 네 마리",
        vault.sessions.begin("a1", NOW),
        vault.sessions.remember("a1", NOW),
        code,
        vault.tokens.make("a1", "wall", ["read:people"], NOW),
        vault.codes.claim(NOW).replace("-", ""),
    ]
    vault.passwords.set("a1", secrets[0])
    vault.tries.wrong("name/typed-in-the-wrong-field", NOW)
    files = list(tmp_path.iterdir())
    kept = b"".join(file.read_bytes() for file in files)
    assert "박영희".encode() in kept  # what is looked through is what is kept
    assert b"$argon2id$v=19$m=19456,t=2,p=1$" in kept
    for secret in [*secrets, "typed-in-the-wrong-field"]:
        assert secret.encode() not in kept
    assert {stat.S_IMODE(file.stat().st_mode) for file in files} == {0o600}
    vault.close()
    again = Vault(path)
    assert again.sessions.find(secrets[1], NOW) is not None
    again.close()


def test_a_password_is_right_or_wrong(vault: Vault) -> None:
    """Only its own account's; a new one ends the old; an account without one has none right."""
    vault.passwords.set("p1", "말이 많은 참새")
    assert vault.passwords.right("p1", "말이 많은 참새")
    assert not vault.passwords.right("p2", "말이 많은 참새")
    assert not vault.passwords.right(None, "말이 많은 참새")
    vault.passwords.set("p1", "다른 참새 두 마리")
    assert not vault.passwords.right("p1", "말이 많은 참새")


def test_a_session_lives_until_it_is_ended_or_old(vault: Vault) -> None:
    """Use renews it, to the minute given; others of the account end alone or together."""
    one, two, foreign = (vault.sessions.begin(a, NOW) for a in ("s1", "s1", "s2"))
    late = NOW + manners.IDLE_MS - 1
    assert vault.sessions.find(one, late) is not None  # used: lives on from here
    later = late + manners.IDLE_MS - 1
    assert vault.sessions.find(one, later) is not None
    assert vault.sessions.find(two, NOW + manners.IDLE_MS) is None
    vault.sessions.end_others("s1", one)
    assert vault.sessions.find(two, NOW) is None
    assert vault.sessions.find(foreign, NOW) is not None
    [(name, _session, mine)] = vault.sessions.all_of("s1", one)
    assert mine
    assert vault.sessions.find(name, NOW) is None  # its name opens nothing
    vault.sessions.end_number("s2", name)  # of another account: nothing happens
    assert vault.sessions.find(one, later) is not None
    vault.sessions.end_number("s1", name)
    assert vault.sessions.find(one, later) is None


def test_a_code_opens_once_and_not_for_ever(vault: Vault) -> None:
    """Typed with spaces and capitals too; used up once by whichever of its codes; not after."""
    opening = vault.codes.make(JOIN, {"n": 1}, NOW, NOW + 100)
    first, second = vault.codes.draw(opening), vault.codes.draw(opening)
    assert first is not None
    assert second is not None
    assert first != second
    found = vault.codes.find(f" {first.upper()} ", NOW)
    assert found is not None
    assert found.body == {"n": 1}
    assert vault.codes.find(second, NOW + 100) is None
    assert vault.codes.use(opening, NOW)
    assert not vault.codes.use(opening, NOW)
    assert vault.codes.find(second, NOW) is None
    assert vault.codes.draw(opening) is None
    vault.codes.give_back(opening)
    assert vault.codes.find(second, NOW) is not None
    vault.codes.withdraw(opening)
    assert vault.codes.find(second, NOW) is None


def test_a_new_claim_ends_the_one_before(vault: Vault) -> None:
    """Of the codes on the console only the newest counts, a day long."""
    old, new = vault.codes.claim(NOW), vault.codes.claim(NOW)
    assert vault.codes.find(old, NOW) is None
    found = vault.codes.find(new, NOW + DAY_MS - 1)
    assert found is not None
    assert found.kind == CLAIM
    assert vault.codes.find(new, NOW + DAY_MS) is None
    assert len(codes.read(new)) == codes.CLAIM


def test_forgetting_an_account_leaves_nothing_that_opens(vault: Vault) -> None:
    """Password, sessions, browser, tokens, a link for a new password: all at once."""
    vault.passwords.set("f1", "말이 많은 참새")
    session, browser = vault.sessions.begin("f1", NOW), vault.sessions.remember("f1", NOW)
    token = vault.tokens.make("f1", "wall", ["read:people"], NOW, "soonja")
    code = vault.codes.enter("f1", NOW)
    found = vault.tokens.find(token, NOW)
    assert found is not None
    assert (found.scopes, found.person_id) == (("read:people",), "soonja")
    vault.forget("f1")
    assert not vault.passwords.right("f1", "말이 많은 참새")
    assert vault.sessions.find(session, NOW) is None
    assert vault.sessions.signed_in_before(browser) is None
    assert vault.tokens.find(token, NOW) is None
    assert vault.codes.find(code, NOW) is None


def test_the_access_log_is_a_row_an_hour(vault: Vault) -> None:
    """A page looked at each second is one row; a change, another hour, another page are others."""
    me = ("a1", "이지은")
    for second in range(100):
        vault.looks.note(me, ["l1"], "plan.show", NOW + second * 1000)
    vault.looks.note(me, ["l1"], "plan.confirm", NOW, changed=True)
    vault.looks.note(me, ["*"], "people.index", NOW + 2 * HOUR_MS)
    vault.looks.note(me, ["l2"], "plan.show", NOW)
    seen = [(look.page, look.changed) for look in vault.looks.about("l1")]
    assert sorted(seen) == [
        ("people.index", False), ("plan.confirm", True), ("plan.show", False),
    ]  # fmt: skip
    later_ms = NOW + 2 * 366 * DAY_MS + HOUR_MS
    vault.looks.note(me, ["l2"], "plan.show", later_ms - DAY_MS)
    vault.sweep(later_ms)
    assert [look.page for look in vault.looks.about("l1")] == ["people.index"]


def test_a_clock_that_jumped_ahead_forgets_nobody() -> None:
    """Years at one stroke, and nobody was seen in them: the access log stays."""
    vault = Vault(None)
    vault.looks.note(("a1", "이지은"), ["l1"], "plan.show", NOW)
    vault.sweep(NOW + 10 * 366 * DAY_MS)
    assert len(vault.looks.about("l1")) == 1


def test_a_token_nobody_used_for_half_a_year_opens_nothing() -> None:
    """A program that is still there asks more often; one that is forgotten is shut out."""
    vault = Vault(None)
    secret = vault.tokens.make("a1", "wall", ["read:people"], NOW)
    used_ms = NOW + manners.WHOLE_MS - 1
    assert vault.tokens.find(secret, used_ms) is not None
    assert vault.tokens.find(secret, used_ms + manners.WHOLE_MS - 1) is not None
    assert vault.tokens.find(secret, used_ms + 2 * manners.WHOLE_MS) is None


def test_lists_of_everybody_do_not_hide_who_looked_at_her() -> None:
    """Officers look at their lists each hour for weeks: the one look at her alone still stands."""
    vault = Vault(None)
    vault.looks.note(("a1", "이지은"), ["l1"], "texts.show", NOW)
    with vault.looks._store.writing():
        for hour in range(600):
            vault.looks._store.change_within(
                "INSERT INTO looks VALUES (?, ?, ?, ?, ?, ?, ?)",
                *("*", "a2", "담당자", "people.index", 0, hour, NOW + hour * HOUR_MS),
            )
    seen = vault.looks.about("l1")
    assert seen[-1].page == "texts.show"
    assert [look.last_ms for look in seen] == sorted((s.last_ms for s in seen), reverse=True)


def test_a_full_disk_keeps_no_program_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """When a token was used cannot be kept: it opens all the same, as a session does."""
    vault = Vault(None)
    secret = vault.tokens.make("a1", "wall", ["read:people"], NOW)

    def full() -> None:
        raise VaultUnavailable("full")

    monkeypatch.setattr(vault.tokens._store, "writing", full)
    assert vault.tokens.find(secret, NOW) is not None


def test_a_vault_that_cannot_be_used_is_said(tmp_path: Path) -> None:
    """No folder, or the file of a newer gateway: an error with what to do, nothing half open."""
    with pytest.raises(VaultUnavailable):
        Vault(tmp_path / "nowhere" / "anbu.vault")
    path = tmp_path / "anbu.vault"
    newer = Vault(path)
    newer._store.change("PRAGMA user_version = 99")
    newer.close()
    with pytest.raises(ValueError, match="install the newer gateway"):
        Vault(path)
