"""The virtual modem's inside: AT commands in, answers out, one call a command (27.005, 27.007).

Knows: the commands of a plain GSM modem in PDU mode, its settings, storages, news routing.
May not know: ptys, the event loop, the network behind it.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Callable

from gateway.modem.pdu import tpdu_octets
from tools.home.gsm.answers import (
    INVALID_PARAMETER,
    NO_ACKNOWLEDGEMENT_DUE,
    OPERATION_NOT_SUPPORTED,
    CommandError,
    arguments,
    cms_error,
    number,
)
from tools.home.gsm.shelf import Shelf
from tools.home.gsm.storage import Sim

STORED, DIRECT = 1, 2  # +CNMI <mt>
REPORT_DIRECT, REPORT_STORED = 1, 2  # +CNMI <ds>
CNMI_FIELDS, CNMI_HIGHEST = 5, 2
WITH_CELL = 2  # +CREG <n>

IDENTITY = {
    "+CGMI": "Anbu",
    "+CGMM": "Virtual GSM modem",
    "+CGMR": "1.0",
    "+CGSN": "490154203237518",
    "+CIMI": "450080000000001",
}
OPERATOR, OPERATOR_NUMBER = "Anbu Mobile", "45008"
LONG_NAME, SET_FORMAT = 0, 3  # +COPS <format>, <mode>
IGNORED = {"", "Z", "&F", "H", "V1", "Q0", "S0=0", "X4", "S7=45", "S7=60"}
TEST_ANSWERS = {
    "+CMGF": "+CMGF: (0)",
    "+CNMI": "+CNMI: (0-2),(0-2),(0),(0-2),(0,1)",
    "+CPMS": '+CPMS: ("SM","ME"),("SM","ME"),("SM","ME")',
    "+CSMS": "+CSMS: (0,1)",
    "+CREG": "+CREG: (0,1)",
    "+CSCS": '+CSCS: ("GSM","UCS2","HEX")',
    "+CMGS": "",
    "+CMGL": "+CMGL: (0-4)",
    "+CMGD": "+CMGD: (1-50),(0-4)",
    "+CPIN": "",
}


class Equipment:
    """Settings and the command table of a modem since it was started, over its SIM."""

    def __init__(
        self,
        sim: Sim,
        refused: set[str],
        say: Callable[[str], None],
        on_room: Callable[[], None],
    ) -> None:
        """`refused`: commands it does not know; `say(line)` emits an unsolicited line.

        `on_room`: the network may offer again what it holds.
        """
        self.echo = True
        self.registered = 1  # +CREG <stat>
        self.signal = 23
        self.only_4g = False  # +CREG finds no network, +CEREG does
        self.sim = sim
        self.open = sim.pin is None
        self.storage = sim.storage
        self.refused = refused
        self._say = say
        self._on_room = on_room
        self._register_news = 0
        self._cmee = 0
        self._csms = 0
        self._operator_format = 2
        self._charset = "GSM"
        self._smsc = "+821090000001"
        self._cnmi = [0, 0, 0, 0, 0]
        self.shelf = Shelf(sim.storage, on_room)
        self._unacknowledged: deque[tuple[str, bytes]] = deque()

    # --- news from the network

    @property
    def works(self) -> bool:
        """On the network, with a SIM that is open."""
        return self.open and self.registered in {1, 5}

    def deliver(self, pdu: bytes) -> bool:
        """A text comes: routed as AT+CNMI says. False where there is no room for it."""
        if not self.works:
            return False
        if self._cnmi[1] == DIRECT:
            self._direct("+CMT: ,", pdu)
            return True
        index = self.storage.put(self.shelf.receives_in, pdu)
        if index is None:
            return False
        if self._cnmi[1] == STORED:
            self._say(f'+CMTI: "{self.shelf.receives_in}",{index}')
        return True

    def flash(self, pdu: bytes) -> None:
        """A text that is shown at once and stored nowhere, whatever AT+CNMI says."""
        self._direct("+CMT: ,", pdu)

    def report(self, pdu: bytes) -> bool:
        """A delivery report comes: +CDS, +CDSI or, with reports off, nothing.

        False where there is no network to bring it.
        """
        if not self.works:
            return False
        if self._cnmi[3] == REPORT_DIRECT:
            self._direct("+CDS: ", pdu)
        elif self._cnmi[3] == REPORT_STORED:
            index = self.storage.put("SR", pdu)
            if index is not None:
                self._say(f'+CDSI: "SR",{index}')
        return True

    def register(self, state: int) -> None:
        """The network was found (1) or lost (0, 2, 3)."""
        self.registered = state
        if self._register_news:
            self._say(f"+CREG: {state}")
        if self.works:
            self._on_room()

    def _direct(self, head: str, pdu: bytes) -> None:
        """In phase 2+ the next one waits until AT+CNMA acknowledged this one."""
        self._unacknowledged.append((head, pdu))
        if self._csms == 0 or len(self._unacknowledged) == 1:
            self._say_first()

    def _say_first(self) -> None:
        head, pdu = self._unacknowledged[0]
        self._say(f"{head}{tpdu_octets(pdu)}\r\n{pdu.hex().upper()}")
        if self._csms == 0:
            self._unacknowledged.popleft()

    # --- commands

    def run(self, text: str) -> list[str]:
        """The lines of the answer to one command ("+CREG?"). Raises CommandError."""
        if not self.open and text.startswith(("+CMG", "+CMM", "+CPMS", "+CNMI", "+CSMS")):
            raise CommandError("+CMS ERROR: 311")
        if text in self.refused:
            raise cms_error(OPERATION_NOT_SUPPORTED)
        if text in IGNORED:
            return []
        if text in {"E0", "E1"}:
            self.echo = text == "E1"
            return []
        if text == "I":
            return [IDENTITY["+CGMI"], IDENTITY["+CGMM"]]
        match = re.match(r"(\+[A-Z]+)(=\?|\?|=|\Z)(.*)\Z", text)
        if match is None:
            raise CommandError
        name, form, given = match.groups()
        if form == "=?" and name in TEST_ANSWERS:
            return [TEST_ANSWERS[name]] if TEST_ANSWERS[name] else []
        if name in IDENTITY and form in {"", "=?"}:
            return [IDENTITY[name]] if form == "" else []
        return self._table(name, form, arguments(given))

    def _table(self, name: str, form: str, given: list[str]) -> list[str]:
        handlers: dict[tuple[str, str], Callable[[list[str]], list[str]]] = {
            ("+CMEE", "="): self._set_cmee,
            ("+CMEE", "?"): lambda _: [f"+CMEE: {self._cmee}"],
            ("+CPIN", "?"): lambda _: [f"+CPIN: {self._sim_state()}"],
            ("+CPIN", "="): self._enter_pin,
            ("+CMGF", "="): self._set_format,
            ("+CMGF", "?"): lambda _: ["+CMGF: 0"],
            ("+CSMS", "="): self._set_csms,
            ("+CSMS", "?"): lambda _: [f"+CSMS: {self._csms},1,1,1"],
            ("+CNMI", "="): self._set_cnmi,
            ("+CNMI", "?"): lambda _: ["+CNMI: " + ",".join(map(str, self._cnmi))],
            ("+CNMA", ""): self._acknowledge,
            ("+CNMA", "="): self._acknowledge,
            ("+CPMS", "="): self.shelf.choose,
            ("+CPMS", "?"): lambda _: [self.shelf.line(named=True)],
            ("+CMGL", ""): self.shelf.list_all,
            ("+CMGL", "="): self.shelf.list_all,
            ("+CMGR", "="): self.shelf.read,
            ("+CMGD", "="): self.shelf.delete,
            ("+CSCA", "="): self._set_smsc,
            ("+CSCA", "?"): lambda _: [f'+CSCA: "{self._smsc}",145'],
            ("+CREG", "="): self._set_register_news,
            ("+CREG", "?"): lambda _: [self._registration("+CREG")],
            ("+CEREG", "?"): lambda _: [self._registration("+CEREG")],
            ("+CGATT", "?"): lambda _: ["+CGATT: 1"],
            ("+CGREG", "="): self._set_register_news,
            ("+CGREG", "?"): lambda _: [self._registration("+CGREG")],
            ("+CSQ", ""): lambda _: [f"+CSQ: {self.signal},0"],
            ("+CSCS", "="): self._set_charset,
            ("+CSCS", "?"): lambda _: [f'+CSCS: "{self._charset}"'],
            ("+COPS", "="): self._set_operator_format,
            ("+COPS", "?"): lambda _: [self._operator()],
            ("+CFUN", "="): lambda _: [],
            ("+CMMS", "="): lambda _: [],
        }
        handler = handlers.get((name, form))
        if handler is None:
            raise CommandError("+CME ERROR: 4" if self._cmee else "ERROR")
        return handler(given)

    def _set_cmee(self, given: list[str]) -> list[str]:
        self._cmee = number(given, 0)
        return []

    def _sim_state(self) -> str:
        if self.open:
            return "READY"
        return "SIM PUK" if self.sim.locked_for_good else "SIM PIN"

    def _enter_pin(self, given: list[str]) -> list[str]:
        if self.open or not given or not self.sim.opens(given[0]):
            raise CommandError("+CME ERROR: 16" if self._cmee else "ERROR")
        self.open = True
        self._on_room()
        return []

    def _set_operator_format(self, given: list[str]) -> list[str]:
        if given[:1] == [str(SET_FORMAT)] and len(given) > 1:
            self._operator_format = number(given, 1)
        return []

    def _operator(self) -> str:
        if not self.works:
            return "+COPS: 0"
        name = OPERATOR if self._operator_format == LONG_NAME else OPERATOR_NUMBER
        return f'+COPS: 0,{self._operator_format},"{name}"'

    def _set_format(self, given: list[str]) -> list[str]:
        if number(given, 0) != 0:
            raise cms_error(OPERATION_NOT_SUPPORTED)
        return []

    def _set_csms(self, given: list[str]) -> list[str]:
        self._csms = number(given, 0)
        return ["+CSMS: 1,1,1"]

    def _set_cnmi(self, given: list[str]) -> list[str]:
        values = [number(given, place) for place in range(len(given))]
        if len(values) > CNMI_FIELDS or any(value > CNMI_HIGHEST for value in values):
            raise cms_error(INVALID_PARAMETER)
        self._cnmi[: len(values)] = values
        if self._unacknowledged:
            self._say_first()  # whoever asks for news now has not had it
        return []

    def _acknowledge(self, _given: list[str]) -> list[str]:
        if self._csms == 0 or not self._unacknowledged:
            raise cms_error(NO_ACKNOWLEDGEMENT_DUE)
        self._unacknowledged.popleft()
        if self._unacknowledged:
            self._say_first()
        return []

    def _set_smsc(self, given: list[str]) -> list[str]:
        self._smsc = given[0] if given else ""
        return []

    def _set_register_news(self, given: list[str]) -> list[str]:
        self._register_news = number(given, 0)
        return []

    def _registration(self, name: str) -> str:
        cell = ',"00C3","0000A1B2"' if self._register_news == WITH_CELL else ""
        state = 2 if self.only_4g and name != "+CEREG" else self.registered
        return f"{name}: {self._register_news},{state}{cell}"

    def _set_charset(self, given: list[str]) -> list[str]:
        if given[:1] not in (["GSM"], ["UCS2"], ["HEX"]):
            raise CommandError
        self._charset = given[0]
        return []
