"""careplug.hand: a press counts once, a disturbance never, the light says what it should."""

from anbu_wire.messages import NO_COMPARTMENT, NO_SLOT, OK_PRESSED
from careplug.hand import Hand

PRESS = [(OK_PRESSED, NO_SLOT, NO_COMPARTMENT, 0)]


class Board:
    """One button, one light."""

    def __init__(self, down: bool = False) -> None:
        self.down = down
        self.lit: list[bool] = []

    def pressed(self) -> bool:
        return self.down

    def led(self, lit: bool) -> None:
        self.lit.append(lit)


def held(hand: Hand, board: Board, down: bool, from_ms: int, until_ms: int) -> "list[object]":
    """The button so for that long, looked at each 15 ms; everything that came of it."""
    board.down = down
    found: list[object] = []
    for uptime_ms in range(from_ms, until_ms, 15):
        found += hand.take(uptime_ms)
    return found


def test_a_press_is_one_record() -> None:
    """Held for 300 ms it is one press, let go it is none."""
    board = Board()
    hand = Hand(board)
    assert held(hand, board, True, 0, 300) == PRESS
    assert held(hand, board, False, 300, 600) == []
    assert held(hand, board, True, 600, 900) == PRESS


def test_a_bounce_is_no_press() -> None:
    """A contact that does not hold for 40 ms, and edges nobody was blind for, count for nothing."""
    board = Board()
    hand = Hand(board)
    for start in range(0, 600, 60):
        hand.moved()
        assert held(hand, board, True, start, start + 30) == []
        assert held(hand, board, False, start + 30, start + 60) == []
    assert not hand.was_pressed()


def test_a_tap_behind_a_long_call_counts() -> None:
    """Down and up again while the flash was erased: the edge is believed, once."""
    board = Board()
    hand = Hand(board)
    hand.moved()
    hand.was_blind(400)
    assert hand.take(1000) == PRESS
    assert hand.take(1015) == []
    hand.moved()
    hand.was_blind(20)  # too short to hide one
    assert hand.take(2000) == []


def test_a_stuck_button_is_no_press() -> None:
    """A button that is down at the start says nothing until it was let go."""
    board = Board(down=True)
    hand = Hand(board)
    assert held(hand, board, True, 0, 5000) == []
    assert held(hand, board, False, 5000, 5100) == []
    assert held(hand, board, True, 5100, 5400) == PRESS


def test_what_verify_asks() -> None:
    """Pressed is said once after the press, and as long as it is down; a new session forgets."""
    board = Board()
    hand = Hand(board)
    held(hand, board, True, 0, 300)
    assert hand.was_pressed()
    assert hand.was_pressed()  # still down
    held(hand, board, False, 300, 600)
    assert not hand.was_pressed()
    held(hand, board, True, 600, 900)
    held(hand, board, False, 900, 1200)
    hand.forget()
    assert not hand.was_pressed()


def test_the_light() -> None:
    """Dark; lit a second after a press; blinking while it is looked for, until a press ends it."""
    board = Board()
    hand = Hand(board)
    hand.show(0)
    assert board.lit == []
    hand.locate(10_000)
    assert hand.busy(0)
    for uptime_ms in range(0, 3000, 250):
        hand.show(uptime_ms)
    assert board.lit == [True, False] * 3
    held(hand, board, True, 3000, 3100)
    hand.show(3300)
    hand.show(4200)
    assert board.lit[-2:] == [True, False]
    assert [hand.busy(uptime_ms) for uptime_ms in (3300, 4200)] == [True, False]
