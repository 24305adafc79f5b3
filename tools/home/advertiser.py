"""A controller's legacy advertiser, with the two things mended that bumble's leaves out.

Knows: advertising types and intervals (Vol 4, Part E, 7.8.5). May not know: who listens.
"""

from __future__ import annotations

import asyncio

from bumble import controller as bumble_controller
from bumble import hci, ll

UNITS_PER_S = 1600.0  # advertising intervals count 0.625 ms
_TYPES = hci.HCI_LE_Set_Advertising_Parameters_Command.AdvertisingType


class AirAdvertiser(bumble_controller.LegacyAdvertiser):
    """Bumble's legacy advertiser with the interval in its real unit, non-connectable as well."""

    @property
    def connectable(self) -> bool:
        """Whether a central may answer it (Vol 4, Part E, 7.8.5)."""
        return self.advertising_type == _TYPES.ADV_IND

    def send_advertising_data(self) -> None:
        """As bumble's, which sends connectable advertising only."""
        if self.enabled and self.advertising_type == _TYPES.ADV_NONCONN_IND:
            pdu = ll.AdvNonConnInd(advertiser_address=self.address, data=self.advertising_data)
            self.controller.send_advertising_pdu(pdu)
        super().send_advertising_data()

    def _on_timer_fired(self) -> None:
        self.send_advertising_data()
        interval_s = max(self.advertising_interval_min, 0x20) / UNITS_PER_S
        self.timer_handle = asyncio.get_running_loop().call_later(interval_s, self._on_timer_fired)
