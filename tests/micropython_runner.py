"""Run under MicroPython: imports a test module and runs its functions `test_*`, a line for each.

Knows: the module's name (first argument). May not know: pytest.
"""

import sys


def run(name: str) -> None:
    """Print `@pass NAME`, or `@fail NAME` and a traceback, for each test of the module."""
    module = __import__(name)
    for test in sorted(n for n in dir(module) if n.startswith("test_")):
        try:
            getattr(module, test)()
        except Exception as error:  # noqa: BLE001 - whatever a test raises is its failure
            print("@fail " + test)
            sys.print_exception(error, sys.stdout)  # type: ignore[attr-defined]
        else:
            print("@pass " + test)


run(sys.argv[1])
