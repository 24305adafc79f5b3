"""First power-on of a pill box: every chip, light, tone, button and lid, before our firmware runs.

Knows: the firmware's own board.py, what a person at the bench has to see, hear and do.
May not know: doses, the radio, keys; it writes nothing into the flash.

Run by MicroPython on the box: mpremote mount firmware run hardware/bench/pillbox.py
"""

import sys

sys.path += ["/remote/lib", "/remote/pillbox"]

import time

import pins
from board import Board

CHIPS = ("expander 0", "expander 1", "clock", "gauge")  # bits of board.faults()
DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
SLOTS = ("morning", "noon", "evening", "bedtime")
CELL_MV = (3000, 4250)
LIGHT_MS = 80
TONE_MS = 400
HAND_MS = 20_000
LIDS_MS = 180_000
LOOK_MS = 20


class Bench:
    """The checks, in the order of the guide."""

    def __init__(self):
        self.board = Board()
        self.failed = []

    def told(self, name, passed, said):
        """One line of the result."""
        print("pass" if passed else "FAIL", "", name + ":", said)
        if not passed:
            self.failed.append(name)

    def chips(self):
        """Each chip on the bus answers."""
        board = self.board
        board.lids()
        lost = board.rtc.read()[1]
        millivolts = board.gauge.millivolts()
        faults = board.faults()
        addresses = pins.EXPANDER_ADDRESSES + (pins.RTC_ADDRESS, pins.GAUGE_ADDRESS)
        for bit, name in enumerate(CHIPS):
            dead = faults >> bit & 1
            at = hex(addresses[bit])
            self.told(name, not dead, at + (" does not answer" if dead else " answers"))
        print("     clock: " + ("was without power; the gateway sets it" if lost else "runs"))
        good = CELL_MV[0] <= millivolts <= CELL_MV[1]
        self.told("cell", good, "{} mV, {} %".format(millivolts, board.gauge.percent()))
        self.told("mains", board.mains(), "USB is seen" if board.mains() else "USB is not seen")

    def light(self):
        """Every light once, in the order of the days; a person looks."""
        count = pins.COMPARTMENTS
        print("look: one blue light runs from Monday morning to Sunday bedtime, none is left out")
        for n in range(count):
            colours = bytearray(3 * count)
            colours[3 * n + 2] = 120
            self.board.show_lights(colours)
            time.sleep_ms(LIGHT_MS)
        self.board.show_lights(bytearray(3 * count))

    def sound(self):
        """Three tones, each louder."""
        print("listen: three tones, each louder than the one before")
        for loudness in (1, 2, 3):
            self.board.sound.play(520, loudness)
            time.sleep_ms(TONE_MS)
        self.board.sound.stop()

    def until(self, done, limit_ms):
        """Whether `done()` became true in time."""
        begin = time.ticks_ms()
        while time.ticks_diff(time.ticks_ms(), begin) < limit_ms:
            if done():
                return True
            time.sleep_ms(LOOK_MS)
        return False

    def hands(self):
        """Each button alone; leaning the box."""
        for name, wanted in (("OK", (True, False)), ("HELP", (False, True))):
            print("do: press", name)
            came = self.until(lambda wanted=wanted: self.board.buttons() == wanted, HAND_MS)
            self.told(name, came, "pressed" if came else "no press was seen")
            self.until(lambda: self.board.buttons() == (False, False), HAND_MS)
        if getattr(pins, "TILT", None) is not None:
            print("do: lean the box to its side")
            came = self.until(self.board.tilted, HAND_MS)
            self.told("tilt", came, "leans" if came else "nothing was seen")

    def lids(self):
        """Each lid, opened and shut."""
        every = (1 << pins.COMPARTMENTS) - 1
        self.seen = 0
        print("do: shut every lid, then open each lid and shut it again")

        def all_moved():
            now = self.board.lids()
            fresh = now & ~self.seen & every
            self.seen |= now
            for n in range(pins.COMPARTMENTS):
                if fresh >> n & 1:
                    print("     open:", name_of(n))
            return self.seen == every and not now

        self.shut = self.until(lambda: not self.board.lids(), HAND_MS)
        self.told("lids shut", self.shut, "all" if self.shut else named(self.board.lids()))
        moved = self.until(all_moved, LIDS_MS)
        left = every & ~self.seen
        self.told("lids", moved, "all moved" if moved else "not seen: " + named(left))


def name_of(n):
    """Compartment 0 is Monday's morning."""
    return DAYS[n // len(SLOTS)] + " " + SLOTS[n % len(SLOTS)]


def named(mask):
    """The compartments of a mask, or that they stayed open."""
    there = [name_of(n) for n in range(pins.COMPARTMENTS) if mask >> n & 1]
    return ", ".join(there) or "none; one stayed open"


def run():
    """Everything; the last line says whether the box passed."""
    bench = Bench()
    for check in (bench.chips, bench.light, bench.sound, bench.hands, bench.lids):
        check()
    print("NOT passed: " + ", ".join(bench.failed) if bench.failed else "passed")


run()
