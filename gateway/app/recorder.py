"""What she consented to have recorded is kept so long as was said, and no day longer.

Knows: the recordings, consent, days; which names were spoken. May not know: calls, what was said.

Consent is asked for again when a call is over: what was withdrawn while she spoke is not kept.
Who may listen is the page's to say.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Callable

from gateway.app.hub import Hub
from gateway.app.waiting import AFTER_TROUBLE_S, until_set
from gateway.calls import keeping
from gateway.events import CallBegun, RecordingKept
from gateway.keyring import KeyringError
from gateway.log import LogUnavailable
from gateway.units import HOUR_MS
from gateway.voice import Voice, VoiceError
from gateway.voice.recordings import RecordingError, Recordings
from gateway.zones import local

LOOK_MS = HOUR_MS

_log = logging.getLogger(__name__)


class Recorder:
    """Keeps and deletes recordings."""

    def __init__(
        self, hub: Hub, kept: Recordings, voice: Voice, keep_days: int, identity: Callable[[], str]
    ) -> None:
        """`identity()`: what opens them again; it may raise KeyringError."""
        self._hub = hub
        self._kept = kept
        self._voice = voice
        self._keep_days = keep_days
        self._identity = identity

    def listen(self, call_id: int) -> bytes | None:
        """The WAV of a call, for desk.listen: from any thread. None where it cannot be opened."""
        try:
            return self._kept.listen(str(call_id), self._identity())
        except (RecordingError, KeyringError) as error:
            _log.warning("%s", error)
            return None

    async def keep(self, begun: CallBegun, sound: bytes) -> None:
        """Keep what was heard in this call, where she still consents."""
        household, now_ms = self._hub.home.household, self._hub.clock.now_ms()
        if household.roster is None:
            return
        today = local(now_ms, household.roster.zone).date()
        until = keeping.kept_until(household.calls, begun.person_id, today, self._keep_days)
        if until is None:
            return
        try:
            await asyncio.to_thread(self._kept.keep, str(begun.call_id), sound, until)
        except RecordingError as error:
            _log.warning("%s; this call is not kept", error)
            return
        fact = RecordingKept(now_ms, begun.call_id, begun.person_id, until.isoformat())
        try:
            self._hub.record(fact)
        except LogUnavailable as error:
            _log.warning("%s; this call is not kept", error)
            with contextlib.suppress(RecordingError):  # then the next start deletes it
                await asyncio.to_thread(self._kept.delete, str(begun.call_id))

    async def run(self) -> None:
        """Delete until cancelled."""
        self._delete_strays()
        while True:
            self._hub.consents.clear()
            try:
                await self._sweep()
            except (LogUnavailable, VoiceError) as error:
                _log.warning("%s; tried again in %.0f s", error, AFTER_TROUBLE_S)
                await asyncio.sleep(AFTER_TROUBLE_S)
                continue
            await until_set(self._hub.consents, LOOK_MS)

    def _delete_strays(self) -> None:
        """Those of a process that died between the file and the fact.

        Not in a thread: what is kept meanwhile has no fact yet either.
        """
        known = {str(call_id) for call_id in self._hub.home.household.calls.recordings}
        try:
            self._kept.delete_torn()
            for call_id in self._kept.all():
                if call_id not in known:
                    self._kept.delete(call_id)
        except RecordingError as error:
            _log.warning("%s", error)

    async def _sweep(self) -> None:
        """Raises LogUnavailable, VoiceError. A file that cannot be deleted holds up no other."""
        household, now_ms = self._hub.home.household, self._hub.clock.now_ms()
        roster, calls = household.roster, household.calls
        if roster is None:
            return
        today = local(now_ms, roster.zone).date()
        for fact in list(keeping.to_delete(calls, roster, today, now_ms)):
            try:
                await asyncio.to_thread(self._kept.delete, str(fact.call_id))
            except RecordingError as error:
                _log.warning("%s; tried again in an hour", error)
                continue
            self._hub.record(fact)
        for person_id in keeping.gone(calls, roster):
            await asyncio.to_thread(self._voice.forget, person_id)
