"""Whoever uses a virtual home's page gets in by herself, and the demo's links let others in."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from gateway.vault import beside
from tests.gateway.home_facts import at
from tests.gateway.test_app import HouseClock, in_loop, running, until
from tests.gateway.test_app_door import PageHome
from tools.home.visitor import MASTER, Visitor, free_port

DAUGHTER, SENIOR = "이지은", "김순자"


@pytest.fixture
def home(tmp_path: Path) -> PageHome:
    """A home with a page, at noon."""
    return PageHome(tmp_path, HouseClock(at("12:00")), port=free_port())


@in_loop
async def test_the_demos_links_each_open_once(home: PageHome) -> None:
    """All three have one; each signs in whom it is for, once; the visitor herself stays in."""
    async with running(home) as gateway:
        await until(lambda: gateway.threads._loop)
        vault = beside(home.config().database)
        visitor = Visitor(home.port, vault, (DAUGHTER, "daughter"), "soonja")

        def ids() -> dict[str, str]:
            return {one.name: one.id for one in gateway.hub.home.accounts.open.values()}

        doors = dict(line.split(": ", 1) for line in await visitor.opens_doors(SENIOR, ids))
        assert list(doors) == [MASTER, DAUGHTER, SENIOR]
        assert 'class="slot' in await visitor.reads("/")
        for name, address in doors.items():
            guest = Visitor(home.port, vault, (name, ""), "soonja")
            path = address[address.index("/join/") :]
            assert await asyncio.to_thread(guest._fills, path, {}) == ""
            assert name in (await asyncio.to_thread(guest._ask, "GET", "/account", ""))[1]
            late = Visitor(home.port, vault, (name, ""), "soonja")
            assert await asyncio.to_thread(late._fills, path, {}) != ""
