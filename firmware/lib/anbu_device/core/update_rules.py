"""Every rule by which a device refuses an update, now or at all, or a new firmware may stay.

Knows: what a bundle says of itself; doses, batteries and health as plain facts.
May not know: states, offsets, flash, the radio, a clock.
"""

from collections import namedtuple

from micropython import const

from anbu_wire import bundle as b

NEAR_DOSE_S = const(1800)
BATTERY_LOW_PERCENT = const(30)  # matters while there is no mains
_PERCENT_MAX = const(100)  # above: the gauge does not answer

# board name, .mpy version, version that runs, version rolled back here, public keys trusted
About = namedtuple("About", ("board", "mpy", "version", "failed_version", "keys"))
# wall time (0 = not known), dose times, whether light or sound calls somebody, battery, mains
Facts = namedtuple("Facts", ("wall_s", "dues_s", "alarm", "battery_percent", "mains"))
# self-test passed, the gateway proved itself, the log was read back, so was the schedule
Health = namedtuple("Health", ("self_test", "gateway", "log", "schedule"))


def not_now(facts: "Facts") -> int:
    """Why nothing of an update may happen at this moment; NO_REASON where it may."""
    if facts.alarm:
        return b.ALARM
    for due_s in facts.dues_s:
        if not facts.wall_s:
            return b.NO_TIME
        if -NEAR_DOSE_S <= due_s - facts.wall_s <= NEAR_DOSE_S:
            return b.NEAR_DOSE
    charged = BATTERY_LOW_PERCENT <= facts.battery_percent <= _PERCENT_MAX
    return b.NO_REASON if charged or facts.mains else b.BATTERY_LOW


def refusal(manifest: "b.Manifest", signature: bytes, about: "About") -> int:
    """Why a device never takes this bundle; NO_REASON for a genuine one that fits."""
    reason = b.judge_signature(manifest, signature, about.keys)
    if reason:
        return reason
    if manifest.board != about.board:
        return b.WRONG_BOARD
    if manifest.mpy != about.mpy:
        return b.WRONG_ABI
    if manifest.version <= about.version:
        return b.OLDER
    if manifest.version == about.failed_version:
        return b.FAILED_BEFORE
    return b.NEEDS_STEP if about.version < manifest.minimum else b.NO_REASON


def healthy(health: "Health") -> bool:
    """Whether the firmware on trial may stay."""
    return all(health)
