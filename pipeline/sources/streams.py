"""Files unpacked while they are read: gzip, bzip2, xz and Zstandard, and how much may come out of one.

Here belongs one file's compression. What is in the file belongs to the readers of the formats.
"""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import os
import zipfile
import zlib
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from pipeline.sources.members import Broken, Unreadable

if TYPE_CHECKING:
    from collections.abc import Callable

    from pipeline.sources.remote import RemoteFile

MOST_TIMES = 500
"""A file may unpack to so many times its size. Text comes to 2 to 8 times, an archive of pages that share a large
template to 200; zeros come to 1,000 in gzip, and to more in the others."""

_AT_ONCE = 1 << 16
"""Bytes that are read, and can be looked at before they are."""

DAMAGED = (EOFError, OSError, zlib.error, lzma.LZMAError, zipfile.BadZipFile, ValueError, MemoryError)
"""What the modules that unpack raise when the bytes are not what they should be."""


class Budget:
    """How many bytes may still be made of one file, by unpacking it or in another way.

    >>> budget = Budget(10, least=5_000)
    >>> budget.spend(5_001)
    Traceback (most recent call last):
    ...
    pipeline.sources.members.Broken: it comes to more than 5000 bytes, the limit for a file of 10

    Whatever is made of a file, `least` bytes are allowed.
    """

    def __init__(self, size: int, *, least: int) -> None:
        self._size, self._limit = size, max(least, MOST_TIMES * size)
        self._spent = 0

    def spend(self, count: int) -> None:
        """Take so many bytes; :class:`pipeline.sources.members.Broken` where they are too many."""
        self._spent += count
        if self._spent > self._limit:
            message = f"it comes to more than {self._limit} bytes, the limit for a file of {self._size}"
            raise Broken(message, reason="too_large")


class Metered(io.RawIOBase):
    """A stream that is unpacked on a budget, and whose damage is said in one way, by the error given for it.

    What comes out before the damage can be read.
    """

    def __init__(self, stream: Any, budget: Budget, *, raises: type[Broken | Unreadable] = Broken) -> None:  # noqa: ANN401  each module has its own
        self._stream, self._budget = stream, budget
        self._raises, self._problem = raises, ""

    def readable(self) -> bool:
        """It can be read, and nothing else."""
        return True

    def readinto(self, buffer: Any, /) -> int:  # noqa: ANN401  what a buffer is called, Python 3.11 does not say
        """Fill the buffer, as far as there is anything left."""
        view = memoryview(buffer).cast("B")
        filled = 0
        while filled < len(view) and not self._problem:
            try:
                data = self._stream.read1(len(view) - filled)
            except DAMAGED as error:
                self._problem = damage(error)
                break
            if not data:
                break
            view[filled : filled + len(data)] = data
            filled += len(data)
        if self._problem and not filled:
            raise self._raises(self._problem)
        self._budget.spend(filled)
        return filled

    def close(self) -> None:
        """Close what is unpacked, too."""
        if not self.closed:
            self._stream.close()
        super().close()


def damage(error: BaseException) -> str:
    """What an error of a module that unpacks says about the file.

    >>> damage(EOFError("Compressed file ended before the end-of-stream marker was reached"))
    'it is damaged or cut short: Compressed file ended before the end-of-stream marker was reached'
    """
    said = " ".join(str(error).split()) or type(error).__name__
    return f"it is damaged or cut short: {said}"


class _Compression(NamedTuple):
    """How a file is compressed: the ends of its name, with what is left of each; its first bytes; how to unpack it."""

    suffixes: dict[str, str]
    magic: bytes
    unpack: Callable[[io.BufferedReader], Any]


def _zstandard(stream: io.BufferedReader) -> Any:  # noqa: ANN401  the stubs do not know it
    import pyarrow as pa  # noqa: PLC0415  it is heavy, and few files need it

    return pa.CompressedInputStream(pa.PythonFile(stream, mode="r"), "zstd")


_COMPRESSIONS = (
    _Compression({".gz": "", ".tgz": ".tar"}, b"\x1f\x8b", lambda stream: gzip.GzipFile(fileobj=stream)),
    _Compression({".bz2": "", ".tbz2": ".tar", ".tbz": ".tar"}, b"BZh", bz2.BZ2File),
    _Compression({".xz": "", ".txz": ".tar"}, b"\xfd7zXZ\x00", lzma.LZMAFile),
    _Compression({".zst": "", ".tzst": ".tar"}, b"\x28\xb5\x2f\xfd", _zstandard),
)

COMPRESSED = tuple(suffix for one in _COMPRESSIONS for suffix in one.suffixes)
"""The ends of the names of compressed files."""


_OPEN_FLAGS = (
    os.O_RDONLY
    | getattr(os, "O_BINARY", 0)
    | getattr(os, "O_CLOEXEC", 0)
    # A file that became a pipe or a link since it was found must neither block the run nor lead it elsewhere.
    | getattr(os, "O_NONBLOCK", 0)
    | getattr(os, "O_NOFOLLOW", 0)
)


def opened(path: Path | RemoteFile) -> io.BufferedReader:
    """A file opened for reading, which is neither a link nor waits for a writer; OSError where it cannot be."""
    if not isinstance(path, Path):
        return path.open()
    return io.BufferedReader(io.FileIO(os.open(path, _OPEN_FLAGS), "rb"), _AT_ONCE)


def size_of(file: io.BufferedReader) -> int:
    """How many bytes a file has that was just opened; 0 where its end cannot be looked for."""
    if not file.seekable():
        return 0
    size = file.seek(0, io.SEEK_END)
    file.seek(0)
    return size


def buffered(stream: io.RawIOBase) -> io.BufferedReader:
    """The stream with room to look ahead."""
    return io.BufferedReader(stream, _AT_ONCE)


def unpacked(name: str, stream: io.BufferedReader, budget: Budget) -> tuple[str, io.BufferedReader]:
    """The name and the bytes of what is compressed in a file; the file itself where nothing is.

    >>> packed = io.BufferedReader(io.BytesIO(gzip.compress("正文".encode())))
    >>> name, stream = unpacked("a.txt.gz", packed, Budget(100, least=1_000))
    >>> name, stream.read().decode()
    ('a.txt', '正文')

    Name and first bytes have to agree: a text that is called `a.gz` is one.
    """
    for one in _COMPRESSIONS:
        for suffix, instead in one.suffixes.items():
            if name.lower().endswith(suffix) and stream.peek(len(one.magic)).startswith(one.magic):
                return name[: -len(suffix)] + instead, buffered(Metered(one.unpack(stream), budget))
    return name, stream
