"""The stories, told whole: real firmware, real radio stack, real AT dialogue, one gateway."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

import pytest

_SPEED = 60
_LONGER = 80  # some hours with one box that is left and found again
_SOME = 100  # some hours in some minutes, with several devices
_FAST = 200  # a whole day in seven minutes
_IDLE = 400  # where nothing but a telephone is, and the gateway
_CALLS = 10  # a telephone's sound keeps time so far


def _run(story: str, speed: int = _SPEED, timeout_s: int = 280) -> dict[str, Any]:
    argv = [sys.executable, "-m", "tools.cli", "home", "run", story, "--json"]
    argv += ["--speed", str(speed)]
    done = subprocess.run(argv, capture_output=True, text=True, check=False, timeout=timeout_s)
    assert done.stdout, done.stderr
    report: dict[str, Any] = json.loads(done.stdout)
    failed = [e for e in report["expectations"] if not e["held"]]
    told = "\n".join(f"{e['what']}: {e['seen']}" for e in failed)
    assert not failed, f"{story}:\n{told}\n{done.stderr}"
    assert done.returncode == 0, done.stderr
    assert report["duplicates"] == 0
    assert report["events_in_log"] == report["events_at_box"]
    return report


def _run_together(stories: Iterable[str], speed: int) -> list[tuple[str, Future[dict[str, Any]]]]:
    """What each came to, all told at once: a home without a device is idle nine tenths of it."""
    names = list(stories)
    with ThreadPoolExecutor(len(names)) as pool:
        return [(name, pool.submit(_run, name, speed, 400)) for name in names]


@pytest.mark.timeout(300)
def test_forgotten_evening_dose() -> None:
    """The guardian is told when the window closes, answers 1, and the incident is hers."""
    report = _run("forgotten-evening-dose")
    assert report["texts"][0]["purpose"] == "dose_missed"
    assert report["texts"][0]["late_real_s"] < 2


@pytest.mark.timeout(300)
@pytest.mark.long
def test_taken_on_time() -> None:
    """A dose taken in its time texts nobody."""
    assert _run("taken-on-time")["texts"] == []


@pytest.mark.timeout(300)
@pytest.mark.long
def test_taken_while_the_link_is_down() -> None:
    """Unknown is not missed: the box is silent, the dose cannot be seen, then a correction."""
    texts = _run("taken-while-the-link-is-down")["texts"]
    assert [text["purpose"] for text in texts] == ["device_unseen", "cannot_see", "correction"]


@pytest.mark.timeout(300)
def test_help_pressed() -> None:
    """The red button reaches the guardian at once, and her answer takes the call."""
    report = _run("help-pressed")
    assert report["texts"][0]["purpose"] == "help_pressed"


@pytest.mark.timeout(300)
@pytest.mark.long
def test_bag_to_box() -> None:
    """A pharmacist's line becomes a lit lid, and one dose less in the bag; nobody is texted."""
    assert _run("bag-to-box")["texts"] == []


@pytest.mark.timeout(300)
@pytest.mark.long
def test_box_restarts_in_the_window() -> None:
    """Power cut and reset between prompt and lid: the series goes on, there is no second one."""
    assert _run("box-restarts-in-the-window")["texts"] == []


@pytest.mark.timeout(300)
@pytest.mark.long
def test_gateway_killed_in_the_window() -> None:
    """Killed twice while a dose is due: the guardian gets exactly one text, at its time."""
    assert len(_run("gateway-killed-in-the-window")["texts"]) == 1


@pytest.mark.timeout(300)
@pytest.mark.long
def test_modem_down_across_the_deadline() -> None:
    """The modem is gone when the window closes: the text goes once when it is back."""
    texts = _run("modem-down-across-the-deadline")["texts"]
    assert [text["purpose"] for text in texts].count("dose_missed") == 1


@pytest.mark.long
@pytest.mark.timeout(500)
def test_gateway_down_across_the_deadline() -> None:
    """Stopped for minutes, killed for hours, over a window's end: each dose told once."""
    _run("gateway-down-across-the-deadline", _LONGER, 480)


@pytest.mark.timeout(300)
@pytest.mark.long
def test_wrong_lid() -> None:
    """Another lid emptied than the due one: no prompt any more, a person is asked, once."""
    texts = _run("wrong-lid")["texts"]
    assert [text["purpose"] for text in texts] == ["dose_doubtful"]


@pytest.mark.timeout(300)
@pytest.mark.long
def test_help_without_gateway() -> None:
    """Without a receipt the box says "not sent" itself, and tries until it got through."""
    report = _run("help-without-gateway")
    assert report["texts"][0]["purpose"] == "help_pressed"


@pytest.mark.timeout(300)
@pytest.mark.long
def test_clock_lost() -> None:
    """A lost clock shows; nothing is prompted by guesswork, nothing is called missed."""
    assert all("missed" not in text["purpose"] for text in _run("clock-lost")["texts"])


@pytest.mark.timeout(300)
@pytest.mark.long
def test_refill() -> None:
    """A week is filled by the box's lights, and nothing of it counts as taken."""
    assert _run("refill")["texts"] == []


@pytest.mark.long
@pytest.mark.timeout(300)
def test_clumsy_evening() -> None:
    """Snoozed, opened again, left open, dropped: each has its outcome, signal and record."""
    _run("clumsy-evening")


