"""The dates of one document: each with its role, its basis and its evidence, and the two that are published as such.

`date_published` is strict: the year must be stated. `date_best` is permissive and says how it was found. A page's
posting date never becomes the date of the document, nor the other way round.
"""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

from pipeline.blocks import blocks
from pipeline.metadata.dates import Stated, date_in_url, full_dates, yearless_dates
from pipeline.text import Finding

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pipeline.metadata.reading import Reader

_Add: TypeAlias = "Callable[[str, Stated, str, Finding], None]"
_Found: TypeAlias = "tuple[str, Stated, str, Finding]"
"""A role, the date as stated, its basis, and what it was read in."""

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
_HISTORY = re.compile(r"[（(](?=(?:19|20)\d\d)[^（）()]{8,1200}[）)]")
_MADE = re.compile("通过|公布|发布|批准|修订|修正|修改")
_QUOTED = re.compile("《[^《》]*》")
_IN_FORCE = re.compile("自[ \u3000]?$")
_OPENING = re.compile("^(?:[Oo]n |(?:近|昨|今)日[，,（(]?|（|\\()?$")
_AHEAD = dt.timedelta(days=31)
_THIS_YEAR_READ = 5000
_THIS_YEAR = re.compile("今年(?P<date>\\d{1,2}月\\d{1,2}日)")
_YEAR = re.compile(r"(?<![\d〔\[(（-])(?P<year>20[0-3]\d)(?!\d|\s*号)(?:年(?!代|底|末))?")
_LATER = re.compile("(?:到|至|力争|截至|before|by|to|until)\\s*$")


class Dates(NamedTuple):
    """The rows of the `dates` column, and the columns that follow from them."""

    rows: list[dict[str, Any]]
    date_published: dt.date | None
    published_at: dt.datetime | None
    date_precision: str | None
    date_basis: str | None
    date_best: dt.date | None
    date_best_kind: str | None
    yearless: bool


def read_dates(reader: Reader, url: Finding | None) -> Dates:
    """Read every metadata date of a document.

    `url` is the finding whose value is the document's address, if there is one. Dates in running text are read only
    where the text opens with them (the event of a news text), and `今年` only where the year is known.
    """
    rows: list[dict[str, Any]] = []
    published: dict[str, Stated] = {}

    def add(role: str, stated: Stated, basis: str, finding: Finding) -> None:
        start = finding.span[0]
        evidence = Finding(finding.kind, span=(start + stated.start, start + stated.end), depth=finding.depth)
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

    for found in (*_labelled(reader), *_placed(reader, url), *_events(reader)):
        add(*found)
    basis = next((basis for basis in _BASES if basis in published), None)
    chosen = published.get(basis or "")
    _add_years(reader, rows, chosen.day if chosen else None, add)
    yearless = not published and any(row["role"] == "published" for row in rows)
    best, kind = _best(rows, chosen)
    return Dates(
        rows=rows,
        date_published=chosen.day if chosen else None,
        published_at=chosen.instant.astimezone(dt.UTC) if chosen and chosen.instant else None,
        date_precision=chosen.precision if chosen else None,
        date_basis=basis,
        date_best=best,
        date_best_kind=kind,
        yearless=yearless,
    )


def _labelled(reader: Reader) -> Iterator[_Found]:
    """The dates behind labels."""
    taiwan = any(finding.value.startswith("Hant") for finding in reader.found("script"))
    for finding in reader.found("label_value"):
        if role := _ROLE_OF_LABEL.get(finding.value):
            for stated in full_dates(reader.converted(finding), roc=taiwan, compact=True)[:1]:
                yield role, stated, "label", finding


def _placed(reader: Reader, url: Finding | None) -> Iterator[_Found]:
    """The dates whose place says what they are: page header, dateline, address, signature."""
    for finding in reader.found("header_date"):
        for stated in full_dates(reader.converted(finding))[:1]:
            yield "published", stated, "header_line", finding
    for finding in reader.found("dateline_day"):
        text = reader.converted(finding)
        for stated in (full_dates(text) or yearless_dates(text))[:1]:
            yield "published", stated, "dateline", finding
    if url is not None and (in_url := date_in_url(reader.decoded(url))):
        yield "published", in_url, "url", url
    for finding in reader.found("signature_date"):
        for stated in full_dates(reader.converted(finding))[:1]:
            yield "document", stated, "signature", finding


