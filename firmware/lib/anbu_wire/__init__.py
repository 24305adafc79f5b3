"""The radio language of Anbu, spoken by firmware and gateway from these same files.

Knows: how messages, frames, sessions and seals look on the air.
May not know: a radio, a clock, a file, a person. Runs under MicroPython and CPython.
"""
