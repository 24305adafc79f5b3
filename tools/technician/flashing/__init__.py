"""Boards on cables: found, looked at, written, read back. `wire` alone knows esptool."""
