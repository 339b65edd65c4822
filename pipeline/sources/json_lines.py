r"""Files of JSON records: JSON Lines, where each line is an object, and arrays of objects.

A record's bytes are those of its line, line end included, or of its element; what is text in it, and what escapes stand
for, belongs to :mod:`pipeline.steps.records`.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pipeline.decoding import decode_strictly
from pipeline.records.json_values import DECODER, is_object
from pipeline.records.keys import BODY, PAGE, SUMMARY, field_of
from pipeline.sources.members import Broken, Member, oversized
from pipeline.sources.text_files import is_in_bytes, lines, written_in

if TYPE_CHECKING:
    import io
    from collections.abc import Iterator

    from pipeline.sources.streams import Budget

_HEAD = 1 << 16
_MARK = b"\xef\xbb\xbf"
_FIRST_OBJECT = re.compile(rb"\s*\{")
_FIRST_OF_ARRAY = re.compile(rb"\s*\[\s*\{")
_KEY = re.compile(r'"([^"\\]{1,60})"\s*:')
_CONFLICT = re.compile(rb"^<{7}(?: |\r?$)", re.MULTILINE)
_BETWEEN = re.compile(r"[\s,]*")
_NO_OBJECT = "it is no JSON object, or was cut short"


def is_json_lines(head: bytes) -> bool:
    r"""Whether a file begins with an object.

    >>> is_json_lines(b'\n{"text": "'), is_json_lines(b"[1, 2]")
    (True, False)
    """
    return is_in_bytes(head) and _FIRST_OBJECT.match(head.removeprefix(_MARK)) is not None


def is_json_records(head: bytes) -> bool:
    r"""Whether a file begins as an array of objects, or with two lines of which each is an object.

    >>> [is_json_records(head) for head in (b'[{"text": "', b'{"text": ""}\n{"text": ""}\n', b'{"text": ""}\n')]
    [True, True, False]
    >>> is_json_records(b'[{"region": 11, "name": "')
    False

    One object alone is no collection: the file is the record. A list of objects of which no key names a text is data.
    """
    if not is_in_bytes(head):
        return False
    head = head.removeprefix(_MARK)
    first, _, rest = head.lstrip().partition(b"\n")
    is_line = is_json_lines(rest) and is_object(first.decode("utf-8", "replace"))
    return (is_line or _FIRST_OF_ARRAY.match(head) is not None) and _names_a_text(head)


def _names_a_text(head: bytes) -> bool:
    """Whether one of the keys with which a file begins names a text."""
    text = head.decode(written_in(head) or "utf-8", "replace")
    fields = (label.field for key in _KEY.finditer(text) if (label := field_of(key[1])) is not None)
    return not {BODY, PAGE, SUMMARY}.isdisjoint(fields)


def json_records(stream: io.BufferedReader, maximum_bytes: int, budget: Budget) -> Iterator[Member]:
    """The records of a file: `#L12` is the one on line 12, `#R12` the twelfth of an array.

    A line is read when it is asked for. One that is no object is set aside as unreadable, with its bytes; a blank line
    holds nothing. An array is read whole, and so is too large where it is larger than one document may be.
    """
    del budget  # a record is as long as its line
    head = stream.peek(_HEAD)[:_HEAD]
    encoding = written_in(head)
    if _FIRST_OF_ARRAY.match(head.removeprefix(_MARK)) is not None:
        yield from _of_array(stream, maximum_bytes, encoding)
        return
    for number, line in lines(stream, maximum_bytes):
        suffix = f"#L{number}"
        if line is None:
            yield oversized(suffix, maximum_bytes)
        elif line.removeprefix(_MARK).strip():
            reason, detail = (None, "") if _is_record(line, encoding) else ("unreadable", _NO_OBJECT)
            yield Member(suffix, line, reason, detail, encoding=encoding)


def _is_record(line: bytes, encoding: str) -> bool:
    """Whether a line is an object: in UTF-8, in what the file begins in, or in what it is itself in.

    Files are put together of several, and one that begins in English begins in many encodings.
    """
    line = line.removeprefix(_MARK)
    text = decode_strictly(line, "utf-8")
    if text is not None:
        return is_object(text)
    return any(is_object(line.decode(codec or "utf-8", "replace")) for codec in (encoding, written_in(line)))


def _of_array(stream: io.BufferedReader, maximum_bytes: int, encoding: str) -> Iterator[Member]:
    content = stream.read(maximum_bytes + 1)
    if len(content) > maximum_bytes:
        message = f"an array of JSON of more than {maximum_bytes} bytes, the limit: as JSON Lines it can be of any size"
        raise Broken(message, reason="too_large")
    if _CONFLICT.search(content):  # somebody has merged it and not looked: it is no JSON, and one document
        yield Member("", content)
        return
    codec = encoding or "utf-8"
    text = decode_strictly(content, codec)
    if text is None:
        message = f"it is not {codec}, in which it begins"
        raise Broken(message)
    at, number = text.index("[") + 1, 0
    while text[at := _end_of(at, text)] != "]":
        try:
            found, end = DECODER.raw_decode(text, at)
        except (ValueError, RecursionError) as error:
            message = f"it is no JSON from character {at} on"
            raise Broken(message) from error
        number += 1
        reason, detail = (None, "") if isinstance(found, dict) else ("unreadable", _NO_OBJECT)
        yield Member(f"#R{number}", text[at:end].encode(codec), reason, detail, encoding=encoding)
        at = end


def _end_of(at: int, text: str) -> int:
    """The end of what stands between two elements."""
    between = _BETWEEN.match(text, at)
    at = between.end() if between is not None else at
    if at == len(text):
        message = "it ends before its last bracket"
        raise Broken(message)
    return at
