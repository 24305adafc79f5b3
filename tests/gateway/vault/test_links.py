"""Addresses that are secrets: kept as digests, each of one kind and one person, taken back."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from gateway.vault import Vault
from gateway.vault.store import _TABLES, digest

NOW_MS = 1_772_400_000_000


def test_a_link_opens_what_it_was_made_for() -> None:
    """Its secret finds it under its kind alone; another's secret finds nothing."""
    links = Vault(None).links
    secret = links.make("phone", "soonja", "어머님 전화", NOW_MS)
    found = links.find("phone", secret, NOW_MS + 1)
    assert found is not None
    assert (found.person_id, found.name, found.seen_ms) == ("soonja", "어머님 전화", None)
    assert links.find("plate", secret, NOW_MS) is None
    assert links.find("phone", secret + "x", NOW_MS) is None
    seen = links.of("phone", "soonja")[0].seen_ms
    assert seen == NOW_MS + 1


def test_who_ends_one_ends_only_hers() -> None:
    """The number of somebody else's link ends nothing."""
    links = Vault(None).links
    mine = links.make("phone", "soonja", "하나", NOW_MS)
    number = links.of("phone", "soonja")[0].id
    links.end("phone", "malsoon", number)
    links.end("plate", "soonja", number)
    assert links.find("phone", mine, NOW_MS) is not None
    links.end("phone", "soonja", number)
    assert links.find("phone", mine, NOW_MS) is None


def test_a_vault_of_the_first_schema_goes_on(tmp_path: Path) -> None:
    """What stood in it stays, and links can be made; an update asks for no hands."""
    path = tmp_path / "anbu.db.vault"
    with sqlite3.connect(path) as old:
        old.executescript(_TABLES)
        old.execute("INSERT INTO sessions VALUES (?, 'a-1', ?, ?)", (digest("s"), NOW_MS, NOW_MS))
        old.execute("PRAGMA user_version = 1")
    old.close()
    vault = Vault(path)
    assert vault.sessions.find("s", NOW_MS) is not None
    secret = vault.links.make("phone", "soonja", "하나", NOW_MS)
    vault.close()
    again = Vault(path)
    assert again.links.find("phone", secret, NOW_MS) is not None
    again.close()
