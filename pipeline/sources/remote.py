"""Folders of crawled documents that lie elsewhere: whatever fsspec has an address for (s3://, gs://, hf://, memory://).

Here belongs how such a folder is told from one on a disk, listed and read. Which of its files hold documents is said in
:mod:`pipeline.sources.files`, and what is in them in :mod:`pipeline.sources.containers`, as of any other file.
"""

from __future__ import annotations

import errno
import functools
import io
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from pipeline.sources.streams import buffered

if TYPE_CHECKING:
    from collections.abc import Iterator

_ADDRESS = re.compile(r"(?:[A-Za-z][A-Za-z0-9+.-]+(?:::|://))")
_OF_A_DISK = "file://"
_OF_ONE_PROCESS = "memory"
"""A file system that no other process can see."""

_WRITTEN = ("ETag", "etag", "mtime", "LastModified", "last_modified", "updated", "modified", "created", "version_id")
"""What file systems call the signs by which a file that was written again is another one."""


class Unreachable(Exception):
    """A folder cannot be listed; the message says why, without its address and without what to do."""


@dataclass(frozen=True, slots=True)
class RemoteFolder:
    """A folder by its address.

    >>> import fsspec
    >>> _ = fsspec.filesystem("memory").pipe("/crawl/a/b.txt", "正文".encode())
    >>> [(file.relative, file.name, file.open().read().decode()) for file in RemoteFolder("memory://crawl").files()]
    [('a/b.txt', 'b.txt', '正文')]

    Keys and other settings of a file system are the environment's, as fsspec reads them: `FSSPEC_S3_KEY` and the like,
    or the file system's own.
    """

    address: str

    def __fspath__(self) -> str:
        return self.address

    def absolute(self) -> RemoteFolder:
        """The folder itself: an address says where it is."""
        return self

    def files(self) -> Iterator[RemoteFile]:
        """Every file below the folder, in whatever order the file system lists them.

        Raises :class:`Unreachable` where it cannot be listed.
        """
        for relative, _ in self._listed():
            yield RemoteFile(self, relative)

    def look(self) -> list[tuple[str, str]]:
        """Name, size and time of writing of every file, sorted; what is there of the three."""
        return sorted(
            (relative, repr([str(info[key]) for key in ("size", *_WRITTEN) if key in info]))
            for relative, info in self._listed()
        )

    def _listed(self) -> Iterator[tuple[str, dict[str, Any]]]:
        try:
            files, root = _file_system(self.address)
            is_file, is_there = files.isfile(root), files.exists(root)
            # Folder by folder: an answer with every file of a crawl at once is as large as the list of inputs.
            walked = files.walk(root, detail=True, on_error="raise") if is_there and not is_file else ()
            for folder, _, found in walked:
                below = folder.rstrip("/")[len(root.rstrip("/")) :].strip("/")
                # Without a name are the objects that some make to stand for an empty folder.
                yield from ((f"{below}/{name}".lstrip("/"), info) for name, info in found.items() if name)
        except Exception as error:
            said = " ".join(str(getattr(error, "strerror", None) or error).split()) or type(error).__name__
            message = f"cannot be listed ({said})"
            raise Unreachable(message) from error
        if is_file or not is_there:
            message = "is no folder" if is_file else "does not exist"
            raise Unreachable(message)


RawFolder: TypeAlias = Path | RemoteFolder
"""Where crawled documents lie."""


@dataclass(frozen=True, slots=True)
class RemoteFile:
    """A file of a remote folder; it can be sent to another process, which finds it by its address.

    One that only this process can see (`memory://`) is sent with its bytes.
    """

    folder: RemoteFolder
    relative: str
    content: bytes | None = field(default=None, compare=False, repr=False)

    @property
    def name(self) -> str:
        """The last part of its name."""
        return self.relative.rpartition("/")[2]

    def open(self) -> io.BufferedReader:
        """The file opened for reading; OSError where it cannot be, whatever its file system raises."""
        if self.content is not None:
            return buffered(_Remote(io.BytesIO(self.content)))
        try:
            files, root = _file_system(self.folder.address)
            return buffered(_Remote(files.open(f"{root.rstrip('/')}/{self.relative}", "rb")))
        except Exception as error:
            raise _as_os_error(error) from error

    def __reduce__(self) -> tuple[type[RemoteFile], tuple[RemoteFolder, str, bytes | None]]:
        content = self.content
        if content is None and self.folder.address.startswith(f"{_OF_ONE_PROCESS}:"):
            with self.open() as file:
                content = file.read()
        return RemoteFile, (self.folder, self.relative, content)


def folder_named(name: str) -> RawFolder:
    """The folder that a person names: by an address, or by a path.

    >>> folder_named("s3://crawls/2024"), folder_named("file:///tmp/raw").as_posix(), folder_named("raw").as_posix()
    (RemoteFolder(address='s3://crawls/2024'), '/tmp/raw', 'raw')
    """
    if name.startswith(_OF_A_DISK):
        return Path(name.removeprefix(_OF_A_DISK))
    return RemoteFolder(name) if _ADDRESS.match(name) else Path(name)


@functools.cache
def _file_system(address: str) -> tuple[Any, str]:
    """The file system of an address, and what the folder is called there."""
    from fsspec.core import url_to_fs  # noqa: PLC0415  a folder on a disk does without

    files, root = url_to_fs(address)
    return files, root


def _as_os_error(error: Exception) -> OSError:
    """Whatever a file system raises, with words for the row of the file."""
    if isinstance(error, OSError) and error.strerror:
        return error
    if isinstance(error, FileNotFoundError):
        return FileNotFoundError(errno.ENOENT, "No such file or directory")
    return OSError(errno.EIO, "Input/output error")


class _Remote(io.RawIOBase):
    """A file of fsspec as one of this library's: its errors are OSErrors with words."""

    def __init__(self, file: Any) -> None:  # noqa: ANN401  each file system has its own
        self._file = file

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return bool(self._file.seekable())

    def seek(self, offset: int, whence: int = io.SEEK_SET, /) -> int:
        return int(self._file.seek(offset, whence))

    def tell(self) -> int:
        return int(self._file.tell())

    def readinto(self, buffer: Any, /) -> int:  # noqa: ANN401  what a buffer is called, Python 3.11 does not say
        view = memoryview(buffer).cast("B")
        try:
            data = self._file.read(len(view))
        except Exception as error:
            raise _as_os_error(error) from error
        view[: len(data)] = data
        return len(data)

    def close(self) -> None:
        if not self.closed:
            self._file.close()
        super().close()
