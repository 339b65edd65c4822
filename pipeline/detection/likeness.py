"""How much bytes look like text when they are read with a codec.

Here belongs the measure: classes of characters, and what each says for a kind of text. Which codecs are compared, and
what follows from it, belongs in :mod:`pipeline.detection.encoding`.
"""

from __future__ import annotations

import functools
import re
import string
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, TypeAlias

import numpy as np

from pipeline.lexicon import words

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

Kind: TypeAlias = Literal["chinese", "japanese", "korean", "valid", "wide"]

KINDS: tuple[Kind, ...] = ("chinese", "japanese", "korean", "valid", "wide")
"""Three languages; anything in UTF-8, whose form is evidence; anything in UTF-16 or UTF-32, where ASCII is."""

# Set by hand, on texts in 41 codecs: the right reading has 0.5 to 0.9. A wrong Chinese one has at most 0.4, and then
# another reading has more; mostly it has less than 0. A class without a weight is not counted.
_WEIGHTS = {
    "bad": (-1.5, -1.5, -1.5, -1.5, -1.5),
    "control": (None, None, None, None, -1.5),
    "ascii": (None, None, None, None, 0.5),
    "latin": (None, None, None, None, 0.5),
    "common": (1.0, 0.5, -0.7, 0.9, 1.0),
    "ordinary": (0.2, 0.2, -0.7, 0.9, 0.2),
    "uncommon": (-0.1, 0.0, -0.7, 0.9, -0.1),
    "rare": (-0.6, -0.3, -0.7, 0.9, -0.6),
    "mark": (0.25, 0.25, 0.25, 0.9, 0.25),
    "sign": (0.0, 0.0, 0.0, 0.9, 0.0),
    "kana": (-0.2, 1.0, -0.3, 0.9, 0.5),
    "half_kana": (-0.6, -0.3, -0.6, 0.9, 0.0),
    "hangul": (-1.0, -1.0, 0.6, 0.9, 0.5),
    "rare_hangul": (-1.0, -1.0, -0.2, 0.9, -0.2),
    "letter": (-0.3, -0.3, -0.3, 0.9, 0.3),
}
_NUMBER = {name: number for number, name in enumerate(_WEIGHTS)}
_LEAST: dict[Kind, float] = {"chinese": 0.3, "japanese": 0.4, "korean": 0.4, "valid": 0.3, "wide": 0.25}
_LANGUAGES = ("chinese", "japanese", "korean")
_MANY, _WEIGHT_ALONE = 64, -1.2
_OF_LISTS = ("gb18030", "cp950", "big5hkscs")  # in UTF-16 any two bytes are a character, mostly Han
_LEAST_OF_LISTS, _DISTANCE, _FEWEST = 0.15, 0.1, 2

_RANGES = (
    *(("control", 0, 0x20), ("ascii", 0x20, 0x7F), ("letter", 0xA0, 0x100), ("sign", 0x100, 0x370)),
    *(("letter", 0x370, 0x2000), ("sign", 0x2000, 0x2E00), ("rare", 0x2E80, 0x2FE0), ("mark", 0x3000, 0x3020)),
    *(("kana", 0x3041, 0x3100), ("sign", 0x3100, 0x3130), ("sign", 0x3200, 0x3400), ("rare", 0x3400, 0xA000)),
    *(("rare_hangul", 0xAC00, 0xD7A4), ("rare", 0xD800, 0xE000), ("rare", 0xF900, 0xFB00), ("mark", 0xFE30, 0xFE50)),
    *(("sign", 0xFEFF, 0xFF00), ("mark", 0xFF01, 0xFF5F), ("half_kana", 0xFF61, 0xFFA0), ("mark", 0xFFE0, 0xFFE7)),
)


class Likeness(NamedTuple):
    """How much bytes look like this kind of text in this codec: the mean weight of the characters that count."""

    encoding: str
    kind: Kind
    value: float
    characters: int

    @property
    def accepted(self) -> bool:
        """True where it is enough to believe it, if no other reading has more."""
        return self.value >= _LEAST[self.kind]

    def stands_out_from(self, others: Iterable[Likeness]) -> bool:
        """True for Chinese with few common characters, as in names and word lists, where nothing else comes near."""
        if self.encoding not in _OF_LISTS or self.characters < _FEWEST or self.value < _LEAST_OF_LISTS:
            return False
        return all(self.value - other.value >= _DISTANCE for other in others)

    @property
    def confidence(self) -> float:
        """The value, between 0 and 1, and smaller where it rests on few characters."""
        return min(0.99, 0.2 + max(self.value, 0.0)) * self.characters / (self.characters + 2)

    def __str__(self) -> str:
        return f"{self.encoding}: {self.value:.2f} on {self.characters} characters"


