"""What is looked at in each document: values worked out again, lists looked into, the other tables asked about it.

Here belongs what is said of the table `documents`. What is counted in a text alone is in :mod:`pipeline.derived.texts`,
the way back through its edits in :mod:`pipeline.derived.replaying`, near-duplicates in
:mod:`pipeline.derived.clusters`, what was measured in it in :mod:`pipeline.derived.quality`.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import re
import unicodedata
from collections import Counter
from itertools import chain, repeat
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from pipeline.columns import DATE_PRECISIONS, DATE_ROLES, OPEN_RIGHTS, QUALITY_FLAGS
from pipeline.derived import texts
from pipeline.derived.clusters import of_clusters
from pipeline.derived.conflicts import documents_with_conflicts
from pipeline.derived.quality import of_quality
from pipeline.derived.replaying import accounts
from pipeline.derived.scripts import documents_with_scripts
from pipeline.derived.values import each, hashable, values

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from pipeline.derived.values import Derived, Row, Tables

CHINA = ZoneInfo("Asia/Shanghai")
LOSS = frozenset({"mojibake_lossy", "pinyin_damage", "replacement_characters"})
"""Flags of documents that say themselves that characters were lost."""

_REGION = re.compile("[1-9][0-9]{5}")


def of_documents(
    rows: list[Row], files: list[Row], tables: Tables, *, json_lines: Iterable[str], copied: Sequence[Row]
) -> Derived:
    """The derived columns of `documents`.

    `json_lines` are the lines that should hold the same rows, `copied` the rows of those whose rights are open.
    """
    ids = set(hashable(row["id"] for row in rows))
    listed = ((row["raw_path"], row["doc_id"], row["raw_sha256"]) for row in files if row["status"] == "published")
    published = set(hashable(listed))
    copy_of = dict(zip(hashable(row["id"] for row in copied), copied, strict=True))
    strangers = len(copy_of) != len(copied) or not copy_of.keys() <= ids
    tabled = Counter(hashable(values(tables["sections"], "doc_id")))
    edited = accounts(tables["edits"])
    resolved, marked, deleted = documents_with_conflicts(tables)
    written = documents_with_scripts(tables)
    looks: dict[str, Callable[[Row], Any]] = {
        "derived_id": lambda row: row["raw_sha256"][:32],
        "derived_text_sha256": lambda row: hashlib.sha256(row["text"].encode()).hexdigest(),
        "derived_char_count": lambda row: len(row["text"]),
        "derived_han_count": lambda row: texts.han_count(row["text"]),
        "derived_lost_count": lambda row: texts.lost_count(row["text"]),
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
        "derived_listed_in_files": lambda row: (row["raw_path"], row["id"], row["raw_sha256"]) in published,
        "derived_open_copy_fits": lambda row: (
            not strangers and copy_of.get(row["id"]) == (row if row["rights_status"] in OPEN_RIGHTS else None)
        ),
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
        "derived_han_share": texts.han_share,
        "derived_traditional_share": texts.traditional_share,
        "derived_half_width_share": texts.half_width_share,
        "derived_day_published": lambda row: row["date_published"] and as_number(row["date_published"]),
        "derived_open_conflicts": lambda row: texts.open_conflicts(row["text"]),
        "derived_repeated_pinyin": lambda row: texts.repeated_pinyin(row["text"]),
        "derived_deleted_share": lambda row: (
            edited[row["id"]].deleted_share(len(row["text"])) if row["id"] in edited else 0.0
        ),
    }
    return {
        **{name: each(rows, look) for name, look in looks.items()},
        **{name: each(rows, look, otherwise=None) for name, look in figures.items()},
        **of_clusters(rows),
        **of_quality(rows, tables["documents"]),
        "derived_json_line_fits": [
            _says(line, row) for row, line in zip(rows, chain(json_lines, repeat("")), strict=False)
        ],
    }


def as_number(day: dt.date) -> int:
    """A day as a number that sorts as days do: Great Expectations compares dates of one unit only.

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


def _says(line: str, row: Row) -> bool:
    """Whether a line of JSON has every column of a row with its value."""
    try:
        return bool(json.loads(line) == _plain(row))
    except (OverflowError, RecursionError, ValueError):
        return False


def _plain(value: Any) -> Any:  # noqa: ANN401  any column's value
    """A value as JSON has it: days and times as ISO 8601, times in UTC."""
    if isinstance(value, dict):
        return {name: _plain(one) for name, one in value.items()}
    if isinstance(value, list):
        return [_plain(one) for one in value]
    if isinstance(value, dt.datetime):
        return value.astimezone(dt.UTC).isoformat().replace("+00:00", "Z")
    return value.isoformat() if isinstance(value, dt.date) else value
