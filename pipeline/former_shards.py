"""Shards of a former build that are carried over, since the same code would make the same of the same inputs.

Here belongs where former shards lie, how one is known to be whole and to be what a build would write, and how it gets
its place in the new table. What a shard holds belongs in :mod:`pipeline.stages`.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from typing import TYPE_CHECKING, Any, NamedTuple

import pyarrow as pa
import pyarrow.parquet as pq

from pipeline.checksums import digest
from pipeline.parts import SHARD
from pipeline.tables import PARQUET

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

SUMS = "_SHA256SUMS"
"""In the folder of a table: the SHA-256 of each shard. Readers of a folder of Parquet files pass over such a name."""


class Former(NamedTuple):
    """A shard of a former build: its file, and the SHA-256 that it had when it was written."""

    file: Path
    sha256: str


class Table(NamedTuple):
    """Where a stage table lies, and beside it the one that is being written, and shards of runs that did not end."""

    folder: Path

    @property
    def fresh(self) -> Path:
        """The folder that takes its place when all shards are in it."""
        return self.folder.with_name(f".{self.folder.name}.fresh")

    @property
    def kept(self) -> Path:
        """Shards of a run that did not end, each named after its SHA-256."""
        return self.folder.with_name(f".{self.folder.name}.kept")

    def begin(self) -> None:
        """Make an empty folder for a new table; what an interrupted run has finished of one is kept."""
        for file, sha256 in _listed(self.fresh).items():
            if file.is_file():
                self.kept.mkdir(exist_ok=True)
                file.replace(self.kept / f"{sha256}.parquet")
        shutil.rmtree(self.fresh, ignore_errors=True)
        self.fresh.mkdir(parents=True)

    def finished(self, file: str, sha256: str) -> None:
        """Write down that a shard of the new table is whole."""
        with (self.fresh / SUMS).open("a", encoding="utf-8", newline="\n") as sums:
            sums.write(f"{sha256}  {file}\n")

    def replace(self) -> None:
        """Put the new table in the place of the former one; there is no moment at which only a part is there."""
        former = self.folder.with_name(f".{self.folder.name}.former")
        shutil.rmtree(former, ignore_errors=True)
        if self.folder.exists():
            self.folder.replace(former)
        self.fresh.replace(self.folder)
        shutil.rmtree(former, ignore_errors=True)
        shutil.rmtree(self.kept, ignore_errors=True)

    def former_shards(self, made_by: str) -> dict[str, Former]:
        """The former shards that say that this has made them, by the digest of their inputs.

        A file that nobody has listed, or that cannot be read, is none of them. Whether one is whole is for
        :func:`read_shard` to say.
        """
        listed = _listed(self.folder)
        if self.kept.is_dir():
            listed |= {file: file.stem for file in sorted(self.kept.glob("*.parquet"))}
        shards = {}
        for file, sha256 in listed.items():
            stored = _metadata(file)
            if stored is not None and _of_shard(stored.get(SHARD, "")).get("made_by") == made_by:
                shards[stored.get("inputs", "")] = Former(file, sha256)
        return shards


class Shard(NamedTuple):
    """A former shard that was read, and is as it was written: its bytes, its columns, and what it says of itself."""

    former: Former
    content: bytes
    layout: pa.Schema
    said: Mapping[str, str]

    @property
    def report(self) -> Any:  # noqa: ANN401  a JSON value has no narrower type
        """What was counted when it was made."""
        return _of_shard(self.said[SHARD])["report"]

    def rows(self) -> pa.Table:
        """All of its rows, as they were when it was written."""
        stored = pq.ParquetFile(pa.BufferReader(self.content)).read(use_threads=False)
        # Parquet's numbers for its columns are not carried on: they would stand in what is written of it.
        return pa.Table.from_arrays(stored.columns, schema=self.layout)


def read_shard(former: Former, *, rows: int, layout: pa.Schema) -> Shard | None:
    """A former shard, read; None where it is not as it was written, or not of these columns and so many rows."""
    try:
        content = former.file.read_bytes()
        if hashlib.sha256(content).hexdigest() != former.sha256:
            return None
        stored = pq.ParquetFile(pa.BufferReader(content))
        if stored.metadata.num_rows != rows or not stored.schema_arrow.equals(layout):
            return None
        said = _said(stored.schema_arrow)
    except (OSError, pa.ArrowException, UnicodeDecodeError):
        return None
    return Shard(former, content, layout, said)


def carry(shard: Shard, place: Path, *, metadata: Mapping[str, str]) -> str:
    """Give a former shard its place in a new table, whose files say `metadata` of how they were made; its SHA-256 then.

    Where it says so, too, it is linked, if the file system can do that, and else copied. Where it does not, since what
    does not decide about its rows has changed, the same rows are written anew.
    """
    place.unlink(missing_ok=True)  # what is linked to it elsewhere is not written to
    said = {**shard.said, **metadata}
    if said != shard.said:
        pq.write_table(shard.rows().replace_schema_metadata(said), place, **PARQUET)
        return digest(place)
    try:
        os.link(shard.former.file, place)
    except OSError:
        place.write_bytes(shard.content)
    return shard.former.sha256


def _of_shard(stored: str) -> dict[str, Any]:
    try:
        said = json.loads(stored)
    except ValueError:
        return {}
    return said if isinstance(said, dict) else {}


def damaged_shards(folder: Path) -> list[Path]:
    """The shards of a table that are not as they were written, by the list beside them."""
    return [file for file, sha256 in sorted(_listed(folder).items()) if not file.is_file() or digest(file) != sha256]


def _listed(folder: Path) -> dict[Path, str]:
    """The shards of a table that were finished, each with its SHA-256."""
    try:
        lines = (folder / SUMS).read_text("utf-8", "replace").splitlines()
    except OSError:
        return {}
    pairs = (line.partition("  ") for line in lines)
    return {folder / name: sha256 for sha256, _, name in pairs if name and "/" not in name and "\0" not in name}


def _metadata(file: Path) -> dict[str, str] | None:
    try:
        return _said(pq.read_schema(file))
    except (OSError, pa.ArrowException, UnicodeDecodeError):
        return None


def _said(layout: pa.Schema) -> dict[str, str]:
    return {key.decode(): value.decode() for key, value in (layout.metadata or {}).items()}
