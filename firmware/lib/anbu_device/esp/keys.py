"""The device's identity and key in the chip's NVS, written once by provisioning.

Knows: names and sizes in the name space `anbu`. May not know: what the key is used for.
Provisioning writes the blobs `device_id` (UTF-8, 1–32 bytes) and `device_key` (16 bytes), and all
blobs a second time (spare): where the first are gone they are put back, and the device starts anew.
"""

from micropython import const

TYPE_CHECKING = False  # MicroPython has no typing
if TYPE_CHECKING:
    from esp32 import NVS

NAMESPACE = "anbu"
DEVICE_ID = "device_id"
DEVICE_KEY = "device_key"
KEY_BYTES = const(16)
_ID_BYTES_MAX = const(32)


class NotProvisioned(Exception):  # noqa: N818 - a state of the device, named as such
    """The chip holds no usable identity: provision it."""


def identity(nvs: "NVS") -> "tuple[str, bytes]":
    """(device id, 16-byte key). Raises NotProvisioned where either is missing or malformed."""
    try:
        return _identity(nvs)
    except NotProvisioned as error:
        why = error
    from anbu_device.esp.spare import restore  # noqa: PLC0415 - heap

    if restore():
        why = NotProvisioned("keys were lost, they are back from their second copy")
    raise why


def _identity(nvs: "NVS") -> "tuple[str, bytes]":
    device_id = _blob(nvs, DEVICE_ID, _ID_BYTES_MAX)
    key = _blob(nvs, DEVICE_KEY, KEY_BYTES)
    if len(key) != KEY_BYTES:
        raise NotProvisioned("device_key of %d bytes, not %d" % (len(key), KEY_BYTES))
    return device_id.decode(), key


def _blob(nvs: "NVS", name: str, limit: int) -> bytes:
    buffer = bytearray(limit)
    try:
        size = nvs.get_blob(name, buffer)
    except OSError:
        size = 0  # not there, or longer than it may be
    if not size:
        raise NotProvisioned("no usable %s in the NVS: provision this device" % name)
    return bytes(buffer[:size])
