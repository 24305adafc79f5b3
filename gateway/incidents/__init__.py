"""Worry → incident → whom to tell, when, in which words.

Knows: the table of an incident's life, the ladder, what answers mean.
May not know: the database, the modem, the time (an argument).
"""

from gateway.incidents.decide import decide, next_deadline
from gateway.incidents.ledger import Ledger, fold
from gateway.incidents.replies import decide_reply
from gateway.incidents.shapes import Incident, Text
from gateway.incidents.table import TABLE, Action, Signal, State

__all__ = [
    "TABLE",
    "Action",
    "Incident",
    "Ledger",
    "Signal",
    "State",
    "Text",
    "decide",
    "decide_reply",
    "fold",
    "next_deadline",
]
