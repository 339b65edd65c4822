"""The codecs that a file may be in, compared by how much the bytes look like text in each."""

from __future__ import annotations

import re
from typing import NamedTuple

from pipeline.character_class import CharacterClass
from pipeline.decoding import REPLACEMENT, Run, decode_strictly
from pipeline.detection.alignment import aligned_units
from pipeline.detection.likeness import Kind, Likeness, likeness, likeness_of_text

SAMPLE, SAMPLE_OF_CLEAR = 16_384, 4_096  # bytes; they only rank the candidates: the winner has to decode the whole
_FEW, _WIDEST = 256, 4
"""Bytes: so many tell at little cost which of the likeliest candidates to begin with; the widest character has four."""
_HIGH_BYTE, _HIGH_LINE = re.compile(rb"[\x80-\xff]"), re.compile(rb"[\x80-\xff][^\n]*\n?")
_CLEAR, _CLEAR_CHARACTERS = 0.6, 20  # from here on no other candidate can win: none had more than 0.4
LEGACY = ("gb18030", "cp950")
"""The two families that Chinese was written in before Unicode."""

_VARIANTS = {
    "cp950": ("cp950", "big5hkscs"),
    "big5hkscs": ("cp950", "big5hkscs"),
    "cp932": ("shift_jis", "cp932", "shift_jis_2004"),
    "shift_jis_2004": ("shift_jis", "cp932", "shift_jis_2004"),
    "euc_jp": ("euc_jp", "euc_jis_2004"),
    "euc_jis_2004": ("euc_jp", "euc_jis_2004"),
    "euc_kr": ("cp949",),
}
_ZEROS_OF_UTF16, _ZEROS_OF_UTF32 = 0.005, 0.2  # of the bytes, at least: one line end in a hundred characters; half


def variants(encoding: str) -> tuple[str, ...]:
    """The codecs that differ from one in a few signs, itself among them: only the whole file tells which it is.

    >>> variants("cp950"), variants("gb18030")
    (('cp950', 'big5hkscs'), ('gb18030',))
    """
    return _VARIANTS.get(encoding, (encoding,))


def scores(content: bytes) -> list[Likeness]:
    """Score the likeliest first, and the others only where none is clear."""
    first = _HIGH_BYTE.search(content)
    start = first.start() if first else 0
    beginning = content[start : start + SAMPLE_OF_CLEAR]
    for encoding in sorted(LEGACY, key=lambda encoding: not _is_read(beginning[:_FEW], encoding)):
        one = likeness(beginning, encoding, "chinese")
        if _is_clear(one):
            return [one]
    wide = wide_scores(content)
    if any(map(_is_clear, wide)):
        return wide
    high = high_bytes(content)
    found = [likeness(high, encoding, "chinese") for encoding in (*LEGACY, "big5hkscs")] + wide
    found += [likeness(high, "utf-8", "valid"), likeness(high, "cp949", "korean")]
    return found + [likeness(high, encoding, "japanese") for encoding in ("euc_jp", "cp932")]


def _is_read(beginning: bytes, encoding: str) -> bool:
    """Whether a codec reads the beginning of a text, in which the last character may be cut."""
    try:
        beginning.decode(encoding)
    except UnicodeDecodeError as error:
        return error.start > len(beginning) - _WIDEST
    return True


def _is_clear(one: Likeness) -> bool:
    return one.value >= _CLEAR and one.characters >= _CLEAR_CHARACTERS


def wide_scores(content: bytes) -> list[Likeness]:
    """Score UTF-16 and UTF-32; without zeros, only languages that need not have a character of ASCII."""
    head = content[: SAMPLE - len(content) % 2]
    zeros = head.count(0) / len(head)
    kinds: tuple[Kind, ...] = ("wide",) if zeros >= _ZEROS_OF_UTF16 else ("chinese", "japanese")
    names = ["utf-16-le", "utf-16-be", *(["utf-32-le", "utf-32-be"] if zeros >= _ZEROS_OF_UTF32 else [])]
    return [likeness_of_text(_aligned(head, encoding), kind, encoding=encoding) for encoding in names for kind in kinds]


