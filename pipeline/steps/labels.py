"""Cut labelled lines (`标题：…`, `索 引 号：…`) out of the head and the tail of a page, and read them.

The labels are data (`data/labels.tsv`). Here belongs which lines are labelled fields; what a value means for a column
is decided in :mod:`pipeline.metadata.fields`.
"""

from __future__ import annotations

import functools
import itertools
import re
from typing import TYPE_CHECKING, NamedTuple

from pipeline import lexicon
from pipeline.blocks import HEAD_BLOCKS, TAIL_BLOCKS, Block, Blocks, blocks, lines_with, whole_line
from pipeline.edits import Edit
from pipeline.metadata.dates import full_dates
from pipeline.metadata.labelled import Labelled, is_plausible, labelled
from pipeline.steps.headers import knows_title, title_above
from pipeline.text import NOTHING, Finding, Outcome, View

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

COLUMN_OF_FIELD = {
    "author": "authors",
    "date_published": "date_published",
    "doc_number": "doc_number",
    "editor": "editors",
    "issuer": "issuer",
    "keywords": "keywords",
    "reviewer": "editors",
    "source": "source_name",
    "summary": "summary",
    "title": "title",
    "url": "url",
    "views": "view_count",
}
"""Which column keeps the value of a labelled field; every labelled field is kept verbatim in labels_raw as well."""

RULES = {
    "boilerplate.site_name": "The name of the site above the page's header, which its source line repeats.",
    "field.authors": "The authors' line became a column.",
    "field.date_published": "The publication date's line became a column.",
    "field.doc_number": "The document number's line became a column.",
    "field.editors": "The editors' line became a column.",
    "field.issuer": "The issuer's line became a column.",
    "field.keywords": "The keywords' line became a column.",
    "field.labels_raw": "A line of labelled fields became columns.",
    "field.source_name": "The source's line became a column.",
    "field.summary": "The abstract became a column.",
    "field.title": "The title became a column.",
    "field.url": "The address became a column.",
    "field.view_count": "The count of views became a column.",
    "label.body": "The label whose value is the body.",
}

_BODY_FIELDS = frozenset({"body", "summary"})
_ALONE = frozenset({"author", "credit", "editor", "reviewer", "source"})
"""Fields so common at an end of a page that one may stand alone there, though its label is a common word."""

_OF_PAGES = frozenset({"author", "date_published", "editor", "source", "views"})
"""Fields that the head of a page has and no sentence does: below a title, one of them makes the line a header."""

_PROVING = frozenset({"date_published", "url", "views"})
"""Fields whose value can be told from any other word."""

_HEAD_ONLY = frozenset({"body", "original_title", "summary", "title"})
_VALUE_BELOW = frozenset({"author", "date_published", "editor", "source"})

_MOST_CREDITS = 50
_TABLE_BEGINS = 10
_TABLE_ROWS = 3
_TABLE_GAP = 2
"""How many blank characters may stand between a cell and the next: one blank line, and a little white space."""

_LONGEST_LABEL = 12
_LONGEST_VALUE = 120
_LONGEST_ALONE = 40
_LONGEST_BELOW = 30
_UNLABELLED_ALLOWED = 3
_SENTENCE_END = re.compile("[。！？；]$")
_SENTENCE = re.compile("[。，！？]")
_BEFORE_FIRST = re.compile(r"[\s|丨]*(?:[【\[](?:我要)?纠错[】\]])?[\s|丨]*[【\[]?")
_ADDRESS_ALONE = re.compile(r"<?(?P<address>https?://[!-=?-~]+)>?")
_AGENDA = re.compile(r"(?:会议|活动)?(?:地\s*点|议\s*程|出席|参会|参加人员|主持人?|嘉\s*宾|报名|费用|对象)\s*[:：]")
_CREDIT_LINE = re.compile(
    r"^[ \t\u00a0\u3000]*(?:[【\[](?:我要)?纠错[】\]])?责(?:任编辑|编)[ \u3000]*[:：].{0,40}$", re.MULTILINE
)


class _Line(NamedTuple):
    """A line of labelled fields, and the line below where the value of its last one stands there."""

    fields: list[Labelled]
    below: Block | None = None


