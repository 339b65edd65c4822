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

from pipeline.holding import held

if TYPE_CHECKING:
    from collections.abc import Iterator

PREFIX = ".temporary-"
"""What the names of all of them begin with."""


@contextmanager
def temporary_folder(within: Path | None = None) -> Iterator[Path]:
    """An empty folder in the folder `within`, which goes when it is left; without one, where the system has its own.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder, temporary_folder(Path(folder)) as ours:
    ...     ours.parent == Path(folder), ours.name.startswith(PREFIX)
    (True, True)

    Nobody else can look into it.
    """
    while True:
        with TemporaryDirectory(dir=within, prefix=PREFIX, ignore_cleanup_errors=True) as name:
            folder = Path(name)
            with held(folder, wait=True):
                if folder.exists():  # or it was swept away before it was held
                    yield folder
                    return


def sweep(output: Path) -> None:
    """Remove such folders from `output` that no process uses."""
    for folder in output.glob(f"{PREFIX}*"):
        with held(folder) as is_held:
            if is_held:
                shutil.rmtree(folder, ignore_errors=True)
