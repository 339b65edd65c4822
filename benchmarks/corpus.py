"""The documents that the benchmarks are run on: a folder of them, or a tar archive of one."""

from __future__ import annotations

import os
import tarfile
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


def files_of(corpus: Path, scratch: Path) -> list[Path]:
    """The files of a folder or an archive, which is unpacked below `scratch`; lists of files are no documents."""
    folder = corpus
    if corpus.is_file():
        folder = scratch / "corpus"
        with tarfile.open(corpus) as archive:
            archive.extractall(folder, filter="data")
    return sorted(path for path in folder.rglob("*") if path.is_file() and path.suffix != ".jsonl")


def stay_on_one_core() -> None:
    """Bind this process, and those that it starts, to one core, where the system lets it."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
