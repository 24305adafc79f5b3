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
import threading
from collections.abc import Callable
from importlib import metadata

from waitress.server import create_server

from gateway.app.hub import Hub, urgency
from gateway.app.loops import Decider, ScheduleKeeper, Sender
from gateway.app.orders import OrderKeeper
from gateway.app.sink import RadioSink
from gateway.channels.sms import SmsChannel
from gateway.clock import SystemClock
from gateway.config import Config, WebSettings
from gateway.desk import Desk, Picture
from gateway.events import Event, GatewayStarted, PartFailed, RosterSet, to_json
from gateway.home import Home
from gateway.log import Log
from gateway.modem.modem import Modem
from gateway.modem.setup import Patience
from gateway.orders import Wish
from gateway.picture import picture
from gateway.roster import to_json as roster_to_json
from gateway.sources.conversation import RadioTimes
from gateway.sources.radio import Backend, RadioSource
from gateway.sources.replies import Replies
from gateway.together import together
from gateway.web import SERVER_THREADS, create_app

_log = logging.getLogger(__name__)


def _version() -> str:
    try:
        return metadata.version("anbu")
    except metadata.PackageNotFoundError:
        return "uninstalled"


def tell_nobody(_fact: Event) -> None:
    """For a gateway that does not print its facts."""


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
        log = Log(config.database, config.roster.home_id, urgency=urgency)
        home = Home()
        for fact in log.facts():
            home.fold(fact)
        self.desk = Desk(self._draw, config.web.box_window if config.web else None, self._take)
        self.hub = Hub(log, home, self.desk, clock, tell)
        self.keeper = ScheduleKeeper(self.hub, self._schedule_changed)
        self.sink = RadioSink(self.hub, self.keeper.make_anew)
        self.radio = self._radio(backend)
        self.orders = OrderKeeper(self.hub, self.radio.command)
        self.modem = self._modem()
        self.decider = Decider(self.hub)
        self.sender = Sender(self.hub, SmsChannel(self.modem), self.modem.wait_ready)

    def _radio(self, backend: Backend) -> RadioSource:
        settings = self._config.radio
        return RadioSource(
            self._config.keys,
            backend,
            self.sink,
            hci=settings.hci or "",
            times=RadioTimes().patient(settings.patience),
        )

    def _modem(self) -> Modem:
        replies = Replies(self.hub.receive, self._by_reference, self.hub.clock.now_ms)
        usual, factor = Patience(), self._config.modem_patience
        patience = Patience(
            command_ms=round(usual.command_ms * factor),
            prompt_ms=round(usual.prompt_ms * factor),
            submit_ms=round(usual.submit_ms * factor),
        )
        return Modem(
            self._config.modem_port,
            self.hub.clock,
            replies.on_text,
            replies.on_report,
            self._modem_state,
            patience=patience,
        )

    def _by_reference(self, reference: int) -> tuple[int, tuple[int, ...]] | None:
        return self.hub.log.by_reference(reference, self.hub.clock.now_ms())

    def _modem_state(self, why: str | None) -> None:
        if why is not None:
            self.hub.note(PartFailed(self.hub.clock.now_ms(), "modem", why))

    def _schedule_changed(self, device_id: str) -> None:
        self.radio.schedule_changed(device_id)

    def _draw(self) -> Picture:
        home, now_ms = self.hub.home, self.hub.clock.now_ms()
        return picture(home.household, home.ledger, now_ms, self.sink.fresh, home.book)

    def _take(self, wish: Wish) -> None:
        self.orders.take_from_thread(wish)

    def begin(self) -> None:
        """Say that it began, take up the configuration, make the schedules. Raises LogUnavailable.

        Whatever a dead process had claimed is free again; the box's schedule is there before the
        radio asks for it.
        """
        now_ms = self.hub.clock.now_ms()
        self.hub.log.release_claims()
        self.hub.record(GatewayStarted(now_ms, _version()))
        if self.hub.home.household.roster != self._config.roster:
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
                self.modem.run(),
                self.radio.run(),
                self.keeper.run(),
                self.orders.run(),
            )
        finally:
            self.desk.close()
            self.hub.log.close()

    def _serve(self, settings: WebSettings) -> None:
        """The page in threads of its own. A port that is taken stops the page, not the gateway."""
        try:
            server = create_server(
                create_app(self.desk),
                host=settings.host,
                port=settings.port,
                threads=SERVER_THREADS,
            )
        except OSError as error:
            why = f"port {settings.port} cannot be used: {error.strerror}"
            self.hub.record(PartFailed(self.hub.clock.now_ms(), "web", why))
            return
        threading.Thread(target=server.run, name="page", daemon=True).start()


async def run(config: Config, backend: Backend, tell: Callable[[Event], None]) -> None:
    """Run a gateway until SIGTERM or SIGINT."""
    gateway = Gateway(config, backend, tell=tell)
    work = asyncio.create_task(gateway.run())
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, work.cancel)
    try:
        await work
    except asyncio.CancelledError:
        _log.info("stopped")
