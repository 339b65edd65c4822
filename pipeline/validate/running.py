"""Suites run on the written files of a dataset, by Great Expectations.

Here belongs how an expectation is handed over and how its outcome becomes a result; what is expected stands in
``expectations/``, what is looked at beside the published columns in :mod:`pipeline.derived`, the pages about a run in
:mod:`pipeline.validate.data_docs`.
"""

from __future__ import annotations

import datetime as dt
from collections import deque
from contextlib import closing
from functools import partial
from itertools import chain
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from pipeline.checksums import NAME as CHECKSUMS
from pipeline.checksums import digest
from pipeline.columns import TABLES
from pipeline.derived import CHINA, as_number, of_columns, of_files, of_quarantine
from pipeline.derived.values import pc, strings
from pipeline.engines import local
from pipeline.validate import outcomes
from pipeline.validate.answering import answer
from pipeline.validate.asking import run_suite
from pipeline.validate.buckets import SORTED, Dataset
from pipeline.validate.data_docs import Looked, check_replaceable, write_data_docs
from pipeline.validate.doubles import doubles_of
from pipeline.validate.frames import part_of
from pipeline.validate.gathering import VALUES, Gathering
from pipeline.validate.looking import Look, odd_columns_said, parts_of_buckets
from pipeline.validate.merging import COLUMNS, UNIQUE_TYPES, check_mergeable, merged
from pipeline.validate.results import MOST_FAILING, CheckResult, shortened
from pipeline.validate.suites import KEYS, BadSuite
from pipeline.validate.surroundings import neighbours_at_hand, whole_dataset
from pipeline.validate.unchanged import Unchanged, UnchangedDataset

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path

    from pipeline.derived import Whole
    from pipeline.derived.values import Derived
    from pipeline.former_checks import FormerChecks
    from pipeline.validate.answering import Question
    from pipeline.validate.frames import Part
    from pipeline.validate.merging import Outcome
    from pipeline.validate.suites import Expectation, Suite


def run_suites(
    path: Path,
    suites: Sequence[Suite],
    *,
    inputs: int | None = None,
    data_docs: Path | None = None,
    gathered: int = VALUES,
    former: FormerChecks | None = None,
    workers: int = 1,
    temporary: Path | None = None,
) -> list[CheckResult]:
    """Run suites on a dataset's Parquet files; a result for each expectation, in the order of the suites.

    The dataset is looked at bucket by bucket, and Great Expectations is run on rows of several buckets when so many
    values are `gathered` of a table. `inputs` is how many inputs the dataset was made from. Where it is not known, as
    with a dataset that was downloaded, the expectations that ask for it have no result. `data_docs` is a folder for
    Great Expectations' pages about this run: it is replaced whole; :func:`pipeline.validate.data_docs.page_of` says
    what lies where in it. With `former`, buckets that have not changed since are not looked at again, and
    of a dataset that has not changed the pages stay as well. So many
    `workers` as :func:`pipeline.engines.local.run` takes them share the buckets, if there are several to look at; the
    results are the same. What is needed only meanwhile lies in the folder `temporary`, or where the system has such.

    Raises :class:`pipeline.sources.files.BadInput` where `path` has no such files or `data_docs` cannot be written,
    and :class:`BadSuite` where Great Expectations does not take an expectation as it stands, as it would drop the
    expectation and pass the suite, and where there is no rule by which its outcomes for parts become one.
    """
    if data_docs is not None:
        check_replaceable(data_docs)
    for suite in suites:
        check_mergeable(suite)
    dataset = Dataset(path)
    today = as_number(dt.datetime.now(CHINA).date())
    same = None if former is None else UnchangedDataset(former, dataset, suites, inputs, today, data_docs)
    if same is not None and (results := same.results()) is not None:
        return results
    with odd_columns_said(path):
        whole = whole_dataset(dataset)
    known = {
        "inputs": inputs,
        "accounted": _accounted(dataset),
        "json_lines": dataset.json_line_count(),
        "today": today,
    }
    parameters = {name: value for name, value in known.items() if value is not None}
    gatherings = {
        suite.table: Gathering(
            suite,
            [each for each in suite.expectations if inputs is not None or not each.needs_inputs],
            parameters,
            values=gathered,
            apart=former is not None and suite.table in SORTED,
        )
        for suite in suites
    }
    unchanged = Unchanged.of(former, dataset, whole, suites, today)
    if len(unchanged.anew) < 2:  # noqa: PLR2004  to import Great Expectations takes longer than to ask it about one
        workers = 1
    with neighbours_at_hand(dataset, whole, unchanged.anew, temporary=temporary):
        _look(dataset, whole, gatherings, unchanged.anew, workers, temporary)
    unchanged.keep({name: gathering for name, gathering in gatherings.items() if name in SORTED})
    of_columns_alone = partial(_of_columns_alone, dataset, parameters)
    asked = [(gathering.suite, gathering.chosen) for gathering in gatherings.values()]
    with closing(local.run(of_columns_alone, asked, workers=workers)) as given:
        looked = [
            _looked(dataset, gathering, unchanged, outcomes_given)
            for gathering, outcomes_given in zip(gatherings.values(), given, strict=True)
        ]
    if data_docs is not None:
        sums = path / CHECKSUMS
        about = {"SHA-256 of SHA256SUMS": digest(sums) if sums.is_file() else "there is none"}
        write = partial(write_data_docs, data_docs, parameters=parameters, about=about)
        with closing(local.run(write, [looked], workers=workers)) as written:
            list(written)
    results = [result for each in looked for result in each.results]
    if same is not None:
        same.keep(results)
    return results