def cut_labels(view: View) -> Outcome:
    r"""Cut the labelled lines of a page's head and tail, and say what stands in them.

    >>> from pipeline.text import Text
    >>> text = Text("标题: 人工智能\n总结: 甲地发布方案。\n乙地跟进。\n关键词: \n").revise(cut_labels)
    >>> text.value
    '甲地发布方案。\n乙地跟进。\n'
    >>> [(finding.value, finding.note) for finding in text.findings if finding.kind == "label_value"]
    [('title', ''), ('summary', '@text'), ('keywords', '')]

    A label that lies (the whole article under 总结) loses only its name; the value stays as the body, noted `@text`.
    The line right above labels of a page is its title. Left alone: labels in the middle of a document, apart from
    责任编辑; a common word (时间, 地址, 名称) that nothing else proves; an agenda (时间, 地点); a list of records with
    one title each; 附件 and 主送, which are content of an official document.
    """
    text = view.text
    every = blocks(text)
    lines = _labelled_lines(every)
    if _fields(lines).intersection(("title",)) and _is_list_of_records(text):
        lines = {}
    lines = {**dict(_credits_inside(text, every)), **lines}
    if not lines:
        return NOTHING
    edits: list[Edit] = []
    findings: list[Finding] = []
    for index in sorted(lines):
        body = _body_label(every, lines, index)
        findings += _findings(every[index], lines[index], body=body)
        edits.append(_edit(text, every[index], lines[index], body=body))
        if body and lines[index].fields[-1].label.field == "summary":
            findings.append(Finding("flag", "summary_label_holds_body"))
    if not knows_title(view) and "title" not in _fields(lines):
        _cut_title_above(text, every, lines, edits, findings)
    _cut_site_name(text, every, lines, edits)
    return Outcome(edits, findings)


def _fields(lines: Mapping[int, _Line]) -> set[str]:
    return {field.label.field for line in lines.values() for field in line.fields}


def _findings(block: Block, line: _Line, *, body: bool) -> Iterator[Finding]:
    for field in line.fields:
        name = (block.start + field.start, block.start + field.name_end)
        value = (block.start + field.value_start, block.start + field.value_end)
        last = field is line.fields[-1]
        if last and line.below:
            address = _ADDRESS_ALONE.fullmatch(line.below.text)
            start = line.below.start + (address.start("address") if address else 0)
            value = (start, start + len(address["address"]) if address else line.below.end)
        yield Finding("label", field.label.field, name)
        yield Finding("label_value", field.label.field, value, "@text" if body and last else "")


def _edit(text: str, block: Block, line: _Line, *, body: bool) -> Edit:
    if body:
        start, end = block.line_start, block.start + line.fields[-1].value_start
        return Edit(start, text[start:end], "", "label.body")
    column = COLUMN_OF_FIELD.get(line.fields[0].label.field, "labels_raw") if len(line.fields) == 1 else "labels_raw"
    start, end = block.line_start, whole_line(text, line.below or block)[1]
    return Edit(start, text[start:end], "", f"field.{column}")


def _cut_title_above(
    text: str, every: Blocks, lines: Mapping[int, _Line], edits: list[Edit], findings: list[Finding]
) -> None:
    """Read the title above the first labelled lines, where they are those of a page."""
    first = next((index for index in range(HEAD_BLOCKS) if index in lines), None)
    if first is None or any(_is_prose(block) for block in every[: max(0, first - 1)]):
        return
    fields = []
    for index in itertools.takewhile(lines.__contains__, itertools.count(first)):
        fields += [field.label.field for field in lines[index].fields]
    if len(fields) < 2 and not _OF_PAGES.intersection(fields):  # noqa: PLR2004  two labels prove each other
        return
    title = title_above(every, first)
    if title is not None:
        start, end = title.first.line_start, whole_line(text, title.last)[1]
        edits.append(Edit(start, text[start:end], "", "field.title"))
        findings.append(Finding("title", "header", title.span))


def _is_prose(block: Block) -> bool:
    return len(block.text) > _LONGEST_VALUE or bool(_SENTENCE_END.search(block.text))


def _cut_site_name(text: str, every: Blocks, lines: Mapping[int, _Line], edits: list[Edit]) -> None:
    """Cut a first line that only names the site which the source's label names as well."""
    if not every or any(edit.start == every[0].line_start for edit in edits):
        return
    for index, line in lines.items():
        for field in line.fields:
            value = every[index].text[field.value_start : field.value_end]
            if field.label.field == "source" and value == every[0].text:
                start, end = whole_line(text, every[0])
                edits.append(Edit(start, text[start:end], "", "boilerplate.site_name"))
                return


def _labelled_lines(every: Blocks) -> dict[int, _Line]:
    """The labelled lines of the block at the head, and of the one at the tail, by position."""
    head = _table(every) or _proved(every, _zone(every, range(len(every[:HEAD_BLOCKS]))))
    tail = {}
    if _may_end_in_fields(every):
        last = len(every) - 1
        tail = _proved(every, _zone(every, range(last, max(-1, last - TAIL_BLOCKS), -1)), crawl=head)
        tail = {index: line for index, line in tail.items() if not _heads_records(every, line, index)}
    return {**tail, **head}


