"""A newer program for devices in use: by cable, or through their gateway by air."""
