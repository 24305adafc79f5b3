"""bleak's scanner over Bumble.

Knows: bleak's scanner interface, advertising data.
May not know: the Anbu service, connections.
"""

from __future__ import annotations

import contextlib
from typing import Any

from bleak.backends.scanner import (
    AdvertisementData,
    AdvertisementDataCallback,
    BaseBleakScanner,
)
from bleak.exc import BleakError
from bleak.uuids import normalize_uuid_str
from bumble import core, hci
from bumble.device import Advertisement, Device

from tools.home.bumble_host import adapter, run

_COMPANY_BYTES = 2
_UUID_BYTES = 2  # of service data with a 16-bit UUID


class BumbleScanner(BaseBleakScanner):
    """bleak's scanner over Bumble; `scanning_mode` "active" or "passive"."""

    def __init__(
        self,
        detection_callback: AdvertisementDataCallback | None,
        service_uuids: list[str] | None,
        scanning_mode: str,
        **_kwargs: Any,  # noqa: ANN401  # bleak passes every platform's options
    ) -> None:
        super().__init__(detection_callback, service_uuids)
        self._active = scanning_mode == "active"
        self._device: Device | None = None

    async def start(self) -> None:
        """Start scanning; known devices are reported again every ten seconds."""
        device = adapter.need()
        self.seen_devices = {}
        device.on(Device.EVENT_ADVERTISEMENT, self._on_advertisement)
        self._device = device
        try:
            await run("scan", self._begin(device))
        except BleakError:
            device.remove_listener(Device.EVENT_ADVERTISEMENT, self._on_advertisement)
            raise

    async def _begin(self, device: Device) -> None:
        """An attempt before that was given up half way may still scan: it ends first."""
        await device.stop_scanning()
        await device.start_scanning(
            active=self._active,
            own_address_type=hci.OwnAddressType.PUBLIC,
            filter_duplicates=True,
        )

    async def stop(self) -> None:
        """Stop scanning. Nothing happens where none runs."""
        device, self._device = self._device, None
        if device is None:
            return
        with contextlib.suppress(KeyError):
            device.remove_listener(Device.EVENT_ADVERTISEMENT, self._on_advertisement)
        await run("stop scan", adapter.need().stop_scanning())

    def _on_advertisement(self, advertisement: Advertisement) -> None:
        data = _advertisement_data(advertisement)
        if not self.is_allowed_uuid(data.service_uuids):
            return
        address = advertisement.address
        text = address.to_string(with_type_qualifier=False)
        device = self.create_or_update_device(text, text, data.local_name, address, data)
        self.call_detection_callbacks(device, data)


_UUID_LISTS = {  # kind of advertising structure: bytes of one UUID in its list
    core.AdvertisingData.Type.INCOMPLETE_LIST_OF_16_BIT_SERVICE_CLASS_UUIDS: 2,
    core.AdvertisingData.Type.COMPLETE_LIST_OF_16_BIT_SERVICE_CLASS_UUIDS: 2,
    core.AdvertisingData.Type.INCOMPLETE_LIST_OF_128_BIT_SERVICE_CLASS_UUIDS: 16,
    core.AdvertisingData.Type.COMPLETE_LIST_OF_128_BIT_SERVICE_CLASS_UUIDS: 16,
}


def _advertisement_data(advertisement: Advertisement) -> AdvertisementData:
    """What bleak tells about an advertisement."""
    names = core.AdvertisingData.Type
    uuids: list[str] = []
    makers: dict[int, bytes] = {}
    services: dict[str, bytes] = {}
    local_name: str | None = None
    for kind, raw in advertisement.data.ad_structures:
        size = _UUID_LISTS.get(kind)
        if size:
            whole = range(0, len(raw) - size + 1, size)
            uuids += [uuid_text(core.UUID.from_bytes(raw[i : i + size])) for i in whole]
        elif kind == names.MANUFACTURER_SPECIFIC_DATA and len(raw) >= _COMPANY_BYTES:
            makers[int.from_bytes(raw[:_COMPANY_BYTES], "little")] = bytes(raw[_COMPANY_BYTES:])
        elif kind == names.SERVICE_DATA_16_BIT_UUID and len(raw) >= _UUID_BYTES:
            services[uuid_text(core.UUID.from_bytes(raw[:_UUID_BYTES]))] = bytes(raw[_UUID_BYTES:])
        elif kind in (names.COMPLETE_LOCAL_NAME, names.SHORTENED_LOCAL_NAME):
            local_name = raw.decode(errors="replace")
    return AdvertisementData(local_name, makers, services, uuids, None, advertisement.rssi, ())


def uuid_text(uuid: core.UUID) -> str:
    """The UUID as bleak writes it: 36 lower-case characters."""
    return normalize_uuid_str(uuid.to_hex_str("-"))
