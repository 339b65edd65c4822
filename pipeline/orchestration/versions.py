"""Data versions: what Dagster compares to say that an asset is stale.

Here belongs the version of what lies in a folder. It follows from the bytes alone: what was made again and came out the
same makes nothing after it stale.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import dagster as dg

from pipeline.checksums import NAME, digest
from pipeline.former_shards import SUMS

if TYPE_CHECKING:
    from pathlib import Path

DIGITS = 16
"""Of a SHA-256, which people compare by eye."""


def version_of(folder: Path) -> dg.DataVersion:
    """The version of a folder: the digest of its files' names and digests; where these are written down, that of this.

    They are for a dataset and for a stage table.
    """
    for sums in (folder / NAME, folder / SUMS):
        if sums.is_file():
            return dg.DataVersion(digest(sums)[:DIGITS])
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    lines = [f"{digest(path)}  {path.relative_to(folder).as_posix()}" for path in files]
    return dg.DataVersion(hashlib.sha256("\n".join(lines).encode()).hexdigest()[:DIGITS])
