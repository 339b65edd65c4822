"""Plain files below the raw folder: which they are, what speaks against reading one, and their bytes.

Here belongs the walk over a folder, which alters nothing. What the bytes mean belongs to the decode stage; a container
format (an archive, JSON lines) is another reader beside this one.
"""

from __future__ import annotations

import codecs
import hashlib
import os
import stat
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from pipeline.options import MAXIMUM_BYTES

if TYPE_CHECKING:
    from collections.abc import Iterator

LITTER = frozenset({".DS_Store", ".gitignore", ".gitkeep", "Thumbs.db", "desktop.ini"})
"""Names that an operating system or git leaves in folders: beside the top README.md the only files without a row."""

DESCRIPTION = "README.md"
"""At the top of the raw folder this file describes the others, and is none of them."""

_FILE_TYPES = (
    (stat.S_ISFIFO, "a named pipe"),
    (stat.S_ISSOCK, "a socket"),
    (stat.S_ISBLK, "a device"),
    (stat.S_ISCHR, "a device"),
)
_OPEN_FLAGS = (
    os.O_RDONLY
    | getattr(os, "O_BINARY", 0)
    | getattr(os, "O_CLOEXEC", 0)
    # A file that became a pipe or a link since it was found must neither block the run nor lead it elsewhere.
    | getattr(os, "O_NONBLOCK", 0)
    | getattr(os, "O_NOFOLLOW", 0)
)


class BadInput(Exception):
    """What the user named cannot be worked with; the message is one line: what, where, what to do."""


class Unreadable(Exception):
    """An input cannot be read as it was found; the message is the detail for its row."""


class Input(NamedTuple):
    """One input: what tables call it, the file that holds its bytes, and why it is set aside, where it is.

    `reason` is `unreadable`, `unsafe_path` or `too_large`, with a `detail`; else None. Size and hash are None where the
    bytes could not be had; a file that is too large has both.
    """

    raw_path: str
    path: Path
    bytes: int | None
    raw_sha256: str | None
    reason: str | None = None
    detail: str = ""


def find_inputs(raw: Path, *, maximum_bytes: int = MAXIMUM_BYTES.preset) -> list[Input]:
    """Every input below the folder `raw`, sorted by `raw_path`.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     _ = Path(folder, "README.md").write_text("what is here")
    ...     _ = Path(folder, "a.txt").write_text("正文", "utf-8")
    ...     [(found.raw_path, found.bytes, found.reason) for found in find_inputs(Path(folder))]
    [('a.txt', 6, None)]

    Left out are the top `README.md` (:data:`DESCRIPTION`) and :data:`LITTER`; any other file has a row, with a reason
    where it cannot be read: a broken link, no permission, a pipe, a device. A link to a file that lies in `raw` is an
    input of its own; one that leads out of `raw` is `unsafe_path` and not followed. A link to a folder in `raw` has no
    row, since the files there are inputs already. A folder that cannot be listed is one row. A file of more than
    `maximum_bytes` is `too_large`; the longest law book in Chinese is a fiftieth of the preset.

    Raises :class:`BadInput` where `raw` is no folder, cannot be listed, or holds no input.
    """
    home = _opened(raw)
    found = [one for relative in _walk(home) if (one := _examined(home, relative, maximum_bytes)) is not None]
    if not found:
        message = f"{os.fspath(raw)!r} holds no document: put files there (its README.md does not count)"
        raise BadInput(message)
    return sorted(_with_unique_names(found))


def look_of(raw: Path) -> str:
    """What the folder `raw` looks like from outside: another one once a file is new, gone, or was written to.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     before = look_of(Path(folder))
    ...     _ = Path(folder, "a.txt").write_text("正文", "utf-8")
    ...     before == look_of(Path(folder))
    False

    Names, sizes and times of writing are looked at, and no byte of a file is read: a file with another time is another
    one here, though its bytes may be the same.

    Raises :class:`BadInput` where `raw` is no folder or cannot be listed.
    """
    home = _opened(raw)
    seen = []
    for relative in _walk(home):
        try:
            status = os.stat(Path(home, relative))  # noqa: PTH116  the files of a crawl are many
            seen.append((relative, status.st_size, status.st_mtime_ns))
        except OSError as error:
            seen.append((relative, -1, error.errno or 0))
    return hashlib.sha256(repr(sorted(seen)).encode("utf-8", "surrogateescape")).hexdigest()


