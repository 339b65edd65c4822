"""The words and patterns that steps look for, read from the data files beside them.

Here belongs reading `steps/data/`. What a word means belongs to the step that asks for it.
"""

from __future__ import annotations

import functools
import json
import re
from pathlib import Path
from typing import Any, NamedTuple

DATA = Path(__file__).parent / "steps" / "data"

_SPACED = "[ \\t\u00a0\u3000]*"


class Label(NamedTuple):
    """A label of a labelled field: the field it heads, and whether it is too common a word to head one alone."""

    field: str
    weak: bool


def rows(name: str) -> list[list[str]]:
    """The rows of a tab-separated data file; a line that starts with # is a comment.

    >>> rows("labels.tsv")[0]
    ['AI technology', 'crawler', 'strong']
    """
    lines = (DATA / name).read_text("utf-8").splitlines()
    return [line.split("\t") for line in lines if line and not line.startswith("#")]


def words(name: str) -> tuple[str, ...]:
    """The words of a data file, one a line."""
    return tuple(row[0] for row in rows(name))


def document(name: str) -> Any:  # noqa: ANN401  a JSON value has no narrower type
    """A JSON data file."""
    return json.loads((DATA / name).read_text("utf-8"))


@functools.cache
def labels() -> dict[str, Label]:
    """Every label, without inner spaces and in lower case, with what it heads.

    >>> labels()["关键字"]
    Label(field='keywords', weak=False)
    """
    return {key(label): Label(field, strength == "weak") for label, field, strength in rows("labels.tsv")}


def key(label: str) -> str:
    """A label as it is looked up: `索 引 号` and `索引号` are one.

    >>> key("索 引　号"), key("Document No.")
    ('索引号', 'documentno.')
    """
    return "".join(label.split()).lower()


@functools.cache
def label_pattern() -> re.Pattern[str]:
    """A label with its colon, letter-spaced too (`索 引 号：`); matched on the shadow, where colons are half-width."""
    names = sorted((label for label, _, _ in rows("labels.tsv")), key=len, reverse=True)
    return re.compile(f"(?P<label>{'|'.join(map(_spaced, names))}){_SPACED}:", re.IGNORECASE)


@functools.cache
def label_end_pattern() -> re.Pattern[str]:
    """The last character of any label, with the colon behind it: what most lines with a colon do not have."""
    ends = {end for label, _, _ in rows("labels.tsv") for end in (label[-1].lower(), label[-1].upper())}
    return re.compile(f"[{re.escape(''.join(sorted(ends)))}]{_SPACED}:")


def _spaced(label: str) -> str:
    if label.isascii():
        return r"\b" + re.escape(label)
    return _SPACED.join(re.escape(character) for character in label)
