"""What the system says of a place that cannot be read or written, and what helps.

Here belongs which of its errors are about a place, and so no defect of the pipeline. Who looks at a place before all
work has sentences of their own, which name the option by which another can be given.
"""

from __future__ import annotations

import errno
import os
import re
from typing import NamedTuple

_HELP = {
    errno.EACCES: "allow it",
    errno.EDQUOT: "free some space",
    errno.EFBIG: "allow larger files",
    errno.EIO: "have the disk looked at",
    errno.EISDIR: "move away the folder that stands in the place of a file",
    errno.ELOOP: "move away the links that lead to one another",
    errno.EMFILE: "allow more open files (ulimit -n)",
    errno.ENAMETOOLONG: "name a folder with a shorter path",
    errno.ENFILE: "close other programs, which have too many files open",
    errno.ENOSPC: "free some space",
    errno.ENOTDIR: "move away the file that stands in the place of a folder",
    errno.EPERM: "allow it",
    errno.EROFS: "allow writing there",
    errno.ESTALE: "mount the network's folder again",
    errno.ETXTBSY: "end the program that uses it",
}
"""Errors of the system that are about a place, and what helps."""

_SAID = re.compile(r"\[Errno (?P<code>\d+)\](?:[^'\"]*: (?P<quote>['\"])(?P<path>.*?)(?P=quote))?", re.DOTALL)


class Trouble(NamedTuple):
    """What is wrong with a place: its path, where the system says it, the system's words, and what helps."""

    path: str | None
    said: str
    help: str

    def __str__(self) -> str:
        """A line about it.

        >>> str(trouble_of_place("[Errno 13] Permission denied: 'output/.lock'"))
        "'output/.lock' cannot be read or written (Permission denied): allow it, and run this again"
        """
        where = "the output or a file" if self.path is None else repr(self.path)
        return f"{where} cannot be read or written ({self.said}): {self.help}, and run this again"


def what_helps(code: int | None) -> str | None:
    """What to do about an error of the system, by its number; None where it is not about a place.

    >>> what_helps(errno.ENOSPC), what_helps(errno.ENOENT)
    ('free some space', None)
    """
    return None if code is None else _HELP.get(code)


def trouble_of_place(message: str) -> Trouble | None:
    """What is wrong with a place, by the message of an error; None where the error is about something else.

    >>> trouble_of_place("OSError: [Errno 28] No space left on device")
    Trouble(path=None, said='No space left on device', help='free some space')
    >>> trouble_of_place("ValueError: 28")

    Of a file that is not there nothing is said here: who looks for it knows whether it should be.
    """
    if (found := _SAID.search(message)) is None or (code := int(found["code"])) not in _HELP:
        return None
    return Trouble(found["path"], os.strerror(code), _HELP[code])
