"""What a technician at the house is given by the gateway, beside the desk: shapes only.

Knows: how it is asked. May not know: files, the radio, Flask, who asks.

A label's keys go in (`keep`) and never come out again.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from gateway.enrolment import Unit
from gateway.image import Image
from gateway.label import Label


class WorkshopRefused(Exception):  # noqa: N818  # an answer, not an error of this program
    """It cannot be done now. `code` has a sentence on the page (install.not.…), `line`: where."""

    def __init__(self, code: str, line: int = 0) -> None:
        super().__init__(code)
        self.code = code
        self.line = line


@dataclass(frozen=True, slots=True)
class Signal:
    """How strongly a device was heard last, and how long ago that was."""

    dbm: int
    age_ms: int


@dataclass(frozen=True, slots=True)
class Health:
    """The gateway's own computer. `clock_right` None: nobody can say."""

    disk_free_bytes: int
    disk_bytes: int
    clock_right: bool | None


@dataclass(frozen=True, slots=True)
class Progress:
    """How far an update has come. `waits`: why it does not go on, a code; "" = it does."""

    there_bytes: int
    size_bytes: int
    waits: str


class Workshop(Protocol):
    """Safe from any thread; what cannot be done raises WorkshopRefused."""

    def recipient(self) -> str:
        """For whom a workshop seals an enrolment file: "age1…"."""

    def opened(self, sealed: bytes) -> tuple[Unit, ...]:
        """The devices of an enrolment file."""

    def keep(self, labels: tuple[Label, ...]) -> None:
        """Have their keys: whichever of them is placed in a room is spoken to."""

    def forget(self, device_id: str) -> None:
        """Have its key no more."""

    def kept(self) -> Mapping[str, str]:
        """Kind by id of every device whose key is here, of the page's and of the file's."""

    def signals(self) -> Mapping[str, Signal]:
        """How each device was heard last, of those that were."""

    def images(self) -> tuple[Image, ...]:
        """Updates that lie here."""

    def take_image(self, data: bytes) -> Image:
        """Lay one more there."""

    def progress(self) -> Mapping[int, Progress]:
        """Of each update that is under way, by its order."""

    def health(self) -> Health:
        """As of now."""
