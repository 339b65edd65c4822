"""Files with lines in UTF-8 and lines in a legacy codec."""

from __future__ import annotations

import re
from typing import NamedTuple

from pipeline.decoding import REPLACEMENT, Run, decode_strictly
from pipeline.detection.alignment import aligned
from pipeline.detection.candidates import LEGACY, high_bytes, read_with, variants
from pipeline.detection.found import Detection
from pipeline.detection.likeness import best_of, likeness

_LINE = re.compile(rb"[^\n]*\n|[^\n]+")
_COMMON_IN_UTF8 = [character.encode() for character in "，的"]  # found fast
_RUN_OF_UTF8 = re.compile(rb"(?:[\xe3-\xe9\xef][\x80-\xbf]{2}){4,}")
_LEAST_BESIDE_UTF8 = 0.1  # of likeness to Chinese, beside Chinese in UTF-8, where every byte is read: names have 0.1
_MOST_BAD_OF_A_LINE = 0.3  # of the characters: a line in UTF-8 with bad bytes has far fewer, one in GB mostly more


class _Line(NamedTuple):
    """A line that is not ASCII."""

    start: int
    content: bytes
    is_utf8: bool


def has_run_of_utf8(content: bytes) -> bool:
    """Whether there is more Chinese in UTF-8 than another codec has by chance, though it may read all of it.

    >>> has_run_of_utf8("第一条的规定".encode()), has_run_of_utf8("第一条的规定".encode("gbk"))
    (True, False)
    """
    return any(mark in content for mark in _COMMON_IN_UTF8) and _RUN_OF_UTF8.search(content) is not None


def by_lines(content: bytes) -> Detection | None:
    r"""Find the runs of a file that has lines in UTF-8 and lines in one legacy codec; None where it has not both.

    >>> by_lines("第一条规定\n".encode() + "第二条规定\n".encode("gbk")).runs
    (Run(start_byte=0, end_byte=16, encoding='utf-8'), Run(start_byte=16, end_byte=27, encoding='gb18030'))

    An ASCII line goes with the one before it. A line is divided where neither codec reads it.
    """
    lines = [
        _Line(line.start(), line[0], decode_strictly(line[0], "utf-8") is not None)
        for line in _LINE.finditer(content)
        if not line[0].isascii()
    ]
    if not any(line.is_utf8 for line in lines) and not has_run_of_utf8(content):
        return None
    others = _RUN_OF_UTF8.sub(b"", b"".join(line.content for line in lines if not line.is_utf8))
    legacy = best_of(likeness(high_bytes(others), encoding, "chinese") for encoding in LEGACY)
    is_read = decode_strictly(others, legacy.encoding) is not None
    if not legacy.accepted and not (is_read and legacy.value >= _LEAST_BESIDE_UTF8):
        return None
    names = [_codec_of(line, legacy.encoding) for line in lines]
    parts = b"".join(line.content for line, name in zip(lines, names, strict=True) if name == legacy.encoding)
    encoding, bad, _ = read_with(_RUN_OF_UTF8.sub(b"", parts), variants(legacy.encoding))
    firsts = [n for n, name in enumerate(names) if not n or name != names[n - 1]]
    starts = [0, *(lines[n].start for n in firsts[1:])]
    codecs_of_runs = ["utf-8" if names[n] == "utf-8" else encoding for n in firsts]
    runs = aligned(content, map(Run, starts, [*starts[1:], len(content)], codecs_of_runs), ("utf-8", encoding))
    if len({run.encoding for run in runs}) == 1:
        return None
    detail = f"{names.count('utf-8')} of {len(names)} lines in utf-8, the others in {encoding}"
    return Detection(runs, "runs", round(legacy.confidence * (1 - bad), 3), None, detail)


def _codec_of(line: _Line, legacy: str) -> str:
    """Decide by how much a line looks like text, where its form leaves a doubt: bad UTF-8 is often good GB."""
    if line.is_utf8 and decode_strictly(line.content, legacy) is None:
        return "utf-8"
    text = line.content.decode("utf-8", "replace")
    if text.count(REPLACEMENT) > _MOST_BAD_OF_A_LINE * len(text):
        return legacy
    return best_of(likeness(line.content, encoding, "chinese") for encoding in ("utf-8", legacy)).encoding
