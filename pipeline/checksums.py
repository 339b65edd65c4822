"""SHA256SUMS of a folder: written last, verified at any time, in the format of `sha256sum --check`.

Here belongs that one file. What else must hold of a dataset is checked elsewhere.
"""

from __future__ import annotations

import hashlib
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

NAME = "SHA256SUMS"


def write_checksums(folder: Path, known: Mapping[str, str] = MappingProxyType({})) -> Path:
    """Write SHA256SUMS over every other file below `folder`, sorted by path; the file written.

    >>> import tempfile
    >>> from pathlib import Path
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     _ = Path(folder, "a.txt").write_bytes(b"")
    ...     write_checksums(Path(folder)).read_text()[:8], verify_checksums(Path(folder))
    ('e3b0c442', [])

    Digests that are `known` by path, because a file was read or written just before, are not made once more.
    """
    lines = [f"{known.get(path) or digest(folder / path)}  {path}\n" for path in _files(folder)]
    sums = folder / NAME
    sums.write_text("".join(lines), "utf-8", newline="\n")
    return sums


def verify_checksums(folder: Path) -> list[str]:
    """What does not fit: a line for each file that is missing, was changed, or is not listed; empty where all fits."""
    sums = folder / NAME
    if not sums.is_file():
        return [f"{NAME} is missing"]
    try:
        stated = listed(sums)
    except ValueError as error:
        return [str(error)]
    found = set(_files(folder))
    problems = [f"{path} is missing" for path in sorted(stated.keys() - found)]
    problems += [f"{path} is not listed in {NAME}" for path in sorted(found - stated.keys())]
    known = sorted(path for path in found if path in stated)
    problems += [f"{path} was changed" for path in known if digest(folder / path) != stated[path]]
    return problems


def listed(sums: Path) -> dict[str, str]:
    """The digests that a file SHA256SUMS states, by path.

    Raises ValueError for a line that is no checksum, and where the last one does not end.
    """
    # A line ends with a line feed and with nothing else: str.splitlines takes a vertical tab, one bit away, for one.
    *lines, rest = sums.read_bytes().decode("utf-8", "replace").split("\n")
    if odd := next((line for line in lines if "  " not in line), rest):
        message = f"{NAME} has a line that is no checksum: {odd[:100]!r}"
        raise ValueError(message)
    pairs = (line.partition("  ") for line in lines)
    return {path: stated for stated, _, path in pairs}


def digest(file: Path) -> str:
    """SHA-256 of a file, as hex digits."""
    with file.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()


def _files(folder: Path) -> list[str]:
    paths = (path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())
    return sorted(path for path in paths if path != NAME)
