"""What of a record becomes the text and what becomes fields: the same choice for every form of record.

Here belongs the choice. Where the values stand is found by the readers of JSON and of rows beside this file.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

from pipeline.metadata.labelled import is_plausible
from pipeline.records.keys import BODY, PAGE, SUMMARY, field_of, says_nothing

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pipeline.edits import Span

_TEXTS = (BODY, PAGE, SUMMARY)
"""What may be the text of a record, the likeliest first: an abstract is, where a record has nothing else."""


class Value(NamedTuple):
    """A value of a record: the keys that lead to it, and its span in the record, without quotation marks.

    An element of a list has an empty key in its path.
    """

    path: tuple[str, ...]
    span: Span


class Kept(NamedTuple):
    """A value that stays: as a field, or as a part of the text, and then the field says which of the texts it is."""

    field: str
    key: str
    span: Span
    is_text: bool


def kept_values(values: Iterable[Value], record: str) -> list[Kept]:
    """The values of a record that stay, in its order; none where no key names a text.

    >>> record = "id: 7, title: 方案, text: 为推进创新。"
    >>> values = [Value(("id",), (4, 5)), Value(("title",), (14, 16)), Value(("text",), (24, 30))]
    >>> [(kept.field, record[slice(*kept.span)]) for kept in kept_values(values, record)]
    [('title', '方案'), ('body', '为推进创新。')]

    Among several texts the one outside of lists, and then the longest, is the text of the record; one in a list is all
    elements together. A field is taken from the outermost place where it stands: what stands deeper, or in a list of
    objects, is about something else. Left out are values that do not look like what their key says.
    """
    texts: dict[str, dict[tuple[str, ...], list[Value]]] = {name: defaultdict(list) for name in _TEXTS}
    fields: dict[str, dict[tuple[str, ...], list[Value]]] = defaultdict(lambda: defaultdict(list))
    for value in values:
        label = field_of(_key(value.path))
        if label is None or value.span[0] == value.span[1]:
            continue
        if label.field in texts:
            texts[label.field][value.path].append(value)
        is_text = label.field in (BODY, PAGE) or "" in value.path[:-1]
        said = record[slice(*value.span)]
        if not is_text and not says_nothing(said) and is_plausible(label, said):
            fields[label.field][value.path].append(value)
    chosen = next((name for name in _TEXTS if texts[name]), None)
    if chosen is None:
        return []
    text = min(texts[chosen].values(), key=_order)
    kept = [Kept(chosen, _key(value.path), value.span, is_text=True) for value in text]
    for field, places in fields.items():
        if field != chosen:
            outermost = min(len(path) - path.count("") for path in places)
            first = next(found for path, found in places.items() if len(path) - path.count("") == outermost)
            kept += [Kept(field, _key(value.path), value.span, is_text=False) for value in first]
    return sorted(kept, key=lambda one: one.span)


def _key(path: tuple[str, ...]) -> str:
    return next((key for key in reversed(path) if key), "")


def _order(text: Sequence[Value]) -> tuple[bool, int]:
    return "" in text[0].path, -sum(end - start for start, end in (value.span for value in text))
