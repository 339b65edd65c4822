"""Which formats hold documents, and what a file in one of them holds, member by member.

Here belongs the list of formats, and how a container is gone through: an archive holds files, and a file of records
holds records, also within an archive. An archive in an archive is not opened: it is a file like any other, and no text.
Each format has a reader in a file of its own, and one line here.
"""

from __future__ import annotations

import sys
import threading
from contextlib import ExitStack
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from pipeline.sources.json_lines import is_json_lines, is_json_records, json_records
from pipeline.sources.members import Broken, Entry, Member, Unreadable, oversized
from pipeline.sources.names import leads_out, without_way_up
from pipeline.sources.streams import COMPRESSED, Budget, damage, opened, size_of, unpacked
from pipeline.sources.table_files import is_table, table_rows
from pipeline.sources.tar_archives import is_tar, tar_entries
from pipeline.sources.warc_files import is_warc, warc_records
from pipeline.sources.zip_archives import is_zip, zip_entries

if TYPE_CHECKING:
    import io
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from pipeline.sources.remote import RemoteFile

Entries: TypeAlias = "Callable[[io.BufferedReader, Budget], Iterator[Entry]]"
Records: TypeAlias = "Callable[[io.BufferedReader, int, Budget], Iterator[Member]]"

LITTER = frozenset({".DS_Store", ".gitignore", ".gitkeep", "Thumbs.db", "desktop.ini"})
"""Names that an operating system or git leaves in folders and archives: they have no row."""

_LITTER_FOLDER = "__MACOSX/"
"""What the Mac puts beside the files of an archive."""

HEAD_BYTES = 1 << 16
"""So much of a file is looked at to know its format."""


MOST_SET_ASIDE = 100_000
"""So many unreadable documents in a row: a file is not what it is called, and its lines are no documents."""


_OF_EACH = 500
"""Bytes that a document takes beside its own: its row, in memory and in the tables."""

_NAMES_IN_ALL = 10
"""Its name stands so often in memory and in the tables, at most."""


class Format(NamedTuple):
    """One container format: the ends of its names, what its first bytes have to be, and its reader.

    Name and content have to agree: a ZIP archive that is called `a.docx` holds no documents, and a `.csv` without a
    column of text is a table. A reader gives `entries`, the files of an archive, or `records`, each with its bytes.
    """

    suffixes: tuple[str, ...]
    fits: Callable[[bytes], bool]
    entries: Entries | None = None
    records: Records | None = None


FORMATS = (
    Format((".zip",), is_zip, entries=zip_entries),
    Format((".tar",), is_tar, entries=tar_entries),
    Format((".jsonl", ".ndjson", ".jsonlines"), is_json_lines, records=json_records),
    Format((".json",), is_json_records, records=json_records),
    Format((".csv", ".tsv"), is_table, records=table_rows),
    Format((".warc", ".wet"), is_warc, records=warc_records),
)
"""Every container format."""

_SUFFIXES = tuple(suffix for one in FORMATS for suffix in one.suffixes)


class Place(NamedTuple):
    """Where in a container an input is: which member from its beginning, as it is gone through with this limit.

    `header` and `encoding` are those of the member.
    """

    number: int
    maximum_bytes: int
    header: str = ""
    encoding: str = ""


def may_hold_members(name: str) -> bool:
    """Whether a file of this name is looked into.

    >>> [may_hold_members(name) for name in ("a.zip", "crawl/a.TAR.GZ", "a.txt")]
    [True, True, False]
    """
    return name.lower().endswith((*_SUFFIXES, *COMPRESSED))


def members(path: Path | RemoteFile, *, maximum_bytes: int, start: int = 0) -> Iterator[Member] | None:
    """The documents in a file, in its order; None where it is no container, but a document itself.

    A member of more than `maximum_bytes` is `too_large`, and so is all that is left of a file that unpacks to many
    times its size, or whose documents, with their names, come to as much. Where the rest of a file cannot be read, one
    last member without a suffix says why: it stands for the container. One that holds nothing has that member alone.
    Members before number `start` may come without bytes.

    Raises OSError where the file cannot be opened.
    """
    if not may_hold_members(path.name):
        return None
    resources = ExitStack()
    file = resources.enter_context(opened(path))
    size = size_of(file)
    budget = Budget(size, least=maximum_bytes)
    documents = Budget(size, least=maximum_bytes if size else sys.maxsize)
    try:
        name, stream = unpacked(path.name, file, budget)
        form = _format(name, stream)
    except Broken as error:
        resources.close()
        return iter([_rest(error)])
    if form is None and stream is file:
        resources.close()
        return None
    if form is not None and form.records is not None:
        found = form.records(stream, maximum_bytes, budget)
    else:
        entries = form.entries(stream, budget) if form and form.entries else iter([Entry(name, lambda: stream)])
        found = _in_archive(entries, maximum_bytes, budget, start)
    return _until_broken(found, resources, documents)


