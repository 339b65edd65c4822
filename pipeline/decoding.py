"""Bytes to text and back, exactly, for every byte string in every codec of :data:`ENCODINGS`.

Here belongs decoding along given runs of codecs, the account of what a codec would not give back, and the way back to
the bytes. Which codec it is, is found in :mod:`pipeline.detection`; no character is changed here.
"""

from __future__ import annotations

import codecs
import functools
import re
from bisect import bisect_left
from collections import Counter
from contextvars import ContextVar
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

_UNICODE = ("utf-8", "utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be")
_STATEFUL = (
    *("hz", "iso2022_kr", "iso2022_jp", "iso2022_jp_1", "iso2022_jp_2", "iso2022_jp_2004", "iso2022_jp_3"),
    "iso2022_jp_ext",
)
_MULTIBYTE = (
    *("gb18030", "cp950", "big5hkscs", "cp932", "shift_jis", "shift_jis_2004", "euc_jp", "euc_jis_2004"),
    *("cp949", "euc_kr", "johab"),
)
_SINGLE_BYTE = (
    *(f"iso8859-{part}" for part in (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 14, 15, 16)),
    *(f"cp{page}" for page in (437, 720, 737, 775, 850, 852, 855, 856, 857, 858, 860, 861, 862, 863, 864, 865, 866)),
    *(f"cp{page}" for page in (869, 874, 1006, 1125, 1250, 1251, 1252, 1253, 1254, 1255, 1256, 1257, 1258)),
    *("koi8-r", "koi8-t", "koi8-u", "kz1048", "ptcp154", "hp-roman8", "tis-620"),
    *(f"mac-{script}" for script in ("croatian", "cyrillic", "greek", "iceland", "latin2", "roman", "romanian")),
    "mac-turkish",
)

ENCODINGS = frozenset(_UNICODE + _STATEFUL + _MULTIBYTE + _SINGLE_BYTE)
"""Python's names of the codecs that a run may have; none of them looks for, or swallows, a byte-order mark."""

_REGULAR = (*_UNICODE, "gb18030")
"""Codecs that write each character with the very bytes that they read it from: what they decode is not compared."""

REPLACEMENT = "\ufffd"

_KOREAN_HEADER = b"\x1b$)C"
_MARK = "\udc00"  # stands for undecodable bytes while decoding: no strict decoder gives a lone surrogate
_MARKS = re.compile(_MARK + "+")
_LINE = re.compile(rb"[^\n]*\n|[^\n]+")
_bad_bytes: ContextVar[list[list[int]]] = ContextVar("_bad_bytes")

_Place: TypeAlias = tuple[int, int, int, int]  # characters from, to; bytes from, to


class Run(NamedTuple):
    """A stretch of bytes in one codec."""

    start_byte: int
    end_byte: int
    encoding: str


class Irregular(NamedTuple):
    """A stretch of the text, in code points, that its codec would not give back as these raw bytes."""

    start_char: int
    length_chars: int
    raw: bytes


@dataclass(frozen=True, slots=True)
class Decoding:
    r"""How bytes became text: which codec where, and the raw bytes of what no codec gives back.

    >>> text, decoding = decode("正文".encode("gb18030") + b"\xff", "gb18030")
    >>> text, decoding.irregular
    ('正文\ufffd', (Irregular(start_char=2, length_chars=1, raw=b'\xff'),))
    >>> decoding.encode(text)
    b'\xd5\xfd\xce\xc4\xff'
    """

    runs: tuple[Run, ...]
    irregular: tuple[Irregular, ...]

    @property
    def encoding(self) -> str | None:
        """The codec of most bytes; None where nothing could be decoded.

        >>> Decoding((Run(0, 3, "utf-8"), Run(3, 9, "gb18030")), ()).encoding
        'gb18030'
        """
        sizes: Counter[str] = Counter()
        for start, end, encoding in self.runs:
            sizes[encoding] += end - start
        return max(sizes, key=sizes.__getitem__, default=None)

    def encode(self, text: str) -> bytes:
        r"""Give the exact bytes again of the text that was decoded.

        >>> text, decoding = decode(b"\xe6\xad\xa3\xce\xc4", [(0, 3, "utf-8"), (3, 5, "gb18030")])
        >>> text, decoding.encode(text)
        ('正文', b'\xe6\xad\xa3\xce\xc4')

        Runs say only where their bytes are: how many characters a run has follows from the length of what its codec
        writes. Edits are to be undone first: ValueError where the text cannot be the one that was decoded.
        """
        written: list[bytes] = []
        runs = iter(self.runs)
        run = Run(0, 0, "")
        char = byte = 0
        for gap in (*self.irregular, Irregular(len(text), 0, b"")):
            while char < gap.start_char:
                while run.end_byte <= byte:
                    following = next(runs, None)
                    if following is None:
                        message = "this is not the text of this decoding: it is longer"
                        raise ValueError(message)
                    run = following
                room = run.end_byte - byte
                piece = text[char : min(gap.start_char, char + room)]  # no character is shorter than a byte
                if not piece:
                    message = "this is not the text of this decoding: it is shorter"
                    raise ValueError(message)
                opening = byte == run.start_byte
                data = _write_or_none(piece, run.encoding, opening=opening)
                if data is None or len(data) > room:  # it goes on in the next run
                    piece = piece[: _characters_in(piece, room, run.encoding, opening=opening)]
                    data = _write(piece, run.encoding, opening=opening)
                written.append(data)
                char += len(piece)
                byte += len(data)
            written.append(gap.raw)
            char += gap.length_chars
            byte += len(gap.raw)
        if char != len(text) or (self.runs and byte != self.runs[-1].end_byte):
            message = "this is not the text of this decoding: its length is another"
            raise ValueError(message)
        return b"".join(written)


