"""espeak-ng and sox: text to sound, any recording to the sound of a telephone line, measures.

Knows: the command lines of both programs and what they answer. May not know: which sentence it is,
where files are kept. What is said is handed over by standard input: a name never stands in the
list of processes.

espeak-ng(1): --stdin -b 1 (UTF-8) -v VOICE -s WORDS_A_MINUTE. sox(1): the effects norm, silence,
reverse, pad, stats.
"""

from __future__ import annotations

import contextlib
import io
import resource
import subprocess
import wave
from pathlib import Path

from gateway.voice.judged import Measured

RATE_HZ = 8000
"""What a telephone carries (G.711, GSM, a modem's PCM): s16le, one channel."""
SAMPLE_BYTES = 2
_SPEED_WPM = 130  # slower than espeak-ng's 175: for ears that are not young
_PEAK_DB = "-3"
_QUIET = "0.5%"  # below it, at an end, it is silence
_EDGE_S = ("0.02", "0.08")
_TRIM = ("silence", "1", "0.02", _QUIET, "reverse")
_CPU_S = 20  # ends a program that goes round in circles; whatever clock the house has
_NOTHING = "there is nothing to hear in it: give it words, or record it again"


class VoiceError(Exception):
    """A sentence cannot be made into sound: what is missing and what to do, in one line."""


def say(text: str, language: str) -> bytes:
    """The text as espeak-ng says it, as telephone sound (s16le, 8 kHz). Raises VoiceError."""
    speaking = ("espeak-ng", "-v", language, "-s", str(_SPEED_WPM), "-b", "1", "--stdin", "-z")
    wav = _run((*speaking, "--stdout"), text.encode())
    if not wav:
        raise VoiceError(_NOTHING)
    return _telephone(("--ignore-length", "-t", "wav", "-"), wav)


def levelled(path: Path) -> bytes:
    """A recording of any rate and level as telephone sound (s16le, 8 kHz). Raises VoiceError."""
    return _telephone((str(path.absolute()),), b"")


def measure(path: Path) -> Measured:
    """Look at a recording. Raises VoiceError where sox cannot read it."""
    name = str(path.absolute())
    stats = _stats(("sox", name, "-n", "remix", "-", "stats"))
    length_s = stats["Length s"]
    lead = _stats(("sox", name, "-n", "remix", "-", *_TRIM[:-1], "stats"))
    tail = _stats(("sox", name, "-n", "remix", "-", "reverse", *_TRIM[:-1], "stats"))
    return Measured(
        rate_hz=int(_run(("soxi", "-r", name), b"")),
        length_s=length_s,
        peak_db=stats["Pk lev dB"],
        loud_db=stats["RMS Pk dB"],
        flat=stats["Flat factor"],
        lead_s=length_s - lead["Length s"],
        tail_s=length_s - tail["Length s"],
    )


def wav_of(pcm: bytes) -> bytes:
    """Telephone sound as a WAV file."""
    file = io.BytesIO()
    with wave.open(file, "wb") as wav:
        wav.setnchannels(1)
        wav.setsampwidth(SAMPLE_BYTES)
        wav.setframerate(RATE_HZ)
        wav.writeframes(pcm)
    return file.getvalue()


def is_whole(path: Path) -> bool:
    """Whether it is a WAV as `wav_of` makes it, to its last sample: a power cut may leave less."""
    try:
        with wave.open(str(path), "rb") as wav:
            said_bytes = wav.getnframes() * SAMPLE_BYTES
            return 0 < said_bytes == len(wav.readframes(wav.getnframes()))
    except (OSError, EOFError, wave.Error):
        return False


def _telephone(source: tuple[str, ...], data: bytes) -> bytes:
    to = ("-t", "raw", "-r", str(RATE_HZ), "-e", "signed", "-b", "16", "-c", "1", "-")
    effects = (*_TRIM, *_TRIM, "norm", _PEAK_DB, "pad", *_EDGE_S)
    pcm = _run(("sox", "-D", *source, *to, *effects), data)
    if len(pcm) <= sum(float(edge) for edge in _EDGE_S) * RATE_HZ * SAMPLE_BYTES:
        raise VoiceError(_NOTHING)
    return pcm


def _stats(command: tuple[str, ...]) -> dict[str, float]:
    """What the effect `stats` prints, by its names; silence has a level of "-inf"."""
    found: dict[str, float] = {"Length s": 0.0, "Pk lev dB": float("-inf")}
    found |= {"RMS Pk dB": float("-inf"), "Flat factor": 0.0}
    for line in _run(command, b"", errors=True).decode("ascii", "replace").split("\n"):
        name, _, value = line.strip().rpartition(" ")
        try:
            found[name.strip()] = float(value)
        except ValueError:  # a measure that is no number
            continue
    return found


def _run(command: tuple[str, ...], data: bytes, *, errors: bool = False) -> bytes:
    """What a program wrote: to standard output, or (`errors`) to standard error."""
    program, pipe = command[0], subprocess.PIPE
    try:
        running = subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=pipe)  # noqa: S603
    except FileNotFoundError:
        package = "espeak-ng" if program == "espeak-ng" else "sox"
        raise VoiceError(f"{program} is not installed: apt install {package}") from None
    with contextlib.suppress(ProcessLookupError):  # it may have ended already
        resource.prlimit(running.pid, resource.RLIMIT_CPU, (_CPU_S, _CPU_S))
    out, said = running.communicate(data)
    if running.returncode != 0:
        last = said.decode("utf-8", "replace").strip().split("\n")[-1]
        raise VoiceError(f"{program} cannot use it: {last or running.returncode}")
    return said if errors else out
