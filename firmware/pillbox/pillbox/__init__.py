"""The pill box's own logic: dose slots, schedule checks, signals.

Knows: its own tables. May not know: a chip, a clock, a file.
"""