def _look(
    dataset: Dataset,
    whole: Whole,
    gatherings: Mapping[str, Gathering],
    numbers: Sequence[int],
    workers: int,
    temporary: Path | None,
) -> None:
    """Gather the rows of every table, bucket by bucket, and have so many workers share what is asked about them."""
    asked: deque[Gathering] = deque()

    def questions() -> Iterator[Question]:
        for gathering in _gathered(dataset, whole, gatherings, numbers, workers, temporary):
            asked.append(gathering)
            yield gathering.question()

    with closing(local.run(answer, questions(), workers=workers)) as answers:
        for given in answers:
            asked.popleft().take(given)


def _gathered(
    dataset: Dataset,
    whole: Whole,
    gatherings: Mapping[str, Gathering],
    numbers: Sequence[int],
    workers: int,
    temporary: Path | None,
) -> Iterator[Gathering]:
    """The gatherings, each whenever it has rows to ask about."""
    if "columns" in gatherings:
        schemas = {name: schema.empty_table() for name, schema in dataset.schemas.items()}
        yield from _added(
            gatherings["columns"], part_of("columns", gatherings["columns"].of_rows, None, of_columns(schemas))
        )
    if "files" in gatherings:
        yield from _gathered_rows(dataset, gatherings["files"], of_files, whole)
    if "quarantine" in gatherings:
        yield from _gathered_rows(dataset, gatherings["quarantine"], of_quarantine, whole)
    if of_rows := {name: gatherings[name].of_rows for name in SORTED if name in gatherings}:
        look = Look(dataset, whole, of_rows)
        with closing(parts_of_buckets(look, numbers, workers=workers, temporary=temporary)) as found:
            for parts in found:
                for name in of_rows:
                    yield from _added(gatherings[name], parts.pop(name))
    yield from (gathering for gathering in gatherings.values() if gathering.is_due)


def _gathered_rows(
    dataset: Dataset, gathering: Gathering, look: Callable[[pa.Table, Whole], Derived], whole: Whole
) -> Iterator[Gathering]:
    """A table that is in no bucket; no row at least, so that every expectation has an outcome."""
    name = gathering.suite.table
    for part in chain(dataset.parts_in_order(name), [dataset.schemas[name].empty_table()]):
        if part.num_rows or not gathering.rows:
            with odd_columns_said(dataset.folder):
                derived = look(part, whole)
            yield from _added(gathering, part_of(name, gathering.of_rows, part, derived))


def _added(gathering: Gathering, part: Part) -> Iterator[Gathering]:
    gathering.add(part)
    if gathering.is_full:
        yield gathering


def _of_columns_alone(
    dataset: Dataset, parameters: Mapping[str, Any], asked: tuple[Suite, Sequence[Expectation]]
) -> dict[str, Outcome]:
    """The outcomes of those expectations that are about the columns of a table, whatever its rows."""
    suite, chosen = asked
    columns = dataset.schemas[suite.table].empty_table() if suite.table in TABLES else pa.table({})
    of_columns = [each for each in chosen if each.type == COLUMNS]
    return run_suite(suite, of_columns, columns.to_pandas(), parameters, told=MOST_FAILING)


def _looked(
    dataset: Dataset, gathering: Gathering, unchanged: Unchanged, of_columns_alone: Mapping[str, Outcome]
) -> Looked:
    """The results of a suite, from the outcomes of its runs and what is known of buckets that were not looked at."""
    suite, chosen = gathering.suite, gathering.chosen
    known = unchanged.shares(suite.table)
    given = dict(of_columns_alone)
    for each in chosen:
        if each.name not in gathering.outcomes:
            continue
        outcome = gathering.outcomes[each.name]
        shares = [share[each.name] for share in (*gathering.shares, *known) if each.name in share]
        if len(shares) > 1:
            if each.type in UNIQUE_TYPES and not any("error" in share for share in shares):
                shares = [doubles_of(dataset, suite.table, each)._asdict()]
            outcome = merged(outcome, shares, KEYS[suite.table])
        given[each.name] = outcome
    if unanswered := [each.name for each in chosen if each.name not in given]:
        message = f"{suite.file}: Great Expectations gave no result for {', '.join(unanswered)}"
        raise BadSuite(message)
    rows = gathering.rows + unchanged.rows(suite.table)
    results = [_result(suite.table, each, given[each.name], rows) for each in chosen]
    return Looked(suite, rows, results, [given[each.name] for each in chosen])


def _accounted(dataset: Dataset) -> int:
    """How many inputs the tables tell the fate of: published, set aside, or duplicates."""
    duplicates = sum(
        pc.sum(pc.equal(strings(part, "status"), "duplicate")).as_py() or 0
        for part in dataset.parts_in_order("files", ["status"])
    )
    return dataset.rows("documents") + dataset.rows("quarantine") + duplicates


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
