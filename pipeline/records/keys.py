"""Which field a key names: in a JSON object, in the first row of a table, in the head of a page.

Here belongs looking a key up. What a value of a field looks like is said in :mod:`pipeline.metadata.labelled`.
"""

from __future__ import annotations

import functools
import re

from pipeline import lexicon
from pipeline.lexicon import Label
from pipeline.script.conversion import simplified

BODY, PAGE, SUMMARY = "body", "page", "summary"
"""The fields whose values may be the text of a record; `page` is a text in HTML."""

_JOINTS = re.compile(r"[\s_-]+")


@functools.cache
def _fields() -> dict[str, Label]:
    keys = {key: Label(field, weak=field != "title") for key, field in lexicon.rows("field_keys.tsv")}
    return {**{_JOINTS.sub("", label): found for label, found in lexicon.labels().items()}, **keys}


@functools.lru_cache(maxsize=4096)
def field_of(key: str) -> Label | None:
    """What a key names, in either script; None where no list knows it.

    >>> [field_of(key).field for key in ("articleTitle", "pub_date", "正文", "標題", "WARC-Target-URI")]
    ['title', 'date_published', 'body', 'title', 'url']
    >>> field_of("crawl_id") is None
    True

    Left alone are keys that may be about the crawl and not about the document: `created_at`, `update_time`, `id`.
    """
    key = _JOINTS.sub("", key).lower()
    return _fields().get(key) or (None if key.isascii() else _fields().get(simplified(key)))


_NOTHING = frozenset(("-", "--", "/", "n/a", "nan", "nil", "none", "null", "undefined", "暂无", "無", "无", "未知"))


def says_nothing(value: str) -> bool:
    """Whether a value is what programs write where they have none.

    >>> [says_nothing(value) for value in ("null", " None ", "无", "无锡日报")]
    [True, True, True, False]
    """
    return value.strip().lower() in _NOTHING
