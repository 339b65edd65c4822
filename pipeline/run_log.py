"""The log of a run for machines: JSON lines with counts, names that the pipeline gave, and no text of a document.

Here belongs how a line is written, and where the file may lie. What is worth a line is decided where it happens.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import uuid
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.options import LOG
from pipeline.sources.files import BadInput
from pipeline.visible import visible_path

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Self

    from pipeline.sources.remote import RawFolder

_REPLACED = ("dataset", "private", "stages", "report", "data_docs", ".staging")
"""The folders of an output folder that a run replaces."""

_BEGINS = b'{"time": "'
"""How each line of a log begins."""

Count = int | float | bool | None
"""What a line may hold beside names: numbers, be they several by name."""


@dataclass(frozen=True, slots=True)
class RunLog:
    """The log of one run; without a file, nothing is written.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     log = RunLog.opened(Path(folder, "log"))
    ...     log.write("step", "judged_documents", seconds=0.25, counts={"published": 7})
    ...     line = json.loads(Path(folder, "log").read_text())
    >>> line["event"], line["name"], line["seconds"], line["counts"], line["run"] == log.run
    ('step', 'judged_documents', 0.25, {'published': 7}, True)

    Every line has `time` (UTC), `run`, and `event`; it is added to the file in one piece, so that several runs may have
    the same one. A run that was killed has no last line (`end`).
    """

    file: Path | None = None
    run: str = field(default_factory=lambda: str(uuid.uuid4()))

    @classmethod
    def opened(cls, file: Path | None) -> Self:
        """A log that can be written to.

        Raises :class:`pipeline.sources.files.BadInput` where it cannot, and where the file is there and is no log.
        """
        if file is not None:
            try:
                file.parent.mkdir(parents=True, exist_ok=True)
                if file.is_file() and not _is_log(file):
                    message = f"{visible_path(file)!r} is there and is no log: name another file (--log FILE)"
                    raise BadInput(message)
                with file.open("ab"):
                    pass
            except OSError as error:
                message = f"{os.fspath(file)!r} cannot be written ({error.strerror}): name another file (--log FILE)"
                raise BadInput(message) from error
        return cls(file)

    def write(self, event: str, name: str = "", **counts: Count | Mapping[str, Count]) -> None:
        """Write a line about an event: `name` is one of the pipeline's own, or a word of a closed list.

        A disk that takes no more lines is no reason to stop a run.
        """
        if self.file is None:
            return
        now = dt.datetime.now(dt.UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        line = {"time": now, "run": self.run, "event": event} | ({"name": name} if name else {}) | counts
        with suppress(OSError), self.file.open("ab", buffering=0) as file:
            file.write(json.dumps(line, ensure_ascii=False).encode() + b"\n")


def _is_log(file: Path) -> bool:
    """Whether a file is empty, or begins as one of ours does."""
    with file.open("rb") as opened:
        return opened.read(len(_BEGINS)) in {b"", _BEGINS}


def log_at(name: str, output: Path, *, raw: RawFolder | None = None) -> RunLog:
    """The log of a run that writes to `output` and reads `raw`; without a name there is none.

    >>> log_at("", Path("output")).file is None
    True

    Raises :class:`pipeline.sources.files.BadInput` for a file that cannot be written, or that lies in a folder which is
    read, or replaced.
    """
    if not LOG.checked(name):
        return RunLog()
    file = Path(name)
    taken = [output / folder for folder in _REPLACED] + ([raw] if isinstance(raw, Path) else [])
    for folder in taken:
        if file.resolve().is_relative_to(folder.resolve()):
            message = (
                f"{visible_path(file)!r} lies in {visible_path(folder)!r}: name a place outside of it (--log FILE)"
            )
            raise BadInput(message)
    return RunLog.opened(file)
