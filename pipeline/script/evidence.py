"""What the characters of a text say about the script that it is written in.

Here belong the characters that only one script or orthography has, and counting them. What follows from the counts
belongs in :mod:`pipeline.script.identification`.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from typing import TYPE_CHECKING, Literal, NamedTuple, TypeAlias

import numpy as np

from pipeline.code_points import HAN_RUN, units
from pipeline.script.conversion import converter, read_overlay
from pipeline.script.package import dictionary, verify_package
from pipeline.script.tables import CODEC, UNIT, UNIT_COUNT

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

Kinds: TypeAlias = "NDArray[np.uint8]"
"""For each UTF-16 unit of a text, a number for what it counts for; there are two dozen such numbers."""

Telling: TypeAlias = Literal["traditional", "simplified", "syllables"]
"""What tells one script from the others: characters that it alone has."""


class ScriptEvidence(NamedTuple):
    """How many characters of a text speak for which script; see :func:`script_evidence`."""

    han: int = 0
    traditional: int = 0
    simplified: int = 0
    taiwan: int = 0
    hongkong: int = 0
    kana: int = 0
    hangul: int = 0
    letters: int = 0

    @property
    def traditional_share(self) -> float | None:
        """Of the characters that only one of the two scripts has, the share that is Traditional; None without any.

        >>> script_evidence("隨著裡面的著名軟體，云").traditional_share
        1.0
        """
        telling = self.traditional + self.simplified
        return self.traditional / telling if telling else None


# One bit for each count. _BY_WORDS marks what is a form of Taiwan in some words only (隨著, not 著名), _RARE the first
# half of Han outside the basic plane, _KEPT a Traditional character that stands in terms of Simplified text.
_COUNTS = 11
_HAN, _TRADITIONAL, _SIMPLIFIED, _TAIWAN, _HONGKONG, _KANA, _HANGUL, _LETTER, _BY_WORDS, _RARE, _KEPT = (
    1 << bit for bit in range(_COUNTS)
)
_BITS_OF_TELLING: dict[Telling, int] = {
    "traditional": _TRADITIONAL,
    "simplified": _SIMPLIFIED,
    "syllables": _KANA | _HANGUL,
}
_NEIGHBOURS = 6
_HAN_SURROGATES = (0xD840, 0xD8C0)
_RARE_HAN = re.compile("[\U00020000-\U0003ffff]")
"""Han outside the basic plane; the range before has the first halves of their surrogate pairs."""
_KANA_RANGES = ((0x3041, 0x3096), (0x30A1, 0x30FA))
_HANGUL_RANGE = (0xAC00, 0xD7A3)


def script_evidence(text: str) -> ScriptEvidence:
    """How many characters of `text` belong to a script, and how many of the Han to one orthography alone.

    >>> script_evidence("隨著裡面的著名軟體 v2")
    ScriptEvidence(han=9, traditional=4, simplified=0, taiwan=2, hongkong=0, kana=0, hangul=0, letters=1)
    >>> script_evidence("随着里面的著名软件，説")
    ScriptEvidence(han=10, traditional=1, simplified=2, taiwan=0, hongkong=1, kana=0, hangul=0, letters=0)

    - `han`: what :data:`pipeline.code_points.HAN_RUN` matches.
    - `traditional`: `t2s` changes the character when it stands alone.
    - `simplified`: `s2t` changes it, and it is no Traditional character besides: no value in the package's table from
      Simplified to Traditional (后 干 谷), no key in the table back, no form of Taiwan or Hong Kong (台 户 群), and not
      in Big5 (体 与 机, which are rare Traditional characters too). That leaves 3,722, hardly one of which stands in
      Traditional prose; reprints of classical verse have 却 烟 韵.
    - `taiwan`, `hongkong`: a form that the package's table of variants has for this region and not for the other, that
      is not the package's Traditional standard, and that is not in GB 2312, nor, for Hong Kong, in Big5: 裡 麵 汙 for
      the one, 説 衞 枱 for the other. 著 counts where the Taiwan dictionaries read it as 着 (隨著, not 著名).
    - `kana`: the syllables, and the characters that only Japanese has (経 済): a value in the package's table of
      Japanese variants that is neither in GB 2312 nor in Big5. `hangul`: the syllables; `letters`: every other letter
      of the basic plane.

    Terms of the data files that keep a Traditional character in Simplified text (昇腾) do not count, where Simplified
    characters stand beside them.

    Characters alone decide; words and phrases are not looked at, other than for 著.
    """
    return evidence_of(text, kinds_of(text))


def kinds_of(text: str) -> Kinds:
    """What each UTF-16 unit of a text counts for; one look for all that is asked of a text."""
    return _kinds().of_unit.take(units(text))


def evidence_of(text: str, kinds: Kinds) -> ScriptEvidence:
    """The evidence of a text, of which `kinds` are known already."""
    counts_for = _kinds().counts_for
    counts = (np.bincount(kinds, minlength=len(counts_for)) @ counts_for).tolist()
    han, traditional, simplified, taiwan, hongkong, kana, hangul, letters, by_words, rare, kept = map(int, counts)
    if by_words:
        taiwan += _forms_by_words(text, kinds)
    if kept and traditional <= simplified:
        traditional = max(0, traditional - sum(_kept_terms()[term] for term in _kept_pattern().findall(text)))
    if rare:
        sets = distinctive_characters()
        beyond = _RARE_HAN.findall(text)
        han += len(beyond) - rare  # half a character is none
        traditional += sum(map(sets.traditional.__contains__, beyond))
        simplified += sum(map(sets.simplified.__contains__, beyond))
    return ScriptEvidence(han, traditional, simplified, taiwan, hongkong, kana, hangul, letters)


def _forms_by_words(text: str, kinds: Kinds) -> int:
    """How many of the characters that the Taiwan dictionaries judge by words are forms of Taiwan here.

    Each is looked at between its neighbours alone: no word of these dictionaries is longer.
    """
    edge = "\n".encode(CODEC)
    raw = edge * _NEIGHBOURS + text.encode(CODEC, "replace") + edge * _NEIGHBOURS
    size = (2 * _NEIGHBOURS + 1) * len(edge)
    places = (_places(_BY_WORDS, kinds) * len(edge)).tolist()
    windows = edge.join([raw[place : place + size] for place in places])
    in_taiwan = converter("tw2s", overlay=True).apply(windows)
    elsewhere = converter("t2s").apply(windows)
    forms = (np.frombuffer(found, UNIT)[_NEIGHBOURS :: 2 * _NEIGHBOURS + 2] for found in (in_taiwan, elsewhere))
    return int(np.count_nonzero(np.not_equal(*forms)))


def lines_with(telling: Telling, kinds: Kinds, line_ends: NDArray[np.int64], *, fewest: int) -> list[int]:
    """The lines that hold so many characters or more of one script; `line_ends` counts units, as `kinds` does."""
    lines, counts = np.unique(line_ends.searchsorted(_places(_BITS_OF_TELLING[telling], kinds)), return_counts=True)
    return [int(line) for line in lines[counts >= fewest]]


def han_count(text: str) -> int:
    """How many characters of `text` are Han, as :data:`pipeline.code_points.HAN_RUN` has them.

    >>> han_count("正文 (zhèngwén) 〇")
    3
    """
    if text.isascii():
        return 0
    kinds = kinds_of(text)
    beyond = _RARE_HAN.findall(text) if len(kinds) > len(text) else ()
    return len(_places(_HAN, kinds)) - len(_places(_RARE, kinds)) + len(beyond)


def _places(bits: int, kinds: Kinds) -> NDArray[np.intp]:
    """Where the units are that count for one of these."""
    is_one = _kinds().bits & bits != 0
    return np.flatnonzero(is_one.take(kinds))


class DistinctiveCharacters(NamedTuple):
    """The characters that speak for one script or orthography; see :func:`script_evidence` for how they are found."""

    traditional: frozenset[str]
    simplified: frozenset[str]
    taiwan: frozenset[str]
    hongkong: frozenset[str]


@cache
def distinctive_characters() -> DistinctiveCharacters:
    """The characters that speak for one script or orthography, from the installed package's dictionaries.

    >>> distinctive_characters().taiwan >= set("裡麵汙著"), "後" in distinctive_characters().traditional
    (True, True)
    """
    verify_package()
    to_traditional, to_simplified = dictionary("STCharacters"), dictionary("TSCharacters")
    taiwan, hongkong = _values("TWVariants"), _values("HKVariants")
    standard = {values[0] for values in to_traditional.values()}
    simplified = {character for character, values in to_traditional.items() if values[0] != character}
    simplified -= _values("STCharacters") | to_simplified.keys() | taiwan | hongkong
    forms_of_taiwan, forms_of_hongkong = taiwan - hongkong - standard, hongkong - taiwan - standard
    return DistinctiveCharacters(
        traditional=frozenset(character for character, values in to_simplified.items() if values[0] != character),
        simplified=frozenset(simplified - _in_codec(simplified, "big5")),
        taiwan=frozenset(forms_of_taiwan - (_in_codec(forms_of_taiwan, "gb2312") - _judged_by_words())),
        hongkong=frozenset(
            forms_of_hongkong - _in_codec(forms_of_hongkong, "gb2312") - _in_codec(forms_of_hongkong, "big5")
        ),
    )


@cache
def _judged_by_words() -> frozenset[str]:
    """The characters of which the package has words of Taiwan, beside what they are alone."""
    return frozenset(character for word in dictionary("TWVariantsRevPhrases") for character in word)


@cache
def _only_japanese() -> frozenset[str]:
    """The characters that Japanese alone writes: its simplified forms that neither Chinese script has."""
    forms = {form for form in _values("JPVariants") if ord(form) < UNIT_COUNT}
    chinese = _values("TSCharacters") | _values("STCharacters") | _values("TWVariants") | _values("HKVariants")
    chinese |= dictionary("TSCharacters").keys() | dictionary("TWVariantsRev").keys()
    return frozenset(forms - _in_codec(forms, "gb2312") - _in_codec(forms, "big5") - chinese)


@cache
def _kept_terms() -> dict[str, int]:
    """The terms that keep Traditional characters in Simplified text, each with how many it keeps."""
    traditional = distinctive_characters().traditional
    terms = {term: sum(character in traditional for character in term) for term in read_overlay().values()}
    return {term: kept for term, kept in terms.items() if kept and len(term) > 1}


@cache
def _kept_characters() -> frozenset[str]:
    return frozenset(one for term in _kept_terms() for one in term if one in distinctive_characters().traditional)


@cache
def _kept_pattern() -> re.Pattern[str]:
    return re.compile("|".join(sorted(map(re.escape, _kept_terms()), key=len, reverse=True)))


class _KindsOfUnits(NamedTuple):
    """The kind of each UTF-16 unit; and of each kind the bits of what it counts for, and these as columns of 0 and 1.

    The columns are floats: that product is a library call, the one of integers a loop; counts are exact below 2 to the
    53rd.
    """

    of_unit: Kinds
    bits: NDArray[np.uint16]
    counts_for: NDArray[np.float64]


@cache
def _kinds() -> _KindsOfUnits:
    bits, of_unit = np.unique(_bits_of_units(), return_inverse=True)
    return _KindsOfUnits(of_unit.astype(np.uint8), bits, (bits[:, None] >> np.arange(_COUNTS) & 1).astype(np.float64))


def _bits_of_units() -> NDArray[np.uint16]:
    """For each UTF-16 unit, the bits of what it counts for."""
    kinds = np.zeros(UNIT_COUNT, np.uint16)
    for code in range(UNIT_COUNT):
        if unicodedata.category(chr(code)).startswith("L"):
            kinds[code] = _LETTER
    for run in HAN_RUN.finditer("".join(map(chr, range(UNIT_COUNT)))):
        kinds[run.start() : run.end()] = _HAN
    for first, last in _KANA_RANGES:
        kinds[first : last + 1] = _KANA
    kinds[_HANGUL_RANGE[0] : _HANGUL_RANGE[1] + 1] = _HANGUL
    kinds[slice(*_HAN_SURROGATES)] = _HAN | _RARE
    for character in _only_japanese():
        kinds[ord(character)] |= _KANA
    sets, by_words = distinctive_characters(), _judged_by_words()
    for bit, characters in (
        (_TRADITIONAL, sets.traditional),
        (_SIMPLIFIED, sets.simplified),
        (_TAIWAN, sets.taiwan - by_words),
        (_BY_WORDS, sets.taiwan & by_words),
        (_HONGKONG, sets.hongkong),
        (_KEPT, _kept_characters()),
    ):
        kinds[[ord(character) for character in characters if ord(character) < UNIT_COUNT]] |= bit
    return kinds


def _values(name: str) -> set[str]:
    return {value for values in dictionary(name).values() for value in values}


def _in_codec(characters: Iterable[str], codec: str) -> set[str]:
    """Those of the characters that the character set has."""
    return {character for character in characters if character.encode(codec, "ignore")}
