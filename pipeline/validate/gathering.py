"""The rows of a table, gathered over buckets until they are worth a run of Great Expectations.

Here belongs how rows are handed over and what each bucket's share of the outcome is. A run has a fixed cost of some
milliseconds for each expectation, whatever the rows. How outcomes of several runs become one is in
:mod:`pipeline.validate.merging`.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from pipeline.validate import engine, outcomes
from pipeline.validate.frames import ROW, narrow_frame
from pipeline.validate.merging import COLUMNS, DISTINCT, OF_TYPE, ROW_COUNT, SHARE_OF_VALUES, UNIQUE_TYPES
from pipeline.validate.results import MOST_FAILING
from pipeline.validate.suites import KEYS, BadSuite

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd
    import pyarrow as pa

    from pipeline.derived.values import Derived
    from pipeline.validate.merging import Outcome, Share
    from pipeline.validate.suites import Expectation, Suite

VALUES = 10_000_000
"""So many values, rows by columns, are gathered of a table before they are looked at: some 100 MB."""

_MOST_TOLD_APART = 10_000
"""Of so many rows that fail, it is found out in which bucket they are."""


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


class Gathering:
    """The runs of one suite: `outcomes` are those of the first one, `shares` those of every run or bucket.

    `by_bucket` has the shares of each bucket, by the names of the expectations, if it is asked to tell buckets apart
    and could.
    """

    def __init__(
        self, suite: Suite, chosen: Sequence[Expectation], parameters: Mapping[str, Any], *, values: int, apart: bool
    ) -> None:
        self.suite, self.chosen = suite, chosen
        self.of_rows = [each for each in chosen if each.type != COLUMNS]
        self.outcomes: dict[str, Outcome] = {}
        self.shares: list[Mapping[str, Share]] = []
        self.by_bucket: dict[int, Mapping[str, Share]] = {}
        self.rows_of: dict[int, int] = {}
        self.rows = self.runs = 0
        self._parameters = dict(parameters)
        self._values, self._apart = values, apart
        self._parts: list[Part] = []
        self._held = 0

    def add(self, part: Part) -> None:
        """Take up rows; they are looked at when there are enough of them."""
        self._parts.append(part)
        self.rows += len(part.frame)
        if part.bucket is not None:
            self.rows_of[part.bucket] = len(part.frame)
        self._held += part.frame.size
        if self._held >= self._values:
            self.run()

    def finish(self) -> None:
        """Look at the rows that are left; at none, if there were none at all."""
        if self._parts or not self.runs:
            self.run()

    def run(self) -> None:
        """Look at what is gathered."""
        import pandas as pd  # noqa: PLC0415  a second that only this needs

        parts, self._parts, self._held = self._parts, [], 0
        # Where a bucket has no rows, nothing of its columns is known either.
        filled = [part for part in parts if len(part.frame)] or parts[:1]
        frames = [part.frame for part in filled]
        frame = pd.concat(frames, ignore_index=True) if len(frames) != 1 else frames[0]
        if len(frames) > 1:
            frame[ROW] = np.arange(len(frame))
        self.runs += 1
        told = _MOST_TOLD_APART if self._apart else MOST_FAILING
        shares: dict[str, Share] = {}
        apart: list[dict[str, Share]] | None = [{} for _ in filled]
        for name, outcome in run_suite(self.suite, self.of_rows, frame, self._parameters, told=told).items():
            expectation = next(each for each in self.of_rows if each.name == name)
            rows = _failing_rows(outcome)
            self.outcomes.setdefault(name, self._with_keys(outcome, filled, rows[:MOST_FAILING]))
            shares[name] = _share(expectation, outcome, frame, self._keys_of(filled, rows[:MOST_FAILING]))
            if apart is not None and self._apart:
                found = self._told_apart(expectation, shares[name], filled, rows)
                apart = (
                    None if found is None else [{**one, name: share} for one, share in zip(apart, found, strict=True)]
                )
        self.shares.append(shares)
        if self._apart and apart is not None:
            filled_buckets = {part.bucket: one for part, one in zip(filled, apart, strict=True)}
            for part in parts:
                if part.bucket is not None:
                    self.by_bucket[part.bucket] = filled_buckets.get(part.bucket, {})

    def _told_apart(
        self, expectation: Expectation, whole: Share, parts: Sequence[Part], rows: Sequence[int]
    ) -> list[Share] | None:
        """The share of each part in what was found of all; None where it cannot be known."""
        if "error" in whole or ("unexpected" in whole and whole["unexpected"] > len(rows)):
            return None
        shares = []
        start = 0
        for part in parts:
            end = start + len(part.frame)
            mine = [row - start for row in rows if start <= row < end]
            try:
                shares.append(_own_share(expectation, whole, part, mine))
            except (KeyError, TypeError, ValueError):
                return None
            start = end
        for name in ("elements", "missing", "rows"):
            if name in whole and whole[name] is not None and sum(share[name] for share in shares) != whole[name]:
                return None
        return shares

    def _with_keys(self, outcome: Outcome, parts: Sequence[Part], rows: Sequence[int]) -> Outcome:
        if "partial_unexpected_index_list" not in outcome["result"]:
            return outcome
        key, names = KEYS[self.suite.table], self._keys_of(parts, rows)
        named = {
            "unexpected_index_column_names": [key],
            "partial_unexpected_index_list": [{key: names}] if names else [],
        }
        return {**outcome, "result": {**outcome["result"], **named}}

    def _keys_of(self, parts: Sequence[Part], rows: Sequence[int]) -> list[str]:
        starts = np.cumsum([0, *(len(part.frame) for part in parts)])
        names = []
        for row in rows:
            place = int(np.searchsorted(starts, row, side="right")) - 1
            names.append(_key(parts[place], row - int(starts[place])))
        return names


def run_suite(
    suite: Suite, expectations: Sequence[Expectation], frame: pd.DataFrame, parameters: Mapping[str, Any], *, told: int
) -> dict[str, Outcome]:
    """The outcome of each expectation by its name, as Great Expectations gives it; rows that fail by their number."""
    if not expectations:
        return {}
    result_format: dict[str, Any] = {
        "result_format": "SUMMARY",
        "partial_unexpected_count": told,
        "exclude_unexpected_values": True,  # texts are never copied into results
    }
    if ROW in frame.columns:
        result_format["unexpected_index_column_names"] = [ROW]
    taken = gx_suite(suite, expectations)
    with engine.source() as source:
        batches = source.add_dataframe_asset(suite.table).add_batch_definition_whole_dataframe("all")
        validation = batches.get_batch({"dataframe": frame}).validate(
            taken, result_format=result_format, expectation_parameters=dict(parameters)
        )
    found = [result.to_json_dict() for result in validation.results]
    return {outcome["expectation_config"]["meta"]["name"]: outcome for outcome in found}


def gx_suite(suite: Suite, expectations: Sequence[Expectation]) -> Any:  # noqa: ANN401  it publishes no types
    """The suite as an object of Great Expectations, with every one of the expectations in it."""
    names = {each.name for each in expectations}
    wanted = [each for each in suite.content["expectations"] if each["meta"]["name"] in names]
    logger = logging.getLogger("great_expectations.core.expectation_suite")
    was, logger.disabled = logger.disabled, True  # what it has to say is said below, in one line
    try:
        taken = engine.suite_of({**suite.content, "expectations": wanted})
    except Exception as error:  # it raises errors of several libraries
        reason = " ".join(str(error).split())
        message = f"{suite.file}: Great Expectations does not take it: {reason}"
        raise BadSuite(message) from error
    finally:
        logger.disabled = was
    missing = names - {each.meta["name"] for each in taken.expectations}
    if missing or len(taken.expectations) != len(wanted):
        kinds = sorted(f"{each.name!r} ({each.type})" for each in expectations if each.name in missing)
        message = f"{suite.file}: Great Expectations does not know the type of {', '.join(kinds)}"
        raise BadSuite(message)
    return taken


# ------------------------------------------------------------------------------------------------ shares
def _share(expectation: Expectation, outcome: Outcome, frame: pd.DataFrame, failing: list[str]) -> Share:
    """What is kept of an outcome, to be put together with others."""
    result = outcome["result"]
    if not outcome["success"] and outcomes.exception(outcome):
        return {"error": outcome["exception_info"]}
    if expectation.type == ROW_COUNT:
        return {"rows": result["observed_value"]}
    if expectation.type == DISTINCT:
        return {"values": _distinct(frame, expectation)}
    if expectation.type == SHARE_OF_VALUES:
        return {"elements": len(frame), "missing": int(frame[expectation.column].isna().sum())}
    if "observed_value" in result:
        return {"observed": result["observed_value"], "success": outcome["success"]}
    return {
        "elements": result["element_count"],
        "missing": result.get("missing_count"),
        "unexpected": result["unexpected_count"],
        "failing": failing,
    }


def _own_share(expectation: Expectation, whole: Share, part: Part, rows: Sequence[int]) -> Share:
    """The share of a part of what was looked at together, of which these rows fail."""
    frame = part.frame
    if expectation.type == ROW_COUNT:
        return {"rows": len(frame)}
    if expectation.type == DISTINCT:
        return {"values": _distinct(frame, expectation)}
    if expectation.type == OF_TYPE:
        return {"observed": whole["observed"], "success": whole["success"]}
    looked_at = _chosen(frame, expectation)
    gaps = [looked_at[name].isna() for name in expectation.column.split(", ")]
    every = expectation.kwargs.get("ignore_row_if") in _ALL_MISSING or (
        len(gaps) > 1 and "ignore_row_if" not in expectation.kwargs
    )
    without = np.logical_and.reduce(gaps) if every else np.logical_or.reduce(gaps)
    missing = 0 if expectation.kwargs.get("ignore_row_if") in _NEVER else int(without.sum())
    share: Share = {"elements": len(looked_at), "missing": None if whole["missing"] is None else missing}
    if expectation.type == SHARE_OF_VALUES:
        return share
    if expectation.type in UNIQUE_TYPES:  # which rows are there twice depends on the other parts
        rows = ()
    return {**share, "unexpected": len(rows), "failing": [_key(part, row) for row in rows[:MOST_FAILING]]}


_ALL_MISSING = ("both_values_are_missing", "all_values_are_missing")
_NEVER = ("neither", "never")


def _chosen(frame: pd.DataFrame, expectation: Expectation) -> pd.DataFrame:
    """The rows that an expectation is about."""
    condition = expectation.kwargs.get("row_condition")
    if condition is None:
        return frame
    if condition["operator"] != "==":
        raise ValueError(condition["operator"])
    there: Any = frame[condition["column"]["name"]] == condition["parameter"]
    chosen: pd.DataFrame = frame[there.fillna(value=False).astype(bool)]
    return chosen


def _distinct(frame: pd.DataFrame, expectation: Expectation) -> list[str]:
    return sorted({str(value) for value in frame[expectation.column].dropna().unique()})


def _failing_rows(outcome: Outcome) -> list[int]:
    index = outcome["result"].get("partial_unexpected_index_list") or []
    return [int(row) for group in index for row in (group[ROW] if isinstance(group[ROW], list) else [group[ROW]])]


def _key(part: Part, row: int) -> str:
    value: Any = None if part.keys is None else part.keys[row]
    return outcomes.key(value.as_py() if hasattr(value, "as_py") else value)
