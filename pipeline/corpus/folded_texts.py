"""Folded texts on disk, to be looked at again in any order: those of a crawl's near-duplicates do not fit into memory.

Here belongs keeping them, with the little that is worth keeping of the one looked at last.
"""

from __future__ import annotations

import os
import tempfile
from array import array
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from pipeline.corpus.folding import folded, string
from pipeline.corpus.shingles import distinct, shingles
from pipeline.script.tables import UNIT

if TYPE_CHECKING:
    from pathlib import Path
    from types import TracebackType
    from typing import Self

    from pipeline.corpus.shingles import Hashes
    from pipeline.script.tables import Units

REMEMBERED = 1_000
"""So many texts' shingles are kept in memory: 30 kB each, for a usual page."""


class FoldedTexts:
    """Texts that are folded as they come, in a file without a name that is gone when it is closed.

    >>> with FoldedTexts() as texts:
    ...     texts.append("標題：發展")
    ...     texts.append("𠀀字")
    ...     texts.text(0), texts.text(1), len(texts.shingles(0))
    ('标题:发展', '𠀀字', 1)

    Texts are numbered from 0, as they come. The file lies in `folder`, where that is given.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self._file = tempfile.TemporaryFile(dir=folder, buffering=0)  # noqa: SIM115  closed with the object
        self._ends = array("q", [0])
        self.shingles = lru_cache(REMEMBERED)(self._shingles)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._file.close()

    def append(self, text: str) -> None:
        """Fold a text and keep it."""
        units = folded(text)
        self._file.write(units.data)
        self._ends.append(self._ends[-1] + units.nbytes)

    def units(self, number: int) -> Units:
        """The UTF-16 units of a folded text."""
        start, end = self._ends[number : number + 2]
        return np.frombuffer(os.pread(self._file.fileno(), end - start, start), UNIT)

    def text(self, number: int) -> str:
        """A folded text."""
        return string(self.units(number))

    def _shingles(self, number: int) -> Hashes:
        """Its shingles, each once and sorted."""
        return distinct(shingles(self.units(number)))
