"""What is looked at in each stretch of one script: whether it fits its document, its neighbours, and its own evidence.

Here belongs what is said of the table `scripts`, and what the documents are asked about theirs.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pyarrow as pa

from pipeline.columns import SCRIPTS
from pipeline.derived.values import (
    NO_NUMBER,
    codes,
    floats,
    ids_where,
    is_one_of,
    is_true,
    joined,
    lengths,
    looked_up,
    named,
    numbers,
    pc,
    previous,
    starts_anew,
    strings,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pipeline.derived.values import Derived, Numbers, Strings, Tables

CONVERTED = {"hk2s": "Hant-HK", "s2t": "Hans", "t2s": "Hant", "tw2s": "Hant-TW"}
"""The script that each configuration converts."""

RULES = "script."
"""How the rules of the conversions begin; behind it stands the configuration."""


class Written(NamedTuple):
    """What the stretches say of all documents: which of them have one in each script, and what share is Traditional.

    `unrecorded` are documents with edits by a conversion that no stretch of theirs tells of.
    """

    in_script: Mapping[str, frozenset[str]]
    shares: Mapping[str, float | None]
    unrecorded: frozenset[str]

    def fits(self, document: str, script: str) -> bool:
        """Whether the stretches of a document make it one in this script.

        Where letters outweigh everything else, it is in none (`other`), though a stretch by itself may be.
        """
        there = {one for one, documents in self.in_script.items() if document in documents}
        if script == "mixed":
            return "mixed" in there or len(there) > 1
        return script in there or (script == "other" and bool(there))


def documents_with_scripts(tables: Tables) -> Written:
    """What the stretches say of their documents."""
    scripts, edits = tables["scripts"], tables["edits"]
    script, configuration, rule = strings(scripts, "script"), strings(scripts, "configuration"), strings(edits, "rule")
    unrecorded = (
        ids_where(edits, pc.equal(rule, RULES + name)) - ids_where(scripts, pc.equal(configuration, name))
        for name in CONVERTED
    )
    return Written(
        {name: ids_where(scripts, pc.equal(script, name)) for name in SCRIPTS},
        _shares_of_documents(scripts),
        frozenset().union(*unrecorded),
    )


def of_scripts(tables: Tables, raw: Numbers) -> Derived:
    """The derived columns of `scripts`; `raw` is the length of the raw text of each document."""
    scripts = tables["scripts"]
    doc, index = strings(scripts, "doc_id"), numbers(scripts, "stretch_index")
    start, end = numbers(scripts, "start"), numbers(scripts, "end")
    script, configuration = strings(scripts, "script"), strings(scripts, "configuration")
    counts = {name: numbers(scripts, f"{name}_count") for name in _COUNTED}
    stays = is_true(pc.is_null(configuration))
    share = floats(scripts, "traditional_share_0_to_1")
    expected = _shares(counts["traditional"], counts["simplified"])
    first = starts_anew(codes(doc))
    return {
        "derived_row": named(doc, index),
        "derived_document_exists": is_one_of(doc, strings(tables["documents"], "id")),
        "derived_index_consecutive": np.where(first, index == 0, index == previous(index) + 1),
        "derived_in_order": first | (start >= previous(start)),
        "derived_apart": first | (start >= previous(end)),
        "derived_ends_in_text": end <= looked_up(doc, strings(tables["documents"], "id"), raw),
        "derived_counts_not_negative": np.logical_and.reduce([found >= 0 for found in counts.values()]),
        "derived_telling_are_han": counts["traditional"] + counts["simplified"] <= counts["han"],
        "derived_regional_are_han": counts["taiwan"] + counts["hongkong"] <= counts["han"],
        "derived_counts_in_place": sum(counts[name] for name in _APART) <= end - start,
        "derived_configuration_fits": stays | is_one_of(joined(configuration, script, separator="/"), _CONVERSIONS),
        "derived_one_configuration": stays | ~is_one_of(doc, _with_several_configurations(scripts)),
        "derived_share_fits": is_true(pc.equal(share, expected))
        | is_true(pc.and_(share.is_null(), expected.is_null())),
    }


_APART = ("han", "kana", "hangul", "letter")
"""What is counted of a character at most once."""

_COUNTED = (*_APART, "traditional", "simplified", "taiwan", "hongkong")
_CONVERSIONS = [f"{configuration}/{script}" for configuration, script in CONVERTED.items()]


def _with_several_configurations(scripts: pa.Table) -> list[str]:
    """The documents that more than one configuration has converted."""
    configuration = strings(scripts, "configuration")
    seen: set[str] = set()
    several: set[str] = set()
    for name in CONVERTED:
        ids = ids_where(scripts, pc.equal(configuration, name))
        several |= seen & ids
        seen |= ids
    return sorted(several)


def _shares(traditional: Numbers, simplified: Numbers) -> pa.Array[Any]:
    """The Traditional share of each row as it is published; null where no character tells."""
    telling = traditional + simplified
    shares: pa.Array[Any] = pa.array(traditional / np.maximum(telling, 1), pa.float32(), mask=telling <= 0)
    return shares


def _shares_of_documents(scripts: pa.Table) -> dict[str, float | None]:
    """The Traditional share of all stretches of each document together."""
    doc = strings(scripts, "doc_id")
    ids, traditional = _sums(doc, numbers(scripts, "traditional_count"))
    simplified = looked_up(ids, *_sums(doc, numbers(scripts, "simplified_count")))
    shares = _shares(traditional, simplified).to_pylist()
    return {name: share for name, share in zip(ids.to_pylist(), shares, strict=True) if name is not None}


def raw_lengths(tables: Tables) -> Numbers:
    """The length of the raw text, as decoded, of each document: that of its text without what its edits put in."""
    documents, edits = tables["documents"], tables["edits"]
    gone, come = (lengths(strings(edits, name)) for name in ("before", "after"))
    shrunk = np.where((gone == NO_NUMBER) | (come == NO_NUMBER), 0, gone - come)
    found = looked_up(strings(documents, "id"), *_sums(strings(edits, "doc_id"), shrunk))
    raw: Numbers = lengths(strings(documents, "text")) + np.where(found == NO_NUMBER, 0, found)
    return raw


def _sums(doc: Strings, found: Numbers) -> tuple[Strings, Numbers]:
    """The documents, each once and in any order, and the sum of each document's numbers."""
    rows = pa.Table.from_arrays([doc, pa.array(found)], names=["doc", "found"])
    sums: Any = rows.group_by("doc").aggregate([("found", "sum")]).combine_chunks()
    return sums["doc"].combine_chunks(), sums["found_sum"].to_numpy()
