"""Folders for what a run needs only while it runs, in the folder that it writes to.

Here belongs how they are made, and how those vanish that a killed run has left. They hold texts at times, which are to
lie in the output folder and nowhere else.
"""

from __future__ import annotations

import os
import shutil
import sys
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

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
            with _held(folder, wait=True):
                if folder.exists():  # or it was swept away before it was held
                    yield folder
                    return


def sweep(output: Path) -> None:
    """Remove such folders from `output` that no process uses."""
    for folder in output.glob(f"{PREFIX}*"):
        with _held(folder, wait=False) as is_held:
            if is_held:
                shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _held(folder: Path, *, wait: bool) -> Iterator[bool]:
    """Whether a folder is held by nobody else, and by us until this is left; the system lets it go with our process.

    Where the system has no such locks (Windows), nothing is held.
    """
    with ExitStack() as stack:
        is_held = False
        if sys.platform != "win32":
            import fcntl  # noqa: PLC0415  there is none on Windows

            with suppress(OSError):  # it is another's, gone, or no folder
                descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC)
                stack.callback(os.close, descriptor)
                fcntl.flock(descriptor, fcntl.LOCK_EX if wait else fcntl.LOCK_EX | fcntl.LOCK_NB)
                is_held = True
        yield is_held
