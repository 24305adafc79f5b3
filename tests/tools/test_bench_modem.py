"""The modem's fault matrix (P11) in the home's own time: found, recovered, no copy unmarked."""

from __future__ import annotations

import json

import pytest

from tools.bench import modem, modem_faults
from tools.bench.modem_faults import FAULTS, ONLY_WHILE_SENDING, Row
from tools.home.gsm import Cure

FOUND_WITHIN_S = 60
RECOVERED_WITHIN_S = 120
TOLD_WITHIN_S = 5
GOES_ON = {
    "storm of news for a minute",
    "garbage bytes for a minute",
    "SIM full of parts",
    "network refuses once",
    "OK without +CMGS",
}
"""Faults that never take the modem away."""
ANSWER_LOST = {"+CMGS lost", "+CMGS 70 s late", "OK without +CMGS"}


@pytest.fixture(scope="module")
def matrix() -> dict[tuple[str, bool], Row]:
    return {(row.fault, row.sending): row for row in modem_faults.matrix()}


def _holds(row: Row) -> None:
    assert row.found_s is None or row.found_s < FOUND_WITHIN_S, row
    assert row.recovered_s < RECOVERED_WITHIN_S, row
    assert row.tries <= 2, row
    assert 1 <= row.copies <= 1 + row.unsure, row
    assert row.marked == row.unsure <= 1, row


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_while_a_text_is_sent(matrix: dict[tuple[str, bool], Row], name: str) -> None:
    """Found < 60 s, the text taken < 120 s, at most one more copy, and that one marked."""
    row = matrix[name, True]
    _holds(row)
    assert (row.found_s is None) == (name in GOES_ON), row
    assert name not in ANSWER_LOST or row.unsure == 1, row


@pytest.mark.parametrize("name", sorted(FAULTS.keys() - ONLY_WHILE_SENDING))
def test_a_fault_while_nobody_sends(matrix: dict[tuple[str, bool], Row], name: str) -> None:
    """A heartbeat finds it < 60 s and the modem works again < 120 s; the next text goes once."""
    row = matrix[name, False]
    _holds(row)
    assert (row.found_s is None) == (name in GOES_ON), row
    assert (row.tries, row.copies) == (1, 1), row


@pytest.mark.timeout(300)
@pytest.mark.parametrize("cure", [Cure.ESCAPE, Cure.RESTART])
def test_a_hang_at_each_byte(cure: Cure) -> None:
    """Wherever in the sending of a text the modem falls silent, P11 holds.

    That is after each byte to it and from it.
    """
    rows = modem_faults.each_byte(cure)
    assert len(rows) > 200
    for row in rows:
        _holds(row)
    assert {row.unsure for row in rows} == {0, 1}  # before the PDU, and after it


def test_undelivered_is_told_at_once() -> None:
    """The network gives a text up: the fact that lets the next person be told is there < 5 s."""
    assert modem_faults.undelivered_s() < TOLD_WITHIN_S


def test_a_full_sim_lets_the_answer_in() -> None:
    """Twenty parts that wait in vain keep the guardian's answer out for less than P11 allows."""
    assert modem_faults.full_sim_s() < RECOVERED_WITHIN_S


def test_reports_in_bad_weather() -> None:
    """Lost, doubled, late beyond 256 other texts: none is told delivered that did not arrive.

    All but those whose report was lost are told.
    """
    weather = modem_faults.bad_weather(600)
    assert weather["told_wrongly"] == 0
    assert weather["arrived"] < weather["texts"]
    assert 0.85 * weather["arrived"] < weather["told_delivered"] < weather["arrived"]


def test_the_report_is_one_object(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """What is printed with --json is what was measured; as a table it names every fault."""
    row = Row("prompt > lost", True, 30.0, 35.2, 2, 0, 1, 0)
    monkeypatch.setattr(modem_faults, "matrix", lambda: [row])
    monkeypatch.setattr(modem_faults, "each_byte", lambda: [row])
    assert modem.run(as_json=True) == 0
    report = json.loads(capsys.readouterr().out)
    assert report["rows"][0]["found_s"] == 30.0
    assert report["each_byte"]["places"] == 1
    assert report["weather"]["told_wrongly"] == 0
    assert modem.run(as_json=False) == 0
    assert "prompt > lost" in capsys.readouterr().out
