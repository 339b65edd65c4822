"""The rows of a table, gathered over buckets until they are worth a question to Great Expectations.

Here belongs which rows are asked about together. An answer has a fixed cost of some milliseconds for each expectation,
whatever the rows; what comes of it is in :mod:`pipeline.validate.answering`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pipeline.validate.answering import Question
from pipeline.validate.merging import COLUMNS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pipeline.validate.answering import Answer
    from pipeline.validate.frames import Part
    from pipeline.validate.merging import Outcome, Share
    from pipeline.validate.suites import Expectation, Suite

VALUES = 5_000_000
"""So many values, rows by columns, are gathered of a table before they are looked at: some 50 MB."""


class Gathering:
    """The runs of one suite: `outcomes` are those of the first one, `shares` those of every run or bucket.

    `by_bucket` has the shares of each bucket, by the names of the expectations, if it is asked to tell buckets apart
    and could.
    """

    def __init__(
        self, suite: Suite, chosen: Sequence[Expectation], parameters: Mapping[str, Any], *, values: int, apart: bool
    ) -> None:
        self.suite, self.chosen = suite, chosen
        self.of_rows = [each for each in chosen if each.type != COLUMNS]
        self.outcomes: dict[str, Outcome] = {}
        self.shares: list[Mapping[str, Share]] = []
        self.by_bucket: dict[int, Mapping[str, Share]] = {}
        self.rows_of: dict[int, int] = {}
        self.rows = 0
        self._parameters = dict(parameters)
        self._values, self._apart = values, apart
        self._parts: list[Part] = []
        self._held = 0
        self._is_asked = False

    def add(self, part: Part) -> None:
        """Take up rows."""
        self._parts.append(part)
        self.rows += len(part.frame)
        if part.bucket is not None:
            self.rows_of[part.bucket] = len(part.frame)
        self._held += part.frame.size

    @property
    def is_full(self) -> bool:
        """Whether enough rows are held to ask about them."""
        return self._held >= self._values

    @property
    def is_due(self) -> bool:
        """Whether there is something to ask at the end: rows that are left, or none, if there were none at all."""
        return bool(self._parts) or not self._is_asked

    def question(self) -> Question:
        """What is asked about the rows that are held, which are let go of."""
        parts, self._parts, self._held = self._parts, [], 0
        self._is_asked = True
        return Question(self.suite, self.of_rows, self._parameters, parts, self._apart)

    def take(self, answer: Answer) -> None:
        """Take what was answered; answers are taken in the order of the questions."""
        self.outcomes = {**answer.outcomes, **self.outcomes}
        self.shares.append(answer.shares)
        self.by_bucket |= answer.by_bucket