def read_input(found: Input) -> bytes:
    """The bytes of an input, the same that were there when it was found.

    >>> read_input(Input("gone.txt", Path("gone.txt"), 6, "00"))
    Traceback (most recent call last):
    ...
    pipeline.sources.files.Unreadable: the file cannot be read: No such file or directory

    Raises :class:`Unreadable` where the file has gone or changed since, or was set aside then.
    """
    if found.reason is not None or found.bytes is None:
        raise Unreadable(found.detail)
    try:
        with os.fdopen(os.open(found.path, _OPEN_FLAGS), "rb") as file:
            content = file.read(found.bytes + 1)
    except OSError as error:
        message = f"the file cannot be read: {error.strerror}"
        raise Unreadable(message) from error
    if hashlib.sha256(content).hexdigest() != found.raw_sha256:
        message = "the file changed while the run went on"
        raise Unreadable(message)
    return content


def _opened(raw: Path) -> str:
    """The real path of the raw folder, which can be listed."""
    if not raw.exists():
        message = f"{os.fspath(raw)!r} does not exist: name the folder that holds the crawled documents (--raw DIR)"
        raise BadInput(message)
    if not raw.is_dir():
        message = f"{os.fspath(raw)!r} is no folder: put the documents into a folder and name that (--raw DIR)"
        raise BadInput(message)
    home = os.path.realpath(raw)
    try:
        os.scandir(home).close()
    except OSError as error:
        message = f"{os.fspath(raw)!r} cannot be listed ({error.strerror}): allow reading it, or name another folder"
        raise BadInput(message) from error
    return home


def _walk(home: str) -> Iterator[str]:
    """Every path below `home` that is no folder, and every folder that cannot be listed, relative to it."""
    folders = [""]
    while folders:
        folder = folders.pop()
        try:
            with os.scandir(Path(home, folder)) as entries:
                for entry in entries:
                    if entry.is_dir(follow_symlinks=False):
                        folders.append(folder + entry.name + "/")
                    elif entry.name not in LITTER and folder + entry.name != DESCRIPTION:
                        yield folder + entry.name
        except OSError:
            yield folder.rstrip("/")


def _examined(home: str, relative: str, maximum_bytes: int) -> Input | None:
    path = Path(home, relative)
    try:
        status = path.lstat()
        if stat.S_ISLNK(status.st_mode):
            path = Path(os.path.realpath(path, strict=True))
            if not path.is_relative_to(home):
                return _set_aside(relative, path, "unsafe_path", "a link that leads out of the raw folder")
            status = path.stat()
            if stat.S_ISDIR(status.st_mode):
                return None
        if stat.S_ISDIR(status.st_mode):
            os.scandir(path).close()  # raises the error for which the walk could not go on
        if not stat.S_ISREG(status.st_mode):
            kind = next((name for is_type, name in _FILE_TYPES if is_type(status.st_mode)), "something else")
            return _set_aside(relative, path, "unreadable", f"{kind}, not a file")
        with os.fdopen(os.open(path, _OPEN_FLAGS), "rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
            size = file.tell()
    except OSError as error:
        is_link = Path(home, relative).is_symlink()
        what = "a link that cannot be followed" if is_link else "it cannot be read"
        return _set_aside(relative, path, "unreadable", f"{what}: {error.strerror}")
    if size > maximum_bytes:
        return Input(relative, path, size, digest, "too_large", f"{size} bytes, the limit is {maximum_bytes}")
    return Input(relative, path, size, digest)


def _set_aside(relative: str, path: Path, reason: str, detail: str) -> Input:
    return Input(relative, path, None, None, reason, detail)


def _with_unique_names(found: list[Input]) -> Iterator[Input]:
    """The inputs with `raw_path` as tables have it: UTF-8, or percent-encoded; no two alike."""
    encoded = [(one, _utf8_name(one.raw_path)) for one in found]
    # A name that is UTF-8 stays as it is, unless it reads like the encoded form of another: then its `%` is encoded.
    taken = {name for one, name in encoded if name != one.raw_path}
    for one, name in sorted(encoded, key=lambda pair: pair[1]):
        unique = name
        while name == one.raw_path and unique in taken:
            unique = unique.replace("%", "%25")
        taken.add(unique)
        yield one._replace(raw_path=unique)


def _utf8_name(relative: str) -> str:
    """The path as UTF-8 text; where its bytes are not UTF-8, those are percent-encoded, and `%` with them.

    >>> _utf8_name("50%.txt"), _utf8_name(os.fsdecode("50%-文.txt".encode("gbk")))
    ('50%.txt', '50%25-%CE%C4.txt')
    """
    raw = os.fsencode(relative)
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.replace(b"%", b"%25").decode("utf-8", "pipeline.percent")


def _percent(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return "".join(f"%{byte:02X}" for byte in error.object[error.start : error.end]), error.end


codecs.register_error("pipeline.percent", _percent)
