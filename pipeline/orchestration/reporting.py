"""How long work says how far it is: into Dagster's log, or to whoever started the run.

Here belongs the contract of a reporter and the one for the UI. The command line has one of its own.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable

    import dagster as dg

SECONDS_BETWEEN_LINES = 5.0


class Reporter(Protocol):
    """Says how far a piece of work is; `log` is that of the asset which does it.

    `sees_plots` is whether there is anybody who can look at plots: to draw them takes seconds.
    """

    sees_plots: bool

    def begin(self, what: str, log: dg.DagsterLogManager) -> Callable[[int, int], None]:
        """Begin a piece of work; what comes back is called with how many are done, and how many there are."""
        ...

    def warn(self, line: str, log: dg.DagsterLogManager) -> None:
        """Say in one line what may become a problem."""
        ...


class LogReporter:
    """Writes a line into the log of the asset every few seconds."""

    sees_plots = True

    def begin(self, what: str, log: dg.DagsterLogManager) -> Callable[[int, int], None]:
        """Begin a piece of work: lines like "Cleaning: 1,000 of 20,000"."""
        last = time.monotonic()

        def say(done: int, total: int) -> None:
            nonlocal last
            if done == total or time.monotonic() - last >= SECONDS_BETWEEN_LINES:
                last = time.monotonic()
                log.info("%s: %s of %s", what, f"{done:,}", f"{total:,}")

        return say

    def warn(self, line: str, log: dg.DagsterLogManager) -> None:
        """Say in one line what may become a problem."""
        log.warning(line)
