"""A record of a web archive: its head, the head of the server's answer in it, and where the page begins.

Here belongs the grammar of both heads (WARC 1.1, ISO 28500; HTTP, RFC 9112), as far as it is needed to find the page.
Heads are ASCII: the same positions hold in bytes that are read as Latin-1.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pipeline.edits import Span

MARK = "WARC/"

HEAD_BYTES = 1 << 16
"""No head is longer; those of Common Crawl have 2,000 bytes with that of the answer."""

_ARCHIVE = re.compile(r"WARC/\d\.\d{1,2}\r?\n(?P<fields>(?:[^\r\n]+\r?\n)+)\r?\n")
_ANSWER = re.compile(r"HTTP/\d(?:\.\d)?[ ]+(?P<status>\d{3})[^\r\n]*\r?\n(?P<fields>(?:[^\r\n]+\r?\n)*)\r?\n")
# Possessive: a line that does not end as it should is not gone through again for each of its spaces.
_FIELD = re.compile(r"^(?P<name>[!#$%&'*+.^_`|~0-9A-Za-z-]{1,80}):[ \t]*+(?P<value>[^\r\n]*+)\r?$", re.MULTILINE)
_CHARSET = re.compile(r"charset\s*=\s*[\"']?([A-Za-z0-9_-]{2,20})", re.IGNORECASE)


class Head(NamedTuple):
    """The heads of a record: each field with the span of its value, the status of the answer, where the page begins.

    Names are in lower case. `status` is empty where what was stored is no answer.
    """

    archive: Mapping[str, Span]
    answer: Mapping[str, Span]
    status: str
    end: int


def head_of(text: str) -> Head | None:
    r"""The heads at the beginning of a record; None where there are none.

    >>> record = "WARC/1.0\r\nWARC-Type: response\r\nContent-Type: application/http\r\n\r\nHTTP/1.1 200 OK\r\n\r\n<p>"
    >>> head = head_of(record)
    >>> sorted(head.archive), head.status, record[head.end :]
    (['content-type', 'warc-type'], '200', '<p>')

    A text about web archives has no head of a record as its very beginning.
    """
    if not text.startswith(MARK):
        return None
    archive = _ARCHIVE.match(text[:HEAD_BYTES])
    if archive is None:
        return None
    fields = _fields(archive)
    if "warc-type" not in fields:
        return None
    is_answer = text[slice(*fields.get("content-type", (0, 0)))].lower().startswith("application/http")
    answer = _ANSWER.match(text[: archive.end() + HEAD_BYTES], archive.end()) if is_answer else None
    if answer is None:
        return Head(fields, {}, "", archive.end())
    return Head(fields, _fields(answer), answer["status"], answer.end())


def media_type(text: str, head: Head) -> str:
    r"""What kind of thing a record holds, as the server or the archive says; empty where nobody says it.

    >>> text = "WARC/1.0\nWARC-Type: resource\nContent-Type: text/HTML; charset=gbk\n\n"
    >>> media_type(text, head_of(text)), charset(text, head_of(text))
    ('text/html', 'gbk')
    """
    return _content_type(text, head).partition(";")[0].strip().lower()


def charset(text: str, head: Head) -> str:
    """The encoding that the server or the archive names; empty where neither does."""
    found = _CHARSET.search(_content_type(text, head))
    return found[1] if found else ""


def _content_type(text: str, head: Head) -> str:
    return text[slice(*(head.answer if head.status else head.archive).get("content-type", (0, 0)))]


def _fields(head: re.Match[str]) -> dict[str, Span]:
    found: dict[str, Span] = {}
    for field in _FIELD.finditer(head.string, *head.span("fields")):
        start = field.start("value")
        found.setdefault(field["name"].lower(), (start, start + len(field["value"].rstrip(" \t"))))
    return found
