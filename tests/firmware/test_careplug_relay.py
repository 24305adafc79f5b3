"""The plug senses only: its relay's pin is set before anything else, and no other line names it."""

from __future__ import annotations

import ast
import re
import subprocess
import textwrap
from pathlib import Path

import pytest

from tests.both import micropython
from tools.home.machine.pin_numbers import read_pins

ROOT = Path(__file__).resolve().parents[2]
CAREPLUG = ROOT / "firmware/careplug"
BOARD = CAREPLUG / "board.py"
BOARDS = sorted((CAREPLUG / "boards").glob("*/pins.py"))
FIRST = """
from machine import Pin
import pins
if pins.RELAY is not None:
    Pin(pins.RELAY, Pin.OUT, value=pins.RELAY_CLOSED)
"""
# Words by which code could reach a load: none of them stands in the plug's firmware.
SWITCHES = re.compile(r"\b(relay|switch_on|switch_off|turn_on|turn_off|toggle)\b", re.IGNORECASE)


def code_of(path: Path) -> str:
    """A file without its docstrings and comments."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            node.value = ast.Constant(value=None)
    return ast.unparse(tree)


def firmware() -> list[Path]:
    """Everything that runs on the plug, its pins aside."""
    roots = (ROOT / "firmware/lib", CAREPLUG, ROOT / "firmware/loader")
    return [path for root in roots for path in root.rglob("*.py") if path not in BOARDS]


def test_the_relays_pin_is_the_boards_first_act() -> None:
    """board.py begins with these lines, word for word: nothing that could fail comes before."""
    body = ast.parse(BOARD.read_text(encoding="utf-8")).body
    first = ast.unparse(ast.Module(body=body[1:4], type_ignores=[]))
    assert first == ast.unparse(ast.parse(FIRST))


def test_main_begins_with_its_board() -> None:
    """Whatever else main imports may fail only after the pin is set."""
    body = ast.parse((CAREPLUG / "main.py").read_text(encoding="utf-8")).body
    assert ast.unparse(body[1]) == "from board import Board"


def test_no_other_line_names_the_relay() -> None:
    """The pin's name stands in those two lines only, and nothing keeps the Pin they made."""
    found = {path: SWITCHES.findall(code_of(path)) for path in firmware()}
    found = {path: words for path, words in found.items() if words}
    assert set(found) <= {BOARD}
    named = re.findall(r"RELAY\w*", code_of(BOARD))
    assert named == ["RELAY", "RELAY", "RELAY_CLOSED"]


@pytest.mark.parametrize("path", BOARDS, ids=lambda path: path.parent.name)
def test_no_other_part_hangs_on_that_pin(path: Path) -> None:
    """Every part of a board has a pin of its own: no driver reaches the relay's by its number."""
    parts = ("RELAY", "METER_RX", "METER_TX", "I2C_SDA", "I2C_SCL", "BUTTON_OK", "LED")
    numbers = [number for part in parts if (number := read_pins(path)[part]) is not None]
    assert len(numbers) == len(set(numbers)) >= 4


@pytest.mark.parametrize("path", BOARDS, ids=lambda path: path.parent.name)
def test_every_board_has_the_same_names(path: Path) -> None:
    """The firmware reads the same constants on every board."""
    assert list(read_pins(path)) == list(read_pins(BOARDS[0]))


def test_boards_take_only_their_own_images() -> None:
    """No two boards bear the same name."""
    names = [read_pins(path)["BOARD"] for path in BOARDS]
    assert len(set(names)) == len(names) == 2


TOYS = """
    import sys

    done = []

    class Micropython:
        @staticmethod
        def const(value):
            return value

        @staticmethod
        def kbd_intr(character):
            done.append(("console", character))

    class Pin:
        IN, OUT, PULL_UP, IRQ_RISING, IRQ_FALLING = 0, 1, 2, 1, 2

        def __init__(self, number, mode=-1, pull=-1, value=None):
            if mode != -1:
                done.append(("pin", number, mode, value))
            self.number = number

        def init(self, mode=-1, pull=-1, value=None):
            done.append(("pin", self.number, mode, value))

    class UART:
        def __init__(self, number, tx, rx, rxbuf, **line):
            done.append(("uart", tx.number, rx.number))

    class Machine:
        Pin, UART = Pin, UART
        WDT = object

        @staticmethod
        def I2C(number, **wires):
            done.append(("i2c", number))

        @staticmethod
        def reset():
            raise SystemExit

        @staticmethod
        def reset_cause():
            return 1

    class Esp32:
        class NVS:
            def __init__(self, name):
                pass

            def get_i32(self, name):
                raise OSError(1)

        Partition = object

    class Bluetooth:
        BLE = object

    for name, module in (("micropython", Micropython), ("machine", Machine), ("esp32", Esp32),
                         ("bluetooth", Bluetooth)):
        sys.modules[name] = module
    from board import Board
    board = Board()
    board.begin_to_sense()
    print(done, board.faults())
"""


def first_acts(board: str) -> list[tuple[object, ...]]:
    """What the real board.py does to a chip of toys, in order."""
    interpreter = micropython()
    assert interpreter is not None
    path = (CAREPLUG, CAREPLUG / "boards" / board, ROOT / "firmware/lib")
    done = subprocess.run(
        [interpreter, "-c", textwrap.dedent(TOYS)],
        env={"MICROPYPATH": ":".join(map(str, path)) + ":.frozen"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr + done.stdout
    acts, faults = done.stdout.rsplit(maxsplit=1)
    assert faults == "0"
    found: list[tuple[object, ...]] = ast.literal_eval(acts)
    return found


def test_relay_then_console_then_the_rest() -> None:
    """The relay closes, the console lets go of the meter's line, only then the meter is heard."""
    acts = first_acts("metering_plug")
    assert acts[0] == ("pin", 5, 1, 1)
    assert acts[1] == ("console", -1)
    assert ("uart", 21, 20) in acts[2:]
    assert [act for act in acts if act[:2] == ("pin", 5)] == [acts[0]]
    assert [act for act in acts if act[0] == "console"] == [acts[1]]


def test_a_console_of_its_own_is_given_back() -> None:
    """The care node has no relay to set; its console leads to no meter and takes Ctrl-C."""
    acts = first_acts("care_node")
    assert acts[0] == ("console", 3)
    assert not [act for act in acts if act[0] == "uart"]


def test_the_loader_keeps_the_console_shut_until_then() -> None:
    """Before the loader does anything a byte from the console's pins could stop, none can."""
    tree = ast.parse((ROOT / "firmware/loader/main.py").read_text(encoding="utf-8"))
    acts = [ast.unparse(node) for node in tree.body[1:3]]
    assert acts == ["import micropython", "micropython.kbd_intr(-1)"]
