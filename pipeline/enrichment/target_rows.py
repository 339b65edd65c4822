"""One target as a row: what it promises, and the characters that say so.

Here belongs the row alone. What is a target is read in :mod:`pipeline.enrichment.targets`.
"""

from __future__ import annotations

from typing import NamedTuple


class Target(NamedTuple):
    """A target; `start` and `end` are the words that state it, the other spans those of the value and the indicator.

    `kind` is `target`; `ceiling` for the most that a support may be; `qualitative` for a promise without a figure,
    whose value, unit and relation are None; `fact` for the size that a plan states of what it provides. `year_basis`
    says whether the year stands in the sentence, before it in the paragraph, or above the list.
    """

    kind: str
    indicator: str | None
    value: float | None
    value_max: float | None
    unit: str | None
    relation: str | None
    year: int | None
    year_basis: str | None
    text: str
    start: int
    end: int
    value_start: int | None
    value_end: int | None
    indicator_start: int | None
    indicator_end: int | None
