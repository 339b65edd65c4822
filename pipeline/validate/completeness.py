"""The suites of this project, all of them and as they have to be: what is missing would pass in silence.

Here belongs what makes the folder of suites whole. What makes one file a suite belongs in
:mod:`pipeline.validate.suites`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.columns import TABLES
from pipeline.validate.engine import expectation_types
from pipeline.validate.generated import generated
from pipeline.validate.merging import check_mergeable
from pipeline.validate.suites import EXPECTATIONS, KEYS, BadSuite, load_suites

if TYPE_CHECKING:
    from pathlib import Path

    from pipeline.validate.suites import Suite


def complete_suites(folder: Path = EXPECTATIONS) -> tuple[Suite, ...]:
    """Every suite that a dataset has to be checked with.

    >>> len(complete_suites())
    11

    Raises :class:`pipeline.validate.suites.BadSuite` where a table has no suite, where a suite lacks what follows from
    the data dictionary, and where Great Expectations does not know the type of an expectation: it would drop the
    expectation and pass the suite. It is not imported for that: its types are the names of its files. A type is refused
    as well where there is no rule by which its outcomes for parts of a table become one.
    """
    suites = load_suites(folder)
    missing = sorted(set(KEYS) - {suite.table for suite in suites})
    if missing:
        message = f"{folder}: there is no suite for {', '.join(missing)}: put the files back"
        raise BadSuite(message)
    for suite in suites:
        _check_generated(suite)
        _check_types(suite)
        check_mergeable(suite)
    return suites


def _check_generated(suite: Suite) -> None:
    if suite.table not in TABLES:
        return
    there = [each for each in suite.content["expectations"] if each["meta"].get("generated") is True]
    if there != generated(suite.table):
        message = (
            f"{suite.file}: what follows from the data dictionary is not what stands there: run `make expectations`"
        )
        raise BadSuite(message)


def _check_types(suite: Suite) -> None:
    unknown = [f"{each.name!r} ({each.type})" for each in suite.expectations if each.type not in expectation_types()]
    if unknown:
        message = f"{suite.file}: Great Expectations does not know the type of {', '.join(unknown)}"
        raise BadSuite(message)
