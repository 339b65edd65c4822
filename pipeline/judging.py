"""What becomes of each input, by its rows in the stage tables: light columns decide, and texts where these cannot.

Here belongs what is read for the decision, in which order, and what is made of it for each input. What speaks against a
text is in :mod:`pipeline.corpus.quality`, which documents are the same in :mod:`pipeline.corpus.duplicates`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute

from pipeline.admissions import NOBODY, Admissions
from pipeline.columns import JUDGED_DOCUMENTS, schema
from pipeline.corpus.duplicates import standings
from pipeline.corpus.inputs import Inputs
from pipeline.corpus.quality import ACCEPTED, refused, verdict
from pipeline.corpus.signals import Signals
from pipeline.corpus.signatures import BANDS, SIGNATURE_BYTES
from pipeline.options import PRESET_THRESHOLDS, Thresholds
from pipeline.parts import read_part
from pipeline.sources.files import BadInput

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from pipeline.document import Verdict

pc: Any = pyarrow.compute
"""The stubs are those of an older release and refuse much of what it takes."""

HOW_TO_ADMIT = " (--admit FILE publishes it nevertheless)"
"""Stands behind what was seen, where the verdict is one that a person may overrule."""

_STATED = "stated"
_DAY = "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"
_DECIDING = (
    *("text_sha256", "date_published", "set_aside", "signature"),
    *("doc_number", "title", "title_status", "dates"),
)
"""The columns of `split_documents` that decide, beside what was measured in the text."""

_TOLD = ("raw_path", "set_aside", "set_aside_detail", "set_aside_stage")
"""The columns of `split_documents` that are told again, beside what was measured in the text."""


class Shard(NamedTuple):
    """The files of one shard of two stage tables, which hold the same inputs in the same order."""

    decoded: Path
    split: Path


class _Quality(NamedTuple):
    """For each input of a shard what speaks against its text, by its number, and whether somebody admits it."""

    refused: NDArray[np.int8]
    admitted: NDArray[np.bool_]


def judged(
    shards: Sequence[Shard],
    *,
    folder: Path,
    thresholds: Thresholds = PRESET_THRESHOLDS,
    admissions: Admissions = NOBODY,
) -> Iterator[pa.Table]:
    """What becomes of each input: the rows of `judged_documents` for each shard, in their order.

    A document that no stage set aside is published, unless a limit speaks against it and nobody admits it, or another
    one with the same bytes or the same text is published. `folder` is for a file without a name.

    Raises :class:`pipeline.sources.files.BadInput` where a file cannot be read, two were not made together, or a
    document is admitted that is not there or that a stage set aside.
    """
    parts: list[pa.Table] = []
    quality: list[_Quality] = []
    waiting = dict.fromkeys(admissions.notes)
    for shard in shards:
        part = _light(shard)
        is_named = _is_named(part, admissions)
        _take_off(waiting, part.filter(pa.array(is_named)), admissions)
        refusing = _refusing(part, thresholds)
        quality.append(_Quality(refusing, is_named & (refusing != ACCEPTED)))
        parts.append(part.drop_columns(list(Signals._fields)))
    if waiting:
        message = (
            f"the list of documents to admit, {admissions.name}, names {next(iter(waiting))!r}, and there is no such "
            "document: give a raw path as the tables `files` and `quarantine` have it, or the first 32 digits of a "
            "`raw_sha256` of `files`"
        )
        raise BadInput(message)
    light = pa.concat_tables(parts)
    parts.clear()
    starts = np.cumsum([0, *(len(one.refused) for one in quality)])

    def read(rows: Sequence[int]) -> Iterator[str]:
        bounds = np.searchsorted(rows, starts)
        for shard, start, first, last in zip(shards, starts, bounds, bounds[1:], strict=False):
            if first < last:
                texts: Any = read_part(shard.split, ["text"])["text"]
                yield from texts.take(pa.array(np.array(rows[first:last]) - start)).to_pylist()

    signatures = [_bands(chunk) for chunk in light["signature"].chunks]
    inputs = Inputs(
        raw_path=light["raw_path"],
        raw_sha256=light["raw_sha256"],
        text_sha256=light["text_sha256"],
        date_published=light["date_published"],
        accepted=light["set_aside"].is_null().to_numpy()
        & np.concatenate([(one.refused == ACCEPTED) | one.admitted for one in quality]),
        doc_number=light["doc_number"],
        title=light["title"],
        signed_on=light["signed_on"],
        signatures=np.concatenate([np.zeros((0, BANDS), np.uint32), *signatures]),
        has_signature=light["signature"].is_valid().to_numpy(),
    )
    found = standings(inputs, read, folder=folder)
    for shard, one, first, last in zip(shards, quality, starts, starts[1:], strict=False):
        yield _rows(shard, found.rows(first, last), one, thresholds=thresholds, admissions=admissions)


def not_made_together(stages: Path) -> BadInput:
    """The error to raise for stage tables that hold other inputs, or the same in another order."""
    return BadInput(
        f"the stage tables in {str(stages)!r} were not made together: run all stages again (python -m pipeline build)"
    )


# ------------------------------------------------------------------------------------------------ what is read


def _light(shard: Shard) -> pa.Table:
    """What the decision needs of a shard's inputs, as one chunk."""
    decoded = read_part(shard.decoded, ["raw_path", "raw_sha256"])
    split = read_part(shard.split, ["raw_path", *_DECIDING, *Signals._fields])
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


