"""Hardware as data: pins, parts and circuits in TOML, and what is generated from them.

Knows: nothing. May not know: anything; see README.md in this folder for the rooms.
"""