def best_of(found: Iterable[Likeness]) -> Likeness:
    r"""The reading that looks most like text; of equals the first.

    >>> best_of(likeness(b"\xd6\xd0\xce\xc4", name, "chinese") for name in ("cp950", "gb18030")).encoding
    'gb18030'
    """
    return max(found, key=lambda one: one.value)


def likeness(data: bytes, encoding: str, kind: Kind) -> Likeness:
    """Measure how much bytes look like a kind of text in a codec.

    >>> [str(likeness("产业发展".encode("gb18030"), encoding, "chinese")) for encoding in ("gb18030", "cp950")]
    ['gb18030: 1.00 on 4 characters', 'cp950: 0.05 on 4 characters']

    One pass over the characters, in numpy: sample long bytes before. Where there are few, those that stand alone beside
    a Latin letter speak against it: an accented letter takes its neighbour into a pair that may be any Han.
    """
    return likeness_of_text(data.decode(encoding, "replace"), kind, encoding=encoding)


def likeness_of_text(text: str, kind: Kind, *, encoding: str = "") -> Likeness:
    """Measure how much a text looks like a kind of text; `encoding` is what it is said to have been read with.

    >>> likeness_of_text("产业发展", "chinese").value > 0.9 > 0 > likeness_of_text("浜т笟鍙戝睍", "chinese").value
    True
    """
    units = np.frombuffer(text.encode("utf-16-le", "surrogatepass"), "<u2")
    classes = _class_of_unit().take(units)
    counts = np.bincount(classes, minlength=len(_WEIGHTS))
    weights, counted = _columns()[kind]
    characters = int(counts[counted].sum())
    total = float(counts @ weights)
    if characters < _MANY and kind in _LANGUAGES and counts[_NUMBER["latin"]]:
        total += _WEIGHT_ALONE * _alone(classes)
    return Likeness(encoding, kind, total / max(characters, 1), characters)


def weights_of_units(units: NDArray[np.unsignedinteger[Any]], kind: Kind) -> NDArray[np.float64]:
    """Give the weight of each UTF-16 code unit for a kind of text.

    >>> weights_of_units(np.array([0x4E2D, 0xE000], np.uint16), "chinese").tolist()
    [1.0, -1.5]
    """
    found: NDArray[np.float64] = _columns()[kind][0].take(_class_of_unit().take(units))
    return found


def _alone(classes: NDArray[np.uint8]) -> int:
    """Count the Han between ASCII characters, at least one of which is a letter."""
    around = np.concatenate(([_NUMBER["ascii"]], classes, [_NUMBER["ascii"]]))
    is_ascii = (around >= _NUMBER["control"]) & (around <= _NUMBER["latin"])
    is_latin = around == _NUMBER["latin"]
    is_han = (classes >= _NUMBER["common"]) & (classes <= _NUMBER["rare"])
    return int(np.count_nonzero(is_han & is_ascii[:-2] & is_ascii[2:] & (is_latin[:-2] | is_latin[2:])))


@functools.cache
def _columns() -> dict[Kind, tuple[NDArray[np.float64], NDArray[np.bool_]]]:
    columns = dict(zip(KINDS, zip(*_WEIGHTS.values(), strict=True), strict=True))
    return {
        kind: (np.array([weight or 0.0 for weight in column]), np.array([weight is not None for weight in column]))
        for kind, column in columns.items()
    }


@functools.cache
def _class_of_unit() -> NDArray[np.uint8]:
    """Give the class of each UTF-16 code unit; what stands in no range is unassigned or private, and bad."""
    table = np.full(0x10000, _NUMBER["bad"], np.uint8)
    for name, start, end in _RANGES:
        table[start:end] = _NUMBER[name]
    for name, text in (
        ("ascii", "\t\n\r\f"),
        ("latin", string.ascii_letters),
        ("mark", "·—‘’“”…‰℃№％〇"),
        ("sign", "àáèéêìíòóùúü"),  # with the first signs: pinyin
        # The first part of a character set holds the usual characters, by sound or by stroke, the second the others.
        ("hangul", _rows("euc_kr", 0xB0, 0xC9)),
        ("uncommon", _rows("gb2312", 0xD8, 0xF8) + _rows("big5", 0xC9, 0xFA)),
        ("ordinary", _rows("gb2312", 0xB0, 0xD8) + _rows("big5", 0xA4, 0xC7)),
        ("common", "".join(words("common_han.txt"))),
    ):
        table[np.frombuffer(text.encode("utf-16-le"), "<u2")] = _NUMBER[name]
    return table


def _rows(encoding: str, first: int, end: int) -> str:
    """Decode every pair of bytes whose first byte is in the range, and keep Han and Hangul."""
    trails = [*range(0x40, 0x7F), *range(0xA1, 0xFF)] if encoding == "big5" else range(0xA1, 0xFF)
    text = b"".join(bytes((lead, trail)) for lead in range(first, end) for trail in trails).decode(encoding, "ignore")
    return "".join(re.findall("[一-龥가-힣]+", text))  # Big5 has kana among its Han