@pytest.mark.long
@pytest.mark.timeout(300)
@pytest.mark.parametrize(
    ("story", "texts"),
    [
        ("as-needed", 1),
        ("asked", 2),
        ("broken-flash", 3),  # the call, the thanks, a dose that nobody can know of
        ("dead-chip", 1),
        ("hospital", 0),
        ("journey", 0),
        ("late-dose", 4),
        ("on-battery", 0),
        ("quiet-night", 0),
        ("schedule-change-mid-day", 0),
        ("touched", 1),
    ],
)
def test_a_situation_of_the_box(story: str, texts: int) -> None:
    """What this story expects holds, and nobody got more texts than it has reasons for."""
    assert len(_run(story)["texts"]) == texts


@pytest.mark.long
@pytest.mark.timeout(1000)
def test_day_in_the_life() -> None:
    """Four doses in twenty-four hours, the heap does not grow; a dead radio is all that is told."""
    texts = _run("day-in-the-life", _FAST, 900)["texts"]
    assert [text["purpose"] for text in texts] == ["device_unseen", "gone"]


@pytest.mark.timeout(300)
@pytest.mark.long
def test_silent_home() -> None:
    """She is asked first; at the 24th hour daughter and officer know, once each."""
    texts = _run("silent-home")["texts"]
    assert [text["purpose"] for text in texts] == ["no_sign_of_life", "no_sign_of_life"]


@pytest.mark.long
@pytest.mark.timeout(300)
def test_blackout() -> None:
    """Box and plugs without mains are one event: told once, over once."""
    texts = _run("blackout")["texts"]
    assert [text["purpose"] for text in texts] == ["power_cut", "gone"]


@pytest.mark.long
@pytest.mark.timeout(300)
@pytest.mark.parametrize(
    ("story", "purposes"),
    [
        ("visit-nobody-opens", {"visit_nobody", "delivery_left", "gone"}),
        ("rider-finds-somebody", {"household_reported"}),
        ("device-refused-neighbour-steps-in", {"visit_nobody", "thanks", "gone"}),
    ],
)
def test_people_who_look_in(story: str, purposes: set[str]) -> None:
    """What this story expects holds, and exactly this is told."""
    assert {text["purpose"] for text in _run(story)["texts"]} == purposes


@pytest.mark.long
@pytest.mark.timeout(500)
def test_home_from_hospital() -> None:
    """The new prescription is asked for once and is over once it is entered; nothing else."""
    texts = _run("home-from-hospital", _SOME, 480)["texts"]
    assert [text["purpose"] for text in texts] == ["prescription_wanted", "gone"]


@pytest.mark.long
@pytest.mark.timeout(500)
def test_homes_with_a_telephone_alone(subtests: pytest.Subtests) -> None:
    """What each story expects holds, and exactly this is told."""
    expected = {
        "phone-lies-still": {"phone_still", "thanks", "gone"},
        "phone-is-flat": {"phone_unreachable_flat", "cannot_see_life", "gone"},
    }
    for story, report in _run_together(expected, _IDLE):
        with subtests.test(story):
            texts = report.result()["texts"]
            assert {text["purpose"] for text in texts} == expected[story]


@pytest.mark.long
@pytest.mark.timeout(500)
@pytest.mark.parametrize(
    ("story", "purposes"),
    [("three-nets-quiet", set()), ("all-fall-silent", {"no_sign_of_life"})],
)
def test_a_telephone_among_others(story: str, purposes: set[str]) -> None:
    """What this story expects holds, and exactly this is told."""
    texts = _run(story, _SOME, 480)["texts"]
    assert {text["purpose"] for text in texts} == purposes


@pytest.mark.long
@pytest.mark.timeout(500)
@pytest.mark.parametrize(
    ("story", "purposes"),
    [
        ("fridge-on-the-plug", {"periodic_load"}),
        ("holiday-with-away", set()),
        ("light-on-all-night", {"no_sign_of_life_light"}),
        ("plug-unplugged", {"device_unseen_plug", "cannot_see_life", "gone"}),
        ("resident-presses-fine", set()),
    ],
)
def test_a_home_with_plugs(story: str, purposes: set[str]) -> None:
    """What this story expects holds, and nothing else is told anybody."""
    texts = _run(story, _SOME, 480)["texts"]
    assert {text["purpose"] for text in texts} <= purposes


@pytest.mark.long
@pytest.mark.timeout(500)
@pytest.mark.parametrize(
    ("story", "purposes"),
    [
        ("call-answered-all-well", []),
        ("call-says-pain", ["call_worry_pain"]),
        ("gateway-killed-in-a-call", []),
    ],
)
def test_a_home_that_is_called(story: str, purposes: list[str]) -> None:
    """SIPp at her end: what this story expects holds, and nobody is told anything else."""
    texts = _run(story, _CALLS, 480)["texts"]
    assert [text["purpose"] for text in texts] == purposes


@pytest.mark.long
@pytest.mark.timeout(500)
def test_homes_that_are_called_again(subtests: pytest.Subtests) -> None:
    """The same of those where nearly all the time is that between two attempts."""
    expected = {
        "call-unanswered-three-times": ["call_unanswered"],
        "voicemail-answers": ["call_unanswered"],
        "weekly-voice-message": [],
    }
    for story, report in _run_together(expected, _CALLS):
        with subtests.test(story):
            texts = report.result()["texts"]
            assert [text["purpose"] for text in texts] == expected[story]
