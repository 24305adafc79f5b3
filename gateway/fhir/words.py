"""The words of this room, by language.

Knows: which languages there are. May not know: what is said when.
"""

from __future__ import annotations

from gateway.fhir import words_en, words_ko

WORDS: dict[str, dict[str, str]] = {"ko": words_ko.WORDS, "en": words_en.WORDS}


def say(language: str, key: str, **values: object) -> str:
    """The words under `key`. Raises KeyError for a language or key there is not."""
    return WORDS[language][key].format(**values)
