"""Great Expectations, imported when a suite is run: in memory, without a word on the terminal or to anybody else.

Here belongs how it is switched on. What is asked of it belongs in :mod:`pipeline.validate.running`, what is shown of
its answers in :mod:`pipeline.validate.data_docs`.
"""

from __future__ import annotations

import logging
import os
from typing import Any


def great_expectations() -> Any:  # noqa: ANN401  Great Expectations publishes no types
    """The package; its import takes seconds, so it is never imported before a suite is run."""
    os.environ["GX_ANALYTICS_ENABLED"] = "false"  # read while it is imported
    # What it has to say is in its results; without a handler, errors that they hold would be printed as well.
    logging.getLogger("great_expectations").addHandler(logging.NullHandler())
    import great_expectations as gx  # noqa: PLC0415  see above

    return gx


def context() -> Any:  # noqa: ANN401  it publishes no types
    """A context that lives in memory: no folder, no statistics sent, no bars."""
    made = great_expectations().get_context(mode="ephemeral")
    made.enable_analytics(enable=False)
    made.variables.progress_bars = {"globally": False, "metric_calculations": False}
    return made
