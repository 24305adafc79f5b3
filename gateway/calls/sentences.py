"""Every sentence that a call can say, in both languages.

Knows: the words, and the one gap a sentence may have. May not know: when one is said, sounds.

She is eighty and holds an old telephone: a sentence says one thing, names the key last, and hurries
nobody. Numbers are spelt as they are spoken, so that a machine's voice cannot read them otherwise.
Nothing here calls anything missed, names an illness, or tells anybody to take a medicine.
"""

from __future__ import annotations

from collections.abc import Iterator

LANGUAGES = ("ko", "en")

SENTENCES: dict[str, dict[str, str]] = {
    "hello": {
        "ko": "{name} 님, 안녕하세요.",
        "en": "Hello, {name}.",
    },
    "who": {
        "ko": "안부를 여쭙는 자동 전화입니다.",
        "en": "This is the automatic call that asks how you are.",
    },
    "cut-off": {
        "ko": "아까 전화가 끊겨서, 다시 전화드렸습니다.",
        "en": "We were cut off, so we are calling again.",
    },
    "here": {
        "ko": "잘 들리시면, 일 번을 눌러 주세요.",
        "en": "If you can hear me well, please press one.",
    },
    "zero": {
        "ko": "담당자와 통화하고 싶으시면, 언제든지 영 번을 눌러 주세요.",
        "en": "If you would like somebody to call you, press zero at any time.",
    },
    "meals": {
        "ko": "오늘 식사는 하셨어요? 하셨으면 일 번, 못 하셨으면 이 번을 눌러 주세요.",
        "en": "Have you eaten today? If yes, press one. If not, press two.",
    },
    "sleep": {
        "ko": "어젯밤에 잘 주무셨어요? 잘 주무셨으면 일 번, 잘 못 주무셨으면 이 번을 눌러 주세요.",
        "en": "Did you sleep well last night? If yes, press one. If not, press two.",
    },
    "outing": {
        "ko": "어제나 오늘 밖에 나가셨어요? 나가셨으면 일 번, 안 나가셨으면 이 번을 눌러 주세요.",
        "en": "Did you go out yesterday or today? If yes, press one. If not, press two.",
    },
    "medication": {
        "ko": "오늘 약은 드셨어요? 드셨으면 일 번, 아직이시거나 잘 모르시면 이 번을 눌러 주세요.",
        "en": "Have you had your medicine today? If yes, press one. "
        "If not yet, or you are not sure, press two.",
    },
    "no-medicine": {
        "ko": "드시는 약이 없으시면, 삼 번을 눌러 주세요.",
        "en": "If you have no medicine to take, press three.",
    },
    "opened": {
        "ko": "오늘 약통을 여신 것은 확인했습니다.",
        "en": "Your pill box tells us that you opened it today.",
    },
    "pain": {
        "ko": "몸은 괜찮으세요? 괜찮으시면 일 번, 아프거나 불편하시면 이 번을 눌러 주세요.",
        "en": "Do you feel all right? If yes, press one. "
        "If something hurts, or you feel unwell, press two.",
    },
    "worry": {
        "ko": "마음은 편안하세요? 편안하시면 일 번, 걱정이 있으시면 이 번을 눌러 주세요.",
        "en": "Is your mind at ease? If yes, press one. If something worries you, press two.",
    },
    "well": {
        "ko": "잘 지내고 계시면 일 번, 담당자와 통화하고 싶으시면 영 번을 눌러 주세요.",
        "en": "If you are well, press one. If you would like somebody to call you, press zero.",
    },
    "thanks": {
        "ko": "네, 알겠습니다.",
        "en": "Thank you.",
    },
    "once-more": {
        "ko": "천천히 하셔도 됩니다. 다시 여쭙겠습니다.",
        "en": "There is plenty of time. I will ask once more.",
    },
    "promise": {
        "ko": "네, 담당자에게 바로 전하겠습니다. 담당자가 전화를 드리겠습니다.",
        "en": "I am telling the office now. Somebody will call you.",
    },
    "urgent": {
        "ko": "급하시면, 기다리지 마시고 일일구에 전화해 주세요.",
        "en": "If it is urgent, do not wait: call one one nine.",
    },
    "told": {
        "ko": "대답을 잘 듣지 못했습니다. 담당자에게 전하겠습니다.",
        "en": "I could not hear your answer. I am telling the office.",
    },
    "bye": {
        "ko": "고맙습니다. 안녕히 계세요.",
        "en": "Thank you. Goodbye.",
    },
}


def sentences() -> Iterator[tuple[str, str, str]]:
    """(key, language, text) of each sentence in each language."""
    for key, texts in SENTENCES.items():
        for language, text in texts.items():
            yield key, language, text
