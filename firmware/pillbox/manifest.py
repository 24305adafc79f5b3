"""What an image of this target says of itself. `anbu image` reads it, and so does the box.

Knows: three constants. May not know: keys, files, how an image is made.
VERSION is raised with every release: a device takes only higher ones.
"""

BOARD = "pillbox-s3"
VERSION = 1
MINIMUM = 0  # the oldest version this one may replace: it must be able to read what that one wrote
