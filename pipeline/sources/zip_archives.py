"""ZIP archives: their files, from the directory at the end."""

from __future__ import annotations

import bz2
import copy
import lzma
import stat
import struct
import zipfile
import zlib
from functools import partial
from typing import IO, TYPE_CHECKING, Any, cast

from pipeline.sources.members import Broken, Entry, Unreadable
from pipeline.sources.names import readable_names
from pipeline.sources.streams import DAMAGED, Metered, buffered, damage

if TYPE_CHECKING:
    import io
    from collections.abc import Iterator

    from pipeline.sources.streams import Budget

_ENCRYPTED, _IN_UTF8 = 0x1, 0x800
"""Of the flags of a file in an archive, as PKWARE's APPNOTE numbers them."""

_ENDS_ITSELF, _UNSAID = 0x2, (1 << 64) - 1
"""Of files in LZMA, a flag: a mark says where one ends; and how long such a one is, then."""


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


def _unpacking(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> Any:  # noqa: ANN401  each module has its own
    """What unpacks a file by and by: zipfile unpacks bzip2 and LZMA at once, and a kilobyte may be gigabytes."""
    if info.compress_type in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        return archive.open(info)
    if info.compress_type not in (zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA):
        message = "it is packed in a way that nothing here can unpack"
        raise Unreadable(message)
    packed = copy.copy(info)
    packed.compress_type, packed.file_size = zipfile.ZIP_STORED, info.compress_size
    del packed.CRC  # it is that of what is unpacked
    stream = archive.open(packed)
    if info.compress_type == zipfile.ZIP_BZIP2:
        return _Checked(bz2.BZ2File(stream), info)
    size = int.from_bytes(stream.read(4)[2:], "little")
    length = _UNSAID if info.flag_bits & _ENDS_ITSELF else info.file_size
    head = stream.read(size) + struct.pack("<Q", length)
    return _Checked(lzma.LZMAFile(cast("IO[bytes]", _Behind(head, stream)), format=lzma.FORMAT_ALONE), info)


class _Behind:
    """A stream behind some bytes."""

    def __init__(self, head: bytes, stream: IO[bytes]) -> None:
        self._head, self._stream = head, stream

    def read(self, size: int = -1) -> bytes:
        """The next bytes."""
        head, self._head = self._head, b""
        return head or self._stream.read(size)


class _Checked:
    """A file as it is unpacked, whose checksum is that of the directory, or the end is an error."""

    def __init__(self, stream: bz2.BZ2File | lzma.LZMAFile, info: zipfile.ZipInfo) -> None:
        self._stream, self._info, self._sum = stream, info, 0

    def read1(self, size: int) -> bytes:
        """The next bytes."""
        found = self._stream.read1(size)
        self._sum = zlib.crc32(found, self._sum)
        if not found and self._sum != self._info.CRC:
            message = "what it unpacks to does not fit its checksum"
            raise Unreadable(message)
        return found

    def close(self) -> None:
        """Close what is unpacked, too."""
        self._stream.close()


def _opened(archive: zipfile.ZipFile, info: zipfile.ZipInfo, budget: Budget) -> io.BufferedReader:
    try:
        # What is wrong with one file is wrong with it alone.
        return buffered(Metered(_unpacking(archive, info), budget, raises=Unreadable))
    except (NotImplementedError, RuntimeError, *DAMAGED) as error:
        raise Unreadable(damage(error)) from error
