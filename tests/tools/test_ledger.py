"""The workshop's ledger: never two devices with one serial or key, whoever dies when."""

from __future__ import annotations

import random
import re
import sqlite3
from collections import defaultdict
from pathlib import Path

import pytest

from tests.tools.workshop import BOX, PLUG, TABLE, FileFlash, ended, life, made
from tools.technician import nvs_image
from tools.technician import partitions as p
from tools.technician.provisioning import ledger as ledger_module
from tools.technician.provisioning.deciding import State
from tools.technician.provisioning.identity import Held, epoch_of, held, log_files
from tools.technician.provisioning.ledger import Ledger, LedgerError
from tools.technician.provisioning.salvage import TAKEN, Fresh, put_back, salvage
from tools.technician.said import Exit, Refused

MACS = [f"24:0a:c4:00:00:{n:02x}" for n in range(6)]
LINES = 900  # of one life, about: a kill beyond it hits nothing
KEYS = {("anbu", "device_id"), ("anbu", "device_key"), ("anbu", "bthome_key")}


def _held(flash: FileFlash) -> Held:
    nvs, keys = (p.part(TABLE, label) for label in (p.NVS, p.KEYS))
    return held(flash.read(nvs.offset, nvs.size), flash.read(keys.offset, keys.size))


def _one_owner(boards: list[FileFlash], ledger: Ledger) -> None:
    """No serial and no key stands in two devices; what stands in one, the ledger drew for it."""
    owners: dict[bytes, set[str]] = defaultdict(set)
    for board in boards:
        found = _held(board)
        for copy in (found.first, found.second):
            for name in KEYS & copy.keys():
                owners[copy[name]].add(board.mac)
    assert all(len(macs) == 1 for macs in owners.values()), owners
    rows = ledger._db.execute("SELECT value, mac FROM secret JOIN device USING (serial)")
    drawn = dict(rows.fetchall())
    assert all(drawn[key] in macs for key, macs in owners.items() if len(key) == 16)


def _stations(folder: Path, seed: int, rounds: int) -> None:
    """Two stations on one ledger, killed over and over; the boards change hands in between."""
    chance = random.Random(seed)
    boards = [FileFlash(folder, mac) for mac in MACS]
    file = folder / "ledger"
    Ledger(file, "the first").close()

    def works(station: str, mine: list[FileFlash], again: list[bool]) -> None:
        ledger = Ledger(file, station)
        for board, anew in zip(mine, again, strict=True):
            made(board, ledger, again=anew)

    for _ in range(rounds):
        chance.shuffle(boards)
        pids = []
        for n, station in enumerate(("left", "right")):
            mine = boards[n::2]
            again = [chance.random() < 0.2 for _ in mine]
            kill = (
                {"lines": chance.randrange(LINES)}
                if chance.random() < 0.7
                else {"seconds": chance.uniform(0.001, 0.1)}
            )
            pids.append(life(lambda s=station, m=mine, a=again: works(s, m, a), **kill))  # type: ignore[misc]
        assert all(ended(pid) <= 0 for pid in pids)
        ledger = Ledger(file, "the judge")
        _one_owner(boards, ledger)
        ledger.close()
    ledger = Ledger(file, "the last")
    for board in boards:
        made(board, ledger)
        row = ledger.row(board.mac)
        assert row is not None
        assert _held(board).whole(row.noted.identity)
        assert row.noted.state is State.WRITTEN
    _one_owner(boards, ledger)


@pytest.mark.parametrize("seed", range(3))
def test_two_stations_and_kills_never_give_a_key_twice(tmp_path: Path, seed: int) -> None:
    """Two stations on one ledger, killed at any line: no serial or key in two devices, ever.

    Each board that was left half done is finished by whoever gets it next.
    """
    _stations(tmp_path, seed, rounds=12)


