"""Web archives (WARC): the pages in one, as the server sent them.

A member's bytes are those of its record: the archive's head, the head of the answer, the page, whose packing for the
way (chunks, gzip) is undone as that of the file is. What is text in them belongs to :mod:`pipeline.steps.responses`.
The libraries for this format parse heads and do not keep their bytes, which the account needs.
"""

from __future__ import annotations

import re
import zlib
from typing import TYPE_CHECKING, Literal

from pipeline.records.responses import HEAD_BYTES, Head, head_of, media_type
from pipeline.sources.members import Broken, Member, oversized
from pipeline.sources.streams import damage

if TYPE_CHECKING:
    import io
    from collections.abc import Iterator

    from pipeline.sources.streams import Budget

_WITH_PAGES = frozenset(("conversion", "resource", "response"))
"""Types of records; the others tell what was asked for, when, and of the crawl itself."""

_PAGES = frozenset(("", "application/xhtml+xml", "text/html", "text/plain"))
_GOOD = "2"
"""The first digit of a status that brings the page."""

_GZIP = b"\x1f\x8b"
_OF_ARROW: dict[str, Literal["brotli", "zstd"]] = {"br": "brotli", "zstd": "zstd"}

_CHUNK = re.compile(rb"([0-9A-Fa-f]{1,8})[ \t]*(?:;[^\r\n]{0,200})?\r\n")
_AT_ONCE = 1 << 20


def is_warc(head: bytes) -> bool:
    """Whether a file begins with a record of a web archive.

    >>> is_warc(b"WARC/1.0"), is_warc("WARC 是一种格式".encode())
    (True, False)
    """
    return head.startswith(b"WARC/")


def warc_records(stream: io.BufferedReader, maximum_bytes: int, budget: Budget) -> Iterator[Member]:
    """The pages of an archive: `#R12` is the twelfth record of the file, of whatever type.

    What is no page (a picture, a script) is set aside as binary, an answer without one (404) as unreadable. Requests
    and records about the crawl are no documents and have no row.
    """
    number = 0
    while raw := _raw_head(stream, number):
        number += 1
        text = raw.decode("latin-1")
        head = head_of(text)
        length = text[slice(*head.archive.get("content-length", (0, 0)))] if head else ""
        if head is None or not length.isdecimal():
            message = f"record {number} has no head, or one without a length"
            raise Broken(message)
        suffix, size = f"#R{number}", int(length)
        is_wanted = text[slice(*head.archive["warc-type"])].lower() in _WITH_PAGES
        if is_wanted and size <= maximum_bytes:
            block = stream.read(size)
            _check(len(block), size, number)
            yield _member(suffix, raw, block, maximum_bytes, budget)
        else:
            _skip(stream, size, number)
            if is_wanted:
                yield oversized(suffix, maximum_bytes)


def _raw_head(stream: io.BufferedReader, number: int) -> bytes:
    """The head of the next record, the empty line behind it included; nothing at the end of the file."""
    line = stream.readline(HEAD_BYTES)
    while line in (b"\r\n", b"\n"):
        line = stream.readline(HEAD_BYTES)
    lines = [line]
    if line and not is_warc(line):
        message = f"behind record {number} stands something else"
        raise Broken(message)
    size = len(line)
    while line.strip():
        line = stream.readline(HEAD_BYTES)
        lines.append(line)
        size += len(line)
        if not line or size > HEAD_BYTES:
            message = f"the head of record {number + 1} does not end"
            raise Broken(message)
    return b"".join(lines)


def _skip(stream: io.BufferedReader, size: int, number: int) -> None:
    left = size
    while left and (data := stream.read(min(left, _AT_ONCE))):
        left -= len(data)
    _check(size - left, size, number)


def _check(found: int, size: int, number: int) -> None:
    if found < size:
        message = f"record {number} is cut short: {found} of {size} bytes"
        raise Broken(message)


