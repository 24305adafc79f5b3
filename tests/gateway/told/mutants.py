"""Small faults for the pipeline from worry to text, one line each, which the oracle must notice.

Knows: lines of the real files, as text. A line that no longer stands there is an error of the test.
"""

from __future__ import annotations

from tests.simulation.cores import Patch

_DOSE, _HELP = (f"gateway/rules/{n}.py" for n in ("dose", "help_call"))
_OUTCOMES = "gateway/adherence/outcomes.py"
_LADDER, _SITTING, _DECIDE = (f"gateway/incidents/{n}.py" for n in ("ladder", "sitting", "decide"))
_FOLLOWING, _VIEW = (f"gateway/incidents/{n}.py" for n in ("following", "view"))
_OUTBOX, _ROWS = (f"gateway/log/{n}.py" for n in ("outbox", "rows"))
_SENDER, _TERMS = (f"gateway/app/{n}.py" for n in ("sender", "terms"))
_TICKING = "gateway/ticking.py"

WORRIES = (
    Patch(
        "tells of no dose that is not confirmed",
        _DOSE,
        "elif now.state is State.UNKNOWN and now_ms >= unconfirmed_from_ms(household, planned):",
        "elif now.state is State.UNKNOWN and now_ms < 0:",
    ),
    Patch(
        "sleeps through the end of the grace",
        _DOSE,
        "        unconfirmed_from_ms(household, planned),\n        planned.ends_ms,\n",
        "        planned.ends_ms,\n",
    ),
    Patch(
        "calls missed what nobody saw",
        _DOSE,
        "return WorryKind.CANNOT_SEE if dead else WorryKind.DOSE_UNCONFIRMED",
        "return WorryKind.DOSE_MISSED",
    ),
    Patch(
        "keeps a doubtful dose to itself",
        _DOSE,
        "if now.state is State.DOUBTFUL and now.since_ms is not None:",
        "if now.state is State.DOUBTFUL and now.since_ms is None:",
    ),
    Patch(
        "tells of days in hospital",
        _OUTCOMES,
        "if not there and not_monitored(household, slot):",
        "if False:",
    ),
    Patch(
        "takes hours for too old",
        _DECIDE,
        "view.roster.policy.catch_up_h * HOUR_MS",
        "view.roster.policy.catch_up_h * 10_000",
    ),
    Patch(
        "hears no call for help", _HELP, "            found.append(Worry(", "            (Worry("
    ),
    Patch(
        "wakes for the second deadline only",
        _TICKING,
        "return self._queue[0][0] if self._queue else None",
        "return self._queue[0][0] + 300_000 if self._queue else None",
    ),
)
LADDERS = (
    Patch(
        "tells the whole ladder at once",
        _LADDER,
        "return (max(delays) - (first - usual)) * MIN_MS",
        "return (max(delays) - (first - usual)) * 1000",
    ),
    Patch(
        "waits for a failed text's successor",
        _LADDER,
        'FAILED = frozenset({"undelivered", "unreported", "withdrawn"})',
        'FAILED = frozenset({"unreported", "withdrawn"})',
    ),
    Patch(
        "takes no report for a good one",
        _LADDER,
        'FAILED = frozenset({"undelivered", "unreported", "withdrawn"})',
        'FAILED = frozenset({"undelivered", "withdrawn"})',
    ),
    Patch(
        "goes silent after the last step",
        _LADDER,
        "return [Turn(at, tuple(free), due_ms, Reason.REPEAT)]",
        "return []",
    ),
    Patch(
        "repeats the last step four times as often",
        _LADDER,
        "wait_ms = (each_min if incident.repeats < times else row.repeat.later_min) * MIN_MS",
        "wait_ms = (each_min if incident.repeats < times else row.repeat.later_min) * 15_000",
    ),
    Patch(
        "never goes on after an answer",
        _LADDER,
        "return Turn(at, people, incident.acked_until_ms, Reason.ACK_EXPIRED)",
        "return None",
    ),
    Patch(
        "goes on though somebody is on the way",
        _LADDER,
        "if incident.state is State.ACKED and incident.acked_until_ms is not None:",
        "if incident.state is State.ACKED and incident.acked_until_ms is None:",
    ),
    Patch(
        "begins with the officer",
        _VIEW,
        'return int(guardian.role == "officer"), guardian.after_min',
        "return 0, -guardian.after_min",
    ),
)
ENDS = (
    Patch(
        "gives everybody the all-clear",
        _LADDER,
        "return tuple(g for g in people if g.id in incident.told and g.id in reached)",
        "return people",
    ),
    Patch(
        "calls a late record a late opening",
        _SITTING,
        'Action.TELL_CORRECTION: "correction"',
        'Action.TELL_CORRECTION: "opened_late"',
    ),
    Patch(
        "notices no late record",
        _DECIDE,
        "return Signal.TAKEN_IN_TIME if seen.how in IN_TIME else Signal.OPENED_LATE",
        "return None if seen.how in IN_TIME else Signal.OPENED_LATE",
    ),
    Patch(
        "ends quietly",
        _SITTING,
        "self._tell_told(incident, _PURPOSES[action], withdrawing=withdrawing)",
        "pass",
    ),
    Patch(
        "keeps a guardian's word from the others",
        _FOLLOWING,
        '(Say(g, "by_word", incident, reason, step, now_ms) for g in others)',
        "()",
    ),
)
TEXTS = (
    Patch("marks no duplicate", _SENDER, "        if not claim.repeat:\n", "        if True:\n"),
    Patch(
        "waits too long for a report",
        _TERMS,
        "DOSE = Terms(urgency=1, valid_min=DAY_MIN, report_min=5)",
        "DOSE = Terms(urgency=1, valid_min=DAY_MIN, report_min=10)",
    ),
    Patch(
        "never sends a lost text again",
        _OUTBOX,
        "    (_S.CLAIMED, _M.LOSE): _S.UNKNOWN,\n",
        "    (_S.CLAIMED, _M.LOSE): _S.DELIVERED,\n",
    ),
    Patch(
        "gives up on a busy modem",
        _OUTBOX,
        "return Move.REFUSE if event.final else Move.RETRY",
        "return Move.REFUSE",
    ),
    Patch(
        "knows nothing urgent",
        _ROWS,
        ".order_by(outbox.c.urgency, outbox.c.text_id)",
        ".order_by(outbox.c.text_id)",
    ),
)
ALL = WORRIES + LADDERS + ENDS + TEXTS
