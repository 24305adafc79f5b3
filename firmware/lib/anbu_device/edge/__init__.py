"""Edges of a device: each file touches one thing and decides nothing.

Knows: one chip, one bus, one file system. May not know: doses, slots, messages.
"""
