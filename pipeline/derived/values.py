"""Columns of a table as they should be, whatever they are.

Here belongs what stands for a value that is missing or of another kind, so that whoever looks at a column need not ask.
What is looked at belongs in the modules beside this one, one for each table.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
import pyarrow as pa
import pyarrow.compute

from pipeline.columns import TABLES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from numpy.typing import NDArray

pc: Any = pyarrow.compute
"""The stubs are those of an older release and refuse much of what it takes."""

Row: TypeAlias = "dict[str, Any]"
Tables: TypeAlias = "Mapping[str, pa.Table]"
Derived: TypeAlias = "Mapping[str, Sequence[Any] | NDArray[Any] | pa.Array[Any]]"
"""Derived columns of one table, row for row."""

Strings: TypeAlias = "pa.Array[Any]"
Numbers: TypeAlias = "NDArray[np.int64]"
Truths: TypeAlias = "NDArray[np.bool_]"

NO_NUMBER = -(2**40)
"""Stands for a number that is not there: below every offset, and still far below it when a few are added."""


def rows(table: pa.Table, name: str, only: Sequence[str] | None = None) -> list[Row]:
    """The rows of a table with every column that it should have, or with some; a missing one is full of nulls."""
    columns = {one: values(table, one) for one in only or [column.name for column in TABLES[name]]}
    return [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]


def each(rows: Sequence[Row], look: Callable[[Row], Any], *, otherwise: bool | None = False) -> list[Any]:
    """Look at each row; what cannot be looked at is `otherwise`.

    >>> each([{"text": "ab"}, {"text": None}], lambda row: len(row["text"]))
    [2, False]
    """
    seen = []
    for row in rows:
        try:
            seen.append(look(row))
        except (AttributeError, IndexError, KeyError, OverflowError, TypeError, ValueError):
            seen.append(otherwise)
    return seen


def values(table: pa.Table, name: str) -> list[Any]:
    """A column as Python has it; nulls where there is none, or where Python has no such values.

    >>> values(pa.table({"day": pa.array([10**8], pa.date32())}), "day")
    [None]
    """
    if name in table.column_names:
        try:
            return list(table.column(name).to_pylist())
        except (ArithmeticError, TypeError, ValueError):  # among them what Arrow raises
            pass
    return [None] * table.num_rows


def hashable(found: Iterable[Any]) -> Iterator[Any]:
    """Those of the values that a set can hold: no list is a key.

    >>> list(hashable(["a", [1], None]))
    ['a', None]
    """
    for one in found:
        try:
            hash(one)
        except TypeError:
            continue
        yield one


def strings(table: pa.Table, name: str) -> Strings:
    """A column of strings; null for what is none.

    >>> strings(pa.table({"a": [[1], [2]]}), "a").to_pylist()
    [None, None]
    """
    # Offsets of 64 bits: all the edits of a corpus may be more than 2 GB.
    return _cast(table, name, pa.large_string())


def numbers(table: pa.Table, name: str) -> Numbers:
    """A column of whole numbers; `NO_NUMBER` for what is none.

    >>> numbers(pa.table({"a": [3, None]}), "a").tolist() == [3, NO_NUMBER]
    True
    """
    found: Numbers = pc.fill_null(_cast(table, name, pa.int64()), NO_NUMBER).to_numpy(zero_copy_only=False)
    return found


def floats(table: pa.Table, name: str) -> pa.Array[Any]:
    """A column of numbers with a fraction, of 32 bits; null for what is none.

    >>> floats(pa.table({"a": ["0.5", None]}), "a").to_pylist()
    [0.5, None]
    """
    return _cast(table, name, pa.float32())


def truths(table: pa.Table, name: str) -> Truths:
    """A column of true and false; False for what is neither.

    >>> truths(pa.table({"a": [True, None]}), "a").tolist()
    [True, False]
    """
    return is_true(_cast(table, name, pa.bool_()))


def is_true(found: pa.Array[Any]) -> Truths:
    """What Arrow says of each row as an array of numpy; null is not true."""
    seen: Truths = pc.fill_null(found, fill_value=False).to_numpy(zero_copy_only=False).astype(np.bool_)
    return seen


def lengths(found: Strings) -> Numbers:
    """How many code points each string has; `NO_NUMBER` for a null."""
    counted: Numbers = pc.fill_null(pc.utf8_length(found), NO_NUMBER).to_numpy(zero_copy_only=False).astype(np.int64)
    return counted


def is_one_of(found: pa.Array[Any], known: pa.Array[Any] | Sequence[str]) -> Truths:
    """Whether each string is among those known; a null never is.

    >>> is_one_of(pa.array(["a", None, "b"], pa.large_string()), ["b", None]).tolist()
    [False, False, True]
    """
    # Arrow takes a null for a value like any other.
    value_set = pa.array(known, pa.large_string()) if isinstance(known, (list, tuple)) else known
    return is_true(pc.and_(pc.is_in(found, value_set=value_set), pc.is_valid(found)))


def looked_up(key: Strings, keys: Strings, found: Numbers) -> Numbers:
    """What is found for the key of each row, `found` being what it is for each of `keys`; `NO_NUMBER` for a new one.

    >>> key, keys = (pa.array(names, pa.large_string()) for names in (["b", "c"], ["a", "b"]))
    >>> looked_up(key, keys, np.array([7, 8])).tolist() == [8, NO_NUMBER]
    True
    """
    places = pc.index_in(key, value_set=keys)
    taken: Numbers = pc.fill_null(pa.array(found).take(places), NO_NUMBER).to_numpy(zero_copy_only=False)
    return taken


def joined(*parts: Strings | str, separator: str, null: str | None = None) -> Strings:
    """The strings of each row put together; null where one of them is, unless `null` stands for it.

    >>> joined("field", pa.array(["title", None], pa.large_string()), separator=".").to_pylist()
    ['field.title', None]
    """
    large = [_large(part) if isinstance(part, str) else part for part in (*parts, separator)]
    handling = (
        {"null_handling": "emit_null"} if null is None else {"null_handling": "replace", "null_replacement": null}
    )
    found: Any = pc.binary_join_element_wise(*large, **handling)
    return found  # type: ignore[no-any-return]


def named(key: Strings, position: Numbers) -> Strings:
    """What a person calls a row that has a position in a document: the document's id, a stroke, the position.

    >>> named(pa.array(["ab", None], pa.large_string()), np.array([7, NO_NUMBER])).to_pylist()
    ['ab/7', '?/?']
    """
    places = pa.array(position, mask=position == NO_NUMBER).cast(pa.large_string())
    return joined(key, places, separator="/", null="?")


def codes(key: Strings) -> Numbers:
    """A number for each string, the same for the same; nulls have one too.

    >>> codes(pa.array(["b", "a", None, "b"], pa.large_string())).tolist()
    [0, 1, 2, 0]
    """
    encoded: Any = key.dictionary_encode(null_encoding="encode")
    found: Numbers = encoded.indices.to_numpy(zero_copy_only=False).astype(np.int64)
    return found


def starts_anew(found: Numbers) -> Truths:
    """Whether each row is the first of a stretch of the same value.

    >>> starts_anew(np.array([5, 5, 7])).tolist()
    [True, False, True]
    """
    first = np.ones(len(found), np.bool_)
    first[1:] = found[1:] != found[:-1]
    return first


def previous(found: Numbers) -> Numbers:
    """The value of the row before; of the first row, its own.

    >>> previous(np.array([5, 6, 7])).tolist()
    [5, 5, 6]
    """
    before = found.copy()
    before[1:] = found[:-1]
    return before


def ids_where(table: pa.Table, found: pa.Array[Any]) -> frozenset[str]:
    """The documents of those rows of which something is true.

    >>> table = pa.table({"doc_id": ["a", "b", "a", None]})
    >>> sorted(ids_where(table, pa.array([True, False, True, True])))
    ['a']
    """
    return frozenset(name for name in strings(table, "doc_id").filter(found).unique().to_pylist() if name is not None)


def _large(value: str) -> pa.Scalar[Any]:
    return pa.scalar(value, pa.large_string())


def _cast(table: pa.Table, name: str, kind: pa.DataType) -> pa.Array[Any]:
    if name in table.column_names:
        try:
            return table.column(name).cast(kind).combine_chunks()
        except pa.ArrowException:
            pass  # of another kind altogether: none of its values is what it should be
    return pa.array([None] * table.num_rows, kind)
