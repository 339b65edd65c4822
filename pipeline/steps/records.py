"""Take a record apart: a JSON object, or the row of a table, becomes its text, with its other values as lines around.

Here belongs what is cut around values, and what their escapes stand for. Which values stay is decided in
:mod:`pipeline.records.values`; the lines become columns in :mod:`pipeline.steps.record_fields`, in the split stage,
when everything that is done to a text has been done to them as well.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pipeline.edits import Edit, Layer
from pipeline.records.json_values import escapes, is_object, needed, object_values
from pipeline.records.keys import SUMMARY
from pipeline.records.table_rows import row_values
from pipeline.records.values import kept_values
from pipeline.text import NOTHING, Finding, Outcome, View

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pipeline.records.values import Kept

RULES = {
    "record.escape": "An escape in a record became the character that it stands for.",
    "record.syntax": "What stands around the values of a record, and values that are no text and no known field.",
}

TEXT, FIELD, HEADER = "record_text", "record_field", "record_header"
"""Kinds of findings: where the text of a record is, where a field; and the first row of the table that it is a row of,
which comes from outside."""

_NEEDLESS = re.compile(r"\\[u/]")
_DOUBLED = re.compile('""')


def decode_record_escapes(view: View) -> Outcome:
    r"""Decode the escapes in a JSON object that JSON does not need.

    >>> from pipeline.text import Text
    >>> Text(r'{"text": "\u4eba\u5de5\u667a\u80fd\n\u201c\u65b9\u6848\u201d"}').revise(decode_record_escapes).value
    '{"text": "人工智能\\n“方案”"}'

    What is left is the same object. Left alone: a text that is no JSON object, quotation marks, line ends and controls.
    """
    text = view.text
    if not _NEEDLESS.search(text) or not is_object(text):
        return NOTHING
    edits = []
    for start, escape, decoded in escapes(text, (0, len(text))):
        if escape[1] in "u/" and (after := needed(decoded)).lower() != escape.lower():
            edits.append(Edit(start, escape, after, "record.escape"))
    return Outcome(edits)


def open_record(view: View) -> Outcome:
    r"""Take the values out of a record: what is its text, and what its fields, each on a line of its own.

    >>> from pipeline.text import Text
    >>> text = Text('{"id": 7, "title": "方案", "text": "第一条\\n第二条"}').revise(open_record)
    >>> text.value
    '方案\n第一条\n第二条'
    >>> [(found.kind, found.value) for found in text.findings]
    [('record_field', 'title'), ('record_text', 'body')]

    A record is a text that is one JSON object, or one that came with the first row of its table. Left alone: a record
    in which no key names a text, and one whose text would be such a record again.
    """
    text = view.text
    header = next((found.value for found in view.found(HEADER)), None)
    if header is not None:
        kept = kept_values(row_values(text, header), text)
    elif is_object(text):
        kept = kept_values(object_values(text), text)
    else:
        return NOTHING
    if not kept:
        return NOTHING
    unescaped = _from_row if header is not None else _from_json
    edits = list(_cut(text, kept))
    for value in kept:
        edits += unescaped(text, value)
    layer = Layer.of(text, edits)
    if text[kept[0].span[0]] == "{" and is_object(layer.apply(text)):
        return NOTHING
    findings = [Finding(TEXT if one.is_text else FIELD, one.field, one.span, one.key) for one in kept]
    if any(one.is_text and one.field == SUMMARY for one in kept):
        findings.append(Finding("flag", "summary_label_holds_body"))
    return Outcome(layer, findings)


def _cut(text: str, kept: list[Kept]) -> Iterator[Edit]:
    """What stands between the values that stay: one line end, and nothing before the first and behind the last."""
    last = 0
    for one in kept:
        start, end = one.span
        yield Edit(last, text[last:start], "\n" if last else "", "record.syntax")
        last = end
    yield Edit(last, text[last:], "", "record.syntax")


def _from_json(text: str, value: Kept) -> Iterator[Edit]:
    for start, escape, decoded in escapes(text, value.span):
        yield Edit(start, escape, decoded, "record.escape")


def _from_row(text: str, value: Kept) -> Iterator[Edit]:
    for doubled in _DOUBLED.finditer(text, *value.span):
        yield Edit(doubled.start(), '""', '"', "record.escape")