def _format(name: str, stream: io.BufferedReader) -> Format | None:
    """The format of a file, by its name and its first bytes."""
    for form in FORMATS:
        if name.lower().endswith(form.suffixes) and form.fits(stream.peek(HEAD_BYTES)):
            return form
    return None


def _until_broken(found: Iterator[Member], resources: ExitStack, documents: Budget) -> Iterator[Member]:
    """The members up to where the container is broken, or they take too much, and then one that says so."""
    count = set_aside = 0
    with resources:
        try:
            for member in found:
                set_aside = set_aside + 1 if member.reason == "unreadable" else 0
                if set_aside > MOST_SET_ASIDE:
                    message = f"so many, {MOST_SET_ASIDE}, could not be read in a row that the rest is not looked at"
                    raise Broken(message)  # noqa: TRY301  the rest is one row, as where it is damaged
                documents.spend(_taken(member))
                count += 1
                yield member
        except Broken as error:
            yield _rest(error, behind=count)
        except Exception as error:  # noqa: BLE001  whatever a forged file makes a library do, it is this file's row
            yield _rest(Broken(damage(error)), behind=count)
        else:
            if not count:
                yield Member("", reason="unreadable", detail="it holds no document")


def _taken(member: Member) -> int:
    """Bytes that a document takes, wherever they come from: a few of the container can stand for many."""
    return _OF_EACH + _NAMES_IN_ALL * len(member.suffix) + len(member.header) + len(member.content or b"")


def _rest(error: Broken, *, behind: int = 0) -> Member:
    where = {0: "", 1: "behind one document "}.get(behind, f"behind {behind} documents ")
    return Member("", reason=error.reason, detail=f"{where}{error}")


def _in_archive(entries: Iterator[Entry], maximum_bytes: int, budget: Budget, start: int) -> Iterator[Member]:
    """The documents in the files of an archive."""
    number = 0
    for entry in entries:
        name = entry.name
        if name.rpartition("/")[2] in LITTER or name.startswith(_LITTER_FOLDER):
            continue
        found: Iterator[Member]
        suffix = f"!/{without_way_up(name)}"
        if leads_out(name):
            found = iter([Member(suffix, None, "unsafe_path", "a name that leads out of the archive")])
        elif entry.open is None:
            found = iter([Member(suffix, None, entry.reason, entry.detail)])
        elif number < start and not may_hold_members(name):
            found = iter([Member(suffix)])
        else:
            found = _in_file(name, entry.open, maximum_bytes, budget)
        for member in found:
            yield member
            number += 1


def _in_file(
    name: str, open_file: Callable[[], io.BufferedReader], maximum_bytes: int, budget: Budget
) -> Iterator[Member]:
    """The records in a file of an archive, or the file itself."""
    suffix = f"!/{without_way_up(name)}"
    try:
        inner, stream = unpacked(name, open_file(), budget)
        form = _format(inner, stream)
        if form is not None and form.records is not None:
            for record in form.records(stream, maximum_bytes, budget):
                yield record._replace(suffix=suffix + record.suffix)
            return
        content = stream.read(maximum_bytes + 1)
    except Unreadable as error:
        yield Member(suffix, None, "unreadable", str(error))
        return
    if inner != name:
        suffix += f"!/{without_way_up(inner)}"
    if len(content) > maximum_bytes:
        yield oversized(suffix, maximum_bytes)
    elif form is not None:
        yield Member(suffix, content, "binary", "an archive in an archive, which is not opened")
    else:
        yield Member(suffix, content)


class _Reading(threading.local):
    """The container that is read just now: members are asked for in their order, mostly."""

    key: tuple[Path | RemoteFile, int] | None = None
    found: Iterator[Member] = iter(())
    following: int = 0


_reading = _Reading()


def read_member(path: Path | RemoteFile, place: Place) -> bytes:
    """The bytes of one member.

    A container is gone through from its beginning; where the members are asked for in their order, once.
    Raises :class:`Unreadable` where the member is not there any more.
    """
    key = (path, place.maximum_bytes)
    if _reading.key != key or place.number < _reading.following:
        try:
            found = members(path, maximum_bytes=place.maximum_bytes, start=place.number)
        except OSError as error:
            message = f"the file cannot be read: {error.strerror}"
            raise Unreadable(message) from error
        _reading.key, _reading.found, _reading.following = key, found or iter(()), 0
    for member in _reading.found:
        _reading.following += 1
        if _reading.following > place.number:
            if member.content is None:
                break
            return member.content
    # What is asked for next is not looked for from the beginning: it stands behind this one, or is not there either.
    message = "the file changed while the run went on"
    raise Unreadable(message)
