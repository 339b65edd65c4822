"""One document that a person names: a file, or a member of a container as `raw_path` has it.

Here belongs finding it, and saying what to name instead. What is below a folder is found in
:mod:`pipeline.sources.files`.
"""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path
from typing import NamedTuple

from pipeline.sources.containers import members
from pipeline.sources.files import BadInput
from pipeline.sources.members import Member
from pipeline.visible import visible_path

_MEMBER = re.compile(r"!/|#[LR]\d+(?:#\d+)?$")


class Named(NamedTuple):
    """The bytes of one document, and what its container says beside them."""

    content: bytes
    header: str = ""
    encoding: str = ""


def is_there(name: str) -> bool:
    """Whether a name is that of a file, or of something in a file.

    >>> is_there("nowhere.zip!/a.txt"), is_there("3f2a9c")
    (False, False)
    """
    return Path(name).exists() or _container_of(name) is not None


def read_named(name: str, *, maximum_bytes: int) -> Named:
    """The document of this name.

    Raises :class:`pipeline.sources.files.BadInput` where there is none, where it cannot be read, and for a container:
    the message says which of its documents could be named.
    """
    try:
        if not Path(name).exists() and (container := _container_of(name)) is not None:
            return _member(container, name, maximum_bytes)
        found = members(Path(name), maximum_bytes=maximum_bytes) if Path(name).is_file() else None
        if found is None:
            with Path(name).open("rb") as file:  # a pipe or a device may have no end
                return Named(file.read(-1 if Path(name).is_file() else maximum_bytes + 1))
    except OSError as error:
        message = f"{visible_path(name)!r} cannot be read ({error.strerror})"
        message += ": name a file that you may read, or - for standard input"
        raise BadInput(message) from error
    first = next(found)
    if not first.suffix and first.content is not None:
        return Named(first.content)
    if not first.suffix:
        message = f"{visible_path(name)!r} cannot be read: {first.detail}"
    else:
        message = (
            f"{visible_path(name)!r} holds documents: name one of them, such as {visible_path(name + first.suffix)!r}"
        )
    raise BadInput(message)


def _container_of(name: str) -> str | None:
    """The file that holds what is named, as far as the name says so."""
    ends = (match.start() for match in _MEMBER.finditer(name))
    return next((name[:end] for end in ends if Path(name[:end]).is_file()), None)


def _member(container: str, name: str, maximum_bytes: int) -> Named:
    seen: Counter[str] = Counter()
    last = Member("")
    for last in members(Path(container), maximum_bytes=maximum_bytes) or ():
        seen[last.suffix] += 1
        suffix = last.suffix if seen[last.suffix] == 1 else f"{last.suffix}#{seen[last.suffix]}"
        if container + suffix == name:
            if last.content is None or last.reason is not None:
                message = f"{visible_path(name)!r} cannot be read: {last.detail}"
                raise BadInput(message)
            return Named(last.content, last.header, last.encoding)
    there = (
        f"its last document is {visible_path(container + last.suffix)!r}" if last.suffix else last.detail or "it is one"
    )
    message = f"there is no {visible_path(name)!r} in {visible_path(container)!r}: {there}"
    raise BadInput(message)
