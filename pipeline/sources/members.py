"""What a container holds: files of an archive, records of a file, and what went wrong with them.

Here belong the values that the readers of all formats make, and their errors. Which formats there are is said in
:mod:`pipeline.sources.containers`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import io
    from collections.abc import Callable


class Unreadable(Exception):
    """An input cannot be read as it was found; the message is the detail for its row."""


class Broken(Exception):
    """The rest of a container cannot be read: `reason` is the one for its row, the message the detail.

    What was read before counts.
    """

    def __init__(self, message: str, *, reason: str = "unreadable") -> None:
        super().__init__(message)
        self.reason = reason


class Entry(NamedTuple):
    """A file in an archive: its name there, how to open it, or why it is set aside, and then nothing opens it.

    The stream is for reading once, and before the next entry is asked for.
    """

    name: str
    open: Callable[[], io.BufferedReader] | None = None
    reason: str | None = None
    detail: str = ""


class Member(NamedTuple):
    """One document in a container: what stands behind the container's name in `raw_path`, and its bytes.

    One that is set aside has a `reason`, and bytes only where they could be had. `header` is the first row of the table
    that the member is a row of, `encoding` what the container is written in; both are empty where there is nothing to
    say.
    """

    suffix: str
    content: bytes | None = None
    reason: str | None = None
    detail: str = ""
    header: str = ""
    encoding: str = ""


def oversized(suffix: str, limit: int) -> Member:
    """A member that is larger than the limit: how much larger it is, nobody has looked.

    >>> oversized("#L12", 1000).detail
    'more than 1000 bytes, the limit'
    """
    return Member(suffix, None, "too_large", f"more than {limit} bytes, the limit")
