"""The electrical rules as a table: name → function.

Knows: every rule. May not know: how what they judge was read.
A rule's first docstring line is its sentence for people; it gives (key, what) for each violation.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from hardware.erc import boards, bus, driving, held, plugs, power, supply, wiring
from hardware.shapes import Board, Circuit, Hardware

Found = Iterator[tuple[str, str]]

BOARD_RULES: dict[str, Callable[[Board], Found]] = {
    "known-chip": boards.known_chip,
    "pin-exists": boards.pin_exists,
    "duplicate-pin": boards.duplicate_pin,
    "strapping-pin": boards.strapping_pin,
    "usb-pin": boards.usb_pin,
    "flash-pin": boards.flash_pin,
    "console-pin": boards.console_pin,
    "wake-pin": boards.wake_pin,
    "address-clash": boards.address_clash,
    "lids-have-inputs": boards.lids_have_inputs,
    "lids-in-order": boards.lids_in_order,
    "nothing-leaves-mains": boards.nothing_leaves_mains,
}

CIRCUIT_RULES: dict[str, Callable[[Circuit], Found]] = {
    "single-pin-net": wiring.single_pin_net,
    "forgotten-pin": wiring.forgotten_pin,
    "never-input": wiring.never_input,
    "firmware-pin-wired": wiring.firmware_pin_wired,
    "wired-pin-known": wiring.wired_pin_known,
    "lids-on-circuit": wiring.lids_on_circuit,
    "address-strapped": bus.address_strapped,
    "bus-joined": bus.bus_joined,
    "bus-pull-ups": bus.bus_pull_ups,
    "open-drain-pulled": wiring.open_drain_pulled,
    "wake-line-pulled": wiring.wake_line_pulled,
    "decoupled": wiring.decoupled,
    "lights-switched": driving.lights_switched,
    "battery-protected": wiring.battery_protected,
    "joined-by-connector": wiring.joined_by_connector,
    "creepage-said": wiring.creepage_said,
    "strips-alike": wiring.strips_alike,
    "rail-current": power.rail_current,
    "source-current": power.source_current,
    "lights-limit": power.lights_limit,
    "supply-volts": power.supply_volts,
    "levels": power.levels,
    "two-drivers": power.two_drivers,
    "input-driven": driving.input_driven,
    "grounded": held.grounded,
    "held": held.held,
    "quiet-in-reset": held.rests,
    "starts": held.straps,
    "pulled-in-range": held.pulled_in_range,
    "set-by-resistor": held.set_by_resistor,
    "switch-to-ground": held.switch_to_ground,
    "two-sources": supply.two_sources,
    "set-volts": supply.set_volts,
    "inrush": supply.inrush,
    "plugs-mate": plugs.plugs_mate,
    "usb-joined": plugs.usb_joined,
}


def check_boards(hardware: Hardware) -> list[str]:
    """Every violation of the boards' rules, "file: key: rule: what"."""
    return [
        f"pins.toml: {board.name}.{key}: {name}: {what}"
        for board in hardware.boards.values()
        for name, rule in BOARD_RULES.items()
        for key, what in rule(board)
    ]


def check_circuits(hardware: Hardware) -> list[str]:
    """Every violation of the circuits' rules."""
    return [
        f"{circuit.name}.toml: {key}: {name}: {what}"
        for circuit in hardware.circuits.values()
        for name, rule in CIRCUIT_RULES.items()
        for key, what in rule(circuit)
    ]


def check(hardware: Hardware) -> list[str]:
    """Every violation of every rule; none: []."""
    return check_boards(hardware) + check_circuits(hardware)
