"""What is looked at in what was measured in a text: whether it is so, and whether the limits of the dataset are kept.

Here belongs what is said of the figures of quality in `documents`. They are counted here a second time, by other means.
"""

from __future__ import annotations

import functools
import json
import re
import unicodedata
from typing import TYPE_CHECKING, Any

from pipeline.code_points import HAN_RUN
from pipeline.corpus.quality import judge
from pipeline.corpus.signals import LETTERS_OF_A_HAN, Signals
from pipeline.derived.values import each
from pipeline.options import PRESET_THRESHOLDS, THRESHOLDS, Thresholds

if TYPE_CHECKING:
    from collections.abc import Callable

    import pyarrow as pa

    from pipeline.derived.values import Derived, Row

_READMITTED = "readmitted"
_BASIC_PLANE = 0x10000


def of_quality(rows: list[Row], documents: pa.Table) -> Derived:
    """The derived columns of `documents` that are about their quality; the metadata of the table have the limits."""
    limits = _limits(documents)
    figures: dict[str, Callable[[Row], Any]] = {
        "derived_letter_count": lambda row: _letters(row["text"]),
        "derived_han_share_of_writing": lambda row: _han_share(row["text"]),
        "derived_punctuation_share": lambda row: _share(_count(_punctuation(), row["text"]), len(row["text"])),
        "derived_repeated_share": lambda row: _repeated(row["text"]),
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
        **{name: each(rows, look, otherwise=None) for name, look in figures.items()},
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


def _count(one: re.Pattern[str], text: str) -> int:
    return len(text) - len(one.sub("", text))


def _han(text: str) -> int:
    return sum(map(len, HAN_RUN.findall(text)))


def _han_share(text: str) -> float:
    han = _han(text)
    return _share(han, han + _letters(text) / LETTERS_OF_A_HAN)


def _letters(text: str) -> int:
    return _count(_letter(), HAN_RUN.sub("", text))


def _repeated(text: str) -> float:
    seen: set[str] = set()
    again = 0
    for line in text.split("\n"):
        again += len(line) if line in seen else 0
        seen.add(line)
    return _share(again, len(text.replace("\n", "")))


@functools.cache
def _letter() -> re.Pattern[str]:
    return _of_category("L")


@functools.cache
def _punctuation() -> re.Pattern[str]:
    return _of_category("P")


def _of_category(category: str) -> re.Pattern[str]:
    found = (chr(point) for point in range(_BASIC_PLANE) if unicodedata.category(chr(point))[0] == category)
    return re.compile(f"[{''.join(map(re.escape, found))}]")
