"""The care plug itself: loads and lamps that people switch, the hourly summary.

May not know: chips, flash, the radio. Every room is pure; `plug` puts them together.
"""
