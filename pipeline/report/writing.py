"""A report is written: the page, and beside it the documents in pages of limited size.

Here belongs the order of things and where they lie. What is counted, shown and drawn is decided in the other modules.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from pipeline import replacing
from pipeline.checksums import NAME as CHECKSUMS
from pipeline.checksums import digest
from pipeline.report.counting import counted
from pipeline.report.documents import shown_documents
from pipeline.report.page import page
from pipeline.report.scripts import Paging

if TYPE_CHECKING:
    from pathlib import Path

    from pipeline.stages import Progress

FOLDER = "report"
"""The name of the report's folder, beside the dataset."""

PAGES = replacing.Pages("report", "zhengwen report")
"""What the folder is called, and what its index page says of itself."""

MOST_DOCUMENTS = 10_000
"""So many documents are shown one by one: a report is as large as their raw texts, and nobody reads more."""


class Written(NamedTuple):
    """A report that was written: its page, how many documents it shows, and the bytes of all its files."""

    page: Path
    documents: int
    bytes: int


def write_report(
    dataset: Path, folder: Path, *, most: int = MOST_DOCUMENTS, progress: Progress | None = None
) -> Written:
    """Write the report of a dataset to `folder`, in the place of the former one.

    `most` documents are shown one by one; all are counted. Nothing but the published tables is read, document by
    document, and no clock: the same dataset gives the same bytes. The pages load nothing from elsewhere.

    Raises :class:`pipeline.sources.files.BadInput` where there is no whole dataset, and where `folder` cannot be
    written or holds something else.
    """
    replacing.check_replaceable(folder, PAGES)
    counts = counted(dataset)
    shown, expected = 0, min(most, counts.published)
    sums = dataset / CHECKSUMS
    with replacing.replaced(folder, PAGES) as fresh:
        with Paging(fresh / "data") as paging:
            for document in shown_documents(dataset, counts, most=most):
                paging.add(document.id, document.whole, document.listed)
                shown += 1
                if progress is not None:
                    progress(shown, expected)
        fingerprint = digest(sums) if sums.is_file() else ""
        index = page(dataset, counts, shown=shown, made_by=PAGES.made_by, fingerprint=fingerprint)
        (fresh / replacing.INDEX).write_text(index, "utf-8", newline="\n")
        size = sum(path.stat().st_size for path in fresh.rglob("*") if path.is_file())
    return Written(folder / replacing.INDEX, shown, size)
