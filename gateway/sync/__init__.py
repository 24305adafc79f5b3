"""The gateway's end above a session: a device's log, clock and schedule kept in step with ours.

Knows: the messages of anbu_wire, what of a device's log is committed here.
May not know: a radio, a session, a database, a clock (it is given two functions to ask).
"""

from gateway.sync.actions import Action, TimeFields
from gateway.sync.commands import Answer, Command
from gateway.sync.conversation import Sync
from gateway.sync.kinds import Expected

__all__ = ["Action", "Answer", "Command", "Expected", "Sync", "TimeFields"]
