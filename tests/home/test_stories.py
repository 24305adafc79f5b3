"""The stories, told whole: real firmware, real radio stack, real AT dialogue, one gateway."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

import pytest

_SPEED = 60


def _run(story: str) -> dict[str, Any]:
    argv = [sys.executable, "-m", "tools.cli", "home", "run", story, "--json"]
    argv += ["--speed", str(_SPEED)]
    done = subprocess.run(argv, capture_output=True, text=True, check=False, timeout=280)
    assert done.stdout, done.stderr
    report: dict[str, Any] = json.loads(done.stdout)
    failed = [e for e in report["expectations"] if not e["held"]]
    assert not failed, (failed, done.stderr)
    assert done.returncode == 0, done.stderr
    assert report["duplicates"] == 0
    assert report["events_in_log"] == report["events_at_box"]
    return report


@pytest.mark.timeout(300)
def test_forgotten_evening_dose() -> None:
    """The guardian is told when the window closes, answers 1, and the incident is hers."""
    report = _run("forgotten-evening-dose")
    assert report["texts"][0]["purpose"] == "dose_missed"
    assert report["texts"][0]["late_real_s"] < 2


@pytest.mark.timeout(300)
def test_taken_on_time() -> None:
    """A dose taken in its time texts nobody."""
    assert _run("taken-on-time")["texts"] == []


@pytest.mark.timeout(300)
def test_taken_while_the_link_is_down() -> None:
    """Unknown is not missed: "not confirmed", then a correction."""
    report = _run("taken-while-the-link-is-down")
    assert len(report["texts"]) == 2
    assert all("missed" not in text["purpose"] for text in report["texts"])


@pytest.mark.timeout(300)
def test_help_pressed() -> None:
    """The red button reaches the guardian at once, and her answer takes the call."""
    report = _run("help-pressed")
    assert report["texts"][0]["purpose"] == "help_pressed"
