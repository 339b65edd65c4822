"""What is looked at in each reference, target and issuer: whether its words stand where it says, and whether it is one.

Here belongs what is said of the tables that :mod:`pipeline.enrichment` fills. There are few rows of each in a document,
so that they are looked at one by one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from pipeline.derived.values import (
    codes,
    each,
    hashable,
    is_one_of,
    looked_up,
    named,
    numbers,
    previous,
    rows,
    starts_anew,
    strings,
    values,
)
from pipeline.metadata.document_numbers import issuer_of

if TYPE_CHECKING:
    import pyarrow as pa

    from pipeline.derived.values import Derived, Numbers, Row, Tables, Truths


def of_references(tables: Tables) -> Derived:
    """The derived columns of `references`."""
    references = tables["references"]
    texts = _texts(tables["documents"])
    found = rows(references, "references")
    return {
        **_numbered(references, "reference_index", tables),
        "derived_in_order": _in_order(references),
        "derived_title_in_place": each(found, lambda row: _at(texts, row, "")[1:-1].strip() == row["title"]),
        "derived_number_in_place": each(
            found, lambda row: _plain(_at(texts, row, "number_")) == (row["doc_number"] or "")
        ),
        "derived_alias_in_place": each(found, lambda row: _at(texts, row, "alias_") == (row["alias"] or "")),
        "derived_issuer_fits": each(found, lambda row: row["issuer"] == issuer_of(row["doc_number"] or "")),
        "derived_number_shown": each(found, lambda row: (row["basis"] == "number") == bool(row["doc_number"])),
    }


def of_targets(tables: Tables) -> Derived:
    """The derived columns of `targets`."""
    targets = tables["targets"]
    texts = _texts(tables["documents"])
    found = rows(targets, "targets")
    return {
        **_numbered(targets, "target_index", tables),
        "derived_in_order": _in_order(targets),
        "derived_text_in_place": each(found, lambda row: bool(row["text"]) and _at(texts, row, "") == row["text"]),
        "derived_indicator_in_place": each(
            found, lambda row: _at(texts, row, "indicator_") == (row["indicator"] or "")
        ),
        "derived_value_has_figure": each(
            found, lambda row: bool(set(_at(texts, row, "value_")) & _FIGURES) == (row["value"] is not None)
        ),
        "derived_value_in_words": each(
            found,
            lambda row: (
                row["value_start"] is None or row["start"] <= row["value_start"] < row["value_end"] <= row["end"]
            ),
        ),
        "derived_range_fits": each(
            found,
            lambda row: (
                (row["relation"] == "range") == (row["value_max"] is not None)
                and (row["value_max"] is None or row["value"] < row["value_max"])
            ),
        ),
        "derived_figure_whole": each(
            found,
            lambda row: {row["kind"] == "qualitative"} == {row[name] is None for name in ("value", "unit", "relation")},
        ),
        "derived_year_explained": each(found, lambda row: (row["year"] is None) == (row["year_basis"] is None)),
    }


def of_issuers(tables: Tables, raw: Numbers) -> Derived:
    """The derived columns of `issuers`; `raw` is the length of the raw text of each document."""
    issuers, documents = tables["issuers"], tables["documents"]
    doc = strings(issuers, "doc_id")
    found = rows(issuers, "issuers")
    return {
        **_numbered(issuers, "issuer_index", tables),
        "derived_ends_in_text": numbers(issuers, "end") <= looked_up(doc, strings(documents, "id"), raw),
        "derived_level_known_by_name": each(found, lambda row: row["level"] is None or bool(row["normalised"])),
        "derived_region_of_level": each(
            found, lambda row: row["region_code"] is None or row["level"] in ("city", "county", "province")
        ),
    }


_FIGURES = frozenset("0123456789０１２３４５６７８９番")


def _numbered(table: pa.Table, index: str, tables: Tables) -> Derived:
    """What is looked at in every table whose rows are numbered in their document."""
    doc, place = strings(table, "doc_id"), numbers(table, index)
    first = starts_anew(codes(doc))
    return {
        "derived_row": named(doc, place),
        "derived_document_exists": is_one_of(doc, strings(tables["documents"], "id")),
        "derived_index_consecutive": np.where(first, place == 0, place == previous(place) + 1),
    }


def _in_order(table: pa.Table) -> Truths:
    start = numbers(table, "start")
    return starts_anew(codes(strings(table, "doc_id"))) | (start >= previous(start))


def _texts(documents: pa.Table) -> dict[object, str]:
    pairs = zip(values(documents, "id"), values(documents, "text"), strict=True)
    return {name: text for name, text in pairs if isinstance(text, str) and [*hashable([name])]}


def _at(texts: dict[object, str], row: Row, what: str) -> str:
    """The words at a span of a row; none where it has no such span."""
    start, end = row[f"{what}start"], row[f"{what}end"]
    return "" if start is None and end is None else texts[row["doc_id"]][start:end]


def _plain(number: str) -> str:
    return "".join(number.split())
