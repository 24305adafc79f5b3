"""The pill box's own logic: dose slots, schedule checks, signals. Pure: no chip, no clock, no file."""
