"""What is answered about rows of a table: the outcome of each expectation, and the share that each bucket has in it.

Here belongs how rows of several buckets become one frame and one outcome is told apart again; it may be done in another
process. How Great Expectations is asked is in :mod:`pipeline.validate.asking`, how several answers become one in
:mod:`pipeline.validate.merging`.
"""

from __future__ import annotations

import gc
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pyarrow as pa

from pipeline.validate import outcomes
from pipeline.validate.asking import run_suite
from pipeline.validate.frames import ROW
from pipeline.validate.merging import DISTINCT, OF_TYPE, ROW_COUNT, SHARE_OF_VALUES, UNIQUE_TYPES
from pipeline.validate.results import MOST_FAILING
from pipeline.validate.suites import KEYS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd

    from pipeline.validate.frames import Part
    from pipeline.validate.merging import Outcome, Share
    from pipeline.validate.suites import Expectation, Suite

_MOST_TOLD_APART = 10_000
"""Of so many rows that fail, it is found out in which bucket they are."""

_WORTH_A_COLLECTION = 500_000
"""Values: 5 MB and more. To look for circles among all that Great Expectations has imported takes 0.2 s."""


class Question(NamedTuple):
    """Expectations of a suite, the values of their parameters, and the rows; buckets may be asked to be told apart."""

    suite: Suite
    expectations: Sequence[Expectation]
    parameters: Mapping[str, Any]
    parts: Sequence[Part]
    apart: bool


class Answer(NamedTuple):
    """The outcomes and shares of the expectations by their names, and the shares of each bucket that could be told."""

    outcomes: Mapping[str, Outcome]
    shares: Mapping[str, Share]
    by_bucket: Mapping[int, Mapping[str, Share]]


def answer(question: Question) -> Answer:
    """What Great Expectations says of the rows of a question, and what each bucket has to do with it."""
    import pandas as pd  # noqa: PLC0415  a second that only this needs

    parts = _filled(question.parts)
    frames = [part.frame for part in parts]
    frame = pd.concat(frames, ignore_index=True) if len(frames) != 1 else frames[0]
    if len(frames) > 1:
        frame[ROW] = np.arange(len(frame))
    told = _MOST_TOLD_APART if question.apart else MOST_FAILING
    key = KEYS[question.suite.table]
    found: dict[str, Outcome] = {}
    shares: dict[str, Share] = {}
    apart: list[dict[str, Share]] | None = [{} for _ in parts] if question.apart else None
    expectations = {each.name: each for each in question.expectations}
    for name, outcome in run_suite(
        question.suite, question.expectations, frame, question.parameters, told=told
    ).items():
        expectation = expectations[name]
        rows = _failing_rows(outcome)
        failing = _keys_of(parts, rows[:MOST_FAILING])
        found[name] = _with_keys(outcome, key, failing)
        shares[name] = _share(expectation, outcome, frame, failing)
        if apart is not None:
            own = _told_apart(expectation, shares[name], parts, rows)
            apart = None if own is None else [{**one, name: share} for one, share in zip(apart, own, strict=True)]
    if frame.size > _WORTH_A_COLLECTION:
        # Great Expectations leaves circles behind, which hold whole frames; Arrow holds on to what it had.
        gc.collect()
        pa.default_memory_pool().release_unused()
    if apart is None:
        return Answer(found, shares, {})
    of_filled = {part.bucket: one for part, one in zip(parts, apart, strict=True)}
    by_bucket = {part.bucket: of_filled.get(part.bucket, {}) for part in question.parts if part.bucket is not None}
    return Answer(found, shares, by_bucket)


def _told_apart(
    expectation: Expectation, whole: Share, parts: Sequence[Part], rows: Sequence[int]
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


def _with_keys(outcome: Outcome, key: str, names: Sequence[str]) -> Outcome:
    if "partial_unexpected_index_list" not in outcome["result"]:
        return outcome
    named = {
        "unexpected_index_column_names": [key],
        "partial_unexpected_index_list": [{key: names}] if names else [],
    }
    return {**outcome, "result": {**outcome["result"], **named}}


def _keys_of(parts: Sequence[Part], rows: Sequence[int]) -> list[str]:
    starts = np.cumsum([0, *(len(part.frame) for part in parts)])
    names = []
    for row in rows:
        place = int(np.searchsorted(starts, row, side="right")) - 1
        names.append(_key(parts[place], row - int(starts[place])))
    return names


def _filled(parts: Sequence[Part]) -> Sequence[Part]:
    """The parts with rows: where a bucket has none, nothing of its columns is known either."""
    return [part for part in parts if len(part.frame)] or parts[:1]


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
