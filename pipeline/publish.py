"""The staged dataset takes the place of the published one: whole, or not at all.

Here belongs the order in which folders are exchanged and removed, and the recovery from an exchange that was
interrupted. What is in the folders, and whether it may be published, is decided before.
"""

from __future__ import annotations

import os
import shutil
from contextlib import suppress
from typing import TYPE_CHECKING
from uuid import uuid4

from pipeline.checksums import NAME as CHECKSUMS
from pipeline.checksums import digest, verify_checksums
from pipeline.exchanging import exchange, may_be_moved
from pipeline.places import what_helps
from pipeline.sources.files import BadInput
from pipeline.sources.remote import RemoteFolder
from pipeline.temporary import PREFIX, temporary_folder
from pipeline.visible import visible_path

if TYPE_CHECKING:
    from pathlib import Path

    from pipeline.sources.remote import RawFolder

DATASET_DIGEST_FILE = "dataset.sha256"
"""In private/: the SHA-256 of the SHA256SUMS of the dataset that the redactions belong to."""

FOLDERS = ("dataset", "private")
"""What is published, in this order: the redactions follow the dataset that they belong to."""

_OURS = {"dataset": CHECKSUMS, "private": DATASET_DIGEST_FILE}
"""A file by which a folder is known to have been written by this module."""

_DISCARDED = f"{PREFIX}discarded-"


def check_writable(output: Path, *, raw: RawFolder | None = None) -> None:
    """Make the folder `output` where it is missing and try whether it can take a dataset; to be called before all work.

    >>> from pathlib import Path
    >>> check_writable(Path("pyproject.toml"))
    Traceback (most recent call last):
    ...
    pipeline.sources.files.BadInput: 'pyproject.toml' is a file: name a folder for the output (--output DIR)

    Raises :class:`pipeline.sources.files.BadInput` where it cannot; where a build would read or replace its own work,
    because `output` lies in `raw` or `raw` in a folder that is replaced; and as :func:`check_publishable` does.
    """
    name = os.fspath(output)
    if not _is_utf8(name):
        message = f"{visible_path(name)!r} has bytes that are no UTF-8: name another folder (--output DIR)"
        raise BadInput(message)
    if output.exists() and not output.is_dir():
        message = f"{name!r} is a file: name a folder for the output (--output DIR)"
        raise BadInput(message)
    if raw is not None and not isinstance(raw, RemoteFolder):
        _check_apart(raw, output)
    try:
        output.mkdir(parents=True, exist_ok=True)
        with temporary_folder(output):
            pass
    except OSError as error:
        helps = what_helps(error.errno) or "allow it"
        message = f"{name!r} cannot be written ({error.strerror}): {helps}, or name another folder (--output DIR)"
        raise BadInput(message) from error
    check_publishable(output)


def check_publishable(output: Path) -> None:
    """Make sure that a publication can replace what is in `output`; nothing where there is nothing.

    Raises :class:`pipeline.sources.files.BadInput` where output/dataset or output/private is something that was not
    published here, and would be lost; a link, whose folder would go on being read where it is; or write-protected.
    """
    for folder in FOLDERS:
        _check_ours(output / folder)


def edition(output: Path) -> int | None:
    """What tells the dataset in `output` from the one before it, though both may have the same bytes; None without one.

    >>> from pathlib import Path
    >>> edition(Path("expectations"))
    """
    with suppress(OSError):
        return (output / "dataset" / CHECKSUMS).stat().st_mtime_ns
    return None


def recover(output: Path) -> None:
    """Finish or undo a publication that was interrupted; nothing where none was.

    A folder that an interrupted exchange left under another name comes back; redactions whose dataset has been
    published follow it.

    Raises :class:`pipeline.sources.files.BadInput` where that is not allowed.
    """
    staged, published = output / ".staging" / "private", output / "private"
    try:
        for folder in FOLDERS:
            former = _former(output, folder)
            if (output / folder).exists():
                discard(former)
            elif former.exists():
                former.rename(output / folder)
        belongs_to = _stated(staged)
        sums = output / "dataset" / CHECKSUMS
        if belongs_to is not None and sums.is_file() and digest(sums) == belongs_to != _stated(published):
            exchange(staged, published, former=_former(output, "private"))
    except OSError as error:
        raise _unwritable(output, error) from error


def discard(folder: Path) -> None:
    """Have a folder gone, also one whose files may not be removed: it stays under a name of :mod:`pipeline.temporary`.

    What has such a name stands in nobody's way, and is tried again by each run that claims the output folder.
    """
    if os.path.lexists(folder):
        gone = folder.with_name(f"{_DISCARDED}{uuid4().hex}")
        folder.rename(gone)
        shutil.rmtree(gone, ignore_errors=True)


