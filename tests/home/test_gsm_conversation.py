"""A whole wellbeing call by the modem: real sentences, the real conversation, a virtual telephone.

In a time of its own: nothing here takes as long as it says.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass

import pytest

from gateway.app.talking import Ears, Talking
from gateway.calls.conversation import Answer, Asked, End
from gateway.calls.sentences import SENTENCES
from gateway.modem import Accepted
from gateway.telephone.modem import ModemLine
from gateway.telephone.modem_call import ModemCall
from gateway.voice import Spoken, Voice
from tools.bench.modem_world import ANSWER_S, GUARDIAN, World, running
from tools.home.gsm import Does, Telephone
from tools.home.still_time import run

HER_NUMBER = "+821087654321"
ASKED = Asked(("here", "meals", "sleep", "pain", "worry"))
RING_MS = 30_000
BETWEEN_COMMANDS_S = 1.0
"""A command of the call may stand before a text on the lane, each answered at once."""

Sounds = Mapping[str, Sequence[str]]


@pytest.fixture(scope="module")
def sounds(tmp_path_factory: pytest.TempPathFactory) -> Sounds:
    """Every sentence as espeak-ng says it."""
    voice = Voice(tmp_path_factory.mktemp("voice"))
    return {
        key: [str(p) for p in voice.wavs(Spoken(key, "ko", texts["ko"], "김순자", "kim"))]
        for key, texts in SENTENCES.items()
    }


@dataclass
class Calling:
    """A world whose modem calls."""

    world: World
    line: ModemLine
    telephone: Telephone

    async def talk(self, sounds: Sounds) -> tuple[End, list[Answer]]:
        """Call her, ask all there is to ask, hang up."""
        call = await self.line.dial(HER_NUMBER, RING_MS)
        assert isinstance(call, ModemCall)
        kept: list[Answer] = []

        async def keep(answer: Answer) -> None:
            kept.append(answer)

        end = await Talking(call, Ears(sounds, keep, self.world.now_ms)).through(ASKED)
        await call.hang_up()
        assert not self.world.virtual.calling.under_way
        return end, kept

    async def text(self) -> float:
        """Hand over a text: how many seconds it took."""
        begun_s = self.world.now_s()
        result = await self.world.modem.submit(GUARDIAN, "도와주세요")
        assert isinstance(result, Accepted)
        return self.world.now_s() - begun_s


@asynccontextmanager
async def calling() -> AsyncIterator[Calling]:
    """A world whose modem calls her, who waits for the end of a sentence before she presses."""
    async with running() as world:
        line = ModemLine(world.modem, "its sound", open_port=world.sound.open)
        telephone = world.carrier.telephone(HER_NUMBER)
        telephone.quiet_s = 2.0
        yield Calling(world, line, telephone)
        await line.close()


def test_all_is_well(sounds: Sounds) -> None:
    """She presses 1 after every sentence: answered, each question once, the line free."""

    async def story() -> None:
        async with calling() as home:
            home.telephone.presses = "11111"
            end, kept = await home.talk(sounds)
            assert (end.outcome, end.why) == ("answered", "")
            assert [(a.question, a.digit) for a in kept] == [(q, "1") for q in ASKED.questions]

    run(story())


@pytest.mark.long
def test_she_has_pain(sounds: Sounds) -> None:
    """Pressed 2 where it matters: it is kept, and she is promised a call."""

    async def story() -> None:
        async with calling() as home:
            home.telephone.presses = "1112"
            end, kept = await home.talk(sounds)
            assert (kept[-1].question, kept[-1].answer) == ("pain", "pain")
            assert end.outcome in {"answered", "partly"}

    run(story())


def test_a_voicemail_never_answers(sounds: Sounds) -> None:
    """Somebody takes the call and presses nothing: no answer is kept, whatever it speaks."""

    async def story() -> None:
        async with calling() as home:
            end, kept = await home.talk(sounds)
            assert end.outcome == "voicemail"
            assert kept == []

    run(story())


@pytest.mark.parametrize("takes_texts", [True, False])
@pytest.mark.parametrize("does", [Does.ANSWERS, Does.RINGS])
def test_no_call_delays_a_text(sounds: Sounds, does: Does, *, takes_texts: bool) -> None:
    """At any moment of a call a text is out as soon as without one, but for single commands.

    A modem that refuses texts while it calls costs one refusal and one hanging up more.
    """
    refused_s = 0.0 if takes_texts else ANSWER_S
    for moment_s in (0.0, 0.1, 0.5, 1.0, 2.0, 5.0, 11.0, 20.0):

        async def story(moment_s: float = moment_s) -> float:
            async with calling() as home:
                home.world.virtual.texts_in_calls = takes_texts
                home.telephone.does, home.telephone.presses = does, "11111"
                talking = asyncio.create_task(home.talk(sounds))
                await asyncio.sleep(moment_s)
                took_s = await home.text()
                talking.cancel()
                await asyncio.gather(talking, return_exceptions=True)
                return took_s

        assert run(story()) <= ANSWER_S + refused_s + BETWEEN_COMMANDS_S, moment_s
