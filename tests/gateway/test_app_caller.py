"""Whoever is due is called: committed before it rings, once, by a line that works; recordings."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from gateway.app.caller import Caller, Phone
from gateway.app.hub import Hub
from gateway.app.recorder import Recorder
from gateway.app.terms import terms_of
from gateway.calls.line import Busy, LineDown, NotOpened
from gateway.config.private import PART
from gateway.desk import Desk
from gateway.enrolment import new_identity, recipient_of
from gateway.events import (
    CallAnswered,
    CallBegun,
    CallEnded,
    CallsConsent,
    CallsPlanned,
    Event,
    LineSeen,
    RecordingDeleted,
    RecordingKept,
    RosterChanged,
    RosterSet,
)
from gateway.home import Home
from gateway.log import Log
from gateway.roster import to_json
from gateway.voice import Spoken, VoiceError
from gateway.voice.recordings import RecordingError, Recordings
from gateway.voice.recordings import beside as recordings_beside
from tests.gateway.calls.called import PLAN, watched
from tests.gateway.home_facts import at
from tests.gateway.phone_fake import FakeCall, FakeLine, cut_off_after, presses
from tests.gateway.test_app import Home as House
from tests.gateway.test_app import HouseClock, in_loop, running, until

WELL = "1111111"  # nobody knows of her medicine: she is asked for it
TEN = at("10:00")  # of a Monday


class FakeVoice:
    """Each sentence is a file of its name. `broken`: why none can be made."""

    broken = ""

    def __init__(self) -> None:
        self.forgotten: set[str] = set()

    def wavs(self, spoken: Spoken) -> tuple[Path, ...]:
        if self.broken:
            raise VoiceError(self.broken)
        return (Path(spoken.key),)

    def forget(self, person_id: str) -> None:
        self.forgotten.add(person_id)


@dataclass
class Office:
    """A caller over a log of its own, and what it wrote down."""

    folder: Path
    line: FakeLine
    people: tuple[str, ...] = ("soonja",)
    lines: int = 1
    told: list[Event] = field(default_factory=list)
    voice: Any = field(default_factory=FakeVoice)

    def __post_init__(self) -> None:
        self.clock = HouseClock(TEN)
        home = Home()
        desk = Desk(lambda _only: {}, know=lambda: (home, TEN))
        log = Log(self.folder / "anbu.db", "home-1", terms=terms_of)
        self.hub = Hub(log, home, desk, self.clock, self.told.append)
        self.hub.record(RosterSet(TEN - 1, to_json(watched(*self.people))))
        self.identity = new_identity()
        kept = Recordings(self.folder / "kept", recipient_of(self.identity))
        self.kept = kept
        self.recorder = Recorder(self.hub, kept, self.voice, 30, lambda: self.identity)
        self.caller = Caller(
            self.hub, Phone("sip", self.lines, self.line), self.voice, self.recorder
        )
        for n, of in enumerate(self.people):
            plan = {**PLAN, "number": f"+8210999900{n:02}"}
            self.hub.record(CallsPlanned(TEN - 1, of, "wellbeing", plan, "최담당"))

    def all(self, kind: type[Event]) -> list[Any]:
        return [fact for fact in self.told if isinstance(fact, kind)]

    @contextlib.asynccontextmanager
    async def open(self) -> AsyncIterator[None]:
        work = [asyncio.create_task(part.run()) for part in (self.caller, self.recorder)]
        try:
            yield
        finally:
            for task in work:
                task.cancel()
            await asyncio.gather(*work, return_exceptions=True)
            self.hub.log.close()

    async def ended(self, calls: int) -> list[str]:
        await until(lambda: len(self.all(CallEnded)) >= calls)
        return [fact.outcome for fact in self.all(CallEnded)]


Make = Callable[..., Office]


@pytest.fixture
def office(tmp_path: Path) -> Make:
    """An office that calls; its people's answers in order."""

    def make(*answers: FakeCall | NotOpened, **more: Any) -> Office:  # noqa: ANN401
        return Office(tmp_path, FakeLine(list(answers)), **more)

    return make


@in_loop
async def test_a_call_is_committed_before_it_rings(office: Make) -> None:
    """When the number is dialled the log has the call; afterwards each answer and its end."""
    here = office(presses(WELL))
    begun: list[int] = []
    here.line.before = lambda: begun.append(
        sum(isinstance(f, CallBegun) for f in here.hub.log.facts())
    )
    # Keys a fake presses at once would be the hasty ones of a hand that slipped.
    here.clock.monotonic_ms = _slow()  # type: ignore[method-assign]
    async with here.open():
        assert await here.ended(1) == ["answered"]
    assert begun == [1]
    assert "".join(a.digit for a in here.all(CallAnswered)) == WELL
    assert here.line.dialled == [("+821099990000", False)]
    assert here.line.closed


