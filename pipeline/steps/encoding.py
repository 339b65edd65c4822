"""Which codec the bytes of a file are in, or why they are no text that can be read.

Here belongs the order in which evidence is asked: byte-order marks, strict UTF-8, signatures of binary formats,
candidates compared by how much they look like text, lines in two codecs, chardet. Decoding belongs in
:mod:`pipeline.decoding`; text that had gone through a wrong codec before it was saved (mojibake) is not noticed here.
"""

from __future__ import annotations

import codecs
import re
from typing import Literal, NamedTuple, TypeAlias

import chardet
import numpy as np

from pipeline.decoding import ENCODINGS, REPLACEMENT, Run
from pipeline.steps.likeness import Kind, Likeness, best_of, likeness, looks_like_euc_tw

Method: TypeAlias = Literal["bom", "utf8_strict", "scored", "chardet", "runs"]
Reason: TypeAlias = Literal["binary", "undecodable", "unsupported_encoding"]


class Detection(NamedTuple):
    """The codecs of a file, run by run, and how they were found; or why it is set aside, and then no run.

    `confidence` is between 0 and 1; it orders, and is no probability.
    """

    runs: tuple[Run, ...]
    method: Method
    confidence: float
    reason: Reason | None = None
    detail: str = ""


def detect_encoding(content: bytes) -> Detection:
    r"""Find the codec of each part of a file.

    >>> detect_encoding("人工智能产业发展".encode("gbk")).runs
    (Run(start_byte=0, end_byte=16, encoding='gb18030'),)
    >>> detect_encoding(b"\x89PNG\r\n\x1a\n").reason
    'binary'

    Whatever is strictly UTF-8 is UTF-8, and with a few bad bytes in it remains so. GB2312 and GBK are read as gb18030,
    Big5 as cp950 or big5hkscs. A file that is clean in no codec, and has lines in UTF-8 and lines in GB or Big5, has
    several runs. A byte-order mark decides, and stands in the first run: nothing is skipped.
    """
    return _by_mark(content) or _by_strict_utf8(content) or _by_evidence(content)


def _whole(content: bytes, encoding: str, method: Method, confidence: float, detail: str = "") -> Detection:
    return Detection((Run(0, len(content), encoding),), method, round(confidence, 3), None, detail)


def _set_aside(reason: Reason, detail: str, method: Method = "scored", confidence: float = 0.9) -> Detection:
    return Detection((), method, confidence, reason, detail)


# ----------------------------------------------------------------------------------------------- marks and signatures
_UTF8_MARK = b"\xef\xbb\xbf"
_MARKS = (  # UTF-32 first: its mark begins with that of UTF-16
    (b"\xff\xfe\x00\x00", "utf-32-le"),
    (b"\x00\x00\xfe\xff", "utf-32-be"),
    (b"\xff\xfe", "utf-16-le"),
    (b"\xfe\xff", "utf-16-be"),
    (b"\x84\x31\x95\x33", "gb18030"),
)
_PDF = b"%PDF-"
_SIGNATURES = {
    b"\x89PNG\r\n\x1a\n": "PNG image",
    b"\xff\xd8\xff": "JPEG image",
    b"GIF89a": "GIF image",
    b"GIF87a": "GIF image",
    b"PK\x03\x04": "ZIP archive or Office document",
    b"PK\x05\x06": "ZIP archive",
    b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1": "Office document",
    b"\x1f\x8b\x08": "gzip archive",
    b"BZh": "bzip2 archive",
    b"\xfd7zXZ\x00": "xz archive",
    b"\x28\xb5\x2f\xfd": "Zstandard archive",
    b"7z\xbc\xaf\x27\x1c": "7z archive",
    b"Rar!\x1a\x07": "RAR archive",
    b"\x7fELF": "program",
    b"\xca\xfe\xba\xbe\x00\x00": "program",
    b"SQLite format 3": "SQLite database",
    b"PAR1": "Parquet file",
    b"wOF": "font",
    b"OggS": "Ogg audio",
    b"fLaC": "FLAC audio",
    b"ID3": "MP3 audio",
}
_SIGNATURE = re.compile(b"|".join(map(re.escape, _SIGNATURES)))
_NO_CONTROLS = bytes(range(0x20, 0x100)) + b"\b\t\n\r\f\x1a\x1b"
_MOST_CONTROLS = 0.05  # of the bytes: random ones have 0.09, text with a stray NUL a hundredth of this


