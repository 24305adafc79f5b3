"""Benchmarks: what the radio, the seal and the flash really cost, measured by the real code.

Knows: how to run the firmware and the gateway's radio and count what they do.
May not know: what a record means to anybody.
"""