def remains(output: Path) -> list[Path]:
    """What was discarded in `output` and could not be removed.

    >>> from pathlib import Path
    >>> remains(Path("expectations"))
    []
    """
    return sorted(output.glob(f"{_DISCARDED}*"))


def publish(staged: Path, output: Path) -> Path:
    """Put the dataset and the redactions in the folder `staged` in the place of those in `output`; output/dataset.

    On Linux the folders are exchanged in one call, so that output/dataset is there and whole at every moment; elsewhere
    it is gone between two renames, and :func:`recover` brings it back should the second one never come. The former
    dataset is removed afterwards, and `staged` with it; what cannot be removed is among the :func:`remains`.

    Raises :class:`pipeline.sources.files.BadInput` where `staged` holds no complete dataset or the exchange is not
    allowed; in `output` is then what was there before.
    """
    for folder, known_by in _OURS.items():
        if not (staged / folder / known_by).is_file():
            message = f"{os.fspath(staged / folder)!r} is not complete, nothing was published: build the dataset again"
            raise BadInput(message)
    check_writable(output)
    recover(output)
    for folder in FOLDERS:
        _to_disk(staged / folder)
    exchanged: list[str] = []
    try:
        for folder in FOLDERS:
            exchange(staged / folder, output / folder, former=_former(output, folder))
            exchanged.append(folder)
    except OSError as error:
        with suppress(OSError):
            for folder in exchanged:
                exchange(output / folder, staged / folder, former=_former(output, folder))
        raise _unwritable(output, error) from error
    with suppress(OSError):
        discard(staged)
    return output / "dataset"


def private_problems(dataset: Path) -> list[str]:
    """What does not fit of the folder private/ beside a dataset, a line each; empty where all fits, and without one.

    >>> from pathlib import Path
    >>> private_problems(Path("nowhere", "dataset"))
    []
    """
    private, sums = dataset.resolve().parent / "private", dataset / CHECKSUMS
    if not (private / DATASET_DIGEST_FILE).is_file():
        return []
    problems = [f"private/{problem}" for problem in verify_checksums(private)]
    if not problems and sums.is_file() and _stated(private) != digest(sums):
        problems.append("private/ belongs to another dataset than the one beside it")
    return problems


def _is_utf8(name: str) -> bool:
    """Whether a path can be told to libraries that take text and not bytes, as Arrow and SQLite do."""
    try:
        name.encode()
    except UnicodeEncodeError:
        return False
    return True


def _unwritable(output: Path, error: OSError) -> BadInput:
    name, helps = os.fspath(error.filename or output), what_helps(error.errno) or "allow it"
    return BadInput(f"{name!r} cannot be written ({error.strerror}): {helps}, and run the build again")


def _check_apart(raw: Path, output: Path) -> None:
    read, written = raw.resolve(), output.resolve()
    replaced = [written / folder for folder in (*FOLDERS, "stages", ".staging")]
    if written.is_relative_to(read) or any(read.is_relative_to(folder) for folder in replaced):
        message = (
            f"{os.fspath(output)!r} cannot be the output for {os.fspath(raw)!r}: one lies in the other; "
            "name folders that do not (--raw DIR, --output DIR)"
        )
        raise BadInput(message)


def _check_ours(folder: Path) -> None:
    if folder.is_symlink():
        message = (
            f"{os.fspath(folder)!r} is a link, and the folder that it leads to would not be replaced: "
            "put that folder in its place, or name another one (--output DIR)"
        )
        raise BadInput(message)
    if folder.is_dir() and not may_be_moved(folder):
        message = (
            f"{os.fspath(folder)!r} is write-protected and cannot be replaced: "
            "allow writing to it, or name another folder (--output DIR)"
        )
        raise BadInput(message)
    if folder.is_dir() and ((folder / _OURS[folder.name]).is_file() or not any(folder.iterdir())):
        return
    if os.path.lexists(folder):
        message = (
            f"{os.fspath(folder)!r} was not published here and would be lost: "
            "move it away, or name another folder (--output DIR)"
        )
        raise BadInput(message)


def _stated(private: Path) -> str | None:
    file = private / DATASET_DIGEST_FILE
    return file.read_text("ascii", "replace").strip() if file.is_file() else None


def _former(output: Path, folder: str) -> Path:
    return output / f".former-{folder}"


def _to_disk(folder: Path) -> None:
    """Have the system write the files down, so that no power cut can leave a published file empty."""
    for path in (*(path for path in folder.rglob("*") if path.is_file()), folder):
        descriptor = os.open(path, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
