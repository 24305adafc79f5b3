"""The pill box: its lives, what its lights and sounds mean, its pins, from its literal tables.

Knows: where each table of the box stands and how its rows are spelt. May not know: what they mean.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from anbu_wire import names
from tools.draw.kept import VALUES, value_names
from tools.draw.page import constants, firmware, life, table

State = tuple[int, int]  # state, stimulus
Step = tuple[int, ...]  # next state, record kind or 0, and its value where there is one


def _life(rows: Mapping[State, Step], states: Mapping[int, str], stimuli: Mapping[int, str]) -> str:
    edges = [(states[a], states[step[0]], stimuli[why].lower()) for (a, why), step in rows.items()]
    return life(edges, states[min(states)])


def _rows(rows: Mapping[State, Step], states: Mapping[int, str], stimuli: Mapping[int, str]) -> str:
    lines = [
        (states[state], stimuli[why].lower(), states[step[0]], _written(*step[1:]))
        for (state, why), step in rows.items()
    ]
    return table(("state", "what happens", "state after it", "record"), lines)


def _written(kind: int, value: int | None = None) -> str:
    """A record and its value, with the value's name where it has one."""
    if not kind:
        return ""
    name = names.RECORD_KIND_NAMES[kind]
    if name == "slot_taken":
        slot = firmware("pillbox.slot")
        doses = constants(slot, "EARLY_DOSE", "DOSE_BY_WORD")
        dose = doses[int(value or 0)].lower().removesuffix("_dose").removeprefix("dose_")
        return f"{name} [{value}: {dose}]"
    for prefix, where in VALUES.items():
        if value is not None and name in where.split(", "):
            return f"{name} [{value}: {value_names(prefix)[value]}]"
    return name


def _slot() -> tuple[Mapping[State, Step], Mapping[int, str], Mapping[int, str]]:
    slot = firmware("pillbox.slot")
    return slot.TABLE, constants(slot, "WAITING", "PAUSED"), constants(slot, "OPENS", "AWAY")


def _help() -> tuple[Mapping[State, Step], Mapping[int, str], Mapping[int, str]]:
    call = firmware("pillbox.help_call")
    return call.TABLE, constants(call, "IDLE", "COMING"), constants(call, "HELD", "FADES")


def _question() -> tuple[Mapping[State, Step], Mapping[int, str], Mapping[int, str]]:
    asked = firmware("pillbox.question")
    states = constants(asked, "NOTHING", "ASKING")
    return asked.TABLE, states, constants(asked, "ASKS", "TAKES_BACK")


def stages_table(stages: Iterable[tuple[int, tuple[int, ...], int]]) -> str:
    """How a call's sound goes on, as `signals.staged` reads it."""
    signals = firmware("pillbox.signals")
    step_s = signals.STEP_S
    rows = []
    for from_s, sounds, every_s in stages:
        burst = [f"{step_s} s {signals.SOUNDS[sound][0]}" for sound in sounds]
        again = f"{every_s} s" if every_s > step_s * len(sounds) else "without a pause"
        rows.append((f"{from_s} s", ", ".join(burst), again))
    return table(("from", "what sounds", "again every"), rows)


def help_shown_table() -> str:
    """What each state of a call shows and sounds."""
    signals, call = firmware("pillbox.signals"), firmware("pillbox.help_call")
    _table, states, _stimuli = _help()
    rows = []
    for state, (light, stages) in call.SHOWN.items():
        for place, (from_s, sounds, every_s) in enumerate(stages):
            head = (states[state], signals.LIGHTS[light][0]) if not place else ("", "")
            burst = ", ".join(f"{signals.STEP_S} s {signals.SOUNDS[sound][0]}" for sound in sounds)
            rows.append((*head, f"{from_s} s", burst, f"{every_s} s"))
    return table(("state", "all lids", "from", "what sounds", "every"), rows)


def lights_table() -> str:
    """What a lid's light means."""
    signals = firmware("pillbox.signals")
    rows = [
        (
            name,
            f"`#{red:02x}{green:02x}{blue:02x}`",
            " ".join(f"**{ms}**" if not i % 2 else str(ms) for i, ms in enumerate(steps))
            if steps[0]
            else "–",
            f"{apart_ms} ms later" if apart_ms else "together",
        )
        for name, red, green, blue, apart_ms, steps in signals.LIGHTS.values()
    ]
    return table(("meaning", "colour", "**lit** and dark ms in turn", "on the next lid"), rows)


def sounds_table() -> str:
    """What a sound means."""
    signals = firmware("pillbox.signals")
    rows = [
        (
            name,
            loudness or "–",
            " ".join(f"**{hertz} Hz** {ms}" if hertz else str(ms) for hertz, ms in notes)
            if loudness
            else "–",
        )
        for name, loudness, notes in signals.SOUNDS.values()
    ]
    return table(("meaning", "loudness", "**tones** and pauses, ms"), rows)


def pins_table() -> str:
    """The reference board's pins."""
    pins = firmware("pins")
    names = [n for n, v in vars(pins).items() if n.isupper() and isinstance(v, int | tuple)]
    return table(("name", "value"), [(n, vars(pins)[n]) for n in names])


def drawings() -> dict[str, str]:
    """Every block of this module by its mark."""
    prompts, question = firmware("pillbox.prompts"), firmware("pillbox.question")
    return {
        "slot": _life(*_slot()),
        "slot-table": _rows(*_slot()),
        "help": _life(*_help()),
        "help-table": _rows(*_help()),
        "help-shown": help_shown_table(),
        "question": _life(*_question()),
        "question-table": _rows(*_question()),
        "question-stages": stages_table(question.CALLS),
        "prompt-stages": stages_table(prompts.ESCALATION),
        "lights": lights_table(),
        "sounds": sounds_table(),
        "pins": pins_table(),
    }
