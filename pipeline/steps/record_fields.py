"""Cut the fields of a record out of its text, and read them: their keys said what they are.

Here belongs what stands in a record or in the head of a page. Labels within a text belong in
:mod:`pipeline.steps.labels`; which values of a record are fields was decided when it was taken apart.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.blocks import HEAD_BLOCKS, blocks, whole_line
from pipeline.edits import Edit
from pipeline.steps.labels import COLUMN_OF_FIELD
from pipeline.steps.records import FIELD
from pipeline.text import NOTHING, Finding, Outcome, View

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pipeline.edits import Span


def cut_record_fields(view: View) -> Outcome:
    r"""Cut the lines that were fields of a record, and say what stands in them.

    >>> from pipeline.steps.records import open_record
    >>> from pipeline.text import Text
    >>> record = '{"title": "方案", "url": "https://example.org/a.html", "text": "方案\\n为推进创新。"}'
    >>> text = Text(record).revise(open_record).revise(cut_record_fields)
    >>> text.value
    '为推进创新。'
    >>> [(found.value, found.note) for found in text.findings if found.kind == "label"]
    [('title', 'title'), ('url', 'url')]

    The text of a record often begins with the title that its field has as well: that line goes, too, where it stands
    among the first lines. Left alone: the text, whatever stands in it.
    """
    text = view.text
    edits: list[Edit] = []
    findings: list[Finding] = []
    title = key = ""
    for finding in view.found(FIELD):
        start, end = view.here(finding)
        if start == end:
            continue
        edits.append(_cut(text, (start, end), finding.value, behind=edits[-1].end if edits else 0))
        if finding.note != key:  # the elements of a list have one key
            # It stood in the syntax that is gone, or in another row: its name is told, and not where.
            findings.append(Finding("label", finding.value, (start, start), finding.note))
        key = finding.note
        findings.append(Finding("label_value", finding.value, (start, end)))
        if finding.value == "title":
            title = title or text[start:end].strip()
    if not edits:
        return NOTHING
    edits += _repeated(text, title, [(edit.start, edit.end) for edit in edits])
    return Outcome(sorted(edits), findings)


def _cut(text: str, span: Span, field: str, *, behind: int) -> Edit:
    """Cut a value with the line end behind it; at the end of the text with the one before it, if that is there yet."""
    start, end = span
    if end < len(text):
        end += text[end] == "\n"
    elif start > behind:
        start -= text[start - 1] == "\n"
    return Edit(start, text[start:end], "", f"field.{COLUMN_OF_FIELD.get(field, 'labels_raw')}")


def _repeated(text: str, title: str, cut: list[Span]) -> Iterator[Edit]:
    """The line that repeats the title, among the first ones of the text."""
    if not title:
        return
    for block in blocks(text)[: HEAD_BLOCKS + len(cut)]:
        if block.text == title and not any(start <= block.start < end for start, end in cut):
            start, end = whole_line(text, block)
            yield Edit(start, text[start:end], "", "field.title")
            return
