"""Text that came from anywhere, made safe to be shown on one line.

Here belongs what stands for a character that nobody would see, or that would command a terminal. What is shown, and
where, is decided by whoever shows it.
"""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from os import PathLike

SIGNS = {"\n": "↵", "\t": "→"}
"""What stands for the two that every text has."""

UNSEEN = re.compile(
    "[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff"  # control, separators of lines and paragraphs, lone surrogates
    # and format characters (Cf) of Unicode 15, the tags among them
    "\xad\u0600-\u0605\u061c\u06dd\u070f\u0890\u0891\u08e2\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f"
    "\ufeff\ufff9-\ufffb\U000110bd\U000110cd\U00013430-\U0001343f\U0001bca0-\U0001bca3\U0001d173-\U0001d17a"
    "\U000e0001\U000e0020-\U000e007f]"
)
"""A character that a reader could not see, or that a terminal would obey."""

UNFIT = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff\u2028\u2029\u202a-\u202e\u2066-\u2069]")
"""A character that nothing may have which is published as somebody gave it: UTF-8 cannot hold it, it commands what
shows it, or it turns the order of the others round. Marks that some scripts need are none."""


def visible(text: str, *, keep: str = "") -> str:
    r"""The text on one line, with a sign or a number for everything that a reader could not see.

    >>> visible("a\r\n\tb\x1b[31m\u202e文")
    'a\\x0d↵→b\\x1b[31m\\u202e文'
    >>> visible("a\nb", keep="\n") == "a\nb"
    True

    Made visible are the characters of :data:`UNSEEN`. Left alone are spaces of every width, and those in `keep`.
    """
    return text if text.isprintable() else UNSEEN.sub(lambda match: _sign(match[0], keep), text)


def visible_path(path: str | PathLike[str]) -> str:
    r"""A path on one line; bytes in it that are no UTF-8 are U+FFFD.

    >>> visible_path(os.fsdecode(b"raw/\xce\xc4.txt")) == "raw/\ufffd\ufffd.txt"
    True
    """
    return visible(os.fsencode(path).decode("utf-8", "replace"))


def _sign(character: str, keep: str) -> str:
    if character in keep:
        return character
    if character in SIGNS:
        return SIGNS[character]
    return character.encode("unicode_escape").decode() if ord(character) > 0xFF else f"\\x{ord(character):02x}"  # noqa: PLR2004  one byte
