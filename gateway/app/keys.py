"""Whose keys the radio has: the file's and the page's, of the devices that are at home here.

Knows: the keyring, the roster, the radio. May not know: how a key is written, what is said by it.

A key without a place in the roster is of no use to anybody, and a device of the roster without a
key is not spoken to: so the order in which both come is no matter. A box that became nobody's is
spoken to until it has read back that it is to ask for nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from gateway.app.hub import Hub
from gateway.app.waiting import until_set
from gateway.events import PartFailed
from gateway.keyring import Keyring
from gateway.label import Label
from gateway.prescription.schedule import to_be_emptied
from gateway.sources.radio import RadioSource
from gateway.units import HOUR_MS

PART = "keys"
LOOK_AGAIN_MS = HOUR_MS


class Keys:
    """The keys of one home. `keep` and `forget` are called from the page's threads."""

    def __init__(
        self, keyring: Keyring, keys: Mapping[str, bytes], bthome_keys: Mapping[str, bytes]
    ) -> None:
        """`keys`, `bthome_keys`: the configuration's. Reads the keyring."""
        self._keyring = keyring
        self._keys, self._bthome = dict(keys), dict(bthome_keys)
        self._labels, self._wrong = keyring.labels()

    def known(self, devices: Iterable[str]) -> tuple[dict[str, bytes], dict[str, bytes]]:
        """(keys, BTHome keys) of these devices by id; the page's are newer than the file's."""
        mine, labels = set(devices), self._labels
        keys = {**self._keys, **{i: label.key for i, label in labels.items()}}
        bthome = {
            **{i: key for i, key in self._bthome.items() if i not in labels},
            **{i: label.bthome_key for i, label in labels.items() if label.bthome_key is not None},
        }
        return {i: keys[i] for i in keys.keys() & mine}, {
            i: bthome[i] for i in bthome.keys() & mine
        }

    def kinds(self) -> dict[str, str]:
        """Kind by id of every device whose label was read; "" of those of the file alone."""
        return {**dict.fromkeys(self._keys, ""), **{i: of.kind for i, of in self._labels.items()}}

    def keep(self, labels: Iterable[Label]) -> None:
        """Write these labels down. Raises KeyringError: then none but the first ones are kept."""
        for label in labels:
            self._keyring.keep(label)
            self._labels = {**self._labels, label.device_id: label}

    def forget(self, device_id: str) -> None:
        """Throw the label of a device away. Raises KeyringError."""
        self._keyring.forget(device_id)
        self._labels = {i: label for i, label in self._labels.items() if i != device_id}

    async def run(self, hub: Hub, radio: RadioSource) -> None:
        """Tell the radio whenever it changes, until cancelled."""
        for why in self._wrong:
            hub.note(PartFailed(hub.clock.now_ms(), PART, why))
        told: object = None
        while True:
            hub.devices.clear()
            household = hub.home.household
            at_home = (device.id for device in household.roster.devices) if household.roster else ()
            known = self.known([*at_home, *to_be_emptied(household)])
            if known != told:
                told = known
                radio.know(*known)
            await until_set(hub.devices, LOOK_AGAIN_MS)
