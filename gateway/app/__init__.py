"""The wiring: sources → log → household → decisions → outbox → channel, and the page.

Knows: everybody. Known by nobody but `gateway.__main__`.
"""

from gateway.app.app import Gateway, run

__all__ = ["Gateway", "run"]
