"""Small faults for the two cores, one line each, which the oracle must notice.

Knows: lines of the real files, as text. A line that no longer stands there is an error of the test.
"""

from __future__ import annotations

from tests.simulation.cores import Patch

_RECORDS = "gateway/sync/records.py"
_SYNC = "gateway/sync/conversation.py"
_WIRE = "firmware/lib/anbu_wire/"
_CORE = "firmware/lib/anbu_device/core/"
_EDGE = "firmware/lib/anbu_device/edge/"

GATEWAY = (
    Patch(
        "acknowledges what is only announced",
        _SYNC,
        'return m.ACKNOWLEDGE, (log.epoch, log.have), b""',
        'return m.ACKNOWLEDGE, (log.epoch, log.newest), b""',
    ),
    Patch(
        "says caught up too soon",
        _SYNC,
        "if log.behind:\n            return m.REPORT",
        "if False:\n            return m.REPORT",
    ),
    Patch("never sets the clock", _SYNC, "if now_s and not self._time_tried and", "if False and"),
    Patch(
        "confirms by version alone",
        _SYNC,
        '            state.get("schedule_crc"),',
        "            schedule.crc,",
    ),
    Patch(
        "does not ask after a lost frame or a poll",
        _SYNC,
        "        self._state_wanted = True\n        return self._advance()",
        "        return self._advance()",
    ),
    Patch(
        "gives a hole up when an answer is late",
        _SYNC,
        "self._log.window_ended(None)",
        "self._log.window_ended(0)",
    ),
    Patch(
        "gives a hole up unread",
        _RECORDS,
        "        if self._tries <= REPEATS:\n            return []\n        self._tries = 0\n"
        "        if count is not None and len(self._got) + self._bad >= count:",
        "        if True:",
    ),
    Patch(
        "begins a known log anew",
        _RECORDS,
        "self.have = self.handed = self._known(epoch)",
        "self.have = self.handed = 0",
    ),
    Patch(
        "skips holes",
        _RECORDS,
        "        while self.handed + 1 in records:\n            self.handed += 1",
        "        while records and max(records) > self.handed:\n"
        "            self.handed = min(s for s in records if s > self.handed)",
    ),
    Patch(
        "does not see a gap",
        _RECORDS,
        'gap: Action = ("gap", epoch, self.have + 1, oldest - 1)',
        'gap: Action = ("new_log", epoch)',
    ),
    Patch("does not see a step back", _RECORDS, "if newest < self.have:", "if newest < 0:"),
    Patch(
        "is silent about a new log",
        _RECORDS,
        'new = [] if self.have else [("new_log", epoch)]',
        "new = []",
    ),
)
WIRE = (
    Patch(
        "opens a frame again",
        _WIRE + "session.py",
        "if counter < self._expected:",
        "if counter < 0:",
    ),
    Patch(
        "takes a jump towards the device",
        _WIRE + "session.py",
        "if jumped and self._role == DEVICE:",
        "if False:",
    ),
    Patch(
        "hides lost frames",
        _WIRE + "session.py",
        'return [("gap",), ("message", message)] if jumped else',
        'return [("message", message)] if jumped else',
    ),
    Patch(
        "uses one counter twice",
        _WIRE + "session.py",
        "        self._sent += 1\n",
        "        self._sent += 1 if self._sent % 5 else 0\n",
    ),
    Patch(
        "does not check the seal",
        _WIRE + "seal.py",
        '        except InvalidTag:\n            raise RemoteProtocolError("wrong seal") from None',
        "        except InvalidTag:\n            return sealed[:-TAG_BYTES]",
    ),
    Patch(
        "never ends a frame of whole pieces",
        _WIRE + "frame.py",
        "if start + step >= len(frame):",
        "if start + step > len(frame):",
    ),
    Patch(
        "keeps the rest of a broken frame",
        _WIRE + "frame.py",
        "        self._buffer = bytearray()\n        self._next = -1\n\n",
        "        self._next = -1\n\n",
    ),
)
DEVICE = (
    Patch(
        "frees what was not acknowledged",
        _CORE + "journal.py",
        "if last > self.acknowledged_seq or",
        "if last > self.newest_seq or",
    ),
    Patch(
        "takes an acknowledgement for all",
        _CORE + "journal.py",
        "self.acknowledged_seq = up_to_seq",
        "self.acknowledged_seq = self.newest_seq",
    ),
    Patch(
        "never believes a smaller acknowledgement",
        _CORE + "journal.py",
        "self.acknowledged_seq = up_to_seq",
        "self.acknowledged_seq = max(self.acknowledged_seq, up_to_seq)",
    ),
    Patch(
        "writes on after a torn end",
        _CORE + "journal.py",
        "self._sealed = not whole or count in (0, SEGMENT_RECORDS)",
        "self._sealed = count in (0, SEGMENT_RECORDS)",
    ),
    Patch(
        "forgets timelines at a restart",
        _CORE + "journal.py",
        "self.timeline = (record.timeline +",
        "self.timeline = 0 * (record.timeline +",
    ),
    Patch(
        "does a command twice",
        _CORE + "link.py",
        "if answer and answer[:3] == ",
        "if answer and answer[:3] != answer[:3] == ",
    ),
    Patch(
        "leaves the first record out",
        _CORE + "link.py",
        "self._device.records(first, last)",
        "self._device.records(first + 1, last)",
    ),
    Patch(
        "keeps its timeline when the clock jumps",
        _CORE + "clock.py",
        "self.timeline = (self.timeline + 1) & 0xFFFF",
        "self.timeline = self.timeline & 0xFFFF",
    ),
    Patch(
        "lets uptime run back",
        _CORE + "clock.py",
        "(ticks_ms - self._last_ticks_ms) & _TICKS_MASK",
        "ticks_ms - self._last_ticks_ms",
    ),
    Patch(
        "believes a broken write",
        _EDGE + "logbook.py",
        '            journal.broke()\n            return b""\n',
        '            journal.wrote(slot[0])\n            return b""\n',
    ),
    Patch(
        "draws an epoch at every start",
        _EDGE + "logbook.py",
        "if len(blob) == 8 and crc32",
        "if len(blob) == 9 and crc32",
    ),
    Patch(
        "does not keep the schedule",
        "firmware/pillbox/pillbox/stored.py",
        "self._disk.replace(_NEWEST, head + blob, keep)",
        "self._disk.replace(_NEWEST, head, keep)",
    ),
    Patch(
        "sets the clock chip before it is written down",
        "firmware/pillbox/service.py",
        "        code = super().set_time(fields)\n",
        '        self._house.write_rtc(fields["wall_s"])\n'
        "        code = super().set_time(fields)\n",
    ),
    Patch(
        "tells an older newest record",
        _CORE + "service.py",
        "            journal.newest_seq,\n",
        "            max(journal.oldest_seq, journal.newest_seq - 1),\n",
    ),
)
ALL = GATEWAY + WIRE + DEVICE
