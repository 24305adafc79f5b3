"""Every rule by which a device refuses an update, now or at all.

Knows: what a bundle says of itself; doses and batteries as plain facts.
May not know: states, offsets, flash, the radio, a clock.
"""

from collections import namedtuple

from micropython import const

from anbu_wire.bundle import (
    ALARM,
    BATTERY_LOW,
    BUSY,
    FAILED_BEFORE,
    HEAD_MAX_BYTES,
    NEAR_DOSE,
    NEEDS_STEP,
    NO_REASON,
    NO_TIME,
    OLDER,
    PAYLOAD_MAX_BYTES,
    SIGNATURE_BYTES,
    TOO_BIG,
    WRONG_ABI,
    WRONG_BOARD,
)

TYPE_CHECKING = False  # MicroPython has no typing
if TYPE_CHECKING:
    from anbu_wire.bundle import Manifest

NEAR_DOSE_S = const(1800)
BATTERY_LOW_PERCENT = const(30)  # matters while there is no mains
_PERCENT_MAX = const(100)  # above: the gauge does not answer

# board name, .mpy version, version that runs, version rolled back here, public keys trusted
About = namedtuple("About", ("board", "mpy", "version", "failed_version", "keys"))
# wall time (0 = not known), dose times, whether light or sound calls somebody, battery, mains
Facts = namedtuple("Facts", ("wall_s", "dues_s", "alarm", "battery_percent", "mains"))


def not_now(facts: "Facts") -> int:
    """Why nothing of an update may happen at this moment; NO_REASON where it may."""
    if facts.alarm:
        return ALARM
    for due_s in facts.dues_s:
        if not facts.wall_s:
            return NO_TIME
        if -NEAR_DOSE_S <= due_s - facts.wall_s <= NEAR_DOSE_S:
            return NEAR_DOSE
    charged = BATTERY_LOW_PERCENT <= facts.battery_percent <= _PERCENT_MAX
    return NO_REASON if charged or facts.mains else BATTERY_LOW


def not_begun(version: int, size_bytes: int, about: "About", free: bool) -> int:
    """Why a bundle of that version and size is not begun; `free`: no other is on trial."""
    if version == about.version:
        return NO_REASON  # it runs here: nothing is to be done
    if not free:
        return BUSY
    if version < about.version:
        return OLDER
    if version == about.failed_version:
        return FAILED_BEFORE
    most_bytes = HEAD_MAX_BYTES + SIGNATURE_BYTES + PAYLOAD_MAX_BYTES
    return TOO_BIG if size_bytes > most_bytes else NO_REASON


def refusal(manifest: "Manifest", signature: bytes, about: "About") -> int:
    """Why a device never takes this bundle; NO_REASON for a genuine one that fits."""
    from anbu_wire.bundle import judge_signature  # noqa: PLC0415 - heap: a trial needs none of it

    reason = judge_signature(manifest, signature, about.keys)
    if reason:
        return reason
    if manifest.board != about.board:
        return WRONG_BOARD
    if manifest.mpy != about.mpy:
        return WRONG_ABI
    if manifest.version <= about.version:
        return OLDER
    if manifest.version == about.failed_version:
        return FAILED_BEFORE
    return NEEDS_STEP if about.version < manifest.minimum else NO_REASON
