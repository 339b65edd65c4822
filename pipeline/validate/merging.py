"""One outcome of an expectation from those of the parts of a table: a rule for each type.

Here belongs what is kept of an outcome to be put together with others, and how. An expectation whose type has no rule
is refused, also where a table has one part only: it would be found out when the dataset has grown.

- Rows that are looked at one by one: the counts add up, and so many that fail as are named; `mostly` is decided on the
  sums, as Great Expectations does it.
- Uniqueness: rows and gaps add up; which rows are there twice is found out anew from the keys of all parts
  (:mod:`pipeline.validate.doubles`).
- The type of a column: it is the same in all parts, or the outcome is that of the first part that is not as expected.
- The number of rows: they add up.
- The share of rows with a value: of the sums.
- The number of distinct values: of all values together, by their hashes.
- The columns of a table and their order: of the whole table, which is looked at once.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

from pipeline.validate.engine import expectation_types
from pipeline.validate.results import MOST_FAILING
from pipeline.validate.suites import BadSuite

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from pipeline.validate.suites import Suite

Share: TypeAlias = "dict[str, Any]"
"""What a part has to say of an expectation: `elements`, `missing` (None where gaps are rows like any other),
`unexpected` and `failing`, the keys of some rows; or `observed` with `success`, `rows`, `values`, or `error`."""

Outcome: TypeAlias = "Mapping[str, Any]"


def check_mergeable(suite: Suite) -> None:
    """Make sure that there is a rule for every expectation of a suite.

    Raises :class:`pipeline.validate.suites.BadSuite` where there is none.
    """
    # What Great Expectations does not know either, it is asked about.
    known = expectation_types() - RULES.keys()
    unknown = [f"{each.name!r} ({each.type})" for each in suite.expectations if each.type in known]
    if unknown:
        message = (
            f"{suite.file}: there is no rule by which outcomes of parts of a table become one for the type of "
            f"{', '.join(unknown)}: give it one in pipeline/validate/merging.py"
        )
        raise BadSuite(message)


def merged(outcome: Outcome, shares: Sequence[Share], key: str) -> Outcome:
    """The outcome of all parts together; `outcome` is that of one of them, and says what was expected.

    `key` is the column by which rows that fail are named.
    """
    for share in shares:
        if "error" in share:
            return {**outcome, "success": False, "result": {}, "exception_info": share["error"]}
    config = outcome["expectation_config"]
    success, result = RULES[config["type"]](config["kwargs"], shares, key)
    return {**outcome, "success": success, "result": result, "exception_info": _NO_EXCEPTION}


_NO_EXCEPTION = {"raised_exception": False, "exception_traceback": None, "exception_message": None}


def _rows(kwargs: Mapping[str, Any], shares: Sequence[Share], key: str) -> tuple[bool, dict[str, Any]]:
    elements, unexpected = (sum(share[name] for share in shares) for name in ("elements", "unexpected"))
    has_gaps = any(share["missing"] is not None for share in shares)
    missing = sum(share["missing"] or 0 for share in shares)
    looked_at = elements - missing
    success = not looked_at or (looked_at - unexpected) / looked_at >= kwargs.get("mostly", 1.0)
    percent = 100 * unexpected / looked_at if looked_at else None
    of_all = 100 * unexpected / elements if elements else None
    result = {
        "element_count": elements,
        "unexpected_count": unexpected,
        "unexpected_percent": percent if has_gaps else of_all,
        "unexpected_index_column_names": [key],
    }
    if has_gaps:
        result |= {
            "missing_count": missing,
            "missing_percent": 100 * missing / elements if elements else None,
            "unexpected_percent_total": of_all,
            "unexpected_percent_nonmissing": percent,
        }
    failing = [name for share in shares for name in share["failing"]][:MOST_FAILING]
    return success, result | {"partial_unexpected_index_list": [{key: failing}] if failing else []}


def _type(kwargs: Mapping[str, Any], shares: Sequence[Share], key: str) -> tuple[bool, dict[str, Any]]:
    if any("observed" not in share for share in shares):
        of_rows = [share for share in shares if "observed" not in share]
        return _rows(kwargs, of_rows, key)
    worst = next((share for share in shares if not share["success"]), shares[0])
    return worst["success"], {"observed_value": worst["observed"]}


def _row_count(kwargs: Mapping[str, Any], shares: Sequence[Share], _: str) -> tuple[bool, dict[str, Any]]:
    count = sum(share["rows"] for share in shares)
    return count == kwargs["value"], {"observed_value": count}


def _share_of_values(kwargs: Mapping[str, Any], shares: Sequence[Share], _: str) -> tuple[bool, dict[str, Any]]:
    elements, missing = (sum(share[name] for share in shares) for name in ("elements", "missing"))
    share = (elements - missing) / elements if elements else 0
    return bool(elements) and _between(share, kwargs), {"observed_value": share}


def _distinct(kwargs: Mapping[str, Any], shares: Sequence[Share], _: str) -> tuple[bool, dict[str, Any]]:
    count = len({value for share in shares for value in share["values"]})
    return _between(count, kwargs), {"observed_value": count}


def _once(kwargs: Mapping[str, Any], shares: Sequence[Share], _: str) -> tuple[bool, dict[str, Any]]:
    del kwargs
    return shares[0]["success"], {"observed_value": shares[0]["observed"]}


def _between(value: float, kwargs: Mapping[str, Any]) -> bool:
    if kwargs.get("strict_min") or kwargs.get("strict_max"):
        message = "a limit that does not belong to the range has no rule here"
        raise BadSuite(message)
    low, high = kwargs.get("min_value"), kwargs.get("max_value")
    return (low is None or value >= low) and (high is None or value <= high)


ROWS_TYPES = frozenset(
    {
        "expect_column_pair_values_a_to_be_greater_than_b",
        "expect_column_pair_values_to_be_equal",
        "expect_column_value_lengths_to_be_between",
        "expect_column_values_to_be_between",
        "expect_column_values_to_be_in_set",
        "expect_column_values_to_match_regex",
        "expect_column_values_to_not_be_null",
        "expect_column_values_to_not_match_regex",
    }
)
UNIQUE_TYPES = frozenset({"expect_column_values_to_be_unique", "expect_compound_columns_to_be_unique"})
OF_TYPE = "expect_column_values_to_be_of_type"
ROW_COUNT = "expect_table_row_count_to_equal"
COLUMNS = "expect_table_columns_to_match_ordered_list"
SHARE_OF_VALUES = "expect_column_proportion_of_non_null_values_to_be_between"
DISTINCT = "expect_column_unique_value_count_to_be_between"

RULES: Mapping[str, Callable[[Mapping[str, Any], Sequence[Share], str], tuple[bool, dict[str, Any]]]] = {
    **dict.fromkeys(ROWS_TYPES | UNIQUE_TYPES, _rows),
    OF_TYPE: _type,
    ROW_COUNT: _row_count,
    COLUMNS: _once,
    SHARE_OF_VALUES: _share_of_values,
    DISTINCT: _distinct,
}
"""How outcomes of each type are put together."""