# ------------------------------------------------------------------------------------------------ quality


def _refusing(part: pa.Table, thresholds: Thresholds) -> NDArray[np.int8]:
    """What speaks against the texts of a shard; nothing does where a stage set the document aside already."""
    numbers = {name: pc.fill_null(part[name], 0).to_numpy() for name in Signals._fields if name != _WRITING}
    found = refused(Signals(**numbers, foreign_writing=None), thresholds)
    found[part["set_aside"].is_valid().to_numpy()] = ACCEPTED
    return found


_WRITING = "foreign_writing"


def _is_named(part: pa.Table, admissions: Admissions) -> NDArray[np.bool_]:
    """Whether somebody admits each document, by its path or its id."""
    names = pa.array(list(admissions.notes), pa.string())
    ids = pc.utf8_slice_codeunits(part["raw_sha256"], 0, 32)
    named: NDArray[np.bool_] = pc.or_(pc.is_in(part["raw_path"], names), pc.is_in(ids, names)).to_numpy()
    return named


def _take_off(waiting: dict[str, None], named: pa.Table, admissions: Admissions) -> None:
    """Take those names off that were waiting for their documents; each has to be of one with a text."""
    columns = (named[name].to_pylist() for name in ("raw_path", "raw_sha256", "set_aside", "char_count"))
    for path, sha256, reason, length in zip(*columns, strict=True):
        if not length or reason is not None:
            message = (
                f"the list of documents to admit, {admissions.name}, names {path!r}, of which there is no text to "
                f"publish ({reason or 'empty_body'}): take it off the list"
            )
            raise BadInput(message)
        waiting.pop(path, None)
        waiting.pop(sha256[:32], None)


# ------------------------------------------------------------------------------------------------ rows


def _rows(
    shard: Shard, found: pa.Table, quality: _Quality, *, thresholds: Thresholds, admissions: Admissions
) -> pa.Table:
    """The rows of `judged_documents` for one shard."""
    hashes = read_part(shard.decoded, ["raw_sha256"])["raw_sha256"]
    split = read_part(shard.split, [*_TOLD, *Signals._fields]).combine_chunks()
    columns: dict[str, Any] = dict(zip(found.column_names, found.columns, strict=True))
    columns |= {"raw_path": split["raw_path"], "id": pc.utf8_slice_codeunits(hashes, 0, 32)}
    columns |= {"char_count": split["char_count"]}
    is_refused = quality.refused != ACCEPTED
    verdicts = {
        row: _told(split, row, int(quality.refused[row]), thresholds) for row in np.flatnonzero(is_refused).tolist()
    }
    aside, admitted = (np.flatnonzero(is_refused & mask).tolist() for mask in (~quality.admitted, quality.admitted))
    columns["reason"] = _with(split["set_aside"], aside, [verdicts[row].reason for row in aside])
    columns["detail"] = _with(split["set_aside_detail"], aside, [verdicts[row].detail for row in aside])
    columns["stage"] = _with(split["set_aside_stage"], aside, [verdicts[row].stage for row in aside])
    notes = [admissions.notes.get(columns["raw_path"][row].as_py()) for row in admitted]
    notes = [note or admissions.notes[columns["id"][row].as_py()] for note, row in zip(notes, admitted, strict=True)]
    nothing = pa.nulls(len(split), pa.string())
    columns["admitted_despite"] = _with(nothing, admitted, [verdicts[row].reason for row in admitted])
    columns["admitted_note"] = _with(nothing, admitted, notes)
    layout = schema(JUDGED_DOCUMENTS)
    return pa.Table.from_arrays([columns[name] for name in layout.names], schema=layout)


def _told(split: pa.Table, row: int, number: int, thresholds: Thresholds) -> Verdict:
    """The verdict on a refused text, and how to overrule it where there is anything to publish."""
    one: Signals[Any] = Signals(*(split[name][row].as_py() for name in Signals._fields))
    found = verdict(number, one, thresholds)
    return found._replace(detail=found.detail + HOW_TO_ADMIT) if one.char_count else found


def _with(column: Any, rows: Sequence[int], values: Sequence[str | None]) -> Any:  # noqa: ANN401  columns of Arrow
    """A column of strings with other values in some rows."""
    mask = np.zeros(len(column), np.bool_)
    mask[rows] = True
    return pc.replace_with_mask(column, pa.array(mask), pa.array(values, pa.string()))