def wide_by_form(content: bytes) -> str | None:
    """The codec of Han in UTF-16 or UTF-32 of which few are common, as in names; None where the form is another.

    >>> wide_by_form("赟喆堃、王珺琦、郑淼".encode("utf-16-be")), wide_by_form("赟喆堃、王珺琦".encode("gbk"))
    ('utf-16-be', None)

    Of bytes at random one of three begins Han in UTF-16, so all of six do once in a thousand times. Where the second
    bytes all look as if they began one, too, it is sound or a picture: those of Han are evenly spread.
    """
    for encoding in ("utf-32-le", "utf-32-be", "utf-16-le", "utf-16-be"):
        text = decode_strictly(content, encoding)
        if text is None or len(text) < _FEWEST_IN_FORM or _PLAIN.fullmatch(text) is None:
            continue
        if len(_HAN.findall(text)) < _LEAST_HAN * len(text):
            continue
        seconds = text.encode("utf-16-le")[::2]
        if len(_LIKE_FIRST_OF_HAN.sub(b"", seconds)) >= _LEAST_OF_OTHERS * len(seconds):
            return encoding
    return None


def _aligned(head: bytes, encoding: str) -> str:
    """Decode UTF-16, also where one byte is lost in the middle."""
    runs = aligned_units(head, Run(0, len(head), encoding))
    return "".join(head[start:end].decode(encoding, "replace") for start, end, _ in runs)


def high_bytes(content: bytes) -> bytes:
    """Sample a file, each line from its first byte that is not ASCII on."""
    parts: list[bytes] = []
    room = SAMPLE
    for line in _HIGH_LINE.finditer(content):
        parts.append(content[line.start() : min(line.end(), line.start() + room)])
        room -= len(parts[-1])
        if not room:
            break
    return b"".join(parts)


_PLAIN = re.compile(  # with signs, boxes, kana and Zhuyin
    "[\\t\\n\\r -~\xa0-ÿΑ-ω\u2010-\u203b\u2103-\u22ff\u2460-\u25ff\u3000-\u312f\u3400-\u9fff\uff01-\uff9f]+"
)
_HAN = re.compile("[\u4e00-\u9fa5]")
_LEAST_HAN = 0.2  # of the characters
_FEWEST_IN_FORM, _LIKE_FIRST_OF_HAN, _LEAST_OF_OTHERS = 6, re.compile(rb"[\x4e-\x9f]"), 0.25
_OF_WINDOWS = CharacterClass("[‧﹑～￥￠￡¯⊕⊙]")
_OF_ETEN = CharacterClass("[ぁ-ゞァ-ヾ々Ё-ё①-⑩⑴-⑽]")
_SLASH, _FULL_WIDTH_SLASH = "∕", "／"


class Reading(NamedTuple):
    """Bytes as a codec reads them, and the share of characters that it cannot read."""

    encoding: str
    bad: float
    text: str


def read_with(content: bytes, encodings: tuple[str, ...]) -> Reading:
    """Take the first codec that decodes strictly, else the one with the fewest bad characters.

    Where both tables of Big5 read the whole, signs that stand for other ones decide: Python's cp950 has kana, Cyrillic
    and circled numbers where nobody wrote them, big5hkscs has half-width or other marks for some of Windows'.
    """
    found: list[Reading] = []
    for encoding in encodings:
        text = decode_strictly(content, encoding)
        if text is not None:
            if encoding == "cp950" and "big5hkscs" in encodings and _is_rather_hkscs(content, text):
                return Reading("big5hkscs", 0.0, content.decode("big5hkscs"))
            return Reading(encoding, 0.0, text)
        text = content.decode(encoding, "replace")
        found.append(Reading(encoding, text.count(REPLACEMENT) / len(text), text))
    return min(found, key=lambda reading: reading.bad)


def _is_rather_hkscs(content: bytes, text: str) -> bool:
    """Weigh the signs; a full-width slash has two codes, Windows writes one, and ETen, HKSCS and Unix the other."""
    found = len(_OF_ETEN.positions_in(text))
    if _FULL_WIDTH_SLASH not in text:
        found += text.count(_SLASH)
    return found > len(_OF_WINDOWS.positions_in(text)) and decode_strictly(content, "big5hkscs") is not None
