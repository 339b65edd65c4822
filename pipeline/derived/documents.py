"""What is looked at in each document: values worked out again, lists looked into, the other tables asked about it.

Here belongs what is said of the table `documents`. What is counted in a text alone is in :mod:`pipeline.derived.texts`,
the way back through its edits in :mod:`pipeline.derived.replaying`, near-duplicates in
:mod:`pipeline.derived.clusters`, what was measured in it in :mod:`pipeline.derived.quality`.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections import Counter
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from pipeline.columns import DATE_PRECISIONS, DATE_ROLES, QUALITY_FLAGS
from pipeline.derived import quality, texts
from pipeline.derived.clusters import of_clusters
from pipeline.derived.conflicts import documents_with_conflicts
from pipeline.derived.copies import of_copies
from pipeline.derived.replaying import accounts
from pipeline.derived.scripts import documents_with_scripts
from pipeline.derived.values import each, hashable, rows, strings, values
from pipeline.derived.whole import among, hashed

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Sequence

    import pyarrow as pa

    from pipeline.derived.values import Derived, Row, Tables
    from pipeline.derived.whole import Whole

CHINA = ZoneInfo("Asia/Shanghai")
LOSS = frozenset({"mojibake_lossy", "pinyin_damage", "replacement_characters"})
"""Flags of documents that say themselves that characters were lost."""

_REGION = re.compile("[1-9][0-9]{5}")

_COLUMNS = (
    "id",
    "raw_sha256",
    "sections",
    "dates",
    "date_published",
    "date_precision",
    "date_basis",
    "published_at",
    "title",
    "title_status",
    "region_codes",
    "script",
    "traditional_share_0_to_1",
    "language",
    *quality.COLUMNS,
)
"""The columns that are looked at row by row."""


def of_documents(tables: Tables, whole: Whole, *, json_lines: Sequence[bytes], copied: pa.Table | None) -> Derived:
    """The derived columns of `documents`.

    `json_lines` are the lines that should hold the same rows, `copied` the rows of those whose rights are open.
    """
    documents = tables["documents"]
    found = rows(documents, "documents", _COLUMNS)
    for row, text in zip(found, strings(documents, "text").to_pylist(), strict=True):
        row["text"] = text
    counted = texts.counts([row["text"] or "" for row in found])
    for name, numbers in counted._asdict().items():
        for row, number in zip(found, numbers.tolist(), strict=True):
            row[f"counted_{name}"] = number
    tabled = Counter(hashable(values(tables["sections"], "doc_id")))
    edited = accounts(tables["edits"])
    resolved, marked, deleted = documents_with_conflicts(tables)
    written = documents_with_scripts(tables)
    looks: dict[str, Callable[[Row], Any]] = {
        "derived_id": lambda row: row["raw_sha256"][:32],
        "derived_text_sha256": lambda row: hashlib.sha256(row["text"].encode()).hexdigest(),
        "derived_char_count": lambda row: len(row["text"]),
        "derived_han_count": lambda row: row["counted_han"],
        "derived_lost_count": lambda row: texts.lost_count(row["text"]) if row["counted_lost"] else 0,
        "derived_paragraph_count": lambda row: row["text"].count("\n") + 1,
        "derived_sections_nest": lambda row: _nest(row["sections"], len(row["text"])),
        "derived_sections_begin_with_heading": lambda row: all(_headed(row["text"], one) for one in row["sections"]),
        "derived_sections_tabled": lambda row: tabled[row["id"]] == len(row["sections"]),
        "derived_dates_known": lambda row: all(_known_date(date) for date in row["dates"]),
        "derived_date_published_explained": _explained,
        "derived_published_at_agrees": lambda row: _local_day(row["published_at"]) in {None, row["date_published"]},
        "derived_title_agrees": lambda row: (row["title"] is None) == (row["title_status"] == "absent"),
        "derived_title_balanced": _balanced,
        "derived_flags_known": lambda row: _is_sorted_choice(row["quality_flags"]),
        "derived_regions_well_formed": lambda row: all(_REGION.fullmatch(code) for code in row["region_codes"]),
        "derived_conflicts_flagged": lambda row: (
            ("conflict_resolved" in row["quality_flags"]) == (row["id"] in resolved)
        ),
        "derived_markers_flagged": lambda row: (
            ("conflict_markers_removed" in row["quality_flags"]) == (row["id"] in marked)
        ),
        "derived_conflicts_tabled": lambda row: row["id"] in marked or row["id"] not in deleted,
        "derived_stretches_tabled": lambda row: row["id"] in written.shares,
        "derived_conversions_tabled": lambda row: row["id"] not in written.unrecorded,
        "derived_script_fits": lambda row: written.fits(row["id"], row["script"]),
        "derived_written_share_fits": lambda row: (
            row["traditional_share_0_to_1"] == written.shares.get(row["id"], row["traditional_share_0_to_1"])
        ),
        "derived_nfc": lambda row: unicodedata.is_normalized("NFC", row["text"]),
        "derived_edits_replay": lambda row: row["id"] not in edited or edited[row["id"]].replays(row["text"]),
    }
    figures: dict[str, Callable[[Row], Any]] = {
        "derived_damaged": lambda row: not LOSS.isdisjoint(row["quality_flags"]),
        "derived_han_share": lambda row: texts.han_share(
            row["language"], row["counted_han"], row["counted_alphabetic"]
        ),
        "derived_traditional_share": lambda row: texts.traditional_share(
            row["language"], row["text"], row["counted_in_both_scripts"]
        ),
        "derived_half_width_share": lambda row: texts.half_width_share(
            row["language"], row["counted_half_width_beside_han"], row["counted_full_width"]
        ),
        "derived_day_published": lambda row: row["date_published"] and as_number(row["date_published"]),
        "derived_open_conflicts": lambda row: texts.open_conflicts(row["text"]),
        "derived_repeated_pinyin": lambda row: texts.repeated_pinyin(row["text"]) if row["counted_toned"] else 0,
        "derived_deleted_share": lambda row: (
            edited[row["id"]].deleted_share(len(row["text"])) if row["id"] in edited else 0.0
        ),
    }
    place = hashed(*(strings(documents, name) for name in ("raw_path", "id", "raw_sha256")))
    return {
        **{name: each(found, look) for name, look in looks.items()},
        **{name: each(found, look, otherwise=None) for name, look in figures.items()},
        "derived_listed_in_files": among(place, whole.published),
        **of_clusters(documents, whole),
        **of_copies(documents, json_lines, copied),
        **quality.of_quality(found, documents, counted),
    }


def as_number(day: dt.date) -> int:
    """A day as a number that sorts as days do: Great Expectations compares dates of one unit only.

    >>> import datetime as dt
    >>> as_number(dt.date(2018, 1, 18))
    20180118
    """
    return day.year * 10_000 + day.month * 100 + day.day


def _nest(sections: Sequence[Row], length: int) -> bool:
    """True where the sections lie in the text, in order, each inside its parent and behind its elder siblings."""
    ends: dict[int | None, int] = {}
    last = -1
    for position, one in enumerate(sections):
        start, end, parent = one["char_start"], one["char_end"], one["parent"]
        if one["index"] != position or not 1 <= one["level"] <= 9:  # noqa: PLR2004  levels are one digit by contract
            return False
        if not last < start < end <= length or start < ends.get(parent, 0):
            return False
        if parent is not None:
            if not 0 <= parent < position or one["level"] <= sections[parent]["level"]:
                return False
            if end > sections[parent]["char_end"] or start < sections[parent]["char_start"]:
                return False
        ends[parent] = end
        last = start
    return True


def _headed(text: str, section: Row) -> bool:
    """True where a section begins with its marker and its title; white space between them and within does not count."""
    line = text[section["char_start"] : section["char_end"]].partition("\n")[0]
    return "".join(line.split()).startswith("".join((section["marker"] + section["title"]).split()))


def _known_date(date: Row) -> bool:
    known = date["role"] in DATE_ROLES and date["precision"] in DATE_PRECISIONS
    return known and bool(date["basis"]) and bool(date["edtf"]) and date["line"] >= 1


def _explained(row: Row) -> bool:
    """A date of publication says how exact it is and where it was read; where there is none, nothing is said."""
    stated = row["date_published"] is not None
    return stated == (row["date_precision"] is not None) == (row["date_basis"] is not None)


def _local_day(moment: dt.datetime | None) -> dt.date | None:
    return None if moment is None else moment.astimezone(CHINA).date()


def _balanced(row: Row) -> bool:
    title = row["title"]
    return title is None or row["title_status"] == "truncated" or title.count("《") == title.count("》")


def _is_sorted_choice(flags: Sequence[str]) -> bool:
    return list(flags) == sorted(set(flags)) and all(flag in QUALITY_FLAGS for flag in flags)