def _by_mark(content: bytes) -> Detection | None:
    if content.startswith(_PDF):
        return _set_aside("binary", "PDF")
    if content.startswith(_UTF8_MARK):
        return _behind_utf8_mark(content)
    for mark, encoding in _MARKS:
        # Binary data may begin so, too, and a NUL may follow the mark of UTF-16: the rest has to look like text.
        rest = content[len(mark) : _SAMPLE_OF_CLEAR]
        if content.startswith(mark) and (
            not rest or likeness(rest, encoding, "wide").accepted or _could_be_written(rest, encoding)
        ):
            return _whole(content, encoding, "bom", 1.0)
    return None


def _could_be_written(data: bytes, encoding: str) -> bool:
    """Whether every character is one that somebody may have written, however rare: a list of names is text, too."""
    text = data[: len(data) // 4 * 4].decode(encoding, "replace")
    return all(character in "\t\n\r" or character.isprintable() for character in text.rstrip(REPLACEMENT))


def _behind_utf8_mark(content: bytes) -> Detection:
    """Look at the rest alone: the mark may have been put before text in another codec."""
    size = len(_UTF8_MARK)
    rest = _by_strict_utf8(content[size:]) or _by_evidence(content[size:])
    if rest.reason is not None:
        return rest
    runs = [Run(0, size, "utf-8"), *(Run(start + size, end + size, encoding) for start, end, encoding in rest.runs)]
    if {run.encoding for run in runs} == {"utf-8"}:
        return _whole(content, "utf-8", "bom", rest.confidence, rest.detail)
    return Detection(tuple(runs), "runs", rest.confidence, None, rest.detail)


def _by_strict_utf8(content: bytes) -> Detection | None:
    """Take what is UTF-8, but for what only seems so: codecs of 7 bits, UTF-16 without high bytes, binary data."""
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return None
    if content.isascii() and (b"\x1b$" in content or b"~{" in content):
        escaped = _by_escapes(content)
        if escaped is not None:
            return escaped
    if b"\0" in content:
        wide = best_of(_wide_scores(content))
        if wide.accepted:
            return _whole(content, wide.encoding, "scored", wide.confidence, str(wide))
        controls = _share_of_controls(content)
        if controls > _MOST_CONTROLS and content.isascii():
            return _set_aside("binary", f"{controls:.0%} of the bytes are control characters")
    return _whole(content, "utf-8", "utf8_strict", 1.0)


def _share_of_controls(content: bytes) -> float:
    """Count control characters, but for zeros before and behind the text: the file was allocated and not filled."""
    text = content.strip(b"\0")
    return len(text.translate(None, _NO_CONTROLS)) / len(text) if text else 1.0


# ---------------------------------------------------------------------------------- codecs that write Han with escapes
_ISO_2022_CN = re.compile(rb"\x1b\$(?:\)[AEG]|\*H|\+[I-M])")
_ISO_2022_JP = re.compile(rb"\x1b\$(?:[@AB]|\([DOPQ])(?:[!-~]{2})+\x1b\(")  # back to ASCII before a line ends
_ISO_2022_JP_CODECS = ("iso2022_jp", "iso2022_jp_2", "iso2022_jp_ext", "iso2022_jp_2004", "iso2022_jp_3")
_HZ = re.compile(rb"~\{((?:[!-w][!-~])+)~\}")


def _by_escapes(content: bytes) -> Detection | None:
    if b"\x0e" in content and _ISO_2022_CN.search(content):
        return _set_aside("unsupported_encoding", "ISO-2022-CN")
    if b"\x0e" in content and b"\x1b$)C" in content:
        return _whole(content, "iso2022_kr", "scored", 0.95)
    if _ISO_2022_JP.search(content):
        encoding, bad = _read_with(content, _ISO_2022_JP_CODECS)
        return _whole(content, encoding, "scored", 0.95 * (1 - bad))
    pairs = b"".join(_HZ.findall(content))
    han = likeness((np.frombuffer(pairs, np.uint8) | 0x80).tobytes(), "gb18030", "chinese")
    return _whole(content, "hz", "scored", han.confidence, str(han)) if pairs and han.accepted else None


# ------------------------------------------------------------------------------------------------- scored candidates
_SAMPLE, _SAMPLE_OF_CLEAR = 16_384, 4_096  # bytes; they only rank the candidates: the winner has to decode the whole
_HIGH_BYTE, _HIGH_LINE = re.compile(rb"[\x80-\xff]"), re.compile(rb"[\x80-\xff][^\n]*\n?")
_CLEAR, _CLEAR_CHARACTERS = 0.6, 20  # from here on no other candidate can win: none had more than 0.4
_LEGACY = ("gb18030", "cp950")
_VARIANTS = {
    "cp950": ("cp950", "big5hkscs"),
    "big5hkscs": ("cp950", "big5hkscs"),
    "cp932": ("shift_jis", "cp932", "shift_jis_2004"),
    "shift_jis_2004": ("shift_jis", "cp932", "shift_jis_2004"),
    "euc_jp": ("euc_jp", "euc_jis_2004"),
    "euc_jis_2004": ("euc_jp", "euc_jis_2004"),
    "euc_kr": ("cp949",),
}
_MOST_BAD, _MOST_BAD_OF_UNSURE = 0.2, 0.01  # of the characters
_ZEROS_OF_UTF16, _ZEROS_OF_UTF32 = 0.005, 0.2  # of the bytes, at least: one line end in a hundred characters; half


def _by_evidence(content: bytes) -> Detection:
    """Weigh the candidates for bytes that are not UTF-8, or not all of them."""
    signature = _SIGNATURE.match(content)
    if signature and (b"\0" in content[:_SAMPLE] or not signature[0].isascii()):  # not a text about GIF89a
        return _set_aside("binary", _SIGNATURES[signature[0]])
    found = _scores(content)
    best = best_of([one for one in found if one.accepted] or found)
    others = [one for one in found if one.encoding not in _variants(best.encoding)]
    encoding, bad = _read_with(content, _variants(best.encoding))
    if best.accepted and not bad:
        return _whole(content, encoding, "scored", best.confidence, str(best))
    mixed = _by_lines(content)
    if mixed is not None:
        return mixed
    if not best.accepted and looks_like_euc_tw(_high_bytes(content)):
        return _set_aside("unsupported_encoding", "EUC-TW")
    if best.accepted or (bad <= _MOST_BAD_OF_UNSURE and best.stands_out_from(others)):
        return _dirty(content, encoding, bad, best)
    return _by_chardet(content)


def _dirty(content: bytes, encoding: str, bad: float, score: Likeness) -> Detection:
    detail = f"{score}; {bad:.2%} of all characters cannot be decoded" if bad else str(score)
    if bad > _MOST_BAD:
        return _set_aside("undecodable", detail)
    return _whole(content, encoding, "scored", score.confidence * (1 - bad), detail)


def _variants(encoding: str) -> tuple[str, ...]:
    return _VARIANTS.get(encoding, (encoding,))


def _scores(content: bytes) -> list[Likeness]:
    """Score the likeliest first, and the others only where none is clear."""
    first = _HIGH_BYTE.search(content)
    start = first.start() if first else 0
    beginning = content[start : start + _SAMPLE_OF_CLEAR]
    for encoding in _LEGACY:
        one = likeness(beginning, encoding, "chinese")
        if one.value >= _CLEAR and one.characters >= _CLEAR_CHARACTERS:
            return [one]
    high = _high_bytes(content)
    found = [likeness(high, encoding, "chinese") for encoding in (*_LEGACY, "big5hkscs")] + _wide_scores(content)
    found += [likeness(high, "utf-8", "valid"), likeness(high, "cp949", "korean")]
    return found + [likeness(high, encoding, "japanese") for encoding in ("euc_jp", "cp932")]


def _wide_scores(content: bytes) -> list[Likeness]:
    """Score UTF-16 and UTF-32; without zeros, only languages that need not have a character of ASCII."""
    head = content[:_SAMPLE]
    zeros = head.count(0) / len(head)
    kinds: tuple[Kind, ...] = ("wide",) if zeros >= _ZEROS_OF_UTF16 else ("chinese", "japanese")
    names = ["utf-16-le", "utf-16-be", *(["utf-32-le", "utf-32-be"] if zeros >= _ZEROS_OF_UTF32 else [])]
    return [likeness(head, encoding, kind) for encoding in names for kind in kinds]


def _high_bytes(content: bytes) -> bytes:
    """Sample a file, each line from its first byte that is not ASCII on."""
    parts: list[bytes] = []
    room = _SAMPLE
    for line in _HIGH_LINE.finditer(content):
        parts.append(content[line.start() : min(line.end(), line.start() + room)])
        room -= len(parts[-1])
        if not room:
            break
    return b"".join(parts)


def _read_with(content: bytes, encodings: tuple[str, ...]) -> tuple[str, float]:
    """Take the first codec that decodes strictly, else the one with the fewest bad characters, with their share."""
    shares: dict[str, float] = {}
    for encoding in encodings:
        try:
            content.decode(encoding)
        except UnicodeDecodeError:
            text = content.decode(encoding, "replace")
            shares[encoding] = text.count(REPLACEMENT) / len(text)
        else:
            return encoding, 0.0
    best = min(shares, key=shares.__getitem__)
    return best, shares[best]


# -------------------------------------------------------------------------------------------------- lines in two codecs
_LINE = re.compile(rb"[^\n]*\n|[^\n]+")
_MOST_BAD_OF_A_LINE = 0.3  # of the characters: a line in UTF-8 with bad bytes has far fewer, one in GB mostly more


class _Line(NamedTuple):
    """A line that is not ASCII."""

    start: int
    content: bytes
    is_utf8: bool


def _by_lines(content: bytes) -> Detection | None:
    """Find the runs of a file that has lines in UTF-8 and lines in one legacy codec; None where it has not both.

    A line is never divided, and an ASCII line goes with the one before it.
    """
    if not any(_is_strict(line[0], "utf-8") for line in _LINE.finditer(content) if not line[0].isascii()):
        return None
    lines = [
        _Line(line.start(), line[0], _is_strict(line[0], "utf-8"))
        for line in _LINE.finditer(content)
        if not line[0].isascii()
    ]
    sample = _high_bytes(b"".join(line.content for line in lines if not line.is_utf8))
    legacy = best_of(likeness(sample, encoding, "chinese") for encoding in _LEGACY)
    if not legacy.accepted:
        return None
    names = [_codec_of(line, legacy.encoding) for line in lines]
    if len({*names}) == 1:
        return None
    parts = b"".join(line.content for line, name in zip(lines, names, strict=True) if name == legacy.encoding)
    encoding, bad = _read_with(parts, _variants(legacy.encoding))
    firsts = [n for n, name in enumerate(names) if not n or name != names[n - 1]]
    starts = [0, *(lines[n].start for n in firsts[1:])]
    codecs_of_runs = ["utf-8" if names[n] == "utf-8" else encoding for n in firsts]
    runs = tuple(map(Run, starts, [*starts[1:], len(content)], codecs_of_runs))
    detail = f"{names.count('utf-8')} of {len(names)} lines in utf-8, the others in {encoding}"
    return Detection(runs, "runs", round(legacy.confidence * (1 - bad), 3), None, detail)


def _codec_of(line: _Line, legacy: str) -> str:
    """Decide by how much a line looks like text, where its form leaves a doubt: bad UTF-8 is often good GB."""
    if line.is_utf8 and not _is_strict(line.content, legacy):
        return "utf-8"
    text = line.content.decode("utf-8", "replace")
    if text.count(REPLACEMENT) > _MOST_BAD_OF_A_LINE * len(text):
        return legacy
    return best_of(likeness(line.content, encoding, "chinese") for encoding in ("utf-8", legacy)).encoding


def _is_strict(data: bytes, encoding: str) -> bool:
    try:
        data.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


# ------------------------------------------------------------------------------------------------------------ chardet
_CHARDET_LOOKS_AT = 200_000  # bytes
_BY_CHARDET = sorted(
    name
    for name in ENCODINGS - {"gb18030", "cp950", "big5hkscs", "hz", "euc_jp", "mac-croatian", "mac-romanian"}
    if not name.startswith(("utf", "iso2022"))
)
_MOST_BAD_OF_ONE_BYTE = 0.02  # of the characters; half the pages have no code that is undefined


def _by_chardet(content: bytes) -> Detection:
    controls = _share_of_controls(content)
    if controls > _MOST_CONTROLS:
        return _set_aside("binary", f"{controls:.0%} of the bytes are control characters")
    found = chardet.detect(
        content[:_CHARDET_LOOKS_AT],
        max_bytes=_CHARDET_LOOKS_AT,
        compat_names=False,
        include_encodings=_BY_CHARDET,
    )
    name = found["encoding"]
    if name is None:
        kind = found["mime_type"] or "no codec fits"
        return _set_aside("undecodable" if kind.startswith(("text/", "no")) else "binary", kind, "chardet")
    name = codecs.lookup(name).name
    encoding, bad = _read_with(content, _variants(name))
    if bad > _MOST_BAD_OF_ONE_BYTE:
        return _set_aside("undecodable", f"{bad:.0%} of the characters cannot be decoded in {encoding}", "chardet")
    return _whole(content, encoding, "chardet", found["confidence"] * (1 - bad), found["language"] or "")
