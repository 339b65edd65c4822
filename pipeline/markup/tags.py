"""The tags, comments and scripts of an HTML page: where each stands.

Here belongs the grammar, as far as positions need it: that of the HTML Standard, section 13.2.5, with the liberties
that browsers take. The parsers that Python has either do not tell where in the source a text stands, or are not linear
on hostile pages. What becomes of the text between is decided in :mod:`pipeline.markup.layout`.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Literal, NamedTuple, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pipeline.edits import Span

Kind: TypeAlias = Literal["open", "close", "comment", "script", "menu", "control", "hidden"]

_OPENING = re.compile("<(?=[A-Za-z/!?])")
_NAME = re.compile(r"</?([A-Za-z][A-Za-z0-9:_-]{0,40})(?=[\s/>]|\Z)")
_TAG = re.compile(r"""[^>"']*(?:(?:"[^"]*"|'[^']*')[^>"']*)*>""")
_ATTRIBUTE = re.compile(r"""([^\s=/>"']{1,60})\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s>"']+))""")
_MOST_UNBALANCED = 8
"""So many tags with quotation marks that do not fit are gone through to the end of the page; then the first `>` ends
each."""

_SCRIPTS = frozenset(("script", "style"))
"""Elements that hold no tags: they end where their name does, or with the page."""

_WHOLE: dict[str, Kind] = {
    **dict.fromkeys(("noscript", "script", "style", "template"), "script"),
    **dict.fromkeys(("audio", "button", "canvas", "datalist", "iframe", "noembed", "noframes", "select"), "control"),
    **dict.fromkeys(("svg", "textarea", "video"), "control"),
    "nav": "menu",
}
"""Elements that go with all that is in them, and what they are."""

_SENTENCE = re.compile("[。！？]")


class Token(NamedTuple):
    """A tag, or something of a page that goes whole: its span, what it is, and its name in lower case."""

    start: int
    end: int
    kind: Kind
    name: str = ""


def tokens(text: str, start: int = 0, end: int | None = None) -> Iterator[Token]:
    """The tags of a page and what is no text of it, in order.

    >>> page = "<p class='a>b'>x<10</p><script>'<p>'</script>"
    >>> [(token.kind, page[token.start:token.end]) for token in tokens(page)]
    [('open', "<p class='a>b'>"), ('close', '</p>'), ('script', "<script>'<p>'</script>")]

    A menu is a `nav` element in which no sentence stands. Left alone: `<` before anything but a name in ASCII, and an
    element that goes whole and is never closed, of which only the tag goes.
    """
    limit = len(text) if end is None else end
    scanner = _Scanner(text, limit)
    at = start
    for opening in _OPENING.finditer(text, start, limit):
        if opening.start() >= at and (token := scanner.token(opening.start())) is not None:
            at = token.end
            yield token


class _Scanner:
    """Finds the end of what begins at a place; remembers what is not there to be found any more."""

    def __init__(self, text: str, limit: int) -> None:
        self.text, self.limit = text, limit
        self.unbalanced = 0
        self.never_closed: set[str] = set()

    def token(self, start: int) -> Token | None:
        """What begins at a `<`; None where that stands for itself."""
        match = _NAME.match(self.text, start, self.limit)
        if match is None:
            return self._declaration(start)
        name, end = match[1].lower(), self._end_of_tag(match.end())
        if self.text[start + 1] == "/":
            return Token(start, end, "close", name)
        kind = _WHOLE.get(name)
        if kind is not None and (closed := self._end_of_element(name, end)):
            return Token(start, closed, kind, name)
        return Token(start, end, "open", name)

    def _declaration(self, start: int) -> Token | None:
        """A comment, a document type, an instruction, a section that old browsers skip."""
        if self.text.startswith("<!--", start):
            closed = self.text.find("-->", start + 2, self.limit)
            return Token(start, self.limit if closed < 0 else closed + 3, "comment")
        closed = self.text.find(">", start, self.limit) if self.text[start + 1] in "!?/" else -1
        return None if closed < 0 else Token(start, closed + 1, "comment")

    def _end_of_element(self, name: str, at: int) -> int | None:
        """Where an element ends that goes whole, and whose tag ends at a place; None where only the tag goes."""
        if name in _SCRIPTS:
            return self._closing(name, at) or self.limit
        closed = None if self.text[at - 2] == "/" else self._closing(name, at)
        return None if closed and _WHOLE[name] == "menu" and _SENTENCE.search(self.text, at, closed) else closed

    def _end_of_tag(self, at: int) -> int:
        if self.unbalanced < _MOST_UNBALANCED:
            match = _TAG.match(self.text, at, self.limit)
            if match is not None:
                return match.end()
            self.unbalanced += 1
        end = self.text.find(">", at, self.limit)
        return self.limit if end < 0 else end + 1  # a page that was cut short ends in a tag

    def _closing(self, name: str, at: int) -> int | None:
        """Where an element ends; None where it is never closed."""
        if name in self.never_closed:
            return None
        match = re.compile(rf"</{name}(?=[\s/>])", re.IGNORECASE).search(self.text, at, self.limit)
        if match is None:
            self.never_closed.add(name)
            return None
        return self._end_of_tag(match.end())


def attributes(text: str, token: Token) -> dict[str, Span]:
    """The attributes of a tag by their names in lower case: where the value of each stands, without quotation marks.

    >>> page = '<meta name="PubDate" content="2023-05-30 09:25">'
    >>> {name: page[start:end] for name, (start, end) in attributes(page, next(tokens(page))).items()}
    {'name': 'PubDate', 'content': '2023-05-30 09:25'}
    """
    found: dict[str, Span] = {}
    for match in _ATTRIBUTE.finditer(text, token.start, token.end):
        found.setdefault(match[1].lower(), match.span(match.lastindex or 0))
    return found
