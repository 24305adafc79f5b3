"""A flat in which a technician works: a real desk over a real home, a workshop over a real folder.

Knows: the gateway's own parts. May not know: a browser, a radio: how strong a device is heard, and
what a device answers, is said by the test.
"""

from __future__ import annotations

from pathlib import Path

from gateway.app.keys import Keys
from gateway.desk import Desk
from gateway.enrolment import EnrolmentRefused, Unit, opened
from gateway.entering import Entry, entered
from gateway.events import Event, ModemSeen, OrderAnswered, TextDelivered, TextSubmitted
from gateway.home import Home
from gateway.image import Image, ImageRefused
from gateway.images import Images
from gateway.keyring import Keyring
from gateway.label import Label
from gateway.orders import Wish
from gateway.picture import picture
from gateway.workshop import Health, Progress, Signal, WorkshopRefused
from tests.gateway.home_facts import at


class FlatWorkshop:
    """gateway.workshop.Workshop without a radio."""

    def __init__(self, folder: Path) -> None:
        self.keyring, self.store = Keyring(folder / "anbu.db"), Images(folder / "anbu.db")
        self.keys = Keys(self.keyring, {}, {})
        self.heard: dict[str, Signal] = {}
        self.far: dict[int, Progress] = {}
        self.computer = Health(9 * 2**30, 16 * 2**30, clock_right=True)

    def recipient(self) -> str:
        return self.keyring.recipient()

    def opened(self, sealed: bytes) -> tuple[Unit, ...]:
        try:
            return opened(sealed, self.keyring.identity())
        except EnrolmentRefused as why:
            raise WorkshopRefused(f"file_{why.code}", why.line) from None

    def keep(self, labels: tuple[Label, ...]) -> None:
        self.keys.keep(labels)

    def forget(self, device_id: str) -> None:
        self.keys.forget(device_id)

    def kept(self) -> dict[str, str]:
        return self.keys.kinds()

    def signals(self) -> dict[str, Signal]:
        return self.heard

    def images(self) -> tuple[Image, ...]:
        return self.store.every()

    def take_image(self, data: bytes) -> Image:
        try:
            return self.store.take(data)
        except ImageRefused as why:
            raise WorkshopRefused(why.code) from None

    def progress(self) -> dict[int, Progress]:
        return self.far

    def health(self) -> Health:
        return self.computer


class Flat:
    """The home, its desk, and a clock that stands where the test puts it. Folds all facts."""

    def __init__(self, home: Home, folder: Path, clock: str = "15:00") -> None:
        self.home, self.now_ms = home, at(clock)
        self.facts: list[Event] = []
        self.workshop = FlatWorkshop(folder)
        self.desk = Desk(self._draw, None, self._take, self._note, lambda: (home, self.now_ms))
        self.desk.workshop = self.workshop
        self.say(ModemSeen(self.now_ms, registered=True, operator="KT", signal_dbm=-71))

    def say(self, *facts: Event) -> None:
        """These are known now."""
        for fact in facts:
            self.facts.append(fact)
            self.home.fold(fact)
        self.desk.changed()

    def settle(self) -> list[Event]:
        """What follows, until nothing does."""
        before = len(self.facts)
        while follows := self.home.decide(self.now_ms):
            self.say(*follows)
        return self.facts[before:]

    def answer_orders(self) -> None:
        """Every device does what it was ordered."""
        for order_id in list(self.home.book.waiting):
            self.say(OrderAnswered(self.now_ms, order_id, "done"))

    def deliver_texts(self) -> None:
        """Every text arrives."""
        for text in list(self.home.ledger.texts.values()):
            if text.state == "pending":
                self.say(
                    TextSubmitted(self.now_ms, text.id, (7,), self.now_ms, marked_repeat=False),
                    TextDelivered(self.now_ms, text.id),
                )

    def _draw(self, only: object) -> dict[str, object]:
        home = self.home
        return picture(home.household, home.ledger, self.now_ms, None, home.book, only)  # type: ignore[arg-type]

    def _take(self, wish: Wish) -> None:
        self.say(*self.home.order(wish, self.now_ms))

    def _note(self, entry: Entry) -> None:
        self.say(*entered(self.home, entry, self.now_ms))
