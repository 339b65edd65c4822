"""Cut the fields of a record, and of the head of a page, out of the text, and read them: their keys said what they are.

Here belongs what stood around a text and not in it. Labels within a text belong in :mod:`pipeline.steps.labels`; which
values of a record are fields was decided when it was taken apart.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING

from pipeline.blocks import HEAD_BLOCKS, blocks, whole_line
from pipeline.edits import Edit
from pipeline.metadata.bylines import is_name
from pipeline.metadata.names import people
from pipeline.steps.headers import SITE_BEHIND
from pipeline.steps.labels import COLUMN_OF_FIELD
from pipeline.steps.markup import HEADING, PAGE_TITLE, SAID
from pipeline.steps.records import FIELD, TEXT
from pipeline.steps.responses import ADDRESS, ANSWER
from pipeline.text import NOTHING, Finding, Outcome, View

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pipeline.blocks import Block
    from pipeline.edits import Span

UNPROVED = "of_page"
"""The field of a value that the text does not bear out: labels_raw alone keeps it."""

_LETTERS = re.compile(r"[^\W_]+")
_WORDS = re.compile(r"[\s,;，；、|]+")
_GRAM, _LEAST_SHARED = 4, 0.3
"""Of an abstract, so many of its stretches of four characters stand in the text; of the description of a site, few."""

_LEAST_WORDS = 0.5
"""Of the keywords, so many stand in the text; those of a site are the same on every page."""

_ABOUT_THE_TEXT = ("author", "keywords", "summary", "title")
"""What the head of a page says that its text bears out, or does not."""

_MOST_ASKED = 1000
"""Words and names that are looked for in a text, of all that is said of it; a page has some dozen."""

_SHORTEST_TITLE = 4
_BARS = re.compile("[ \u3000]*[_|｜]")
_SITE_ALONE = re.compile("(?:网站|门户网?|首页|官网)$")
_SITE = re.compile("(?:网|网站|门户|频道|首页|政府|在线|新闻|官网|客户端|日报|晚报|中心|委员会|[局厅部])$")


def cut_record_fields(view: View) -> Outcome:
    r"""Cut the lines that were fields of a record or stood in the head of a page, and say what stands in them.

    >>> from pipeline.steps.records import open_record
    >>> from pipeline.text import Text
    >>> record = '{"title": "方案", "url": "https://example.org/a.html", "text": "方案\\n为推进创新。"}'
    >>> text = Text(record).revise(open_record).revise(cut_record_fields)
    >>> text.value
    '为推进创新。'
    >>> [(found.value, found.note) for found in text.findings if found.kind == "label"]
    [('title', 'title'), ('url', 'url')]

    A text often begins with the title that a field has as well: that line goes, too, where it stands among the first
    lines. The title of a page holds the name of its site as well: the line that it shares with the text is the title.
    What the head of a page says of every page of its site (its keywords, its description), an author whom the text
    does not name, keywords that are the title again, and whatever stands behind a thousand words of such things are
    labels and no more, and so is what the archive says that it comes from.
    Left alone: the text, whatever stands in it.
    """
    text = view.text
    found = _lines(view)
    if not found:
        return NOTHING
    of_page = [span for span, one in found if one.kind == PAGE_TITLE or one.value == "title"]
    body = _Body(text, [span for span, _ in found], titles=[text[slice(*span)] for span in of_page])
    edits: list[Edit] = []
    findings: list[Finding] = []
    key = ""
    for span, finding in found:
        if finding.kind == PAGE_TITLE:
            edits.append(_cut(text, span, "title", behind=edits[-1].end if edits else 0))
            continue
        field = finding.value
        if finding.kind == ANSWER or (finding.kind == SAID and not body.bears_out(field, text[slice(*span)])):
            field = UNPROVED
            findings += [Finding("fetched_from", "", span)] if finding.note == ADDRESS else []
        edits.append(_cut(text, span, field, behind=edits[-1].end if edits else 0))
        if finding.note != key:  # the elements of a list have one key
            # It stood in the syntax that is gone, or in another row: its name is told, and not where.
            findings.append(Finding("label", field, (span[0], span[0]), finding.note))
        key = finding.note
        findings.append(Finding("label_value", field, span))
    title = next(
        (text[slice(*found.span)].strip() for found in findings if found[:2] == ("label_value", "title")), None
    )
    repeated = body.line_of(title) if title else None
    if title is None:
        repeated = next(filter(None, (body.line_within(text[slice(*span)]) for span in of_page[:_MOST_ASKED])), None)
        repeated = repeated or _heading(view, body, of_page)
        findings += _title(text, of_page, repeated)
    if repeated is not None and body.has_more_than(repeated):
        start, end = whole_line(text, repeated)
        # A field behind the last line has taken the line end between the two.
        end = min([end, *(edit.start for edit in edits if start < edit.start < end)])
        edits.append(Edit(start, text[start:end], "", "field.title"))
    return Outcome(sorted(edits), findings)


def _lines(view: View) -> list[tuple[Span, Finding]]:
    """What was found around the text, where it stands now; what has run together with something else is left out."""
    texts = [view.here(finding) for finding in view.found(TEXT)]
    found: list[tuple[Span, Finding]] = []
    last = 0
    for (start, end), finding in sorted((view.here(one), one) for one in view.found(FIELD, SAID, PAGE_TITLE, ANSWER)):
        is_apart = finding.kind in (SAID, PAGE_TITLE) or all(end <= first or start >= stop for first, stop in texts)
        if last <= start < end and is_apart:
            found.append(((start, end), finding))
            last = end
    return found


def _cut(text: str, span: Span, field: str, *, behind: int) -> Edit:
    """Cut a value with the line end behind it; at the end of the text with the one before it, if that is there yet."""
    start, end = span
    if end < len(text):
        end += text[end] == "\n"
    elif start > behind:
        start -= text[start - 1] == "\n"
    return Edit(start, text[start:end], "", f"field.{COLUMN_OF_FIELD.get(field, 'labels_raw')}")


def _title(text: str, of_page: Sequence[Span], repeated: Block | None) -> Iterator[Finding]:
    """The title of a page: the line that its text repeats, else what stands before the name of the site."""
    if repeated is not None:
        yield Finding("title", "page", (repeated.start, repeated.end))
    elif of_page and not _SITE_ALONE.search(title := _without_site(text[slice(*of_page[0])])):
        yield Finding("title_of_page", "", (of_page[0][0], of_page[0][0] + len(title)))


def _heading(view: View, body: _Body, of_page: Sequence[Span]) -> Block | None:
    """The one heading of a page, where its title says less than that, or nothing of the page."""
    found = next(iter(view.found(HEADING)), None)
    heading = view.text[slice(*view.here(found))].strip() if found is not None else ""
    title = _without_site(view.text[slice(*of_page[0])]) if of_page else ""
    says_less = len(title) < _SHORTEST_TITLE or _SITE_ALONE.search(title) is not None or title in heading
    return (
        body.line_of(heading) if says_less and len(heading) >= _SHORTEST_TITLE and not _SITE.search(heading) else None
    )


def _without_site(title: str) -> str:
    return SITE_BEHIND.sub("", _BARS.split(title, maxsplit=1)[0].rstrip())


class _Body:
    """What is left of a text when the lines of fields are gone."""

    def __init__(self, text: str, cut: Sequence[Span], *, titles: Sequence[str]) -> None:
        self._text, self._cut, self._titles = text, cut, "".join(titles)
        self._asked = 0

    def has_more_than(self, line: Block) -> bool:
        """Whether anything is left beside a line: a text that is its title alone keeps it."""
        gone = sorted([*self._cut, (line.start, line.end)])
        ends = [0, *(end for _, end in gone)]
        starts = [*(start for start, _ in gone), len(self._text)]
        return any(self._text[end:start].strip() for end, start in zip(ends, starts, strict=True))

    def line_of(self, title: str) -> Block | None:
        """The line among the first ones that is a title and nothing else."""
        return self._first.get(title)

    def line_within(self, title: str) -> Block | None:
        """The longest line among the first ones that stands in the title of a page, by itself, and names no site."""
        fitting = [line for line in self._may_be_titles if line in title and _stands_alone(line, title)]
        return self._first[max(fitting, key=len)] if fitting else None

    def bears_out(self, field: str, value: str) -> bool:
        """Whether the text is what the head of its page says that it is about."""
        if field not in _ABOUT_THE_TEXT:
            return True
        words = people(value) if field == "author" else _words(value) if field == "keywords" else [value]
        self._asked += max(1, len(words))
        return self._asked <= _MOST_ASKED and self._is_borne_out(field, value, words)

    def _is_borne_out(self, field: str, value: str, words: Sequence[str]) -> bool:
        if field == "title":
            return self.line_of(value.strip()) is not None or self.line_within(value) is None
        if field == "author":
            return bool(words) and all(is_name(one) and self._text.count(one) > value.count(one) for one in words)
        if value.strip() in self._titles or _SITE_ALONE.search(value.strip()):
            return False
        if field == "keywords":
            return sum(self._text.count(word) > value.count(word) for word in words) >= _LEAST_WORDS * len(words)
        grams = _grams(value)
        return len(grams & self._rest) >= _LEAST_SHARED * len(grams) > 0

    @cached_property
    def _first(self) -> dict[str, Block]:
        """The first lines, but for those that are cut; of several that say the same, the first."""
        found: dict[str, Block] = {}
        starts = [start for start, _ in self._cut]
        for block in blocks(self._text)[: HEAD_BLOCKS + len(self._cut)]:
            behind = bisect_right(starts, block.start)
            if not behind or self._cut[behind - 1][1] <= block.start:
                found.setdefault(block.text, block)
        return found

    @cached_property
    def _may_be_titles(self) -> list[str]:
        return [line for line in self._first if len(line) >= _SHORTEST_TITLE and not _SITE.search(line)]

    @cached_property
    def _rest(self) -> set[str]:
        ends = [(0, 0), *self._cut, (len(self._text), 0)]
        return _grams("\n".join(self._text[end:start] for (_, end), (start, _) in pairwise(ends)))


def _words(keywords: str) -> list[str]:
    return [word for word in _WORDS.split(keywords) if word]


def _grams(text: str) -> set[str]:
    letters = "".join(_LETTERS.findall(text))
    return {letters[at : at + _GRAM] for at in range(len(letters) - _GRAM + 1)}


def _stands_alone(line: str, title: str) -> bool:
    at = title.find(line)
    return not any(map(str.isalnum, title[max(0, at - 1) : at] + title[at + len(line) : at + len(line) + 1]))
