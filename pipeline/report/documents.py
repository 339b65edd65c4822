"""What the report shows of each document, and what its list says of it, from the rows of the published tables.

Here belongs what of a document is shown. How it is written belongs in :mod:`pipeline.report.scripts`, how it looks in
``templates/``.
"""

from __future__ import annotations

from collections import Counter
from itertools import islice
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

import numpy as np
import pyarrow as pa
import pyarrow.compute
import pyarrow.parquet as pq

from pipeline.columns import SPLIT_COLUMNS
from pipeline.report.catalogue import COLUMNS, Catalogue
from pipeline.report.counting import batches
from pipeline.report.pieces import NOBODY, Edits, Pieces, Unfit, pieces_of_documents
from pipeline.report.scripts import Entry, entry
from pipeline.sorted_rows import SortedRows, files_of, stretches
from pipeline.sources.files import BadInput

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from pipeline.report.counting import Counts

Rules: TypeAlias = "Mapping[str, int]"

pc: Any = pyarrow.compute
"""The stubs are those of an older release and refuse much of what it takes."""

AT_ONCE = 200
"""So many documents are in memory."""

COPIES = 5
"""So many files are named that are duplicates of one document."""

_LONG = frozenset({"text_original_script"})
FIELDS = tuple(
    column.name
    for column in SPLIT_COLUMNS
    if column.name not in {"quality_flags", "language", "raw_language", *_LONG}
    and (not pa.types.is_list(column.type) or pa.types.is_string(column.type.value_type))
    and not pa.types.is_floating(column.type)
    and not column.name.endswith("_count")
)
"""The columns of a document that are shown beside its text: those with one value, or a list of words."""

_DOCUMENT = ("id", "text", "raw_path", "language", "raw_language", "quality_flags", *FIELDS)
_EDIT = ("doc_id", "layer", "stage", "step", "rule", "start", "before", "after", "moved_to", "redacted")
_SIDES = ("ours", "base", "theirs")
_CONFLICT = ("doc_id", "start", "style", "resolution", "rule", *_SIDES, *(f"label_{side}" for side in _SIDES))
_FILE = ("raw_path", "doc_id", "duplicate_of", "encoding", "bytes")


class Part(NamedTuple):
    """Documents that stand together in one file of the dataset: `rows` of them behind the first `start`.

    `former` is the id of the one before them, in whichever file; `files` says of each how it was read.
    """

    dataset: Path
    documents: Path
    start: int
    rows: int
    former: str | None
    files: Mapping[str, _File]
    catalogue: Catalogue


def parts_to_show(dataset: Path, counts: Counts, *, most: int, at_once: int | None = None) -> Iterator[Part]:
    """The first `most` documents of a dataset, in the order of their ids; `at_once` is how many make a part at most.

    An id begins a hash, so that the first ones are a fair sample of all. `counts` are those of the dataset.
    """
    catalogue = Catalogue.of(counts)
    ids = list(islice(_ids(dataset), most))
    files = _files(dataset, set(ids))
    done = 0
    for path in files_of(dataset, "documents"):
        rows = min(pq.read_metadata(path).num_rows, len(ids) - done)
        size = at_once or rows
        for start in range(0, rows, size or 1):
            count, first = min(size, rows - start), done + start
            of_part = {name: files[name] for name in ids[first : first + count] if name in files}
            former = ids[first - 1] if first else None
            yield Part(dataset, path, start, count, former, of_part, catalogue)
        done += rows


def shown_documents(part: Part) -> Iterator[Entry]:
    """The documents of a part, as the report has them.

    Raises :class:`pipeline.sources.files.BadInput` where the edits of a document do not lead to its text.
    """
    edits, conflicts = (_rows_of(part, *table) for table in (("edits", _EDIT), ("conflicts", _CONFLICT)))
    for batch in _documents_of(part):
        documents = batch.to_pylist()
        last = documents[-1]["id"]
        made = _Edits(edits.up_to(last), part.catalogue)
        resolved: dict[str, list[dict[str, Any]]] = {}
        for row in conflicts.up_to(last).to_pylist():
            resolved.setdefault(row["doc_id"], []).append(row)
        for document, account in zip(documents, made.of(documents), strict=True):
            name = document["id"]
            file = part.files.get(name, _File())
            yield _shown(document, account, resolved.get(name, []), file, part.catalogue.rules)


def written_documents(part: Part) -> list[Entry]:
    """What :func:`shown_documents` gives, all at once, as another process can hand it back."""
    return list(shown_documents(part))


