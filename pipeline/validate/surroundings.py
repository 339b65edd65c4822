"""What the rows of a bucket are asked about the rest of the dataset, read from its light columns alone.

Here belongs how :class:`pipeline.derived.Whole` comes from the files of a dataset, how the few texts that a bucket is
compared with in others get there, and what of the rest a bucket depends on.
"""

from __future__ import annotations

import contextlib
import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from pipeline.derived.values import pc, strings
from pipeline.derived.whole import DOCUMENT_COLUMNS, FILE_COLUMNS, QUARANTINE_COLUMNS, Whole, among, hashed, whole_of
from pipeline.temporary import temporary_folder

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping
    from pathlib import Path

    from pipeline.validate.buckets import Dataset


def whole_dataset(dataset: Dataset) -> Whole:
    """The keys of all rows of a dataset; the parts of its clusters are its buckets in their order."""
    return whole_of(
        lambda: (dataset.sorted_part("documents", number, DOCUMENT_COLUMNS) for number in dataset.numbers),
        dataset.parts_in_order("files", FILE_COLUMNS),
        dataset.parts_in_order("quarantine", QUARANTINE_COLUMNS),
    )


@contextlib.contextmanager
def neighbours_at_hand(
    dataset: Dataset, whole: Whole, numbers: Collection[int], *, temporary: Path | None = None
) -> Iterator[None]:
    """Have `whole` give the texts of canonical documents that lie in another bucket than some of their cluster.

    They are needed for the buckets of these numbers only, and lie in a file of their own meanwhile, not in memory: in
    the folder `temporary`, or where the system has temporary files.
    """
    wanted: dict[int, set[str]] = {}
    for row in whole.clusters.by_id.values():
        canonical = whole.clusters.by_id.get(row["cluster_id"], row)
        if canonical["part"] != row["part"] and dataset.numbers[row["part"]] in numbers:
            wanted.setdefault(dataset.numbers[canonical["part"]], set()).add(canonical["id"])
    with temporary_folder(temporary) as folder:
        file = folder / "texts"
        places: dict[Any, tuple[int, int]] = {}
        with file.open("wb") as spool:
            for number, names in wanted.items():
                documents = dataset.sorted_part("documents", number, ("id", "text"))
                name = strings(documents, "id")
                there = pc.is_in(name, value_set=pa.array(sorted(names), pa.large_string()))
                texts = strings(documents, "text").filter(there).to_pylist()
                for one, text in zip(name.filter(there).to_pylist(), texts, strict=True):
                    content = (text or "").encode()
                    places[one] = (spool.tell(), len(content))
                    spool.write(content)
        whole.text_of = _Texts(file, places)
        yield


@dataclass(frozen=True, slots=True)
class _Texts:
    """Texts in a file, by the ids of their documents; another process can be given it as it is."""

    file: Path
    places: Mapping[Any, tuple[int, int]]

    def __call__(self, name: Any) -> str | None:  # noqa: ANN401  any value of the column
        """The text of a document; None where it is not in the file."""
        if name not in self.places:
            return None
        start, length = self.places[name]
        with self.file.open("rb") as content:
            content.seek(start)
            return content.read(length).decode()


def surroundings(dataset: Dataset, whole: Whole, number: int) -> str:
    """A digest of all that the looks at a bucket ask the rest of the dataset.

    Of the text of a document elsewhere, its hash is taken: that it is the hash is looked at there.
    """
    documents = dataset.sorted_part("documents", number, DOCUMENT_COLUMNS)
    place = hashed(*(strings(documents, name) for name in ("raw_path", "id", "raw_sha256")))
    alone = whole.clusters.alone(documents)
    found = hashlib.sha256(np.packbits(among(place, whole.published)).tobytes() + np.packbits(alone).tobytes())
    for name in strings(documents, "cluster_id").filter(pa.array(~alone)).to_pylist():
        neighbours = [
            sorted((column, str(value)) for column, value in row.items() if column != "part")
            for row in whole.clusters.neighbours(name)
        ]
        found.update(repr(neighbours).encode())
    return found.hexdigest()
