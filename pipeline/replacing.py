"""A folder of pages takes the place of the former one: whole, and only where that was made here.

Here belongs how that is made sure of. What is in the pages belongs in :mod:`pipeline.report` and
:mod:`pipeline.validate.data_docs`; the dataset itself is exchanged in :mod:`pipeline.publish`.
"""

from __future__ import annotations

import glob
import os
import shutil
from contextlib import contextmanager
from typing import TYPE_CHECKING, NamedTuple
from uuid import uuid4

from pipeline.exchanging import exchange
from pipeline.holding import held
from pipeline.places import what_helps
from pipeline.sources.files import BadInput

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

INDEX = "index.html"
"""The page to begin with, in every folder of pages."""

_HEAD_BYTES = 2_000
"""Within so many bytes an index page says what made it."""


class Pages(NamedTuple):
    """A kind of folder of pages: what it is called, and what its index page says of itself.

    >>> Pages("report", "zhengwen report").made_by
    'zhengwen report'
    """

    called: str
    made_by: str


def check_replaceable(folder: Path, pages: Pages) -> None:
    """Make sure that pages may be written to `folder`: it is missing or empty, or holds such pages that were made here.

    >>> from pathlib import Path
    >>> check_replaceable(Path("expectations"), Pages("report", "zhengwen report"))
    Traceback (most recent call last):
    ...
    pipeline.sources.files.BadInput: 'expectations' holds no report and would be lost: move it, or name another folder

    Raises :class:`pipeline.sources.files.BadInput` where they may not.
    """
    name = os.fspath(folder)
    try:
        if not os.path.lexists(folder):
            folder.parent.mkdir(parents=True, exist_ok=True)
        elif not folder.is_dir():
            message = f"{name!r} is no folder: name one for the {pages.called}"
            raise BadInput(message)
        elif any(folder.iterdir()) and not _made_here(folder, pages):
            message = f"{name!r} holds no {pages.called} and would be lost: move it, or name another folder"
            raise BadInput(message)
    except OSError as error:
        raise _unwritable(folder, error) from error


@contextmanager
def replaced(folder: Path, pages: Pages) -> Iterator[Path]:
    """An empty folder to write pages to, which takes the place of `folder` when they are complete.

    Where writing fails, the former pages stay. A link to a folder stays, and what it leads to is replaced. Several runs
    may write the same pages at once: each has a folder of its own, and the pages of the last one stay.

    Raises :class:`pipeline.sources.files.BadInput` where `folder` cannot be written or holds something else.
    """
    check_replaceable(folder, pages)
    place = folder.resolve()
    try:
        _sweep(place)
        with _folder_beside(place) as fresh:
            yield fresh
            exchange(fresh, place, former=fresh.with_name(f"{fresh.name}-former"))
    except OSError as error:
        if error.errno is None:  # what Arrow raises for a table that it cannot read
            raise
        raise _unwritable(folder, error) from error


@contextmanager
def _folder_beside(place: Path) -> Iterator[Path]:
    fresh = place.with_name(f".{place.name}.fresh-{uuid4().hex}")
    fresh.mkdir()
    try:
        with held(fresh, wait=True):
            yield fresh
    finally:
        shutil.rmtree(fresh, ignore_errors=True)


def _sweep(place: Path) -> None:
    """Remove what killed runs have left, which nobody holds; who has just begun may not hold its empty folder yet."""
    for left in place.parent.glob(f".{glob.escape(place.name)}.fresh-*"):
        with held(left) as is_ours:
            if is_ours and any(left.iterdir()):
                shutil.rmtree(left, ignore_errors=True)


def _made_here(folder: Path, pages: Pages) -> bool:
    index = folder / INDEX
    if not index.is_file():
        return False
    with index.open("rb") as opened:
        return pages.made_by.encode() in opened.read(_HEAD_BYTES)


def _unwritable(folder: Path, error: OSError) -> BadInput:
    name, helps = os.fspath(folder), what_helps(error.errno) or "allow it"
    then = "or name another folder for the pages" if helps == "allow it" else "and run it again"
    return BadInput(f"{name!r} cannot be written ({error.strerror}): {helps}, {then}")
