"""One row for every column that is declared or found, of every table: what it should be and what it is.

Here belongs the exact comparison of Arrow types, places and nullability, which no expectation about values can make.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pipeline.columns import TABLES

if TYPE_CHECKING:
    import pyarrow as pa

    from pipeline.derived.values import Derived, Tables


def of_columns(tables: Tables) -> Derived:
    """The rows, as columns of their own."""
    rows: dict[str, list[Any]] = {name: [] for name in ("column", "declared", "found")}
    for table, declared in TABLES.items():
        should = {each.name: _described(each.field, position) for position, each in enumerate(declared)}
        there = {field.name: _described(field, position) for position, field in enumerate(tables[table].schema)}
        for name in dict.fromkeys((*should, *there)):
            rows["column"].append(f"{table}.{name}")
            rows["declared"].append(should.get(name, "nothing"))
            rows["found"].append(there.get(name, "nothing"))
    return rows


def _described(field: pa.Field[Any], position: int) -> str:
    # Arrow calls what stands in a list "item", Parquet "element".
    kind = str(field.type).replace("list<item: ", "list<element: ")
    return f"{position}: {kind}{'' if field.nullable else ' not null'}"
