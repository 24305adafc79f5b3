"""How the technician's commands speak: exit codes, one-line errors, --json, --dry-run, Ctrl-C.

Knows: the terminal, the exit codes, SIGINT. May not know: boards, images, ledgers.

Exit codes: 0 done; 1 it did not succeed; 2 wrong words; 3 a device or its port; 4 the wrong board
or image; 5 the workshop's ledger; 130 stopped by hand. Lines for people go to standard output, with
--json to standard error: standard output is then one JSON object, also where the command failed.
"""

from __future__ import annotations

import argparse
import contextlib
import errno
import json
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from enum import IntEnum
from pathlib import Path
from types import FrameType
from typing import NoReturn

Told = dict[str, object]  # what --json prints, as JSON has it


class Exit(IntEnum):
    """The exit codes of every command for technicians."""

    OK = 0
    FAILED = 1
    USAGE = 2
    PORT = 3
    BOARD = 4
    LEDGER = 5
    STOPPED = 130


class Refused(Exception):  # noqa: N818 - the command refuses; nothing went wrong inside
    """A command cannot go on: what is wrong, and what to do next, each without a full stop."""

    def __init__(self, wrong: str, then: str = "", code: Exit = Exit.FAILED) -> None:
        super().__init__(f"{wrong}: {then}" if then else wrong)
        self.wrong = wrong
        self.then = then
        self.code = code


class WrongWords(Exception):  # noqa: N818 - an answer to whoever typed them
    """What was typed is no command."""

    def __init__(self, message: str, usage: str, program: str) -> None:
        super().__init__(message)
        self.usage = usage
        self.program = program


class Parser(argparse.ArgumentParser):
    """argparse, but wrong words are told as every other error is: with --json as an object too."""

    def error(self, message: str) -> NoReturn:
        """Raises WrongWords."""
        raise WrongWords(message, self.format_usage(), self.prog)


def refuse_words(wrong: WrongWords, *, as_json: bool) -> NoReturn:
    """Says it and ends the program with exit code 2."""
    print(f"{wrong.usage}{wrong.program}: error: {wrong}", file=sys.stderr)
    if as_json:
        then = f"{wrong.program} --help"
        print(json.dumps({"ok": False, "exit": 2, "error": str(wrong), "next": then}))
    raise SystemExit(int(Exit.USAGE))


class Said:
    """One run of one command at the terminal."""

    def __init__(self, *, as_json: bool, dry: bool = False) -> None:
        self.as_json = as_json
        self.dry = dry
        self.left = "nothing was changed"  # what Ctrl-C leaves behind, kept true by the command
        self._lock = threading.Lock()

    def say(self, text: str, *, end: str = "\n") -> None:
        """Show a line; from any thread."""
        with self._lock:
            print(text, end=end, file=sys.stderr if self.as_json else sys.stdout, flush=True)

    def ask(self, question: str) -> str:
        """The technician's answer, stripped. Raises Refused where nobody answers."""
        self.say(question, end="")
        line = sys.stdin.readline()
        if not line:
            raise Refused("nobody answers at this terminal", "run it where you can type")
        return line.strip()


def hold(arguments: argparse.Namespace, work: Callable[[Said], Told]) -> int:
    """Does the work and tells how it ended; returns the exit code. No traceback, ever.

    What `work` returns is the JSON object; `ok`, `exit`, `error` and `next` are added to it. Work
    that went through in part returns an object with its own `exit` (an Exit) and `error`.
    """
    dry = bool(getattr(arguments, "dry_run", False))
    said = Said(as_json=bool(arguments.json), dry=dry)
    told: Told = {}
    try:
        told = work(said)
        code = Exit(int(str(told.pop("exit", Exit.OK))))
        error = str(told.pop("error", "")) or None
        then = str(told.pop("next", "")) or None
    except Refused as refused:
        code, error, then = refused.code, refused.wrong, refused.then or None
    except KeyboardInterrupt:
        code, error, then = Exit.STOPPED, "stopped by hand", said.left
    except OSError as failure:
        code, error, then = Exit.FAILED, _of_system(failure), _remedy(failure)
    if error:
        print(f"anbu: {error}{': ' + then if then else ''}", file=sys.stderr)
    if said.as_json:
        ends: Told = {"ok": code == Exit.OK, "exit": int(code), "error": error, "next": then}
        code = _print(json.dumps({**told, "dry_run": dry, **ends}, ensure_ascii=False), code)
    return int(code)


def _print(line: str, code: Exit) -> Exit:
    """Prints it; how the command ends then: what nobody can read was not told."""
    try:
        print(line, flush=True)
    except OSError as failure:
        # What could not be written is not tried again when the program ends.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        if isinstance(failure, BrokenPipeError):
            return code  # whoever read it has gone
        print(f"anbu: the result: {_of_system(failure)}: {_remedy(failure)}", file=sys.stderr)
        return code or Exit.FAILED
    return code


def _of_system(failure: OSError) -> str:
    where = f"{failure.filename}: " if failure.filename else ""
    return f"{where}{failure.strerror or failure}"


_REMEDIES = {
    errno.ENOSPC: "make room on this disk, then run the same command again",
    errno.EDQUOT: "make room in your quota, then run the same command again",
    errno.EROFS: "give a folder that can be written",
    errno.EACCES: "give a file you may use, or change whose it is",
    errno.ENOENT: "look at the name",
}


def _remedy(failure: OSError) -> str | None:
    return _REMEDIES.get(failure.errno or 0)


def write_whole(path: Path, data: bytes, mode: int = 0o644) -> None:
    """The file whole or not at all, also where the disk is full. Raises OSError."""
    beside = path.with_name(f".{path.name}.{os.getpid()}.new")
    try:
        handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode)
        with open(handle, "wb") as file:  # noqa: PTH123 - a handle, not a path
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise


@contextlib.contextmanager
def unbroken() -> Iterator[None]:
    """Ctrl-C waits until this block is done, then counts. Only the main thread hears of it."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    heard: list[int] = []

    def hear(number: int, _frame: FrameType | None) -> None:
        heard.append(number)

    before = signal.signal(signal.SIGINT, hear)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
    if heard:
        raise KeyboardInterrupt
