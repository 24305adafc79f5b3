"""What the adversary's tests share: the radio-only box, and what must not have happened to it.

Knows: tests/home/radio_box, the home of radio_home.py. May not know: which attack it was.
"""

from __future__ import annotations

from tests.home.radio_home import Home


def nothing_happened(h: Home, records: int, sessions: int, schedules: int = 0) -> None:
    """Every record once, no session and no command but the gateway's own."""
    assert h.box.alive
    assert h.sink.seqs == list(range(1, records + 1))
    assert h.box.lines.count("session") == sessions
    assert sum(line.startswith("schedule") for line in h.box.lines) == schedules
    acknowledged = [int(x.split()[1]) for x in h.box.lines if x.startswith("acknowledged")]
    assert acknowledged == sorted(acknowledged)
    assert max(acknowledged) == records