@pytest.mark.long
@pytest.mark.timeout(900)
def test_a_thousand_kills(tmp_path: Path) -> None:
    """The same over a thousand lives of stations."""
    for seed in range(100, 120):
        folder = tmp_path / str(seed)
        folder.mkdir()
        _stations(folder, seed, rounds=25)


def test_an_old_copy_of_the_ledger_gives_no_serial_twice(tmp_path: Path) -> None:
    """A ledger restored from a copy, or another workshop's: the numbers come again, no serial does.

    The number alone names a device in its own ledger.
    """
    now, copy, other = tmp_path / "ledger", tmp_path / "copy", tmp_path / "other"
    with Ledger(now, "here") as ledger:
        ledger.begin(MACS[0], BOX)
    copy.write_bytes(now.read_bytes())
    copy.chmod(0o600)
    drawn = []
    for file in (now, copy, other):
        with Ledger(file, "here") as ledger:
            drawn.append(ledger.begin(MACS[1], BOX).serial)
            ledger.note(drawn[-1], State.WRITTEN)
            number = drawn[-1].rpartition("-")[0]
            assert [row.noted.identity.serial for row in ledger.rows([number])] == [drawn[-1]]
    assert len(set(drawn)) == 3
    assert all(re.fullmatch("AB-00000[12]-[0-9A-HJKMNP-TV-Z]{5}", serial) for serial in drawn)


def test_a_station_that_draws_the_same_is_stopped(tmp_path: Path) -> None:
    """A copied computer whose chance repeats itself: the second key is refused, none noted."""
    file = tmp_path / "ledger"
    one, two = (Ledger(file, name, lambda n: b"\7" * n) for name in ("one", "two"))
    one.begin(MACS[0], BOX)
    with pytest.raises(LedgerError, match="drew a key that exists already"):
        two.begin(MACS[1], BOX)
    assert two.row(MACS[1]) is None
    with pytest.raises(LedgerError):
        one.begin(MACS[2], PLUG)  # its two keys are the same one


def test_a_half_written_board_is_finished_with_its_own_keys(tmp_path: Path) -> None:
    """Killed between drawing and writing: the same board gets the same serial and the same keys."""
    board = FileFlash(tmp_path, MACS[0])
    ledger = Ledger(tmp_path / "ledger", "here")
    drawn = ledger.begin(MACS[0], PLUG)
    assert made(board, ledger) == "finish"
    assert _held(board).whole(drawn)
    assert made(board, ledger) == "done"
    log = p.part(TABLE, p.LOG)
    files = log_files(board.read(log.offset, log.size))
    assert files is not None
    assert epoch_of(files) == drawn.epoch


@pytest.mark.parametrize("lost", [p.NVS, p.KEYS])
def test_lost_keys_are_for_a_rescue(tmp_path: Path, lost: str) -> None:
    """A device of ours that lost a copy of its keys: no byte of it is touched, rescue is named.

    Its counters stand beside its keys, and would begin anew with the keys they were used with.
    """
    board = FileFlash(tmp_path, MACS[0])
    ledger = Ledger(tmp_path / "ledger", "here")
    made(board, ledger)
    gone, log = p.part(TABLE, lost), p.part(TABLE, p.LOG)
    board.erase(gone.offset, gone.size)
    board.write(log.offset + 8 * p.BLOCK, b"records of somebody")
    before = board.file.read_bytes()
    with pytest.raises(Refused, match="keys are not whole on it: anbu rescue --ledger"):
        made(board, ledger)
    assert board.file.read_bytes() == before


def test_counting_goes_on_where_a_plugs_number_was_lost(tmp_path: Path) -> None:
    """Keys from the second copy or the ledger: no telegram's number comes twice with one key.

    A number that the plug still has stays what it is.
    """
    board, fresh = FileFlash(tmp_path, MACS[0]), Fresh(5, 26_000_000)
    ledger = Ledger(tmp_path / "ledger", "here")
    made(board, ledger)
    taken = {
        part.label: board.read(part.offset, part.size)
        for part in (p.part(TABLE, label) for label in TAKEN)
    }
    row = ledger.row(MACS[0])
    assert row is not None
    for noted in (None, row.noted.identity):
        whole = salvage(taken)
        assert _count(put_back(whole, noted, TABLE, fresh)) == 0
        wiped = salvage(taken | {p.NVS: b"\xff" * len(taken[p.NVS])})
        assert _count(put_back(wiped, noted, TABLE, fresh)) == 26_000_000


