"""Every door of the table is closed to whom it should be, and open to whom it should be.

Knows: the table in tests/doors.py and every file of the tree.
"""

from __future__ import annotations

import pytest

from tests import doors
from tests.doors import DOORS, Door
from tests.tree import from_text, hold, sources


@pytest.mark.parametrize("door", DOORS)
def test_door_is_closed(door: Door) -> None:
    """No file of the tree goes through a door that is closed to it."""
    hold((door.__doc__ or "").rstrip("."), [line for s in sources() for line in door(s)])


@pytest.mark.parametrize(
    ("door", "path", "text"),
    [
        (doors.door_1_wire, "firmware/lib/anbu_wire/frame.py", "import asyncio"),
        (doors.door_1_wire, "firmware/lib/anbu_wire/frame.py", "from typing import Any"),
        (doors.door_1_wire, "firmware/lib/anbu_wire/seal.py", "import cryptolib"),
        (doors.door_2_device, "firmware/lib/anbu_device/core/clock.py", "import os"),
        (
            doors.door_2_device,
            "firmware/lib/anbu_device/core/clock.py",
            "from anbu_device.edge import disk",
        ),
        (doors.door_2_device, "firmware/pillbox/pillbox/box.py", "from careplug import plug"),
        (doors.door_2_device, "firmware/lib/anbu_device/edge/radio.py", "import pillbox.box"),
        (doors.door_3_chip, "firmware/pillbox/main.py", "from machine import Pin"),
        (doors.door_3_chip, "gateway/app.py", "import bluetooth"),
        (doors.door_3_chip, "firmware/lib/anbu_device/edge/radio.py", "import time"),
        (doors.door_3_chip, "firmware/pillbox/board.py", "import enum"),
        (doors.door_3_chip, "firmware/pillbox/board.py", "if TYPE_CHECKING:\n    import enum"),
        (doors.door_4_pure, "gateway/household.py", "open('x')"),
        (doors.door_4_pure, "gateway/household.py", "import time"),
        (doors.door_4_pure, "gateway/household.py", "def f():\n    import random"),
        (doors.door_4_pure, "gateway/household.py", "from gateway.rules import dose"),
        (doors.door_4_pure, "gateway/household.py", "from .rules import dose"),
        (doors.door_4_pure, "gateway/rules/dose.py", "from gateway import log"),
        (doors.door_4_pure, "gateway/rules/dose.py", "from gateway.rules.battery import low"),
        (doors.door_4_pure, "gateway/rules/dose.py", "import datetime\ndatetime.datetime.now()"),
        (doors.door_4_pure, "gateway/household.py", "from gateway import modem"),
        (doors.door_4_pure, "gateway/modem/at.py", "from gateway.modem import port"),
        (doors.door_4_pure, "gateway/modem/at.py", "from gateway.modem.port import Port"),
        (doors.door_5_edges, "gateway/web/views.py", "from gateway.log import Log"),
        (doors.door_5_edges, "gateway/web/views.py", "from gateway import modem"),
        (doors.door_5_edges, "gateway/log/store.py", "import gateway.sources.radio"),
        (doors.door_6_app, "gateway/household.py", "from gateway.app import App"),
        (doors.door_6_app, "gateway/config.py", "from gateway.modem.port import Port"),
        (doors.door_7_libraries, "gateway/app.py", "import bleak"),
        (doors.door_7_libraries, "gateway/web/views.py", "from sqlalchemy.orm import Session"),
        (doors.door_7_libraries, "tools/cli.py", "import bumble.hci"),
        (doors.door_8_products, "gateway/app.py", "from tools.home import air"),
        (doors.door_8_products, "gateway/app.py", "BACKEND = 'tools.home.bleak_backend'"),
        (doors.door_8_products, "tools/cli.py", "import tests.tree"),
    ],
)
def test_door_sees_an_intruder(door: Door, path: str, text: str) -> None:
    """A file that goes through a closed door is reported once, with its path."""
    assert [line.split(":")[0] for line in door(from_text(path, text))] == [path]


@pytest.mark.parametrize(
    ("path", "text"),
    [
        (
            "firmware/lib/anbu_wire/seal.py",
            "try:\n    import cryptolib\nexcept ImportError:\n    f()",
        ),
        ("firmware/lib/anbu_device/core/clock.py", "from micropython import const"),
        (
            "firmware/pillbox/pillbox/box.py",
            "TYPE_CHECKING = False\nif TYPE_CHECKING:\n    from typing import Protocol",
        ),
        ("firmware/loader/main.py", "import time\nimport vfs\nfrom esp32 import NVS"),
        ("gateway/incidents/decide.py", "incidents.open(3)"),
        ("firmware/lib/anbu_device/edge/ticks.py", "from time import ticks_ms"),
        (
            "firmware/pillbox/board.py",
            "import machine\nimport pins\nfrom anbu_device.edge import sound",
        ),
        ("gateway/incidents/decide.py", "from gateway.rules import worries\nimport enum"),
        ("gateway/channels/sms.py", "from gateway.modem import Modem"),
        ("gateway/app.py", "import gateway.log\nimport gateway.web\nimport time\nimport waitress"),
        ("gateway/sources/radio.py", "import bleak\nimport asyncio\nfrom gateway import sync"),
        ("tools/home/air.py", "import bumble\nfrom gateway import events"),
    ],
)
def test_open_doors_are_open(path: str, text: str) -> None:
    """What the table allows is not reported by any door."""
    assert [line for door in DOORS for line in door(from_text(path, text))] == []
