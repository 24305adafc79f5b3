"""The air itself: Bumble's link and controller with the defects mended that matter at home.

Knows: HCI, link-layer PDUs, who can hear whom, how long a silent link lives.
May not know: GATT, the box, the gateway, the story.

Mended against bumble 0.0.236: data carries the address its connection really uses; a cancelled
connection attempt is answered; a reset forgets links, scan and advertising; advertising intervals
are in units of 0.625 ms; non-connectable advertising is sent too, and nobody connects to it;
duplicates are filtered; only radios that listen are woken.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from bumble import controller as bumble_controller
from bumble import core, hci, link, ll

from tools.home.advertiser import AirAdvertiser
from tools.home.airfaults import AirFaults, FaultyLink, Way

PDU_BYTES = 251  # data length extension: one link-layer packet for one frame
DUPLICATE_AGE_S = 10.0  # BlueZ restarts its scan this often, so a known device shows again
ESTABLISH_S = 0.3  # six connection intervals without an answer: failed to be established
_ORDER_S = 1e-6  # between two packets of one direction: they never overtake one another

# (sender, receiver, L2CAP packet): what somebody else on the air hears, or makes of it
Ear = Callable[["AirController", "AirController", bytes], None]
Middle = Callable[["AirController", "AirController", bytes], list[bytes]]
Reported = ll.AdvInd | ll.AdvExtInd | ll.AdvNonConnInd
AdvertisingEar = Callable[["AirController", bytes], None]


class AirLink(link.LocalLink):
    """A link bus on which controllers can be out of range of all others.

    A link of which one end is out of range, or gone, lives for `supervision_timeout_s` and then
    drops at the other end, as real ones do. Data sent meanwhile is repeated by the link layer, so
    it arrives if the radio comes back in time.
    """

    def __init__(self, supervision_timeout_s: float = 2.0) -> None:
        super().__init__()  # type: ignore[no-untyped-call]  # bumble leaves it unannotated
        self.supervision_timeout_s = supervision_timeout_s
        self.hidden: set[bumble_controller.Controller] = set()
        self._held: list[tuple[AirController, AirController, Callable[[], None]]] = []
        self._faulty: dict[AirController, FaultyLink] = {}
        self._arrivals: dict[tuple[AirController, AirController], float] = {}
        self._broken: list[bumble_controller.Connection] = []
        self.ears: list[Ear] = []  # whoever listens; hears what is really on the air
        self.advertising_ears: list[AdvertisingEar] = []
        self.middle: Middle | None = None  # whoever sits between; gives what goes on instead
        self.lets_end: Callable[[AirController], bool] | None = None  # whether a hang-up gets there

    # --- who hears whom --------------------------------------------------------------------

    def set_hidden(self, radio: AirController, hidden: bool) -> None:
        """Move a radio out of range of everybody, or back."""
        if not hidden:
            self.hidden.discard(radio)
            self._release()
            return
        self.hidden.add(radio)
        loop = asyncio.get_running_loop()
        for connection in list(radio.le_connections.values()):
            loop.call_later(self.supervision_timeout_s, self._expire, radio, connection)

    def _expire(self, radio: AirController, connection: bumble_controller.Connection) -> None:
        """Drop both ends of a link whose radio is still away."""
        if radio not in self.hidden:
            return
        peer = self.find_le_controller(connection.peer_address)
        radio.drop(connection)
        if isinstance(peer, AirController):
            peer.drop(peer.le_connections.get(connection.self_address))
        self._held = [entry for entry in self._held if radio not in entry[:2]]

    def lose_peer_of(self, connection: bumble_controller.Connection) -> None:
        """One end is gone without a word: the other notices after the supervision timeout."""
        peer = self.find_le_controller(connection.peer_address)
        if not isinstance(peer, AirController):
            return
        other = peer.le_connections.get(connection.self_address)
        loop = asyncio.get_running_loop()
        loop.call_later(self.supervision_timeout_s, peer.drop, other)

    def _release(self) -> None:
        held, self._held = self._held, []
        for sender, receiver, deliver in held:
            self._deliver(sender, receiver, deliver)

    def _deliver(
        self, sender: AirController, receiver: AirController, deliver: Callable[[], None]
    ) -> None:
        if sender in self.hidden or receiver in self.hidden:
            self._held.append((sender, receiver, deliver))
        else:
            asyncio.get_running_loop().call_soon(deliver)

    # --- how bad the air is ----------------------------------------------------------------

    def set_faults(self, radio: AirController, faults: AirFaults | None) -> FaultyLink | None:
        """Make all links of this box so bad from now on; None = good again.

        The returned object counts what happened and says which notifications get lost.
        """
        self._faulty.pop(radio, None)
        if faults is None:
            return None
        self._faulty[radio] = FaultyLink(faults, str(radio.public_address))
        return self._faulty[radio]

    def _way(self, sender: AirController, receiver: AirController, data: bytes) -> Way | None:
        """The packet's way; None when the link breaks with it."""
        for box, other in ((sender, receiver), (receiver, sender)):
            faulty = self._faulty.get(box)
            if faulty:
                ends = (
                    box.le_connections.get(a) for a in (other.public_address, other.random_address)
                )
                link_now = next((end for end in ends if end), None)
                return faulty.way(link_now, data, self.supervision_timeout_s)
        return Way(0.0, 1)

    def _send_on_its_way(
        self, sender: AirController, receiver: AirController, way: Way, deliver: Callable[[], None]
    ) -> None:
        """Deliver after the way's delay, in the order of sending."""
        loop = asyncio.get_running_loop()
        earliest = self._arrivals.get((sender, receiver), 0.0) + _ORDER_S
        at = max(loop.time() + way.delay_s, earliest)
        if not way.delay_s and earliest <= loop.time():
            self._deliver(sender, receiver, deliver)
            return
        self._arrivals[sender, receiver] = at
        loop.call_at(at, self._deliver, sender, receiver, deliver)

    def _break(
        self,
        ends: list[tuple[AirController, bumble_controller.Connection | None]],
    ) -> None:
        """Nothing gets through any more; both ends notice after the supervision timeout."""
        loop = asyncio.get_running_loop()
        for radio, connection in ends:
            if connection:
                self._broken.append(connection)
                loop.call_later(self.supervision_timeout_s, self._broke, radio, connection)

    def _broke(self, radio: AirController, connection: bumble_controller.Connection) -> None:
        self._broken = [c for c in self._broken if c is not connection]
        radio.drop(connection)

    def _is_broken(self, connection: bumble_controller.Connection | None) -> bool:
        return any(broken is connection for broken in self._broken)

    # --- bumble's link, mended -------------------------------------------------------------

    def send_acl_data(
        self,
        sender_controller: bumble_controller.Controller,
        destination_address: hci.Address,
        transport: core.PhysicalTransport,
        data: bytes,
    ) -> None:
        """Carry data to the connection's other end, labelled with the connection's address."""
        receiver = self.find_le_controller(destination_address)
        connection = sender_controller.le_connections.get(destination_address)
        if not isinstance(sender_controller, AirController) or connection is None:
            return
        if not isinstance(receiver, AirController) or self._is_broken(connection):
            return
        if transport != core.PhysicalTransport.LE:
            return
        through = self.middle(sender_controller, receiver, data) if self.middle else [data]
        for packet in through:
            self.carry(sender_controller, receiver, connection, packet)

    def carry(
        self,
        sender: AirController,
        receiver: AirController,
        connection: bumble_controller.Connection,
        data: bytes,
    ) -> None:
        """Put one packet of `sender`'s connection on the air, as it is; what is bad befalls it."""
        source = connection.self_address
        theirs = receiver.le_connections.get(source)
        for ear in self.ears:
            ear(sender, receiver, data)
        way = self._way(sender, receiver, data)
        if way is None:
            self._break([(sender, connection), (receiver, theirs)])
            return

        def deliver() -> None:
            now = receiver.le_connections.get(source)
            if now is None or (theirs is not None and now is not theirs) or self._is_broken(now):
                return  # of a link that is over
            for _ in range(way.copies):
                receiver.on_link_acl_data(source, core.PhysicalTransport.LE, data)

        self._send_on_its_way(sender, receiver, way, deliver)

    def send_advertising_pdu(
        self, sender_controller: bumble_controller.Controller, packet: ll.AdvertisingPdu
    ) -> None:
        """Let those hear it who listen: scanners, initiators, the advertiser that is meant."""
        if sender_controller in self.hidden or not isinstance(sender_controller, AirController):
            return
        if isinstance(packet, ll.AdvInd | ll.AdvNonConnInd):
            for ear in self.advertising_ears:
                ear(sender_controller, packet.data)
        connecting = isinstance(packet, ll.ConnectInd)
        loop = asyncio.get_running_loop()
        for radio in self.controllers:
            if radio is sender_controller or radio in self.hidden:
                continue
            if connecting or radio.le_scan_enable or radio.pending_le_connection:
                loop.call_soon(radio.on_ll_advertising_pdu, packet)

    def send_ll_control_pdu(
        self, sender_address: hci.Address, receiver_address: hci.Address, packet: ll.ControlPdu
    ) -> None:
        """Carry a control PDU; one sent into the void is lost, the other end times out."""
        sender = self.find_le_controller(sender_address)
        receiver = self.find_le_controller(receiver_address)
        if not isinstance(sender, AirController) or not isinstance(receiver, AirController):
            return
        if self._is_broken(sender.le_connections.get(receiver_address)):
            return
        if isinstance(packet, ll.TerminateInd) and self.lets_end and not self.lets_end(sender):
            return

        def deliver() -> None:
            if sender_address in receiver.le_connections:
                receiver.on_ll_control_pdu(sender_address, packet)

        if sender in self.hidden or receiver in self.hidden:
            if isinstance(packet, ll.TerminateInd):
                return
            self._held.append((sender, receiver, deliver))
            return
        asyncio.get_running_loop().call_soon(deliver)


