"""`anbu calls`: the sentences of the calls, recording them, looking at them, hearing them.

Knows: the terminal. May not know: how sound is made or judged, telephone lines.
"""

from __future__ import annotations

import argparse
import os
import tempfile
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

from gateway.calls.sentences import LANGUAGES, sentences
from gateway.voice import Spoken, Voice, VoiceError
from gateway.voice.spoken import GAP, Piece
from tools.technician.calls import listing
from tools.technician.calls.listing import GOOD, MISSING, STRANGE, WRONG, Looked
from tools.technician.calls.microphone import Microphone
from tools.technician.said import Exit, Refused, Said, Told, hold, write_whole

_MARKS = {GOOD: "good   ", MISSING: "missing", WRONG: "WRONG  ", STRANGE: "WRONG  "}
_Act = Callable[[argparse.Namespace, Said], Told]
_QUESTION = "Enter: record   s: leave it out   q: end > "


def main(arguments: argparse.Namespace) -> int:
    """Exit 0: done; 1: a recording is wrong, or no sound could be made."""
    acts = {"sentences": _sentences, "check": _check, "record": _record, "say": _say}
    return hold(arguments, lambda said: _voiced(acts[arguments.act], arguments, said))


def _voiced(act: _Act, arguments: argparse.Namespace, said: Said) -> Told:
    try:
        return act(arguments, said)
    except VoiceError as error:
        wrong, _, then = str(error).rpartition(": ")
        raise Refused(wrong or then, then if wrong else "") from None


def _languages(arguments: argparse.Namespace) -> tuple[str, ...]:
    return (arguments.language,) if arguments.language else LANGUAGES


def _sentences(arguments: argparse.Namespace, said: Said) -> Told:
    pieces = listing.recordable(_languages(arguments))
    if arguments.csv:
        said.say(listing.as_csv(pieces), end="")
    else:
        for piece in pieces:
            said.say(f"{listing.file_of(piece):24} {piece.text}")
    return {"sentences": [{"file": listing.file_of(p), "text": p.text} for p in pieces]}


def _check(arguments: argparse.Namespace, said: Said) -> Told:
    if not arguments.folder.is_dir():
        raise Refused(f"{arguments.folder} is no folder", "give the folder that has ko/ or en/")
    found = listing.look(arguments.folder, _languages(arguments))
    for one in found:
        said.say(f"{_MARKS[one.state]}  {one.file}{_why(one)}")
    told: Told = {"files": [asdict(one) for one in found]}
    wrong = [one for one in found if one.wrong]
    if not wrong:
        missing = sum(one.state == MISSING for one in found)
        said.say(f"{missing} not recorded: the machine's voice says them." if missing else "All.")
        return told
    more = f" (and {len(wrong) - 1} more files)" if len(wrong) > 1 else ""
    return told | {
        "exit": int(Exit.FAILED),
        "error": f"{wrong[0].file}: {wrong[0].wrong[0]}{more}",
    }


def _why(one: Looked) -> str:
    return f": {'; '.join(one.wrong)}" if one.wrong else ""


def _record(arguments: argparse.Namespace, said: Said) -> Told:
    pieces = [p for p in listing.recordable(_languages(arguments)) if _wanted(p, arguments)]
    if not pieces:
        raise Refused("no sentence has such a name", "see anbu calls sentences")
    recorded: list[str] = []
    for piece in pieces:
        said.left = f"{len(recorded)} recorded, each is whole"
        said.say(f"\n{listing.file_of(piece)}\n    {piece.text}")
        answer = said.ask(_QUESTION)
        while answer == "" and not _recorded(arguments, piece, said):
            answer = said.ask(_QUESTION)
        if answer == "q":
            break
        if answer == "":
            recorded.append(listing.file_of(piece))
    return {"recorded": recorded}


def _wanted(piece: Piece, arguments: argparse.Namespace) -> bool:
    """Named, or, where none was named, not recorded yet."""
    if arguments.key:
        return piece.stem in arguments.key
    return not (arguments.folder / listing.file_of(piece)).is_file()


def _recorded(arguments: argparse.Namespace, piece: Piece, said: Said) -> bool:
    """Record one; kept only if it is good."""
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        (folder / piece.language).mkdir()
        path = folder / listing.file_of(piece)
        microphone = Microphone(arguments.source, path)
        try:
            said.ask("Speak. Enter: it is said > ")
        finally:
            microphone.end()
        looked = listing.looked(folder, piece)
        if looked.wrong:
            said.say(f"Not kept: {'; '.join(looked.wrong)}")
            return False
        to = arguments.folder / listing.file_of(piece)
        to.parent.mkdir(parents=True, exist_ok=True)
        write_whole(to, path.read_bytes())
    said.say("Kept.")
    return True


def _say(arguments: argparse.Namespace, said: Said) -> Told:
    language = arguments.language or LANGUAGES[0]
    texts = {k: t for k, lang, t in sentences() if lang == language}
    text = texts.get(arguments.sentence, arguments.sentence)
    if GAP in text and not arguments.name:
        raise Refused(f"{arguments.sentence} says a name", "give it by --name")
    spoken = Spoken(arguments.sentence, language, text, arguments.name, "nobody")
    with tempfile.TemporaryDirectory() as made:
        paths = Voice(Path(made) / "voice", arguments.sounds).wavs(spoken)
        write_whole(arguments.out, listing.joined(paths))
    said.say(f"{arguments.out}: {spoken.whole}")
    return {"out": os.fspath(arguments.out), "text": spoken.whole}