def _documents_of(part: Part) -> Iterator[pa.RecordBatch]:
    """The rows of a part, some at a time; those before them are read, since nothing says where they end in the file."""
    start, left = part.start, part.rows
    with pq.ParquetFile(part.documents) as file:
        for batch in file.iter_batches(AT_ONCE, columns=list(_DOCUMENT)):
            here = batch.slice(min(start, batch.num_rows), left)
            start, left = max(0, start - batch.num_rows), left - here.num_rows
            if here.num_rows:
                yield here
            if not left:
                return


def _rows_of(part: Part, table: str, names: Sequence[str]) -> SortedRows:
    """The rows of a table from those of the part on: in the file that has the number of its documents' file."""
    every = files_of(part.dataset, table)
    number = part.documents.stem.rpartition("-")[2]
    rows = SortedRows(
        part.dataset, table, names, files=[file for file in every if file.stem == f"{table}-{number}"] or every
    )
    if part.former is not None:
        rows.up_to(part.former)
    return rows


def _ids(dataset: Path) -> Iterator[str]:
    for batch in batches(dataset, "documents", "id"):
        yield from map(str, batch["id"].to_pylist())


class _File(NamedTuple):
    """What `files` says of a document: how it was decoded, its size, and which other files are the same."""

    encoding: str | None = None
    bytes: int | None = None
    copies: tuple[str, ...] = ()
    copy_count: int = 0


def _files(dataset: Path, wanted: set[str]) -> dict[str, _File]:
    values = pa.array(sorted(wanted), pa.string())
    found: dict[str, _File] = {}
    copies: dict[str, list[str]] = {}
    times: Counter[str] = Counter()
    for batch in batches(dataset, "files", *_FILE):
        here, same = (pc.is_in(batch[name], value_set=values) for name in ("doc_id", "duplicate_of"))
        for row in pa.Table.from_batches([batch]).filter(pc.or_(here, same)).to_pylist():
            if row["doc_id"] is not None:
                found[row["doc_id"]] = _File(row["encoding"], row["bytes"])
            else:
                times[row["duplicate_of"]] += 1
                names = copies.setdefault(row["duplicate_of"], [])
                names += [row["raw_path"]] * (len(names) < COPIES)
    return {
        name: one._replace(copies=tuple(copies.get(name, ())), copy_count=times[name]) for name, one in found.items()
    }


class _Edits:
    """Edits of several documents, with numbers for rules and steps, as the page has them listed."""

    def __init__(self, table: pa.Table, catalogue: Catalogue) -> None:
        self._table, self._places = table, stretches(table["doc_id"]) if table.num_rows else {}
        self._rules = _coded(table["rule"], catalogue.rules)
        steps = _coded_pairs(table["stage"], table["step"], catalogue.steps)
        columns = _coded(table["moved_to"], {None: NOBODY, **{name: n for n, name in enumerate(COLUMNS)}})
        self._said = np.stack((self._rules, steps, columns, table["redacted"].to_numpy().astype(np.int64)), axis=1)

    def of(self, documents: Sequence[Mapping[str, Any]]) -> Iterator[_Account]:
        """The accounts of documents: the pieces of each, its edits in runs, how many each rule made."""
        texts = [document["text"] for document in documents]
        places = [self._places.get(document["id"], (0, 0)) for document in documents]
        try:
            edits = self._columns_of(places)
            found = pieces_of_documents(texts, edits)
        except Unfit as error:
            name = documents[error.document]["id"]
            message = f"the edits of the document {name} do not lead to its text: validate it ({error})"
            raise BadInput(message) from error
        shrunk = np.bincount(edits.documents, edits.before_lengths - edits.after_lengths, len(texts)).astype(np.int64)
        for text, pieces, shorter, (first, count) in zip(texts, found, shrunk.tolist(), places, strict=True):
            by_rule = sorted(Counter(self._rules[first : first + count].tolist()).items())
            yield _Account(pieces, len(text) + shorter, _runs(self._said[first : first + count]), by_rule)

    def _columns_of(self, places: Sequence[tuple[int, int]]) -> Edits:
        """The edits in those places, which are one behind the other, each with the number of its document."""
        counts = [count for _, count in places]
        rows: Any = self._table.slice(next((first for first, count in places if count), 0), sum(counts))
        return Edits(
            np.repeat(np.arange(len(places)), counts),
            rows["layer"].to_numpy(),
            rows["start"].to_numpy(),
            pc.utf8_length(rows["before"]).to_numpy(),
            pc.utf8_length(rows["after"]).to_numpy(),
            "".join(rows["before"].to_pylist()),
        )


