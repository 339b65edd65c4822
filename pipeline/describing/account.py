"""The figures of one dataset: what was given in, what became of it, what was changed.

Here belongs counting's result. What counts is in :mod:`pipeline.buckets` and :mod:`pipeline.staging`, how the figures
read in :mod:`pipeline.describing.card`.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Self


@dataclass(slots=True)
class Account:
    """The figures of one dataset, as the card and the report state them.

    `rows` counts by table, `statuses` the input files by what became of them, `reasons` the quarantined ones;
    `encodings` counts input files, `decisions` merge conflicts by the rule that decided, `choices` clusters of several
    documents by what made one of them stand for all, the others published documents or edits. `near_duplicates` are the
    documents for which another one stands. `metadata` are the fingerprints that stand in each Parquet file.
    """

    source: str = ""
    metadata: dict[str, str] = field(default_factory=dict)
    rows: Counter[str] = field(default_factory=Counter)
    statuses: Counter[str] = field(default_factory=Counter)
    reasons: Counter[str] = field(default_factory=Counter)
    encodings: Counter[str] = field(default_factory=Counter)
    languages: Counter[str] = field(default_factory=Counter)
    scripts: Counter[str] = field(default_factory=Counter)
    doc_types: Counter[str] = field(default_factory=Counter)
    rights: Counter[str] = field(default_factory=Counter)
    flags: Counter[str] = field(default_factory=Counter)
    rules: Counter[str] = field(default_factory=Counter)
    decisions: Counter[str] = field(default_factory=Counter)
    choices: Counter[str] = field(default_factory=Counter)
    near_duplicates: int = 0
    raw_bytes: int = 0
    characters: int = 0
    withheld_chars: int = 0

    @classmethod
    def of(cls, figures: Mapping[str, Any]) -> Self:
        """The account with some figures, as :meth:`figures` gives them."""
        made = cls()
        for name, value in figures.items():
            setattr(made, name, value if isinstance(value, int) else Counter(value))
        return made

    def figures(self) -> dict[str, Any]:
        """All that is counted, by name, as JSON has it; what is 0 is left out.

        >>> Account.of({"rules": {"a.b": 2}, "characters": 7}).figures()
        {'rules': {'a.b': 2}, 'characters': 7}
        """
        values = ((one.name, getattr(self, one.name)) for one in fields(self))
        counted = ((name, value) for name, value in values if value and isinstance(value, int | Counter))
        return {name: value if isinstance(value, int) else dict(value) for name, value in counted}

    def add(self, other: Account) -> None:
        """Take up the figures of another part of the dataset."""
        for name, value in other.figures().items():
            mine = getattr(self, name)
            if isinstance(value, int):
                setattr(self, name, mine + value)
            else:
                mine.update(value)

    @property
    def inputs(self) -> int:
        """How many files were given in."""
        return self.statuses.total()

    @property
    def published(self) -> int:
        """How many documents are published."""
        return self.statuses["published"]

    @property
    def duplicates(self) -> int:
        """How many files are exact duplicates of a published document."""
        return self.statuses["duplicate"]

    @property
    def quarantined(self) -> int:
        """How many files were set aside."""
        return self.statuses["quarantined"]
