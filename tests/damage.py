"""Clean text, known damage, exact truth: what happens to Chinese text on its way through wrong codecs.

Here belongs how text is damaged, and what of it can be known afterwards. What cleaning has to make of it stands in
``test_damage.py``; the clean texts, written for this purpose, are ``clean_texts.json``.
"""

from __future__ import annotations

import functools
import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

LOST = "\N{REPLACEMENT CHARACTER}"

WINDOWS = "windows-1252"
"""Windows-1252 as browsers read it: the five bytes that it does not define are control characters of Latin-1."""

PAIRS = (
    *(("utf-8", read) for read in ("latin-1", WINDOWS, "gbk", "gb18030")),
    *(("utf-8", read) for read in ("big5", "cp950", "big5hkscs", "shift_jis", "cp932")),
    *(("gbk", read) for read in ("latin-1", WINDOWS, "big5", "cp950", "big5hkscs", "utf-8")),
)
"""Written in the first, read in the second."""

TWICE = tuple(
    (first, again) for first in PAIRS for again in dict.fromkeys((first, ("utf-8", "latin-1"))) if again[0] == "utf-8"
)
"""Saved in UTF-8 after the first wrong reading and read wrongly again: in the same way, or as Latin-1."""

RAW_CHINESE = (
    *("gb18030", "gbk", "gb2312", "big5", "cp950", "big5hkscs", "hz", "utf-8", "utf-8-sig", "utf-16", "utf-16-le"),
    *("utf-16-be", "utf-32", "utf-32-le", "utf-32-be"),
)
"""Codecs in which a file may lie as it is; reading it is no repair."""


class Damage(NamedTuple):
    """Bytes as they were found, and the truth: the text before, and the same with U+FFFD for what nobody can know."""

    content: bytes
    truth: str
    known: str

    @property
    def is_reversible(self) -> bool:
        """True where every character can be had back."""
        return self.truth == self.known


# ------------------------------------------------------------------------------------------------------- clean texts


@functools.cache
def clean_texts() -> dict[str, str]:
    """The texts by name.

    >>> clean_texts()["notice"].splitlines()[0]
    '停水通知'
    """
    found = json.loads(Path(__file__).with_name("clean_texts.json").read_text("utf-8"))
    return {name: "".join(f"{line}\n" for line in entry["text"]) for name, entry in found.items()}


@functools.cache
def clean_lines() -> tuple[str, ...]:
    r"""Every line of the texts that has some Chinese, but for what quotes mojibake, each with its line feed.

    >>> clean_lines()[0]
    '关于加快推进社区养老服务设施建设的实施意见\n'
    """
    lines = [
        line
        for name, text in clean_texts().items()
        if name != "about_encodings"
        for line in text.splitlines(keepends=True)
        if len(re.findall("[一-龥]", line)) >= 5
    ]
    return tuple(dict.fromkeys(lines))


@functools.cache
def clean_clauses() -> tuple[str, ...]:
    r"""Clauses of eight characters and more, as lines: without marks, more of them come through a wrong reading whole.

    >>> clean_clauses()[:2]
    ('关于加快推进社区养老服务设施建设的实施意见\n', '为了改善老年人的居住环境\n')
    """
    return tuple(f"{clause}\n" for clause in dict.fromkeys(re.findall("[一-龥]{8,}", "".join(clean_lines()))))


# ---------------------------------------------------------------------------------------------------- wrong readings


class _Read(NamedTuple):
    """A character of a text that was misread: which characters of the text before it is of, and whether it says so."""

    character: str
    origins: frozenset[int]
    is_lost: bool


def misread(text: str, *readings: tuple[str, str], lost: str = LOST) -> tuple[str, str]:
    """The text after wrong readings one after another, and what can be known of the text before them.

    >>> misread("人工智能", ("utf-8", "gbk"))
    ('浜哄伐鏅鸿兘', '人工智能')
    >>> misread("人工，", ("utf-8", "gbk"), lost="?")
    ('浜哄伐锛?', '人工\ufffd')

    A character is known where each of its bytes is part of a character that goes back to the same bytes. `lost` is what
    a program writes for bytes that it cannot read.
    """
    chain = [_Read(character, frozenset([n]), is_lost=False) for n, character in enumerate(text)]
    gone: set[int] = set()
    for written, read in readings:
        chain = list(_misread_once(chain, written, read, lost))
        for one in chain:
            if one.is_lost:
                gone |= one.origins
    known = "".join(LOST if n in gone else character for n, character in enumerate(text))
    return "".join(one.character for one in chain), known


def _misread_once(chain: Sequence[_Read], written: str, read: str, lost: str) -> Iterator[_Read]:
    pieces = [one.character.encode(written) for one in chain]
    owners = [n for n, piece in enumerate(pieces) for _ in piece]
    content = b"".join(pieces)
    start = 0
    while start < len(content):
        characters, end = _next(content, start, read)
        origins = frozenset[int]().union(*(chain[n].origins for n in owners[start:end]))
        # What the first reading has lost stays lost, however well its mark comes through the second. And where there
        # are two codes for a character, nobody knows which one it was.
        is_lost = any(chain[n].is_lost for n in owners[start:end]) or not _is_exact(
            characters, content[start:end], read
        )
        for character in characters or lost:
            yield _Read(character, origins, is_lost)
        start = end


def _is_exact(characters: str, raw: bytes, codec: str) -> bool:
    return bool(characters) and (codec == WINDOWS or characters.encode(codec, "replace") == raw)


