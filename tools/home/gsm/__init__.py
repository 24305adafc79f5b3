"""A virtual GSM modem on a pty and the mobile network behind it.

Knows: what users need: `VirtualModem`, `Carrier`, `Handset`, `ReceivedText`.
May not know: the gateway's events, incidents, stories.
"""

from __future__ import annotations

from tools.home.gsm.carrier import Carrier, Weather
from tools.home.gsm.handset import Handset, ReceivedText
from tools.home.gsm.telephone import Does, Telephone
from tools.home.gsm.trouble import Cure, HangAt
from tools.home.gsm.virtual_modem import VirtualModem
from tools.home.gsm.wire import MemoryWire

__all__ = [
    "Carrier",
    "Cure",
    "Does",
    "Handset",
    "HangAt",
    "MemoryWire",
    "ReceivedText",
    "Telephone",
    "VirtualModem",
    "Weather",
]
