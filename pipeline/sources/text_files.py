"""Files of lines, read as they come: what they are written in, and lines that may be too long.

Here belongs what readers of records in text files share. What a line holds belongs to them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.decoding import decode_strictly
from pipeline.detection.encoding import detect_encoding

if TYPE_CHECKING:
    import io
    from collections.abc import Iterator

_AT_ONCE = 1 << 20
_MOST_ZEROS = 0.01
"""Of the bytes: more than programs leave behind in a text, and fewer than Chinese in UTF-16 has."""


def written_in(head: bytes) -> str:
    r"""What a file is written in, by how it begins; empty where that is UTF-8, or cannot be told.

    >>> written_in("标题,正文\n".encode("gbk")), written_in("标题,正文\n".encode())
    ('gb18030', '')

    The lines of one file are in one codec, and many are too short to tell which.
    """
    lines = head[: head.rfind(b"\n") + 1] or head
    if decode_strictly(lines, "utf-8") is not None:
        return ""
    runs = detect_encoding(lines).runs
    return runs[0].encoding if len(runs) == 1 and runs[0].encoding != "utf-8" else ""


def is_in_bytes(head: bytes) -> bool:
    r"""Whether a line end is a byte in a file: it is not in UTF-16, which has zeros for line ends, marks and digits.

    >>> is_in_bytes('{"text": "人工智能"}\n'.encode("utf-16-le")), is_in_bytes(b'{"text": "' + b"a" * 200 + b'\0"}')
    (False, True)
    """
    return head.count(0) <= _MOST_ZEROS * len(head)


def lines(stream: io.BufferedReader, maximum_bytes: int) -> Iterator[tuple[int, bytes | None]]:
    r"""The lines of a file with their line ends, each with its number from 1 on; None for one that is too long.

    >>> import io
    >>> list(lines(io.BufferedReader(io.BytesIO(b"a\nbcdef\ng")), 4))
    [(1, b'a\n'), (2, None), (3, b'g')]
    """
    number = 0
    while line := stream.readline(maximum_bytes + 1):
        number += 1
        if len(line) <= maximum_bytes:
            yield number, line
            continue
        while line and not line.endswith(b"\n"):
            line = stream.readline(_AT_ONCE)
        yield number, None
