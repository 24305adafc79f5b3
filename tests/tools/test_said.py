"""The manners of the technician's commands: exit codes, one line, one JSON object, Ctrl-C."""

from __future__ import annotations

import argparse
import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.tree import ROOT
from tools import cli
from tools.technician.said import Exit, Refused, Said, Told, hold, unbroken, write_whole


def run(work: Callable[[Said], Told], *, as_json: bool = True, dry: bool = False) -> int:
    return hold(argparse.Namespace(json=as_json, dry_run=dry), work)


def refuses(_said: Said) -> Told:
    raise Refused("the port is gone", "plug it in", Exit.PORT)


def is_stopped(said: Said) -> Told:
    said.left = "half of it stands"
    raise KeyboardInterrupt


def lacks_room(_said: Said) -> Told:
    with Path("/dev/full").open("wb") as full:
        full.write(b"x")
    return {}


def fails_in_part(_said: Said) -> Told:
    return {"devices": 2, "exit": 4, "error": "one is of the wrong kind", "next": "take another"}


@pytest.mark.parametrize(
    ("work", "code", "said"),
    [
        (lambda _said: {"bytes": 7}, 0, ""),
        (refuses, 3, "anbu: the port is gone: plug it in\n"),
        (is_stopped, 130, "anbu: stopped by hand: half of it stands\n"),
        (lacks_room, 1, "No space left on device: make room on this disk"),
        (fails_in_part, 4, "anbu: one is of the wrong kind: take another\n"),
    ],
)
def test_however_it_ends_it_is_one_line_and_one_object(
    work: Callable[[Said], Told], code: int, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """The exit code tells which kind of fault; --json has the same in one object, also then."""
    assert run(work) == code
    out, err = capsys.readouterr()
    assert said in err
    assert err.count("\n") == bool(said)
    told = json.loads(out)
    assert (told["ok"], told["exit"]) == (code == 0, code)
    assert told["error"] is None or told["error"] in err
    assert run(work, as_json=False) == code
    assert capsys.readouterr().out == ""


def test_lines_for_people_leave_standard_output_to_the_object(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """With --json what is shown on the way goes to standard error."""

    def work(said: Said) -> Told:
        said.say("would write" if said.dry else "wrote")
        return {}

    assert run(work, dry=True) == 0
    out, err = capsys.readouterr()
    assert json.loads(out)["dry_run"] is True
    assert err == "would write\n"
    run(work, as_json=False)
    assert capsys.readouterr().out == "wrote\n"


@pytest.mark.parametrize("words", [["flash"], ["flash", "x", "--prot", "y"], ["bench-lime"]])
def test_wrong_words_are_told_as_an_object_too(
    words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    """What a script misspells: exit 2, and --json has what was wrong."""
    with pytest.raises(SystemExit) as ended:
        cli.main([*words, "--json"])
    assert ended.value.code == Exit.USAGE
    out, err = capsys.readouterr()
    told = json.loads(out)
    assert (told["ok"], told["exit"]) == (False, 2)
    assert str(told["error"]) in err
    with pytest.raises(SystemExit):
        cli.main(words)
    assert capsys.readouterr().out == ""


def test_a_result_that_nobody_can_read_was_not_told() -> None:
    """Standard output on a full disk: exit 1 and one line, no traceback at the end."""
    program = (
        "import argparse, sys; from tools.technician.said import hold; "
        "sys.exit(hold(argparse.Namespace(json=True), lambda said: {}))"
    )
    with Path("/dev/full").open("wb") as full:
        argv = [sys.executable, "-c", program]
        done = subprocess.run(argv, stdout=full, stderr=subprocess.PIPE, check=False, cwd=ROOT)
    assert done.returncode == Exit.FAILED
    assert done.stderr.count(b"\n") == 1
    assert b"make room" in done.stderr


def test_ctrl_c_waits_for_what_must_not_be_broken() -> None:
    """Inside `unbroken` the interrupt is kept; at its end it counts."""
    reached = []

    def interrupted() -> None:
        with unbroken():
            os.kill(os.getpid(), signal.SIGINT)
            reached.append("the end")
        reached.append("behind it")

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert reached == ["the end"]
    with pytest.raises(KeyboardInterrupt):
        os.kill(os.getpid(), signal.SIGINT)


def test_a_full_disk_leaves_the_old_file(tmp_path: Path) -> None:
    """What cannot be written whole is not written, and nothing is left beside it."""
    file = tmp_path / "box.img"
    write_whole(file, b"old")
    (tmp_path / f".box.img.{os.getpid()}.new").symlink_to("/dev/full")
    with pytest.raises(OSError, match="No space left"):
        write_whole(file, b"new")
    assert file.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [file]
