"""Whether the copies of the documents say what the documents do: the JSON lines, and the files of those that are open.

Here belongs the comparison of whole rows. All rows are compared at once, column by column; only where that finds a
difference, or cannot be done, is each row looked at by itself.
"""

from __future__ import annotations

import datetime as dt
import io
import json
from itertools import chain, repeat
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.json

from pipeline.columns import OPEN_RIGHTS
from pipeline.derived.values import each, hashable, is_one_of, pc, rows, strings

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipeline.derived.values import Derived, Row, Truths

_DAY = pa.date32()
_MOMENT = pa.timestamp("us", "UTC")


def of_copies(documents: pa.Table, json_lines: Sequence[bytes], copied: pa.Table | None) -> Derived:
    """The derived columns of `documents` about its copies: `json_lines` row for row, `copied` those that are open."""
    return {
        "derived_json_line_fits": _lines_fit(documents, json_lines),
        "derived_open_copy_fits": _copies_fit(documents, copied),
    }


# ------------------------------------------------------------------------------------------------ JSON lines
def _lines_fit(documents: pa.Table, lines: Sequence[bytes]) -> Truths:
    """Whether each line has every column of its row with its value."""
    if _all_fit(documents, lines):
        return np.ones(documents.num_rows, np.bool_)
    found = rows(documents, "documents")
    pairs = zip(found, chain(lines, repeat(b"")), strict=False)
    return np.array([_says(line, row) for row, line in pairs], np.bool_)


def _all_fit(documents: pa.Table, lines: Sequence[bytes]) -> bool:
    """Whether Arrow reads the rows from the lines, a row from each and no key missing; False where that is not sure.

    It takes a key that is not there for a null. So the keys are counted: it refuses one that is there twice, and one
    that no column has.
    """
    if not lines or len(lines) != documents.num_rows or not all(line.startswith(b"{") for line in lines):
        return False
    blob = b"".join(lines)
    try:
        schema = pa.schema([pa.field(field.name, _as_json(field.type)) for field in documents.schema])
        said: Any = pyarrow.json.read_json(
            io.BytesIO(blob),
            # One block: a line that is longer than a block is an error.
            read_options=pyarrow.json.ReadOptions(use_threads=False, block_size=len(blob) + 1),
            parse_options=pyarrow.json.ParseOptions(explicit_schema=schema, unexpected_field_behavior="error"),
        )
        if said.num_rows != documents.num_rows:
            return False
        # A quotation mark before a colon ends a key, but where a stroke before it says that it is one of a text.
        keys = sum(_keys(column.combine_chunks()) for column in documents.columns) + documents.num_rows * len(schema)
        if blob.count(b'":') - blob.count(b'\\":') != keys:
            return False
        return all(
            said[field.name].combine_chunks().equals(_plain_column(documents[field.name].combine_chunks(), field.type))
            for field in schema
        )
    except (pa.ArrowException, KeyError, TypeError, ValueError, OverflowError):
        return False


def _as_json(kind: pa.DataType) -> pa.DataType:
    """The type in which JSON says values of another: days and times are text, every fraction has 64 bits."""
    if kind in (_DAY, _MOMENT):
        return pa.string()
    if pa.types.is_list(kind):
        return pa.list_(_as_json(kind.value_type))
    if pa.types.is_struct(kind):
        return pa.struct([pa.field(field.name, _as_json(field.type)) for field in _fields(kind)])
    return pa.float64() if pa.types.is_floating(kind) else kind


def _plain_column(column: pa.Array[Any], kind: pa.DataType) -> pa.Array[Any]:
    """A column in the type of :func:`_as_json`, its days and times as ISO 8601."""
    if column.type == _MOMENT:
        seconds = column.cast(pa.timestamp("s", "UTC"))  # a fraction of a second is an error, and looked at by itself
        said: pa.Array[Any] = pc.strftime(seconds, "%Y-%m-%dT%H:%M:%SZ")
        return said
    return column.cast(kind)


def _keys(column: Any) -> int:  # noqa: ANN401  the stubs do not know that lists and structs are flattened
    """How many keys the objects within a column have when they are written down."""
    if pa.types.is_list(column.type):
        return _keys(column.flatten())
    if pa.types.is_struct(column.type):
        keys: int = (len(column) - column.null_count) * len(_fields(column.type)) + sum(
            _keys(one) for one in column.flatten()
        )
        return keys
    return 0


def _fields(kind: Any) -> list[pa.Field[Any]]:  # noqa: ANN401  the stubs do not know that a struct has fields
    return [kind.field(place) for place in range(kind.num_fields)]


def _says(line: bytes, row: Row) -> bool:
    """Whether a line of JSON has every column of a row with its value."""
    try:
        return bool(json.loads(line) == _plain(row))
    except (OverflowError, RecursionError, ValueError):
        return False


def _plain(value: Any) -> Any:  # noqa: ANN401  any column's value
    """A value as JSON has it: days and times as ISO 8601, times in UTC."""
    if isinstance(value, dict):
        return {name: _plain(one) for name, one in value.items()}
    if isinstance(value, list):
        return [_plain(one) for one in value]
    if isinstance(value, dt.datetime):
        return value.astimezone(dt.UTC).isoformat().replace("+00:00", "Z")
    return value.isoformat() if isinstance(value, dt.date) else value


# ------------------------------------------------------------------------------------------------ open copies
def _copies_fit(documents: pa.Table, copied: pa.Table | None) -> Truths | list[Any]:
    """Whether each document that is open is there once more as it is, and no other one."""
    is_open = is_one_of(strings(documents, "rights_status"), OPEN_RIGHTS)
    if copied is None:
        return ~is_open
    try:
        same = documents.filter(is_open).replace_schema_metadata().cast(copied.schema.remove_metadata())
        if same.equals(copied.replace_schema_metadata()):
            return np.ones(len(is_open), np.bool_)
    except (pa.ArrowException, ValueError):
        pass  # other columns, or of other types
    found, again = rows(documents, "documents"), rows(copied, "documents")
    copy_of = dict(zip(hashable(row["id"] for row in again), again, strict=False))
    strangers = len(copy_of) != len(again) or not copy_of.keys() <= set(hashable(row["id"] for row in found))
    return each(
        found,
        lambda row: not strangers and copy_of.get(row["id"]) == (row if row["rights_status"] in OPEN_RIGHTS else None),
    )
