"""The inputs below the raw folder: which they are, what speaks against reading one, and their bytes.

Here belongs the walk over a folder, which alters nothing. What a file holds that is a container (an archive, JSON
lines) is said in :mod:`pipeline.sources.containers`, how a folder that lies elsewhere is read in
:mod:`pipeline.sources.remote`; what the bytes mean belongs to the decode stage.
"""

from __future__ import annotations

import hashlib
import os
import re
import stat
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, NamedTuple, Protocol, TypeVar

from pipeline.options import MAXIMUM_BYTES
from pipeline.sources.containers import LITTER, Place, may_hold_members, members, read_member
from pipeline.sources.members import Unreadable
from pipeline.sources.names import leads_out, unique_names, utf8_name, without_way_up
from pipeline.sources.remote import RawFolder, RemoteFile, RemoteFolder, Unreachable
from pipeline.sources.streams import opened

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable, Iterator

DESCRIPTION = "README.md"
"""At the top of the raw folder this file describes the others, and is none of them."""

_FILE_TYPES = (
    (stat.S_ISFIFO, "a named pipe"),
    (stat.S_ISSOCK, "a socket"),
    (stat.S_ISBLK, "a device"),
    (stat.S_ISCHR, "a device"),
)


FILES_AT_ONCE = 200
"""So many files are looked at in one go; one that may hold documents is a go of its own."""

ENDED = "it ended the process that read it, each time that was tried"
"""What is said of a file that nothing else can be said of."""

_RECORD = re.compile(r"#[LR]\d+(?:#\d+)?$")


class BadInput(Exception):
    """What the user named cannot be worked with; the message is one line: what, where, what to do."""


class Input(NamedTuple):
    """One input: what tables call it, the file that holds its bytes, and why it is set aside, where it is.

    `reason` is `unreadable`, `unsafe_path`, `too_large` or `binary`, with a `detail`; else None. Size and hash are None
    where the bytes could not be had; a file that is too large has both. `place` says where in a container it is.
    """

    raw_path: str
    path: Path | RemoteFile
    bytes: int | None
    raw_sha256: str | None
    reason: str | None = None
    detail: str = ""
    place: Place | None = None

    @property
    def kind(self) -> str:
        """The end of the name of the file that it is, or that it is a record of; empty where the name has none.

        >>> Input("a.zip!/rows.jsonl#L12", Path("a.zip"), 6, "00", place=Place(0, 0)).kind
        '.jsonl'
        """
        name = self.raw_path if self.place is None else _RECORD.sub("", self.raw_path)
        return PurePosixPath(name).suffix.lower()

    @property
    def header(self) -> str:
        """The first row of the table that it is a row of."""
        return self.place.header if self.place is not None else ""

    @property
    def encoding(self) -> str:
        """What its container is written in, where that is known."""
        return self.place.encoding if self.place is not None else ""

    @property
    def key(self) -> str:
        """Thirty-two digits for all of it that a stage can see: under the same recipe, the same key has the same rows.

        >>> one = Input("a.txt", Path("raw/a.txt"), 6, "00")
        >>> one.key == one._replace(path=Path("elsewhere/a.txt")).key, one.key == one._replace(raw_sha256="01").key
        (True, False)
        """
        seen = (self.raw_path, self.bytes, self.raw_sha256, self.reason, self.detail, self.header, self.encoding)
        return hashlib.sha256(repr(seen).encode("utf-8", "surrogateescape")).hexdigest()[:32]


_Item = TypeVar("_Item")
_Result = TypeVar("_Result")


class Run(Protocol):
    """How a function is run over many things: the results come in their order; see :mod:`pipeline.engines`."""

    def __call__(
        self,
        function: Callable[[_Item], _Result],
        batches: Iterable[_Item],
        *,
        rescue: Callable[[_Item, Callable[[_Item], bool]], _Item] | None = None,
    ) -> Generator[_Result]:
        """The results; `rescue` says what is left of a batch that ends the process which does it."""
        ...


def find_inputs(raw: RawFolder, *, maximum_bytes: int = MAXIMUM_BYTES.preset, run: Run | None = None) -> list[Input]:
    """Every input below the folder `raw`, in the order of `raw_path`; members in the order of their container.

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

    A container has no row, but each of its members has, as `archive.zip!/a.txt` or `rows.jsonl#L12`; the container has
    one only where something is to be said of it as a whole: it cannot be read from some place on, or holds nothing.

    A folder that lies elsewhere gives the same inputs as a copy of it on a disk. `run` is an engine's: without one, the
    files are read in this process.

    Raises :class:`BadInput` where `raw` is no folder, cannot be listed, or holds no input.
    """
    home = raw if isinstance(raw, RemoteFolder) else Path(_opened(raw))
    examine, goes = _Examining(home, maximum_bytes), _in_goes(_files(home))
    examined = map(examine, goes) if run is None else run(examine, goes, rescue=_rescued)
    found = [pair for pairs in examined for pair in pairs]
    if not found:
        message = f"{os.fspath(raw)!r} holds no document: put files there (its README.md does not count)"
        raise BadInput(message)
    found.sort(key=lambda pair: (utf8_name(pair[0]), pair[0], pair[1].place or _NO_PLACE))
    names = unique_names([one.raw_path for _, one in found])
    return [one._replace(raw_path=name) for name, (_, one) in zip(names, found, strict=True)]


