"""The labels of devices that were enrolled by the page, and the gateway's identity: private files.

Knows: a folder and a file beside the database, their modes. May not know: which device is at home
here, the radio, the log. What a file holds is never shown and never logged.

    keys/AB-000001.label    the device's label (gateway.label), mode 600; the folder has 700
    gateway.identity        what workshops seal enrolment files for (age), mode 600
"""

from __future__ import annotations

from pathlib import Path

from gateway.config import private
from gateway.enrolment import new_identity, recipient_of
from gateway.label import Label, LabelRefused, parse

SUFFIX = ".label"
_ANY_LABEL = r"ANBU:[0-9A-Z:.-]+"
_IDENTITY = r"AGE-SECRET-KEY-1[0-9A-Z]+"


class KeyringError(Exception):
    """A private file cannot be read or written: which one, and why. Never what it holds."""


class Keyring:
    """What stands in the folder of one database."""

    def __init__(self, database: Path) -> None:
        """Nothing is touched yet."""
        self._folder = database.parent / "keys"
        self._identity = database.parent / "gateway.identity"

    def labels(self) -> tuple[dict[str, Label], list[str]]:
        """Device id → label, and what is wrong with files that cannot be used."""
        labels: dict[str, Label] = {}
        wrong: list[str] = []
        for path in sorted(self._folder.glob(f"*{SUFFIX}")) if self._folder.is_dir() else ():
            try:
                label = parse(private.text_in(path, _ANY_LABEL, "label", "a device's label"))
            except (private.PrivateFileError, LabelRefused) as error:
                wrong.append(f"{path.name}: {error}")
                continue
            if label.device_id == path.name.removesuffix(SUFFIX):
                labels[label.device_id] = label
            else:
                wrong.append(f"{path.name}: is the label of another device")
        return labels, wrong

    def keep(self, label: Label) -> None:
        """Write a device's label down, over an older one; it survives a power cut from now on.

        Raises KeyringError.
        """
        try:
            self._folder.mkdir(mode=0o700, exist_ok=True)
            private.write(self._folder / f"{label.device_id}{SUFFIX}", f"{label}\n".encode("ascii"))
        except OSError as error:
            why = error.strerror or "cannot be written"
            raise KeyringError(f"{self._folder}: {why}") from None

    def forget(self, device_id: str) -> None:
        """Nothing of this device is kept any more. Raises KeyringError."""
        if device_id not in self.labels()[0]:
            return
        try:
            (self._folder / f"{device_id}{SUFFIX}").unlink(missing_ok=True)
        except OSError as error:
            raise KeyringError(f"{self._folder}: {error.strerror}") from None

    def identity(self) -> str:
        """The gateway's own secret; drawn when it is asked for the first time.

        Raises KeyringError.
        """
        path = self._identity
        try:
            if not path.exists():
                private.write(path, f"{new_identity()}\n".encode("ascii"))
            return private.text_in(path, _IDENTITY, "identity", "an identity of age")
        except OSError as error:
            raise KeyringError(f"{path}: {error.strerror}") from None
        except private.PrivateFileError as error:
            raise KeyringError(str(error)) from None

    def recipient(self) -> str:
        """What a workshop seals enrolment files for. Raises KeyringError."""
        try:
            return recipient_of(self.identity())
        except ValueError as error:
            raise KeyringError(f"{self._identity}: {error}") from None
