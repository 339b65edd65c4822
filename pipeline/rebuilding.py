"""The raw bytes of published documents again, from the published tables alone.

Here belongs the way back from a dataset on disk: `edits` replayed backwards, the masked characters put in again where
the redactions are at hand, and the text encoded with the account of its decoding in `files`. Nothing of the stages or
of the raw folder is used. The way back from a document in memory is :func:`pipeline.rebuild`.
"""

from __future__ import annotations

import hashlib
from collections import deque
from contextlib import closing
from dataclasses import dataclass, field, replace
from itertools import chain, islice
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute
import pyarrow.dataset as pads
import pyarrow.parquet as pq

from pipeline.checksums import digest
from pipeline.columns import TABLES, schema
from pipeline.decoding import Decoding, Irregular, Run
from pipeline.engines import local
from pipeline.former_checks import code, write_kept
from pipeline.publish import private_problems
from pipeline.redaction import MASK
from pipeline.sorted_rows import SortedRows, files_of, stretches
from pipeline.sources.files import BadInput
from pipeline.tables import layers_leading_to

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from pipeline.edits import Layer
    from pipeline.former_checks import FormerChecks
    from pipeline.stages import Progress

pc: Any = pyarrow.compute
"""The stubs are those of an older release and refuse much of what it takes."""

_DOCUMENT_COLUMNS = ["id", "text", "raw_path", "raw_sha256"]
_EDIT_COLUMNS = ["doc_id", "seq", "layer", "start", "before", "after", "redacted"]
_FILE_COLUMNS = ["doc_id", "runs", "irregular"]
_BATCH_DOCUMENTS = 500
_KEPT = "rebuilding.json"
_NO_EDITS = schema(TABLES["edits"]).empty_table()

_WITHHELD = "\udc00"
"""Stands in memory for a character that is masked: no text of a document has a lone surrogate."""


class Rebuilt(NamedTuple):
    """`content` is None where characters are withheld, and the redactions are not at hand."""

    content: bytes | None
    withheld_chars: int


class Failure(NamedTuple):
    """A document that does not rebuild: which one, and what does not fit."""

    id: str
    raw_path: str
    problem: str


@dataclass(slots=True)
class Rebuilding:
    """How many documents rebuild exactly, how many as far as characters are withheld, and which ones do not rebuild."""

    documents: int = 0
    exact: int = 0
    withheld_documents: int = 0
    withheld_chars: int = 0
    failures: list[Failure] = field(default_factory=list)

    def counts(self) -> list[int]:
        """How many documents there are, and what came of them."""
        return [self.documents, self.exact, self.withheld_documents, self.withheld_chars]


def locate(folder: Path) -> tuple[Path, Path | None]:
    """The dataset of an output folder, or `folder` itself where it is one, and its redactions where they are at hand.

    They are at hand where they lie in `private` beside the dataset, were written with it, and are as they were written,
    which digests there say: :func:`pipeline.publish.private_problems`.
    Raises :class:`pipeline.sources.files.BadInput` where there is no dataset.
    """
    for dataset in (folder / "dataset", folder):
        if (dataset / "data").is_dir():
            redactions = dataset.resolve().parent / "private" / "redactions.parquet"
            return dataset, redactions if redactions.is_file() and not private_problems(dataset) else None
    message = f"{str(folder)!r} holds no dataset: name an output folder or a dataset (a folder that has data/)"
    raise BadInput(message)


def rebuild_document(dataset: Path, id: str, redactions: Path | None) -> Rebuilt:  # noqa: A002  the column's name
    """The exact bytes of one published document.

    Where some of its characters are masked and `redactions` is None, there is no content, only their number. Raises
    :class:`pipeline.sources.files.BadInput` where no document has this `id`, ValueError where its account does not fit.
    """
    documents = _rows(dataset, "documents", _DOCUMENT_COLUMNS, pc.field("id") == id)
    if not documents.num_rows:
        message = f"no document in {str(dataset)!r} has the id {id!r}: the column `id` of its documents lists them all"
        raise BadInput(message)
    edits = _rows(dataset, "edits", _EDIT_COLUMNS, pc.field("doc_id") == id).sort_by("seq")
    files = _rows(dataset, "files", _FILE_COLUMNS, pc.field("doc_id") == id).to_pylist()
    if len(files) != 1:
        message = f"`files` has {len(files)} rows for the document {id}"
        raise ValueError(message)
    document, secrets = documents.to_pylist()[0], _secrets(redactions)
    account = _Account.of(_Edits.of(edits), files[0], document["text"])
    return _rebuilt(document, account, None if secrets is None else secrets.get(id, []))


