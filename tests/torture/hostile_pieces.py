"""Pieces that hostile documents are glued from, and the glue: beginnings of everything that the pipeline reads.

Here belong the pieces and how any bytes become a document of them, for Hypothesis and for a coverage-guided fuzzer.
What has to hold for a document is said in `targets.py`.
"""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Final

_TEXTS: Final[dict[str, list[str]]] = json.loads(Path(__file__).with_suffix(".json").read_text("ascii"))

_BYTES: Final = (
    *(b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff", b"\xff\xfe\x00\x00", b"\x00\x00\xfe\xff", b"\x84\x31\x95\x33"),
    *(b"\xed\xa0\x80", b"\xed\xb0\x80", b"\xc0\x80", b"\xf4\x90\x80\x80", b"\xe4\xb8", b"\xe4", b"\xf0\x9f", b"\x80"),
    *(b"\xff",),
    *(b"\x81", b"\xfe", b"\x81\x30", b"\x81\x30\x81", b"\xa1\xa1", b"\x88\x62", b"\xa3\xe0"),
    *(b"\xfe\xfe", b"\x8e\xa2\xa1\xa1"),
    *(b"~{VP9z~}", b"~{", b"~}", b"~\n", b"~~", b"\x1b$B", b"\x1b(B", b"\x1b$)C\x0e", b"\x0f", b"+Ti1W/Q-"),
    *(b"PK\x03\x04", b"\x1f\x8b\x08", b"%PDF-1.4", b"\x89PNG\r\n\x1a\n", b"\x7fELF", b"\xd0\xcf\x11\xe0", b"\x00" * 8),
)  # fmt: skip

_ENCODINGS: Final = (
    "utf-8",
    "utf-8",
    "utf-8",
    "gb18030",
    "big5hkscs",
    "utf-16-le",
    "utf-16-be",
    "latin-1",
    "shift_jis",
)


def pieces(encoding: str = "utf-8") -> list[bytes]:
    r"""Every piece in an encoding, as far as it has the characters.

    >>> b"\xd5\xfe\xb2\xdf" in pieces("gb18030")
    True
    """
    texts = [text for kind in _TEXTS.values() for text in kind]
    return [*[text.encode(encoding, "ignore") for text in texts], *_BYTES]


PIECES: Final = {encoding: pieces(encoding) for encoding in dict.fromkeys(_ENCODINGS)}
"""Every piece, by encoding."""


def glued(seed: bytes) -> bytes:
    """A document that these bytes choose: pieces, most of them in one encoding, with bytes of the seed between them.

    >>> glued(b"") == b"" and glued(bytes(8)) == glued(bytes(8))
    True
    """
    if not seed:
        return b""
    known = PIECES[_ENCODINGS[seed[0] % len(_ENCODINGS)]]
    made, at = [], 1
    while at < len(seed):
        kind = seed[at]
        if kind < 200:  # a piece, which two bytes choose
            made.append(known[int.from_bytes(seed[at : at + 2]) % len(known)])
            at += 2
        elif kind < 220:  # the last of them again, up to twenty times
            made += made[-1:] * (kind - 200)
            at += 1
        elif kind < 235:  # bytes as they are
            made.append(seed[at + 1 : at + 1 + kind - 219])
            at += kind - 218
        elif kind < 250:  # a piece of another encoding
            made.append(PIECES[_ENCODINGS[kind % len(_ENCODINGS)]][int.from_bytes(seed[at + 1 : at + 3]) % len(known)])
            at += 3
        else:  # the last one, cut short
            made[-1:] = [each[: len(each) // 2] for each in made[-1:]]
            at += 1
    return b"".join(made)


def mutated(content: bytes, max_size: int, seed: int) -> bytes:
    """A document with a few pieces put into it, stretches of it taken out, doubled, or given in another encoding.

    >>> mutated(b"", 100, 1) == mutated(b"", 100, 1)
    True
    """
    chance = random.Random(seed)  # noqa: S311  no secret hangs on it
    known = PIECES[chance.choice(_ENCODINGS)]
    made = bytearray(content)
    for _ in range(chance.randint(1, 6)):
        start, end = sorted((chance.randint(0, len(made)), chance.randint(0, len(made))))
        match chance.randrange(6):
            case 0 | 1:
                made[start:start] = chance.choice(known) * chance.choice((1, 1, 1, 2, 7))
            case 2:
                made[start : min(end, start + 40)] = b""
            case 3:
                made[start:start] = made[start : min(end, start + 200)]
            case 4:
                made[start:start] = bytes([chance.randrange(256)])
            case _:
                other = made[start:end].decode("utf-8", "ignore").encode(chance.choice(_ENCODINGS), "ignore")
                made[start:end] = other
    return bytes(made[:max_size])
