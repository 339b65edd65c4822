"""Great Expectations, imported when a suite is run: in memory, without a word on the terminal or to anybody else.

Here belongs how it is switched on. What is asked of it belongs in :mod:`pipeline.validate.running`, what is shown of
its answers in :mod:`pipeline.validate.data_docs`.
"""

from __future__ import annotations

import contextlib
import copy
import functools
import importlib.util
import itertools
import logging
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline.validate.suites import BadSuite

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


def great_expectations() -> Any:  # noqa: ANN401  Great Expectations publishes no types
    """The package; its import takes seconds, so it is never imported before a suite is run."""
    os.environ["GX_ANALYTICS_ENABLED"] = "false"  # read while it is imported
    # What it has to say is in its results; without a handler, errors that they hold would be printed as well.
    logging.getLogger("great_expectations").addHandler(logging.NullHandler())
    import great_expectations as gx  # noqa: PLC0415  see above

    return gx


def suite_of(content: Mapping[str, Any]) -> Any:  # noqa: ANN401  it publishes no types
    """A suite as an object of its own, of a copy: Great Expectations writes its version into what it is given."""
    return great_expectations().ExpectationSuite(**copy.deepcopy(dict(content)))


def context() -> Any:  # noqa: ANN401  it publishes no types
    """A context that lives in memory: no folder, no statistics sent, no bars."""
    made = great_expectations().get_context(mode="ephemeral")
    made.enable_analytics(enable=False)
    made.variables.progress_bars = {"globally": False, "metric_calculations": False}
    return made


@contextlib.contextmanager
def source() -> Iterator[Any]:
    """Where a frame is handed over; Great Expectations lets go of it afterwards."""
    name = f"dataset_{next(_NUMBERS)}"
    sources = _shared_context().data_sources
    try:
        yield sources.add_pandas(name)
    finally:
        sources.delete(name)


@functools.cache
def _shared_context() -> Any:  # noqa: ANN401  it publishes no types
    return context()


_NUMBERS = itertools.count()


@functools.cache
def expectation_types() -> frozenset[str]:
    """The types of expectations that there are, by the names of the package's files: it is not imported for that.

    >>> "expect_column_values_to_be_unique" in expectation_types()
    True
    """
    found = importlib.util.find_spec("great_expectations")
    if found is None or found.origin is None:
        message = "great_expectations is not installed: install the packages of requirements.lock"
        raise BadSuite(message)
    return frozenset(file.stem for file in Path(found.origin).parent.glob("expectations/core/expect_*.py"))
