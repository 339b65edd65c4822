"""Data Docs: the static pages of Great Expectations about one run of the suites, in a folder of their own.

Here belongs what of a run is shown, and where each page lies. How the pages look belongs in
:mod:`pipeline.validate.pages`, which is loaded when some are made.
"""

from __future__ import annotations

import datetime as dt
import html
import os
import shutil
from typing import TYPE_CHECKING, Any, NamedTuple

from pipeline import replacing
from pipeline.validate import engine, outcomes

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from pipeline.validate.results import CheckResult
    from pipeline.validate.suites import Suite

FOLDER = "data_docs"
"""The name of their folder beside the dataset: they are about the one that was checked last, published or not."""

PAGES = replacing.Pages("Data Docs", "zhengwen data docs")
"""What the folder is called, and what its index page says of itself."""

_RUN = "run"
_NO_TIME = dt.datetime.fromtimestamp(0, dt.UTC)
"""Great Expectations wants a name and a time of the run in the path of a page; neither may change with the clock."""

_MODULE = "pipeline.validate.pages"
_VIEW = {"module_name": _MODULE, "class_name": "PageView"}
_TABLE = {"module_name": _MODULE, "class_name": "ResultsTable"}


class Looked(NamedTuple):
    """A suite that was run on so many rows: its results and, in the same order, the outcomes that they were made of."""

    suite: Suite
    rows: int
    results: Sequence[CheckResult]
    outcomes: Sequence[Mapping[str, Any]]


def index_of(folder: Path) -> Path:
    """The page to begin with."""
    return folder / replacing.INDEX


def page_of(folder: Path, table: str) -> Path:
    """The page that shows the results of a table's suite; each has its name as an anchor.

    >>> from pathlib import Path
    >>> page_of(Path("output/data_docs"), "documents").as_posix()
    'output/data_docs/validations/documents/run/19700101T000000.000000Z/documents.html'

    The path is the same for every run, so that a link to it never goes stale. Whether there is such a page is not
    looked at.
    """
    return folder / "validations" / table / _RUN / f"{_NO_TIME:%Y%m%dT%H%M%S.%fZ}" / f"{table}.html"


def check_replaceable(folder: Path) -> None:
    """Make sure that pages may be written to `folder`: it is missing or empty, or holds Data Docs that were made here.

    >>> from pathlib import Path
    >>> check_replaceable(Path("tests"))
    Traceback (most recent call last):
    ...
    pipeline.sources.files.BadInput: 'tests' holds no Data Docs and would be lost: move it, or name another folder

    Raises :class:`pipeline.sources.files.BadInput` where they may not.
    """
    replacing.check_replaceable(folder, PAGES)


def write_data_docs(
    folder: Path, looked: Sequence[Looked], *, parameters: Mapping[str, Any], about: Mapping[str, str]
) -> None:
    """Write the pages of a run to `folder`, in the place of those of the run before.

    They are written beside it and moved into place when they are complete. `parameters` are those of the suites;
    `about` is said of the dataset. Shown are numbers, names of columns, and the rows that failed by their keys, never
    values. The pages load nothing from elsewhere, and a run that finds the same writes the same bytes.

    Raises :class:`pipeline.sources.files.BadInput` where `folder` cannot be written or holds something else.
    """
    with replacing.replaced(folder, PAGES) as fresh:
        _build(fresh, looked, parameters, about)


