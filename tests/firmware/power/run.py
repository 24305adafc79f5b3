"""Starts MicroPython on the files of this folder and reads what they say.

Knows: the search path, the heap, the lines `@word …`. May not know: what is tested.
"""

from __future__ import annotations

import json
import os
import subprocess
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from tests import both
from tests.both import FIRMWARE, ROOT, RUNNER, micropython

HERE = Path(__file__).parent
HEAP = "64M"  # long_life keeps every operation of its weeks
SMALL_HEAP = "6M"  # collected often
WHOLE_LOG_HEAP = "16M"  # the model of a flash that is full


def run(
    script: Path, *arguments: str, timeout_s: float, heap: str = HEAP
) -> subprocess.CompletedProcess[str]:
    """One process to its end."""
    interpreter = micropython()
    if interpreter is None:
        pytest.skip("no MicroPython for this machine: its package has x86_64 wheels only")
    search = ":".join(str(p) for p in (ROOT, *FIRMWARE, HERE, ".frozen"))
    return subprocess.run(
        [interpreter, "-X", f"heapsize={heap}", str(script), *arguments],
        env={**os.environ, "MICROPYPATH": search},
        capture_output=True,
        text=True,
        timeout=timeout_s,
        check=False,
    )


def functions(module: str, timeout_s: float = 100.0) -> dict[str, str]:
    """{name: "" or what went wrong} of the functions `test_*` of a module of this folder."""
    heap = WHOLE_LOG_HEAP if module == "micro_full" else SMALL_HEAP
    done = run(RUNNER, module, timeout_s=timeout_s, heap=heap)
    outcomes = both._read_lines(done.stdout)
    if done.returncode or done.stderr:
        outcomes["the process"] = f"exit {done.returncode}\n{done.stderr}"
    return outcomes


def said(done: subprocess.CompletedProcess[str]) -> tuple[str, dict[str, Any]]:
    """(word, facts) of the line `@word {…}` a script ends with."""
    for line in done.stdout.splitlines():
        word, _, rest = line.partition(" ")
        if word.startswith("@"):
            return word[1:], json.loads(rest)
    return "died", {"exit": done.returncode, "stdout": done.stdout, "stderr": done.stderr}


def cut(
    work: str, seed: int, every: int, seconds: int, mutant: str = "", timeout_s: float = 100.0
) -> tuple[str, dict[str, Any]]:
    """Cuts one work: ("cuts", counts) or ("lost", what broke and how to replay it)."""
    numbers = (str(seed), str(every), str(seconds))
    arguments = (work, *numbers, mutant) if mutant else (work, *numbers)
    return said(run(HERE / "cuts.py", *arguments, timeout_s=timeout_s))


def cut_all(jobs: list[tuple[str, int, int, int]], timeout_s: float) -> list[dict[str, Any]]:
    """The counts of several works, one process a core; the first loss fails the test."""
    with ThreadPoolExecutor(os.cpu_count() or 1) as pool:
        running = [pool.submit(cut, *job, timeout_s=timeout_s) for job in jobs]
    outcomes = [each.result() for each in running]
    for word, facts in outcomes:
        assert word == "cuts", facts
    return [facts for _, facts in outcomes]