def _next(content: bytes, at: int, codec: str) -> tuple[str, int]:
    """What stands at a byte, and where it ends; nothing for bytes that are no character."""
    if codec == WINDOWS:
        byte = content[at : at + 1]
        return byte.decode("cp1252", "ignore") or byte.decode("latin-1"), at + 1
    bad = at + 1
    for end in range(at + 1, min(at + 4, len(content)) + 1):
        try:
            return content[at:end].decode(codec), end
        except UnicodeDecodeError as error:
            bad = at + error.end  # as an error handler is told; a longer piece says more than a shorter one
    return "", bad


# --------------------------------------------------------------------------------------------------- where it happens


class Place(NamedTuple):
    """Where a wrong reading happens: in every so many lines, in the whole line or in a run inside it."""

    name: str
    every: int
    is_inside: bool = False

    def spans(self, text: str) -> list[tuple[int, int]]:
        """The spans of a text.

        >>> [found.spans("甲，各区要抓好各项工作，乙。") for found in PLACES]
        [[(0, 14)], [(0, 14)], [(2, 13)]]
        """
        lines = [line.span() for line in re.finditer("[^\n]+\n?", text)][:: self.every]
        return [run for start, end in lines for run in self._runs(text, start, end)]

    def _runs(self, text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
        if not self.is_inside:
            yield start, end
        elif run := _INSIDE.search(text, start, end):
            yield run.span()


_INSIDE = re.compile("(?<=[，、：。；])[^\n]*[一-龥]{5}[^\n]*(?=[。，、；])")

PLACES = (Place("whole", 1), Place("every third line", 3), Place("inside every second line", 2, is_inside=True))


def reversible(text: str, spans: Iterable[tuple[int, int]], *readings: tuple[str, str]) -> list[tuple[int, int]]:
    """Those of the spans that lose nothing; where a codec cannot write a text, it was never read from it.

    >>> reversible("人工智能，", [(0, 4), (0, 5)], ("utf-8", "gbk"))
    [(0, 4)]
    """
    return [(start, end) for start, end in spans if _left(text[start:end], readings) == text[start:end]]


@functools.cache
def _left(text: str, readings: tuple[tuple[str, str], ...]) -> str | None:
    try:
        return misread(text, *readings)[1]
    except UnicodeEncodeError:
        return None


def in_places(text: str, spans: Iterable[tuple[int, int]], *readings: tuple[str, str], lost: str = LOST) -> Damage:
    """The text, saved in UTF-8, with wrong readings in these spans and nowhere else.

    >>> in_places("各区要抓好落实", [(0, 2)], ("utf-8", "gbk")).content.decode()
    '鍚勫尯要抓好落实'
    """
    damaged: list[str] = []
    known: list[str] = []
    at = 0
    for start, end in spans:
        wrong, left = misread(text[start:end], *readings, lost=lost)
        damaged += [text[at:start], wrong]
        known += [text[at:start], left]
        at = end
    return Damage("".join([*damaged, text[at:]]).encode(), text, "".join([*known, text[at:]]))


# ---------------------------------------------------------------------------------------------------- escapes, bytes


def as_unicode_escapes(text: str) -> Damage:
    r"""Every character above ASCII as Java and JSON escape it.

    >>> as_unicode_escapes("a人").content
    b'a\\u4eba'
    """
    escaped = re.sub("[^\x00-\x7f]", lambda found: json.dumps(found[0])[1:-1], text)
    return Damage(escaped.encode("ascii"), text, text)


def as_entities(text: str, *, is_hexadecimal: bool = False) -> Damage:
    """Every character above ASCII as a numeric entity of HTML.

    >>> as_entities("a人").content, as_entities("a人", is_hexadecimal=True).content
    (b'a&#20154;', b'a&#x4eba;')
    """
    form = "&#x{:x};" if is_hexadecimal else "&#{};"
    return Damage(re.sub("[^\x00-\x7f]", lambda found: form.format(ord(found[0])), text).encode("ascii"), text, text)


def cut_short(text: str, codec: str) -> Damage:
    """A file that ends inside its last character.

    >>> cut_short("人工", "utf-8").known
    '人\N{REPLACEMENT CHARACTER}'
    """
    text = text.rstrip("\n")
    return Damage(text.encode(codec)[:-1], text, text[:-1] + LOST)


def with_stray_byte(text: str, codec: str, byte: bytes = b"\xff") -> Damage:
    """A byte between two characters that belongs to neither; the text is whole."""
    middle = len(text) // 2
    return Damage(text[:middle].encode(codec) + byte + text[middle:].encode(codec), text, text)


def with_lost_byte(text: str, codec: str) -> Damage:
    """The first byte of a Chinese character in the middle is gone.

    >>> with_lost_byte("人工智能", "gbk").known
    '人工\N{REPLACEMENT CHARACTER}能'
    """
    middle = next(n for n in range(len(text) // 2, len(text)) if "一" <= text[n] <= "龥")
    content = text[:middle].encode(codec) + text[middle].encode(codec)[1:] + text[middle + 1 :].encode(codec)
    return Damage(content, text, text[:middle] + LOST + text[middle + 1 :])


def in_turn(text: str, names: Sequence[str]) -> Damage:
    r"""Lines in one codec after another.

    >>> in_turn("人\n工\n", ("utf-8", "gbk")).content
    b'\xe4\xba\xba\n\xb9\xa4\n'
    """
    lines = text.splitlines(keepends=True)
    return Damage(b"".join(line.encode(names[n % len(names)]) for n, line in enumerate(lines)), text, text)


def can_encode(text: str, codec: str) -> bool:
    """Whether a codec has every character of a text, and reads it as it was.

    >>> can_encode("简体", "big5"), can_encode("简体", "gbk")
    (False, True)
    """
    try:
        return text.encode(codec).decode(codec) == text
    except UnicodeEncodeError:
        return False
