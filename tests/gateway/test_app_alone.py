"""What whoever starts a gateway is told: it is not alone, it has no place, a part does not work."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import gateway
from gateway.__main__ import EXIT_FAILED, main
from gateway.app.alone import alone
from gateway.app.app import tell_faults
from gateway.events import GatewayStarted, LineSeen, PartFailed
from gateway.log import LogUnavailable

HOLD = """
import sys
from pathlib import Path
from gateway.app.alone import alone
with alone(Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def other(tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    """Another process that holds the database."""
    argv = [sys.executable, "-c", HOLD, str(tmp_path / "anbu.db")]
    process = subprocess.Popen(
        argv, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=dict(os.environ)
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "held\n"
    yield process
    process.kill()
    process.communicate()


@pytest.fixture
def config(tmp_path: Path) -> Path:
    """The example, beside its key."""
    shutil.copy(Path(gateway.__file__).parent / "example.toml", tmp_path / "gateway.toml")
    key = tmp_path / "AB-000001.key"
    key.write_text("000102030405060708090a0b0c0d0e0f\n", encoding="ascii")
    key.chmod(0o600)
    return tmp_path / "gateway.toml"


def test_a_second_gateway_ends_before_it_touches_a_text(
    other: subprocess.Popen[str], config: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """One line says that another is at work here and what to do; no database was opened."""
    assert other.poll() is None
    assert main(["--config", str(config)]) == EXIT_FAILED
    (line,) = capsys.readouterr().err.splitlines()
    assert "in use by another gateway: end that one first" in line
    assert not (config.parent / "anbu.db").exists()


def test_a_killed_gateway_leaves_no_lock(other: subprocess.Popen[str], tmp_path: Path) -> None:
    """However a process ends, the next one may begin at once."""
    other.kill()
    other.wait()
    begun = 0
    for _ in range(2):
        with alone(tmp_path / "anbu.db"):
            begun += 1
    assert begun == 2


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    """Whose fault, what is wrong, what to do: the configuration's, no such folder, name one."""
    needed = "No such file or directory; .* needs a folder that this account"
    with pytest.raises(LogUnavailable, match=needed), alone(tmp_path / "no" / "anbu.db"):
        pass


def test_what_is_no_database_says_what_to_do(
    config: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A file of something else is refused in one line and left as it is."""
    (config.parent / "anbu.db").write_text("what somebody wrote\n" * 9, encoding="utf-8")
    assert main(["--config", str(config)]) == EXIT_FAILED
    (line,) = capsys.readouterr().err.splitlines()
    assert "not a database; put a backup back, or name another" in line
    assert "somebody" in (config.parent / "anbu.db").read_text(encoding="utf-8")


def test_a_part_that_does_not_work_is_said_on_the_console(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """One line with why, its part named once; what goes well says nothing."""
    tell_faults(GatewayStarted(0, "1", None))
    tell_faults(PartFailed(0, "modem", "modem: /dev/ttyUSB0 does not exist; plug the modem in"))
    tell_faults(PartFailed(0, "web", "port 8080 cannot be used"))
    tell_faults(LineSeen(0, "sip", works=False, why="the telephone stack is not installed"))
    tell_faults(LineSeen(0, "sip", works=True, why=""))
    assert capsys.readouterr().err.splitlines() == [
        "anbu gateway: modem does not work: /dev/ttyUSB0 does not exist; plug the modem in",
        "anbu gateway: web does not work: port 8080 cannot be used",
        "anbu gateway: telephone line sip does not work: the telephone stack is not installed",
    ]