def check_rebuilds(dataset: Path, redactions: Path | None) -> list[Failure]:
    """The documents that do not rebuild; empty where all do, as far as characters are withheld."""
    return rebuild_all(dataset, redactions).failures


def rebuild_all(
    dataset: Path,
    redactions: Path | None,
    *,
    progress: Progress | None = None,
    former: FormerChecks | None = None,
    workers: int = 1,
) -> Rebuilding:
    """Rebuild every published document and compare the SHA-256 of its bytes with `raw_sha256`.

    Row group by row group, so that memory does not grow with the texts. Where characters are withheld and `redactions`
    is None, a document passes when all its edits can be undone, and is counted with them. With `former`, the files of
    documents that were rebuilt from the same bytes, rows and redactions by the same code are not looked at again. So
    many `workers` as :func:`pipeline.engines.local.run` takes them look at a file of documents each, if there are
    several to look at; the result is the same.
    """
    secrets = _secrets(redactions)
    files = _rows(dataset, "files", _FILE_COLUMNS, pc.field("doc_id").is_valid()).sort_by("doc_id").combine_chunks()
    walk = _Walk(dataset, files, secrets)
    total = sum(pq.read_metadata(shard).num_rows for shard in walk.shards)
    known, kept = {} if former is None else former.kept(_KEPT), {}
    begun: deque[str | None] = deque()

    def anew() -> Iterator[_Share]:
        for share in walk.shares():
            key = None if former is None else share.key()
            if key in known:
                walk.take_over(known[key])
                kept[key] = known[key]
            else:
                begun.append(key)
                yield share

    shares = anew()
    first = list(islice(shares, 2))
    several = len(first) > 1
    with closing(local.run(_rebuild, chain(first, shares), workers=workers if several else 1)) as results:
        for result in results:
            key = begun.popleft()
            walk.add(result)
            if key is not None and not result.failures:
                kept[key] = result.counts()
            if progress is not None:
                progress(walk.result.documents, total)
    for path in walk.edits.values():
        walk.result.failures += _orphans(stretches(pq.read_table(path, columns=["doc_id"])["doc_id"]))
    if former is not None:
        former.buckets, former.carried = len(walk.shards), walk.taken_over
        write_kept(former.folder / _KEPT, kept)
    result = walk.result
    result.failures += [Failure(name, "", "`files` has it as published, `documents` has it not") for name in walk.left]
    return result


class _Share(NamedTuple):
    """All that the documents of a file are rebuilt from: that file, that of their edits, and their rows of `files`.

    `secrets` are their redactions by document, None where they are not at hand; `last` is the id of the document before
    them.
    """

    dataset: Path
    shard: Path
    edits: Path | None
    files: pa.Table
    secrets: dict[str, list[dict[str, Any]]] | None
    last: str

    def key(self) -> str:
        """A digest of it."""
        found = hashlib.sha256(code().encode())
        for path in (self.shard, self.edits):
            found.update(b"none" if path is None else digest(path).encode())
        found.update(repr((self.files.to_pylist(), self.secrets)).encode())
        return found.hexdigest()


