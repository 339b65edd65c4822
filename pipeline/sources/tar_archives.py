"""Tar archives: their files, one behind the other, as they are read."""

from __future__ import annotations

import os
import re
import tarfile
from tarfile import EOFHeaderError, InvalidHeaderError, TruncatedHeaderError  # type: ignore[attr-defined]  # the stubs lack them
from typing import TYPE_CHECKING, Any, Self, cast

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

_MOST_HEADS = 16
"""Of one file. Three are usual, for a long name, what that leads to, and its own; each is read within the former."""

_GOES_ON = 504
"""Where the last byte of a list of the parts of a sparse file says that another block of it follows."""

_ASKED_FOR = frozenset(
    (b"GNU.sparse.major", b"GNU.sparse.map", b"GNU.sparse.name", b"GNU.sparse.size", b"linkpath", b"path", b"size")
)
_NO_HEAD = "the head of a file cannot be read"
_LENGTH = re.compile(rb"(\d{1,7}) ")
_SIZE = re.compile(r"[0-9]{1,18}")


class _Archive(tarfile.TarFile):
    """An archive, and how many heads are being read within one another."""

    heads = 0


class _Header(tarfile.TarInfo):
    """The head of a file in an archive.

    tarfile takes a damaged one for the end, and says nothing; and of what POSIX lets a head say it keeps all, in time
    and memory that a forged one makes grow with its square. Here it says a name, what a link leads to, and a size.
    """

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
        archive = cast("_Archive", tarfile)
        if archive.heads == _MOST_HEADS:
            message = f"one file has more than {_MOST_HEADS} heads"
            raise Broken(message)
        archive.heads += 1
        try:
            return super().fromtarfile(tarfile)
        except (InvalidHeaderError, TruncatedHeaderError) as error:
            raise Broken(damage(error)) from error
        finally:
            archive.heads -= 1

    def _proc_pax(self, archive: Any) -> Self:  # noqa: ANN401  the stubs do not know what it keeps
        """The next file, with what is said of it; what is said of all files together tells nothing of their texts."""
        said = _said(archive.fileobj.read(_in_blocks(self.size))[: self.size])
        try:
            found = self.fromtarfile(archive)
        except tarfile.HeaderError as error:  # the end, behind which there is nothing to say it of
            raise Broken(_NO_HEAD) from error
        if self.type == tarfile.XGLTYPE:
            return found
        found.name = said.get("GNU.sparse.name", said.get("path", found.name)).rstrip("/")
        found.linkname = said.get("linkpath", found.linkname)
        if "size" in said:
            if not _SIZE.fullmatch(said["size"]):
                raise Broken(_NO_HEAD)
            found.size = int(said["size"])
            if found.isreg() or found.type not in tarfile.SUPPORTED_TYPES:
                archive.offset = found.offset_data + _in_blocks(found.size)
        if found.isreg() and any(key.startswith("GNU.sparse.") for key in said):
            found.type = tarfile.GNUTYPE_SPARSE
        return found

    def _proc_sparse(self, archive: Any) -> Self:  # noqa: ANN401
        """The file itself; where each of its parts belongs is stepped over."""
        _, goes_on, size = self._sparse_structs  # type: ignore[attr-defined]
        while goes_on:
            block = archive.fileobj.read(_BLOCK)
            if len(block) < _BLOCK:
                raise Broken(_NO_HEAD)
            goes_on = block[_GOES_ON]
        self.offset_data = archive.fileobj.tell()
        archive.offset = self.offset_data + _in_blocks(self.size)
        if size == self.size:  # on a disk that compresses, tar calls every file sparse
            self.type = tarfile.REGTYPE
        return self


def _in_blocks(size: int) -> int:
    """How many bytes so many of them take in an archive."""
    return -(-size // _BLOCK) * _BLOCK


def _said(head: bytes) -> dict[str, str]:
    """What a head of POSIX says that is asked for: each record has its length, a blank, a key and a value."""
    found: dict[str, str] = {}
    at = 0
    while length := _LENGTH.match(head, at):
        at, begin = at + int(length[1]), length.end()
        key, sign, value = head[begin:at].partition(b"=")
        if not sign or not value.endswith(b"\n") or at > len(head):
            raise Broken(_NO_HEAD)
        if key in _ASKED_FOR:
            found[key.decode()] = value[:-1].decode("utf-8", "surrogateescape")
    if head[at:].strip(b"\0"):
        raise Broken(_NO_HEAD)
    return found


def tar_entries(stream: io.BufferedReader, budget: Budget) -> Iterator[Entry]:
    """The files of an archive, in its order; the archive is read once, from its beginning to its end.

    A link has a row that says so: what it leads to in the archive is an entry of its own. A sparse file has one as
    well: a few bytes of it are as many as anybody says. Folders have none. Archives behind one another in one file,
    each with its end, are read as one: what stands behind an end is no less there.
    Raises :class:`pipeline.sources.members.Broken` where the archive is damaged or cut short.
    """
    del budget  # what is read of a tar archive is as long as it is there
    try:
        # As a stream, tarfile cannot be led back by a forged size, and reads nothing twice.
        with _Archive.open(
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
    if info.type == tarfile.GNUTYPE_SPARSE:
        return Entry(name, reason="unreadable", detail="a sparse file, of which the archive leaves out the gaps")
    if not info.isreg():
        return Entry(name, reason="unreadable", detail=f"{_KINDS.get(info.type, 'something else')}, not a file")
    return Entry(name, lambda: cast("io.BufferedReader", archive.extractfile(info)))
