"""The virtual modem's calls: ATD, +CHUP, +CLCC, +DDET, +CPCMREG and what it says by itself.

Knows: the commands of a call as a SIM7600 has them, the second tty for its sound. May not know: the
serial conversation, what is said in a call.

As a SIM7600G-H says it: `VOICE CALL: BEGIN`, `+RXDTMF: 1`, `VOICE CALL: END: 000352`, `NO CARRIER`.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

from tools.home.gsm.answers import CommandError
from tools.home.gsm.telephone import Telephone, VoiceCall
from tools.home.gsm.wire import PtyWire, Wire

DIALLING, ALERTING, ACTIVE = 2, 3, 0  # +CLCC <stat>
_DIAL = re.compile(r"D(\+?\d+)\Z")


class Calling:
    """What of the modem makes calls. One at a time."""

    def __init__(
        self,
        telephone: Callable[[str], Telephone],
        say: Callable[[str], None],
        sound: str | Path | Wire | None,
    ) -> None:
        """`telephone`: the one with this number; `sound`: the second tty, None: it has none."""
        self._telephone = telephone
        self._say = say
        self._wire = PtyWire(sound) if isinstance(sound, str | Path) else sound
        self._call: VoiceCall | None = None
        self._number, self._state = "", DIALLING
        self._keys = False
        self._flows = False
        self.settles = 0
        """So often it says ERROR to AT+CPCMREG=1 before it lets the sound flow."""
        self.bounces = False
        """It reports every key twice."""

    @property
    def under_way(self) -> bool:
        """Whether there is a call."""
        return self._call is not None

    def plug(self) -> None:
        """The modem's plug is in: its second tty exists."""
        if self._wire is not None:
            self._wire.plug(self._heard)

    def unplug(self) -> None:
        """It is out; with it every call."""
        self.forget()
        self.lose_sound()

    def lose_sound(self) -> None:
        """Only the second tty is gone."""
        if self._wire is not None:
            self._wire.unplug()

    def forget(self) -> None:
        """The modem restarts: its call is over, its settings are as they were made."""
        if self._call is not None:
            self._call.hang_up()
        self._call, self._flows, self._keys = None, False, False

    def voice(self, pcm: bytes) -> None:
        """The other side speaks."""
        if self._wire is not None and self._flows:
            self._wire.write(pcm)

    def run(self, command: str) -> list[str] | None:
        """The answer to a command of calls; None: it is none. Raises CommandError."""
        match = _DIAL.match(command)
        if match is not None:
            return self._dial(match[1])
        if command in {"H", "+CHUP"}:
            return self._hang_up()
        if command == "+CLCC":
            return self._list()
        if command in {"+DDET=0", "+DDET=1"}:
            self._keys = command.endswith("1")
            return []
        if command in {"+CPCMREG=0", "+CPCMREG=1"}:
            return self._let_flow(on=command.endswith("1"))
        return [] if command == "+COLP=0" else None

    # --- what the network says

    def rings(self) -> None:
        """The other telephone rings."""
        self._state = ALERTING

    def answered(self) -> None:
        """Somebody took the call."""
        self._state = ACTIVE
        self._say("VOICE CALL: BEGIN")

    def ended(self, word: str) -> None:
        """It is over, or was never opened."""
        if self._state == ACTIVE:
            self._say("VOICE CALL: END: 000012")
        self._call, self._flows = None, False
        self._say(word)

    def pressed(self, key: str) -> None:
        """A key at the other end."""
        for _ in range(2 if self.bounces else 1):
            if self._keys:
                self._say(f"+RXDTMF: {key}")

    # --- commands

    def _dial(self, number: str) -> list[str]:
        if self._call is not None:
            raise CommandError
        self._number, self._state = number, DIALLING
        self._call = VoiceCall(self._telephone(number), self)
        return []

    def _hang_up(self) -> list[str]:
        if self._call is not None:
            self._call.hang_up()
            self._call, self._flows = None, False
            if self._state == ACTIVE:
                self._say("VOICE CALL: END: 000012")
        return []

    def _list(self) -> list[str]:
        if self._call is None:
            return []
        kind = 145 if self._number.startswith("+") else 129
        return [f'+CLCC: 1,0,{self._state},0,0,"{self._number}",{kind}']

    def _let_flow(self, *, on: bool) -> list[str]:
        if on and (self._wire is None or self._call is None or self._state != ACTIVE):
            raise CommandError
        if on and self.settles > 0:
            self.settles -= 1
            raise CommandError
        self._flows = on
        return []

    def _heard(self, pcm: bytes) -> None:
        if self._call is not None and self._flows:
            self._call.hear(pcm)
