"""What a resident does with one dose: the usual, or a mistake.

Knows: lids, buttons, words as happenings of a story. May not know: what the box makes of it.
"""

from __future__ import annotations

import random

from tests.firmware.days.facts import Dose
from tests.firmware.days.story import COMPARTMENTS, Nature, Story


def habit(chance: random.Random, story: Story, dose: Dose, nature: Nature) -> None:
    lid, due = dose.compartment, dose.due
    usual = due + chance.gauss(240, 200)
    if chance.random() > nature.mess:
        opens(chance, story, lid, max(usual, due - dose.early_s + 30))
        return
    late = due + chance.uniform(0, 1.2) * (dose.window_s + dose.late_s)
    chance.choice(_MISTAKES)(chance, story, dose, usual, late)


def _forgets(chance: random.Random, story: Story, dose: Dose, usual: float, late: float) -> None:
    """Nothing happens."""


def _comes_late(chance: random.Random, story: Story, dose: Dose, usual: float, late: float) -> None:
    opens(chance, story, dose.compartment, late)


def _comes_early(
    chance: random.Random, story: Story, dose: Dose, usual: float, late: float
) -> None:
    before_s = chance.uniform(0.2, 2) * dose.early_s
    opens(chance, story, dose.compartment, dose.due - before_s)
    opens(chance, story, dose.compartment, usual)


def _takes_the_wrong(
    chance: random.Random, story: Story, dose: Dose, usual: float, late: float
) -> None:
    wrong = chance.randrange(COMPARTMENTS)
    story.at(usual, "open", wrong)
    story.at(usual + chance.choice((2.2, 5.1, 8.4, 14.3, 48.7)), "shut", wrong)
    opens(chance, story, dose.compartment, usual + chance.uniform(4, 400))


def _peeps(chance: random.Random, story: Story, dose: Dose, usual: float, late: float) -> None:
    _briefly(chance, story, dose.compartment, chance.choice((usual, late)))
    if chance.random() < 0.5:
        opens(chance, story, dose.compartment, usual + chance.uniform(20, 1500))


def _opens_again(
    chance: random.Random, story: Story, dose: Dose, usual: float, late: float
) -> None:
    opens(chance, story, dose.compartment, usual)
    opens(chance, story, dose.compartment, usual + chance.uniform(60, 20_000))


def _is_asked(chance: random.Random, story: Story, dose: Dose, usual: float, late: float) -> None:
    story.at(late, "word", dose.slot, chance.choice((0, 0, 1)))
    story.at(late + chance.uniform(1, 4000), "word", dose.slot, chance.choice((0, 1)))


def _snoozes(chance: random.Random, story: Story, dose: Dose, usual: float, late: float) -> None:
    for _ in range(chance.randrange(1, 6)):
        usual += chance.choice((3, 40, 100, 400, 650))
        story.at(usual, "ok")
    opens(chance, story, dose.compartment, usual + 100)


def _snoozes_on(chance: random.Random, story: Story, dose: Dose, usual: float, late: float) -> None:
    for n in range(6):
        story.at(usual + n * 640, "ok")
        story.at(usual + n * 640 + 15, "ok")


def _leaves_it_open(
    chance: random.Random, story: Story, dose: Dose, usual: float, late: float
) -> None:
    story.at(usual, "open", dose.compartment)
    story.at(usual + chance.uniform(320, 3000), "shut", dose.compartment)


_MISTAKES = (
    _forgets, _comes_late, _comes_early, _takes_the_wrong, _takes_the_wrong, _peeps,
    _opens_again, _is_asked, _snoozes, _snoozes_on, _leaves_it_open,
)  # fmt: skip


def opens(chance: random.Random, story: Story, lid: int, at_s: float) -> None:
    story.at(at_s, "open", lid)
    story.at(at_s + chance.uniform(1.5, 20), "shut", lid)


def _briefly(chance: random.Random, story: Story, lid: int, at_s: float) -> None:
    story.at(at_s, "open", lid)
    story.at(at_s + chance.uniform(0.1, 0.9), "shut", lid)
