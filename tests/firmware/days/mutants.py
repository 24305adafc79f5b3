"""Small faults for the dose engine, one line each, which the oracle must notice.

Knows: lines of the real files, as text. A line that no longer stands there is an error of the test.
"""

from __future__ import annotations

from tests.simulation.cores import Patch

_ROOM = "firmware/pillbox/pillbox/"
_SLOT, _COURSE, _DOSES, _LIVE = (_ROOM + f"{n}.py" for n in ("slot", "course", "doses", "live"))
_MEMORY, _HANDS, _LIDS = (_ROOM + f"{n}.py" for n in ("memory", "hands", "lids"))
_REFILL, _PRN, _BOX, _LOOKS = (_ROOM + f"{n}.py" for n in ("refill", "prn", "box", "looks"))
_PROMPTS = _ROOM + "prompts.py"

TIME = (
    Patch(
        "calls missed what nobody watched",
        _COURSE,
        "    if slot.unwatched:\n        return ENDED_UNWATCHED\n",
        "",
    ),
    Patch(
        "prompts for what was over before",
        _COURSE,
        "if slot.unwatched and wall_s >= min(slot.closes_s, slot.skips_s):",
        "if slot.unwatched and wall_s >= NEVER:",
    ),
    Patch(
        "never turns take into skip",
        _COURSE,
        "if wall_s >= skips_s and skips_s < over_s:",
        "if wall_s >= skips_s and skips_s < 0:",
    ),
    Patch("forgets the late time", _COURSE, "closing and slot.entry.late_min", "closing and 0"),
    Patch("comes a second late", _COURSE, "    if wall_s >= base_s:", "    if wall_s > base_s:"),
    Patch("knows no spacing", _SLOT, "max(due_wall_s, self.not_before_s)", "due_wall_s"),
    Patch(
        "skips no dose for the spacing's sake",
        _COURSE,
        "        if base_s >= slot.skips_s:\n",
        "        if base_s >= NEVER:\n",
    ),
    Patch(
        "rounds a postponement down",
        _SLOT,
        "self.entry.due_wall_s + 59) // 60",
        "self.entry.due_wall_s) // 60",
    ),
    Patch("watches an hour", _DOSES, "_UNWATCHED_S = const(60)", "_UNWATCHED_S = const(3600)"),
    Patch(
        "doubts only what had not begun",
        _DOSES,
        "slot.unwatched = slot.unwatched or unwatched",
        "slot.unwatched = slot.unwatched or (unwatched and slot.state == WAITING)",
    ),
    Patch(
        "sleeps through the end of a window",
        _COURSE,
        "        slot.closes_s,\n        slot.ends_s,\n",
        "",
    ),
    Patch(
        "prompts while she is away",
        _DOSES,
        "        paused = away or self.emptied",
        "        paused = self.emptied",
    ),
    Patch(
        "lets a prompt run on when she leaves",
        _DOSES,
        "if away and slot.state in (DUE, LATE, TOUCHED):",
        "if away and slot.state in (LATE, TOUCHED):",
    ),
    Patch(
        "prompts for an empty compartment",
        _DOSES,
        "away or self.emptied >> slot.entry.compartment & 1",
        "away or 0",
    ),
    Patch(
        "prompts for what was opened unseen",
        _DOSES,
        "            slot.blind = slot.unwatched = True\n",
        "            slot.unwatched = True\n",
    ),
)
LOG = (
    Patch(
        "begins a second series after a restart",
        _MEMORY,
        "    SLOT_PROMPTED: DUE,\n",
        "    SLOT_PROMPTED: WAITING,\n",
    ),
    Patch(
        "forgets what was taken",
        _MEMORY,
        "    SLOT_TAKEN: TAKEN,\n",
        "    SLOT_TAKEN: WAITING,\n",
    ),
    Patch(
        "forgets an opening without a verdict",
        _MEMORY,
        "            self._becomes(i, TOUCHED)",
        "            self._becomes(i, WAITING)",
    ),
    Patch(
        "forgets its doubt at a restart",
        _MEMORY,
        "            slot.unwatched = slot.told = bool(flags & _UNWATCHED)\n",
        "            slot.told = bool(flags & _UNWATCHED)\n",
    ),
    Patch(
        "takes a new schedule for a begun slot",
        _LIVE,
        "                if slot is None or slot.state == WAITING:\n",
        "                if True:\n",
    ),
    Patch(
        "takes a slot that was over before its schedule came",
        _LIVE,
        "        return None if over else slot",
        "        return slot",
    ),
    Patch(
        "shows before it is written down",
        _LOOKS,
        "        if slot.state == DUE and slot.armed:\n",
        "        if slot.state == DUE:\n",
    ),
)
LIDS = (
    Patch(
        "goes on prompting when the lid opens",
        _SLOT,
        "    (DUE, LID): (OPENED, 0, 0),\n",
        "    (DUE, LID): (DUE, 0, 0),\n",
    ),
    Patch(
        "takes a brief opening for a dose",
        _SLOT,
        "    (OPENED, SHUT): (TOUCHED, 0, 0),\n",
        "    (OPENED, SHUT): (TAKEN, SLOT_TAKEN, 1),\n",
    ),
    Patch("calls late what was in time", _HANDS, "if wall_s < slot.closes_s else", "if 0 else"),
    Patch("doubts no wrong lid", _LIDS, "if value in _DOUBTS and another_due:", "if False:"),
    Patch("doubts too soon", _LIDS, "_WRONG_MS = const(10_000)", "_WRONG_MS = const(3000)"),
    Patch(
        "doubts although nothing was due",
        _LIDS,
        "if value in _DOUBTS and another_due:",
        "if value in _WARNED:",
    ),
    Patch(
        "does not warn of an opened dose",
        _LIDS,
        "    OPENED_AGAIN,\n    OPENED_NO_SLOT,\n",
        "    OPENED_NO_SLOT,\n",
    ),
    Patch("lets a dose too soon pass", _LIDS, "if wall_s < own.not_before_s else", "if 0 else"),
    Patch("feels no shaking", _LIDS, "_SHAKEN_LIDS = const(4)", "_SHAKEN_LIDS = const(9)"),
    Patch(
        "takes a shaken lid for a dose",
        _HANDS,
        "        if self.lids.shaken:\n",
        "        if self.lids.shaken < 0:\n",
    ),
    Patch("tells of no lid left open", _LIDS, "_LEFT_MS = const(300_000)", "_LEFT_MS = 10**9"),
    Patch("forgets too early", _LIDS, "_AGAIN_S = const(57_600)", "_AGAIN_S = const(3600)"),
    Patch(
        "takes a refill for a dose",
        _HANDS,
        "            self._doses.apply_all(1 << compartment, REFILLED, effects)\n",
        "",
    ),
    Patch(
        "fills out of turn",
        _REFILL,
        "in_turn = not self.asked or compartment == self.next_fill",
        "in_turn = True",
    ),
    Patch(
        "names nothing unfilled",
        _REFILL,
        "if self.todo >> compartment & 1:\n                effects",
        "if False:\n                effects",
    ),
    Patch("never ends a refill", _REFILL, "FORGOTTEN_S = const(1800)", "FORGOTTEN_S = 10**8"),
    Patch(
        "gives one PRN dose too many", _PRN, "today >= entry.daily_max", "today > entry.daily_max"
    ),
    Patch("counts no refused PRN dose", _PRN, "elif value in REFUSED:", "elif value in ():"),
    Patch("snoozes without end", _PROMPTS, "SNOOZES_MAX = const(3)", "SNOOZES_MAX = const(30)"),
    Patch("sounds through a snooze", _PROMPTS, "SNOOZE_S = const(600)", "SNOOZE_S = const(60)"),
    Patch(
        "does not believe a person's word",
        _SLOT,
        "    (DUE, SAID_TAKEN): (TAKEN, SLOT_TAKEN, DOSE_BY_WORD),\n",
        "",
    ),
)
ALL = TIME + LOG + LIDS
