"""The `anbu` command: which words it takes, and who does the work.

Knows: the command line. May not know: how a house is built or a gateway runs; each part is
imported only when asked for, so that `anbu gateway` needs nothing of the virtual home.
"""

from __future__ import annotations

import argparse
import socket
import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from tools import cli_technician
from tools.technician import said

EXIT_OK = 0
EXIT_FAILED = 1
EXIT_USAGE = 2
_EVENTS_MIN, _EVENTS_MAX = 100, 20_000  # the box's log holds 24,576
_HOURS_MAX = 24  # one day's schedule is made
_ROUNDS_MAX = 7  # a slot's index is a byte: 28 new ones a round
_YEARS_MAX = 20
_RESIDENTS_MIN, _RESIDENTS_MAX = 100, 20_000  # 61 of them come due apart from the others
_DOSES_MAX = 100_000
_SPEED_MAX = 400  # beyond, a real second of work is more than six minutes of the house


def _parser() -> argparse.ArgumentParser:
    parser = said.Parser(prog="anbu", description="Anbu asks after somebody.")
    parts = parser.add_subparsers(dest="part", required=True, metavar="PART")
    gateway = parts.add_parser("gateway", help="run the gateway of a home")
    gateway.add_argument("--config", required=True, metavar="FILE", help="TOML, see example.toml")
    claim = "show a new code by which somebody gets in at the page, and end"
    gateway.add_argument("--claim", action="store_true", help=claim)
    gateway.add_argument("--events", action="store_true", help="print every event as a JSON line")
    home = parts.add_parser("home", help="a virtual home without hardware")
    acts = home.add_subparsers(dest="act", required=True, metavar="ACT")
    acts.add_parser("list", help="the stories there are")
    run = acts.add_parser("run", help="run a story to its end; exit 0 if all it expects held")
    run.add_argument("story", metavar="STORY")
    _add_pace(run)
    run.add_argument("--json", action="store_true", help="print one JSON object at the end")
    demo = acts.add_parser("demo", help="live with a prepared resident, with a page, until Ctrl-C")
    _add_pace(demo)
    demo.add_argument("--port", type=int, default=8080, metavar="N", help="of the page (8080)")
    _add_bench(parts.add_parser("bench", help="measure what the real code costs"))
    cli_technician.add(parts)
    return parser


def _add_bench(bench: argparse.ArgumentParser) -> None:
    what = bench.add_subparsers(dest="what", required=True, metavar="WHAT")
    radio = what.add_parser("radio", help="sync, seal and flash: what one stored event costs")
    radio.add_argument("--json", action="store_true", help="print one JSON object")
    radio.add_argument(
        "--events", type=_events, default=10_000, metavar="N", help="100 to 20000 (10000)"
    )

    power = what.add_parser("power", help="how long the battery lasts by a day as it was lived")
    power.add_argument("--json", action="store_true", help="print one JSON object")
    power.add_argument(
        "--mode", choices=["backup", "battery"], default="battery", help="the board's (battery)"
    )
    power.add_argument("--hours", type=_hours, default=24, metavar="N", help="1 to 24 (24)")
    adherence = what.add_parser("adherence", help="folding ten years, a day of many residents")
    adherence.add_argument("--json", action="store_true", help="print one JSON object")
    adherence.add_argument("--years", type=_years, default=10, metavar="N", help="1 to 20 (10)")
    adherence.add_argument(
        "--residents",
        type=_residents,
        default=[100, 1000, 10_000],
        metavar="N,N",
        help="of each street, 100 to 20000 (100,1000,10000; wants 200 KB each)",
    )
    page = what.add_parser("page", help="the officer's list, by persons and beside ingest")
    page.add_argument("--json", action="store_true", help="print one JSON object")
    page.add_argument("--persons", type=_residents, default=[1000, 10_000], metavar="N,N")
    page.add_argument("--questions", type=_events, default=300, metavar="N", help="a list (300)")
    page.add_argument("--beside", type=_residents, default=[100, 1000], metavar="N,N")
    page.add_argument("--seconds", type=_hours, default=20, metavar="N", help="1 to 24 (20)")
    every = "each page of an officer and each rule, of so many (none)"
    page.add_argument("--every", type=_residents, default=[], metavar="N,N", help=every)
    page.add_argument("--days", type=_hours, default=7, metavar="N", help="with doses (7)")
    line = what.add_parser("line", help="from bare board to label: one alone, eight at once")
    line.add_argument("--json", action="store_true", help="print one JSON object")
    modem = what.add_parser("modem", help="the modem's faults: how soon found, how soon recovered")
    modem.add_argument("--json", action="store_true", help="print one JSON object")
    told = what.add_parser("told", help="how soon somebody is told of a dose nobody confirmed")
    told.add_argument("--json", action="store_true", help="print one JSON object")
    told.add_argument("--doses", type=_doses, default=10_000, metavar="N", help="10000")
    told.add_argument("--seed", type=int, default=1, metavar="S", help="of everything drawn (1)")
    calls = what.add_parser("calls", help="telephone calls: every key once, how soon, how many")
    calls.add_argument("--json", action="store_true", help="print one JSON object")
    calls.add_argument("--calls", type=_events, default=1000, metavar="N", help="100 to 20000")
    _add_inactivity(what)
    box = what.add_parser("box", help="how soon light and sound answer a hand")
    box.add_argument("--json", action="store_true", help="print one JSON object")
    box.add_argument("--rounds", type=_rounds, default=4, metavar="N", help="1 to 7 of 27 lids (4)")
    box.add_argument("--seed", type=int, default=1, metavar="S", help="of everything drawn (1)")


