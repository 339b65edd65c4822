"""The folded text: what copies of one document share, whatever their script, width, marks, case and white space.

Here belongs what does not count when two texts are compared. Nothing is published that was folded; how alike two folded
texts are belongs in :mod:`pipeline.corpus.shingles`.
"""

from __future__ import annotations

import functools
import unicodedata
from typing import TYPE_CHECKING

import numpy as np

from pipeline.script.conversion import converter
from pipeline.script.tables import CODEC, UNIT, UNIT_COUNT

if TYPE_CHECKING:
    from pipeline.script.tables import Units

_SURROGATES = range(0xD800, 0xE000)

_TO_SIMPLIFIED = ("t2s", "tw2s", "hk2s")
"""Each character alone, through one after the other: what is left over of any orthography meets its Simplified form."""

_MARKS = {
    **dict.fromkeys(",、;", ","),
    **dict.fromkeys(".。!?…", "."),
    **dict.fromkeys("\"'「」『』〝〞〟‘’‚‛“”„‟«»‹›", '"'),
    **dict.fromkeys("([{〔【〖〈《⦅", "("),
    **dict.fromkeys(")]}〕】〗〉》⦆", ")"),
    **dict.fromkeys("-~‐‑‒–—―−〜─━", "-"),
    # What stands for the year's nought in 二○一七年 is a numeral, whatever it is called.
    **dict.fromkeys("○◯", "〇"),
    # Bullets and what Markdown is made of: one copy has them, another does not.
    **dict.fromkeys("#*_`|>^·•‧・※", ""),
}
"""Marks of one use in one form, by what NFKC makes of them. A copy has other marks more often than it has none."""

_NO_WRITING = frozenset({"C", "M", "Z"})
_DIGIT, _COLON = ord("0"), ord(":")


def folded(text: str) -> Units:
    """The folded text in UTF-16 units.

    >>> folded_string("人工智慧（ＡＩ）產業，發展 迅速……"), folded_string("人工智慧(Ai)产业,发展迅速。")
    ('人工智慧(ai)产业,发展迅速.', '人工智慧(ai)产业,发展迅速.')

    Simplified script, full width as half, small letters, marks of one use in one form (，、； as a comma, 。！？… as a
    full stop, every quotation mark, bracket and dash as one), a run of one mark as one mark; white space, control and
    combining characters, bullets, pictures and the signs of Markdown go. Left alone: digits, wherever they stand; words
    that another region has for the same thing; characters beyond the basic plane, which count as two.
    """
    units = _table().take(np.frombuffer(text.encode(CODEC, "surrogatepass"), UNIT))
    units = units[units != 0]
    # All marks but the colon come before the digits in ASCII, and with them a few signs that are seldom doubled.
    again = (units[1:] == units[:-1]) & ((units[1:] < _DIGIT) | (units[1:] == _COLON))
    return np.concatenate((units[:1], units[1:][~again]))


def folded_string(text: str) -> str:
    """The folded text as a string.

    >>> folded_string("二○一七年　第３號")
    '二〇一七年第3号'
    """
    return string(folded(text))


def string(units: Units) -> str:
    """A text of its units."""
    return units.tobytes().decode(CODEC, "surrogatepass")


@functools.cache
def _table() -> Units:
    """What each UTF-16 unit becomes; 0 for what goes."""
    plain = [chr(code) if code in _SURROGATES else _plain(chr(code)) for code in range(UNIT_COUNT)]
    simplified = ["" if code in _SURROGATES else one for code, one in enumerate(plain)]
    for configuration in _TO_SIMPLIFIED:
        simplified = converter(configuration, overlay=True).convert("\n".join(simplified)).split("\n")
    table = np.zeros(UNIT_COUNT, UNIT)
    for code, (before, after) in enumerate(zip(plain, simplified, strict=True)):
        if before:
            table[code] = ord(after if len(after) == 1 and ord(after) < UNIT_COUNT else before)
    return table


def _plain(character: str) -> str:
    """A character in its plainest form, not yet Simplified; nothing for what goes."""
    for plainer in (functools.partial(unicodedata.normalize, "NFKC"), str.lower):
        form = plainer(character)
        if len(form) == 1 and ord(form) < UNIT_COUNT:
            character = form
    if character in _MARKS:
        return _MARKS[character]
    category = unicodedata.category(character)
    return "" if category[0] in _NO_WRITING or category == "So" else character