class _Walk:
    """The documents file by file.

    `left` are the rows of `files` whose document has not come yet, `edits` the files of edits that no file had yet.
    """

    def __init__(self, dataset: Path, files: pa.Table, secrets: dict[str, list[dict[str, Any]]] | None) -> None:
        self.result = Rebuilding()
        self.shards = files_of(dataset, "documents")
        self.edits = {_number(path): path for path in files_of(dataset, "edits")}
        self.left = stretches(files["doc_id"])
        self.taken_over = 0
        self._dataset, self._files, self._secrets = dataset, files, secrets

    def shares(self) -> Iterator[_Share]:
        """What is to be rebuilt, file by file."""
        last = ""
        for shard in self.shards:
            rows: list[int] = []
            secrets: dict[str, list[dict[str, Any]]] | None = None if self._secrets is None else {}
            before = last
            for name in _ids(shard):
                where, count = self.left.pop(name, (0, 0))
                rows += range(where, where + count)
                if secrets is not None and self._secrets is not None and name in self._secrets:
                    secrets[name] = self._secrets[name]
                if name > last and count == 1:
                    last = name
            # Not slices: pickled, they would have the whole table with them.
            files = self._files.take(pa.array(rows, pa.int64()))
            yield _Share(self._dataset, shard, self.edits.pop(_number(shard), None), files, secrets, before)

    def take_over(self, counts: Sequence[int]) -> None:
        """Count the documents of a file as they were counted the last time."""
        documents, exact, withheld_documents, withheld_chars = counts
        self.add(Rebuilding(documents, exact, withheld_documents, withheld_chars))
        self.taken_over += 1

    def add(self, other: Rebuilding) -> None:
        """Count the documents of another file."""
        result = self.result
        result.documents += other.documents
        result.exact += other.exact
        result.withheld_documents += other.withheld_documents
        result.withheld_chars += other.withheld_chars
        result.failures += other.failures


def _rebuild(share: _Share) -> Rebuilding:
    """Rebuild the documents of a file."""
    result, last, files = Rebuilding(), share.last, share.files
    left = stretches(files["doc_id"])
    rows = None if share.edits is None else SortedRows(share.dataset, "edits", _EDIT_COLUMNS, files=[share.edits])
    for batch in pq.ParquetFile(share.shard).iter_batches(batch_size=_BATCH_DOCUMENTS, columns=_DOCUMENT_COLUMNS):
        documents = batch.to_pylist()
        table = _NO_EDITS if rows is None else rows.up_to(documents[-1]["id"])
        edit_rows, columns = stretches(table["doc_id"]), _Edits.of(table)
        for document in documents:
            name = document["id"]
            first, count = edit_rows.pop(name, (0, 0))
            where, found = left.pop(name, (0, 0))
            if name <= last or found != 1:
                problem = "`files` has no row for it" if name > last else "the documents are not sorted by their id"
                result.failures.append(Failure(name, document["raw_path"], problem))
                continue
            last = name
            file = files.slice(where, 1).to_pylist()[0]
            account = _Account.of(columns.part(first, first + count), file, document["text"])
            secrets = None if share.secrets is None else share.secrets.get(name, [])
            _add(result, document, account, secrets)
        result.documents += len(documents)
        result.failures += _orphans(edit_rows)
    if rows is not None:
        result.failures += _orphans(stretches(rows.up_to(None)["doc_id"]))
    return result


def _orphans(rows: Mapping[str, Any]) -> list[Failure]:
    """Edits of documents that are not there."""
    return [Failure(name, "", "`edits` has rows for it, `documents` has none") for name in rows]


def _add(
    result: Rebuilding, document: Mapping[str, Any], account: _Account, secrets: Sequence[Mapping[str, Any]] | None
) -> None:
    """Rebuild one document and take up the result."""
    try:
        rebuilt = _rebuilt(document, account, secrets)
    except ValueError as error:
        result.failures.append(Failure(document["id"], document["raw_path"], str(error)))
        return
    result.exact += rebuilt.content is not None
    result.withheld_documents += rebuilt.content is None
    result.withheld_chars += rebuilt.withheld_chars


# ------------------------------------------------------------------------------------------------ one document


class _Edits(NamedTuple):
    """Rows of `edits` as columns, in which a mask is :data:`_WITHHELD`."""

    layers: NDArray[np.int32]
    starts: NDArray[np.int32]
    befores: Sequence[str]
    afters: Sequence[str]

    @classmethod
    def of(cls, edits: pa.Table) -> _Edits:
        """The columns of these rows."""
        befores: list[Any] = edits["before"].to_pylist()
        afters: list[Any] = edits["after"].to_pylist()
        for row in np.flatnonzero(edits["redacted"].to_numpy()).tolist():
            befores[row] = befores[row].replace(MASK, _WITHHELD)
            afters[row] = afters[row].replace(MASK, _WITHHELD)
        return cls(edits["layer"].to_numpy(), edits["start"].to_numpy(), befores, afters)

    def part(self, start: int, end: int) -> _Edits:
        """Some rows, one behind the other."""
        return _Edits(self.layers[start:end], self.starts[start:end], self.befores[start:end], self.afters[start:end])


