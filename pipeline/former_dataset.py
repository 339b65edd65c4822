"""What of the dataset that was published last stands in the next one as it is: whole files, or the rows of documents.

Here belongs how that is known: for each published document a key of all that decides about its rows, written down in
private/, beside the dataset that they stand in. Nothing is taken from files that are not, byte by byte, those that were
published. What is done with it is decided in :mod:`pipeline.staging`.
"""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute
import pyarrow.parquet as pq

from pipeline.buckets import bucket_of, files_of_bucket
from pipeline.checksums import NAME as CHECKSUMS
from pipeline.checksums import listed
from pipeline.describing.account import Account
from pipeline.json_lines import json_lines
from pipeline.publish import private_problems

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

pc: Any = pyarrow.compute
"""The stubs are those of an older release and refuse much of what it takes."""

LEDGER_FILE = "published.parquet"
"""In private/: the documents of the dataset beside it, each with its key, and the figures of each bucket."""

_KEY_BYTES = 16
_COPIED_AT_ONCE = 1024 * 1024


class Former(NamedTuple):
    """The dataset that was published last: its files with their digests, its documents with their keys.

    `metadata` is what its Parquet files say of themselves, `accounts` has the figures of each bucket.
    """

    dataset: Path
    sums: Mapping[str, str]
    metadata: Mapping[str, str]
    documents: pa.Table
    accounts: Sequence[Account]
    redactions: pa.Table


class Carrying(NamedTuple):
    """A bucket of which some files are there already, those with the digests `sums`; `whole` ones stay as they are."""

    number: int
    former: Path
    dataset: Path
    sums: Mapping[str, str]
    whole: bool


def keys_of(judged: pa.Table, input_keys: pa.ChunkedArray[Any], made_by: str) -> list[str]:
    """A key for each input of a shard, of all by which its published rows are decided but the code that lays them out.

    `judged` are its rows of that table, `made_by` says what made the stage tables.
    """
    lines = json_lines(judged.append_column("input_key", input_keys))
    return [hashlib.blake2b(made_by.encode() + line, digest_size=_KEY_BYTES).hexdigest() for line in _encoded(lines)]


def former(output: Path, *, laid_out_by: str, buckets: int) -> Former | None:
    """What was published last in an output folder; None where nothing of it can be used.

    That is where there is none, where other code laid it out, where it has another number of buckets, and where
    private/ is not as it was written, or speaks of another one. Whether the dataset's files are what they should be is
    for :func:`carried` to see.
    """
    dataset, private = output / "dataset", output / "private"
    try:
        if private_problems(dataset):
            return None
        documents = pq.ParquetFile(private / LEDGER_FILE).read()
        said = json.loads((documents.schema.metadata or {})[b"published"])
        if (laid_out_by, buckets) != (said["laid_out_by"], said["buckets"]):
            return None
        return Former(
            dataset,
            listed(dataset / CHECKSUMS),
            said["metadata"],
            documents,
            [Account.of(one) for one in said["accounts"]],
            pq.ParquetFile(private / "redactions.parquet").read(),
        )
    except (OSError, KeyError, TypeError, ValueError):  # what Arrow raises is among them
        return None


def write_ledger(
    private: Path, documents: pa.Table, accounts: Sequence[Account], *, laid_out_by: str, metadata: Mapping[str, str]
) -> None:
    """Write down which documents are published."""
    said = {
        "laid_out_by": laid_out_by,
        "buckets": len(accounts),
        "metadata": metadata,
        "accounts": [one.figures() for one in accounts],
    }
    table = documents.replace_schema_metadata({"published": json.dumps(said)})
    pq.write_table(table, private / LEDGER_FILE, compression="zstd")


def is_kept(documents: pa.Table, former: Former | None) -> NDArray[np.bool_]:
    """Whether each document was published last, with the same key."""
    if former is None:
        return np.zeros(documents.num_rows, np.bool_)
    found: NDArray[np.bool_] = np.asarray(pc.is_in(_pairs(documents), _pairs(former.documents)))
    return found


def to_carry(
    documents: pa.Table, kept: NDArray[np.bool_], former: Former, dataset: Path, metadata: Mapping[str, str]
) -> list[Carrying]:
    """The buckets of which something is kept; `dataset` is where the new ones go, `metadata` what they will say."""
    buckets = len(former.accounts)
    new, old = bucket_of(documents["id"], buckets), bucket_of(former.documents["id"], buckets)
    wanted, there, held = (np.bincount(numbers, minlength=buckets) for numbers in (new, old, new[kept]))
    whole = (wanted == held) & (there == held) & (dict(metadata) == dict(former.metadata))
    return [
        Carrying(number, former.dataset, dataset, sums, bool(whole[number]))
        for number in np.flatnonzero((held > 0) | whole).tolist()
        for sums in [{path: former.sums[path] for path in files_of_bucket(number) if path in former.sums}]
    ]


def carried(one: Carrying) -> bool:
    """Whether the files of a bucket are those that were published; where they all stay, they are copied as well."""
    fits = True
    for path, stated in one.sums.items():
        hashed = hashlib.sha256()
        try:
            with (one.former / path).open("rb") as file:
                if one.whole:
                    _copy(file, one.dataset / path, hashed)
                else:
                    hashed = hashlib.file_digest(file, "sha256")
        except OSError:
            fits = False
        fits = fits and hashed.hexdigest() == stated
    if one.whole and not fits:
        for path in one.sums:
            (one.dataset / path).unlink(missing_ok=True)
    return fits


def _copy(file: Any, to: Path, hashed: Any) -> None:  # noqa: ANN401  an open file and a hash, which have no common name
    """Copy a file, which is read once for that and for its digest."""
    with to.open("wb") as copy:
        while block := file.read(_COPIED_AT_ONCE):
            hashed.update(block)
            copy.write(block)


def _pairs(documents: pa.Table) -> Any:  # noqa: ANN401  an array of Arrow
    return pc.binary_join_element_wise(documents["id"], documents["key"], " ")


def _encoded(lines: Any) -> list[bytes]:  # noqa: ANN401  an array of Arrow
    return list(lines.cast(pa.large_binary()).to_pylist())
