r"""Decode a text whose characters stand in it as numbers: `\u4eba` as JSON and Java write it, `&#20154;` as HTML does.

Here belongs a text that is made of them, which is a wrong reading of a whole file. A single entity that a page left
behind belongs in :mod:`pipeline.steps.characters`.
"""

from __future__ import annotations

import re
import sys
from typing import TYPE_CHECKING

from pipeline.detection.likeness import likeness_of_text
from pipeline.edits import Edit
from pipeline.markup.pages import is_page
from pipeline.text import NOTHING, Finding, Outcome, View

if TYPE_CHECKING:
    from collections.abc import Iterator

RULES = {
    "escape.entity": "A run of numeric HTML entities, in a text that was made of them.",
    "escape.unicode": "A run of escapes like \\u4eba, in a text that was made of them.",
}

FEWEST = 10
"""So many characters of Chinese have to stand as numbers in a text."""

LEAST_SHARE = 0.5
"""Of the characters of Chinese in a text, those that stand as numbers: an article about escapes has fewer."""

LEAST_OF_TEXT = 0.25
"""Of the whole text, what escapes take up: program code has some, in its strings."""

LEAST_LIKENESS = 0.35
"""As for a line that was misread."""

# Of ASCII, what is escaped has a reason to be: a quotation mark in JSON would end the string.
_UNICODE = re.compile(r"(?<!\\)(?:\\u(?!00[0-7])[0-9a-fA-F]{4})+")
_DECIMAL, _HEXADECIMAL = (
    "0*(?:1[3-9][0-9]|12[89]|[2-9][0-9]{2}|[0-9]{4,7})",
    "0*(?:[89a-fA-F][0-9a-fA-F]|[0-9a-fA-F]{3,6})",
)
_ENTITIES = re.compile(f"(?:&#(?:{_DECIMAL}|[xX]{_HEXADECIMAL});)+")
_NUMBER = re.compile("&#(?:([0-9]+)|[xX]([0-9a-fA-F]+));")
_WIDE = re.compile("[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef\U00020000-\U0003ffff]")


def decode_escapes(view: View) -> Outcome:
    r"""Decode escapes in a text that is made of them.

    >>> from pipeline.text import Text
    >>> Text(r"标题：\u4eba\u5de5\u667a\u80fd\u4ea7\u4e1a\u53d1\u5c55\u89c4\u5212").revise(decode_escapes).value
    '标题：人工智能产业发展规划'

    Left alone: escapes in a text that has more characters as they are, and in program code of more than a few lines;
    entities in an HTML page, whose right they are;
    those of ASCII and of halves of characters; what is no common Chinese when it is decoded.
    """
    text = view.text
    if "\\" not in text and "&" not in text:  # one character is looked for in less time than two
        return NOTHING
    edits: list[Edit] = []
    if "\\u" in text:
        edits += _made_of(text, [*_unicode(text)])
    if "&#" in text and not is_page(text):
        edits += _made_of(text, [*_entities(text)])
    return Outcome(sorted(edits), [Finding("flag", "mojibake_repaired")]) if edits else NOTHING


def _made_of(text: str, edits: list[Edit]) -> list[Edit]:
    """The edits, where the text is made of what they decode."""
    decoded = "".join(edit.after for edit in edits)
    wide = len(_WIDE.findall(decoded))
    if wide < FEWEST or wide < LEAST_SHARE * (wide + len(_WIDE.findall(text))):
        return []
    if sum(len(edit.before) for edit in edits) < LEAST_OF_TEXT * len(text):
        return []
    return edits if likeness_of_text(decoded, "chinese").value >= LEAST_LIKENESS else []


def _unicode(text: str) -> Iterator[Edit]:
    for run in _UNICODE.finditer(text):
        units = bytes.fromhex(run[0].replace("\\u", ""))
        try:
            after = units.decode("utf-16-be")
        except UnicodeDecodeError:
            continue
        if not any(map(_stays_escaped, after)):
            yield Edit(run.start(), run[0], after, "escape.unicode")


def _entities(text: str) -> Iterator[Edit]:
    for run in _ENTITIES.finditer(text):
        numbers = [int(decimal or "0") + int(digits or "0", 16) for decimal, digits in _NUMBER.findall(run[0])]
        if all(number <= sys.maxunicode and not _stays_escaped(chr(number)) for number in numbers):
            yield Edit(run.start(), run[0], "".join(map(chr, numbers)), "escape.entity")


def _stays_escaped(character: str) -> bool:
    """Whether an escape was meant: controls have reasons to be one, and half a character can be nothing else."""
    return not character.isprintable() and character not in "\u3000\u00a0"
