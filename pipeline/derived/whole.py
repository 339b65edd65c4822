"""What a bucket's rows are asked about the rest of the dataset, as hashes of keys: eight bytes for each.

Here belongs all that the looks at one bucket need of others: which paths and ids there are, what became of each file,
and the documents that share a cluster. Two keys with one hash of 64 bits would have to meet among as many keys as there
are documents; of ten million, that happens in one dataset of some 400,000.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

from pipeline.derived.values import is_true, joined, pc, strings, values
from pipeline.time_limit import ENDED

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    import pyarrow as pa
    from numpy.typing import NDArray

    from pipeline.derived.values import Row, Strings, Truths

Hashes: TypeAlias = "NDArray[np.uint64]"

NO_BYTES = ("too_large", "unreadable", "unsafe_path")
"""Reasons for which a file is set aside without its bytes having been read; in an archive none is unpacked further than
the limit."""

FEWEST_FAILED = 2
"""On so many files a step has to stop before it counts: of a folder of nine, a single one is more than a tenth."""

DOCUMENT_COLUMNS = ("id", "raw_path", "raw_sha256", "text_sha256", "cluster_id", "date_published")
FILE_COLUMNS = ("raw_path", "doc_id", "raw_sha256", "status")
QUARANTINE_COLUMNS = ("raw_path", "reason", "detail")
"""The columns that are read of the whole dataset."""

_NULL = "\x1e"
_NOTHING: Hashes = np.zeros(0, np.uint64)


@dataclass(slots=True)
class Clusters:
    """The documents that are not alone in a cluster named after them: light rows by id and by cluster.

    `single` are the hashes of cluster ids that stand in one row of the dataset only, sorted.
    """

    single: Hashes = field(default_factory=lambda: _NOTHING)
    by_id: dict[Any, Row] = field(default_factory=dict)
    members: defaultdict[Any, list[Row]] = field(default_factory=lambda: defaultdict(list))

    def alone(self, documents: pa.Table) -> Truths:
        """Whether each document is the only one of a cluster named after it: nothing is to be asked of others then."""
        name, cluster = strings(documents, "id"), strings(documents, "cluster_id")
        return is_true(pc.equal(name, cluster)) & among(hashed(cluster), self.single)

    def neighbours(self, cluster: Any) -> list[Row]:  # noqa: ANN401  any value of the column
        """The light rows of all documents that the looks at a document of a cluster see, sorted."""
        canonical = self.by_id.get(cluster)
        seen = [*self.members.get(cluster, ()), *([] if canonical is None else [canonical])]
        return sorted(seen, key=lambda row: str(row["id"]))


@dataclass(slots=True)
class Whole:
    """The keys of the whole dataset, each kind sorted.

    `documents` are ids, `paths` the raw paths of documents, `places` both together, `published` both with the hash of
    the bytes as `files` has them, the rest raw paths of files that were set aside: those that `files` and those that
    `quarantine` lists, those whose bytes nobody has read, those on which a step failed, if there are several, and those
    on which the work was ended. `text_of` gives the text of a document of `clusters`.
    """

    documents: Hashes = field(default_factory=lambda: _NOTHING)
    paths: Hashes = field(default_factory=lambda: _NOTHING)
    places: Hashes = field(default_factory=lambda: _NOTHING)
    published: Hashes = field(default_factory=lambda: _NOTHING)
    set_aside: Hashes = field(default_factory=lambda: _NOTHING)
    quarantined: Hashes = field(default_factory=lambda: _NOTHING)
    unread: Hashes = field(default_factory=lambda: _NOTHING)
    step_failed: Hashes = field(default_factory=lambda: _NOTHING)
    ended: Hashes = field(default_factory=lambda: _NOTHING)
    clusters: Clusters = field(default_factory=Clusters)
    text_of: Callable[[Any], str | None] = lambda _: None


def whole_of(
    documents: Callable[[], Iterable[pa.Table]], files: Iterable[pa.Table], quarantine: Iterable[pa.Table]
) -> Whole:
    """The keys in all parts of the three tables; `documents` is asked twice, for clusters need a second look.

    >>> import pyarrow as pa
    >>> documents = [pa.table({"id": [one], "cluster_id": ["a"]}) for one in "ab"]
    >>> sorted(whole_of(lambda: documents, [], []).clusters.by_id)
    ['a', 'b']
    """
    kept: defaultdict[str, list[Hashes]] = defaultdict(list)
    for part in documents():
        name, path = strings(part, "id"), strings(part, "raw_path")
        kept["documents"].append(hashed(name.drop_null()))
        kept["paths"].append(hashed(path))
        kept["places"].append(hashed(path, name))
        kept["clusters"].append(hashed(strings(part, "cluster_id")))
    for part in files:
        path, status = strings(part, "raw_path"), strings(part, "status")
        place = hashed(path, strings(part, "doc_id"), strings(part, "raw_sha256"))
        kept["published"].append(place[is_true(pc.equal(status, "published"))])
        kept["set_aside"].append(hashed(path)[is_true(pc.equal(status, "quarantined"))])
    for part in quarantine:
        named, reason = hashed(strings(part, "raw_path")), strings(part, "reason")
        kept["quarantined"].append(named)
        for word in NO_BYTES:
            kept["unread"].append(named[is_true(pc.equal(reason, word))])
        failed, detail = is_true(pc.equal(reason, "step_failed")), strings(part, "detail")
        ended = np.any([is_true(pc.starts_with(detail, beginning)) for beginning in ENDED], axis=0)
        kept["step_failed"].append(named[failed & ~ended])
        kept["ended"].append(named[failed & ended])
    found, times = np.unique(_together(kept.pop("clusters", [])), return_counts=True)
    clusters = Clusters(found[times == 1])
    for number, part in enumerate(documents()):
        _take_up(clusters, part, number)
    whole = Whole(clusters=clusters)
    for kind, parts in kept.items():
        setattr(whole, kind, np.unique(_together(parts)))
    if len(whole.step_failed) < FEWEST_FAILED:
        whole.step_failed = _NOTHING
    return whole


def _take_up(clusters: Clusters, documents: pa.Table, part: int) -> None:
    shared = documents.filter(~clusters.alone(documents))
    columns = [
        strings(shared, name).to_pylist() if name != "date_published" else values(shared, name)
        for name in DOCUMENT_COLUMNS
    ]
    for one in zip(*columns, strict=True):
        row = dict(zip(DOCUMENT_COLUMNS, one, strict=True), part=part)
        clusters.by_id[row["id"]] = row
        clusters.members[row["cluster_id"]].append(row)


def hashed(*columns: Strings) -> Hashes:
    """A hash of what stands in each row of some columns together; a null is a value of its own.

    >>> import pyarrow as pa
    >>> column = pa.array(["a", None, "a", ""], pa.large_string())
    >>> found = hashed(column, column)
    >>> bool(found[0] == found[2]), len(set(found.tolist()))
    (True, 3)
    """
    from pandas.util import hash_array  # noqa: PLC0415  a second that only this needs

    row: Any = joined(*columns, separator="\x1f", null=_NULL)
    found: Hashes = hash_array(row.to_numpy(zero_copy_only=False), categorize=False)
    return found


def among(found: Hashes, known: Hashes) -> Truths:
    """Whether each hash is among those known, which are sorted.

    >>> among(np.array([1, 2], np.uint64), np.array([2, 3], np.uint64)).tolist()
    [False, True]
    """
    if not len(known):
        return np.zeros(len(found), np.bool_)
    places = np.minimum(np.searchsorted(known, found), len(known) - 1)
    there: Truths = known[places] == found
    return there


def _together(parts: list[Hashes]) -> Hashes:
    return np.concatenate(parts) if parts else _NOTHING
