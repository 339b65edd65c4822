"""What is read right of short texts in every codec, and what else they are taken for: the tables of docs/encodings.md.

Run by `make encodings`; or on texts of one's own, which are files in UTF-8 in a folder:

    .venv/bin/python tests/confusion.py FOLDER
"""

from __future__ import annotations

import sys
from collections import Counter, defaultdict
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from damage import RAW_CHINESE, clean_texts

from pipeline.decoding import decode
from pipeline.detection.encoding import detect_encoding

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

PAGE = Path(__file__).resolve().parents[1] / "docs" / "encodings.md"
BEGIN, END = "<!-- made by `make encodings` -->", "<!-- end of what is made -->"

CODECS = tuple(codec for codec in RAW_CHINESE if codec not in {"utf-8-sig", "utf-16", "utf-32", "gbk", "big5"})
"""Those without a mark that says what they are, each family once."""

LENGTHS = (2, 4, 8, 20, 50, 200)
CONFUSED_AT = 8
"""The length, in characters, of the texts in the second table."""

MOST_PIECES = 500
"""Of each codec and length; of more, as many that lie evenly among them are taken."""

FAMILIES = {"big5hkscs": "Big5", "cp950": "Big5", "gb18030": "GB", "gb2312": "GB", "utf-8": "UTF-8", "hz": "HZ"}


class Seen(NamedTuple):
    """How pieces of one length in one codec were read."""

    pieces: int
    right: int
    taken_for: Counter[str]


def pieces_of(texts: Iterable[str], codec: str, length: int) -> list[bytes]:
    """Stretches of the texts, half of them Han at least, as a codec writes them.

    >>> [piece.decode("gb18030") for piece in pieces_of(["人工智能，产业"], "gb18030", 4)]
    ['人工智能', '能，产业']
    """
    step = max(1, length * 3 // 4)
    found = []
    for text in texts:
        flat = text.strip("\ufeff")
        for start in range(0, len(flat) - length + 1, step):
            piece = flat[start : start + length]
            if 2 * sum("一" <= character <= "龥" for character in piece) < length:
                continue
            try:
                content = piece.encode(codec)
            except UnicodeEncodeError:
                continue
            if content.decode(codec) == piece:
                found.append(content)
    return found[:: -(-len(found) // MOST_PIECES) or 1]


def seen(texts: Iterable[str], codec: str, length: int) -> Seen:
    """Detect and decode every piece, and compare it with what was written."""
    pieces = pieces_of(texts, codec, length)
    right = 0
    taken_for: Counter[str] = Counter()
    for content in pieces:
        detection = detect_encoding(content)
        text = decode(content, detection.runs)[0] if detection.reason is None else None
        is_right = text == content.decode(codec)
        right += is_right
        if is_right:
            taken_for[family(codec)] += 1
        elif detection.reason is not None:
            taken_for["set aside"] += 1
        else:
            taken_for[" and ".join(dict.fromkeys(family(run.encoding) for run in detection.runs))] += 1
    return Seen(len(pieces), right, taken_for)


def family(codec: str) -> str:
    """The family of a codec, as the tables call it; of UTF-16 and UTF-32 the order of bytes matters.

    >>> family("gb2312"), family("utf-16-le"), family("cp1252")
    ('GB', 'UTF-16 LE', 'another')
    """
    if codec.startswith(("utf-16", "utf-32")):
        return codec.upper().replace("-LE", " LE").replace("-BE", " BE")
    return FAMILIES.get(codec, "another")


def tables(texts: Iterable[str]) -> str:
    """Both tables, in Markdown."""
    texts = list(texts)
    found = {(codec, length): seen(texts, codec, length) for codec in CODECS for length in LENGTHS}
    return "\n".join([*_shares(found), "", *_confusion(found), ""])


def _shares(found: dict[tuple[str, int], Seen]) -> Iterator[str]:
    yield "| written in | " + " | ".join(f"{length} characters" for length in LENGTHS) + " |"
    yield "|---" * (len(LENGTHS) + 1) + "|"
    for codec in CODECS:
        cells = (found[codec, length] for length in LENGTHS)
        yield (
            f"| {codec} | " + " | ".join(f"{_share(cell.right, cell.pieces)} of {cell.pieces}" for cell in cells) + " |"
        )


def _confusion(found: dict[tuple[str, int], Seen]) -> Iterator[str]:
    rows: dict[str, Counter[str]] = defaultdict(Counter)
    for codec in CODECS:
        rows[codec] = found[codec, CONFUSED_AT].taken_for
    names = sorted(
        {name for row in rows.values() for name in row}, key=lambda name: (name in {"another", "set aside"}, name)
    )
    yield (
        f"| written in, {CONFUSED_AT} characters | "
        + " | ".join(f"read as {name}" if name != "set aside" else name for name in names)
        + " |"
    )
    yield "|---" * (len(names) + 1) + "|"
    for codec, row in rows.items():
        yield f"| {codec} | " + " | ".join(str(row[name] or "") for name in names) + " |"


def _share(right: int, pieces: int) -> str:
    """The share in per cent, never rounded up to all."""
    if not pieces:
        return "–"
    return "100 %" if right == pieces else f"{min(99.9, 100 * right / pieces):.1f} %"


def page(made: str) -> str:
    """The page with its tables made anew."""
    before, _, rest = PAGE.read_text("utf-8").partition(BEGIN)
    return f"{before}{BEGIN}\n{made}{END}{rest.partition(END)[2]}"


if __name__ == "__main__":
    if sys.argv[1:]:
        files = sorted(Path(sys.argv[1]).rglob("*.txt"))
        if not files:
            sys.exit(f"{sys.argv[1]} holds no file that ends in .txt")
        sys.stdout.write(tables(file.read_text("utf-8") for file in files))
    else:
        PAGE.write_text(page(tables(clean_texts().values())), "utf-8")
