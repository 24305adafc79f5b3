"""What only an ESP32 has: its key store and its watchdog.

Knows: objects of `esp32` and `machine`, given as arguments. May not know: the rest of the device.
"""
