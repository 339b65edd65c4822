"""The lines of an HTML page when its tags are gone: what is cut, and what stands in its place.

Here belongs how elements lie and how white space runs together, as the HTML Standard and CSS Text have it: line ends of
the source are none of the text, those of blocks are, cells of a table stand between tabs.
"""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING

from pipeline.edits import Edit
from pipeline.lexicon import labels
from pipeline.markup.elements import AS_WRITTEN, BLOCKS, CELLS
from pipeline.markup.table_rows import rows_of_tables
from pipeline.records.json_values import escapes

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from pipeline.edits import Span
    from pipeline.markup.table_rows import Rows
    from pipeline.markup.tags import Token

TAG, SPACE = "html.tag", "html.line"
_RULES = {
    "close": TAG,
    "comment": "html.comment",
    "control": "html.control",
    "hidden": "html.hidden",
    "menu": "html.navigation",
    "open": TAG,
    "script": "html.script",
}
ENTITY, SUPERSCRIPT = "html.entity", "html.superscript"

_BLANK = " \t\r\n\f"
# Not from within a run of blanks: a page of blanks would be gone through for each of them.
_LINE_ENDS = re.compile(r"(?<![ \t\f])[ \t\f]*[\r\n][ \t\r\n\f]*")
_INLINE, _WITHIN_CELL, _CELL, _BLOCK = range(4)
_WIDE = re.compile("[\u2e80-\u9fff\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe4f\uff01-\uff60\U00020000-\U0003ffff]")
_WIDE_MARK = re.compile("[\u3001-\u301f\uff01-\uff0f\uff1a-\uff20\u2018\u2019\u201c\u201d\u2014\u2026]")

_REPEATED = "nbsp|ensp|emsp|thinsp|ldquo|rdquo|lsquo|rsquo|middot|bull|hellip|mdash|ndash|times|deg|copy|reg|trade|yen"
_ENTITIES = re.compile(
    r"&(?:#[0-9]{1,7};?|#[xX][0-9a-fA-F]{1,6};?|[A-Za-z][A-Za-z0-9]{1,31};|nbsp(?![A-Za-z0-9;]))"
    rf"(?:(?<=&amp;)(?:amp;)*(?:(?:{_REPEATED});))?"
)


class _Lines:
    """Goes through a page from its beginning to its end; what stands between two stretches of text is one gap."""

    def __init__(self, text: str, *, keep_angles: bool) -> None:
        self.text, self.keep_angles = text, keep_angles
        self.edits: list[Edit] = []
        self._gap: list[tuple[int, int, str]] = []
        self._level, self._last = _INLINE, ""
        self._blank, self._line_end, self._cells, self._mark = False, False, 0, ""

    def cut(self, start: int, end: int, rule: str, level: int) -> None:
        """Something that is no text."""
        self._gap.append((start, end, rule))
        self._level = max(self._level, level)

    def cell(self) -> None:
        """A cell of a table begins."""
        self._cells += 1

    def bracket(self, mark: str) -> None:
        """A bracket stands where something is cut; around nothing, none does."""
        self._mark = "" if self._mark else mark

    def stretch(self, start: int, end: int, *, as_written: bool) -> None:
        """Text as it stands between two tags."""
        text = self.text
        if as_written:
            if start < end:
                self._visible(start, end)
            return
        found = text[start:end]
        if not found.strip(_BLANK):
            self._space(start, end)
            return
        first, last = start + len(found) - len(found.lstrip(_BLANK)), start + len(found.rstrip(_BLANK))
        self._space(start, first)
        at = first
        for between in _LINE_ENDS.finditer(text, first, last):
            self._visible(at, between.start())
            self._space(*between.span())
            at = between.end()
        self._visible(at, last)
        self._space(last, end)

    def end(self) -> list[Edit]:
        """The edits, when the page has ended."""
        self._close(None)
        return self.edits

    def _space(self, start: int, end: int) -> None:
        if start < end:
            self._gap.append((start, end, SPACE))
            self._blank = True
            self._line_end |= "\n" in self.text[start:end] or "\r" in self.text[start:end]

    def _visible(self, start: int, end: int) -> None:
        self._close(start)
        self._last = self.text[end - 1]
        self.edits += entities(self.text, (start, end), keep_angles=self.keep_angles)

    def _close(self, following: int | None) -> None:
        """Cut what stands between the text before and the text that follows, but for what keeps them apart."""
        if not self._gap:
            return
        between = self._between(following) if self._last and following is not None else ""
        self.edits += _cut(self.text, self._gap, self._mark or between)
        self._gap = []
        self._level, self._blank, self._line_end, self._cells, self._mark = _INLINE, False, False, 0, ""

    def _between(self, following: int) -> str:
        if self._level == _CELL:
            return "\t" * max(1, self._cells)
        if self._level == _INLINE and not self._blank:
            return " " if self._last.isalnum() and _begins_label(self.text, following) else ""
        if self._level == _WITHIN_CELL:  # 增速<br>（同比）, but 甲局<br>乙局
            return " " if self.text[following].isalnum() else ""
        if self._level == _INLINE:
            # A blank in the source is one; a line end is none between Chinese characters.
            return "" if self._line_end and _run_together(self._last, self.text[following]) else " "
        return "\n"


