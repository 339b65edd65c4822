"""What the first bytes of a file say: byte-order marks, and signatures of formats that are no text."""

from __future__ import annotations

import re

from pipeline.decoding import REPLACEMENT
from pipeline.detection.candidates import SAMPLE, SAMPLE_OF_CLEAR
from pipeline.detection.found import Detection, set_aside, whole
from pipeline.detection.likeness import likeness

UTF8_MARK = b"\xef\xbb\xbf"
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
MOST_CONTROLS = 0.05  # of the bytes: random ones have 0.09, text with a stray NUL a hundredth of this


def by_mark(content: bytes) -> Detection | None:
    """Believe a mark, but that of UTF-8, behind which other codecs were seen, and where binary data begins so."""
    if content.startswith(_PDF):
        return set_aside("binary", "PDF")
    for mark, encoding in _MARKS:
        if not content.startswith(mark):
            continue
        # Binary data may begin so, too, and a NUL may follow the mark of UTF-16: the rest has to look like text.
        rest = content[len(mark) : SAMPLE_OF_CLEAR]
        if not rest or likeness(rest, encoding, "wide").accepted or _could_be_written(rest, encoding):
            return whole(content, encoding, "bom", 1.0)
    return None


def _could_be_written(data: bytes, encoding: str) -> bool:
    """Whether every character is one that somebody may have written, however rare: a list of names is text, too."""
    text = data[: len(data) // 4 * 4].decode(encoding, "replace")
    return all(character in "\t\n\r" or character.isprintable() for character in text.rstrip(REPLACEMENT))


def by_signature(content: bytes) -> Detection | None:
    """Know a binary format by its first bytes; a text about GIF89a may begin with that, too."""
    signature = _SIGNATURE.match(content)
    if signature is None or (signature[0].isascii() and b"\0" not in content[:SAMPLE]):
        return None
    return set_aside("binary", _SIGNATURES[signature[0]])


def share_of_controls(content: bytes) -> float:
    """Count control characters, but for zeros before and behind the text: the file was allocated and not filled."""
    text = content.strip(b"\0")
    return len(text.translate(None, _NO_CONTROLS)) / len(text) if text else 1.0
