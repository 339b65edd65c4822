"""Documents that somebody wants published whatever the verdict on their quality, with a note why for each.

Here belongs what the file that names them holds, and how it is read and refused. What is done about it belongs in
:mod:`pipeline.judging`.
"""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pipeline.options import BadOption
from pipeline.visible import UNFIT

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

LARGEST_BYTES = 16 * 1024 * 1024
"""A list of a hundred thousand documents has half of it. What is longer asks for another threshold, not for a list."""

_REMEDY = "give a line for each document: its id or its raw path, a tab, and a note why"


@dataclass(frozen=True, slots=True)
class Admissions:
    """What somebody has looked at and wants published: by `id` or `raw_path`, the note why.

    >>> admissions = Admissions({"a/poem.txt": "a poem"})
    >>> len(admissions), "a/poem.txt" in admissions.notes, bool(Admissions())
    (1, True, False)
    """

    notes: Mapping[str, str] = field(default_factory=dict)
    name: str = ""
    """What the file is called in messages."""

    def __len__(self) -> int:
        return len(self.notes)

    @property
    def fingerprint(self) -> str:
        """SHA-256 over the documents named: notes are for people, and change nothing."""
        return hashlib.sha256(json.dumps(sorted(self.notes)).encode()).hexdigest()

    @property
    def changed(self) -> dict[str, str | int | float]:
        """What the metadata of a dataset says of it, beside the options that are not as they are preset."""
        return {"admit": self.fingerprint} if self.notes else {}


NOBODY = Admissions()
"""No document is named."""


def read_admissions(path: Path) -> Admissions:
    r"""The documents that a file names.

    >>> import tempfile
    >>> from pathlib import Path
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     file = Path(folder, "admit.tsv")
    ...     _ = file.write_text("# seen by the editors\nold/poem.txt\ta poem of seven characters\n", "utf-8")
    ...     read_admissions(file).notes
    {'old/poem.txt': 'a poem of seven characters'}

    Empty lines, and those that begin with #, say nothing. A path that has a tab or begins with # is named by its id.

    Raises :class:`pipeline.options.BadOption` where the file cannot be read, a line has no note or one that could not
    be published, or names a document that another line has named.
    """
    name = repr(os.fsencode(path).decode("utf-8", "replace"))
    try:
        with path.open("rb") as file:
            content = file.read(LARGEST_BYTES + 1)
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or str(error)
        raise _refused(name, f"cannot be read ({why})") from None
    if len(content) > LARGEST_BYTES:
        raise _refused(name, f"has more than {LARGEST_BYTES:,} bytes")
    try:
        lines = content.decode("utf-8-sig").split("\n")
    except UnicodeDecodeError:
        raise _refused(name, "is no text in UTF-8") from None
    notes: dict[str, str] = {}
    for number, line in enumerate(lines, start=1):
        document, _, note = line.removesuffix("\r").partition("\t")
        if not line.strip() or line.startswith("#"):
            continue
        if not document.strip() or not note.strip():
            raise _refused(name, f"has no {'note' if document.strip() else 'name'} on line {number}")
        if UNFIT.search(note.replace("\t", " ")):
            raise _refused(name, f"has a character in the note on line {number} that no text may have")
        if document in notes:
            raise _refused(name, f"names {document!r} again on line {number}")
        notes[document] = note.strip()
    return Admissions(notes, name)


def _refused(name: str, what: str) -> BadOption:
    return BadOption(f"the list of documents to admit, {name}, {what}: {_REMEDY}")
