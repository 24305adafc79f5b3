"""What a person sees and hears, and what is written down: the order of every reaction.

Knows: the box, the call for help, the question, whose light and sound comes first, the log.
May not know: why anything is so; chips (it asks the board). What turns off is shown first, then the
records are flushed, then what turns on is shown, then the records are pushed over the radio.
"""

from micropython import const

from anbu_wire.messages import HELP_PRESSED, NO_COMPARTMENT
from pillbox import looks, signals
from pillbox.power import important
from pillbox.voice import Voice, foremost

TYPE_CHECKING = False  # MicroPython has no typing
if TYPE_CHECKING:
    from pillbox.house import Effects, House

_TEST_LIGHT_MS = const(5000)


class Reactions:
    """`house` is main's Pillbox."""

    def __init__(self, house: "House", compartments: int) -> None:
        self._house = house
        self._rgb = bytearray(compartments * 3)
        self._voice = Voice()
        self._sound = (0, 0)
        self._test_light = (NO_COMPARTMENT, 0)
        self._located_until_ms = 0
        self._important_seq = 0  # the newest record that should reach the gateway at once

    # --- records ---

    def write(self, effects: "Effects") -> None:
        """Shows what went dark, makes records durable, shows what lit up, pushes the records."""
        if not effects:
            return
        house = self._house
        self.show()
        began_ms = house.clock.uptime_ms
        blobs = [self._append(effect) for effect in effects]
        house.box.flushed()
        self.show()
        house.inputs.was_blind(began_ms)
        for blob in blobs:
            if blob:
                house.radio.push(house.link.push(blob))

    def _append(self, effect: "tuple[int, tuple[int, int], int, int]") -> bytes:
        blob = self._house.log.append(*effect)
        seq = int.from_bytes(blob[:4], "little")  # 0 where it was refused
        if effect[0] == HELP_PRESSED:
            self._house.help.written(seq)
        if important(effect[0]):
            self._important_seq = max(self._important_seq, seq)
        return blob

    def recall(self, seq: int, kind: int) -> None:
        """A record of the log at start."""
        if important(kind):
            self._important_seq = seq

    def unsent(self) -> bool:
        """Whether a record of importance has no acknowledgement yet."""
        return self._important_seq > self._house.log.journal.acknowledged_seq

    # --- lights and sound ---

    def show(self) -> None:
        """Brings lights and sound to what the box means now."""
        house = self._house
        uptime_ms = house.uptime_ms()
        wall_s = house.clock.wall_s()
        meanings = house.box.show(wall_s, house.faulty())
        if uptime_ms < self._test_light[1]:
            meanings[self._test_light[0]] = signals.TAKE
        looks.over_all(meanings, house.question.light())
        looks.over_all(meanings, house.help.light())
        found = signals.SILENT
        if uptime_ms < self._located_until_ms:
            signals.locate(meanings)
            found = signals.FIND
        if signals.render(meanings, uptime_ms, self._rgb):
            house.board.show_lights(self._rgb)
        sounds = (
            house.help.sound(uptime_ms),
            house.box.sound(wall_s, uptime_ms),
            house.question.sound(uptime_ms),
            found,
        )
        self._play(foremost(sounds), uptime_ms)

    def _play(self, meaning: int, uptime_ms: int) -> None:
        chosen = self._house.preferences
        sound = self._voice.now(meaning, uptime_ms, chosen.loudness, chosen.pitch)
        if sound == self._sound:
            return
        self._sound = sound
        if sound[1]:
            self._house.board.sound.play(*sound)
        else:
            self._house.board.sound.stop()

    def dark(self) -> None:
        """Lights and sound off for a sleep; the next `show` draws anew."""
        for i in range(len(self._rgb)):
            self._rgb[i] = 0
        self._house.board.show_lights(self._rgb)
        self._sound = (0, 0)
        self._house.board.sound.stop()

    def test_light(self, compartment: int) -> None:
        """Lights one compartment for a few seconds."""
        self._test_light = (compartment, self._house.clock.uptime_ms + _TEST_LIGHT_MS)

    def locate(self, seconds: int) -> None:
        """Blinks and beeps so long, or until OK is pressed; 0 ends it."""
        self._located_until_ms = self._house.clock.uptime_ms + seconds * 1000

    def busy(self) -> bool:
        """Whether a test light or a search is going on."""
        return self._house.clock.uptime_ms < max(self._located_until_ms, self._test_light[1])
