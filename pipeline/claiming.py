"""One run at a time works in an output folder: the first one claims it, and keeps it until its process ends.

Here belongs the claim. What is written to the folder, and how it stays whole, belongs in :mod:`pipeline.publish`; how a
folder is held for a shorter time in :mod:`pipeline.holding`.
"""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

from pipeline.sources.files import BadInput
from pipeline.temporary import sweep

if TYPE_CHECKING:
    from pathlib import Path

LOCK = ".lock"
"""The file in the output folder on which the claim is made; it stays, and means nothing by itself."""

_claimed: dict[Path, int] = {}
"""The descriptors of this process's claims, by file; the system gives a claim up when its process ends, however."""


def claim(output: Path) -> None:
    """Claim an output folder for this process; again and again makes no difference.

    >>> import tempfile
    >>> from pathlib import Path
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     claim(Path(folder))
    ...     claim(Path(folder))
    ...     sorted(path.name for path in Path(folder).iterdir())
    ['.lock']

    A run that was killed leaves nothing behind that has to be cleared away: its temporary folders go now, and those of
    a `validate` that is at work there stay. Where the system has no such locks (Windows), nothing is claimed.

    Raises :class:`pipeline.sources.files.BadInput` where another process is at work in the folder, and where it cannot
    be claimed: the file is somebody else's, say.
    """
    if sys.platform == "win32" or not output.is_dir():
        return
    import fcntl  # noqa: PLC0415  there is none on Windows

    lock = output.resolve() / LOCK
    if lock in _claimed and lock.exists():
        return
    descriptor = -1
    try:
        descriptor = os.open(lock, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        if descriptor >= 0:
            os.close(descriptor)
        if isinstance(error, BlockingIOError):
            why = f"another run is at work in {os.fspath(output)!r}: wait for it"
        else:
            why = f"{os.fspath(output / LOCK)!r} cannot be locked ({error.strerror}): allow writing to it"
        message = f"{why}, or name another folder (--output DIR)"
        raise BadInput(message) from error
    _claimed[lock] = descriptor
    sweep(output)


def output_folder_of(dataset: Path) -> Path | None:
    """The output folder that a dataset lies in; None where it is a dataset by itself, or the folder cannot be written.

    >>> import tempfile
    >>> from pathlib import Path
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     alone = output_folder_of(Path(folder) / "dataset")
    ...     claim(Path(folder))
    ...     alone, output_folder_of(Path(folder) / "dataset") == Path(folder).resolve()
    (None, True)
    """
    folder = dataset.resolve().parent
    return folder if (folder / LOCK).is_file() and os.access(folder, os.W_OK) else None