def _add_inactivity(what: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    silent = what.add_parser("inactivity", help="detectors of silence on recorded homes")
    silent.add_argument(
        "folders",
        nargs="*",
        type=Path,
        metavar="FOLDER",
        help="CSV: time, and kettle, microwave or mains",
    )
    silent.add_argument("--json", action="store_true", help="print one JSON object")
    silent.add_argument("--plot", type=Path, metavar="FILE.svg", help="draw the trade-off (slower)")
    silent.add_argument("--drawn", action="store_true", help="five drawn homes too")
    silent.add_argument("--from", dest="first", type=_date, default=date.min, metavar="DAY")
    silent.add_argument(
        "--until", type=_date, default=date.max, metavar="DAY", help="judge only silences of these"
    )
    daylight = what.add_parser("daylight", help="lamp steps told from daylight, on recorded light")
    daylight.add_argument("folder", type=Path, metavar="FOLDER", help="of UCI's occupancy data")
    daylight.add_argument("--json", action="store_true", help="print one JSON object")


def _date(word: str) -> date:
    try:
        return date.fromisoformat(word)
    except ValueError as error:
        raise argparse.ArgumentTypeError("a day, as 2014-11-01") from error


def _rounds(word: str) -> int:
    rounds = int(word)
    if not 1 <= rounds <= _ROUNDS_MAX:
        raise argparse.ArgumentTypeError(f"a whole number from 1 to {_ROUNDS_MAX}")
    return rounds


def _events(word: str) -> int:
    events = int(word)
    if not _EVENTS_MIN <= events <= _EVENTS_MAX:
        raise argparse.ArgumentTypeError(f"a whole number from {_EVENTS_MIN} to {_EVENTS_MAX}")
    return events


def _years(word: str) -> int:
    years = int(word)
    if not 1 <= years <= _YEARS_MAX:
        raise argparse.ArgumentTypeError(f"a whole number from 1 to {_YEARS_MAX}")
    return years


def _residents(word: str) -> list[int]:
    residents = [int(each) for each in word.split(",")]
    if not all(_RESIDENTS_MIN <= each <= _RESIDENTS_MAX for each in residents):
        raise argparse.ArgumentTypeError(
            f"whole numbers from {_RESIDENTS_MIN} to {_RESIDENTS_MAX}, commas between"
        )
    return residents


def _doses(word: str) -> int:
    doses = int(word)
    if not 1 <= doses <= _DOSES_MAX:
        raise argparse.ArgumentTypeError(f"a whole number from 1 to {_DOSES_MAX}")
    return doses


def _hours(word: str) -> int:
    hours = int(word)
    if not 1 <= hours <= _HOURS_MAX:
        raise argparse.ArgumentTypeError(f"a whole number from 1 to {_HOURS_MAX}")
    return hours


def _add_pace(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--speed", type=_speed, default=60, metavar="N", help="1 to 400 (60)")
    parser.add_argument("--seed", type=int, default=1, metavar="S", help="of everything drawn (1)")


def _speed(word: str) -> int:
    speed = int(word)
    if not 1 <= speed <= _SPEED_MAX:
        raise argparse.ArgumentTypeError(f"a speed is a whole number from 1 to {_SPEED_MAX}")
    return speed


def _bench(arguments: argparse.Namespace) -> int:
    if arguments.what in {"inactivity", "daylight"}:
        return _recorded(arguments)
    if arguments.what in {"power", "box", "radio", "line", "calls"}:
        return _measured(arguments)
    if arguments.what == "adherence":
        from tools.bench import adherence  # noqa: PLC0415  # it wants nothing of the virtual home

        return adherence.run(arguments.years, arguments.residents, as_json=arguments.json)
    if arguments.what == "modem":
        from tools.bench import modem  # noqa: PLC0415  # as above

        return modem.run(as_json=arguments.json)
    if arguments.what == "page":
        from tools.bench import page  # noqa: PLC0415  # as above

        return page.run(
            arguments.persons,
            arguments.questions,
            arguments.beside,
            arguments.seconds,
            every=arguments.every,
            days=arguments.days,
            as_json=arguments.json,
        )
    from tools.bench import told  # noqa: PLC0415  # as above

    return told.run(arguments.doses, arguments.seed, as_json=arguments.json)


def _measured(arguments: argparse.Namespace) -> int:
    """The benches that want the virtual home, or processes of their own."""
    if arguments.what == "line":
        from tools.bench import line  # noqa: PLC0415  # it starts processes of its own

        return line.run(as_json=arguments.json)
    if arguments.what == "calls":
        from tools.bench import calls  # noqa: PLC0415  # as above

        return calls.run(arguments.calls, as_json=arguments.json)
    from tools.bench import power, radio, reaction  # noqa: PLC0415  # as for the home

    if arguments.what == "power":
        return power.run(arguments.mode, arguments.hours, as_json=arguments.json)
    if arguments.what == "box":
        return reaction.run(arguments.rounds, arguments.seed, as_json=arguments.json)
    return radio.run(arguments.events, as_json=arguments.json)


def _recorded(arguments: argparse.Namespace) -> int:
    """The benches that read recordings."""
    from tools.bench import daylight, inactivity  # noqa: PLC0415  # nothing of the home

    if arguments.what == "daylight":
        return daylight.run(arguments.folder, as_json=arguments.json)
    if not arguments.folders and not arguments.drawn:
        print("anbu: bench inactivity wants a FOLDER, or --drawn", file=sys.stderr)
        return EXIT_USAGE
    return inactivity.run(
        arguments.folders,
        as_json=arguments.json,
        plot=arguments.plot,
        period=(arguments.first, arguments.until),
        drawn=arguments.drawn,
    )


def _home(arguments: argparse.Namespace) -> int:
    # The virtual home's packages are an extra that a gateway does not have.
    from tools.home import launch  # noqa: PLC0415
    from tools.home.stories import STORIES  # noqa: PLC0415

    if arguments.act == "list":
        for story in STORIES.values():
            print(f"{story.name:32} {story.about}")
        return EXIT_OK
    if arguments.act == "run":
        if arguments.story not in STORIES:
            names = ", ".join(STORIES)
            print(f"anbu: no story {arguments.story!r}; there are: {names}", file=sys.stderr)
            return EXIT_USAGE
        story = STORIES[arguments.story]
        flags = ["--json"] if arguments.json else []
        return launch.inside(story, arguments.speed, arguments.seed, flags)
    if not _is_free(arguments.port):
        does = "end what listens there (another demo?), or name another port by --port"
        print(f"anbu: port {arguments.port} of the page is taken: {does}", file=sys.stderr)
        return EXIT_USAGE
    return launch.inside(
        STORIES["demo"], arguments.speed, arguments.seed, ["--port", str(arguments.port)]
    )


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # one that ended just now is
        try:
            probe.bind(("127.0.0.1", port))
        except (OSError, OverflowError):
            return False
    return True


def main(argv: Sequence[str] | None = None) -> int:
    """Runs one command; returns its exit code (0 done, 1 did not hold, 2 wrong words)."""
    words = list(sys.argv[1:] if argv is None else argv)
    try:
        arguments = _parser().parse_args(words)
    except said.WrongWords as wrong:
        said.refuse_words(wrong, as_json="--json" in words)
    if arguments.part == "gateway":
        from gateway.__main__ import main as gateway_main  # noqa: PLC0415

        return gateway_main(words[1:])
    if arguments.part in cli_technician.PARTS:
        try:
            return cli_technician.run(arguments)
        except KeyboardInterrupt:  # while its parts were still being loaded
            print("anbu: stopped by hand: nothing was changed", file=sys.stderr)
            return int(said.Exit.STOPPED)
    try:
        return _bench(arguments) if arguments.part == "bench" else _home(arguments)
    except ModuleNotFoundError as missing:  # of an extra that a gateway does not have
        todo = "python3 -m pip install -c constraints.txt -e '.[home,calls]'"
        where = f"where this project stands: {todo}"
        print(f"anbu: {missing.name} is not installed; {where}", file=sys.stderr)
        return EXIT_FAILED


if __name__ == "__main__":
    sys.exit(main())
