"""What the checks look at beside the published columns: values worked out again, and promises that span tables.

Great Expectations sees flat columns of one table. Here belongs what it could not see otherwise: hashes and counts made
a second time from the text itself, lists looked into, rows looked up in another table. What is expected of them belongs
in ``expectations/``, running it in :mod:`pipeline.validate`. A value of the wrong kind is a promise that is not kept,
never an error: these functions are given what somebody may have damaged.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections import Counter
from typing import TYPE_CHECKING, Any, TypeAlias
from zoneinfo import ZoneInfo

from pipeline.columns import (
    DATE_PRECISIONS,
    DATE_ROLES,
    QUALITY_FLAGS,
    TABLES,
)
from pipeline.edits import HAN_RUN
from pipeline.script_conversion import script_evidence

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Mapping, Sequence

    import pyarrow as pa

Row: TypeAlias = "dict[str, Any]"
Tables: TypeAlias = "Mapping[str, pa.Table]"

CHINA = ZoneInfo("Asia/Shanghai")
LOSS = frozenset({"mojibake_lossy", "pinyin_damage", "replacement_characters"})
"""Flags of documents that say themselves that characters were lost."""

NO_BYTES = frozenset({"unreadable", "unsafe_path"})
"""Reasons for which a file is set aside without its bytes having been read."""

_REGION = re.compile("[1-9][0-9]{5}")
_TONED = re.compile(
    "([\u3400-\u4dbf\u4e00-\u9fff])[(（][a-zü]{0,5}[āáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜńňǹḿ][a-zü]{0,4}[)）]", re.IGNORECASE
)
_BOTH_SCRIPTS = dict.fromkeys(map(ord, "昇乾瞭著徵藉鍾陞"))  # stand in Simplified texts too, above all in names
_HALF_WIDTH = re.compile("(?<=[\u4e00-\u9fff])[,;:?!]|[,;?!](?=[\u4e00-\u9fff])")
_FULL_WIDTH = re.compile("[\uff0c\uff1b\uff1a\uff1f\uff01]")
_CONFLICT_LINE = re.compile("^(?:<{7}|={7}|>{7})(?:$| .*)", re.MULTILINE)
_ABOUT_MERGING = re.compile("(?<![a-z])git(?![a-z])|merg|conflict|冲突|合并|版本控制|```", re.IGNORECASE)
_FEW_MARKS = 20  # as in the gate that restores punctuation: fewer say nothing about a document's habit
_OFTEN = 3
_LETTERS_OF_A_HAN = 4


def derive(tables: Tables) -> dict[str, dict[str, list[Any]]]:
    """The derived columns of each table that has any, row for row.

    >>> import pyarrow as pa
    >>> sorted(derive({name: pa.table({}) for name in TABLES}))
    ['columns', 'documents', 'files']

    A column that is missing counts as one full of nulls: that it is missing is for another check to say.
    """
    documents, files = _rows(tables["documents"], "documents"), _rows(tables["files"], "files")
    return {
        "columns": _columns(tables),
        "documents": _of_documents(documents, files, tables),
        "files": _of_files(files, documents, tables),
    }


def as_number(day: dt.date) -> int:
    """A day as a number that sorts as days do: Great Expectations compares dates of one unit only.

    >>> import datetime
    >>> as_number(datetime.date(2018, 1, 18))
    20180118
    """
    return day.year * 10_000 + day.month * 100 + day.day


def _rows(table: pa.Table, name: str) -> list[Row]:
    blank: Row = dict.fromkeys(column.name for column in TABLES[name])
    return [blank | row for row in table.to_pylist()]


def _values(table: pa.Table, column: str) -> list[Any]:
    return list(table.column(column).to_pylist()) if column in table.column_names else []


def _each(rows: Sequence[Row], look: Callable[[Row], Any], *, otherwise: bool | None = False) -> list[Any]:
    """Look at each row; what cannot be looked at is `otherwise`."""
    seen = []
    for row in rows:
        try:
            seen.append(look(row))
        except (AttributeError, IndexError, KeyError, OverflowError, TypeError, ValueError):
            seen.append(otherwise)
    return seen


def _of_documents(rows: list[Row], files: list[Row], tables: Tables) -> dict[str, list[Any]]:
    ids = {row["id"] for row in rows}
    published = {(row["raw_path"], row["doc_id"], row["raw_sha256"]) for row in files if row["status"] == "published"}
    tabled = Counter(_values(tables["sections"], "doc_id"))
    looks: dict[str, Callable[[Row], Any]] = {
        "derived_id": lambda row: row["raw_sha256"][:32],
        "derived_text_sha256": lambda row: hashlib.sha256(row["text"].encode()).hexdigest(),
        "derived_char_count": lambda row: len(row["text"]),
        "derived_han_count": lambda row: _han(row["text"]),
        "derived_paragraph_count": lambda row: row["text"].count("\n") + 1,
        "derived_sections_nest": lambda row: _nest(row["sections"], len(row["text"])),
        "derived_sections_begin_with_heading": lambda row: all(_headed(row["text"], each) for each in row["sections"]),
        "derived_sections_tabled": lambda row: tabled[row["id"]] == len(row["sections"]),
        "derived_dates_known": lambda row: all(_known_date(date) for date in row["dates"]),
        "derived_date_published_explained": _explained,
        "derived_published_at_agrees": lambda row: _local_day(row["published_at"]) in {None, row["date_published"]},
        "derived_title_agrees": lambda row: (row["title"] is None) == (row["title_status"] == "absent"),
        "derived_title_balanced": _balanced,
        "derived_flags_known": lambda row: _is_sorted_choice(row["quality_flags"]),
        "derived_regions_well_formed": lambda row: all(_REGION.fullmatch(code) for code in row["region_codes"]),
        "derived_cluster_exists": lambda row: row["cluster_id"] in ids,
        "derived_listed_in_files": lambda row: (row["raw_path"], row["id"], row["raw_sha256"]) in published,
        "derived_nfc": lambda row: unicodedata.is_normalized("NFC", row["text"]),
        "derived_damaged": lambda row: not LOSS.isdisjoint(row["quality_flags"]),
    }
    figures: dict[str, Callable[[Row], Any]] = {
        "derived_han_share": _han_share,
        "derived_traditional_share": _traditional_share,
        "derived_half_width_share": _half_width_share,
        "derived_day_published": lambda row: row["date_published"] and as_number(row["date_published"]),
        "derived_open_conflicts": lambda row: _open_conflicts(row["text"]),
        "derived_repeated_pinyin": lambda row: sum(
            times >= _OFTEN for times in Counter(_TONED.findall(row["text"])).values()
        ),
    }
    return {
        name: _each(rows, look, otherwise=None if name == "derived_damaged" else False) for name, look in looks.items()
    } | {name: _each(rows, look, otherwise=None) for name, look in figures.items()}


def _nest(sections: Sequence[Row], length: int) -> bool:
    """True where the sections lie in the text, in order, each inside its parent and behind its elder siblings."""
    ends: dict[int | None, int] = {}
    last = -1
    for position, each in enumerate(sections):
        start, end, parent = each["char_start"], each["char_end"], each["parent"]
        if each["index"] != position or not 1 <= each["level"] <= 9:  # noqa: PLR2004  levels are one digit by contract
            return False
        if not last < start < end <= length or start < ends.get(parent, 0):
            return False
        if parent is not None:
            if not 0 <= parent < position or each["level"] <= sections[parent]["level"]:
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


def _han_share(row: Row) -> float | None:
    """The share of Han in the writing of a Chinese text, where four letters say as much as one Han."""
    if not row["language"].startswith("zh"):
        return None
    han = _han(row["text"])
    letters = sum(map(str.isalpha, row["text"])) - han
    return han / (han + letters / _LETTERS_OF_A_HAN) if han else 0.0


def _han(text: str) -> int:
    return sum(map(len, HAN_RUN.findall(text)))


def _traditional_share(row: Row) -> float | None:
    """The share of Han of a text in Simplified that are Traditional only."""
    if row["language"] != "zh-Hans":
        return None
    evidence = script_evidence(row["text"].translate(_BOTH_SCRIPTS))
    return evidence.traditional / evidence.han if evidence.han else None


def _half_width_share(row: Row) -> float | None:
    """The share of half-width marks beside Han; null where there are too few marks to speak of a habit."""
    if row["language"] != "zh-Hans":
        return None
    half, full = len(_HALF_WIDTH.findall(row["text"])), len(_FULL_WIDTH.findall(row["text"]))
    return half / (half + full) if half + full >= _FEW_MARKS else None


def _open_conflicts(text: str) -> int:
    """How many whole conflict blocks there are in a text that does not speak of merging outside of them."""
    count, waiting_for, last, outside = 0, "<", 0, []
    for mark in _CONFLICT_LINE.finditer(text):
        if mark[0][0] == waiting_for:
            if waiting_for == "<":
                outside.append(text[last : mark.start()])
            elif waiting_for == ">":
                count += 1
                last = mark.end()
            waiting_for = {"<": "=", "=": ">", ">": "<"}[waiting_for]
    outside.append(text[last:])
    return 0 if count and any(map(_ABOUT_MERGING.search, outside)) else count


def _of_files(rows: list[Row], documents: list[Row], tables: Tables) -> dict[str, list[Any]]:
    by_path = {row["raw_path"]: row for row in documents}
    ids = {row["id"] for row in documents}
    quarantine = tables["quarantine"]
    reasons = dict(zip(_values(quarantine, "raw_path"), _values(quarantine, "reason"), strict=False))

    def is_document(row: Row) -> bool:
        document = by_path.get(row["raw_path"])
        if row["status"] != "published":
            return document is None and row["doc_id"] is None
        return document is not None and document["id"] == row["doc_id"] == row["raw_sha256"][:32]

    looks: dict[str, Callable[[Row], Any]] = {
        "derived_published_is_document": is_document,
        "derived_quarantined_is_listed": lambda row: (row["status"] == "quarantined") == (row["raw_path"] in reasons),
        "derived_duplicate_has_original": lambda row: (
            row["duplicate_of"] in ids if row["status"] == "duplicate" else row["duplicate_of"] is None
        ),
        "derived_hashed": lambda row: (
            (row["raw_sha256"] is not None and row["bytes"] is not None) or reasons.get(row["raw_path"]) in NO_BYTES
        ),
        "derived_runs_cover": lambda row: row["status"] == "quarantined" or _cover(row["runs"], row["bytes"]),
        "derived_steps_held": lambda row: reasons.get(row["raw_path"]) != "step_failed",
        "derived_encoding_stated": lambda row: row["status"] == "quarantined" or bool(row["encoding"]),
    }
    return {name: _each(rows, look) for name, look in looks.items()}


def _cover(runs: Sequence[Row], size: int) -> bool:
    """True where the runs of codecs follow one another from the first byte to the last."""
    at = 0
    for run in runs:
        if run["start_byte"] != at or run["end_byte"] <= at:
            return False
        at = run["end_byte"]
    return at == size


def _columns(tables: Tables) -> dict[str, list[Any]]:
    """One row for every column that is declared or found, of every table: what it should be and what it is."""
    rows: dict[str, list[Any]] = {name: [] for name in ("column", "declared", "found")}
    for table, declared in TABLES.items():
        should = {each.name: _described(each.field, position) for position, each in enumerate(declared)}
        there = {field.name: _described(field, position) for position, field in enumerate(tables[table].schema)}
        for name in dict.fromkeys((*should, *there)):
            rows["column"].append(f"{table}.{name}")
            rows["declared"].append(should.get(name, "nothing"))
            rows["found"].append(there.get(name, "nothing"))
    return rows


def _described(field: pa.Field[Any], position: int) -> str:
    # Arrow calls what stands in a list "item", Parquet "element".
    kind = str(field.type).replace("list<item: ", "list<element: ")
    return f"{position}: {kind}{'' if field.nullable else ' not null'}"
