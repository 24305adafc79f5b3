"""The virtual modem's inside: AT commands in, answers out, one call a command (27.005, 27.007).

Knows: the commands of a plain GSM modem in PDU mode, its settings, storages, news routing.
May not know: ptys, the event loop, the network behind it.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Callable

from gateway.modem.pdu import tpdu_octets
from tools.home.gsm.storage import CAPACITY, READ, UNREAD, Storage

OPERATION_NOT_ALLOWED = 302
OPERATION_NOT_SUPPORTED = 303
INVALID_PARAMETER = 304
INVALID_INDEX = 321
NO_ACKNOWLEDGEMENT_DUE = 340

STORED, DIRECT = 1, 2  # +CNMI <mt>
REPORT_DIRECT, REPORT_STORED = 1, 2  # +CNMI <ds>
CNMI_FIELDS, CNMI_HIGHEST = 5, 2
MEMORIES = 3
ALL = 4  # +CMGL <stat>, +CMGD <delflag>
WITH_CELL = 2  # +CREG <n>

IDENTITY = {
    "+CGMI": "Anbu",
    "+CGMM": "Virtual GSM modem",
    "+CGMR": "1.0",
    "+CGSN": "490154203237518",
    "+CIMI": "450080000000001",
}
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


class CommandError(Exception):
    """A command ends with an error: `line` is the final result."""

    def __init__(self, line: str = "ERROR") -> None:
        """The final result code to say."""
        super().__init__(line)
        self.line = line


def cms_error(code: int) -> CommandError:
    """+CMS ERROR with this code."""
    return CommandError(f"+CMS ERROR: {code}")


class Equipment:
    """Settings, storages and the command table. `say(line)` emits an unsolicited line."""

    def __init__(self, say: Callable[[str], None], on_room: Callable[[], None]) -> None:
        """`on_room` is called when a place in a storage became free."""
        self.echo = True
        self.registered = 1  # +CREG <stat>
        self.signal = 23
        self.pin: str | None = None  # what the SIM wants before it works
        self.storage = Storage()
        self._say = say
        self._on_room = on_room
        self._register_news = 0
        self._cmee = 0
        self._csms = 0
        self._charset = "GSM"
        self._smsc = "+821090000001"
        self._cnmi = [0, 0, 0, 0, 0]
        self._memories = ["SM", "SM", "SM"]
        self._unacknowledged: deque[tuple[str, bytes]] = deque()

    # --- news from the network

    def deliver(self, pdu: bytes) -> bool:
        """A text comes: routed as AT+CNMI says. False where there is no room for it."""
        if self._cnmi[1] == DIRECT:
            self._direct("+CMT: ,", pdu)
            return True
        index = self.storage.put(self._memories[2], pdu)
        if index is None:
            return False
        if self._cnmi[1] == STORED:
            self._say(f'+CMTI: "{self._memories[2]}",{index}')
        return True

    def report(self, pdu: bytes) -> None:
        """A delivery report comes: +CDS, +CDSI or, with reports off, nothing."""
        if self._cnmi[3] == REPORT_DIRECT:
            self._direct("+CDS: ", pdu)
        elif self._cnmi[3] == REPORT_STORED:
            index = self.storage.put("SR", pdu)
            if index is not None:
                self._say(f'+CDSI: "SR",{index}')

    def register(self, state: int) -> None:
        """The network was found (1) or lost (0, 2, 3)."""
        self.registered = state
        if self._register_news:
            self._say(f"+CREG: {state}")

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
        if self.pin is not None and text.startswith(("+CM", "+CPMS", "+CNMI", "+CSMS")):
            raise CommandError("+CMS ERROR: 311")
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
        return self._table(name, form, _arguments(given))

    def _table(self, name: str, form: str, given: list[str]) -> list[str]:
        handlers: dict[tuple[str, str], Callable[[list[str]], list[str]]] = {
            ("+CMEE", "="): self._set_cmee,
            ("+CMEE", "?"): lambda _: [f"+CMEE: {self._cmee}"],
            ("+CPIN", "?"): lambda _: ["+CPIN: SIM PIN" if self.pin else "+CPIN: READY"],
            ("+CPIN", "="): self._enter_pin,
            ("+CMGF", "="): self._set_format,
            ("+CMGF", "?"): lambda _: ["+CMGF: 0"],
            ("+CSMS", "="): self._set_csms,
            ("+CSMS", "?"): lambda _: [f"+CSMS: {self._csms},1,1,1"],
            ("+CNMI", "="): self._set_cnmi,
            ("+CNMI", "?"): lambda _: ["+CNMI: " + ",".join(map(str, self._cnmi))],
            ("+CNMA", ""): self._acknowledge,
            ("+CNMA", "="): self._acknowledge,
            ("+CPMS", "="): self._set_memories,
            ("+CPMS", "?"): lambda _: [self._memory_line(named=True)],
            ("+CMGL", ""): self._list,
            ("+CMGL", "="): self._list,
            ("+CMGR", "="): self._read,
            ("+CMGD", "="): self._delete,
            ("+CSCA", "="): self._set_smsc,
            ("+CSCA", "?"): lambda _: [f'+CSCA: "{self._smsc}",145'],
            ("+CREG", "="): self._set_register_news,
            ("+CREG", "?"): lambda _: [self._registration("+CREG")],
            ("+CGATT", "?"): lambda _: ["+CGATT: 1"],
            ("+CGREG", "="): self._set_register_news,
            ("+CGREG", "?"): lambda _: [self._registration("+CGREG")],
            ("+CSQ", ""): lambda _: [f"+CSQ: {self.signal},0"],
            ("+CSCS", "="): self._set_charset,
            ("+CSCS", "?"): lambda _: [f'+CSCS: "{self._charset}"'],
            ("+COPS", "="): lambda _: [],
            ("+COPS", "?"): lambda _: ['+COPS: 0,2,"45008"'],
            ("+CFUN", "="): lambda _: [],
            ("+CMMS", "="): lambda _: [],
        }
        handler = handlers.get((name, form))
        if handler is None:
            raise CommandError("+CME ERROR: 4" if self._cmee else "ERROR")
        return handler(given)

    def _set_cmee(self, given: list[str]) -> list[str]:
        self._cmee = _number(given, 0)
        return []

    def _enter_pin(self, given: list[str]) -> list[str]:
        if self.pin is None or given[:1] != [self.pin]:
            raise CommandError("+CME ERROR: 16" if self._cmee else "ERROR")
        self.pin = None
        return []

    def _set_format(self, given: list[str]) -> list[str]:
        if _number(given, 0) != 0:
            raise cms_error(OPERATION_NOT_SUPPORTED)
        return []

    def _set_csms(self, given: list[str]) -> list[str]:
        self._csms = _number(given, 0)
        return ["+CSMS: 1,1,1"]

    def _set_cnmi(self, given: list[str]) -> list[str]:
        values = [_number(given, place) for place in range(len(given))]
        if len(values) > CNMI_FIELDS or any(value > CNMI_HIGHEST for value in values):
            raise cms_error(INVALID_PARAMETER)
        self._cnmi[: len(values)] = values
        return []

    def _acknowledge(self, _given: list[str]) -> list[str]:
        if self._csms == 0 or not self._unacknowledged:
            raise cms_error(NO_ACKNOWLEDGEMENT_DUE)
        self._unacknowledged.popleft()
        if self._unacknowledged:
            self._say_first()
        return []

    def _set_memories(self, given: list[str]) -> list[str]:
        if not 1 <= len(given) <= MEMORIES or any(name not in CAPACITY for name in given):
            raise cms_error(INVALID_PARAMETER)
        self._memories[: len(given)] = given
        return [self._memory_line(named=False)]

    def _memory_line(self, *, named: bool) -> str:
        fields = [
            (f'"{name}",' if named else "") + f"{self.storage.used(name)},{CAPACITY[name]}"
            for name in self._memories
        ]
        return "+CPMS: " + ",".join(fields)

    def _list(self, given: list[str]) -> list[str]:
        wanted = _number(given, 0) if given else UNREAD
        lines: list[str] = []
        for index, entry in self.storage.entries(self._memories[0]):
            if wanted in {entry.status, ALL}:
                lines.append(f"+CMGL: {index},{entry.status},,{tpdu_octets(entry.pdu)}")
                lines.append(entry.pdu.hex().upper())
                entry.status = READ
        return lines

    def _read(self, given: list[str]) -> list[str]:
        entry = self.storage.get(self._memories[0], _number(given, 0))
        if entry is None:
            raise cms_error(INVALID_INDEX)
        lines = [f"+CMGR: {entry.status},,{tpdu_octets(entry.pdu)}", entry.pdu.hex().upper()]
        entry.status = READ
        return lines

    def _delete(self, given: list[str]) -> list[str]:
        name = self._memories[0]
        index, flag = _number(given, 0), _number(given, 1) if len(given) > 1 else 0
        if flag:
            for place, entry in self.storage.entries(name):
                if flag == ALL or entry.status == READ:
                    self.storage.delete(name, place)
        elif not self.storage.delete(name, index):
            raise cms_error(INVALID_INDEX)
        self._on_room()
        return []

    def _set_smsc(self, given: list[str]) -> list[str]:
        self._smsc = given[0] if given else ""
        return []

    def _set_register_news(self, given: list[str]) -> list[str]:
        self._register_news = _number(given, 0)
        return []

    def _registration(self, name: str) -> str:
        cell = ',"00C3","0000A1B2"' if self._register_news == WITH_CELL else ""
        return f"{name}: {self._register_news},{self.registered}{cell}"

    def _set_charset(self, given: list[str]) -> list[str]:
        if given[:1] not in (["GSM"], ["UCS2"], ["HEX"]):
            raise CommandError
        self._charset = given[0]
        return []


def _arguments(given: str) -> list[str]:
    """What stands after `=`, split at commas, without quotes."""
    return [word.strip().strip('"') for word in given.split(",")] if given else []


def _number(given: list[str], place: int) -> int:
    """One argument as a number that is not negative. Raises CommandError."""
    word = given[place] if place < len(given) else ""
    if not (word.isascii() and word.isdigit()):
        raise cms_error(INVALID_PARAMETER)
    return int(word)
