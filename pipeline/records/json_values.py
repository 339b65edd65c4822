"""A JSON object as text: where its values stand.

Here belongs the grammar of JSON, as far as positions need it; whether a text is JSON at all, the standard library says.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from pipeline.records.values import Value

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pipeline.edits import Span

DECODER = json.JSONDecoder(strict=False, parse_int=len, parse_float=len)
"""Numbers are not worked out: one of a million digits takes long."""

_OBJECT = re.compile(r"\s*\{")
_TOKEN = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"|[{}\[\],:]|-?\d[^\s,\]}]*', re.DOTALL)
_NUMBERED = re.compile(r"(?:\\u[0-9a-fA-F]{4})+")
_SPECIAL = re.compile(r'["\\\x00-\x1f]')
_ESCAPES = re.compile(r"(?:\\u[0-9a-fA-F]{4})+|\\.", re.DOTALL)


def is_object(text: str) -> bool:
    r"""Whether a text is one JSON object and nothing else.

    >>> [is_object(text) for text in ('{"a": 1}\n', '{"a": 1}\n{"a": 2}', "{dy}")]
    [True, False, False]

    Line ends and tabs within strings, which JSON forbids and many a program writes, are allowed.
    """
    if _OBJECT.match(text) is None or not text.rstrip().endswith("}"):
        return False
    try:
        return isinstance(DECODER.decode(text), dict)
    except (ValueError, RecursionError):
        return False


def object_values(text: str) -> Iterator[Value]:
    """The strings and numbers of a JSON object, in its order, each with the keys that lead to it.

    >>> text = '{"meta": {"title": "方案"}, "paragraphs": ["一", "二"]}'
    >>> [(value.path, text[slice(*value.span)]) for value in object_values(text)]
    [(('meta', 'title'), '方案'), (('paragraphs', ''), '一'), (('paragraphs', ''), '二')]
    """
    path: list[str] = []  # at each depth the key that is given a value; empty in a list
    objects: list[bool] = []
    expects_key = False
    for token in _TOKEN.finditer(text):
        start, end = token.span()
        first = text[start]
        if first in "{[":
            path.append("")
            objects.append(first == "{")
            expects_key = first == "{"
        elif first in "}]":
            path.pop()
            objects.pop()
            expects_key = False
        elif first in ",:":
            expects_key = first == "," and objects[-1]
        elif expects_key:
            path[-1] = _unescaped(text[start + 1 : end - 1])
        else:
            quotes = int(first == '"')
            yield Value(tuple(path), (start + quotes, end - quotes))


def escapes(text: str, span: Span) -> Iterator[tuple[int, str, str]]:
    r"""The escapes in a stretch of JSON: where each begins, what stands there, and what it stands for.

    >>> list(escapes(r"\u4eba\u5de5\n", (0, 14)))
    [(0, '\\u4eba\\u5de5', '人工'), (12, '\\n', '\n')]

    Half a character that is escaped without its other half, which cannot be written in UTF-8, becomes U+FFFD.
    """
    for found in _ESCAPES.finditer(text, *span):
        yield found.start(), found[0], _unescaped(found[0])


def needed(characters: str) -> str:
    r"""The characters as JSON has to write them between quotation marks.

    >>> needed('人“"')
    '人“\\"'
    """
    return json.dumps(characters, ensure_ascii=False)[1:-1] if _SPECIAL.search(characters) else characters


def _unescaped(string: str) -> str:
    if "\\" not in string:
        return string
    if _NUMBERED.fullmatch(string):
        return bytes.fromhex(string.replace("\\u", "")).decode("utf-16-be", "replace")
    decoded: str = DECODER.decode(f'"{string}"')
    return decoded.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