_LABEL = re.compile("([\u4e00-\u9fff]{2,6})[:：]")
_OF_HEADER = frozenset(("author", "comments", "date_published", "date_updated", "editor", "source", "views"))
_FONT_SIZE = frozenset(("字体", "字号"))


def _begins_label(text: str, at: int) -> bool:
    """Whether an element begins with a label of a page's header, which style sheets set apart from what is before."""
    found = _LABEL.match(text, at)
    if found is None:
        return False
    label = labels().get(found[1])
    return found[1] in _FONT_SIZE or (label is not None and label.field in _OF_HEADER)


def entities(text: str, span: Span, *, keep_angles: bool = False) -> Iterator[Edit]:
    """The entities in a stretch of a page, decoded; `keep_angles` as for :func:`lines_of_page`.

    >>> [(edit.before, edit.after) for edit in entities("&ldquo;R&amp;D&rdquo;", (0, 21))]
    [('&ldquo;', '“'), ('&amp;', '&'), ('&rdquo;', '”')]
    """
    for entity in _ENTITIES.finditer(text, *span):
        value = _decoded(entity[0])
        if value is not None and not (keep_angles and value in "<>&"):
            yield Edit(entity.start(), entity[0], value, ENTITY)


def _cut(text: str, gap: Sequence[tuple[int, int, str]], between: str) -> Iterator[Edit]:
    """Cut a gap; what has to be between stays, where it stands there already."""
    there = next((at for start, end, rule in gap if rule == SPACE and (at := text.find(between, start, end)) >= 0), -1)
    there = there if between else -1
    pieces: list[tuple[int, int, str]] = []
    for start, end, rule in gap:
        parts = [(start, there), (there + 1, end)] if start <= there < end else [(start, end)]
        for first, last in parts:
            if first == last:
                continue
            if pieces and pieces[-1][1:] == (first, rule):
                pieces[-1] = (pieces[-1][0], last, rule)
            else:
                pieces.append((first, last, rule))
    for number, (start, end, rule) in enumerate(pieces):
        yield Edit(start, text[start:end], between if not number and there < 0 else "", rule)


def _run_together(last: str, following: str) -> bool:
    """Whether a line end between two characters is none in Chinese: both are wide, or one is a mark that is."""
    return bool((_WIDE.match(last) and _WIDE.match(following)) or _WIDE_MARK.match(last) or _WIDE_MARK.match(following))


