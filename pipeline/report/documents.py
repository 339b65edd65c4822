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
from pipeline.report.pieces import NOBODY, Pieces, pieces_of
from pipeline.sorted_rows import SortedRows, files_of, stretches
from pipeline.sources.files import BadInput
from pipeline.tables import layers_leading_to

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


class Shown(NamedTuple):
    """A document as the report has it: its id, what is shown of it, and its row in the list, both as JSON has them."""

    id: str
    whole: Mapping[str, Any]
    listed: dict[str, Any]


def shown_documents(dataset: Path, counts: Counts, *, most: int) -> Iterator[Shown]:
    """The first `most` documents of a dataset, in the order of their ids.

    An id begins a hash, so that the first ones are a fair sample of all. `counts` are those of the dataset.

    Raises :class:`pipeline.sources.files.BadInput` where the edits of a document do not lead to its text.
    """
    catalogue = Catalogue.of(counts)
    files = _files(dataset, set(islice(_ids(dataset), most)))
    edits, conflicts = SortedRows(dataset, "edits", _EDIT), SortedRows(dataset, "conflicts", _CONFLICT)
    left = most
    for path in files_of(dataset, "documents"):
        for batch in pq.ParquetFile(path).iter_batches(AT_ONCE, columns=list(_DOCUMENT)) if left else ():
            documents = batch.slice(0, left).to_pylist()
            left -= len(documents)
            last = documents[-1]["id"] if documents else ""
            made = _Edits(edits.up_to(last), catalogue)
            resolved: dict[str, list[dict[str, Any]]] = {}
            for row in conflicts.up_to(last).to_pylist():
                resolved.setdefault(row["doc_id"], []).append(row)
            for document in documents:
                name = document["id"]
                file = files.get(name, _File())
                yield _shown(document, made.of(document), resolved.get(name, []), file, catalogue.rules)


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
        steps: Any = zip(table["stage"].to_pylist(), table["step"].to_pylist(), strict=True)
        self._steps = np.array([catalogue.steps[pair] for pair in steps], np.int64)
        self._columns = _coded(table["moved_to"], {None: NOBODY, **{name: n for n, name in enumerate(COLUMNS)}})
        self._masked = table["redacted"].to_numpy()

    def of(self, document: Mapping[str, Any]) -> _Account:
        """The account of a document: its pieces, its edits in runs, how many each rule made."""
        first, count = self._places.get(document["id"], (0, 0))
        rows: Any = self._table.slice(first, count)
        text = document["text"]
        try:
            layers = layers_leading_to(
                len(text),
                rows["layer"].to_numpy(),
                starts=rows["start"].to_numpy(),
                befores=rows["before"].to_pylist(),
                afters=rows["after"].to_pylist(),
                rules=[""] * count,
            )
            pieces = pieces_of(text, layers)
        except (IndexError, ValueError) as error:
            message = f"the edits of the document {document['id']} do not lead to its text: validate it ({error})"
            raise BadInput(message) from error
        here = slice(first, first + count)
        columns = [self._rules[here], self._steps[here], self._columns[here], self._masked[here].astype(np.int64)]
        rules, times = np.unique(columns[0], return_counts=True)
        by_rule = list(zip(rules.tolist(), times.tolist(), strict=True))
        return _Account(pieces, layers[0].length if layers else len(text), _runs(columns), by_rule)


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


def _runs(columns: Sequence[NDArray[np.int64]]) -> list[list[int]]:
    """The rows of some columns, each once for as many as follow one another, with how many that are.

    >>> _runs([np.array([7, 7, 8]), np.array([0, 0, 0])])
    [[7, 0, 2], [8, 0, 1]]
    """
    table = np.stack(columns, axis=1)
    if not len(table):
        return []
    firsts = np.flatnonzero(np.append(True, (table[1:] != table[:-1]).any(axis=1)))
    found: list[list[int]] = np.column_stack((table[firsts], np.diff(firsts, append=len(table)))).tolist()
    return found


def _shown(
    document: Mapping[str, Any], account: _Account, conflicts: Sequence[Mapping[str, Any]], file: _File, rules: Rules
) -> Shown:
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
        "conflicts": [_conflict(row, account.pieces, rules) for row in conflicts],
    }
    return Shown(document["id"], whole, {**about, "rules": account.rules, "conflicts": len(conflicts)})


def _fates(pieces: Pieces) -> list[int | list[int]]:
    """What became of each piece: 0 for nothing, n where edit n - 1 took it out, -n where that put it in, or both.

    >>> _fates(Pieces(["甲", "業", "业", "业"], [-1, -1, 5, 5], [-1, 5, -1, 7]))
    [0, 6, -6, [-6, 8]]
    """
    born, ended = np.array(pieces.born), np.array(pieces.ended)
    fates: list[Any] = np.where(born == NOBODY, ended + 1, -born - 1).tolist()
    for place in np.flatnonzero((born != NOBODY) & (ended != NOBODY)).tolist():
        fates[place] = [fates[place], pieces.ended[place] + 1]
    return fates


def _conflict(row: Mapping[str, Any], pieces: Pieces, rules: Rules) -> dict[str, Any]:
    """A conflict, with the piece in which it starts."""
    raw = (len(text) if born == NOBODY else 0 for text, born in zip(pieces.texts, pieces.born, strict=True))
    return {
        "piece": int(np.searchsorted(np.cumsum(list(raw)), row["start"], side="right")),
        "style": row["style"],
        "resolution": row["resolution"],
        "rule": rules[row["rule"]],
        "sides": [[side, row[f"label_{side}"], row[side]] for side in _SIDES if row[side] is not None],
    }


def _word(value: object) -> str:
    """A value of a column in words."""
    if isinstance(value, list):
        return "\N{IDEOGRAPHIC COMMA}".join(map(str, value))
    return str(value).lower() if isinstance(value, bool) else str(value)