def _heads_records(every: Blocks, line: _Line, index: int) -> bool:
    """True where a weak label heads several lines with different values: those of records, such as prizes."""
    first = line.fields[0]
    if not first.label.weak:
        return False
    name = every[index].text[first.start : first.name_end]
    beginning = re.compile(rf"[ \t\u3000]*{re.escape(name)}[ \t\u3000]*[:：][ \t\u3000]*(?P<value>[^\n]*)")
    matches = (beginning.match(block.text) for block in lines_with(every.text, name))
    return len({match["value"] for match in matches if match}) > 1


def _may_end_in_fields(every: Blocks) -> bool:
    """Whether a labelled field stands among the last lines; most pages end in prose, with which the search ends."""
    for others, block in enumerate(reversed(every[-TAIL_BLOCKS:])):
        if labelled(block.text):
            return True
        if others >= _UNLABELLED_ALLOWED or _is_prose(block):
            return False
    return False


def _table(every: Blocks) -> dict[int, _Line]:
    """The cells of a table of labels, each on a line of its own: a label, its value, the next label.

    At least three labels with values that look like theirs, two of them no common words, show the table. Within one,
    the line below a label is its value, unless it is the next label.
    """
    known = lexicon.labels()
    lines: dict[int, _Line] = {}
    position = next((i for i, block in enumerate(every[:_TABLE_BEGINS]) if _name_alone(block) in known), None)
    if position is None:
        return {}
    filled, strong = 0, 0
    while every.reaches(position):
        block = every[position]
        name = _name_alone(block)
        if name not in known:
            break
        label = known[name]
        end = len(block.text.rstrip(":： \u3000"))
        below = every[position + 1] if every.reaches(position + 1) else None
        if below is not None and (_name_alone(below) in known or below.line_start > block.line_end + 1 + _TABLE_GAP):
            below = None
        if below is not None and not is_plausible(label, below.text):
            break
        lines[position] = _Line([Labelled(label, 0, end, end, end)], below)
        filled += below is not None
        strong += below is not None and not label.weak
        position += 1 if below is None else 2
    return lines if filled >= _TABLE_ROWS and strong > 1 else {}


def _name_alone(block: Block) -> str:
    """A label as it is looked up, where a line holds nothing else."""
    line = block.text
    return lexicon.key(line.rstrip(":：")) if len(line) <= _LONGEST_LABEL else ""


def _proved(every: Blocks, zone: dict[int, _Line], crawl: Mapping[int, _Line] | None = None) -> dict[int, _Line]:
    """Leave out lines that a common word heads and that nothing proves.

    A label that is no common word proves itself and the others; so do two labels on one line, or two lines, when a
    value among them can be told from any other word. `crawl` are labelled lines of the other end.
    """
    fields = [(index, field) for index, line in zone.items() for field in line.fields]
    strong = any(not field.label.weak for _, field in fields) or any(
        not field.label.weak for line in (crawl or {}).values() for field in line.fields
    )
    told = any(field.label.field in _PROVING and field.value_start < field.value_end for _, field in fields)
    if strong or (len(fields) > 1 and (told or any(_is_credit_line(line) for line in zone.values()))):
        return zone
    return {index: line for index, line in zone.items() if _may_stand_alone(every[index], line)}


def _is_credit_line(line: _Line) -> bool:
    return len(line.fields) > 1 and all(field.label.field in _ALONE for field in line.fields)


def _zone(every: Blocks, indexes: range) -> dict[int, _Line]:
    """Labelled lines from one end inwards, as long as not too much else stands between."""
    lines: dict[int, _Line] = {}
    values: set[int] = set()  # where the lines start that are the value of a label above
    others = 0
    at_head = indexes.step > 0
    agenda: bool | None = None
    for index in indexes:
        block = every[index]
        if block.line_start in values:
            continue
        line = _line(every, index)
        if line is not None:
            if agenda is None and all(field.label.weak for field in line.fields):
                agenda = any(_AGENDA.match(every[other].text) for other in indexes)
            if _is_field_line(block, line, at_head=at_head, agenda=bool(agenda)):
                lines[index] = line
                if line.below:
                    values.add(line.below.line_start)
                if line.fields[-1].label.field in _BODY_FIELDS and at_head and _goes_on(every, index):
                    break
                continue
        others += 1
        if others > _UNLABELLED_ALLOWED or _is_prose(block):
            break
    return lines


def _line(every: Blocks, index: int) -> _Line | None:
    block = every[index]
    fields = labelled(block.text)
    if not fields or not _BEFORE_FIRST.fullmatch(block.text[: fields[0].start]):
        return None
    last = fields[-1]
    below = every[index + 1] if last.value_start == last.value_end and every.reaches(index + 1) else None
    return _Line(fields, below if below and _is_value_below(block, below, last) else None)


