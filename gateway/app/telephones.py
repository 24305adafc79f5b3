"""The telephone of one home, put together by its configuration.

Knows: which way of calling is which driver. May not know: a conversation, SIP, AT.
"""

from __future__ import annotations

from pathlib import Path

from gateway.app.caller import Caller, Phone
from gateway.app.hub import Hub
from gateway.app.recorder import Recorder
from gateway.calls.line import Line
from gateway.config.calls import MODEM, SIP, CallSettings, SipSettings
from gateway.keyring import Keyring
from gateway.modem.modem import Modem
from gateway.telephone.modem import ModemLine
from gateway.telephone.said import SipAccount
from gateway.telephone.sip import SipLine
from gateway.together import together
from gateway.voice import Voice, beside
from gateway.voice.recordings import Recordings
from gateway.voice.recordings import beside as recordings_beside


def leftover(hub: Hub, database: Path, keyring: Keyring) -> Recorder | None:
    """Where nobody is called any more: who deletes in time what was recorded, and names spoken.

    None: there is nothing of the kind.
    """
    folder, spoken = recordings_beside(database), beside(database)
    if not folder.is_dir() and not spoken.is_dir():
        return None
    kept = Recordings(folder, keyring.recipient())
    return Recorder(hub, kept, Voice(spoken), 0, keyring.identity)


class Telephones:
    """Calls whoever is to be called, and keeps or deletes what was recorded."""

    def __init__(
        self, hub: Hub, settings: CallSettings, database: Path, keyring: Keyring, modem: Modem
    ) -> None:
        self._settings = settings
        voice = Voice(beside(database), settings.sounds)
        kept = Recordings(recordings_beside(database), keyring.recipient())
        self.recorder = Recorder(hub, kept, voice, settings.keep_days, keyring.identity)
        self._sip = self._sip_line(settings.sip) if settings.sip else None
        line: Line = self._sip or ModemLine(modem, str(settings.audio), self._changed)
        phone = Phone(SIP if self._sip else MODEM, settings.lines, line)
        self.caller = Caller(hub, phone, voice, self.recorder)

    def _changed(self, why: str) -> None:
        self.caller.line_changed(why)

    def _sip_line(self, sip: SipSettings) -> SipLine:
        user, _, domain = sip.account.partition("@")
        account = SipAccount(
            user,
            domain,
            sip.server,
            sip.transport,
            sip.media_encrypted,
            sip.password,
            sip.interface,
            str(sip.authorities or ""),
        )
        return SipLine(account, self._settings.lines, self._changed)

    async def run(self) -> None:
        """Call until cancelled."""
        if self._sip is not None:
            await self._sip.start()
        await together(self.caller.run(), self.recorder.run())
