"""What is said of every dataset, in two languages, and the Chinese for each sentence of the data dictionary.

Here belongs reading the two files. The statements stand once for the card and for Croissant; the Chinese sentences are
looked up by the English ones, so that a sentence which changes asks for its translation anew.
"""

from __future__ import annotations

import functools
import json
from pathlib import Path
from typing import Any, Literal, TypeAlias

Language: TypeAlias = Literal["en", "zh"]
LANGUAGES: tuple[Language, ...] = ("en", "zh")

_HERE = Path(__file__).parent


@functools.cache
def statements(language: Language) -> dict[str, Any]:
    """The statements in one language: texts, and `caveats` as a list of them.

    >>> sorted(statements("en")) == sorted(statements("zh"))
    True
    """
    said: dict[str, dict[str, Any]] = json.loads((_HERE / "statements.json").read_text("utf-8"))
    return said[language]


@functools.cache
def _chinese() -> dict[str, str]:
    translated: dict[str, str] = json.loads((_HERE / "chinese.json").read_text("utf-8"))
    return translated


def sentence_in(language: Language, sentence: str) -> str:
    """A sentence of the data dictionary in a language.

    >>> sentence_in("en", "The collection.")
    'The collection.'

    One that has no translation stays as it is; a test sees to it that there is none.
    """
    return sentence if language == "en" else _chinese().get(sentence, sentence)