class _Account(NamedTuple):
    """What was done to a document: `raw` is the length of its raw text, `rules` has pairs of a rule and its edits."""

    pieces: Pieces
    raw: int
    runs: list[list[int]]
    rules: list[tuple[int, int]]


def _coded(values: pa.ChunkedArray[Any], codes: Mapping[Any, int]) -> NDArray[np.int64]:
    """The number of each value."""
    encoded: Any = values.combine_chunks().dictionary_encode(null_encoding="encode")
    numbers = np.array([codes[value] for value in encoded.dictionary.to_pylist()], np.int64)
    found: NDArray[np.int64] = numbers[encoded.indices.to_numpy()]
    return found


def _coded_pairs(
    first: pa.ChunkedArray[Any], second: pa.ChunkedArray[Any], codes: Mapping[tuple[str, str], int]
) -> NDArray[np.int64]:
    """The number of each pair of values that stand beside each other."""
    one, other = (_encoded(values) for values in (first, second))
    names, others = (list(map(str, encoded.dictionary.to_pylist())) for encoded in (one, other))
    table = np.array([[codes.get((a, b), NOBODY) for b in others] for a in names], np.int64)
    table = table.reshape(len(names), len(others))
    found: NDArray[np.int64] = table[one.indices.to_numpy(), other.indices.to_numpy()]
    return found


def _encoded(values: pa.ChunkedArray[Any]) -> Any:  # noqa: ANN401  an array of Arrow
    return values.combine_chunks().dictionary_encode()


def _runs(table: NDArray[np.int64]) -> list[list[int]]:
    """The rows of a table, each once for as many as follow one another, with how many that are.

    >>> _runs(np.array([[7, 0], [7, 0], [8, 0]]))
    [[7, 0, 2], [8, 0, 1]]
    """
    if not len(table):
        return []
    firsts = np.flatnonzero(np.append(True, (table[1:] != table[:-1]).any(axis=1)))
    found: list[list[int]] = np.column_stack((table[firsts], np.diff(firsts, append=len(table)))).tolist()
    return found


def _shown(
    document: Mapping[str, Any], account: _Account, conflicts: Sequence[Mapping[str, Any]], file: _File, rules: Rules
) -> Entry:
    date, text = document["date_published"], document["text"]
    about = {
        "path": document["raw_path"],
        "title": document["title"],
        "flags": document["quality_flags"],
        "encoding": file.encoding,
        "date": date and date.isoformat(),
        "raw": account.raw,
        "published": len(text),
        "edits": sum(times for _, times in account.rules),
    }
    whole = {
        **about,
        "bytes": file.bytes,
        "languages": [document["raw_language"], document["language"]],
        "fields": [[name, _word(document[name])] for name in FIELDS if document[name] not in (None, [], "")],
        "copies": [list(file.copies), file.copy_count],
        "runs": account.runs,
        "texts": account.pieces.texts,
        "fates": _fates(account.pieces),
        "conflicts": _conflicts(conflicts, account.pieces, rules),
    }
    return entry(document["id"], whole, {**about, "rules": account.rules, "conflicts": len(conflicts)})


def _fates(pieces: Pieces) -> list[int | list[int]]:
    """What became of each piece: 0 for nothing, n where edit n - 1 took it out, -n where that put it in, or both.

    >>> _fates(Pieces(["甲", "業", "业", "业"], [-1, -1, 5, 5], [-1, 5, -1, 7]))
    [0, 6, -6, [-6, 8]]
    """
    return [
        ended + 1 if born == NOBODY else -born - 1 if ended == NOBODY else [-born - 1, ended + 1]
        for born, ended in zip(pieces.born, pieces.ended, strict=True)
    ]


def _conflicts(rows: Sequence[Mapping[str, Any]], pieces: Pieces, rules: Rules) -> list[dict[str, Any]]:
    """Conflicts, each with the piece in which it starts."""
    raw = [len(text) if born == NOBODY else 0 for text, born in zip(pieces.texts, pieces.born, strict=True)]
    places = np.searchsorted(np.cumsum(raw), [row["start"] for row in rows], side="right").tolist()
    return [
        {
            "piece": place,
            "style": row["style"],
            "resolution": row["resolution"],
            "rule": rules[row["rule"]],
            "sides": [[side, row[f"label_{side}"], row[side]] for side in _SIDES if row[side] is not None],
        }
        for row, place in zip(rows, places, strict=True)
    ]


def _word(value: object) -> str:
    """A value of a column in words."""
    if isinstance(value, list):
        return "\N{IDEOGRAPHIC COMMA}".join(map(str, value))
    return str(value).lower() if isinstance(value, bool) else str(value)
