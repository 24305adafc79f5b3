"""One home's gateway, put together and run.

Knows: every part and in which order they start and stop.
May not know: how any part does its work.
"""

from __future__ import annotations

import asyncio
import json
import logging
import signal
import sys
from collections.abc import Callable, Collection, Coroutine
from importlib import metadata

from gateway.app import front
from gateway.app.alive import Alive
from gateway.app.alone import alone
from gateway.app.bench import Bench
from gateway.app.hub import Hub
from gateway.app.keys import Keys
from gateway.app.loops import Decider, ScheduleKeeper
from gateway.app.orders import OrderKeeper
from gateway.app.sender import Sender
from gateway.app.sink import RadioSink
from gateway.app.stock_keeper import StockKeeper
from gateway.app.telephones import Telephones, leftover
from gateway.app.terms import terms_of
from gateway.app.threads import FromThreads
from gateway.app.ways import Ways
from gateway.channels.heartbeat import Heartbeat
from gateway.clock import SystemClock
from gateway.config import Config, WebSettings
from gateway.desk import Desk, Picture
from gateway.entering import Entry
from gateway.events import (
    Event,
    GatewayStarted,
    LineSeen,
    ModemSeen,
    PartFailed,
    RosterSet,
    to_json,
)
from gateway.home import Home
from gateway.images import Images
from gateway.keyring import Keyring
from gateway.log import Log
from gateway.modem import ResetLine, Seen
from gateway.modem.modem import Modem
from gateway.modem.setup import Patience
from gateway.orders import Wish
from gateway.picture import picture
from gateway.roster import to_json as roster_to_json
from gateway.rules.route_down import ROUTES
from gateway.sources.conversation import RadioTimes
from gateway.sources.radio import Backend, Broadcasts, RadioSource
from gateway.sources.replies import Bearer, Replies
from gateway.together import together
from gateway.vault import Vault, beside

_log = logging.getLogger(__name__)


def _version() -> str:
    try:
        return metadata.version("anbu")
    except metadata.PackageNotFoundError:
        return "uninstalled"


def tell_nobody(_fact: Event) -> None:
    """For a gateway that does not print its facts."""


def tell_faults(fact: Event) -> None:
    """What does not work, one line on the console: whoever starts a gateway looks there first."""
    if isinstance(fact, PartFailed):
        part, why = fact.part, fact.why
    elif isinstance(fact, LineSeen) and not fact.works:
        part, why = f"telephone line {fact.line}", fact.why
    else:
        return
    sys.stderr.write(f"anbu gateway: {part} does not work: {why.removeprefix(f'{part}: ')}\n")
    sys.stderr.flush()


def tell_on_stdout(fact: Event) -> None:
    """One JSON line a fact."""
    sys.stdout.write(json.dumps({"kind": fact.kind, **to_json(fact)}, ensure_ascii=False) + "\n")
    sys.stdout.flush()


