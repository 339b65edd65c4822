"""Suites run on the written files of a dataset, by Great Expectations.

The only module that knows it. Its import takes seconds: it is imported when a suite is run, never before. Here belongs
how an expectation is handed over and how its outcome becomes a result; what is expected stands in ``expectations/``,
what is looked at beside the published columns in :mod:`pipeline.derived`.
"""

from __future__ import annotations

import datetime as dt
import logging
import os
from typing import TYPE_CHECKING, Any

from pipeline.columns import TABLES
from pipeline.derived import CHINA, as_number, derive
from pipeline.validate.frames import accounted, frame_of, read_table
from pipeline.validate.results import MOST_FAILING, CheckResult, shortened
from pipeline.validate.suites import KEYS, BadSuite

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    import pandas as pd

    from pipeline.validate.suites import Expectation, Suite

_TABLE_TYPE = "expect_table_"


def run_suites(dataset: Path, suites: Sequence[Suite], *, inputs: int | None = None) -> list[CheckResult]:
    """Run suites on a dataset's Parquet files; a result for each expectation, in the order of the suites.

    `inputs` is how many inputs the dataset was made from. Where it is not known, as with a dataset that was downloaded,
    the expectations that ask for it have no result.

    Raises :class:`pipeline.sources.files.BadInput` where `dataset` has no such files, and :class:`BadSuite` where Great
    Expectations does not take an expectation as it stands: it would drop the expectation and pass the suite.
    """
    tables = {name: read_table(dataset, name) for name in TABLES}
    derived = derive(tables)
    parameters = {
        "inputs": inputs,
        "accounted": accounted(tables),
        "today": as_number(dt.datetime.now(CHINA).date()),
    }
    source = _data_source()
    results = []
    for suite in suites:
        chosen = [each for each in suite.expectations if inputs is not None or not each.needs_inputs]
        frame = frame_of(tables.get(suite.table), derived[suite.table])
        published = [column for column in frame.columns if column not in derived[suite.table]]
        outcomes = dict(_run(source, suite, chosen, frame, published, parameters))
        results += [_result(suite.table, each, outcomes.get(each.name), len(frame)) for each in chosen]
    return results


def _data_source() -> Any:  # noqa: ANN401  Great Expectations publishes no types
    """Data frames as a source of data, in a context that lives in memory: no folder, no statistics sent, no bars."""
    context = _great_expectations().get_context(mode="ephemeral")
    context.enable_analytics(enable=False)
    context.variables.progress_bars = {"globally": False, "metric_calculations": False}
    return context.data_sources.add_pandas("dataset")


def _run(
    source: Any,  # noqa: ANN401
    suite: Suite,
    chosen: Sequence[Expectation],
    frame: pd.DataFrame,
    published: list[str],
    parameters: Mapping[str, Any],
) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """The outcome of each expectation by its name, as Great Expectations gives it.

    What is said about a table as such is said about its published columns; the rest may look at derived ones too.
    """
    about_table = [each for each in chosen if each.type.startswith(_TABLE_TYPE)]
    about_rows = [each for each in chosen if not each.type.startswith(_TABLE_TYPE)]
    for part, expectations, rows in (("table", about_table, frame[published]), ("rows", about_rows, frame)):
        if not expectations:
            continue
        batches = source.add_dataframe_asset(f"{suite.table}_{part}").add_batch_definition_whole_dataframe(part)
        validation = batches.get_batch({"dataframe": rows}).validate(
            _gx_suite(suite, expectations),
            result_format={
                "result_format": "SUMMARY",
                "unexpected_index_column_names": [KEYS[suite.table]],
                "exclude_unexpected_values": True,  # texts are never copied into results
            },
            expectation_parameters={name: value for name, value in parameters.items() if value is not None},
        )
        for result in validation.results:
            outcome = result.to_json_dict()
            yield outcome["expectation_config"]["meta"]["name"], outcome


def _great_expectations() -> Any:  # noqa: ANN401
    os.environ["GX_ANALYTICS_ENABLED"] = "false"  # read while it is imported
    # What it has to say is in its results; without a handler, errors that they hold would be printed as well.
    logging.getLogger("great_expectations").addHandler(logging.NullHandler())
    import great_expectations as gx  # noqa: PLC0415  takes seven seconds

    return gx


def _gx_suite(suite: Suite, expectations: Sequence[Expectation]) -> Any:  # noqa: ANN401
    """The suite as an object of Great Expectations, with every one of the expectations in it."""
    names = {each.name for each in expectations}
    wanted = [each for each in suite.content["expectations"] if each["meta"]["name"] in names]
    logger = logging.getLogger("great_expectations.core.expectation_suite")
    was, logger.propagate = logger.propagate, False
    try:
        taken = _great_expectations().ExpectationSuite(**{**suite.content, "expectations": wanted})
    except Exception as error:  # it raises errors of several libraries
        reason = " ".join(str(error).split())
        message = f"{suite.file}: Great Expectations does not take it: {reason}"
        raise BadSuite(message) from error
    finally:
        logger.propagate = was
    missing = names - {each.meta["name"] for each in taken.expectations}
    if missing or len(taken.expectations) != len(wanted):
        kinds = sorted(f"{each.name!r} ({each.type})" for each in expectations if each.name in missing)
        message = f"{suite.file}: Great Expectations does not know the type of {', '.join(kinds)}"
        raise BadSuite(message)
    return taken


def _result(table: str, expectation: Expectation, outcome: Mapping[str, Any] | None, rows: int) -> CheckResult:
    if outcome is None:
        message = f"{table}.{expectation.name}: Great Expectations gave no result for it"
        raise BadSuite(message)
    result, success = outcome["result"], bool(outcome["success"])
    unexpected = int(result.get("unexpected_count", 0 if success else 1))
    failing: tuple[str, ...] = ()
    if not success or unexpected:
        index = result.get("partial_unexpected_index_list") or []
        failing = tuple(str(each) for group in index for each in _listed(group[KEYS[table]]))[:MOST_FAILING]
    return CheckResult(
        table,
        expectation.name,
        expectation.type,
        expectation.column,
        expectation.severity,
        success,
        unexpected,
        failing,
        _message(expectation, outcome, rows=rows),
    )


def _listed(value: object) -> Sequence[object]:
    return value if isinstance(value, list) else [value]


def _message(expectation: Expectation, outcome: Mapping[str, Any], *, rows: int) -> str:
    """One line: how it stands, and why it is expected."""
    result = outcome["result"]
    if outcome["success"]:
        return expectation.why
    if not result:
        return f"could not be looked at: {_exception(outcome['exception_info'])}. {expectation.why}"
    if "unexpected_count" in result:
        return f"{result['unexpected_count']} of {result.get('element_count', rows)} fail. {expectation.why}"
    return f"found {shortened(result.get('observed_value'))}. {expectation.why}"


def _exception(info: Mapping[str, Any]) -> str:
    """The message of the exception; Great Expectations nests it by metric."""
    if isinstance(info.get("exception_message"), str):
        return shortened(info["exception_message"])
    for value in info.values():
        if isinstance(value, dict) and value.get("exception_message"):
            return shortened(value["exception_message"])
    return "no reason is given"
