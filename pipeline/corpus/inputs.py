"""What is known of all inputs of a collection at once: a few numbers and names of each, and no texts.

Here belongs what is held in memory while it is decided what becomes of them. One million inputs take 0.4 GB.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

from pipeline.corpus.names import Name

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from pipeline.corpus.signatures import Signatures

Array: TypeAlias = Any
"""An Arrow array; the stubs of Arrow are those of an older release and refuse much of what it takes."""

Read: TypeAlias = Callable[[Sequence[int]], Iterable[str]]
"""Gives the texts of some inputs, whose numbers it is given in ascending order, one after the other."""

Rows: TypeAlias = "NDArray[np.intp]"
"""Inputs by their numbers."""


class Inputs(NamedTuple):
    """The light columns of all inputs, in one order.

    Hashes and date are null where an input was not read or not cleaned; `doc_number`, `title` and `signed_on` (EDTF)
    where the document states none whole. `has_signature` says which rows of `signatures` are one.
    """

    raw_path: Array
    raw_sha256: Array
    text_sha256: Array
    date_published: Array
    accepted: NDArray[np.bool_]
    doc_number: Array
    title: Array
    signed_on: Array
    signatures: Signatures
    has_signature: NDArray[np.bool_]

    def name(self, row: int) -> Name:
        """What a document is called."""
        return Name(self.doc_number[row].as_py(), self.title[row].as_py(), self.signed_on[row].as_py())
