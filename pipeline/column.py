"""A column of a published table: name, type, whether it may be null, one sentence, and its closed vocabulary.

Here belongs what a column is. Which columns there are is said in :mod:`pipeline.columns`.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import pyarrow as pa

TEXT = pa.string()
COUNT = pa.int32()


class Column(NamedTuple):
    """One column: name, Arrow type, whether it may be null, one sentence, and its vocabulary where that is closed."""

    name: str
    type: pa.DataType
    nullable: bool
    sentence: str
    vocabulary: tuple[str, ...] = ()

    @property
    def field(self) -> pa.Field[Any]:
        """The Arrow field, with the sentence as its description."""
        return pa.field(self.name, self.type, self.nullable, metadata={"description": self.sentence})


def required(name: str, kind: pa.DataType, sentence: str, vocabulary: tuple[str, ...] = ()) -> Column:
    """A column that has a value in every row."""
    return Column(name, kind, nullable=False, sentence=sentence, vocabulary=vocabulary)


def optional(name: str, kind: pa.DataType, sentence: str, vocabulary: tuple[str, ...] = ()) -> Column:
    """A column that may be null."""
    return Column(name, kind, nullable=True, sentence=sentence, vocabulary=vocabulary)


def list_of(item: pa.DataType) -> pa.DataType:
    """The type of a list whose items are never null."""
    return pa.list_(pa.field("item", item, nullable=False))
