"""Functions that the tests of engines run in other processes, some of which end theirs.

Here belongs what another process has to import; what is expected of it belongs in the tests.
"""

from __future__ import annotations

import os
import signal
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from pipeline.sources.files import Input
    from pipeline.stages import Batch, Cleaning, Written


def doubled(number: int) -> int:
    """Twice the number; 7 is refused."""
    if number == 7:
        message = "seven"
        raise LookupError(message)
    return 2 * number


def end_this_process() -> None:
    """As the system does where memory is short: nothing can be cleared away, and nobody is told."""
    os.kill(os.getpid(), signal.SIGKILL)


def sum_of(numbers: list[int]) -> int:
    """The sum; 13 ends the process."""
    if 13 in numbers:
        end_this_process()
    return sum(numbers)


@dataclass(frozen=True)
class CleaningThatEnds:
    """The cleaning of batches, which ends its process at the documents of one name.

    With `done`, a file that is made then, it does so once.
    """

    cleaning: Cleaning
    name: str
    done: Path | None = None

    def __call__(self, batch: Batch) -> Written:
        """Clean the batch, if it comes to that."""
        if any(map(self._is_meant, batch.inputs)) and not (self.done and self.done.exists()):
            if self.done:
                self.done.touch()
            end_this_process()
        return self.cleaning(batch)

    def _is_meant(self, one: Input) -> bool:
        return one.raw_path.endswith(self.name) and one.reason is None
