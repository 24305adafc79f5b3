"""From a flashed board to a device of its own: who it is, where that is written down, its label."""
