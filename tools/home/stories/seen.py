"""What several stories look for: lights, schedule, texts, the ledger of events.

Knows: the house and the box's compartments. May not know: which story asks.
"""

from __future__ import annotations

from datetime import date

from anbu_wire import messages as m
from tools.home.house import House
from tools.home.story import Score

_DARK = 8
_MINUTE_S = 60
LABELS = ("morning", "noon", "evening", "bedtime")


def compartment(house: House, label: str, days: int = 0) -> int:
    """The lid of a slot on the story's first day (plus `days`): weekday × 4 + slot index."""
    weekday = date.fromisoformat(house.story.starts.partition(" ")[0]).weekday()
    return (weekday + days) % 7 * 4 + LABELS.index(label)


async def lit(house: House, lid: int, seconds: int = 3) -> tuple[int, int, int]:
    """The brightest colour that lid's light shows within some seconds of house time."""
    best = (0, 0, 0)
    for _ in range(seconds * 10):
        red, green, blue = house.board.picture()["lights"][lid]
        best = max(best, (red, green, blue), key=sum)
        await house.pause(0.1)
    return best


async def sounded(house: House, seconds: int = 5) -> int:
    """The frequency in Hz heard within some seconds of house time, 0 for silence."""
    for _ in range(seconds * 10):
        sound = house.board.picture()["sound"]
        if sound:
            return int(sound["frequency_hz"])
        await house.pause(0.1)
    return 0


def colour(light: tuple[int, int, int]) -> str:
    """What a person calls it."""
    red, green, blue = light
    if max(light) < _DARK:
        return "dark"
    low = min(light)
    if max(light) - low < max(light) // 4:
        return "white"
    if red >= max(green, blue):
        if blue > red // 2:
            return "purple"
        return "amber" if green > red // 4 else "red"
    if green > blue:
        return "green"
    return "teal" if green > blue // 2 else "blue"


async def looks(house: House, lid: int, seconds: int = 5) -> str:
    """The colour of that lid's light at its brightest within some seconds."""
    return colour(await lit(house, lid, seconds))


async def turns(house: House, lid: int, want: str, until: str) -> bool:
    """Whether that lid's light shows this colour before that clock."""
    while house.left_s(until) > 0:
        if await looks(house, lid) == want:
            return True
    return False


async def warned(house: House, score: Score, what: str, lid: int, value: int, until: str) -> None:
    """Opens that lid for a minute: its light must warn, the box must sound, and say why."""
    house.board.lid(lid, True)
    heard = await sounded(house, 30)  # it sounds for 20 s, and shows as long as the lid is open
    score.expect(f"{what}: the box sounds", heard > 0, f"{heard} Hz")
    score.expect("and its light warns in red", await turns(house, lid, "red", until))
    await house.pause(_MINUTE_S)
    house.board.lid(lid, False)
    await written(
        house, score, f"{what}: on record", until,
        record_kind=m.LID_OPENED, value=value, compartment=lid,
    )  # fmt: skip


async def written(
    house: House, score: Score, what: str, until: str, **fields: object
) -> dict[str, object] | None:
    """Expects a record of the box with these fields (record_kind, value, compartment …)."""
    record = await house.heard("device_record", until, **fields)
    score.expect(what, record, record)
    return record


async def moved_in(house: House, score: Score, by: str) -> None:
    """The house stands: the box runs the schedule it was sent, before the first dose."""
    event = await house.heard("schedule_on_box", by)
    score.expect("the box reads back its schedule before the dose", event, event)


def nothing_lost(house: House, score: Score) -> None:
    """Every record told so far has its own sequence number, without a gap."""
    seqs = [e["seq"] for e in house.events if e["kind"] == "device_record"]
    complete = sorted(seqs) == list(range(1, len(seqs) + 1))
    score.expect("every event exactly once, none missing", complete, f"{len(seqs)} records")


def only_texts(house: House, score: Score, *purposes: str) -> None:
    """The guardian's phone has these texts in this order, each once, and no other."""
    decided = [e for e in house.events if e["kind"] == "text_decided"]
    told = [e["purpose"] for e in decided] == list(purposes)
    once = bodies(house) == [e["body"] for e in decided]
    score.expect(f"{', '.join(purposes)}: each once, no other text", told and once, bodies(house))


def records(house: House, kind: int) -> int:
    """How many records of this kind the gateway has."""
    return house.count("device_record", record_kind=kind)


def bodies(house: House) -> list[str]:
    """All texts the guardian's handset got."""
    return [text.body for text in house.guardian.inbox]


__all__ = (
    "bodies",
    "colour",
    "compartment",
    "lit",
    "looks",
    "m",
    "moved_in",
    "nothing_lost",
    "only_texts",
    "records",
    "sounded",
    "turns",
    "warned",
    "written",
)
