"""Tar archives: their files, one behind the other, as they are read."""

from __future__ import annotations

import os
import tarfile
from tarfile import EOFHeaderError, InvalidHeaderError, TruncatedHeaderError  # type: ignore[attr-defined]  # the stubs lack them
from typing import TYPE_CHECKING, Self, cast

from pipeline.sources.members import Broken, Entry
from pipeline.sources.names import leads_out, readable_names
from pipeline.sources.streams import DAMAGED, damage

if TYPE_CHECKING:
    import io
    from collections.abc import Iterator

    from pipeline.sources.streams import Budget

_KINDS = {
    tarfile.CHRTYPE: "a device",
    tarfile.BLKTYPE: "a device",
    tarfile.FIFOTYPE: "a named pipe",
}
_BLOCK = tarfile.BLOCKSIZE


def is_tar(head: bytes) -> bool:
    """Whether the first block of a file is the head of a file in a tar archive: its checksum says so.

    >>> is_tar(b"a" * 512)
    False
    """
    try:
        tarfile.TarInfo.frombuf(head[:_BLOCK], "utf-8", "surrogateescape")
    except (tarfile.HeaderError, ValueError):
        return False
    return True


_LONG_HEADS = frozenset(
    (tarfile.GNUTYPE_LONGLINK, tarfile.GNUTYPE_LONGNAME, tarfile.SOLARIS_XHDTYPE, tarfile.XGLTYPE, tarfile.XHDTYPE)
)
_LONGEST_HEAD = 1 << 20
"""Bytes that a head may take beyond its block, where a long name stands; tarfile reads them at once."""


class _Header(tarfile.TarInfo):
    """The head of a file in an archive; tarfile takes a damaged one for the end, and says nothing."""

    @classmethod
    def frombuf(cls, buf: bytes | bytearray, encoding: str, errors: str) -> Self:
        """A head as its block says."""
        if len(buf) < _BLOCK and buf and not any(buf):
            raise EOFHeaderError  # zeros behind the end, not a whole block of them
        found = super().frombuf(buf, encoding, errors)
        if found.type in _LONG_HEADS and found.size > _LONGEST_HEAD:
            message = f"the head of a file is longer than {_LONGEST_HEAD} bytes"
            raise Broken(message)
        return found

    @classmethod
    def fromtarfile(cls, tarfile: tarfile.TarFile) -> Self:  # the name that it has there
        """The next head."""
        try:
            return super().fromtarfile(tarfile)
        except (InvalidHeaderError, TruncatedHeaderError) as error:
            raise Broken(damage(error)) from error


def tar_entries(stream: io.BufferedReader, budget: Budget) -> Iterator[Entry]:
    """The files of an archive, in its order; the archive is read once, from its beginning to its end.

    A link has a row that says so: what it leads to in the archive is an entry of its own. Folders have none. Archives
    behind one another in one file, each with its end, are read as one: what stands behind an end is no less there.
    Raises :class:`pipeline.sources.members.Broken` where the archive is damaged or cut short.
    """
    del budget  # what is packed in a tar archive is as long as it is unpacked
    try:
        # As a stream, tarfile cannot be led back by a forged size, and reads nothing twice.
        with tarfile.open(
            fileobj=stream, mode="r|", encoding="utf-8", errors="surrogateescape", tarinfo=_Header, ignore_zeros=True
        ) as archive:
            while (info := archive.next()) is not None:
                archive.members.clear()  # type: ignore[attr-defined]  # it would keep them all
                if not info.isdir():
                    yield _entry(archive, info)
    except (tarfile.TarError, *DAMAGED) as error:
        raise Broken(damage(error)) from error


def _entry(archive: tarfile.TarFile, info: tarfile.TarInfo) -> Entry:
    name = next(readable_names([os.fsencode(info.name)]))
    while name.startswith("./"):
        name = name[2:]
    if info.issym() or info.islnk():
        # A symbolic link is relative to where it stands, a hard one to the archive.
        target = info.linkname if info.islnk() else f"{os.path.dirname(name)}/{info.linkname}".lstrip("/")  # noqa: PTH120  a name, no path
        if leads_out(info.linkname if info.linkname.startswith("/") else target):
            return Entry(name, reason="unsafe_path", detail="a link that leads out of the archive")
        return Entry(name, reason="unreadable", detail="a link, not a file")
    if not info.isreg():
        return Entry(name, reason="unreadable", detail=f"{_KINDS.get(info.type, 'something else')}, not a file")
    return Entry(name, lambda: cast("io.BufferedReader", archive.extractfile(info)))
