"""Brings one update bundle to one device, chunk by chunk, from wherever the device wants it.

Knows: the bundle's bytes, the device's answers and what they mean. May not know: a radio, a
session, a clock, when an update is wanted.

    while command := sending.next():
        sending.take(await radio.command(device_id, command))

A link that broke is no loss: make the loop again, the device says where it goes on. Once `outcome`
is STAGED the device starts anew by itself at a quiet moment; ask again (`again`) after that.
"""

from __future__ import annotations

from binascii import crc32
from enum import StrEnum

from anbu_wire import bundle as b
from anbu_wire import messages as m
from gateway.sync.commands import Answer, Command

CHUNK_BYTES = 192  # its frame is one piece at MTU 247


class Outcome(StrEnum):
    """What came of it so far."""

    STAGED = "staged"  # all of it is there and good; the device will start it
    TRYING = "trying"  # it runs, and has still to prove itself
    CONFIRMED = "confirmed"
    LATER = "later"  # not at this moment: `why` says what is in the way
    REFUSED = "refused"  # never, as it is


LATER = {
    b.NEAR_DOSE: "a dose is less than half an hour away",
    b.ALARM: "the device calls somebody just now",
    b.BATTERY_LOW: "its battery is low and it has no mains",
    b.NO_TIME: "it does not know the time, so not how near a dose is",
    b.BUSY: "it is still trying the version before",
    b.STARTS_ANEW: "it starts anew, to take it: ask it again then",
}
REFUSED = {
    b.MALFORMED: "this is no bundle",
    b.CUT: "the bundle is not whole",
    b.TOO_BIG: "the bundle is too big for an app slot",
    b.UNSIGNED: "nobody signed the bundle",
    b.WRONG_KEY: "the device does not know the key that signed the bundle",
    b.WRONG_SIGNATURE: "the signature does not fit the bundle",
    b.WRONG_BOARD: "the bundle is for another board",
    b.WRONG_ABI: "the bundle was compiled for another MicroPython",
    b.OLDER: "a newer version runs there",
    b.NEEDS_STEP: "the version there is too old to go to this one in one step",
    b.FAILED_BEFORE: "the device tried this version and went back: raise the version",
    b.CORRUPT: "a file of the bundle is not what the bundle says",
    b.NO_STORAGE: "the device's flash did not take it",
}
CODES = {  # by which a page finds its own words
    b.NEAR_DOSE: "near_dose", b.ALARM: "alarm", b.BATTERY_LOW: "battery_low",
    b.NO_TIME: "no_time", b.BUSY: "busy", b.STARTS_ANEW: "starts_anew",
    b.MALFORMED: "malformed", b.CUT: "cut", b.TOO_BIG: "too_big", b.UNSIGNED: "unsigned",
    b.WRONG_KEY: "wrong_key", b.WRONG_SIGNATURE: "wrong_signature",
    b.WRONG_BOARD: "wrong_board", b.WRONG_ABI: "wrong_abi", b.OLDER: "older",
    b.NEEDS_STEP: "needs_step", b.FAILED_BEFORE: "failed_before", b.CORRUPT: "corrupt",
    b.NO_STORAGE: "no_storage",
}  # fmt: skip
_BEGIN_AGAIN = (b.NOT_BEGUN, b.WRONG_OFFSET)  # it restarted meanwhile, or an answer was lost
_IN_VAIN = 6  # answers without a byte of progress
_RUNNING = {b.TRYING: Outcome.TRYING, b.CONFIRMED: Outcome.CONFIRMED, b.IDLE: Outcome.CONFIRMED}


class Sending:
    """One bundle on its way. `outcome` None: not over.

    Where it did not go: `why`, a sentence, and `code`, of CODES, or "" for none of the device's.

    Raises RemoteProtocolError for bytes that are no bundle.
    """

    def __init__(self, data: bytes) -> None:
        self._data = data
        manifest = b.Manifest(data[: b.head_bytes(data)])
        self.version = manifest.version
        self.offset = 0  # so much the device has
        self.outcome: Outcome | None = None
        self.why = ""
        self.code = ""
        self._begun = False
        self._in_vain = 0

    @property
    def size_bytes(self) -> int:
        """How long the bundle is."""
        return len(self._data)

    def again(self) -> None:
        """A new link, or a later moment: ask the device how far it has come."""
        self._begun = False
        self._in_vain = 0
        self.outcome = None
        self.why = self.code = ""

    def next(self) -> Command | None:
        """What to ask the device now; None when there is an outcome."""
        if self.outcome is not None:
            return None
        if not self._begun:
            return Command(m.UPDATE_BEGIN, (self.version, len(self._data), crc32(self._data)))
        if self.offset < len(self._data):
            chunk = self._data[self.offset : self.offset + CHUNK_BYTES]
            return Command(m.UPDATE_CHUNK, (self.offset,), tail=chunk)
        return Command(m.UPDATE_FINISH)

    def take(self, answer: Answer) -> None:
        """The device's answer to what `next` gave."""
        if not answer.ok:
            self._end(Outcome.REFUSED, "this device takes no updates by air")
            return
        state, reason = answer.fields["state"], answer.fields["reason"]
        if reason in _BEGIN_AGAIN:
            self._begun = False
            self._no_progress()
        elif reason in LATER:
            self._end(Outcome.LATER, LATER[reason], CODES[reason])
        elif reason:
            why, code = REFUSED.get(reason, f"reason {reason}"), CODES.get(reason, "")
            self._end(Outcome.REFUSED, why, code)
        elif state == b.STAGED:
            self._end(Outcome.STAGED, "")
        elif answer.fields["version"] == self.version:
            self._end(_RUNNING.get(state, Outcome.CONFIRMED), "")
        else:
            self._go_on(answer.fields["next_offset"])

    def _go_on(self, next_offset: int) -> None:
        self._begun = True
        if next_offset > self.offset:
            self._in_vain = 0
        else:
            self._no_progress()
        self.offset = min(next_offset, len(self._data))

    def _no_progress(self) -> None:
        self._in_vain += 1
        if self._in_vain > _IN_VAIN:
            self._end(Outcome.LATER, f"it does not get beyond byte {self.offset}")

    def _end(self, outcome: Outcome, why: str, code: str = "") -> None:
        self.outcome, self.why, self.code = outcome, why, code
