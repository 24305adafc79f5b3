"""What an image of this target says of itself. `anbu image` reads it.

Knows: two constants. May not know: keys, files, how an image is made, which board it is for: the
board's own pins.py says BOARD, and a device takes images of that name only.
VERSION is raised with every release: a device takes only higher ones.
"""

VERSION = 1
MINIMUM = 0  # the oldest version this one may replace: it must be able to read what that one wrote
