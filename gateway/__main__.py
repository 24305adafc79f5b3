"""`anbu gateway`: read the configuration, run the gateway.

Knows: the command line and exit codes. May not know: what the gateway does.

Exit codes: 0 stopped in order, 1 could not go on, 2 the configuration cannot be used.
"""

from __future__ import annotations

import argparse
import asyncio
import logging
import sys
from collections.abc import Sequence
from pathlib import Path

from gateway.app import run
from gateway.app.app import tell_nobody, tell_on_stdout
from gateway.config import ConfigError, load
from gateway.log import LogUnavailable
from gateway.sources.radio import load_backend

EXIT_OK = 0
EXIT_FAILED = 1
EXIT_CONFIG = 2


def main(argv: Sequence[str] | None = None) -> int:
    """Run the gateway until it is told to stop; its exit code."""
    parser = argparse.ArgumentParser(prog="anbu gateway", description="Run the gateway of a home.")
    parser.add_argument("--config", required=True, type=Path, metavar="FILE", help="TOML file")
    parser.add_argument("--events", action="store_true", help="print every fact as a JSON line")
    arguments = parser.parse_args(argv)
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")
    try:
        config = load(arguments.config)
        backend = load_backend(config.radio.backend)
    except ConfigError as error:
        return _say([f"{error.path}: {problem}" for problem in error.problems], EXIT_CONFIG)
    except ImportError as error:
        problem = f"{arguments.config}: [radio] backend: {error}; allowed: bluez, or a module"
        return _say([problem], EXIT_CONFIG)
    try:
        asyncio.run(run(config, backend, tell_on_stdout if arguments.events else tell_nobody))
    except (LogUnavailable, ValueError) as error:
        return _say([str(error)], EXIT_FAILED)
    return EXIT_OK


def _say(problems: list[str], code: int) -> int:
    for problem in problems:
        print(f"anbu gateway: {problem}", file=sys.stderr)
    return code


if __name__ == "__main__":
    sys.exit(main())
