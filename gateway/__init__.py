"""The gateway: listens to the devices of a home, keeps the event log, tells people."""
