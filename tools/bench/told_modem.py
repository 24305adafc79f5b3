"""A modem and its carrier as the sender sees them: answers at once, or with every fault of theirs.

Knows: texts, outcomes, how a fault looks from outside; what texts say, by their words.
May not know: the outbox, incidents.
"""

from __future__ import annotations

import asyncio
import random
import re
from collections.abc import Callable
from dataclasses import dataclass, replace

from gateway.channels import Outcome, Refused, Submitted, Text, TryLater, Unsure
from tools.bench import told_happened as happened
from tools.bench.told_happened import Answer, Says, Span
from tools.bench.told_loop import LoopClock

HANG_S = 60.0  # P11: found within 60 s
LOST_S = 30.0

# How often which fault comes, in a thousand texts; the rest is taken at once.
FAULTS = {
    "slow_prompt": 60,
    "slow_answer": 60,
    "refused": 15,
    "busy": 15,
    "lost": 15,
    "no_report": 30,
    "undelivered": 30,
    "hang": 1,
}
WORDS: tuple[tuple[str, Says], ...] = (
    ("정정", Says.CORRECTED),
    ("종료", Says.RESOLVED),
    ("안 열림 확인", Says.AFTER_ALL),
    ("드셨는지 불분명", Says.AFTER_ALL),
    ("안 열림", Says.MISSED),
    ("불분명", Says.DOUBTFUL),
    ("안부 확인 불가", Says.OTHER),
    ("확인 불가", Says.UNCONFIRMED),
    ("도움 버튼", Says.HELP),
)
LABELS = ("아침약", "점심약", "저녁약", "취침약")
_HEAD = re.compile(r"^\[안부 ?(\d*) ?(재)?\]")


@dataclass(frozen=True, slots=True)
class Told:
    """What the carrier is going to say of a text, and when."""

    number: int  # of the handing over
    text_id: int
    after_s: float
    delivered: bool


def read(body: str) -> tuple[Says, int, bool, int | None]:
    """What a text says, its incident's number, whether it is marked, which slot it names."""
    head = _HEAD.match(body)
    says = next((says for word, says in WORDS if word in body), Says.OTHER)
    label = next((n for n, word in enumerate(LABELS) if word in body), None)
    incident = int(head.group(1) or 0) if head else 0
    return says, incident, bool(head and head.group(2)), label


class ToldModem:
    """One modem. `handed` is every text that was handed to it, as it ended."""

    def __init__(
        self,
        clock: LoopClock,
        chance: random.Random,
        faults: dict[str, int],
        report: Callable[[Told], None],
    ) -> None:
        self._clock, self._chance, self._faults, self._report = clock, chance, faults, report
        self.slow_s = 0.0  # so long every answer takes
        self.handed: list[happened.Text] = []
        self.text_ids: list[int] = []  # of each
        self.hung: list[Span] = []

    async def send(self, text: Text) -> Outcome:
        """Hand one over, as a channel does."""
        fault = self._fault()
        if fault == "hang":
            return await self._hang()
        if fault == "slow_prompt":
            await asyncio.sleep(self._chance.uniform(0.1, 1.0))
        place = len(self.handed)
        says, incident, marked, _label = read(text.body)
        now_ms = self._clock.now_ms()
        self.text_ids.append(text.text_id)
        self.handed.append(
            happened.Text(
                place, now_ms, text.to, says, incident, marked=marked, answer=Answer.LOST
            )
        )  # fmt: skip
        if fault == "slow_answer" or self.slow_s:
            await asyncio.sleep(self.slow_s or self._chance.uniform(0.1, 1.5))
        outcome, answer = await self._answered(fault, place, now_ms)
        self.handed[place] = replace(
            self.handed[place], answer=answer, answered_ms=self._clock.now_ms()
        )
        if answer is Answer.ACCEPTED and fault != "no_report":
            delay_s = self._chance.uniform(1, 20)
            self._report(Told(place, text.text_id, delay_s, fault != "undelivered"))
        return outcome

    def _fault(self) -> str:
        drawn = self._chance.random() * 1000
        for name, often in self._faults.items():
            drawn -= often
            if drawn < 0:
                return name
        return ""

    async def _hang(self) -> Outcome:
        began_ms = self._clock.now_ms()
        self.hung.append(Span(began_ms, began_ms + round(HANG_S * 1000)))
        await asyncio.sleep(HANG_S)
        return TryLater("the modem does not answer")

    async def _answered(self, fault: str, place: int, now_ms: int) -> tuple[Outcome, Answer]:
        if fault == "refused":
            return Refused("+CMS ERROR: 1"), Answer.REFUSED
        if fault == "busy":
            return TryLater("+CMS ERROR: 500"), Answer.BUSY
        if fault == "lost":
            await asyncio.sleep(LOST_S)
            return Unsure("no answer"), Answer.LOST
        return Submitted((place % 256,), now_ms), Answer.ACCEPTED
