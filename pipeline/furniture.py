"""A furniture lexicon: the lines that stand at the ends of a collection's pages, frozen in a file with a fingerprint.

Here belongs what such a file holds, how it is read, refused and written. How it is learned belongs in
:mod:`pipeline.learning`; what is cut by it in :mod:`pipeline.page_ends`.
"""

from __future__ import annotations

import hashlib
import json
import operator
import os
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, TypeAlias, get_args

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

Zone: TypeAlias = Literal["head", "tail"]

VERSION = 1
"""Of the file's form, and of how its lines are compared with those of a page: another way wants another number."""

LARGEST_BYTES = 16 * 1024 * 1024
"""A lexicon of a hundred thousand lines has a tenth of it."""

_KEYS = {"entries", "fingerprint", "learned", "version"}
_REMEDY = "name a file that `python -m pipeline learn` has written"


class BadLexicon(ValueError):
    """A file is no lexicon that can be used; the message is one line: what, where, what to do."""


class Entry(NamedTuple):
    """One line: at which end of a page, as pages are compared by it, and how many documents had it there."""

    zone: Zone
    line: str
    documents: int


@dataclass(frozen=True, slots=True)
class Lexicon:
    """What was learned. Two lexicons are the same where their fingerprints are, wherever they lie.

    >>> lexicon = Lexicon.of([Entry("tail", "网站声明与帮助", 9)])
    >>> lexicon.has("tail", "网站声明与帮助"), lexicon.has("head", "网站声明与帮助")
    (True, False)
    """

    fingerprint: str
    entries: tuple[Entry, ...] = field(repr=False, compare=False)
    _lines: frozenset[tuple[str, str]] = field(repr=False, compare=False)

    @classmethod
    def of(cls, entries: Iterable[Entry]) -> Lexicon:
        """The lexicon of these entries, in whatever order."""
        ordered = tuple(sorted(entries))
        return cls(_fingerprint(ordered), ordered, frozenset((entry.zone, entry.line) for entry in ordered))

    def has(self, zone: Zone, line: str) -> bool:
        """Whether a line, as it is compared, was learned for this end of a page."""
        return (zone, line) in self._lines


def read_lexicon(path: Path) -> Lexicon:
    """The lexicon of a file, whose entries are those that its fingerprint was taken of.

    >>> from pathlib import Path
    >>> read_lexicon(Path("no-such.json"))
    Traceback (most recent call last):
    ...
    pipeline.furniture.BadLexicon: the furniture lexicon 'no-such.json' cannot be read (No such file or directory): \
name a file that `python -m pipeline learn` has written

    Raises :class:`BadLexicon` where it cannot be read, is no lexicon, or was changed after it had been learned.
    """
    name = repr(os.fsencode(path).decode("utf-8", "replace"))
    try:
        if path.exists() and not path.is_file():
            raise BadLexicon(_refused(name, "is no file", _REMEDY))
        with path.open("rb") as file:
            content = file.read(LARGEST_BYTES + 1)
    except (OSError, ValueError) as error:
        if isinstance(error, BadLexicon):
            raise
        why = getattr(error, "strerror", None) or str(error)
        raise BadLexicon(_refused(name, f"cannot be read ({why})", _REMEDY)) from None
    try:
        entries, stated = _entries(content)
    except _Shape as error:
        raise BadLexicon(_refused(name, f"is none: {error}", _REMEDY)) from None
    lexicon = Lexicon.of(entries)
    if lexicon.fingerprint != stated:
        what = f"was changed: its fingerprint is {stated[:12]}, that of its entries {lexicon.fingerprint[:12]}"
        raise BadLexicon(_refused(name, what, "take the change back, or learn it anew"))
    return lexicon


def content_of(lexicon: Lexicon, *, learned: Mapping[str, object]) -> bytes:
    r"""The bytes of a lexicon's file: sorted, so that two versions can be compared line by line, and without a clock.

    >>> content_of(Lexicon.of([]), learned={"documents": 0}).decode().splitlines()[1]
    ' "entries": [],'

    `learned` says how it came about; it is for people, and the fingerprint does not cover it.
    """
    written = {
        "entries": [entry._asdict() for entry in lexicon.entries],
        "fingerprint": lexicon.fingerprint,
        "learned": dict(learned),
        "version": VERSION,
    }
    return (json.dumps(written, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode()


class _Shape(Exception):
    """Why some bytes are no lexicon."""


def _refused(name: str, what: str, remedy: str) -> str:
    return f"the furniture lexicon {name} {what}: {remedy}"


def _entries(content: bytes) -> tuple[list[Entry], str]:
    """The entries of a file and the fingerprint that it states."""
    if len(content) > LARGEST_BYTES:
        message = f"it has more than {LARGEST_BYTES:,} bytes"
        raise _Shape(message)
    try:
        found = json.loads(content.decode("utf-8"))
    except (ValueError, RecursionError):
        message = "it is no JSON in UTF-8"
        raise _Shape(message) from None
    if not isinstance(found, dict) or set(found) != _KEYS:
        message = f"a lexicon has the keys {', '.join(sorted(_KEYS))}"
        raise _Shape(message)
    if found["version"] != VERSION or isinstance(found["version"], bool):
        message = f"its version is not {VERSION}"
        raise _Shape(message)
    if not isinstance(found["fingerprint"], str) or not isinstance(found["entries"], list):
        message = "its fingerprint is no text, or its entries are no list"
        raise _Shape(message)
    return [_entry(number, row) for number, row in enumerate(found["entries"], start=1)], found["fingerprint"]


def _entry(number: int, row: Any) -> Entry:  # noqa: ANN401  whatever a file holds
    if (
        isinstance(row, dict)
        and set(row) == set(Entry._fields)
        and row["zone"] in get_args(Zone)
        and isinstance(row["line"], str)
        and row["line"].strip()
        and type(row["documents"]) is int
        and row["documents"] > 0
    ):
        return Entry(**row)
    message = f"entry {number} is not made of zone (head or tail), line and documents"
    raise _Shape(message)


def _fingerprint(entries: tuple[Entry, ...]) -> str:
    """SHA-256 over version and entries, in a form that does not depend on how the file is laid out."""
    rows = sorted(map(list, entries), key=operator.itemgetter(0, 1))
    return hashlib.sha256(json.dumps([VERSION, rows], ensure_ascii=True).encode()).hexdigest()
