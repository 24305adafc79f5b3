"""One home as believed now: household, ledger, orders and accounts, folded from the log alone.

Knows: which folds there are, and the pipeline from beliefs to decisions.
May not know: where facts come from or go to; the time is an argument.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from gateway import household as households
from gateway import incidents, orders, rules
from gateway.access import Accounts
from gateway.coverage import watch
from gateway.events import Event, TextReceived
from gateway.household import Household
from gateway.incidents import Ledger
from gateway.installed import Installations
from gateway.life import learning
from gateway.officer.board import Board
from gateway.officer.cases import Cases
from gateway.officer.doses import Doses
from gateway.officer.months import Months
from gateway.orders import Book, Wish


@dataclass(slots=True)
class Home:
    """All beliefs of one home. Owned by one thread; readers take the desk's lock."""

    household: Household = field(default_factory=Household)
    ledger: Ledger = field(default_factory=Ledger)
    book: Book = field(default_factory=Book)
    accounts: Accounts = field(default_factory=Accounts)
    cases: Cases = field(default_factory=Cases)
    board: Board = field(default_factory=Board)
    installations: Installations = field(default_factory=Installations)
    months: Months = field(default_factory=Months)
    doses: Doses = field(default_factory=Doses)

    def fold(self, event: Event) -> None:
        """Take in one more fact."""
        households.fold(self.household, event)
        incidents.fold(self.ledger, event)
        orders.fold(self.book, event)
        self.accounts.fold(event)
        self.cases.note(event)
        self.installations.note(event)
        self.months.note(event, self.household.roster)
        self.doses.note(self.household, event)
        self.board.note(self.household, self.ledger, event)

    def decide(self, now_ms: int) -> list[Event]:
        """Household → rules → worries → incidents → orders: the facts that follow now.

        What is usual is learnt when nothing else follows, and decided upon with the next look.
        """
        worries = rules.worries(self.household, now_ms)
        follows = incidents.decide(self.household, self.ledger, worries, now_ms)
        follows = follows or watch.decide(self.household, now_ms)
        follows = follows or [*orders.decide(self.household, self.ledger, self.book, now_ms)]
        return follows or [*learning.decide(self.household, now_ms)]

    def order(self, wish: Wish, now_ms: int) -> list[Event]:
        """The facts that follow from a wish. Raises orders.WishRefused."""
        event = orders.ordered(self.household, self.book, wish, now_ms)
        return [event] if event else []

    def answer(self, received: TextReceived, now_ms: int) -> list[Event]:
        """The facts that follow from a text that came in."""
        follows = incidents.decide_reply(self.household, self.ledger, received, now_ms)
        return [*follows, *orders.closing(self.household, self.book, follows, now_ms)]

    def next_deadline(self, now_ms: int) -> int | None:
        """When to decide again though nothing happened."""
        deadlines = (
            rules.next_deadline(self.household, now_ms),
            incidents.next_deadline(self.household, self.ledger, now_ms),
            self.household.next_unseen_ms(now_ms),
            learning.next_deadline(self.household, now_ms),
            watch.next_deadline(self.household, now_ms),
        )
        return min((d for d in deadlines if d is not None), default=None)