class _Account(NamedTuple):
    """What the tables say about the way from a document's bytes to its text."""

    layers: Sequence[Layer]
    runs: Sequence[Mapping[str, Any]]
    irregular: Sequence[Mapping[str, Any]]

    @classmethod
    def of(cls, edits: _Edits, file: Mapping[str, Any], text: str) -> _Account:
        """The account in these rows, of a document with this text."""
        layers = layers_leading_to(
            len(text),
            edits.layers,
            starts=edits.starts,
            befores=edits.befores,
            afters=edits.afters,
            rules=[""] * len(edits.befores),
        )
        return cls(layers, file["runs"], file["irregular"])


def _rebuilt(document: Mapping[str, Any], account: _Account, secrets: Sequence[Mapping[str, Any]] | None) -> Rebuilt:
    """The bytes of a document; ValueError where the account does not fit."""
    text = document["text"]
    for layer in reversed(account.layers):
        text = _fitted(layer, text).undo(text)
    hidden = {
        one["start_char"]: one["start_char"] + one["length_chars"] for one in account.irregular if one["raw"] is None
    }
    known: dict[int, bytes] = {}
    if secrets is None:
        withheld = text.count(_WITHHELD)
        withheld += sum(end - start - text.count(_WITHHELD, start, end) for start, end in hidden.items())
        if withheld:
            return Rebuilt(None, withheld)
    else:
        text = _with_secrets(text, secrets)
        known = {one["start"]: one["raw"] for one in secrets if one["raw"] is not None}
    irregular = [
        Irregular(start, one["length_chars"], known.get(start, b"") if start in hidden else one["raw"])
        for one in account.irregular
        for start in [one["start_char"]]
    ]
    runs = tuple(Run(**run) for run in account.runs)
    content = Decoding(runs, tuple(irregular)).encode(text)
    found = hashlib.sha256(content).hexdigest()
    if found != document["raw_sha256"]:
        message = f"it rebuilds to {len(content)} bytes with the SHA-256 {found}, not to those with its raw_sha256"
        raise ValueError(message)
    return Rebuilt(content, 0)


def _fitted(layer: Layer, text: str) -> Layer:
    """The layer with what stands in `text` in the place of masks: a mask fits any character, and any fits a mask."""
    if _WITHHELD not in layer.afters and _WITHHELD not in text:
        return layer
    parts, at = [], 0
    for start, length in zip(layer.out_starts.tolist(), layer.after_lengths.tolist(), strict=True):
        after, there = layer.afters[at : at + length], text[start : start + length]
        at += length
        if after != there and len(after) == len(there):
            pairs = zip(after, there, strict=True)
            after = "".join(
                [
                    found if known == _WITHHELD or (known, found) == (MASK, _WITHHELD) else known
                    for known, found in pairs
                ]
            )
        parts.append(after)
    return replace(layer, afters="".join(parts))


def _with_secrets(text: str, secrets: Sequence[Mapping[str, Any]]) -> str:
    """The decoded raw text with the masked characters in their places."""
    parts, at = [], 0
    for start, known in sorted((one["start"], one["text"]) for one in secrets if one["raw"] is None):
        parts += [text[at:start], known]
        at = start + len(known)
    parts.append(text[at:])
    # What is left was no mask but the character that masks look like, in an edit that has masks beside it.
    return "".join(parts).replace(_WITHHELD, MASK)


# ------------------------------------------------------------------------------------------------ reading the tables


def _rows(dataset: Path, name: str, names: list[str], where: pc.Expression) -> pa.Table:
    return pads.dataset(files_of(dataset, name)).to_table(columns=names, filter=where)


def _ids(shard: Path) -> list[str]:
    return [name for name in pq.read_table(shard, columns=["id"])["id"].to_pylist() if name is not None]


def _number(file: Path) -> str:
    """The number of a file, which is that of the files of other tables with rows of the same documents."""
    return file.stem.rpartition("-")[2]


def _secrets(redactions: Path | None) -> dict[str, list[dict[str, Any]]] | None:
    """The masked characters by document; None where they are not at hand."""
    if redactions is None:
        return None
    found: dict[str, list[dict[str, Any]]] = {}
    for row in pq.read_table(redactions).to_pylist():
        found.setdefault(row["id"], []).append(row)
    return found
