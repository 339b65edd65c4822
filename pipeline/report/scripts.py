"""Values as JSON that may stand in a script: whatever they hold, nothing of it is markup or moves anything on a page.

Here belongs the escaping, and how pages of documents are written so that a page which was opened from a folder can load
them. What is in them is decided in :mod:`pipeline.report.documents`.
"""

from __future__ import annotations

import functools
import json
import re
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from pipeline.code_points import code_points
from pipeline.visible import UNSEEN

if TYPE_CHECKING:
    from pathlib import Path
    from types import TracebackType
    from typing import Self, TextIO

    from numpy.typing import NDArray

PAGE_DOCUMENTS = 50
PAGE_CHARACTERS = 250_000
"""A page holds so many documents and characters at most; a document that is longer has one of its own."""

_ACTIVE = re.compile(f"[<>&]|{UNSEEN.pattern}")
_BASIC_PLANE = 0xFFFF


def script_json(value: Any) -> str:  # noqa: ANN401  any value of JSON
    r"""A value as JSON in which no character is active in HTML, ends a line, turns the direction of text, or is unseen.

    >>> script_json(["</script><b>\u2028", "\u202e", "\x00", "\ud800", "甲"])
    '["\\u003c/script\\u003e\\u003cb\\u003e\\u2028","\\u202e","\\u0000","\\ud800","甲"]'
    """
    written = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    points = code_points(written)
    # Nearly no character is active: they are found by a table, some ten times as fast as by the pattern.
    found = np.flatnonzero(_table()[np.minimum(points, _BASIC_PLANE + 1)])
    pieces, end = [], 0
    for place in found.tolist():
        pieces += [written[end:place], _ACTIVE.sub(lambda one: _escaped(one[0]), written[place])]
        end = place + 1
    return "".join((*pieces, written[end:]))


@functools.cache
def _table() -> NDArray[np.bool_]:
    """Which characters of the basic plane are active; the last place is for all others, which the pattern looks at."""
    table = np.ones(_BASIC_PLANE + 2, np.bool_)
    table[:-1] = [_ACTIVE.match(chr(point)) is not None for point in range(_BASIC_PLANE + 1)]
    return table


def _escaped(character: str) -> str:
    point = ord(character)
    if point <= _BASIC_PLANE:
        return f"\\u{point:04x}"
    high, low = divmod(point - 0x10000, 0x400)
    return f"\\u{0xD800 + high:04x}\\u{0xDC00 + low:04x}"


class Entry(NamedTuple):
    """A document as its page and the list have it: its id, what is shown, and the end of its row, each as JSON."""

    id: str
    shown: str
    listed: str


def entry(id: str, shown: Any, listed: dict[str, Any]) -> Entry:  # noqa: A002, ANN401  the column's name; any value
    """What is written of a document: what is shown of it, and its row in the list, which will say the page first.

    >>> entry("0a", [1], {"path": "a.txt"})
    Entry(id='"0a"', shown='[1]', listed=',"path":"a.txt"}')
    """
    return Entry(script_json(id), script_json(shown), ("," if listed else "") + script_json(listed)[1:])


class Paging:
    """The documents in pages of limited size, and their list, written as they come.

    A page is a script that hands its documents over (``report.take(1, {…})``), since a page that was opened from a
    folder may load scripts and nothing else.
    """

    def __init__(self, folder: Path) -> None:
        folder.mkdir()
        self._folder = folder
        self._held: list[str] = []
        self._characters = 0
        self._page = 1

    def __enter__(self) -> Self:
        self._list: TextIO = (self._folder / "documents.js").open("w", encoding="utf-8", newline="\n")
        self._list.write("report.list([\n")
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._turn()
        self._list.write("]);\n")
        self._list.close()

    def add(self, one: Entry) -> None:
        """Add a document."""
        written = f"{one.id}:{one.shown}"
        if len(self._held) == PAGE_DOCUMENTS or (self._held and self._characters + len(written) > PAGE_CHARACTERS):
            self._turn()
        self._held.append(written)
        self._characters += len(written)
        self._list.write(f'{{"id":{one.id},"page":{self._page}{one.listed},\n')

    def _turn(self) -> None:
        if not self._held:
            return
        written = ",\n".join(self._held)
        file = self._folder / f"page-{self._page:04}.js"
        file.write_text(f"report.take({self._page},{{\n{written}\n}});\n", "utf-8", newline="\n")
        self._held, self._characters, self._page = [], 0, self._page + 1
