"""The rows that expectations are run on as data frames, which are narrow: the columns that an expectation names.

Here belongs how Arrow becomes a frame, what stands there for what is too large for one, and what a type is called. What
is added to the published columns belongs in :mod:`pipeline.derived`.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

import pyarrow as pa
import pyarrow.compute

from pipeline.validate.suites import KEYS

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import pandas as pd

    from pipeline.derived.values import Derived
    from pipeline.validate.suites import Expectation

pc: Any = pyarrow.compute
"""The stubs are those of an older release and refuse much of what it takes."""

ROW = "row_of_frame"
"""The column that numbers the rows of a frame: by it, Great Expectations names those that fail."""

TYPE_NAMES: dict[pa.DataType, str] = {
    pa.string(): "str",
    pa.bool_(): "bool",
    pa.int8(): "int8",
    pa.int16(): "int16",
    pa.int32(): "int32",
    pa.int64(): "int64",
    pa.float32(): "float32",
    pa.float64(): "float64",
    pa.date32(): "datetime64",
    pa.timestamp("us", "UTC"): "Timestamp",
}
"""What Great Expectations calls the types of columns with one value a row, as :func:`narrow_frame` makes them.

It takes a day for a time without a zone, and one unit of time for another: `columns` compares Arrow's own types.
"""


class Part(NamedTuple):
    """Rows of a table: what its expectations look at, what names each row, and which bucket they are of, if of one."""

    bucket: int | None
    frame: pd.DataFrame
    keys: Any


def part_of(
    name: str,
    expectations: Sequence[Expectation],
    table: pa.Table | None,
    derived: Derived,
    bucket: int | None = None,
) -> Part:
    """The part that these rows are, published columns and derived ones, by the expectations about rows."""
    key = KEYS[name]
    keys = derived[key] if key in derived else table[key] if table is not None and key in table.column_names else None
    return Part(bucket, narrow_frame(table, derived, expectations), keys)


_NOT_NULL = "expect_column_values_to_not_be_null"
_TYPE = "expect_column_values_to_be_of_type"
_NO_MATCH = "expect_column_values_to_not_match_regex"


def named_columns(expectation: Expectation) -> list[str]:
    """The columns that an expectation looks at, also to choose its rows.

    >>> from pipeline.validate.suites import Expectation
    >>> condition = {"type": "comparison", "column": {"name": "b"}, "operator": "==", "parameter": 1}
    >>> kwargs = {"column": "a", "row_condition": condition}
    >>> named_columns(Expectation("a", "expect_column_values_to_be_unique", kwargs, "critical", "why"))
    ['a', 'b']
    """
    names = [name for name in expectation.column.split(", ") if name]
    condition = expectation.kwargs.get("row_condition")
    return [*names, condition["column"]["name"]] if condition else names


def narrow_frame(table: pa.Table | None, derived: Derived, expectations: Sequence[Expectation]) -> pd.DataFrame:
    """The columns that these expectations name, published ones and derived ones; one that is missing is left out.

    What is asked of some of them needs no value: a list is there or not, a text has a type. Where nothing but that is
    asked, something short stands for each value. A text that no pattern is found in is a short one as well where only
    patterns are asked for that must not be there: Great Expectations gets just the texts in which one is.
    """
    asked: dict[str, list[Expectation]] = {}
    for each in expectations:
        for name in named_columns(each):
            asked.setdefault(name, []).append(each)
    published = {} if table is None else {name: table[name] for name in asked if name in table.column_names}
    there = {name: values for name, values in derived.items() if name in asked}
    columns = {name: _stand_in(name, values, asked[name]) for name, values in published.items() if name not in there}
    columns |= {
        name: _stand_in(name, values, asked[name]) if isinstance(values, (pa.Array, pa.ChunkedArray)) else values
        for name, values in there.items()
    }
    count = _row_count(table, derived)
    return _frame(columns, count)


def _row_count(table: pa.Table | None, derived: Derived) -> int:
    return table.num_rows if table is not None else max(map(len, derived.values()), default=0)


def _stand_in(name: str, values: Any, expectations: Iterable[Expectation]) -> Any:  # noqa: ANN401  Arrow arrays
    """The values, or something shorter that answers what these expectations ask."""
    kinds = {each.type for each in expectations}
    chooses_rows = any(name != each.column for each in expectations)
    if pa.types.is_nested(values.type) and kinds <= {_NOT_NULL}:
        return pc.if_else(pc.is_valid(values), pa.scalar(value=True), pa.scalar(None, pa.bool_()))
    if values.type not in _TEXTS or not kinds <= {_NOT_NULL, _TYPE, _NO_MATCH} or chooses_rows:
        return values
    patterns = [each.kwargs["regex"] for each in expectations if each.type == _NO_MATCH]
    harmless = next((text for text in _SHORT if not any(re.search(one, text) for one in patterns)), None)
    if harmless is None:
        return values
    found = _where_found(values, patterns) if patterns else pa.scalar(value=False)
    short = pc.if_else(pc.is_valid(values), pa.scalar(harmless, values.type), pa.scalar(None, values.type))
    return pc.if_else(found, values, short)


_TEXTS = (pa.string(), pa.large_string())
_SHORT = ("正文", "text", "-")
"""What can stand for a text in which no pattern is found; in it, none may be found either."""


def _where_found(values: Any, patterns: Sequence[str]) -> pa.Array[Any]:  # noqa: ANN401  Arrow arrays, chunked or not
    """Whether one of the patterns is found in each text."""
    searches = [re.compile(pattern).search for pattern in patterns]
    texts = values.to_pylist()
    return pa.array([text is not None and any(search(text) for search in searches) for text in texts], pa.bool_())


def _frame(columns: Derived, count: int) -> pd.DataFrame:
    """The columns as a frame with its rows numbered.

    Numbers and truths keep their type where some are null: by itself, pandas would make them all floats or objects.
    """
    import pandas as pd  # noqa: PLC0415  a second that only this needs

    nullable = {
        pa.bool_(): pd.BooleanDtype(),
        pa.int8(): pd.Int8Dtype(),
        pa.int16(): pd.Int16Dtype(),
        pa.int32(): pd.Int32Dtype(),
        pa.int64(): pd.Int64Dtype(),
        pa.float32(): pd.Float32Dtype(),
        pa.float64(): pd.Float64Dtype(),
        # Objects are told apart by their values, and a column of nulls has none.
        pa.binary(): pd.ArrowDtype(pa.binary()),
        pa.null(): pd.ArrowDtype(pa.null()),
    }
    arrow = {name: values for name, values in columns.items() if isinstance(values, (pa.Array, pa.ChunkedArray))}
    # As a table: by itself, a column of nulls would lose its type.
    frame = pa.table(arrow).to_pandas(types_mapper=nullable.get, date_as_object=False, timestamp_as_object=False)
    others = {name: values for name, values in columns.items() if name not in arrow}
    return pd.concat([frame, pd.DataFrame({**others, ROW: range(count)}, index=range(count))], axis=1)
