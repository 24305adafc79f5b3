"""pillbox.voice: who is heard, from the first note, under CPython and MicroPython."""

from pillbox import signals
from pillbox.voice import FOREMOST, Voice, foremost


def test_help_is_heard_before_all_else() -> None:
    """A call that did not get out goes first, then what becomes of a call, then warnings."""
    prompts = (signals.SILENT, signals.SOFT, signals.LOUD, signals.LOUDER)
    for place, sound in enumerate(FOREMOST):
        for other in FOREMOST[place:] + prompts:
            assert foremost((other, sound)) == sound
    assert FOREMOST[0] == signals.NOT_SENT
    assert sorted(FOREMOST + prompts) == sorted(signals.SOUNDS)


def test_without_anything_else_the_loudest_prompt_is_heard() -> None:
    """Of prompts the loudest; of nothing, silence."""
    assert foremost((signals.SOFT, signals.LOUDER, signals.SILENT)) == signals.LOUDER
    assert foremost((signals.SILENT, signals.SILENT)) == signals.SILENT


def test_a_melody_begins_at_its_first_note() -> None:
    """Whenever it begins: "not sent" falls, it never begins in its middle; nor does the next."""
    for begins_ms in (0, 1, 1250, 77_777):
        voice = Voice()
        assert voice.now(signals.SILENT, begins_ms) == (0, 0)
        heard = [voice.now(signals.NOT_SENT, begins_ms + ms)[0] for ms in (0, 499, 500, 1000, 2000)]
        assert heard == [780, 780, 520, 390, 0]
        assert voice.now(signals.SENT, begins_ms + 2600, 1, 1) == (292, 1)
        assert voice.now(signals.SENT, begins_ms + 3100, 1, 1) == (390, 1)
