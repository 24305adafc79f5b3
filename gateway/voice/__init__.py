"""What a call says, as sound: recorded by a person where somebody did, else spoken by espeak-ng.

Knows: sentences and their gaps ○, what a good recording is ○, espeak-ng and sox ●, the folder of
what was made ●, recordings of calls ●. May not know: when anybody is called, what an answer means,
telephone lines.

    voice = Voice(cache=beside(database), recorded=folder)
    voice.wavs(Spoken("hello", "ko", "{name} 님, 안녕하세요.", "김순자", "kim"))
"""

from gateway.voice.sound import VoiceError
from gateway.voice.spoken import Spoken
from gateway.voice.voice import Voice, beside

__all__ = ["Spoken", "Voice", "VoiceError", "beside"]
