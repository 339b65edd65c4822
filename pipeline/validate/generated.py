"""The part of the suites that follows from the data dictionary: order, nullability, types, vocabularies.

Here belongs what can be said of a column by its declaration alone; ``make expectations`` writes it into the files of
``expectations/``, where it is marked as generated and stands before what is written by hand. Run as a program, this
module does that. Promises about values and between tables are written by hand, there.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from pipeline.columns import TABLE_SENTENCES, TABLES
from pipeline.validate.frames import TYPE_NAMES
from pipeline.validate.suites import EXPECTATIONS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from pipeline.column import Column


def generated(table: str) -> list[dict[str, Any]]:
    """The expectations that follow from the declaration of a table's columns.

    >>> [each["meta"]["name"] for each in generated("quarantine")][:5]
    ['columns_in_order', 'raw_path_not_null', 'raw_path_type', 'reason_not_null', 'reason_type']

    Columns of lists have no type here: pandas has objects in them, whatever they hold. The suite `columns` compares the
    exact Arrow types of all columns, lists too.
    """
    order = _expectation(
        "columns_in_order",
        "expect_table_columns_to_match_ordered_list",
        {"column_list": [column.name for column in TABLES[table]]},
        "Columns come in the order of the data dictionary, so that a release can be compared with the one before.",
    )
    return [order, *(each for column in TABLES[table] for each in _of_column(column))]


def with_generated(content: Mapping[str, Any]) -> dict[str, Any]:
    """A suite with its generated part made anew; what is written by hand stays as it is, and in its order."""
    by_hand = [each for each in content["expectations"] if each["meta"].get("generated") is not True]
    return {**content, "expectations": [*generated(content["name"]), *by_hand]}


def formatted(content: Mapping[str, Any]) -> str:
    """A suite as it stands in its file: a line for each fact, and one for all the arguments of an expectation.

    >>> suite = {"name": "a", "meta": {"about": "b"}, "expectations": []}
    >>> json.loads(formatted(suite)) == suite
    True
    """
    arguments: list[str] = []
    expectations = []
    for each in content["expectations"]:
        # A word stands for the arguments while the rest is laid out: no letter of theirs can be mistaken for it.
        expectations.append({**each, "kwargs": f"\0{len(arguments)}"})
        arguments.append(json.dumps(each["kwargs"], ensure_ascii=False))
    laid_out = json.dumps({**content, "expectations": expectations}, ensure_ascii=False, indent=2)
    for number, line in enumerate(arguments):
        laid_out = laid_out.replace(f'"\\u0000{number}"', line, 1)
    return laid_out + "\n"


def rewrite(folder: Path = EXPECTATIONS) -> list[Path]:
    """Make the generated part of every table's suite anew, in its file; the files that have changed."""
    changed = []
    for table in TABLES:
        file = folder / f"{table}.json"
        was = file.read_text("utf-8") if file.is_file() else ""
        empty = {"name": table, "meta": {"about": TABLE_SENTENCES[table]}, "expectations": []}
        text = formatted(with_generated(json.loads(was) if was else empty))
        if text != was:
            file.write_text(text, "utf-8", newline="\n")
            changed.append(file)
    return changed


def _of_column(column: Column) -> Iterator[dict[str, Any]]:
    name = column.name
    if not column.nullable:
        yield _expectation(
            f"{name}_not_null",
            "expect_column_values_to_not_be_null",
            {"column": name},
            f"Every row has {name}; readers rely on it without asking.",
        )
    if pa.types.is_nested(column.type):
        return
    yield _expectation(
        f"{name}_type",
        "expect_column_values_to_be_of_type",
        {"column": name, "type_": TYPE_NAMES[column.type]},
        f"Where {name} changed its type, a program that reads it would stumble, or compare it wrongly.",
    )
    if column.vocabulary:
        yield _expectation(
            f"{name}_known",
            "expect_column_values_to_be_in_set",
            {"column": name, "value_set": list(column.vocabulary)},
            f"The values of {name} are a closed list, so that a query can name them all.",
        )


def _expectation(name: str, kind: str, kwargs: Mapping[str, Any], why: str) -> dict[str, Any]:
    return {
        "type": kind,
        "kwargs": dict(kwargs),
        "severity": "critical",
        "meta": {"name": name, "why": why, "generated": True},
    }


if __name__ == "__main__":
    rewrite()
