"""What helps where a disk does not take or give what it should.

Here belongs what is said of the system's errors. What was being written, and whether it can be elsewhere, is said where
it is written.
"""

from __future__ import annotations

import errno

_HELPS = {
    errno.ENOSPC: "free some space",
    errno.EDQUOT: "free some space",
    errno.EFBIG: "allow larger files",
    errno.EROFS: "allow writing there",
    errno.EIO: "have the disk looked at",
}


def what_helps(code: int | None) -> str | None:
    """What to do about an error of a disk, by its number; None where it is another error.

    >>> what_helps(errno.ENOSPC), what_helps(errno.ENOENT)
    ('free some space', None)
    """
    return None if code is None else _HELPS.get(code)
