"""A report is written: the page, and beside it the documents in pages of limited size.

Here belongs the order of things and where they lie. What is counted, shown and drawn is decided in the other modules.
"""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING, NamedTuple

from pipeline import replacing
from pipeline.checksums import NAME as CHECKSUMS
from pipeline.checksums import digest
from pipeline.engines import local
from pipeline.report.counting import counted
from pipeline.report.documents import parts_to_show, shown_documents, written_documents
from pipeline.report.page import page
from pipeline.report.scripts import Paging

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pipeline.report.counting import Counts
    from pipeline.report.scripts import Entry
    from pipeline.stages import Progress

FOLDER = "report"
"""The name of the report's folder, beside the dataset."""

PAGES = replacing.Pages("report", "zhengwen report")
"""What the folder is called, and what its index page says of itself."""

MOST_DOCUMENTS = 10_000
"""So many documents are shown one by one: a report is as large as their raw texts, and nobody reads more."""

FEW_DOCUMENTS = 400
"""So few are shown by this process: until others are at work, they are done."""

LEAST_IN_A_PART, PARTS_A_WORKER = 200, 2
"""A part is what one process makes at once: of a file as much as makes so many parts for each, and not less than that.

Of a file that is cut, each part reads what is before it: with parts of 200 documents, all took a third longer.
"""


class Written(NamedTuple):
    """A report that was written: its page, how many documents it shows, and the bytes of all its files."""

    page: Path
    documents: int
    bytes: int


def write_report(
    dataset: Path, folder: Path, *, most: int = MOST_DOCUMENTS, workers: int = 1, progress: Progress | None = None
) -> Written:
    """Write the report of a dataset to `folder`, in the place of the former one.

    `most` documents are shown one by one; all are counted. Nothing but the published tables is read, document by
    document, and no clock: the same dataset gives the same bytes. The pages load nothing from elsewhere. `workers`
    processes make what is shown of the documents, where there are many; 0 is one for each core.

    Raises :class:`pipeline.sources.files.BadInput` where there is no whole dataset, and where `folder` cannot be
    written or holds something else.
    """
    replacing.check_replaceable(folder, PAGES)
    counts = counted(dataset)
    shown, expected = 0, min(most, counts.published)
    sums = dataset / CHECKSUMS
    with replacing.replaced(folder, PAGES) as fresh:
        with Paging(fresh / "data") as paging:
            for one in _entries(dataset, counts, most=most, workers=workers if expected >= FEW_DOCUMENTS else 1):
                paging.add(one)
                shown += 1
                if progress is not None:
                    progress(shown, expected)
        fingerprint = digest(sums) if sums.is_file() else ""
        index = page(dataset, counts, shown=shown, made_by=PAGES.made_by, fingerprint=fingerprint)
        (fresh / replacing.INDEX).write_text(index, "utf-8", newline="\n")
        size = sum(path.stat().st_size for path in fresh.rglob("*") if path.is_file())
    return Written(folder / replacing.INDEX, shown, size)


def _entries(dataset: Path, counts: Counts, *, most: int, workers: int) -> Iterator[Entry]:
    """What is written of each document that is shown, made in this process one by one, in others by the part."""
    if workers == 1:
        for part in parts_to_show(dataset, counts, most=most):
            yield from shown_documents(part)
        return
    of_each = min(most, counts.published) // ((workers or local.cores()) * PARTS_A_WORKER) + 1
    parts = parts_to_show(dataset, counts, most=most, at_once=max(LEAST_IN_A_PART, of_each))
    with closing(local.run(written_documents, parts, workers=workers)) as results:
        for entries in results:
            yield from entries
