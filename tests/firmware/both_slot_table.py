"""pillbox.slot's transition table, every state with every stimulus, under both interpreters."""

from anbu_wire.messages import (
    SLOT_DOUBTFUL,
    SLOT_LATE,
    SLOT_MISSED,
    SLOT_PAUSED,
    SLOT_POSTPONED,
    SLOT_PROMPTED,
    SLOT_SKIPPED,
    SLOT_TAKEN,
    SLOT_UNKNOWN,
)
from pillbox import slot as s
from pillbox.course import next_s, stimulus_at
from tests.firmware.one_box import DUE_S, MIN, dose

STATES = range(s.WAITING, s.PAUSED + 1)
STIMULI = range(s.OPENS, s.AWAY + 1)
OFFERED = (s.DUE, s.LATE)
BEGUN = (s.OPEN, s.DUE, s.LATE)
UNDECIDED = (s.OPEN, s.DUE, s.LATE, s.TOUCHED)

# stimulus → (from which states, to which, record, value): the sentences of the field, by stimulus
SENTENCES = {
    s.OPENS: ((s.WAITING,), s.OPEN, 0, 0),
    s.FALLS_DUE: ((s.OPEN,), s.DUE, SLOT_PROMPTED, 0),
    s.GOES_ON: ((s.OPEN,), s.DUE, 0, 0),
    s.POSTPONES: (BEGUN, s.OPEN, SLOT_POSTPONED, 0),
    s.RECEDES: (OFFERED, s.OPEN, 0, 0),
    s.CLOSES: ((s.DUE,), s.LATE, SLOT_LATE, 0),
    s.ENDS: (OFFERED, s.MISSED, SLOT_MISSED, 0),
    s.ENDED_UNWATCHED: ((s.WAITING, s.OPEN, s.DUE, s.LATE), s.UNKNOWN, SLOT_UNKNOWN, 0),
    s.TOO_LATE: (OFFERED, s.SKIPPED, SLOT_SKIPPED, 0),
    s.TOO_NEAR: (BEGUN, s.SKIPPED, SLOT_SKIPPED, 1),
    s.LID: (UNDECIDED, s.OPENED, 0, 0),
    s.KEPT_EARLY: ((s.OPENED,), s.TAKEN, SLOT_TAKEN, 0),
    s.KEPT_ON_TIME: ((s.OPENED,), s.TAKEN, SLOT_TAKEN, 1),
    s.KEPT_LATE: ((s.OPENED,), s.TAKEN, SLOT_TAKEN, 2),
    s.SHUT: ((s.OPENED,), s.TOUCHED, 0, 0),
    s.WRONG_LID: (OFFERED, s.DOUBTFUL, SLOT_DOUBTFUL, 0),
    s.STAYED_BRIEF: ((s.TOUCHED,), s.DOUBTFUL, SLOT_DOUBTFUL, 1),
    s.SHOOK: ((s.OPENED, s.TOUCHED), s.DOUBTFUL, SLOT_DOUBTFUL, 2),
    s.BLIND: (BEGUN, s.DOUBTFUL, SLOT_DOUBTFUL, 3),
    s.TOO_SOON: (UNDECIDED, s.DOUBTFUL, SLOT_DOUBTFUL, 4),
    s.REFILLED: (BEGUN, s.DOUBTFUL, SLOT_DOUBTFUL, 5),
    s.SAID_TAKEN: (
        (s.OPEN, s.DUE, s.LATE, s.TOUCHED, s.MISSED, s.SKIPPED, s.DOUBTFUL, s.UNKNOWN),
        s.TAKEN,
        SLOT_TAKEN,
        3,
    ),
    s.SAID_NOT_TAKEN: (
        (s.OPEN, s.DUE, s.LATE, s.TOUCHED, s.DOUBTFUL),
        s.SKIPPED,
        SLOT_SKIPPED,
        2,
    ),
    s.AWAY: ((s.WAITING, s.OPEN, s.DUE, s.LATE, s.TOUCHED), s.PAUSED, SLOT_PAUSED, 0),
}


def _slot(state: int, **fields: int) -> s.Slot:
    slot = s.Slot(dose(windows=(30, 30, 60)))
    slot.state = state
    return slot


def test_every_state_answers_every_stimulus_as_the_sentences_say() -> None:
    """All pairs: what a sentence allows happens with its record, everything else is nothing."""
    for state in STATES:
        for stimulus in STIMULI:
            froms, to, kind, value = SENTENCES[stimulus]
            slot = _slot(state)
            said = slot.apply(stimulus)
            if state in froms:
                assert said == (kind, value), (state, stimulus)
                assert slot.state == to, (state, stimulus)
            else:
                assert said is None, (state, stimulus)
                assert slot.state == state, (state, stimulus)


def test_the_table_names_only_states_and_stimuli() -> None:
    """No row that could never happen, none twice."""
    assert set(SENTENCES) == set(STIMULI)
    assert all(a in STATES and why in STIMULI for a, why in s.TABLE)
    assert len(s.TABLE) == sum([len(row[0]) for row in SENTENCES.values()])


def test_a_final_state_changes_by_word_only_and_has_exactly_one_record() -> None:
    """Into a final state there is always a record; out of one only a person's word leads."""
    for (state, stimulus), (after, kind, _value) in s.TABLE.items():
        if state >= s.TAKEN:
            assert stimulus in (s.SAID_TAKEN, s.SAID_NOT_TAKEN)
        if after >= s.TAKEN:
            assert kind
        else:
            assert kind in (0, SLOT_PROMPTED, SLOT_LATE, SLOT_POSTPONED)


def test_taken_and_paused_are_never_left() -> None:
    """No word, lid or time makes a taken dose anything else."""
    for stimulus in STIMULI:
        assert _slot(s.TAKEN).apply(stimulus) is None
        assert _slot(s.PAUSED).apply(stimulus) is None


def test_a_series_that_goes_on_waits_for_no_record() -> None:
    """The first prompt is armed by the flush; one postponed and due again is armed at once."""
    slot = _slot(s.OPEN)
    slot.apply(s.FALLS_DUE)
    assert (slot.armed, slot.prompted) == (False, True)
    slot.apply(s.POSTPONES)
    slot.apply(s.GOES_ON)
    assert (slot.state, slot.armed) == (s.DUE, True)


def test_the_moments_of_a_slot_come_in_their_order() -> None:
    """Early window, due, window, late time: each step at its second, none a second before."""
    slot = _slot(s.WAITING)
    for moment_s, stimulus in (
        (DUE_S - 30 * MIN, s.OPENS),
        (DUE_S, s.FALLS_DUE),
        (DUE_S + 30 * MIN, s.CLOSES),
        (DUE_S + 90 * MIN, s.ENDS),
    ):
        assert next_s(slot, moment_s - 1) == moment_s
        assert stimulus_at(slot, moment_s - 1, False) == 0
        assert stimulus_at(slot, moment_s, False) == stimulus
        slot.apply(stimulus)
    assert slot.final()
    assert next_s(slot, DUE_S) == s.NEVER