def _slow() -> Callable[[], int]:
    at_ms = [0]

    def now_ms() -> int:
        at_ms[0] += 2_000
        return at_ms[0]

    return now_ms


@in_loop
async def test_nobody_is_called_by_a_dead_line(office: Make) -> None:
    """While the line is down nothing is begun; when it is good again she is called at once."""
    here = office(Busy())
    here.line.down = "no network"
    async with here.open():
        here.caller.line_changed("no network")
        await until(lambda: here.all(LineSeen))
        assert not here.all(CallBegun)
        here.line.down = ""
        here.caller.line_changed("")
        assert await here.ended(1) == ["busy"]
    assert [(fact.works, fact.why) for fact in here.all(LineSeen)] == [
        (False, "no network"),
        (True, ""),
    ]


@in_loop
async def test_a_line_that_says_the_same_is_noted_once(office: Make) -> None:
    """Each change is one fact, however often a driver tells it; a good line is no news."""
    here = office(Busy())
    async with here.open():
        here.caller.line_changed("")
        for why in ("no network", "no account", "no network"):
            here.caller.line_changed(why)
        assert [fact.works for fact in here.all(LineSeen)] == [False]


@in_loop
async def test_as_many_at_once_as_there_are_lines(office: Make) -> None:
    """Three people and two lines: the third is called when one of them is done."""
    waits = asyncio.Event()

    class Slow(FakeCall):
        async def heard(self, patience_ms: int) -> Any:  # noqa: ANN401
            await waits.wait()
            return await super().heard(patience_ms)

    calls = [Slow([]), Slow([]), presses("")]
    here = office(*calls, people=("a", "b", "c"), lines=2)
    async with here.open():
        await until(lambda: len(here.line.dialled) == 2)
        await asyncio.sleep(0.05)
        assert len(here.all(CallBegun)) == 2
        waits.set()
        assert len(await here.ended(3)) == 3
    assert len({fact.person_id for fact in here.all(CallBegun)}) == 3


@in_loop
async def test_a_fault_of_ours_is_not_hers(office: Make) -> None:
    """A line that fails, or a voice that cannot be made, uses up no attempt."""
    here = office(LineDown("gave way to a text"))
    async with here.open():
        assert await here.ended(1) == ["line_down"]
    assert here.hub.home.household.calls.of("soonja")[0].attempts == 0


@in_loop
async def test_without_a_voice_nobody_is_rung(office: Make) -> None:
    """No sentence, no call: her telephone stays quiet, and a technician is told why."""
    here = office()
    here.voice.broken = "espeak-ng is missing"
    async with here.open():
        assert await here.ended(1) == ["line_down"]
    assert not here.line.dialled
    assert "espeak-ng is missing" in here.all(CallEnded)[0].why


@in_loop
async def test_recorded_only_with_consent(office: Make) -> None:
    """Without consent the line is not asked to record, and nothing is kept."""
    here = office(FakeCall([], pcm=b"\0\0" * 800))
    async with here.open():
        await here.ended(1)
    assert here.line.dialled[0][1] is False
    assert not here.kept.all()


@in_loop
async def test_consent_given_and_withdrawn(office: Make) -> None:
    """With consent the call is kept through its day; when it is withdrawn it is deleted."""
    here = office(FakeCall([], pcm=b"\0\0" * 800))
    here.hub.record(CallsConsent(TEN, "soonja", given=True, by="최담당"))
    async with here.open():
        await here.ended(1)
        assert here.line.dialled[0][1] is True
        [kept] = here.all(RecordingKept)
        assert (kept.until_day, here.kept.all()) == ("2026-04-01", ("1",))
        heard = here.recorder.listen(1)
        assert heard is not None
        assert heard.endswith(b"\0\0" * 800)
        assert here.recorder.listen(2) is None
        here.identity = new_identity()  # another gateway's
        assert here.recorder.listen(1) is None
        here.hub.record(CallsConsent(TEN, "soonja", given=False, by="최담당"))
        await until(lambda: here.all(RecordingDeleted))
        assert (here.all(RecordingDeleted)[0].why, here.kept.all()) == ("withdrawn", ())


@in_loop
async def test_withdrawn_while_she_speaks(office: Make) -> None:
    """What was withdrawn during the call is not kept after it."""
    here = office(FakeCall([], pcm=b"\0\0" * 800))
    here.hub.record(CallsConsent(TEN, "soonja", given=True, by="최담당"))
    here.line.before = lambda: here.hub.note(
        CallsConsent(TEN + 1, "soonja", given=False, by="최담당")
    )
    async with here.open():
        await here.ended(1)
    assert not here.kept.all()
    assert not here.all(RecordingKept)


