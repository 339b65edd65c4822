r"""A text in which other signs stand for characters: entities, percent signs, escapes; and some for nothing at all.

Here belongs how such a text reads, for who looks for something in it. What of it is changed in the text itself belongs
in :mod:`pipeline.steps.characters`, :mod:`pipeline.steps.escapes` and :mod:`pipeline.steps.controls`.
"""

from __future__ import annotations

import html
import re

from pipeline.character_class import CharacterClass
from pipeline.edits import Layer

_ZERO_WIDTH = "\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff"
_MAY_STAND_FOR = CharacterClass(rf"[&%\\{_ZERO_WIDTH}]")
_OF_NO_WIDTH = CharacterClass(f"[{_ZERO_WIDTH}]")
_SPLIT = re.compile(f"(?<=[0-9A-Za-z@._%+\uff01-\uff5e-])[{_ZERO_WIDTH}]+(?=[0-9A-Za-z@._%+\uff01-\uff5e-])")
_SPACES = "nbsp|ensp|emsp|thinsp|#160|#x[aA]0|#8194|#8195|#8201|#12288|#x200[239]|#x3000"

# Of ASCII, what has no need to be escaped: `&amp;` and `%2F` stand in every page.
_DECIMAL = "0*(?:4[0135-9]|5[0-7]|6[4-9]|[78][0-9]|90|95|9[7-9]|1[01][0-9]|12[0-2])"
_HEXADECIMAL = "0*(?:2[89bBdDeE]|3[0-9]|4[0-9a-fA-F]|5[0-9aAfF]|6[1-9a-fA-F]|7[0-9aA])"
_NEEDLESS = {
    "&": re.compile(
        rf"&(?:amp;)*(?:#(?:{_DECIMAL}|[xX]{_HEXADECIMAL})(?![0-9a-fA-F])|(?:commat|period|lowbar|hyphen|dash|plus|num"
        rf"|lpar|rpar|shy|zwnj|zwj|ZeroWidthSpace);|(?<=[0-9]&)(?:{_SPACES});?(?=[0-9])"
        "|#(?:[0-9]{5}|[xX][0-9a-fA-F]{4});[^&<>\\n0-9]{0,8}[0-9(（+][0-9)） -]{6})"  # a word, and its number
    ),
    "%": re.compile(
        "%(?:25)*(?:40|2[89bBdDeE]|3[0-9]|4[1-9a-fA-F]|5[0-9aAfF]|6[1-9a-fA-F]|7[0-9aA])|(?<=[0-9])%20(?=[0-9])"
    ),
    "\\": re.compile(rf"\\(?:u00|x){_HEXADECIMAL}"),
}
_SIGN = re.compile(
    r"&(?:amp;)*(?:#(?:[0-9]{1,8}|[xX][0-9a-fA-F]{1,7})|[A-Za-z][A-Za-z0-9]{1,24}(?=;));?"
    r"|%(?:25)*[2-7][0-9a-fA-F]|\\{1,4}(?:u[0-9a-fA-F]{4}|x[0-9a-fA-F]{2})"
    f"|[{_ZERO_WIDTH}]"
)


def unescaped(text: str) -> Layer | None:
    r"""The layer that reads what stands for a character as that character; None where nothing does that needs to be.

    >>> text = "mailto:&#119;u%40example.cn"
    >>> layer = unescaped(text)
    >>> layer.apply(text), layer.origin((7, 9))
    ('mailto:wu@example.cn', (7, 14))
    >>> unescaped("https://example.org/?a=%E5%B8%82&amp;b=%2F") is None
    True

    It is no edit of a text: who decodes a page knows what its entities are, and this takes all that look like signs.
    """
    if not _MAY_STAND_FOR.may_occur_in(text):
        return None
    hides = any(sign in text and found.search(text) for sign, found in _NEEDLESS.items())
    if not hides and not (_OF_NO_WIDTH.may_occur_in(text) and _SPLIT.search(text)):
        return None
    found = list(_SIGN.finditer(text))
    return Layer.of_columns(
        text,
        [one.start() for one in found],
        [one.end() - one.start() for one in found],
        [_read(one[0]) for one in found],
        "sign.read",
    )


def _read(sign: str) -> str:
    """What a sign stands for."""
    if sign[0] == "&":
        return html.unescape("&" + sign.replace("amp;", "").lstrip("&"))
    if sign[0] == "%":
        return chr(int(sign[-2:], 16))
    if sign[0] == "\\":
        return chr(int(sign.lstrip("\\")[1:], 16))
    return ""