class AirController(bumble_controller.Controller):
    """A legacy-advertising LE controller with a public address, as a Pi or an ESP32 has one."""

    le_features = bumble_controller.Controller.le_features & ~(
        hci.LeFeatureMask.LL_PRIVACY
        | hci.LeFeatureMask.LE_EXTENDED_ADVERTISING
        | hci.LeFeatureMask.LE_PERIODIC_ADVERTISING
    )
    le_acl_data_packet_length = PDU_BYTES
    acl_data_packet_length = PDU_BYTES
    supported_max_tx_octets = PDU_BYTES
    supported_max_rx_octets = PDU_BYTES

    def __init__(self, name: str, air_link: AirLink, public_address: str) -> None:
        super().__init__(name, link=air_link, public_address=public_address)
        self.air_link = air_link
        self.le_legacy_advertiser: AirAdvertiser = AirAdvertiser(self)
        self._reported: dict[tuple[hci.Address, type[Reported]], tuple[bytes, float]] = {}

    def drop(self, connection: bumble_controller.Connection | None) -> None:
        """Tell the host that the supervision timeout of this link ran out, if it still exists."""
        if connection and self.le_connections.get(connection.peer_address) is connection:
            self.on_le_disconnected(connection, hci.HCI_ErrorCode.CONNECTION_TIMEOUT_ERROR)

    def power_cut(self) -> None:
        """Forget everything at once, as a reset chip does; the peers notice by silence."""
        for connection in list(self.le_connections.values()):
            self.air_link.lose_peer_of(connection)
        self.le_connections.clear()
        self.le_legacy_advertiser.stop()
        self.le_scan_enable = False
        self.pending_le_connection = None
        self._reported.clear()

    # --- HCI commands bumble answers wrongly -----------------------------------------------

    def on_hci_reset_command(
        self, _command: hci.HCI_Reset_Command
    ) -> hci.HCI_StatusReturnParameters:
        """Vol 4, Part E, 7.3.2."""
        self.power_cut()
        return hci.HCI_StatusReturnParameters(hci.HCI_ErrorCode.SUCCESS)

    def on_hci_le_create_connection_cancel_command(
        self, _command: hci.HCI_LE_Create_Connection_Cancel_Command
    ) -> hci.HCI_StatusReturnParameters:
        """Vol 4, Part E, 7.8.13: a cancelled attempt ends with a connection complete event."""
        pending, self.pending_le_connection = self.pending_le_connection, None
        if pending is None:
            return hci.HCI_StatusReturnParameters(hci.HCI_ErrorCode.COMMAND_DISALLOWED_ERROR)
        self._connection_failed(pending.peer_address)
        return hci.HCI_StatusReturnParameters(hci.HCI_ErrorCode.SUCCESS)

    def _connection_failed(self, peer_address: hci.Address) -> None:
        self.send_hci_packet(
            hci.HCI_LE_Connection_Complete_Event(
                status=hci.HCI_ErrorCode.UNKNOWN_CONNECTION_IDENTIFIER_ERROR,
                connection_handle=0,
                role=hci.Role.CENTRAL,
                peer_address_type=peer_address.address_type,
                peer_address=peer_address,
                connection_interval=0,
                peripheral_latency=0,
                supervision_timeout=0,
                central_clock_accuracy=0,
            )
        )

    def on_hci_le_set_scan_enable_command(
        self, command: hci.HCI_LE_Set_Scan_Enable_Command
    ) -> hci.HCI_StatusReturnParameters:
        """Vol 4, Part E, 7.8.11: a new scan reports everybody anew."""
        self._reported.clear()
        return super().on_hci_le_set_scan_enable_command(command)

    # --- link layer ------------------------------------------------------------------------

    def create_le_connection(self, peer_address: hci.Address) -> None:
        """Connect, and notice when the advertiser did not answer after all."""
        super().create_le_connection(peer_address)
        connection = self.le_connections.get(peer_address)
        if connection:
            asyncio.get_running_loop().call_later(ESTABLISH_S, self._check_answered, connection)

    def _check_answered(self, connection: bumble_controller.Connection) -> None:
        if self.le_connections.get(connection.peer_address) is not connection:
            return
        peer = self.air_link.find_le_controller(connection.peer_address)
        if peer is None or connection.self_address not in peer.le_connections:
            reason = hci.HCI_ErrorCode.CONNECTION_FAILED_TO_BE_ESTABLISHED_ERROR
            self.on_le_disconnected(connection, reason)

    def on_le_connect_ind(self, packet: ll.ConnectInd) -> None:
        """Take a central's connection; one left over from before its reset is dropped first."""
        advertiser = self.le_legacy_advertiser
        if packet.advertiser_address == advertiser.address:
            if not advertiser.connectable:
                return
            self.drop(self.le_connections.get(packet.initiator_address))
        super().on_le_connect_ind(packet)

    def on_ll_advertising_pdu(self, packet: ll.AdvertisingPdu) -> None:
        """As bumble's, which does not hear non-connectable advertising."""
        if isinstance(packet, ll.AdvNonConnInd):
            if self.le_scan_enable and not self._is_duplicate(packet):
                event = hci.HCI_LE_Advertising_Report_Event.EventType
                self._report(packet, event.ADV_NONCONN_IND, packet.data)
            return
        super().on_ll_advertising_pdu(packet)

    def on_advertising_pdu(self, pdu: ll.AdvInd | ll.AdvExtInd) -> None:
        """Report an advertisement once, then again only when changed or ten seconds old."""
        if self.le_scan_enable and not self._is_duplicate(pdu):
            event = hci.HCI_LE_Advertising_Report_Event.EventType
            self._report(pdu, event.ADV_IND, pdu.data)
            sender = self.air_link.find_le_controller(pdu.advertiser_address)
            if self.le_scan_type and sender:
                answer = sender.le_legacy_advertiser.scan_response_data
                self._report(pdu, event.SCAN_RSP, answer)
        pending = self.pending_le_connection
        if pending and pending.peer_address == pdu.advertiser_address:
            self.create_le_connection(pdu.advertiser_address)

    def _is_duplicate(self, pdu: Reported) -> bool:
        """Whether this kind with this content was reported just now; a device may have both."""
        if not self.filter_duplicates:
            return False
        now_s = asyncio.get_running_loop().time()
        place = pdu.advertiser_address, type(pdu)
        data, at_s = self._reported.get(place, (None, 0.0))
        if data == pdu.data and now_s - at_s < DUPLICATE_AGE_S:
            return True
        self._reported[place] = (pdu.data, now_s)
        return False

    def _report(self, pdu: Reported, event_type: int, data: bytes) -> None:
        report = hci.HCI_LE_Advertising_Report_Event.Report(
            event_type=hci.HCI_LE_Advertising_Report_Event.EventType(event_type),
            address_type=pdu.advertiser_address.address_type,
            address=pdu.advertiser_address,
            data=data,
            rssi=-50,
        )
        self.send_hci_packet(hci.HCI_LE_Advertising_Report_Event([report]))
