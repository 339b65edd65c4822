"""Which rows of a whole table have a key that another row has, found out from its keys alone.

Here belongs what an expectation of uniqueness needs where a table is looked at in parts. Where the first column of the
key rises from part to part, no two parts share a key; elsewhere the hashes of all keys are compared.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from pipeline.columns import PRIMARY_KEYS
from pipeline.derived.values import named, numbers, pc, strings
from pipeline.derived.whole import among, hashed
from pipeline.validate.buckets import IN_ORDER
from pipeline.validate.outcomes import key
from pipeline.validate.results import MOST_FAILING
from pipeline.validate.suites import KEYS

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pyarrow as pa

    from pipeline.derived.values import Truths
    from pipeline.derived.whole import Hashes
    from pipeline.validate.buckets import Dataset
    from pipeline.validate.suites import Expectation


class Doubles(NamedTuple):
    """How many rows there are, how many of them have no key, how many share one, and the names of some of these."""

    elements: int
    missing: int
    unexpected: int
    failing: list[str]


def doubles_of(dataset: Dataset, table: str, expectation: Expectation) -> Doubles:
    """The rows of a table that are there twice, by the columns of an expectation of uniqueness."""
    columns = expectation.column.split(", ")
    elements = missing = 0
    seen: list[Hashes] = []
    for part in _parts(dataset, table, columns):
        hashes, has_key = _keys(part, columns, expectation)
        elements += part.num_rows
        missing += int((~has_key).sum())
        seen.append(hashes[has_key])
    if _rises(dataset, table, columns[0]):
        twice = [_twice(hashes) for hashes in seen]
    else:
        found = _twice(np.concatenate(seen)) if seen else np.zeros(0, np.uint64)
        twice = [found] * len(seen)
    unexpected, failing = 0, list[str]()
    if not any(map(len, twice)):
        return Doubles(elements, missing, 0, [])
    naming = [*columns, *_naming(table)]
    for part, doubled in zip(_parts(dataset, table, naming), twice, strict=True):
        hashes, has_key = _keys(part, columns, expectation)
        rows = np.flatnonzero(among(hashes, doubled) & has_key)
        unexpected += len(rows)
        failing += map(key, _names(part.take(rows[: MOST_FAILING - len(failing)]), table))
    return Doubles(elements, missing, unexpected, failing)


def _parts(dataset: Dataset, table: str, columns: list[str]) -> Iterator[pa.Table]:
    wanted = list(dict.fromkeys(columns))
    if table in IN_ORDER:
        yield from dataset.parts_in_order(table, wanted)
    else:
        for number in dataset.numbers:
            yield dataset.sorted_part(table, number, wanted)


def _keys(part: pa.Table, columns: list[str], expectation: Expectation) -> tuple[Hashes, Truths]:
    """The hash of each row's key, and whether it has one."""
    found = [strings(part, name) for name in columns]
    gaps = [np.asarray(pc.is_null(one)) for one in found]
    # Of several columns, one value is enough, if nothing else is said.
    any_gap = len(columns) == 1 or expectation.kwargs.get("ignore_row_if") == "any_value_is_missing"
    without = np.logical_or.reduce(gaps) if any_gap else np.logical_and.reduce(gaps)
    return hashed(*found), ~without


def _rises(dataset: Dataset, table: str, column: str) -> bool:
    """Whether every value of a column in one part is behind all those of the parts before it."""
    last: Any = None
    for part in _parts(dataset, table, [column]):
        ends = pc.min_max(strings(part, column)).as_py()
        if ends["min"] is None:
            continue
        if last is not None and ends["min"] <= last:
            return False
        last = ends["max"]
    return True


def _twice(hashes: Hashes) -> Hashes:
    found, times = np.unique(hashes, return_counts=True)
    twice: Hashes = found[times > 1]
    return twice


def _naming(table: str) -> list[str]:
    """The columns that a row is named by: its key, or its document and its place there."""
    return [KEYS[table]] if KEYS[table] != "derived_row" else list(PRIMARY_KEYS[table])


def _names(part: pa.Table, table: str) -> list[Any]:
    if KEYS[table] != "derived_row":
        return list(strings(part, KEYS[table]).to_pylist())
    doc, place = PRIMARY_KEYS[table]
    return list(named(strings(part, doc), numbers(part, place)).to_pylist())
