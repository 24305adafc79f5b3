"""The production radio: finds the home's devices over bleak, keeps a conversation with each.

Knows: bleak. May not know: the database, what a record means, whom it concerns.
"""

from gateway.sources.radio.backends import Backend, load_backend
from gateway.sources.radio.bluez import BlueZ
from gateway.sources.radio.broadcasts import Broadcasts
from gateway.sources.radio.source import NotReached, RadioSource

__all__ = ["Backend", "BlueZ", "Broadcasts", "NotReached", "RadioSource", "load_backend"]
