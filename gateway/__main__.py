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

from gateway.app import front, run
from gateway.app.app import tell_faults, tell_on_stdout
from gateway.clock import SystemClock
from gateway.config import Config, ConfigError, load
from gateway.log import LogUnavailable
from gateway.sources.radio import load_backend
from gateway.vault import Vault, VaultUnavailable, beside

EXIT_OK = 0
EXIT_FAILED = 1
EXIT_CONFIG = 2


def main(argv: Sequence[str] | None = None) -> int:
    """Run the gateway until it is told to stop; its exit code."""
    parser = argparse.ArgumentParser(prog="anbu gateway", description="Run the gateway of a home.")
    parser.add_argument("--config", required=True, type=Path, metavar="FILE", help="TOML file")
    claim = "show a new code by which somebody gets in at the page, and end"
    parser.add_argument("--claim", action="store_true", help=claim)
    parser.add_argument("--events", action="store_true", help="print every fact as a JSON line")
    arguments = parser.parse_args(argv)
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")
    try:
        config = load(arguments.config)
        if arguments.claim:
            return _claim(config)
        backend = load_backend(config.radio.backend)
    except ConfigError as error:
        return _say([f"{error.path}: {problem}" for problem in error.problems], EXIT_CONFIG)
    except ImportError as error:
        problem = f"{arguments.config}: [radio] backend: {error}; allowed: bluez, or a module"
        return _say([problem], EXIT_CONFIG)
    try:
        asyncio.run(run(config, backend, tell_on_stdout if arguments.events else tell_faults))
    except (LogUnavailable, VaultUnavailable, ValueError) as error:
        return _say([str(error)], EXIT_FAILED)
    return EXIT_OK


def _claim(config: Config) -> int:
    """A code for whoever sits at the gateway itself: a first account, or a forgotten password."""
    if config.web is None:
        return _say(
            ["there is no [web] in the configuration, so no page to sign in at"], EXIT_CONFIG
        )
    try:
        vault = Vault(beside(config.database))
        code = vault.codes.claim(SystemClock().now_ms())
    except (VaultUnavailable, ValueError) as error:
        return _say([str(error)], EXIT_FAILED)
    vault.close()
    print(front.how_to_claim(config.web, code), end="")
    return EXIT_OK


def _say(problems: list[str], code: int) -> int:
    for problem in problems:
        print(f"anbu gateway: {problem}", file=sys.stderr)
    return code


if __name__ == "__main__":
    sys.exit(main())