def _events(reader: Reader) -> Iterator[_Found]:
    """The dates with which captions and the text's first paragraphs open."""
    depth, value = len(reader.history.revisions), reader.history.value
    opening_blocks = blocks(value[:_EVENT_READ])[:_EVENT_BLOCKS]
    places = [(finding, "caption") for finding in reader.found("caption")]
    places += [(Finding("text", span=(block.start, block.end), depth=depth), "text") for block in opening_blocks]
    for place, basis in places:
        start, end = place.span
        if basis == "text" and (note := _HISTORY.match(value, start)):
            made = _made(note.group())
            if made:
                yield from (("event", stated, basis, place) for stated in made)
                continue
        opening = reader.history.at(place.depth)[start : min(end, start + 60)]
        for stated in [*full_dates(opening), *yearless_dates(opening)]:
            if _OPENING.search(opening[: stated.start]):
                begin = stated.start - (3 if opening[: stated.start].lower().endswith("on ") else 0)
                yield "event", stated._replace(start=begin), basis, place
                break


def _made(note: str) -> list[Stated]:
    """The days on which a statute was made what it is, by the note below its title: the last revision, the adoption.

    Left alone: the day from which it is in force, and what stands in a title that the note quotes.
    """
    bare = _QUOTED.sub(lambda quoted: "-" * len(quoted.group()), note)
    dates = full_dates(bare)
    ends = [*(stated.start for stated in dates[1:]), len(bare)]
    made = [
        stated
        for stated, end in zip(dates, ends, strict=True)
        if stated.day and _MADE.search(bare[stated.end : end]) and not _IN_FORCE.search(bare[: stated.start])
    ]
    last = max(made, key=lambda stated: stated.day or dt.date.min, default=None)
    return [last, *[stated for stated in made[:1] if stated is not last]] if last else []


def _add_years(reader: Reader, rows: list[dict[str, Any]], published: dt.date | None, add: _Add) -> None:
    """Give a year to what has none, where the document says which: relative to its publication or its event."""
    events = [row for row in rows if row["role"] == "event"]
    known = published or next((row["date"] for row in events if row["date"]), None)
    depth, value = len(reader.history.revisions), reader.history.value
    text = Finding("text", span=(0, len(value)), depth=depth)
    if known:
        for row in events:
            if row["date"] is None and (date := _nearest(known, row["edtf"])):
                row.update(date=date, edtf=date.isoformat(), basis="year_from_context")
        for match in _THIS_YEAR.finditer(value[:_THIS_YEAR_READ]):
            for stated in yearless_dates(match["date"])[:1]:
                if date := _in_year(known.year, stated.edtf):
                    add("mentioned", Stated(date.isoformat(), date, "day", None, *match.span()), "relative_year", text)
        return
    yearless = next((row for row in rows if row["role"] == "published" and row["date"] is None), None)
    if yearless is None:
        return
    found = (
        match for match in _YEAR.finditer(value) if not _LATER.search(value[max(0, match.start() - 8) : match.start()])
    )
    years = {match["year"]: match for match in found}
    if len(years) != 1:
        return
    (year, match), *_ = years.items()
    if date := _in_year(int(year), yearless["edtf"]):
        add("published", Stated(f"{date.isoformat()}?", None, "day", None, *match.span()), "inferred_year", text)
        rows[-1]["date"] = date


def _in_year(year: int, edtf: str) -> dt.date | None:
    """The day of an EDTF date without a year in the year given; None where it does not have that day."""
    _, month, day = edtf.split("-")
    try:
        return dt.date(year, int(month), int(day))
    except ValueError:  # 29 February
        return None


def _nearest(known: dt.date, edtf: str) -> dt.date | None:
    """The day in the year of a known date, or in the one before where it would lie well behind that date.

    A page of 2 January that speaks of 30 December means the one just past.
    """
    date = _in_year(known.year, edtf)
    if date and date - known > _AHEAD:
        return _in_year(known.year - 1, edtf)
    return date


def _best(rows: list[dict[str, Any]], published: Stated | None) -> tuple[dt.date | None, str | None]:
    if published:
        return published.day, "published"
    for key, value, kind in (
        ("role", "document", "document"),
        ("basis", "inferred_year", "inferred_year"),
        ("role", "event", "event"),
    ):
        for row in rows:
            if row["date"] and row[key] == value:
                return row["date"], kind
    return None, None