@in_loop
async def test_a_recording_is_deleted_by_its_day(office: Make) -> None:
    """The day after its last day it is gone, and the log says so; a stray goes at the start."""
    here = office(Busy())
    here.hub.record(CallsConsent(TEN, "soonja", given=True, by="최담당"))
    day = here.clock.now_ms()
    for call_id, until_day in (("7", "2026-03-01"), ("8", "2026-03-02"), ("9", "2026-05-01")):
        here.kept.keep(call_id, b"\0\0" * 80, date.fromisoformat(until_day))
        if call_id != "9":  # of a process that died before it said so
            here.hub.record(RecordingKept(day, int(call_id), "soonja", until_day))
    async with here.open():
        await until(lambda: here.all(RecordingDeleted))
        await here.ended(1)
        assert [(f.call_id, f.why) for f in here.all(RecordingDeleted)] == [(7, "over")]
        assert here.kept.all() == ("8",)


@in_loop
async def test_who_left_leaves_nothing_behind(office: Make) -> None:
    """Taken out of the roster: her recordings and her spoken name go, others' stay."""
    here = office(Busy(), Busy(), people=("soonja", "jungho"))
    for call_id, of in ((7, "soonja"), (8, "jungho")):
        here.hub.record(CallsConsent(TEN, of, given=True, by="최담당"))
        here.kept.keep(str(call_id), b"\0\0" * 80, date(2026, 5, 1))
        here.hub.record(RecordingKept(TEN, call_id, of, "2026-05-01"))
    here.hub.record(RosterChanged(TEN, "persons", "soonja", None, "최담당"))
    async with here.open():
        await until(lambda: here.voice.forgotten)
        assert [(f.call_id, f.why) for f in here.all(RecordingDeleted)] == [(7, "person_gone")]
        assert (here.kept.all(), here.voice.forgotten) == (("8",), {"soonja"})


@in_loop
async def test_a_recording_that_cannot_be_deleted_holds_up_no_other(office: Make) -> None:
    """One file is stuck: the others of that day go, and no fact says that it went."""
    here = office(Busy())
    here.hub.record(CallsConsent(TEN, "soonja", given=True, by="최담당"))
    for call_id in (7, 8):
        here.kept.keep(str(call_id), b"\0\0" * 80, date(2026, 3, 1))
        here.hub.record(RecordingKept(TEN, call_id, "soonja", "2026-03-01"))
    delete = here.kept.delete

    def stuck(call_id: str) -> bool:
        if call_id == "7":
            raise RecordingError("7: a file of nobody's")
        return delete(call_id)

    here.kept.delete = stuck  # type: ignore[method-assign]
    async with here.open():
        await until(lambda: here.all(RecordingDeleted))
        assert [f.call_id for f in here.all(RecordingDeleted)] == [8]
        assert here.kept.all() == ("7",)


@in_loop
async def test_a_call_that_breaks_off_is_kept_so_far(office: Make) -> None:
    """Our line dies after two answers: they are in the log, and the call is made again."""
    here = office(cut_off_after("11", "the line died"))
    here.clock.monotonic_ms = _slow()  # type: ignore[method-assign]
    async with here.open():
        assert await here.ended(1) == ["line_down"]
    assert [a.question for a in here.all(CallAnswered)] == ["here", "meals"]


@in_loop
async def test_what_was_recorded_is_deleted_where_nobody_is_called_any_more(tmp_path: Path) -> None:
    """The section [calls] was taken out: the day on which a recording is deleted comes, too."""
    home = House(tmp_path, HouseClock(TEN))
    kept = Recordings(recordings_beside(tmp_path / "anbu.db"), recipient_of(new_identity()))
    kept.keep("1", bytes(1600), date(2026, 3, 1))
    torn = recordings_beside(tmp_path / "anbu.db") / f".2026-05-01.2.age.4711.1{PART}"
    torn.write_bytes(b"half")  # by a power cut: no fact names it
    before = home.gateway()
    before.begin()
    before.hub.record(CallsConsent(TEN, "soonja", given=True, by="이지은"))
    before.hub.record(RecordingKept(TEN, 1, "soonja", "2026-03-01"))
    before.hub.log.close()
    before.vault.close()
    async with running(home):
        await until(lambda: not kept.all())
        await until(lambda: [fact for fact in home.told if isinstance(fact, RecordingDeleted)])
        assert not torn.exists()
    deleted = [fact for fact in home.told if isinstance(fact, RecordingDeleted)]
    assert [(fact.call_id, fact.why) for fact in deleted] == [(1, "over")]