def _is_value_below(block: Block, below: Block, field: Labelled) -> bool:
    """True where the value of an empty label stands below: an address alone, or a short word deeper indented.

    The indentation is that of the page's source. Without it the next line is never taken for the value.
    """
    if below.line_start != block.line_end + 1:
        return False
    if field.label.field == "url":
        return bool(_ADDRESS_ALONE.fullmatch(below.text))
    deeper = below.start - below.line_start > block.start - block.line_start > 0
    if not deeper or field.label.field not in _VALUE_BELOW or len(below.text) > _LONGEST_BELOW:
        return False
    return not labelled(below.text) and not _SENTENCE.search(below.text) and is_plausible(field.label, below.text)


def _is_field_line(block: Block, line: _Line, *, at_head: bool, agenda: bool) -> bool:
    first, last = line.fields[0], line.fields[-1]
    if block.text[first.start : first.name_end].isascii() and block.start != block.line_start:
        return False  # an indented English key belongs to a data file
    if not at_head and any(field.label.field in _HEAD_ONLY for field in line.fields):
        return False
    if agenda and all(field.label.weak for field in line.fields):
        return False
    for field in line.fields:
        value = block.text[field.value_start : field.value_end]
        if not (field is last and field.label.field in _BODY_FIELDS) and not is_plausible(field.label, value):
            return False
    return not (at_head and _has_date_outside(block, line))


def _has_date_outside(block: Block, line: _Line) -> bool:
    """True where a date stands beside the fields: that is a header line (:mod:`pipeline.steps.headers`)."""
    if len(block.text) > _LONGEST_VALUE * 2:
        return False
    values = [(field.value_start, field.value_end) for field in line.fields]
    return any(not any(s <= date.start < e for s, e in values) for date in full_dates(block.text))


def _may_stand_alone(block: Block, line: _Line) -> bool:
    field = line.fields[0]
    value = block.text[field.value_start : field.value_end]
    return (
        field.label.field in _ALONE
        and (bool(value) or line.below is not None)
        and len(block.text) <= _LONGEST_ALONE
        and not _SENTENCE.search(value)
    )


def _goes_on(every: Blocks, index: int) -> bool:
    """True where lines without a label follow the value: it is the beginning of the body."""
    return every.reaches(index + 1) and not labelled(every[index + 1].text)


@functools.cache
def _title_label() -> re.Pattern[str]:
    names = [label for label, field, _ in lexicon.rows("labels.tsv") if field == "title" and not label.isascii()]
    return re.compile(
        rf"^[ \t\u3000]{{0,20}}(?:{'|'.join(names)})[ \t\u3000]{{0,4}}[:：](?P<value>.{{0,200}})", re.MULTILINE
    )


def _is_list_of_records(text: str) -> bool:
    """True where two lines head different titles: the labels are those of records, not of the document."""
    return len({match["value"].strip() for match in _title_label().finditer(text)} - {""}) > 1


def _credits_inside(text: str, every: Blocks) -> Iterator[tuple[int, _Line]]:
    """The lines 责任编辑：… anywhere: they end an article though other furniture follows."""
    if "责" not in text or ("责任编辑" not in text and "责编" not in text):
        return
    for match in itertools.islice(_CREDIT_LINE.finditer(text), _MOST_CREDITS):
        index = every.index_at(match.start())
        block, line = every[index], _line(every, index)
        if line and _is_field_line(block, line, at_head=False, agenda=False) and _may_stand_alone(block, line):
            yield index, line


def _body_label(every: Blocks, lines: Mapping[int, _Line], index: int) -> bool:
    """True where the value of a line's last label is the body: nothing else in the document could be it."""
    field = lines[index].fields[-1]
    if field.label.field not in _BODY_FIELDS or field.value_start == field.value_end:
        return False
    if field.label.field == "body":
        return True
    # An abstract is shorter than what it is an abstract of. Where lines follow that no label heads, they continue the
    # value when the next labelled lines end the document; where none follows, the value is all there is.
    value = field.value_end - field.value_start
    before = sum(len(block.text) for i, block in enumerate(every[:index]) if i not in lines)
    others = sum(len(block.text) for i, block in enumerate(every) if i not in lines)
    following = _following(every, lines, index)
    closed = max(lines) == len(every) - 1 and max(lines) != index
    return not others or value > others or (closed and following > 0 and before < value + following)


def _following(every: Blocks, lines: Mapping[int, _Line], index: int) -> int:
    """How many code points stand between a labelled line and the next one."""
    total = 0
    for i in itertools.count(index + 1):
        if i in lines or not every.reaches(i):
            break
        total += len(every[i].text)
    return total
