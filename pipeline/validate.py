"""The expectations of ``expectations/``, run on the written files of a dataset.

The only module that knows Great Expectations, whose import takes seconds: it is imported when a suite is run, never
before. Here belongs how suites are loaded and run and how a result reads; what is expected stands in the JSON files,
what they look at beside the published columns in :mod:`pipeline.derived`.
"""

from __future__ import annotations

import datetime as dt
import json
import logging
import os
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, TypeAlias

import pyarrow as pa
import pyarrow.parquet as pq

from pipeline.checksums import verify_checksums
from pipeline.columns import TABLES, schema
from pipeline.derived import CHINA, as_number, derive
from pipeline.rebuilding import Failure, rebuild_all
from pipeline.sources.files import BadInput

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    import pandas as pd

    from pipeline.stages import Progress

EXPECTATIONS = Path(__file__).resolve().parents[1] / "expectations"
MOST_FAILING = 20
"""How many failing rows a result names."""

Severity: TypeAlias = Literal["critical", "warning"]

_KEYS = {"columns": "column", "documents": "id", "files": "raw_path"}
_TABLE_TYPE = "expect_table_"


class BadSuite(ValueError):
    """A file of expectations cannot be used as it stands; the message says which, and what is wrong."""


class Expectation(NamedTuple):
    """One expectation of a suite: `name` is unique in its suite, `why` says why it is expected."""

    name: str
    type: str
    kwargs: Mapping[str, Any]
    severity: Severity
    why: str

    @property
    def column(self) -> str:
        """The column looked at, both of a pair; empty for an expectation about the whole table."""
        names = (self.kwargs.get(key) for key in ("column", "column_A", "column_B"))
        return ", ".join(name for name in names if name)

    @property
    def needs_inputs(self) -> bool:
        """True where it can only be judged by someone who knows how many inputs there were."""
        return {"$PARAMETER": "inputs"} in self.kwargs.values()


@dataclass(frozen=True, slots=True)
class Suite:
    """The expectations of one table, as they stand in their file."""

    table: str
    file: Path
    expectations: tuple[Expectation, ...]
    content: Mapping[str, Any]


class CheckResult(NamedTuple):
    """What came of one check: `failing` names the rows that failed, 20 at most; `message` is one line for a reader."""

    table: str
    name: str
    type: str
    column: str
    severity: Severity
    success: bool
    unexpected: int
    failing: tuple[str, ...]
    message: str

    @property
    def blocks(self) -> bool:
        """True where this result keeps a dataset from being published."""
        return not self.success and self.severity == "critical"


def load_suites(folder: Path = EXPECTATIONS) -> tuple[Suite, ...]:
    """Every suite of a folder, sorted by name; Great Expectations is not imported.

    >>> [suite.table for suite in load_suites()]
    ['columns', 'documents', 'files']

    Raises :class:`BadSuite` for a file that is no suite, and for an expectation without name, severity or reason.
    Whether Great Expectations knows its type is only seen when the suite is run.
    """
    return tuple(_load(file) for file in sorted(folder.glob("*.json")))


def _load(file: Path) -> Suite:
    try:
        content = json.loads(file.read_text("utf-8"))
        table = content["name"]
        expectations = tuple(
            Expectation(
                each["meta"]["name"],
                each["type"],
                each["kwargs"],
                each["severity"],
                " ".join(each["meta"]["why"].split()),
            )
            for each in content["expectations"]
        )
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        message = f"{file}: not a suite of expectations: {error!r}"
        raise BadSuite(message) from error
    names = Counter(each.name for each in expectations)
    problems = [f"there is nothing to look at for {table!r}"] if table not in _KEYS else []
    problems += [f"{name!r} is there {count} times" for name, count in names.items() if count > 1]
    problems += [f"{each.name!r} gives no reason" for each in expectations if not each.why]
    problems += [
        f"{each.name!r} has the severity {each.severity!r}: critical or warning is known"
        for each in expectations
        if each.severity not in ("critical", "warning")
    ]
    if problems:
        message = f"{file}: {'; '.join(problems)}"
        raise BadSuite(message)
    return Suite(table, file, expectations, content)


def run_suites(dataset: Path, suites: Sequence[Suite], *, inputs: int | None = None) -> list[CheckResult]:
    """Run suites on a dataset's Parquet files; a result for each expectation, in the order of the suites.

    `inputs` is how many inputs the dataset was made from. Where it is not known, as with a dataset that was downloaded,
    the expectations that ask for it have no result.

    Raises :class:`pipeline.sources.files.BadInput` where `dataset` has no such files, and :class:`BadSuite` where Great
    Expectations does not take an expectation as it stands: it would drop the expectation and pass the suite.
    """
    tables = {name: _read(dataset, name) for name in TABLES}
    derived = derive(tables)
    parameters = {
        "inputs": inputs,
        "accounted": _accounted(tables),
        "today": as_number(dt.datetime.now(CHINA).date()),
    }
    source = _data_source()
    results = []
    for suite in suites:
        chosen = [each for each in suite.expectations if inputs is not None or not each.needs_inputs]
        frame = _frame(tables.get(suite.table), derived[suite.table])
        published = [column for column in frame.columns if column not in derived[suite.table]]
        outcomes = dict(_run(source, suite, chosen, frame, published, parameters))
        results += [_result(suite.table, each, outcomes.get(each.name), len(frame)) for each in chosen]
    return results