def _member(suffix: str, raw: bytes, block: bytes, maximum_bytes: int, budget: Budget) -> Member:
    """The record as a document: its page unpacked, or why it is none."""
    content = raw + block
    text = content[: len(raw) + HEAD_BYTES].decode("latin-1")
    head = head_of(text)
    if head is None:
        return Member(suffix, content, "unreadable", "its head cannot be read")
    if head.status and not head.status.startswith(_GOOD):
        return Member(suffix, content, "unreadable", f"the server answered {head.status}")
    kind = media_type(text, head)
    if kind not in _PAGES:
        return Member(suffix, content, "binary", f"no page, but {kind}")
    page, problem = _unpacked(content[head.end :], text, head, maximum_bytes, budget)
    if problem:
        return Member(suffix, content, "unreadable", problem)
    if head.end + len(page) > maximum_bytes:
        return oversized(suffix, maximum_bytes)
    return Member(suffix, content[: head.end] + page)


def _unpacked(page: bytes, text: str, head: Head, limit: int, budget: Budget) -> tuple[bytes, str]:
    """The page as it was before it was packed for the way, and what is wrong with it."""
    said = {name: text[slice(*span)].strip().lower() for name, span in head.answer.items()}
    if "chunked" in said.get("transfer-encoding", ""):
        page = _without_chunks(page)
    problem = ""
    for packing in reversed(said.get("content-encoding", "").split(",")):  # in the order in which it was packed
        if page and not problem:
            packed = page
            page, problem = _undone(packed, packing.strip(), limit)
            if page is not packed:
                budget.spend(len(page))
    return page, problem


def _undone(page: bytes, packing: str, limit: int) -> tuple[bytes, str]:
    """The page without one packing; many archives hold it unpacked under the head that it came with."""
    if packing in ("", "identity"):
        return page, ""
    if packing == "deflate" or (packing in ("gzip", "x-gzip") and page.startswith(_GZIP)):
        return _inflated(page, limit)
    if packing in _OF_ARROW and not page.lstrip().startswith(b"<"):
        return _by_arrow(page, _OF_ARROW[packing], limit)
    is_plain = page.lstrip()[:1] == b"<" or packing in ("gzip", "x-gzip")
    return page, "" if is_plain else f"the page is packed with {packing}, which nothing here can unpack"


def _by_arrow(page: bytes, codec: Literal["brotli", "zstd"], limit: int) -> tuple[bytes, str]:
    import pyarrow as pa  # noqa: PLC0415  it is heavy, and few pages need it

    try:
        with pa.CompressedInputStream(pa.BufferReader(page), codec) as unpacker:
            return unpacker.read(limit + 1), ""
    except OSError as error:
        return page, damage(error)


def _inflated(page: bytes, limit: int) -> tuple[bytes, str]:
    for window in (zlib.MAX_WBITS | 32, -zlib.MAX_WBITS):  # gzip or zlib by its head; else what some servers send
        unpacker = zlib.decompressobj(window)
        try:
            found = unpacker.decompress(page, limit + 1)
        except zlib.error:
            continue
        is_whole = unpacker.eof or len(found) > limit
        return found, "" if is_whole else "the packed page is cut short"
    return page, "" if page.lstrip()[:1] == b"<" else "the packed page cannot be unpacked"


def _without_chunks(page: bytes) -> bytes:
    """The page without the lengths of its chunks; the page itself where there are none."""
    parts: list[bytes] = []
    at = 0
    while match := _CHUNK.match(page, at):
        size = int(match[1], 16)
        if not size:
            return b"".join(parts)
        parts.append(page[match.end() : match.end() + size])
        at = match.end() + size
        if page[at : at + 2] != b"\r\n":
            break
        at += 2
    # Cut short within a chunk, what came counts; no chunk at the beginning: somebody has joined them already.
    return b"".join(parts) if parts and at >= len(page) else page
