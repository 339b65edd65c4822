"""The columns of the tables of what is read in a text: the documents it names, its targets, its issuers.

Here belongs the part of the data dictionary that :mod:`pipeline.enrichment` fills; :mod:`pipeline.columns` has the
rest.
"""

from __future__ import annotations

import pyarrow as pa

from pipeline.column import COUNT, TEXT, Column, optional, required

REFERENCE_BASES = ("alias", "genre", "list", "number", "wording")
TARGET_KINDS = ("ceiling", "fact", "qualitative", "target")
TARGET_RELATIONS = ("<", "<=", "=", ">", ">=", "range")
YEAR_BASES = ("list", "paragraph", "sentence")
ISSUER_BASES = ("doc_number", "label", "letterhead", "signature", "title")
ISSUER_LEVELS = ("central", "city", "county", "province")

ENRICHMENTS: dict[str, tuple[Column, ...]] = {
    "references": (
        required("doc_id", TEXT, "The document's `id`."),
        required("reference_index", COUNT, "Position among the documents that the text names, from 0."),
        required("title", TEXT, "The title as printed, without its outer marks."),
        optional(
            "doc_number", TEXT, "The number that stands right behind the title or right before it, without spaces."
        ),
        optional("alias", TEXT, "The short name that the text gives it (以下简称)."),
        optional("issuer", TEXT, "The body that the number's code stands for, by a table."),
        required(
            "basis",
            TEXT,
            "What shows that it is a document: its number, its genre, a genre as its alias, the verb before it, or "
            "those beside it in a list.",
            REFERENCE_BASES,
        ),
        required("is_draft", pa.bool_(), "True where the text calls it a draft (征求意见稿, 草案)."),
        required("mention_count", COUNT, "How often the text names it in title marks, under its short name too."),
        required("start", COUNT, "Where its first mention starts in `text`, in code points, with the marks."),
        required("end", COUNT, "Where that ends."),
        optional("number_start", COUNT, "Where its number starts in `text`."),
        optional("number_end", COUNT, "Where that ends."),
        optional("alias_start", COUNT, "Where its short name is explained in `text`, without marks."),
        optional("alias_end", COUNT, "Where that ends."),
    ),
    "targets": (
        required("doc_id", TEXT, "The document's `id`."),
        required("target_index", COUNT, "Position among the targets of the text, from 0."),
        required(
            "kind",
            TEXT,
            "target; ceiling: the most that a support may be; qualitative: without a figure; fact: the size of what a "
            "plan provides.",
            TARGET_KINDS,
        ),
        optional("indicator", TEXT, "What is to be reached or made, as printed."),
        optional("value", pa.float64(), "The figure in whole units, shares as fractions; the lower end of a range."),
        optional("value_max", pa.float64(), "The upper end of a range; null where there is none."),
        optional(
            "unit", TEXT, "The unit: CNY, ratio, m2 …, or the counting word as printed (家, 个); /yr for each year."
        ),
        optional("relation", TEXT, "How the figure is meant; 达到 and 以上 are at least.", TARGET_RELATIONS),
        optional("year", COUNT, "The year by which; null where the text states none for it."),
        optional(
            "year_basis",
            TEXT,
            "Where the year stands: in the sentence, before it in the paragraph, above the list.",
            YEAR_BASES,
        ),
        required("text", TEXT, "The words that state the target."),
        required("start", COUNT, "Where these words start in the document's `text`, in code points."),
        required("end", COUNT, "Where they end."),
        optional("value_start", COUNT, "Where figure and unit start in the document's `text`."),
        optional("value_end", COUNT, "Where they end."),
        optional("indicator_start", COUNT, "Where the indicator starts in the document's `text`."),
        optional("indicator_end", COUNT, "Where it ends."),
    ),
    "issuers": (
        required("doc_id", TEXT, "The document's `id`."),
        required(
            "issuer_index", COUNT, "Position among the bodies that issued the document, from 0, as it names them."
        ),
        required("name", TEXT, "The body as printed, or the code of the number that stands for it."),
        optional("normalised", TEXT, "Its full name; null where it is not certain."),
        optional("level", TEXT, "Its level of government; null where the name does not tell.", ISSUER_LEVELS),
        optional(
            "region_code",
            TEXT,
            "GB/T 2260 code of its region in the document's year; null for the centre, and where it is not certain.",
        ),
        required("basis", TEXT, "Where the document names it.", ISSUER_BASES),
        required("start", COUNT, "Where it is named, in code points of the decoded raw text."),
        required("end", COUNT, "Where that ends."),
    ),
}
"""The tables that :mod:`pipeline.enrichment` fills; the first two columns of each say which row it is."""
