"""The dates of one document: each with its role, its basis and its evidence, and the two that are published as such.

`date_published` is strict: the year must be stated. `date_best` is permissive and says how it was found. A page's posting
date never becomes the date of the document, nor the other way round.
"""

from __future__ import annotations

import datetime
import re
from typing import TYPE_CHECKING, Any, NamedTuple

from pipeline.blocks import blocks
from pipeline.dates import Stated, date_in_url, full_dates, yearless_dates
from pipeline.text import Finding

if TYPE_CHECKING:
    from pipeline.reading import Reader

_ROLE_OF_LABEL = {
    "date_document": "document",
    "date_effective": "effective",
    "date_published": "published",
    "date_updated": "updated",
}
_BASES = ("label", "header_line", "dateline", "url")
"""Where a publication date may stand, the most trusted first."""

_EVENT_BLOCKS = 2
_EVENT_READ = 2000
_OPENING = re.compile("^(?:[Oo]n |(?:近|昨|今)日[，,（(]?|（|\\()?$")
_THIS_YEAR = re.compile("今年(?P<date>\\d{1,2}月\\d{1,2}日)")
_YEAR = re.compile(r"(?<![\d〔\[(（-])(?P<year>20[0-3]\d)(?!\d|\s*号)(?:年(?!代|底|末))?")
_LATER = re.compile("(?:到|至|力争|截至|before|by|to|until)\\s*$")


class Dates(NamedTuple):
    """The rows of the `dates` column, and the columns that follow from them."""

    rows: list[dict[str, Any]]
    date_published: datetime.date | None
    published_at: datetime.datetime | None
    date_precision: str | None
    date_basis: str | None
    date_best: datetime.date | None
    date_best_kind: str | None
    yearless: bool


def read_dates(reader: Reader, url: Finding | None) -> Dates:
    """Read every metadata date of a document.

    `url` is the finding whose value is the document's address, if there is one. Dates in running text are read only where
    the text opens with them (the event of a news text), and `今年` only where the year is known.
    """
    rows: list[dict[str, Any]] = []
    published: dict[str, Stated] = {}

    def add(role: str, stated: Stated, basis: str, finding: Finding) -> None:
        start, end = finding.span
        start, end = (start + stated.start, start + stated.end) if stated.end else (start, end)
        evidence = Finding(finding.kind, span=(start, end), depth=finding.depth)
        row = {
            "role": role,
            "edtf": stated.edtf,
            "date": stated.day,
            "precision": stated.precision,
            "basis": basis,
            "text": reader.decoded(evidence),
            "line": reader.line(evidence),
        }
        if not any(other["role"] == role and other["edtf"] == row["edtf"] for other in rows):
            rows.append(row)
        if role == "published" and stated.day:
            published.setdefault(basis, stated)

    taiwan = any(finding.value.startswith("zh-Hant") for finding in reader.found("script"))
    for finding in reader.found("label_value"):
        role = _ROLE_OF_LABEL.get(finding.value)
        if role:
            for stated in full_dates(reader.converted(finding), roc=taiwan)[:1]:
                add(role, stated, "label", finding)
    for finding in reader.found("header_date"):
        for stated in full_dates(reader.converted(finding))[:1]:
            add("published", stated, "header_line", finding)
    for finding in reader.found("dateline_day"):
        text = reader.converted(finding)
        for stated in (full_dates(text) or yearless_dates(text))[:1]:
            add("published", stated, "dateline", finding)
    if url is not None:
        stated_in_url = date_in_url(reader.decoded(url))
        if stated_in_url:
            add("published", stated_in_url, "url", url)
    for finding in reader.found("signature_date"):
        for stated in full_dates(reader.converted(finding))[:1]:
            add("document", stated, "signature", finding)
    for finding, stated in _events(reader):
        add("event", stated, "caption" if finding.kind == "caption" else "text", finding)
    basis = next((basis for basis in _BASES if basis in published), None)
    stated = published.get(basis or "")
    _add_years(reader, rows, stated.day if stated else None, add)
    yearless = not published and any(row["role"] == "published" for row in rows)
    best, kind = _best(rows, stated)
    return Dates(
        rows=rows,
        date_published=stated.day if stated else None,
        published_at=stated.instant.astimezone(datetime.UTC) if stated and stated.instant else None,
        date_precision=stated.precision if stated else None,
        date_basis=basis,
        date_best=best,
        date_best_kind=kind,
        yearless=yearless,
    )


def _events(reader: Reader) -> list[tuple[Finding, Stated]]:
    """The dates with which captions and the text's first paragraphs open."""
    depth, value = len(reader.history.revisions), reader.history.value
    places = list(reader.found("caption"))
    places += [Finding("text", span=(block.start, block.end), depth=depth) for block in blocks(value[:_EVENT_READ])[:_EVENT_BLOCKS]]
    found = []
    for place in places:
        start, end = place.span
        opening = reader.history.at(place.depth)[start : min(end, start + 60)]
        for stated in [*full_dates(opening), *yearless_dates(opening)]:
            if _OPENING.search(opening[: stated.start]):
                begin = stated.start - (3 if opening[: stated.start].lower().endswith("on ") else 0)
                found.append((place, stated._replace(start=begin)))
                break
    return found


def _add_years(reader: Reader, rows: list[dict[str, Any]], published: datetime.date | None, add: Any) -> None:  # noqa: ANN401
    """Give a year to what has none, where the document says which: relative to its publication or its event."""
    events = [row for row in rows if row["role"] == "event"]
    known = published or next((row["date"] for row in events if row["date"]), None)
    depth, value = len(reader.history.revisions), reader.history.value
    text = Finding("text", span=(0, len(value)), depth=depth)
    if known:
        for row in events:
            if row["date"] is None:
                month, day = map(int, row["edtf"].split("-")[1:])
                row.update(date=known.replace(month=month, day=day), basis="year_from_context")
                row["edtf"] = row["date"].isoformat()
        for match in _THIS_YEAR.finditer(value[:5000]):
            for stated in yearless_dates(match["date"])[:1]:
                _, month, day = stated.edtf.split("-")
                date = datetime.date(known.year, int(month), int(day))
                add("mentioned", Stated(date.isoformat(), date, "day", None, *match.span()), "relative_year", text)
        return
    yearless = next((row for row in rows if row["role"] == "published" and row["date"] is None), None)
    years = {
        match["year"]: match for match in _YEAR.finditer(value) if not _LATER.search(value[max(0, match.start() - 8) : match.start()])
    }
    if yearless and len(years) == 1:
        (year, match), *_ = years.items()
        month, day = map(int, yearless["edtf"].split("-")[1:])
        date = datetime.date(int(year), month, day)
        add("published", Stated(f"{date.isoformat()}?", None, "day", None, *match.span()), "inferred_year", text)
        rows[-1]["date"] = date


def _best(rows: list[dict[str, Any]], published: Stated | None) -> tuple[datetime.date | None, str | None]:
    if published:
        return published.day, "published"
    for kind, test in (
        ("document", lambda row: row["role"] == "document"),
        ("inferred_year", lambda row: row["basis"] == "inferred_year"),
        ("event", lambda row: row["role"] == "event"),
    ):
        for row in rows:
            if row["date"] and test(row):
                return row["date"], kind
    return None, None
