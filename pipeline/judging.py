"""What becomes of each input, by its rows in the stage tables: light columns decide, and texts where these cannot.

Here belongs what is read for the decision, and in which order. The decision itself is in
:mod:`pipeline.corpus.duplicates`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute

from pipeline.corpus.duplicates import standings
from pipeline.corpus.inputs import Inputs
from pipeline.corpus.signatures import BANDS, SIGNATURE_BYTES
from pipeline.parts import read_part
from pipeline.sources.files import BadInput

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from pipeline.corpus.duplicates import Standings

pc: Any = pyarrow.compute
"""The stubs are those of an older release and refuse much of what it takes."""

_STATED = "stated"
_DAY = "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"
_DECIDING = (
    *("text_sha256", "date_published", "set_aside", "signature"),
    *("doc_number", "title", "title_status", "dates"),
)
"""The columns of `split_documents` that decide."""


class Shard(NamedTuple):
    """The files of one shard of two stage tables, which hold the same inputs in the same order."""

    decoded: Path
    split: Path


def judged(shards: Sequence[Shard], *, folder: Path) -> Standings:
    """What becomes of each input, in the order of the shards; `folder` is for a file without a name.

    Raises :class:`pipeline.sources.files.BadInput` where a file cannot be read, or two were not made together.
    """
    light = pa.concat_tables([_light(shard) for shard in shards])
    starts = np.cumsum([0, *(len(chunk) for chunk in light["raw_path"].chunks)])
    signatures = np.zeros((len(light), BANDS), np.uint32)
    for start, chunk in zip(starts, light["signature"].chunks, strict=False):
        signatures[start : start + len(chunk)] = _bands(chunk)

    def read(rows: Sequence[int]) -> Iterator[str]:
        bounds = np.searchsorted(rows, starts)
        for shard, start, first, last in zip(shards, starts, bounds, bounds[1:], strict=False):
            if first < last:
                texts: Any = read_part(shard.split, ["text"])["text"]
                yield from texts.take(pa.array(np.array(rows[first:last]) - start)).to_pylist()

    inputs = Inputs(
        raw_path=light["raw_path"],
        raw_sha256=light["raw_sha256"],
        text_sha256=light["text_sha256"],
        date_published=light["date_published"],
        accepted=light["set_aside"].is_null().to_numpy(),
        doc_number=light["doc_number"],
        title=light["title"],
        signed_on=light["signed_on"],
        signatures=signatures,
        has_signature=light["signature"].is_valid().to_numpy(),
    )
    return standings(inputs, read, folder=folder)


def not_made_together(stages: Path) -> BadInput:
    """The error to raise for stage tables that hold other inputs, or the same in another order."""
    return BadInput(
        f"the stage tables in {str(stages)!r} were not made together: run all stages again (python -m pipeline build)"
    )


def _light(shard: Shard) -> pa.Table:
    """What the decision needs of a shard's inputs, as one chunk."""
    decoded = read_part(shard.decoded, ["raw_path", "raw_sha256"])
    split = read_part(shard.split, ["raw_path", *_DECIDING])
    if decoded["raw_path"] != split["raw_path"]:
        raise not_made_together(shard.split.parents[1])
    # A title that is cut may be anybody's.
    title = pc.if_else(pc.equal(split["title_status"], _STATED), split["title"], pa.scalar(None, pa.string()))
    columns: dict[str, Any] = dict(zip(split.column_names, split.columns, strict=True))
    columns |= {"title": title, "raw_sha256": decoded["raw_sha256"], "signed_on": _signed_on(split["dates"])}
    return pa.table(columns).drop_columns(["dates", "title_status"]).combine_chunks()


def _signed_on(lists: Any) -> pa.Array[Any]:  # noqa: ANN401  a column of Arrow
    """The day below each text, in EDTF; null where there is none, or not a whole one."""
    dates = pc.list_flatten(lists)
    edtf = pc.struct_field(dates, "edtf")
    whole = pc.and_(pc.equal(pc.struct_field(dates, "basis"), "signature"), pc.match_substring_regex(edtf, _DAY))
    days = np.full(len(lists), None, np.object_)
    days[pc.list_parent_indices(lists).filter(whole).to_numpy()] = edtf.filter(whole)
    return pa.array(days, pa.string())


def _bands(chunk: Any) -> Any:  # noqa: ANN401  an Arrow array
    """The signatures of a chunk; noughts where there is none."""
    none = pa.scalar(bytes(SIGNATURE_BYTES), pa.binary(SIGNATURE_BYTES))
    raw = b"".join(pc.fill_null(chunk, none).to_pylist())
    return np.frombuffer(raw, "<u4").reshape(len(chunk), BANDS)
