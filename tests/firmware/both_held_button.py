"""pillbox.held_button and the call it makes, under CPython and MicroPython."""

from anbu_wire.messages import HELP_PRESSED, NO_COMPARTMENT, NO_SLOT
from pillbox.held_button import HeldButton
from pillbox.help_call import HelpCall


def test_help_is_held_for_a_second() -> None:
    """Shorter is nothing; a second is a call, once, also when nobody looked in between."""
    for held_ms, calls in ((990, 0), (1000, 1), (5000, 1)):
        for step_ms in (10, 7000):
            call = HelpCall()
            effects = []
            call.button(True, 50)
            for uptime_ms in range(50, 7000, step_ms):
                call.button(uptime_ms < 50 + held_ms, uptime_ms)
                effects += call.look(uptime_ms)
            call.button(False, 50 + held_ms)
            effects += call.look(7050)
            assert effects == [(HELP_PRESSED, NO_SLOT, NO_COMPARTMENT, 0)] * calls, (
                held_ms,
                step_ms,
            )


def test_a_trembling_hand_can_call() -> None:
    """Letting go for an instant does not begin the second anew; for longer it does."""
    for up_ms, called in ((149, True), (150, False)):
        button = HeldButton()
        button.sample(True, 1000)
        button.sample(False, 1600)
        button.sample(True, 1600 + up_ms)
        assert button.held(2000) == called
        assert not button.held(2001)


def test_one_long_press_is_one_call_however_it_trembles() -> None:
    """After it has called, a press says nothing more until it was let go of."""
    button = HeldButton()
    button.sample(True, 0)
    assert button.held(1000)
    for at_ms in range(1100, 9000, 200):
        button.sample(False, at_ms)
        button.sample(True, at_ms + 100)
        assert not button.held(at_ms + 100)
