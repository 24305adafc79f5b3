"""What a plug in ordinary life answers to UPDATE_*. Loaded when one is asked.

Knows: what the loader's record says, the rules. May not know: a chip, a bundle's bytes, the radio.
"""

from anbu_device.core.update_rules import About, not_begun
from anbu_wire.bundle import CONFIRMED, IDLE, NOT_BEGUN, STARTS_ANEW, TRYING
from anbu_wire.messages import UPDATE_BEGIN


def answer(
    kind: int, fields: "dict[str, int]", version: int, failed_version: int, trying: bool
) -> "tuple[int, int, int, int]":
    """The fields of UPDATE_STATE. Reason STARTS_ANEW: make the wish, then start anew.

    `version` runs, `failed_version` was rolled back here; `trying`: it is still on trial.
    """
    about = About(b"", 0, version, failed_version, [])
    reason = NOT_BEGUN
    if kind == UPDATE_BEGIN:
        reason = not_begun(fields["version"], fields["size_bytes"], about, not trying)
        if not reason and fields["version"] != about.version:
            reason = STARTS_ANEW
    state = TRYING if trying else CONFIRMED
    return 0, IDLE if reason else state, reason, about.version
