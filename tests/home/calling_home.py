"""What the tests of the modem's calls share: a home whose modem calls her telephone.

Knows: how to begin and end it, a sentence to play. May not know: what any test expects.
"""

from __future__ import annotations

import math
import struct
import wave
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from gateway.telephone.modem import ModemLine, Pace
from gateway.telephone.modem_call import ModemCall
from tests.home.gsm_home import Home, ready, running_home
from tools.home.gsm import Telephone, VirtualModem

HER_NUMBER = "+821087654321"
RING_MS = 300
PATIENCE_MS = 15_000
PACE = Pace(answer_ms=700, look_ms=40, sound_ms=20)


def tone(seconds: float) -> bytes:
    """A voice, as far as a telephone is concerned: s16le, 8 kHz."""
    samples = (round(9000 * math.sin(n * 0.35)) for n in range(round(8000 * seconds)))
    return b"".join(struct.pack("<h", sample) for sample in samples)


@dataclass
class Calls:
    """A home whose modem calls."""

    home: Home
    line: ModemLine
    telephone: Telephone
    sentence: Path

    async def answered(self, *, record: bool = False) -> ModemCall:
        call = await self.line.dial(HER_NUMBER, RING_MS, record=record)
        assert isinstance(call, ModemCall), call
        return call


@asynccontextmanager
async def calling_home(
    folder: Path, prepare: Callable[[VirtualModem], None] = lambda _modem: None
) -> AsyncIterator[Calls]:
    """A home with a line over its modem, a sentence of 0.2 s and her telephone."""
    sentence = folder / "sentence.wav"
    with wave.open(str(sentence), "wb") as wav:
        wav.setnchannels(1)
        wav.setsampwidth(2)
        wav.setframerate(8000)
        wav.writeframes(tone(0.2))
    async with running_home(folder, prepare=prepare) as home:
        await ready(home)
        line = ModemLine(home.modem, str(folder / "sound"), pace=PACE)
        telephone = home.carrier.telephone(HER_NUMBER)
        telephone.answers_after_s = 0.05
        yield Calls(home, line, telephone, sentence)
        await line.close()
