"""The judge of the radio link: told what happened, it says what is wrong.

Knows: the sentences of the design's radio page (identity, commit before acknowledge, free only
what was acknowledged, caught up, gap, step back, epoch, versions, idempotence, frames, timelines).
May not know: any file of the firmware, of anbu_wire or of the gateway; it imports none of them
and parses none of their bytes. A record is a plain tuple here, compared whole.
"""

from __future__ import annotations

from dataclasses import dataclass, field

Payload = tuple[int, ...]
Identity = tuple[int, int]  # (epoch, seq); one oracle judges one device

LOST = "lost"
DUPLICATED = "duplicated"
ALTERED = "altered"
INVENTED = "invented"
REUSED = "identity used twice"
UNREADABLE = "unacknowledged record no longer on the device"
EARLY_ACK = "acknowledged before committed"
EARLY_FREE = "freed before acknowledged"
OUT_OF_EPOCH = "acknowledgement of another epoch accepted"
FALSE_CAUGHT_UP = "claimed caught up without having all"
GAP_UNNOTICED = "gap unnoticed"
STEP_BACK_UNNOTICED = "step back unnoticed"
EPOCH_UNNOTICED = "new epoch unnoticed"
FALSE_ALARM = "alarm without a cause"
NOT_LIVE = "not at rest after the faults ended"
CRASHED = "exception out of a core"


@dataclass(frozen=True)
class Finding:
    """One broken promise: which, and the facts of it."""

    rule: str
    detail: str


class Findings(list[Finding]):
    """What is wrong so far; shared by the observers of one run."""

    def say(self, rule: str, detail: str) -> None:
        """Write a finding down; the run goes on, so that one seed shows all it breaks."""
        self.append(Finding(rule, detail))


@dataclass(frozen=True)
class Told:
    """A state the device told: what it said, and what was durable when it said so."""

    epoch: int
    newest: int
    durable: frozenset[Identity]