def decode(content: bytes, runs: Sequence[tuple[int, int, str]] | str) -> tuple[str, Decoding]:
    r"""Decode bytes along the given runs, or all of them in one codec, with the account that leads back.

    >>> decode(b"\xef\xbb\xbf\xe6\x96\x87", "utf-8")
    ('\ufeff文', Decoding(runs=(Run(start_byte=0, end_byte=6, encoding='utf-8'),), irregular=()))

    Each maximal sequence that the codec reports as undecodable becomes one U+FFFD, as with ``errors="replace"``; a lone
    surrogate too, so that the text never has one. What decodes, but is not what the codec writes (duplicates in Big5,
    escapes in ISO-2022), stays as it decodes. Both are irregular; in codecs with states (HZ, ISO-2022) an irregular
    stretch is whole lines. Irregular stretches that touch are one. The codec of a run begins anew, also behind a run in
    the same codec: so bytes that belong to no character are kept apart from those behind them.

    ValueError where a run does not start at the end of the one before it, where they do not cover the content, and
    where a codec is not one of :data:`ENCODINGS` or a Python alias of one.
    """
    checked = _checked(content, [(0, len(content), runs)] if isinstance(runs, str) else runs)
    texts: list[str] = []
    places: list[_Place] = []
    chars = 0
    for start, end, encoding in checked:
        text, found = _decode_run(content[start:end], encoding)
        places.extend((chars + a, chars + b, start + c, start + d) for a, b, c, d in found)
        texts.append(text)
        chars += len(text)
    text = "".join(texts)
    decoding = Decoding(checked, _joined(content, places))
    if (places or len(checked) > 1) and not _gives_back(decoding, text, content):
        # Big5-HKSCS and JIS X 0213 write some pairs of characters as one code (U+00CA U+0304): across the border of two
        # pieces that is another code than was read, or the border cannot be found.
        return text, Decoding(checked, (Irregular(0, len(text), content),))
    return text, decoding


@functools.lru_cache(maxsize=2)
def decode_strictly(content: bytes, encoding: str) -> str | None:
    r"""Decode bytes that a codec reads to the last one; None where it does not.

    >>> decode_strictly(b"\xce\xc4", "gb18030"), decode_strictly(b"\xce\xc4", "utf-8")
    ('文', None)

    What was read last is remembered: a file is decoded in the codec that was found by decoding it.
    """
    try:
        return content.decode(encoding)
    except UnicodeDecodeError:
        return None


def withheld(content: bytes) -> tuple[str, Decoding]:
    r"""Account for bytes that could not be decoded at all: an empty text, and one irregular stretch with every byte.

    >>> text, decoding = withheld(b"\x89PNG")
    >>> text, decoding.encoding, decoding.encode(text)
    ('', None, b'\x89PNG')
    """
    return "", Decoding((), (Irregular(0, 0, content),) if content else ())


def _checked(content: bytes, runs: Iterable[tuple[int, int, str]]) -> tuple[Run, ...]:
    checked: list[Run] = []
    at = 0
    for start, end, name in runs:
        encoding = codecs.lookup(name).name
        if encoding not in ENCODINGS:
            message = f"{name} is not one of the encodings that a run may have: {', '.join(sorted(ENCODINGS))}"
            raise ValueError(message)
        if start != at or end < start:
            message = f"the run {(start, end, name)} does not start at byte {at}, where the one before it ends"
            raise ValueError(message)
        if start < end or not content:
            checked.append(Run(start, end, encoding))
        at = end
    if at != len(content):
        message = f"the runs end at byte {at}, the content at byte {len(content)}"
        raise ValueError(message)
    return tuple(checked)


def _decode_run(raw: bytes, encoding: str) -> tuple[str, list[_Place]]:
    """Decode one run: at once where it is regular, else with the places that are not."""
    regular = decode_strictly(raw, encoding)
    if regular is not None and (encoding in _REGULAR or _is_regular(regular, raw, encoding)):
        return regular, []
    if encoding in _STATEFUL:
        return _decode_lines(raw, encoding)
    bad: list[list[int]] = []
    token = _bad_bytes.set(bad)
    try:
        text = raw.decode(encoding, "pipeline.mark")
    finally:
        _bad_bytes.reset(token)
    return text.replace(_MARK, REPLACEMENT), list(_places(text, raw, bad, encoding))


