"""What is looked at in what was measured in a text: whether it is so, and whether the limits of the dataset are kept.

Here belongs what is said of the figures of quality in `documents`. They are counted here a second time, by other means.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from pipeline.corpus.quality import judge
from pipeline.corpus.signals import LETTERS_OF_A_HAN, Signals
from pipeline.derived.values import each
from pipeline.options import PRESET_THRESHOLDS, THRESHOLDS, Thresholds

if TYPE_CHECKING:
    from collections.abc import Callable

    from pipeline.derived.texts import Counts
    from pipeline.derived.values import Derived, Row

_READMITTED = "readmitted"

COLUMNS = (*Signals._fields, "foreign_writing", "quality_flags", "text")
"""The columns of `documents` that are looked at row by row."""


def of_quality(rows: list[Row], documents: pa.Table, found: Counts) -> Derived:
    """The derived columns of `documents` that are about their quality; the metadata of the table have the limits.

    `rows` are those of the table, and `found` what was counted in their texts.
    """
    limits = _limits(documents)
    size = np.array([len(row["text"] or "") for row in rows], np.int64)
    looked_at = np.array([row["text"] is not None for row in rows], np.bool_)
    writing = found.han + found.letter / LETTERS_OF_A_HAN
    figures = {
        "derived_letter_count": found.letter,
        "derived_han_share_of_writing": found.han / np.where(writing, writing, 1),
        "derived_punctuation_share": found.mark / np.maximum(size, 1),
    }
    looks: dict[str, Callable[[Row], Any]] = {
        "derived_foreign_agrees": lambda row: (row["foreign_share_0_to_1"] > 0) == (row["foreign_writing"] is not None),
        "derived_spam_agrees": lambda row: (row["spam_share_0_to_1"] > 0) == (row["spam_phrase_count"] > 0),
        "derived_limits_kept": lambda row: (
            judge(Signals(*(row[name] for name in Signals._fields)), limits).accepted
            == (_READMITTED not in row["quality_flags"])
        ),
    }
    return {
        **{name: pa.array(figure, mask=~looked_at) for name, figure in figures.items()},
        "derived_repeated_share": each(rows, lambda row: _repeated(row["text"]), otherwise=None),
        **{name: each(rows, look) for name, look in looks.items()},
    }


def _limits(documents: pa.Table) -> Thresholds:
    """The limits that the table says it was judged by; those that are preset where it says nothing that can be read."""
    try:
        options = json.loads((documents.schema.metadata or {})[b"options"])
        return Thresholds(**{one.name: options[one.name] for one in THRESHOLDS if one.name in options})
    except (KeyError, TypeError, ValueError):
        return PRESET_THRESHOLDS


def _share(part: float, whole: float) -> float:
    return part / whole if whole else 0.0


def _repeated(text: str) -> float:
    seen: set[str] = set()
    again = 0
    for line in text.split("\n"):
        again += len(line) if line in seen else 0
        seen.add(line)
    return _share(again, len(text.replace("\n", "")))
