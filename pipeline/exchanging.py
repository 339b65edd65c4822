"""Two folders change places, so that the one which is read is there and whole at every moment.

Here belongs the call by which they do, and what is done where the system has none. Which folders are exchanged, and
what is removed afterwards, is decided by who publishes.
"""

from __future__ import annotations

import ctypes
import errno
import os
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

_AT_FDCWD = -100
_RENAME_EXCHANGE = 2

_NO_SUCH_CALL = (errno.ENOSYS, errno.EINVAL, errno.EOPNOTSUPP, errno.EPERM)
"""What a system, a file system, or (EPERM) a sandbox says that does not know the call; it has exchanged nothing."""


def may_be_moved(folder: Path) -> bool:
    """Whether a folder may be exchanged for one that lies in another place: who may not write to it may not move it.

    >>> import tempfile
    >>> from pathlib import Path
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     may_be_moved(Path(folder))
    True
    """
    may = os.R_OK | os.W_OK | os.X_OK
    return os.access(folder, may, effective_ids=os.access in os.supports_effective_ids)


def exchange(fresh: Path, published: Path, *, former: Path) -> None:
    """Put `fresh` in the place of `published`, and what was there, if anything, in the place of `fresh`.

    >>> import tempfile
    >>> from pathlib import Path
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     new, old = Path(folder, "new"), Path(folder, "old")
    ...     new.mkdir(), old.mkdir()
    ...     (new / "page").touch()
    ...     exchange(new, old, former=Path(folder, "former"))
    ...     sorted(path.relative_to(folder).as_posix() for path in Path(folder).rglob("*"))
    (None, None)
    ['new', 'old', 'old/page']

    On Linux that is one call. Elsewhere, what was there is called `former` until `fresh` has come: who finds it under
    that name, after a run that was killed, has to bring it back.

    Raises OSError where it is not allowed; each is where it was then.
    """
    if not os.path.lexists(published):
        fresh.rename(published)
    elif not _exchanged(fresh, published):
        published.rename(former)
        try:
            fresh.rename(published)
            former.rename(fresh)
        except OSError:
            if published.exists():
                published.rename(fresh)
            former.rename(published)
            raise


def _exchanged(one: Path, other: Path) -> bool:
    """Exchange two folders in one call; False where there is no such call."""
    if sys.platform != "linux":
        return False
    rename = getattr(ctypes.CDLL(None, use_errno=True), "renameat2", None)
    if rename is None:
        return False
    if rename(_AT_FDCWD, os.fsencode(one), _AT_FDCWD, os.fsencode(other), _RENAME_EXCHANGE) == 0:
        return True
    code = ctypes.get_errno()
    if code in _NO_SUCH_CALL:
        return False
    raise OSError(code, os.strerror(code), os.fspath(other))
