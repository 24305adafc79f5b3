"""tools.cli: the words of the `anbu` command."""

from __future__ import annotations

import signal
import socket
from pathlib import Path

import pytest

from tools import cli
from tools.home import launch
from tools.home.stories import STORIES


def test_home_list_names_every_story(capsys: pytest.CaptureFixture[str]) -> None:
    """`anbu home list` prints one line a story, name first."""
    assert cli.main(["home", "list"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines] == list(STORIES)


def test_an_unknown_story_is_named_with_those_there_are(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """A wrong name ends with exit 2 and one line that helps."""
    assert cli.main(["home", "run", "no-such-story"]) == cli.EXIT_USAGE
    error = capsys.readouterr().err
    assert "no-such-story" in error
    assert "forgotten-evening-dose" in error
    assert error.count("\n") == 1


@pytest.mark.parametrize("speed", ["0", "401", "fast"])
def test_an_impossible_speed_is_refused(speed: str, capsys: pytest.CaptureFixture[str]) -> None:
    """A speed outside 1 to 400 is a usage error, not a broken house."""
    with pytest.raises(SystemExit) as ended:
        cli.main(["home", "run", "taken-on-time", "--speed", speed])
    assert ended.value.code == cli.EXIT_USAGE
    assert "--speed" in capsys.readouterr().err


def test_a_bad_gateway_file_ends_with_exit_2(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """`anbu gateway` passes its words on; a missing file is one line, no traceback."""
    assert cli.main(["gateway", "--config", f"{tmp_path}/nowhere.toml"]) == cli.EXIT_USAGE
    assert "nowhere.toml" in capsys.readouterr().err


def test_without_faketime_it_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A missing Debian package is named with the line that mends it."""
    monkeypatch.setattr("shutil.which", lambda _name: None)
    assert cli.main(["home", "run", "taken-on-time"]) == launch.EXIT_MISSING
    assert "apt-get install faketime" in capsys.readouterr().err


@pytest.mark.parametrize(("program", "package"), [("sipp", "sip-tester"), ("sox", "sox")])
def test_a_story_of_calls_says_first_what_it_wants(
    program: str,
    package: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Before a house is built, not after minutes in it; a story without calls wants none of it."""
    monkeypatch.setattr("shutil.which", lambda name: None if name == program else f"/bin/{name}")
    assert cli.main(["home", "run", "call-says-pain"]) == launch.EXIT_MISSING
    told = capsys.readouterr().err
    assert f"apt-get install {package}" in told
    assert told.count("\n") == 1
    assert launch.lacking(STORIES["taken-on-time"]) == ""


def test_a_story_of_calls_wants_the_sip_stack(monkeypatch: pytest.MonkeyPatch) -> None:
    """`make demo` does not install it: the line that does is said."""
    monkeypatch.setattr("shutil.which", lambda name: f"/bin/{name}")
    monkeypatch.setattr("importlib.util.find_spec", lambda _name: None)
    assert "[home,calls]" in launch.lacking(STORIES["call-says-pain"])


def test_a_second_demo_says_that_its_port_is_taken(capsys: pytest.CaptureFixture[str]) -> None:
    """One line that names the port and what to do; nothing is built."""
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = str(other.getsockname()[1])
        assert cli.main(["home", "demo", "--port", port]) == cli.EXIT_USAGE
    told = capsys.readouterr().err
    assert (port in told, "--port" in told, told.count("\n")) == (True, True, 1)


def test_the_offset_puts_the_house_at_the_storys_start() -> None:
    """The relative form of libfaketime carries start minus now, and the speed."""
    story = STORIES["taken-on-time"]
    argv = launch.command(story, 60, 7, ["--json"], "faketime", story.starts_s + 100.5)
    assert argv[:3] == ["faketime", "-f", "-100 x60"]
    assert argv[-6:] == ["taken-on-time", "--speed", "60", "--seed", "7", "--json"]


def test_nothing_is_left_of_a_house_that_was_killed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its folder, with keys and a log in it, ends with it even where it could not see to that."""
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    monkeypatch.setattr("signal.signal", lambda *_: None)  # they are this process's own
    seen = tmp_path.with_name("seen")
    die = ["sh", "-c", 'touch "$2/key" && cp -r "$2" "$0" && kill -9 $$', str(seen)]
    monkeypatch.setattr(launch, "command", lambda _story, _speed, _seed, flags, *_: [*die, *flags])
    assert launch.inside(STORIES["phone-lies-still"], 60, 1, []) == -signal.SIGKILL
    assert (seen / "key").exists()
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("word", ["monitor", "shell"])
def test_what_is_not_installed_is_one_line(
    word: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """After `make demo` the technician's extra is missing: that is said, with what to do."""

    def missing(_name: str) -> None:
        raise ModuleNotFoundError("No module named 'serial'", name="serial")

    monkeypatch.setattr("tools.cli_technician.importlib.import_module", missing)
    assert cli.main([word]) == cli.EXIT_FAILED
    error = capsys.readouterr().err
    assert error.startswith("anbu: serial is not installed: anbu doctor says")
    assert error.count("\n") == 1


@pytest.mark.parametrize("words", [["home", "list"], ["bench", "told"]])
def test_a_gateway_without_a_virtual_home_says_so(
    words: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Where only the gateway is installed, `home` and `bench` say in one line what is wanted."""

    def missing(_arguments: object) -> int:
        raise ModuleNotFoundError("No module named 'bumble'", name="bumble")

    monkeypatch.setattr(cli, f"_{words[0]}", missing)
    assert cli.main(words) == cli.EXIT_FAILED
    error = capsys.readouterr().err
    assert error.startswith("anbu: bumble is not installed; where this project stands: ")
    assert error.count("\n") == 1