def _count(back: dict[str, bytes]) -> object:
    return nvs_image.decode(back[p.NVS])["anbu"]["bthome_count"]


def test_a_board_that_keeps_nothing_is_refused(tmp_path: Path) -> None:
    """What reads back as something else is not noted as written; another try is free."""
    board = FileFlash(tmp_path, MACS[0])
    ledger = Ledger(tmp_path / "ledger", "here")
    write = board.write
    board.write = lambda at, data: None  # type: ignore[method-assign]  # a dead flash
    with pytest.raises(Refused, match=r"does not hold CP-000001-.{5} though it was written"):
        made(board, ledger)
    row = ledger.row(MACS[0])
    assert row is not None
    assert row.noted.state is State.DRAWN
    board.write = write  # type: ignore[method-assign]
    assert made(board, ledger) == "finish"


def test_foreign_boards_are_refused(tmp_path: Path) -> None:
    """A board of another workshop, or another kind, is left as it is until --again is said."""
    board = FileFlash(tmp_path, MACS[0])
    theirs, ours = (Ledger(tmp_path / name, name) for name in ("theirs", "ours"))
    made(board, theirs)
    before = board.file.read_bytes()
    with pytest.raises(Refused, match=r"holds CP-000001-.{5}, this ledger has no such"):
        made(board, ours)
    with pytest.raises(Refused, match=r"is CP-000001-.{5}, a care-node"):
        made(board, theirs, BOX)
    assert board.file.read_bytes() == before
    assert ours.row(MACS[0]) is None
    old = _held(board).first["anbu", "device_key"]
    assert made(board, ours, again=True) == "begin"
    assert _held(board).first["anbu", "device_key"] != old


def test_again_retires_the_old_keys_for_good(tmp_path: Path) -> None:
    """A new identity takes another serial; the old serial and its keys stay taken."""
    board = FileFlash(tmp_path, MACS[0])
    ledger = Ledger(tmp_path / "ledger", "here")
    made(board, ledger)
    made(board, ledger, again=True)
    row = ledger.row(MACS[0])
    assert row is not None
    assert row.noted.identity.serial.startswith("CP-000002-")
    assert ledger._db.execute("SELECT count(*) FROM secret").fetchone() == (4,)
    with pytest.raises(LedgerError, match="no CP-000001"):
        ledger.rows(["CP-000001"])


def test_a_ledger_that_cannot_be_used_says_why(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Locked, open to others, no ledger, a folder: one line, exit 5, nothing drawn."""
    monkeypatch.setattr(ledger_module, "LOCK_S", 0.05)
    file = tmp_path / "ledger"
    ledger = Ledger(file, "here")
    other = sqlite3.connect(file, isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    with pytest.raises(LedgerError, match=r"another station has held it for 0\.05 s") as locked:
        ledger.begin(MACS[0], BOX)
    assert locked.value.code is Exit.LEDGER
    other.execute("ROLLBACK")
    assert ledger.row(MACS[0]) is None
    (tmp_path / "text").write_text("no ledger at all, but long enough for SQLite to look at it")
    (tmp_path / "text").chmod(0o600)
    with pytest.raises(LedgerError, match="file is not a database"):
        Ledger(tmp_path / "text", "here")
    file.chmod(0o644)
    with pytest.raises(LedgerError, match="holds keys and is open to others"):
        Ledger(file, "here")
    with pytest.raises(LedgerError, match="Is a directory"):
        Ledger(tmp_path, "here")
