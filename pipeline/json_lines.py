"""Rows of a table as JSON lines, made column by column: Arrow puts the pieces together, no row becomes an object.

Here belongs how a value of each type is written, and nothing of which table or file it is of.
"""

from __future__ import annotations

import datetime as dt
import json
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
import pyarrow as pa
import pyarrow.compute

if TYPE_CHECKING:
    from collections.abc import Iterable

pc: Any = pyarrow.compute
Array: TypeAlias = Any
"""An Arrow array; the stubs of Arrow are those of an older release and refuse much of what it takes."""

_TEXT = pa.large_string()  # offsets of 64 bits: the lines of a thousand long documents may be more than 2 GB
_NULL = pa.scalar("null", _TEXT)

_LINE_ENDS = ("\x85", "\u2028", "\u2029")
"""Characters that JSON may have as they are, and that many a reader takes for the end of a line."""

_ESCAPES = {
    **{character: f"\\u{ord(character):04x}" for character in (*map(chr, range(0x20)), *_LINE_ENDS)},
    "\b": "\\b",
    "\t": "\\t",
    "\n": "\\n",
    "\f": "\\f",
    "\r": "\\r",
    '"': '\\"',
    "\\": "\\\\",
}
_PLAIN = bytes(byte for byte in range(256) if not (chr(byte).isascii() and chr(byte) in _ESCAPES))
"""The bytes of UTF-8 that are no character to escape."""


def json_lines(table: pa.Table) -> Array:
    r"""Each row of a table as one line: every key, dates as ISO 8601, and times in UTC with Z.

    >>> minute = dt.datetime(2018, 1, 18, 1, 25, tzinfo=dt.UTC)
    >>> json_lines(pa.table({"title": ["甲\n", None], "published_at": [minute, None]})).to_pylist()
    ['{"title":"甲\\n","published_at":"2018-01-18T01:25:00Z"}\n', '{"title":null,"published_at":null}\n']

    Every character stands as it is but for those that JSON escapes and those that many a reader takes for the end of a
    line. Raises TypeError for a column of bytes, which JSON has no form for.
    """
    columns = [column.combine_chunks() for column in table.columns]
    return _object(table.column_names, columns, end="}\n")


def _object(names: Iterable[str], columns: Iterable[Array], *, end: str = "}") -> Array:
    parts: list[Any] = []
    for name, column in zip(names, columns, strict=True):
        parts += [f"{',' if parts else '{'}{_ENCODER.encode(name)}:", _without_nulls(_written(column))]
    return _joined(*parts, end)


def _written(column: Array) -> Array:
    """Each value as JSON has it; nulls stay."""
    kind = column.type
    if pa.types.is_string(kind) or pa.types.is_large_string(kind):
        return _joined('"', _escaped(column.cast(_TEXT)), '"')
    if pa.types.is_integer(kind) or pa.types.is_boolean(kind):
        return column.cast(_TEXT)
    if pa.types.is_list(kind):
        items = _without_nulls(_written(pc.list_flatten(column)))
        lengths = pc.fill_null(pc.list_value_length(column), 0).to_numpy(zero_copy_only=False)
        ends = np.concatenate((np.zeros(1, np.int64), np.cumsum(lengths, dtype=np.int64)))
        offsets: Any = pa.array(ends)
        lists = pa.LargeListArray.from_arrays(offsets, items)
        return _where_valid(column, _joined("[", pc.binary_join(lists, pa.scalar(",", _TEXT)), "]"))
    if pa.types.is_struct(kind):
        return _where_valid(column, _object([field.name for field in kind], column.flatten()))
    encoded = column.dictionary_encode()
    values = [_ENCODER.encode(value) for value in encoded.dictionary.to_pylist()]
    return pa.array(values, _TEXT).take(encoded.indices)


def _joined(*parts: Any) -> Array:  # noqa: ANN401  arrays and what stands between them
    pieces = (pa.scalar(part, _TEXT) if isinstance(part, str) else part for part in parts)
    return pc.binary_join_element_wise(*pieces, pa.scalar("", _TEXT))


def _without_nulls(values: Array) -> Array:
    return pc.fill_null(values, _NULL) if values.null_count else values


def _where_valid(column: Array, values: Array) -> Array:
    return values if not column.null_count else pc.if_else(column.is_valid(), values, pa.scalar(None, _TEXT))


def _escaped(column: Array) -> Array:
    """The strings with each character escaped that has to be; what does not occur is not looked for row by row."""
    content = _bytes_of(column)
    special = set(content.translate(None, _PLAIN).decode("ascii"))
    special |= {end for end in _LINE_ENDS if end.encode() in content}
    for character in sorted(special, key=lambda one: (one != "\\", one)):  # the backslash first: escapes have it
        column = pc.replace_substring(column, character, _ESCAPES[character])
    return column


def _bytes_of(column: Array) -> bytes:
    """The bytes of all strings of a column, one after the other."""
    _, offsets, content = column.buffers()
    if content is None or not len(column):
        return b""
    bounds = np.frombuffer(offsets, np.int64)[column.offset : column.offset + len(column) + 1]
    return bytes(memoryview(content)[bounds[0] : bounds[-1]])


def _iso(value: object) -> str:
    if isinstance(value, dt.datetime):
        return value.astimezone(dt.UTC).isoformat().replace("+00:00", "Z")
    if isinstance(value, dt.date):
        return value.isoformat()
    message = f"no JSON for {type(value).__name__}"
    raise TypeError(message)


_ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), default=_iso)