class Gateway:
    """A home's gateway. Making one opens the log and folds it; `run` works until cancelled."""

    def __init__(
        self,
        config: Config,
        backend: Backend,
        *,
        tell: Callable[[Event], None] = tell_nobody,
        clock: SystemClock | None = None,
    ) -> None:
        """Raises LogUnavailable or ValueError where the database cannot be used."""
        self._config = config
        clock = clock or SystemClock()
        log = Log(config.database, config.roster.home_id, terms=terms_of)
        home = Home()
        for fact in log.facts():
            home.fold(fact)
        window = config.web.box_window if config.web else None
        self.desk = Desk(self._draw, window, self._take, self._enter, self._know)
        self.hub = Hub(log, home, self.desk, clock, tell)
        self.keeper = ScheduleKeeper(self.hub, self._schedule_changed)
        self.sink = RadioSink(self.hub, self.keeper.make_anew)
        keyring, images = Keyring(config.database), Images(config.database)
        self.keys = Keys(keyring, config.keys, config.bthome_keys)
        self.radio = self._radio(backend)
        self.stocks = StockKeeper(self.hub)
        self.orders = OrderKeeper(self.hub, self.radio.command, images.data)
        self.desk.workshop = self.bench = Bench(
            config.database,
            clock,
            keyring,
            self.keys,
            images,
            self.radio,
            self.orders,
            self.hub.devices.set,
        )
        self.threads = FromThreads(self.hub)
        self.modem = self._modem()
        self.decider = Decider(self.hub)
        self.ways = Ways(self.hub, config.texts, self.modem)
        self.vault = Vault(beside(config.database))
        self.sender = Sender(self.hub, self.ways.router, self.vault.codes.draw)
        self.alive = Alive(config.database, clock.now_ms)
        self.telephones = self._telephones(keyring)
        self.recorder = (
            self.telephones.recorder
            if self.telephones is not None
            else leftover(self.hub, config.database, keyring)
        )
        if self.recorder is not None:
            self.desk.listen = self.recorder.listen

    def _radio(self, backend: Backend) -> RadioSource:
        settings = self._config.radio
        return RadioSource(
            {},  # Keys tells it, once the roster is known
            backend,
            self.sink,
            hci=settings.hci or "",
            times=RadioTimes().patient(settings.patience),
            broadcasts=Broadcasts({}, self.sink),
        )

    def _modem(self) -> Modem:
        replies = Replies(self.hub.receive, self._by_reference, self.hub.clock.now_ms)
        return Modem(
            self._config.modem_port,
            self.hub.clock,
            replies.on_text,
            replies.on_report,
            self._modem_state,
            on_seen=self._modem_seen,
            patience=Patience().patient(self._config.modem_patience),
            pin_file=self._config.modem_pin_file,
            reset_line=ResetLine(self._config.modem_reset_line),
        )

    def _telephones(self, keyring: Keyring) -> Telephones | None:
        config = self._config
        if config.calls is None:
            return None
        return Telephones(self.hub, config.calls, config.database, keyring, self.modem)

    def _by_reference(self, reference: int) -> list[Bearer]:
        rows = self.hub.log.bearers(reference, self.hub.clock.now_ms())
        return [Bearer(*row) for row in rows]

    def _modem_seen(self, seen: Seen) -> None:
        now_ms = self.hub.clock.now_ms()
        self.hub.note(ModemSeen(now_ms, seen.registered, seen.operator, seen.signal_dbm))

    def _modem_state(self, why: str | None) -> None:
        if why is None:
            self.hub.mail.set()  # what waited for the modem may go now
        else:
            self.hub.note(PartFailed(self.hub.clock.now_ms(), "modem", why))

    def _schedule_changed(self, device_id: str) -> None:
        self.radio.schedule_changed(device_id)

    def _draw(self, only: Collection[str] | None) -> Picture:
        home, now_ms = self.hub.home, self.hub.clock.now_ms()
        return picture(home.household, home.ledger, now_ms, self.sink.fresh, home.book, only)

    def _take(self, wish: Wish) -> None:
        self.threads.order(wish)

    def _enter(self, entry: Entry) -> None:
        self.threads.enter(entry)

    def _know(self) -> tuple[Home, int]:
        return self.hub.home, self.hub.clock.now_ms()

    def begin(self) -> None:
        """Say that it began, take up the configuration, make the schedules. Raises LogUnavailable.

        Whatever a dead process had claimed is free again; the box's schedule is there before the
        radio asks for it.
        """
        now_ms = self.hub.clock.now_ms()
        self.hub.log.release_claims()
        self.hub.record(GatewayStarted(now_ms, _version(), self.alive.last_ms()))
        if self.hub.home.household.layers.base != self._config.roster:
            self.hub.record(RosterSet(now_ms, roster_to_json(self._config.roster)))
        self.keeper.keep()

    async def run(self) -> None:
        """Work until cancelled; then close everything."""
        self.begin()
        if self._config.web is not None:
            self._serve(self._config.web)
        try:
            await together(
                self.decider.run(),
                self.sender.run(),
                self.ways.run(),
                self.modem.run(),
                self.radio.run(),
                self.keeper.run(),
                self.stocks.run(),
                self.orders.run(),
                self.threads.run(),
                self.keys.run(self.hub, self.radio),
                self.bench.run(),
                self.alive.run(),
                *([part.run()] if (part := self.telephones or self.recorder) else []),
                *self._heartbeats(),
            )
        finally:
            self.desk.close()
            self.hub.log.close()
            self.vault.close()

    def _heartbeats(self) -> list[Coroutine[object, object, None]]:
        """The dead-man switch, where the configuration names a watch outside the house."""
        settings = self._config.heartbeat
        if settings.url is None:
            return []
        every_s = settings.every_min * 60
        return [Heartbeat(settings.url, every_s, self.hub.progress, self._health).run()]

    def _health(self) -> tuple[bool, str]:
        """Whether texts can leave, in words that name nobody.

        Only of the routes it is noticed that they work again: any other fault would be one for ever
        to the watch, which then could not notice a death any more.
        """
        household = self.hub.home.household
        failed = sorted(part for part in household.sight.failed if part in ROUTES)
        up = sum(belief.link_up for belief in household.devices.values())
        return not failed, f"failed={','.join(failed) or 'none'} linked={up}"

    def _serve(self, settings: WebSettings) -> None:
        """The page. A port that is taken stops the page, not the gateway."""
        now_ms = self.hub.clock.now_ms()
        self.vault.sweep(now_ms)
        try:
            front.serve(settings, self.desk, self.vault)
        except OSError as error:
            todo = "end what listens there, or name another port in [web]"
            why = f"port {settings.port} cannot be used: {error.strerror}; {todo}"
            self.hub.record(PartFailed(now_ms, "web", why))
            return
        if not self.hub.home.accounts.open:
            front.offer_claim(settings, self.vault, now_ms)


async def run(config: Config, backend: Backend, tell: Callable[[Event], None]) -> None:
    """Run a gateway until SIGTERM or SIGINT.

    Raises LogUnavailable, VaultUnavailable, ValueError.
    """
    with alone(config.database):
        gateway = Gateway(config, backend, tell=tell)
        work = asyncio.create_task(gateway.run())
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, work.cancel)
        try:
            await work
        except asyncio.CancelledError:
            _log.info("stopped")