@dataclass
class RecordsOracle:
    """Follows every record from the device's flash into the gateway's database."""

    findings: Findings
    slack_ms: int  # a claim's time may be later than the state it rests on by so much
    made: dict[Identity, Payload] = field(default_factory=dict)
    made_ms: dict[Identity, int] = field(default_factory=dict)  # true time of the flush
    in_flight: dict[Identity, Payload] = field(default_factory=dict)  # begun, perhaps flushed
    freed: set[Identity] = field(default_factory=set)
    excused: set[Identity] = field(default_factory=set)
    database: dict[Identity, Payload] = field(default_factory=dict)
    ever_committed: set[Identity] = field(default_factory=set)
    acknowledged: dict[int, int] = field(default_factory=dict)  # epoch -> highest seq
    told: list[Told] = field(default_factory=list)
    gaps: set[Identity] = field(default_factory=set)
    gap_alarms: int = 0
    step_backs: set[int] = field(default_factory=set)
    rolled_back: set[int] = field(default_factory=set)
    epochs_heard: set[int] = field(default_factory=set)
    epoch: int = 0

    # -- the device ---------------------------------------------------------------------------

    def store_opened(self, epoch: int, *, wiped: bool) -> None:
        """The device has started with this log; if `wiped`, a new one: what was in it is excused.

        What only the wiped store held is gone by no fault of the link.
        """
        if epoch == self.epoch and not wiped:
            return
        if not wiped:
            self.findings.say(OUT_OF_EPOCH, f"{self.epoch} became {epoch}, the store was not wiped")
        if self.epoch in self.rolled_back - self.step_backs and self._went_back():
            self.findings.say(STEP_BACK_UNNOTICED, f"{self.epoch}: told, never said")
        self.excused |= {key for key in self.made if key not in self.database}
        self.in_flight.clear()
        self.epoch = epoch

    def _went_back(self) -> bool:
        """Whether the device told a newest record below what the database knows."""
        highest = max((s for e, s in self.database if e == self.epoch), default=0)
        last = self.told[-1] if self.told else None
        return last is not None and last.epoch == self.epoch and last.newest < highest

    def store_rolled_back(self, kept: set[int]) -> None:
        """The store was put back to an older copy that holds only the seqs in `kept`."""
        gone = {key for key in self.made if key[0] == self.epoch and key[1] not in kept}
        gone -= self.freed
        self.excused |= gone
        self.rolled_back.add(self.epoch)

    def begun(self, seq: int, payload: Payload) -> None:
        """The device begins to write a record; until it is flushed it may be kept or lost."""
        self.in_flight = {(self.epoch, seq): payload}

    def recorded(self, now_ms: int) -> None:
        """The device has flushed the record it had begun: from now on it may not be lost."""
        ((key, payload),) = self.in_flight.items()
        self.in_flight = {}
        if self.epoch not in self.rolled_back:
            before = key[1] == 1 or (self.epoch, key[1] - 1) in self.made
            if key in self.made or not before:
                self.findings.say(REUSED, f"{key}: {payload} does not come next")
        elif key in self.made and key in self.database:
            return  # after a roll back the number is taken: alarmed, nothing overwritten
        self.excused.discard(key)
        self.made[key] = payload
        self.made_ms[key] = now_ms

    def booted(self, held: dict[int, Payload], now_ms: int) -> None:
        """The device has started; what it can read may include the record cut by the restart."""
        for key, payload in self.in_flight.items():
            if held.get(key[1]) == payload:
                self.made[key] = payload
                self.made_ms[key] = now_ms
        self.in_flight = {}
        self.on_device(held)

    def on_device(self, held: dict[int, Payload]) -> None:
        """What the device can read back from its flash now, by seq."""
        for seq, payload in held.items():
            expected = self.made.get((self.epoch, seq))
            if expected is None:
                self.findings.say(INVENTED, f"device holds {seq}: {payload}, never recorded")
            elif expected != payload and self.epoch not in self.rolled_back:
                self.findings.say(ALTERED, f"device holds {seq} as {payload}, was {expected}")
        for key in self.made:
            mine = key[0] == self.epoch and key not in self.freed and key not in self.excused
            if mine and key[1] not in held:
                self._left_the_device(key)

    def _left_the_device(self, key: Identity) -> None:
        self.freed.add(key)
        if key[1] > self.acknowledged.get(key[0], 0):
            rule = EARLY_FREE if key in self.ever_committed else UNREADABLE
            self.findings.say(rule, f"{key}, acknowledged up to {self.acknowledged}")

    def acknowledgement(self, epoch: int, up_to: int, *, accepted: bool) -> None:
        """The device was told that everything of `epoch` up to a seq is safe."""
        if not accepted:
            return
        if epoch != self.epoch:
            self.findings.say(OUT_OF_EPOCH, f"{epoch} while the store is {self.epoch}")
            return
        for key in self._unsafe(epoch, up_to):
            self.findings.say(EARLY_ACK, f"{key} by an acknowledgement up to {up_to}")
        self.acknowledged[epoch] = max(up_to, self.acknowledged.get(epoch, 0))

    def _unsafe(self, epoch: int, up_to: int) -> list[Identity]:
        """Return the records an acknowledgement covers that the database does not have."""
        return [
            key
            for key in self.made
            if key[0] == epoch
            and key[1] <= up_to
            and key not in self.database
            and key not in self.freed
            and key not in self.excused
        ]

    def state_told(self, epoch: int, newest: int) -> None:
        """The device answered for its state; `newest` is its last seq (0 = none)."""
        durable = frozenset(key for key in self.made if key[0] == epoch)
        self.told.append(Told(epoch, newest, durable))
        if epoch != self.epoch:
            self.findings.say(OUT_OF_EPOCH, f"state says {epoch}, store is {self.epoch}")

    # -- the gateway --------------------------------------------------------------------------

    def committed(self, epoch: int, rows: list[tuple[int, Payload]]) -> None:
        """One transaction of the gateway has ended."""
        for seq, payload in rows:
            key = (epoch, seq)
            if key in self.database:
                self.findings.say(DUPLICATED, f"{key} committed again")
                continue
            made = self.made.get(key)
            if made is None:
                self.findings.say(INVENTED, f"{key} committed, never recorded")
            elif made != payload:
                self.findings.say(ALTERED, f"{key} committed as {payload}, was {made}")
            self.database[key] = payload
            self.ever_committed.add(key)

    def database_restored(self, rows: dict[Identity, Payload]) -> None:
        """An older copy of the database was put back by a person."""
        self.database = dict(rows)
        gone = {key for key in self.made if key in self.freed or key[0] != self.epoch}
        self.excused |= gone - rows.keys()

    def gap_noticed(self, epoch: int, first: int, last: int) -> None:
        """The gateway said that these seqs cannot be had from the device any more."""
        missing = {(epoch, seq) for seq in range(first, last + 1)}
        self.gaps |= missing
        held = {k for k in missing if k in self.made} - self.freed - self.excused
        if held:
            self.findings.say(FALSE_ALARM, f"gap {first}..{last}: device still has {sorted(held)}")

    def step_back_noticed(self, epoch: int) -> None:
        """The gateway said that the device's newest is below what it knows."""
        self.step_backs.add(epoch)
        if epoch not in self.rolled_back:
            self.findings.say(FALSE_ALARM, f"step back in {epoch}")

    def epoch_noticed(self, epoch: int) -> None:
        """The gateway wrote an audit event: this epoch is new to me."""
        self.epochs_heard.add(epoch)

    def caught_up(self, epoch: int, newest: int, claim_ms: int | None) -> None:
        """The gateway claims to have all the device had when it told this state, and by its time.

        `claim_ms`: the claim's time on the simulation's clock, None where no clock is trusted.
        """
        self._judge_claim(claim_ms)
        match = next((t for t in self.told if (t.epoch, t.newest) == (epoch, newest)), None)
        if match is None:
            self.findings.say(FALSE_CAUGHT_UP, f"no state ever said {epoch}/{newest}")
            return
        missing = {key for key in match.durable if key not in self.database} - self.gaps
        open_gaps = missing & (self.excused | self.freed)
        if missing - open_gaps:
            self.findings.say(FALSE_CAUGHT_UP, f"{epoch}/{newest} without {sorted(missing)}")
        if open_gaps:
            self.findings.say(GAP_UNNOTICED, f"{sorted(open_gaps)} at {epoch}/{newest}")
        self._judge_step_back(epoch, newest)
        known = {key[0] for key in self.database}
        if len(known | {epoch}) > 1 and epoch not in self.epochs_heard:
            self.findings.say(EPOCH_UNNOTICED, f"{epoch} caught up in silence")

    def _judge_claim(self, claim_ms: int | None) -> None:
        if claim_ms is None:
            return
        for key, made_ms in self.made_ms.items():
            late = made_ms <= claim_ms - self.slack_ms and key not in self.database
            if late and key not in self.excused | self.gaps:
                self.findings.say(
                    FALSE_CAUGHT_UP, f"up to {claim_ms} ms without {key} of {made_ms}"
                )

    def _judge_step_back(self, epoch: int, newest: int) -> None:
        highest = max((s for e, s in self.database if e == epoch), default=0)
        went_back = epoch in self.rolled_back and newest < highest
        if went_back and epoch not in self.step_backs:
            self.findings.say(STEP_BACK_UNNOTICED, f"newest {newest}, known {highest}")

    # -- the end ------------------------------------------------------------------------------

    def at_rest(self) -> None:
        """The faults have ended long ago: all that was made must be in the database, unchanged."""
        for key, payload in self.made.items():
            if key in self.excused:
                continue
            if key not in self.database:
                self.findings.say(LOST, f"{key}: {payload}")
            elif self.database[key] != payload:
                self.findings.say(ALTERED, f"{key}: {self.database[key]}, was {payload}")
