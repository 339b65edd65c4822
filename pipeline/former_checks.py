"""What was found in buckets of a dataset that have not changed since, and need not be looked at again.

Here belongs where such results are kept, beside the dataset and never in it, and the digest of the code that they were
made by. What else a result was made of, and so when it may be taken over, is for whoever made it to say:
:mod:`pipeline.validate.unchanged` and :mod:`pipeline.rebuilding`.
"""

from __future__ import annotations

import functools
import hashlib
import importlib.metadata
import json
import platform
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline.checksums import digest

if TYPE_CHECKING:
    from collections.abc import Mapping

FOLDER = Path("stages", "checked")
"""Where results are kept in an output folder."""

_PACKAGES = ("great_expectations", "numpy", "pandas", "pyarrow")


@dataclass(slots=True)
class FormerChecks:
    """A folder for results, and how many of the buckets that were looked at last have kept theirs.

    With `fresh`, nothing in it is believed; what is found is kept for the next time.
    """

    folder: Path
    fresh: bool = False
    buckets: int = 0
    carried: int = 0

    def kept(self, name: str) -> dict[str, Any]:
        """What is kept in a file of the folder and may be taken over."""
        return {} if self.fresh else read_kept(self.folder / name)

    def said(self) -> str:
        """How many buckets were carried over, as a person reads it.

        >>> FormerChecks(Path("checked"), buckets=8, carried=7).said()
        '7 of 8 were carried over from the last validation'
        """
        return f"{self.carried:,} of {self.buckets:,} were carried over from the last validation"


def read_kept(file: Path) -> dict[str, Any]:
    """What is kept in a file, by its key; nothing where there is none, or one that is not as it was written."""
    try:
        found = json.loads(file.read_text("utf-8"))
        kept, stated = found["kept"], found["sha256"]
    except (OSError, ValueError, LookupError, TypeError):
        return {}
    return kept if isinstance(kept, dict) and stated == _digest(kept) else {}


def write_kept(file: Path, kept: Mapping[str, Any]) -> None:
    """Keep this and nothing else; what cannot be kept is found out anew."""
    with suppress(OSError):
        file.parent.mkdir(parents=True, exist_ok=True)
        fresh = file.with_suffix(".new")
        fresh.write_text(json.dumps({"sha256": _digest(kept), "kept": kept}, ensure_ascii=False), "utf-8")
        fresh.replace(file)


def _digest(kept: Mapping[str, Any]) -> str:
    return hashlib.sha256(json.dumps(kept, sort_keys=True).encode()).hexdigest()


@functools.cache
def code() -> str:
    """A digest of this package, code and data, and of what it is built on.

    >>> len(code())
    64
    """
    root = Path(__file__).resolve().parent
    found = hashlib.sha256(platform.python_version().encode())
    for package in _PACKAGES:
        found.update(f"{package} {importlib.metadata.version(package)}\n".encode())
    for file in sorted(root.rglob("*")):
        if file.is_file() and file.suffix != ".pyc":
            found.update(f"{file.relative_to(root).as_posix()} {digest(file)}\n".encode())
    return found.hexdigest()
