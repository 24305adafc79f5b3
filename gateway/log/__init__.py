"""The event log and the outbox: the only writer of the database.

Knows: SQLAlchemy, SQLite, how facts and outbox rows are stored together.
May not know: what facts mean, who is told what, any other edge.
"""

from gateway.log.log import Log, LogUnavailable
from gateway.log.outbox import EXPIRED, LOST_ANSWER, Claim, Terms

__all__ = ["EXPIRED", "LOST_ANSWER", "Claim", "Log", "LogUnavailable", "Terms"]
