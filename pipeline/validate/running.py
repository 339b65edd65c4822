"""Suites run on the written files of a dataset, by Great Expectations.

Here belongs how an expectation is handed over and how its outcome becomes a result; what is expected stands in
``expectations/``, what is looked at beside the published columns in :mod:`pipeline.derived`, the pages about a run in
:mod:`pipeline.validate.data_docs`.
"""

from __future__ import annotations

import datetime as dt
import logging
from typing import TYPE_CHECKING, Any

from pipeline.checksums import NAME as CHECKSUMS
from pipeline.checksums import digest
from pipeline.columns import TABLES
from pipeline.derived import CHINA, as_number, derive
from pipeline.sources.files import BadInput
from pipeline.validate import engine, outcomes
from pipeline.validate.data_docs import Looked, check_replaceable, write_data_docs
from pipeline.validate.frames import accounted, frame_of, json_lines, open_copies, read_table
from pipeline.validate.results import MOST_FAILING, CheckResult, shortened
from pipeline.validate.suites import KEYS, BadSuite

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    import pandas as pd
    import pyarrow as pa

    from pipeline.derived.values import Derived
    from pipeline.validate.suites import Expectation, Suite

_TABLE_TYPE = "expect_table_"


def run_suites(
    dataset: Path, suites: Sequence[Suite], *, inputs: int | None = None, data_docs: Path | None = None
) -> list[CheckResult]:
    """Run suites on a dataset's Parquet files; a result for each expectation, in the order of the suites.

    `inputs` is how many inputs the dataset was made from. Where it is not known, as with a dataset that was downloaded,
    the expectations that ask for it have no result. `data_docs` is a folder for Great Expectations' pages about this
    run: it is replaced whole; :func:`pipeline.validate.data_docs.page_of` says what lies where in it.

    Raises :class:`pipeline.sources.files.BadInput` where `dataset` has no such files or `data_docs` cannot be written,
    and :class:`BadSuite` where Great Expectations does not take an expectation as it stands: it would drop the
    expectation and pass the suite.
    """
    if data_docs is not None:
        check_replaceable(data_docs)
    tables = {name: read_table(dataset, name) for name in TABLES}
    derived = _derived(dataset, tables)
    known = {
        "inputs": inputs,
        "accounted": accounted(tables),
        "json_lines": sum(1 for _ in json_lines(dataset)),
        "today": as_number(dt.datetime.now(CHINA).date()),
    }
    parameters = {name: value for name, value in known.items() if value is not None}
    source = engine.context().data_sources.add_pandas("dataset")
    looked = []
    for suite in suites:
        chosen = [each for each in suite.expectations if inputs is not None or not each.needs_inputs]
        frame = frame_of(tables.get(suite.table), derived.get(suite.table, {}))
        published = [column for column in frame.columns if column not in derived.get(suite.table, {})]
        given = dict(_run(source, suite, chosen, frame, published, parameters))
        if unanswered := [each.name for each in chosen if each.name not in given]:
            message = f"{suite.file}: Great Expectations gave no result for {', '.join(unanswered)}"
            raise BadSuite(message)
        results = [_result(suite.table, each, given[each.name], len(frame)) for each in chosen]
        looked.append(Looked(suite, len(frame), results, [given[each.name] for each in chosen]))
    if data_docs is not None:
        sums = dataset / CHECKSUMS
        about = {"SHA-256 of SHA256SUMS": digest(sums) if sums.is_file() else "there is none"}
        write_data_docs(data_docs, looked, parameters=parameters, about=about)
    return [result for each in looked for result in each.results]


def _derived(dataset: Path, tables: Mapping[str, pa.Table]) -> Mapping[str, Derived]:
    copies = open_copies(dataset)
    try:
        return derive(tables, json_lines=json_lines(dataset), copies=copies)
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError) as error:
        reason = outcomes.without_values(f"{type(error).__name__}: {error}")
        message = f"{dataset}: a column has another type than it should, or is there twice ({reason}); build it again"
        raise BadInput(message) from error


def _run(
    source: Any,  # noqa: ANN401  Great Expectations publishes no types
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
            expectation_parameters=dict(parameters),
        )
        for result in validation.results:
            outcome = result.to_json_dict()
            yield outcome["expectation_config"]["meta"]["name"], outcome


def _gx_suite(suite: Suite, expectations: Sequence[Expectation]) -> Any:  # noqa: ANN401  it publishes no types
    """The suite as an object of Great Expectations, with every one of the expectations in it."""
    names = {each.name for each in expectations}
    wanted = [each for each in suite.content["expectations"] if each["meta"]["name"] in names]
    logger = logging.getLogger("great_expectations.core.expectation_suite")
    was, logger.disabled = logger.disabled, True  # what it has to say is said below, in one line
    try:
        taken = engine.great_expectations().ExpectationSuite(**{**suite.content, "expectations": wanted})
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


def _result(table: str, expectation: Expectation, outcome: Mapping[str, Any], rows: int) -> CheckResult:
    result, success = outcome["result"], bool(outcome["success"])
    unexpected = int(result.get("unexpected_count", 0 if success else 1))
    failing: tuple[str, ...] = ()
    if not success or unexpected:
        index = result.get("partial_unexpected_index_list") or []
        failing = tuple(outcomes.key(each) for group in index for each in _listed(group[KEYS[table]]))[:MOST_FAILING]
    return CheckResult(
        table,
        expectation.name,
        expectation.type,
        expectation.column,
        # A promise that cannot be looked at is not known to be kept, however little it matters.
        "critical" if not success and outcomes.exception(outcome) else expectation.severity,
        success,
        unexpected,
        failing,
        _message(expectation, outcome, rows=rows),
    )


def _listed(value: object) -> Sequence[object]:
    return value if isinstance(value, list) else [value]


def _message(expectation: Expectation, outcome: Mapping[str, Any], *, rows: int) -> str:
    """One line: how it stands, and why it is expected."""
    if outcome["success"]:
        return expectation.why
    if reason := outcomes.exception(outcome):
        return f"could not be looked at: {reason}. {expectation.why}"
    counts = outcomes.counts(outcome)
    if "unexpected_count" in counts:
        return f"{counts['unexpected_count']} of {counts.get('element_count', rows)} fail. {expectation.why}"
    found = outcomes.misplaced(outcome) or f"found {shortened(outcomes.observed(outcome))}"
    return f"{found}. {expectation.why}"
