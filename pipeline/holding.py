"""A folder is held for a while, by one at a time, and let go of by the system when the process ends, however.

Here belongs how. An output folder is claimed for a whole run in :mod:`pipeline.claiming`.
"""

from __future__ import annotations

import os
import sys
from contextlib import ExitStack, contextmanager, suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@contextmanager
def held(folder: Path, *, wait: bool = False) -> Iterator[bool]:
    """Hold a folder for the time, and say whether it is: not where another one holds it, unless we `wait`.

    >>> from pathlib import Path
    >>> with held(Path("expectations")) as first, held(Path("expectations")) as second:
    ...     first, second
    (True, False)

    Nothing is written. Where the folder has gone or is none, and where the system has no such locks (Windows), nothing
    is held.
    """
    with ExitStack() as stack:
        is_held = False
        if sys.platform != "win32":
            import fcntl  # noqa: PLC0415  there is none on Windows

            with suppress(OSError):
                descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC)
                stack.callback(os.close, descriptor)
                fcntl.flock(descriptor, fcntl.LOCK_EX if wait else fcntl.LOCK_EX | fcntl.LOCK_NB)
                is_held = True
        yield is_held
