"""The serial line of a device that runs: its console, its log, its vitals."""
