"""What can be wrong with the tables of what was read in the texts, and which expectations are to say so.

Here belongs every damage to `references`, `targets` and `issuers`; those to the other tables are in
``broken_tables.py``, which has these as well.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from breaking_tables import (
    KNOWN,
    NUMBERED,
    PLAIN,
    RANGE,
    UNKNOWN,
    WORDS,
    change,
    drop,
    orphaned,
    shift,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from breaking_tables import Damage

    Damages: TypeAlias = Mapping[str, tuple[Damage, set[str]]]

OF_REFERENCES: Damages = {
    "a reference of no document": (
        orphaned("references", PLAIN),
        {"references.document_exists", "references.index_consecutive", "references.title_in_place"},
    ),
    "a reference that is gone": (drop("references", NUMBERED), {"references.index_consecutive"}),
    "a reference whose number in its document is taken": (
        change("references", PLAIN, reference_index=0),
        {"references.index_unique", "references.index_consecutive"},
    ),
    "a reference before the text": (
        change("references", NUMBERED, start=-1),
        {"references.start_not_negative", "references.title_in_place"},
    ),
    "a reference that ends where it starts": (
        change("references", PLAIN, start=900, end=900),
        {"references.end_behind_start", "references.title_in_place"},
    ),
    "references in another order": (
        change("references", PLAIN, start=0),
        {"references.in_order", "references.title_in_place"},
    ),
    "another title than the text has": (change("references", PLAIN, title="算力办法"), {"references.title_in_place"}),
    "no title at all": (
        change("references", PLAIN, title=" "),
        {"references.title_in_place", "references.title_not_empty"},
    ),
    "another number than the text has": (
        change("references", NUMBERED, doc_number="国发〔2021〕3号"),
        {"references.number_in_place"},
    ),
    "another short name than the text has": (
        change("references", NUMBERED, alias="办法"),
        {"references.alias_in_place"},
    ),
    "a document that is never named": (
        change("references", PLAIN, mention_count=0),
        {"references.mention_count_positive"},
    ),
    "an issuer that was guessed": (change("references", PLAIN, issuer="国务院"), {"references.issuer_fits"}),
    "a number that shows nothing": (change("references", NUMBERED, basis="genre"), {"references.number_shown"}),
}

OF_TARGETS: Damages = {
    "a target of no document": (
        orphaned("targets", WORDS),
        {
            *("targets.document_exists", "targets.index_consecutive", "targets.text_in_place"),
            *("targets.indicator_in_place",),
        },
    ),
    "a target that is gone": (drop("targets", RANGE), {"targets.index_consecutive"}),
    "a target whose number in its document is taken": (
        change("targets", WORDS, target_index=0),
        {"targets.index_unique", "targets.index_consecutive"},
    ),
    "a target before the text": (
        change("targets", RANGE, start=-1),
        {"targets.start_not_negative", "targets.text_in_place"},
    ),
    "a target that ends where it starts": (
        change("targets", WORDS, start=900, end=900),
        {"targets.end_behind_start", "targets.text_in_place"},
    ),
    "targets in another order": (
        change("targets", WORDS, start=0),
        {"targets.in_order", "targets.text_in_place"},
    ),
    "other words than the text has": (change("targets", WORDS, text="力争"), {"targets.text_in_place"}),
    "another indicator than the text has": (change("targets", RANGE, indicator="平台"), {"targets.indicator_in_place"}),
    "a value without a figure": (
        change("targets", RANGE, value_start=None, value_end=None),
        {"targets.value_has_figure"},
    ),
    "a figure outside of the words": (
        shift("targets", RANGE, end=-9),
        {"targets.text_in_place", "targets.value_in_words"},
    ),
    "a range that runs backwards": (change("targets", RANGE, value=9.0), {"targets.range_fits"}),
    "an upper end of no range": (change("targets", RANGE, relation=">="), {"targets.range_fits"}),
    "a figure without its unit": (change("targets", RANGE, unit=None), {"targets.figure_whole"}),
    "a year from nowhere": (change("targets", RANGE, year_basis=None), {"targets.year_explained"}),
    "a year that is none": (change("targets", RANGE, year=203), {"targets.year_plausible"}),
}

OF_ISSUERS: Damages = {
    "an issuer of no document": (
        orphaned("issuers", KNOWN),
        {"issuers.document_exists", "issuers.index_consecutive", "issuers.ends_in_text"},
    ),
    "an issuer that is gone": (drop("issuers", UNKNOWN), {"issuers.index_consecutive"}),
    "an issuer whose number in its document is taken": (
        change("issuers", KNOWN, issuer_index=0),
        {"issuers.index_unique", "issuers.index_consecutive"},
    ),
    "an issuer before the text": (change("issuers", UNKNOWN, start=-1), {"issuers.start_not_negative"}),
    "an issuer that is named nowhere": (change("issuers", UNKNOWN, end=0), {"issuers.end_behind_start"}),
    "an issuer behind the raw text": (change("issuers", KNOWN, end=9_999), {"issuers.ends_in_text"}),
    "an issuer without a name": (change("issuers", UNKNOWN, name=" "), {"issuers.name_not_empty"}),
    "a code that is none": (change("issuers", KNOWN, region_code="11000"), {"issuers.region_code_well_formed"}),
    "the level of who knows whom": (change("issuers", UNKNOWN, level="city"), {"issuers.level_known_by_name"}),
    "a region of the centre": (change("issuers", KNOWN, level="central"), {"issuers.region_of_level"}),
}

DAMAGES_OF_READINGS: Damages = {**OF_REFERENCES, **OF_TARGETS, **OF_ISSUERS}
