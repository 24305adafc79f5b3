"""What a Sync asks of its edge, which carries the actions out in order.

Knows: shapes only.

    ("send", message)                   seal it and send it
    ("commit", epoch, records)          commit these records, then call `Sync.committed`
    ("caught_up", state_fields)         every record the device had at state_fields["wall_s"] is
                                        committed; wall_s is never later than the gateway's own
                                        time, and 0 where either of them does not know the time
    ("new_log", epoch)                  nothing of this log is known here: it is new, or the one
                                        known before was lost; write it down (an audit event)
    ("gap", epoch, first_seq, last_seq) these records are lost for good on the device
    ("schedule_confirmed", version, crc)
    ("time_set",)
    ("refused", kind, code)             the device refused a command (messages.REFUSED_*)
    ("answered", token, answer)         of a command (commands.Answer)
    ("rests", seconds)                  the device's radio is off for so long at the most: this Sync
                                        is over
    ("failed", why)                     disconnect; this Sync is over
"""

from __future__ import annotations

from typing import Literal

from anbu_wire import messages as m
from gateway.sync.commands import Answer

Action = (
    tuple[Literal["send"], bytes]
    | tuple[Literal["commit"], int, list[m.Record]]
    | tuple[Literal["caught_up"], dict[str, int]]
    | tuple[Literal["new_log"], int]
    | tuple[Literal["gap"], int, int, int]
    | tuple[Literal["schedule_confirmed"], int, int]
    | tuple[Literal["time_set"]]
    | tuple[Literal["refused"], int, int]
    | tuple[Literal["answered"], int, Answer]
    | tuple[Literal["rests"], int]
    | tuple[Literal["failed"], str]
)
TimeFields = tuple[int, int, int, int, int]  # SET_TIME's fields in order; wall_s 0 = not known