def _build(folder: Path, looked: Sequence[Looked], parameters: Mapping[str, Any], about: Mapping[str, str]) -> None:
    """Have Great Expectations build its site in an empty folder."""
    context = engine.context()
    gx = engine.great_expectations()
    from great_expectations.core.run_identifier import RunIdentifier  # noqa: PLC0415  see the module's sentence
    from great_expectations.data_context.types.resource_identifiers import (  # noqa: PLC0415
        ExpectationSuiteIdentifier,
        ValidationResultIdentifier,
    )

    run = RunIdentifier(run_name=_RUN, run_time=_NO_TIME)
    results = context.validation_results_store
    for each in looked:
        context.suites.add(engine.suite_of(_with_notes(each.suite)))
        key = ValidationResultIdentifier(ExpectationSuiteIdentifier(each.suite.table), run, each.suite.table)
        meta = {
            "great_expectations_version": gx.__version__,
            "batch_spec": {"data_asset_name": each.suite.table, "rows": each.rows, **about},
        }
        results.set(key, results.deserialize({**_validation(each, parameters), "meta": meta}))
    # In what is configured, Great Expectations puts variables of the environment in the place of their names.
    base = os.fspath(folder).replace("$", r"\$")
    site = {
        "class_name": "SiteBuilder",
        "show_how_to_buttons": False,
        "store_backend": {"class_name": "TupleFilesystemStoreBackend", "base_directory": base},
        "site_index_builder": {"class_name": "DefaultSiteIndexBuilder", "view": _VIEW},
        "site_section_builders": {
            "expectations": {"view": _VIEW},
            "validations": {
                "view": _VIEW,
                "renderer": {
                    "module_name": _MODULE,
                    "class_name": "ResultsPage",
                    "column_section_renderer": {
                        "class_name": "ValidationResultsColumnSectionRenderer",
                        "table_renderer": _TABLE,
                    },
                },
            },
            "profiling": "None",
        },
    }
    context.add_data_docs_site("zhengwen", site)
    context.build_data_docs(site_names=["zhengwen"])
    shutil.rmtree(folder / "static", ignore_errors=True)  # 4 MB of pictures and fonts that no page uses
    _check_complete(folder, looked)


def _check_complete(folder: Path, looked: Sequence[Looked]) -> None:
    """Great Expectations logs what goes wrong in a page and leaves it out: look whether each check is there."""
    if not index_of(folder).is_file():
        message = "Great Expectations made no index page"
        raise RuntimeError(message)
    for each in looked:
        page = page_of(folder, each.suite.table)
        text = page.read_text("utf-8") if page.is_file() else ""
        missing = [result.name for result in each.results if f'id="{result.name}"' not in text]
        if missing or not text:
            message = f"the page {page.name} of Great Expectations lacks {missing or 'everything'}"
            raise RuntimeError(message)


def _with_notes(suite: Suite) -> dict[str, Any]:
    """The suite with the reason of each expectation where Great Expectations shows it."""
    noted = [
        {**each, "notes": [f"`{known.name}` ({known.severity}): {known.why}"]}
        for each, known in zip(suite.content["expectations"], suite.expectations, strict=True)
    ]
    return {**suite.content, "expectations": noted}


def _validation(each: Looked, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """A validation as Great Expectations stores it."""
    shown = [_shown(result, outcome) for result, outcome in zip(each.results, each.outcomes, strict=True)]
    successful = sum(result.success for result in each.results)
    return {
        # As for the publication: what is only worth a warning does not fail the suite.
        "success": not any(result.blocks for result in each.results),
        "suite_name": each.suite.table,
        "suite_parameters": dict(parameters),
        "statistics": {
            "evaluated_expectations": len(shown),
            "successful_expectations": successful,
            "unsuccessful_expectations": len(shown) - successful,
            "success_percent": 100 * successful / len(shown) if shown else None,
        },
        "results": shown,
    }


def _shown(result: CheckResult, outcome: Mapping[str, Any]) -> dict[str, Any]:
    """One result as Great Expectations stores it, without anything that could be a value of the data."""
    config, seen = outcome["expectation_config"], outcomes.observed(outcome)
    reason = outcomes.exception(outcome)
    return {
        "success": result.success,
        "expectation_config": {
            "type": result.type,
            "kwargs": {name: value for name, value in config["kwargs"].items() if name != "batch_id"},
            "severity": result.severity,
            "meta": {
                "name": result.name,
                "severity": result.severity,
                "message": result.message,
                "rows": result.rows(),
            },
        },
        # Names of columns come from the dataset; Great Expectations writes what was observed as it is.
        "result": {
            **outcomes.counts(outcome),
            **({} if seen is None else {"observed_value": html.escape(seen) if isinstance(seen, str) else seen}),
        },
        "meta": {},
        "exception_info": {
            "raised_exception": reason is not None,
            "exception_message": reason,
            "exception_traceback": "It is left out: it may quote the data.",
        },
    }