def validate(dataset: Path, *, redactions: Path | None, inputs: int | None = None) -> list[CheckResult]:
    """Everything that is promised about a dataset on disk: the suites, exact rebuilding, checksums.

    `redactions` is the table of masked characters; without it, documents are rebuilt as far as nothing is withheld.
    """
    return [
        *run_suites(dataset, load_suites(), inputs=inputs),
        rebuilding_result(dataset, redactions),
        checksums_result(dataset),
    ]


def rebuilding_result(dataset: Path, redactions: Path | None, *, progress: Progress | None = None) -> CheckResult:
    """Whether every published document goes back to the bytes that it was made from."""
    withheld = 0
    try:
        rebuilding = rebuild_all(dataset, redactions, progress=progress)
        failures, withheld = rebuilding.failures, rebuilding.withheld_documents
    except (ArithmeticError, LookupError, TypeError, ValueError) as error:  # among them what Arrow raises
        failures = [Failure("", "tables", f"they do not fit together: {type(error).__name__}: {_shortened(error)}")]
    failing = tuple(failure.id for failure in failures[:MOST_FAILING] if failure.id)
    message = "every document goes back to its raw bytes"
    if withheld:
        message += f"; of {withheld} personal data is withheld: those are undone as far as that goes, and not hashed"
    if failures:
        first = failures[0]
        message = f"{len(failures)} do not go back to their raw bytes; {first.raw_path}: {first.problem}"
    return CheckResult(
        "edits", "rebuilds_exactly", "rebuilds_exactly", "", "critical", not failures, len(failures), failing, message
    )


def checksums_result(dataset: Path) -> CheckResult:
    """Whether the files are those that SHA256SUMS lists."""
    problems = verify_checksums(dataset)
    message = "; ".join(problems[:MOST_FAILING]) or "every file is as SHA256SUMS has it"
    failing = tuple(problems[:MOST_FAILING])
    return CheckResult(
        "dataset", "checksums_fit", "checksums_fit", "", "critical", not problems, len(problems), failing, message
    )


def _read(dataset: Path, name: str) -> pa.Table:
    files = sorted((dataset / "data").glob(f"{name}-*.parquet"))
    if not files:
        message = f"{dataset}: no data/{name}-*.parquet there; name an output folder or a dataset made by `build`"
        raise BadInput(message)
    try:
        shards = [pq.ParquetFile(file).read() for file in files]
        # A shard with other columns shows in the whole: what is missing becomes null, what is new stays.
        return pa.concat_tables(shards, promote_options="permissive") if len(shards) > 1 else shards[0]
    except (OSError, pa.ArrowException) as error:
        reason = " ".join(str(error).split())
        message = f"{files[0].parent}/{name}-*.parquet cannot be read: {reason}; build the dataset again"
        raise BadInput(message) from error


def _accounted(tables: Mapping[str, pa.Table]) -> int:
    files = tables["files"]
    statuses = files.column("status").to_pylist() if "status" in files.column_names else []
    return len(tables["documents"]) + len(tables["quarantine"]) + statuses.count("duplicate")


def _frame(table: pa.Table | None, derived: Mapping[str, list[Any]]) -> pd.DataFrame:
    """The published columns that pandas can look into, and beside them the derived ones."""
    import pandas as pd  # noqa: PLC0415  a second that only this needs

    frame = pd.DataFrame() if table is None else table.to_pandas(date_as_object=False, timestamp_as_object=False)
    return pd.concat([frame, pd.DataFrame(derived, index=frame.index if len(frame.columns) else None)], axis=1)


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
                "unexpected_index_column_names": [_KEYS[suite.table]],
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
        failing = tuple(str(each) for group in index for each in _listed(group[_KEYS[table]]))[:MOST_FAILING]
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
    return f"found {_shortened(result.get('observed_value'))}. {expectation.why}"


def _exception(info: Mapping[str, Any]) -> str:
    """The message of the exception; Great Expectations nests it by metric."""
    if isinstance(info.get("exception_message"), str):
        return _shortened(info["exception_message"])
    for value in info.values():
        if isinstance(value, dict) and value.get("exception_message"):
            return _shortened(value["exception_message"])
    return "no reason is given"


def _shortened(value: object, limit: int = 200) -> str:
    text = " ".join(str(value).split())
    return text if len(text) <= limit else text[:limit] + " …"


def declared_columns(table: str) -> list[str]:
    """The published columns of a table in their order, as a suite has to list them.

    >>> declared_columns("quarantine")
    ['raw_path', 'reason', 'detail', 'stage']
    """
    return list(schema(TABLES[table]).names)
