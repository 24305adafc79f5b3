"""Whose fault it was: the two errors of the radio language (after h11).

Knows: the two names. May not know: anything else.
"""


class LocalProtocolError(Exception):
    """We tried to do something the protocol does not allow now. A fault of this program."""


class RemoteProtocolError(Exception):
    """The other side sent something the protocol does not allow. Its session ends."""
