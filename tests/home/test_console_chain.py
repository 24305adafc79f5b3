"""`anbu monitor --vitals` and `anbu shell` on a flashed box that runs: real mpremote, real log."""

from __future__ import annotations

import asyncio
import json
import subprocess
from pathlib import Path

import pytest

from tests.home.real_box import until
from tests.home.test_factory_chain import on_the_bench
from tests.home.test_flash_chain import DEVICE_ID
from tools import cli

DRIVER = "from board import Board; print(Board().rtc.read()[1])"  # whether it lost its time


def test_vitals_shell_and_back_to_work(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Who it is, its program, its start; its own drivers by the shell; each time the app is back.

    The line is lent to real mpremote and taken back; nobody writes into the log.
    """
    lent: list[str] = []

    def mpremote(argv: list[str]) -> int:
        """As the terminal would, with a line in place of hands."""
        assert argv[-2:] == ["resume", "repl"]
        lent.append(subprocess.check_output([*argv[:-1], "exec", DRIVER], text=True))
        return 0

    monkeypatch.setattr(subprocess, "call", mpremote)

    async def story() -> None:
        async with on_the_bench(tmp_path) as (bench, _board, _hci, _watching):
            port = str(bench.device.console)
            await until(lambda: bench.advertises, "never advertised")
            words = ["monitor", "--vitals", "--no-listen", "--json", "--port", port]
            assert await asyncio.to_thread(cli.main, words) == 0
            await until(lambda: bench.advertises, "the app is not back after the vitals")
            words = ["shell", "--json", "--port", port]
            assert await asyncio.to_thread(cli.main, [*words, "--run", DRIVER]) == 0
            assert await asyncio.to_thread(cli.main, words) == 0
            await until(lambda: bench.advertises, "the app is not back after the shell")

    asyncio.run(story())
    rows = [json.loads(line) for line in capsys.readouterr().out.splitlines() if line[0] == "{"]
    vitals, driver, shell = rows[-3:]
    assert (vitals["device_id"], vitals["slot"]["state"]) == (DEVICE_ID, "confirmed")
    assert driver["printed"].strip() == "False"
    assert shell["ok"]
    assert lent[0].strip() == "False"
