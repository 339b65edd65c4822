"""Folders for what a run needs only while it runs, in the folder that it writes to.

Here belongs how they are made, and how those vanish that a killed run has left. They hold texts at times, which are to
lie in the output folder and nowhere else.
"""

from __future__ import annotations

import shutil
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

PREFIX = ".temporary-"
"""What the names of all of them begin with."""

_ours: set[Path] = set()
"""Those of this process that are in use."""


@contextmanager
def temporary_folder(within: Path | None = None) -> Iterator[Path]:
    """An empty folder in the folder `within`, which goes when it is left; without one, where the system has its own.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder, temporary_folder(Path(folder)) as ours:
    ...     ours.parent == Path(folder), ours.name.startswith(PREFIX)
    (True, True)
    """
    with TemporaryDirectory(dir=within, prefix=PREFIX, ignore_cleanup_errors=True) as name:
        folder = Path(name)
        _ours.add(folder.resolve())
        try:
            yield folder
        finally:
            _ours.discard(folder.resolve())


def sweep(output: Path) -> None:
    """Remove such folders from `output` that this process does not use: to be called by who alone is at work there."""
    for folder in output.glob(f"{PREFIX}*"):
        if folder.resolve() not in _ours:
            shutil.rmtree(folder, ignore_errors=True)