def _decoded(entity: str) -> str | None:
    """What an entity stands for; one that was encoded twice, in what authors write, is decoded to the end."""
    value = html.unescape(entity if entity.endswith(";") else f"{entity};")
    while value.startswith("&") and len(value) > 1 and (again := html.unescape(value)) != value:
        value = again
    if value in {"\t", "\n", "\r", "\f"}:
        return " "
    # A name that begins like an old one is read as that with something behind: &copyright; as ©right;
    is_known = bool(value) and (value == "&" or not value.startswith("&")) and (value == ";" or not value.endswith(";"))
    return value if is_known else None


_RAISED = str.maketrans("0123456789+-\N{MINUS SIGN}", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻")
_NUMBER = re.compile("(?:[+\N{MINUS SIGN}-]?[0-9]{1,4}[+-]?|[+\N{MINUS SIGN}-])(?=</sup[\\s>])", re.IGNORECASE)


def raised(text: str, at: int) -> Edit | None:
    """The number in a `sup` element, whose tag ends at a place, raised: 10 to the eighth is not 108.

    >>> raised("10<sup>8</sup>吨", 7)
    Edit(start=7, before='8', after='⁸', rule='html.superscript')

    Left alone: anything but a number or a sign.
    """
    found = _NUMBER.match(text, at)
    return Edit(at, found[0], found[0].translate(_RAISED), SUPERSCRIPT) if found else None


def lines_of_page(
    text: str, span: Span, tokens: Sequence[Token], kept: Mapping[int, Sequence[Span]], *, keep_angles: bool = False
) -> list[Edit]:
    r"""The edits that make lines of a page.

    >>> from pipeline.edits import Layer
    >>> from pipeline.markup.tags import tokens
    >>> page = "<ul>\n<li>第一条 为推进\n  创新，</li><li>AI&nbsp;<b>产业</b></li></ul>"
    >>> Layer.of(page, lines_of_page(page, (0, len(page)), list(tokens(page)), {})).apply(page)
    '第一条 为推进创新，\nAI\xa0产业'

    `kept` says which values stay of the tags and scripts that begin at a place. With `keep_angles`, entities of angle
    brackets and ampersands stay: what they stand for would be a page again.
    """
    lines = _Lines(text, keep_angles=keep_angles)
    rows = rows_of_tables(text, tokens)
    at, written = span[0], 0
    for number, token in enumerate(tokens):
        lines.stretch(at, token.start, as_written=written > 0)
        if token.kind in ("open", "close"):
            written = max(0, written + (token.name in AS_WRITTEN) * (1 if token.kind == "open" else -1))
        rule = _RULES[token.kind]
        if token.start in kept:
            last = token.start
            for start, end in kept[token.start]:
                lines.cut(last, start, rule, _BLOCK)
                lines.stretch(start, end, as_written=False)
                if token.kind == "script":
                    found = escapes(text, (start, end))
                    lines.edits += [Edit(begin, escape, decoded, "record.escape") for begin, escape, decoded in found]
                last = end
            lines.cut(last, token.end, rule, _BLOCK)
        else:
            lines.cut(token.start, token.end, rule, _level(token, number, rows))
            if token.name in CELLS and token.kind == "open":
                lines.cell()
        if token.name in ("rt", "sup"):
            _small(lines, text, tokens, number)
        at = token.end
    lines.stretch(at, span[1], as_written=written > 0)
    return lines.end()


def _level(token: Token, number: int, rows: Rows) -> int:
    if token.name in CELLS:
        return _BLOCK if number in rows.broken else _CELL
    if number in rows.joined:
        return _WITHIN_CELL
    return _BLOCK if token.name in BLOCKS else _INLINE


def _small(lines: _Lines, text: str, tokens: Sequence[Token], number: int) -> None:
    """What stands above the line: a reading goes into brackets, where the page has none for it, a number is raised."""
    token, beside = (
        tokens[number],
        [tokens[place].name for place in (number - 1, number + 1) if 0 <= place < len(tokens)],
    )
    if token.name == "rt" and token.kind in ("open", "close") and "rp" not in beside:
        lines.bracket("(" if token.kind == "open" else ")")
    if token.name == "sup" and token.kind == "open" and (edit := raised(text, token.end)) is not None:
        lines.edits.append(edit)