def _mark(error: UnicodeError) -> tuple[str, int]:
    """Note which bytes are bad, as stretches, and go on behind them."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    bad = _bad_bytes.get()
    if bad and bad[-1][1] == error.start:
        bad[-1][1] = error.end
    else:
        bad.append([error.start, error.end])
    return _MARK, error.end


codecs.register_error("pipeline.mark", _mark)


def _places(text: str, raw: bytes, bad: list[list[int]], encoding: str) -> Iterator[_Place]:
    """Yield the irregular places: each stretch of marks, and what is not canonical between them."""
    char = byte = 0
    marked = [mark.span() for mark in _MARKS.finditer(text)]
    for (a, b), (c, d) in zip([*marked, (len(text),) * 2], [*bad, [len(raw)] * 2], strict=True):
        if encoding not in _REGULAR:
            for place in _not_canonical(text[char:a], raw[byte:c], encoding):
                yield char + place[0], char + place[1], byte + place[2], byte + place[3]
        if c < d:
            yield a, b, c, d
        char, byte = b, d


def _not_canonical(text: str, raw: bytes, encoding: str) -> list[_Place]:
    """Find, by halving, the characters whose bytes are legal but not those that the codec writes."""
    if _is_regular(text, raw, encoding):
        return []
    for about in (len(raw) // 2, 1):
        head, border = _head(raw, about, encoding)
        if border < len(raw):
            break
    else:
        return [(0, len(text), 0, len(raw))]
    chars = len(head)
    found = _not_canonical(head, raw[:border], encoding)
    for a, b, c, d in _not_canonical(text[chars:], raw[border:], encoding):
        found.append((chars + a, chars + b, border + c, border + d))
    if not found:  # each half is regular, both together are not: the first character of the second keeps them apart
        second, width = _head(raw[border:], 1, encoding)
        found = [(chars, chars + len(second), border, border + width)]
    return found


def _head(raw: bytes, about: int, encoding: str) -> tuple[str, int]:
    """Decode up to the first border between characters at or after byte `about` that has a character before it."""
    decoder = codecs.getincrementaldecoder(encoding)()
    text, border = decoder.decode(raw[:about]), about
    while border < len(raw) and (not text or decoder.getstate()[0]):
        text += decoder.decode(raw[border : border + 1])
        border += 1
    return text, border


def _decode_lines(raw: bytes, encoding: str) -> tuple[str, list[_Place]]:
    """Decode a codec with states: a line is regular where the codec, beginning anew, writes its very bytes."""
    new_decoder = codecs.getincrementaldecoder(encoding)
    decoder = new_decoder("replace")
    texts: list[str] = []
    places: list[_Place] = []
    char = byte = 0
    opening = True  # until the header of iso2022_kr has been written, or cannot be any more
    parts: list[str] = []
    for line in _LINE.finditer(raw):
        end = line.end()
        try:
            parts.append(decoder.decode(line[0], final=end == len(raw)))
        except UnicodeError:  # "pending buffer overflow": an escape without an end
            decoder = new_decoder("replace")
            parts[:] = [raw[byte:end].decode(encoding, "replace")]
        if end < len(raw) and decoder.getstate()[0]:
            continue  # the line feed is part of a character or an escape
        text = "".join(parts)
        parts.clear()
        if not _is_regular(text, raw[byte:end], encoding, opening=opening):
            places.append((char, char + len(text), byte, end))
            opening = False
        opening = opening and _KOREAN_HEADER not in raw[byte:end]
        texts.append(text)
        char, byte = char + len(text), end
    return "".join(texts), places


def _joined(content: bytes, places: Iterable[_Place]) -> tuple[Irregular, ...]:
    """Make one irregular stretch of places that touch."""
    joined: list[list[int]] = []
    for a, b, c, d in places:
        if joined and joined[-1][1] == a:
            joined[-1][1::2] = b, d
        else:
            joined.append([a, b, c, d])
    return tuple(Irregular(a, b - a, content[c:d]) for a, b, c, d in joined)


def _gives_back(decoding: Decoding, text: str, content: bytes) -> bool:
    try:
        return decoding.encode(text) == content
    except ValueError:
        return False


def _is_regular(text: str, raw: bytes, encoding: str, *, opening: bool = True) -> bool:
    return _write_or_none(text, encoding, opening=opening) == raw


def _write_or_none(text: str, encoding: str, *, opening: bool) -> bytes | None:
    try:
        return _write(text, encoding, opening=opening)
    except UnicodeEncodeError:  # some codecs read characters that they do not write
        return None


def _write(text: str, encoding: str, *, opening: bool, errors: str = "strict") -> bytes:
    """Encode a piece of a run; `opening` where it is the first: only there ISO-2022-KR has its header."""
    data = text.encode(encoding, errors)
    return data if opening or encoding != "iso2022_kr" else data.replace(_KOREAN_HEADER, b"", 1)


def _characters_in(piece: str, size: int, encoding: str, *, opening: bool) -> int:
    """Count the characters at the start of a piece that take up `size` bytes in this codec."""

    def size_of(count: int) -> int:
        return len(_write(piece[:count], encoding, opening=opening, errors="replace"))

    return bisect_left(range(len(piece)), size, key=size_of)
