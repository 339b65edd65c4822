"""ZIP archives: their files, from the directory at the end."""

from __future__ import annotations

import stat
import zipfile
from functools import partial
from typing import TYPE_CHECKING

from pipeline.sources.members import Broken, Entry, Unreadable
from pipeline.sources.names import readable_names
from pipeline.sources.streams import DAMAGED, Metered, buffered, damage

if TYPE_CHECKING:
    import io
    from collections.abc import Iterator

    from pipeline.sources.streams import Budget

_ENCRYPTED, _IN_UTF8 = 0x1, 0x800
"""Of the flags of a file in an archive, as PKWARE's APPNOTE numbers them."""


def is_zip(head: bytes) -> bool:
    r"""Whether a file begins as a ZIP archive does, an empty one too.

    >>> is_zip(b"PK\x03\x04"), is_zip(b"PKZIP")
    (True, False)
    """
    return head.startswith((b"PK\x03\x04", b"PK\x05\x06"))


def zip_entries(stream: io.BufferedReader, budget: Budget) -> Iterator[Entry]:
    """The files of an archive, in the order of its directory.

    Set aside are encrypted files, those packed in a way that Python cannot unpack, and links. The bytes of a name that
    is not said to be UTF-8 are weighed, and not read in the code page 437 that the format prescribes and nobody in
    China wrote. Raises :class:`pipeline.sources.members.Broken` where there is no directory: an archive that was cut
    short has none.
    """
    try:
        with zipfile.ZipFile(stream) as archive:
            files = [info for info in archive.infolist() if not info.is_dir()]
            for info, name in zip(files, _names(files), strict=True):
                yield _entry(archive, info, name, budget)
    except (zipfile.BadZipFile, UnicodeDecodeError) as error:
        raise Broken(damage(error)) from error


def _names(files: list[zipfile.ZipInfo]) -> Iterator[str]:
    """The names of files, those without a flag as bytes in whatever they were written in."""
    unsaid = readable_names(info.filename.encode("cp437") for info in files if not info.flag_bits & _IN_UTF8)
    for info in files:
        # Some tools of Windows wrote its own separator.
        yield (info.filename if info.flag_bits & _IN_UTF8 else next(unsaid)).replace("\\", "/")


def _entry(archive: zipfile.ZipFile, info: zipfile.ZipInfo, name: str, budget: Budget) -> Entry:
    if info.flag_bits & _ENCRYPTED:
        return Entry(name, reason="unreadable", detail="it is encrypted")
    if stat.S_ISLNK(info.external_attr >> 16):
        return Entry(name, reason="unreadable", detail="a link, not a file")
    return Entry(name, partial(_opened, archive, info, budget))


def _opened(archive: zipfile.ZipFile, info: zipfile.ZipInfo, budget: Budget) -> io.BufferedReader:
    try:
        # What is wrong with one file is wrong with it alone.
        return buffered(Metered(archive.open(info), budget, raises=Unreadable))
    except (NotImplementedError, RuntimeError, *DAMAGED) as error:
        raise Unreadable(damage(error)) from error