class _Go(NamedTuple):
    """Some files, looked at in one go: names below the raw folder, or remote files; `ended` are not looked at."""

    files: tuple[str | RemoteFile, ...]
    ended: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class _Examining:
    """How the inputs in the files of a folder are found, in any process that sees the folder."""

    home: RawFolder
    maximum_bytes: int

    def __call__(self, go: _Go) -> list[tuple[str, Input]]:
        """The inputs in some files, each with the name of its file."""
        found = []
        for number, file in enumerate(go.files):
            relative = file if isinstance(file, str) else file.relative
            if number in go.ended:
                place = Path(os.fspath(self.home), relative) if isinstance(file, str) else file
                found.append((relative, _set_aside(relative, place, "unreadable", ENDED)))
            elif isinstance(file, str):
                found += [(relative, one) for one in _examined(os.fspath(self.home), relative, self.maximum_bytes)]
            else:
                found += [(relative, one) for one in _examined_remote(file, self.maximum_bytes)]
        return found


def _rescued(go: _Go, survives: Callable[[_Go], bool]) -> _Go:
    """The go again, without those of its files that end the process which looks at them."""
    ended = frozenset(n for n, file in enumerate(go.files) if not survives(_Go((file,))))
    return go._replace(ended=ended)


def _in_goes(files: Iterable[str | RemoteFile]) -> Iterator[_Go]:
    several: list[str | RemoteFile] = []
    for file in files:
        if may_hold_members(file if isinstance(file, str) else file.relative):
            yield _Go((file,))
            continue
        several.append(file)
        if len(several) == FILES_AT_ONCE:
            yield _Go(tuple(several))
            several = []
    if several:
        yield _Go(tuple(several))


def _files(home: RawFolder) -> Iterator[str | RemoteFile]:
    if not isinstance(home, RemoteFolder):
        yield from _walk(os.fspath(home))
        return
    try:
        for file in home.files():
            if file.name not in LITTER and file.relative != DESCRIPTION:
                yield file
    except Unreachable as error:
        raise _unreachable(home, error) from error


def _unreachable(raw: RemoteFolder, error: Unreachable) -> BadInput:
    return BadInput(f"{raw.address!r} {error}: name the folder that holds the crawled documents (--raw DIR)")


_NO_PLACE = Place(-1, 0)
"""Before every member: what is said of a container as a whole."""


def look_of(raw: RawFolder) -> str:
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
    if isinstance(raw, RemoteFolder):
        try:
            return hashlib.sha256(repr(raw.look()).encode("utf-8", "surrogateescape")).hexdigest()
        except Unreachable as error:
            raise _unreachable(raw, error) from error
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
    pipeline.sources.members.Unreadable: the file cannot be read: No such file or directory

    Raises :class:`Unreadable` where the file has gone or changed since, or was set aside then.
    """
    if found.reason is not None or found.bytes is None:
        raise Unreadable(found.detail)
    if found.place is not None:
        content = read_member(found.path, found.place)
    else:
        try:
            with opened(found.path) as file:
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


def _examined(home: str, relative: str, maximum_bytes: int) -> Iterator[Input]:
    """The inputs in what stands at a path: one, the members of a container, or none for a link to a folder."""
    path = Path(home, relative)
    try:
        status = path.lstat()
        if stat.S_ISLNK(status.st_mode):
            path = Path(os.path.realpath(path, strict=True))
            if not path.is_relative_to(home):
                yield _set_aside(relative, path, "unsafe_path", "a link that leads out of the raw folder")
                return
            status = path.stat()
            if stat.S_ISDIR(status.st_mode):
                return
        if stat.S_ISDIR(status.st_mode):
            os.scandir(path).close()  # raises the error for which the walk could not go on
        if not stat.S_ISREG(status.st_mode):
            kind = next((name for is_type, name in _FILE_TYPES if is_type(status.st_mode)), "something else")
            yield _set_aside(relative, path, "unreadable", f"{kind}, not a file")
            return
        yield from _read(relative, path, maximum_bytes)
    except OSError as error:
        is_link = Path(home, relative).is_symlink()
        what = "a link that cannot be followed" if is_link else "it cannot be read"
        yield _set_aside(relative, path, "unreadable", f"{what}: {error.strerror}")


def _examined_remote(file: RemoteFile, maximum_bytes: int) -> Iterator[Input]:
    """The inputs in a remote file, as in one on a disk."""
    if leads_out(file.relative):
        yield _set_aside(without_way_up(file.relative), file, "unsafe_path", "a name that leads out of the raw folder")
        return
    try:
        yield from _read(file.relative, file, maximum_bytes)
    except OSError as error:
        yield _set_aside(file.relative, file, "unreadable", f"it cannot be read: {error.strerror}")


def _read(relative: str, path: Path | RemoteFile, maximum_bytes: int) -> Iterator[Input]:
    """The inputs in a file: itself, or the members of a container; OSError where it cannot be opened."""
    found = members(path, maximum_bytes=maximum_bytes)
    if found is None:
        yield _plain(relative, path, maximum_bytes)
        return
    for number, (suffix, content, reason, detail, header, encoding) in enumerate(found):
        size, digest = (None, None) if content is None else (len(content), hashlib.sha256(content).hexdigest())
        place = Place(number, maximum_bytes, header, encoding)
        yield Input(relative + suffix, path, size, digest, reason, detail, place)


def _plain(relative: str, path: Path | RemoteFile, maximum_bytes: int) -> Input:
    """A file that is a document itself; OSError where it cannot be read."""
    with opened(path) as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
        size = file.tell()
    if size > maximum_bytes:
        return Input(relative, path, size, digest, "too_large", f"{size} bytes, the limit is {maximum_bytes}")
    return Input(relative, path, size, digest)


def _set_aside(relative: str, path: Path | RemoteFile, reason: str, detail: str) -> Input:
    return Input(relative, path, None, None, reason, detail)
