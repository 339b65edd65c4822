"""The data dictionary: every published column of every table, said once.

Arrow schemas, the JSONL keys, the check of every column and the dataset card are derived from here. What fills a column
belongs in :mod:`pipeline.metadata.fields` (one document) and :mod:`pipeline.tables` (rows).
"""

from __future__ import annotations

from typing import Any

import pyarrow as pa

from pipeline.column import COUNT, TEXT, Column, list_of, optional, required
from pipeline.corpus.duplicates import CANONICAL_BASES, DUPLICATE_BASES, FILE_STATUSES
from pipeline.corpus.signals import FOREIGN_WRITINGS
from pipeline.corpus.signatures import SIGNATURE_BYTES
from pipeline.document import REASONS
from pipeline.enrichment_columns import ENRICHMENTS

SCHEMA_VERSION = "1"
"""Stands in every Parquet file; it changes when a column is renamed or removed, or changes its type or meaning."""

SCRIPTS = ("Hans", "Hant", "Hant-HK", "Hant-TW", "Japanese", "Korean", "mixed", "other")
LANGUAGES = ("en", "zh-Hans", "zh-Hant", "zh-Hant-HK", "zh-Hant-TW")
TITLE_STATUSES = ("absent", "stated", "truncated")
DOC_TYPES = ("interpretation", "news", "other", "policy", "report", "speech")
RIGHTS_STATUSES = ("cn_art5_exempt", "open_license", "third_party_copyright", "unknown")
OPEN_RIGHTS = ("cn_art5_exempt", "open_license")
"""The statuses of documents that stand in the configuration `open` of a dataset."""

DATE_PRECISIONS = ("day", "minute", "month", "second", "year")
DATE_BASES = ("dateline", "header_line", "label", "signature", "url")
DATE_BEST_KINDS = ("document", "event", "inferred_year", "published", "url")
DATE_ROLES = ("document", "effective", "event", "mentioned", "plan_period", "published", "target", "updated")
OPERATIONS = ("delete", "insert", "move", "replace")
RESOLUTIONS = ("both", "identical", "lone_marker", "merged", "ours", "theirs")
SCRIPT_CONFIGURATIONS = ("hk2s", "s2t", "t2s", "tw2s")
STAGE_NAMES = ("decode", "reconcile", "convert", "split")

QUALITY_FLAGS: dict[str, str] = {
    "conflict_in_prose": "A merge conflict touched prose; one side was chosen by policy.",
    "conflict_markers_removed": "Merge-conflict markers stood in the text and were removed.",
    "conflict_resolved": "A merge conflict was resolved.",
    "date_published_missing": "No publication date is stated.",
    "date_year_missing": "A publication date is stated without its year.",
    "duplicate_lead_removed": "A shortened copy of the text's beginning was removed.",
    "empty_labels": "A labelled field has no value.",
    "gateway_vocabulary": "A script gateway replaced vocabulary; it was left as it is.",
    "machine_translation_suspected": "The text reads like a machine translation.",
    "mixed_encoding": "The file changes its encoding.",
    "mojibake_lossy": "Characters were lost in an earlier conversion.",
    "mojibake_repaired": "Text that had been read in a wrong encoding was repaired.",
    "pii_redacted": "Personal data was masked.",
    "pinyin_artifacts_removed": "Pinyin that a conversion had put behind characters was removed.",
    "pinyin_damage": "Damage by a pinyin rewriter could not be repaired with certainty.",
    "private_use": "Characters of the private use area stand in the text.",
    "pseudo_traditional": "The Traditional script is itself an artefact of a Mainland page.",
    "punct_restored": "Full-width punctuation was restored.",
    "quotes_unbalanced": "Opening and closing quotation marks do not match.",
    "readmitted": "A limit of quality speaks against the text, and somebody wants it published nevertheless.",
    "replacement_characters": "U+FFFD stands where a character was lost.",
    "script_converted": "Characters were converted to the other script.",
    "source_missing": "No source is stated.",
    "summary_label_holds_body": "The value of the summary label is the whole article.",
    "text_gap_suspected": "Words seem to be missing.",
    "title_missing": "No title is stated.",
    "title_truncated": "The title is cut.",
}
"""The closed list of quality flags, each with one sentence."""

DATE = pa.struct(
    [
        pa.field("role", TEXT, nullable=False),
        pa.field("edtf", TEXT, nullable=False),
        pa.field("date", pa.date32()),
        pa.field("precision", TEXT, nullable=False),
        pa.field("basis", TEXT, nullable=False),
        pa.field("text", TEXT, nullable=False),
        pa.field("line", COUNT, nullable=False),
    ]
)
CAPTION = pa.struct(
    [pa.field("text", TEXT, nullable=False), pa.field("credit", TEXT), pa.field("line", COUNT, nullable=False)]
)
LABEL = pa.struct(
    [
        pa.field("label", TEXT, nullable=False),
        pa.field("value", TEXT, nullable=False),
        pa.field("line", COUNT, nullable=False),
    ]
)
SECTION_FIELDS: list[pa.Field[Any]] = [
    pa.field("index", COUNT, nullable=False),
    pa.field("parent", COUNT),
    pa.field("level", pa.int8(), nullable=False),
    pa.field("marker", TEXT, nullable=False),
    pa.field("title", TEXT, nullable=False),
    pa.field("inline", pa.bool_(), nullable=False),
    pa.field("char_start", COUNT, nullable=False),
    pa.field("char_end", COUNT, nullable=False),
]
SECTION = pa.struct(SECTION_FIELDS)
RUN = pa.struct(
    [
        pa.field("start_byte", pa.int64(), nullable=False),
        pa.field("end_byte", pa.int64(), nullable=False),
        pa.field("encoding", TEXT, nullable=False),
    ]
)
IRREGULAR = pa.struct(
    [
        pa.field("start_char", COUNT, nullable=False),
        pa.field("length_chars", COUNT, nullable=False),
        pa.field("raw", pa.binary()),  # null where it holds personal data
    ]
)
STRINGS = pa.list_(pa.field("item", TEXT, nullable=False))
SHARE = pa.float64()
"""Of what is compared with a limit: in 32 bits, 3 of 10 are more than 0.3, and so beyond the limit."""


SPLIT_COLUMNS = (
    optional("url", TEXT, "The address that the document states; http or https only."),
    optional("title", TEXT, "The title of this document, converted, without the dots of a cut."),
    required("title_status", TEXT, "Whether the title is stated, cut, or absent.", TITLE_STATUSES),
    required("doc_type", TEXT, "The kind of document, by rule.", DOC_TYPES),
    required("language", TEXT, "BCP 47 tag of `text`.", LANGUAGES),
    required("raw_language", TEXT, "BCP 47 tag of the file as decoded.", LANGUAGES),
    required("script", TEXT, "The script that the file is written in, told by its characters.", SCRIPTS),
    optional(
        "traditional_share_0_to_1",
        pa.float32(),
        "Of the characters that only one script has, the share that is Traditional; null without any.",
    ),
    required("is_translation", pa.bool_(), "True where the text says or shows that it is a translation."),
    optional("date_published", pa.date32(), "The day of publication; only where its year is stated."),
    optional("published_at", pa.timestamp("us", "UTC"), "The time of publication; Asia/Shanghai is assumed."),
    optional("date_precision", TEXT, "How exact the date of publication is.", DATE_PRECISIONS),
    optional("date_basis", TEXT, "Where the date of publication was read.", DATE_BASES),
    optional("date_best", pa.date32(), "The best date at hand, for sorting."),
    optional("date_best_kind", TEXT, "What `date_best` is.", DATE_BEST_KINDS),
    required("dates", list_of(DATE), "Every metadata date with role, EDTF value, evidence (verbatim) and raw line."),
    optional("source_site", TEXT, "Host of the page, or a host printed as the source."),
    optional("source_name", TEXT, "The outlet that the document names as its source."),
    optional("publisher", TEXT, "Who published it."),
    required("authors", STRINGS, "Authors in order, as printed."),
    required("editors", STRINGS, "Editors in order, as printed."),
    optional("issuer", TEXT, "The body that issued this document."),
    optional("doc_number", TEXT, "The number of this document (发文字号), never of one that it cites."),
    optional("dateline", TEXT, "The dateline (电头), verbatim."),
    required("keywords", STRINGS, "Keywords as printed."),
    optional("view_count", pa.int64(), "Views that the page counted."),
    optional("summary", TEXT, "A real abstract; never a copy of the beginning."),
    required("captions", list_of(CAPTION), "Photo captions with credit and raw line."),
    required("sections", list_of(SECTION), "The section tree; offsets are code points of `text`, end-exclusive."),
    required(
        "labels_raw", list_of(LABEL), "Every labelled field verbatim, empty ones too; `@text`: the value is the body."
    ),
    optional("text_original_script", TEXT, "`text` with the script edits alone undone; null where there are none."),
    optional("license", TEXT, "SPDX expression or LicenseRef, where one is stated."),
    required(
        "rights_status",
        TEXT,
        "What its kind, and the body that issued it, say about rights; no legal advice.",
        RIGHTS_STATUSES,
    ),
    required("quality_flags", STRINGS, "Flags of the closed list, sorted.", tuple(QUALITY_FLAGS)),
    required(
        "region_codes",
        STRINGS,
        "GB/T 2260 codes, of the document's year, of the region that the document is about; several where its title or "
        "its issuer joins several.",
    ),
    required("char_count", COUNT, "Code points of `text`."),
    required("han_count", COUNT, "Han characters of `text`."),
    required("lost_count", COUNT, "Characters of `text` that are lost: U+FFFD, and three for each 锟斤拷."),
    required("paragraph_count", COUNT, "Lines of `text`."),
    required(
        "letter_count",
        COUNT,
        "Letters of `text` that are no Han, of the basic plane of Unicode: alphabets, kana, Hangul.",
    ),
    required(
        "han_share_0_to_1",
        SHARE,
        "The share of Han in the writing: of `han_count` and a fourth of `letter_count` together.",
    ),
    required(
        "punctuation_share_0_to_1", SHARE, "The share of punctuation marks, as Unicode has them, in the characters."
    ),
    required(
        "repeated_share_0_to_1",
        SHARE,
        "The share of the characters that are in lines which stand further up in the text already, line ends apart.",
    ),
    required(
        "foreign_share_0_to_1",
        SHARE,
        "The share of the writing in that other language than Chinese and English which has most of it; four letters "
        "count as one Han.",
    ),
    optional(
        "foreign_writing",
        TEXT,
        "What that writing is: Hangul, Japanese with its Han, Latin letters that are not English, another alphabet; "
        "null where there is none.",
        FOREIGN_WRITINGS,
    ),
    required(
        "spam_phrase_count", COUNT, "Different phrases of gambling or pornography, in lines that do not report on it."
    ),
    required("spam_share_0_to_1", SHARE, "The share of the characters that are in such phrases."),
)
"""The columns of `documents` that the split stage fills, beside the text."""

TABLES: dict[str, tuple[Column, ...]] = {
    "documents": (
        required("id", TEXT, "The first 32 hex digits of the SHA-256 of the raw bytes."),
        required("text", TEXT, "The clean body: NFC, LF, one paragraph a line, Simplified for Chinese."),
        required("source", TEXT, "The collection."),
        *SPLIT_COLUMNS,
        required(
            "raw_path",
            TEXT,
            "Path below the raw folder; POSIX, bytes that are not UTF-8 percent-encoded; what a file holds as "
            "`archive.zip!/a.txt` or `rows.jsonl#L12`.",
        ),
        required("raw_sha256", TEXT, "SHA-256 of the raw bytes."),
        required("text_sha256", TEXT, "SHA-256 of `text` as UTF-8."),
        required(
            "cluster_id",
            TEXT,
            "The `id` of the canonical document of its cluster, of which all others are near-duplicates; its own where "
            "it is that one, or alone.",
        ),
        required("cluster_size", COUNT, "How many published documents the cluster has, this one included."),
        required(
            "canonical_basis",
            TEXT,
            "What made one document stand for the cluster: the earliest `date_published`; where no single document has "
            "that, the smallest `raw_path`.",
            CANONICAL_BASES,
        ),
        required(
            "similarity_0_to_1",
            pa.float64(),  # in 32 bits, 7 of 10 are less than 0.7, and so below the threshold
            "The share of five-character shingles that this text and the canonical one have in common, of all that "
            "either has, both folded: in one script, width and case, without white space.",
        ),
    ),
    "sections": (
        required("doc_id", TEXT, "The document's `id`."),
        *(
            Column(f.name, f.type, f.nullable, sentence)
            for f, sentence in zip(
                SECTION_FIELDS,
                (
                    "Position among the document's sections, from 0.",
                    "`index` of the section around it.",
                    "Level, 1 is the highest.",
                    "Numbering as printed; empty where there is none.",
                    "The heading without numbering and end mark.",
                    "True where the text runs on in the heading's line.",
                    "Where the section starts in `text`, in code points.",
                    "Where it ends, sub-sections included.",
                ),
                strict=True,
            )
        ),
    ),
    "edits": (
        required("doc_id", TEXT, "The document's `id`."),
        required("seq", COUNT, "Position among the document's edits, from 0; replay them backwards."),
        required("layer", COUNT, "Which step's pass it belongs to, from 0; offsets count in that pass's input."),
        required("stage", TEXT, "The stage.", STAGE_NAMES),
        required("step", TEXT, "The step that made it."),
        required("rule", TEXT, "The rule; the card has its sentence."),
        required("rule_version", TEXT, "Fingerprint of the recipe, first 12 hex digits."),
        required("op", TEXT, "delete, insert, replace; move: deleted here, kept in a column.", OPERATIONS),
        required("start", COUNT, "First code point replaced, in the layer's input."),
        required("end", COUNT, "The code point after the last one replaced."),
        required("out_start", COUNT, "Where `after` starts in the layer's output."),
        required("before", TEXT, "What stood there; masked characters are █."),
        required("after", TEXT, "What stands there now; masked characters are █."),
        optional("moved_to", TEXT, "The column that keeps what was moved."),
        required("redacted", pa.bool_(), "True where characters of `before` or `after` are masked."),
    ),
    "conflicts": (
        required("doc_id", TEXT, "The document's `id`."),
        required("conflict_index", COUNT, "Position among the document's conflicts, from 0."),
        required("start", COUNT, "Where its first marker starts, in code points of the decoded raw text."),
        required("end", COUNT, "Where its last marker ends."),
        required("style", TEXT, "What wrote the markers, as far as they tell: merge, merge diff3, stash, lone …"),
        optional("label_ours", TEXT, "What the first side's marker says, such as a branch; null for nothing."),
        optional("label_theirs", TEXT, "What the second side's marker says."),
        optional("label_base", TEXT, "What the marker of the common ancestor says."),
        optional(
            "ours",
            TEXT,
            "The first side verbatim, as a difference from the base where the tool wrote one; masked characters are █; "
            "null for a lone marker.",
        ),
        optional("theirs", TEXT, "The second side, likewise."),
        optional("base", TEXT, "The common ancestor of both, likewise; null where the tool wrote none."),
        required(
            "resolution",
            TEXT,
            "What stayed: ours, theirs, both, one of two identical sides, or the two merged; lone_marker: nothing, for "
            "the marker had lost its conflict.",
            RESOLUTIONS,
        ),
        required("rule", TEXT, "The rule that decided; the card has its sentence."),
    ),
    "scripts": (
        required("doc_id", TEXT, "The document's `id`."),
        required("stretch_index", COUNT, "Position among the document's stretches, from 0."),
        required("start", COUNT, "Where the stretch starts, in code points of the decoded raw text."),
        required("end", COUNT, "Where it ends."),
        required("script", TEXT, "The script that it is written in.", SCRIPTS),
        optional(
            "configuration",
            TEXT,
            "OpenCC's configuration that it was converted with; null where it stayed as it was written.",
            SCRIPT_CONFIGURATIONS,
        ),
        required(
            "han_count", COUNT, "Han characters in it; all counts are of the text as it was before the conversion."
        ),
        required("traditional_count", COUNT, "Han that only Traditional has: alone, `t2s` changes them."),
        required("simplified_count", COUNT, "Han that only Simplified has, and that are no rare Traditional ones."),
        required("taiwan_count", COUNT, "Forms that Taiwan alone writes: 裡 麵 汙, and 著 where the Mainland has 着."),
        required("hongkong_count", COUNT, "Forms that Hong Kong alone writes: 説 衞 枱."),
        required("kana_count", COUNT, "Japanese syllables."),
        required("hangul_count", COUNT, "Korean syllables."),
        required("letter_count", COUNT, "All other letters."),
        optional(
            "traditional_share_0_to_1",
            pa.float32(),
            "Of the characters that only one script has, the share that is Traditional; null without any.",
        ),
    ),
    **ENRICHMENTS,
    "files": (
        required("raw_path", TEXT, "Path below the raw folder."),
        optional("raw_sha256", TEXT, "SHA-256 of the raw bytes; null where they could not be read."),
        optional("bytes", pa.int64(), "Size; null where it could not be read."),
        required("status", TEXT, "What became of it.", FILE_STATUSES),
        optional("doc_id", TEXT, "The published document's `id`."),
        optional("duplicate_of", TEXT, "The `id` of the document that it duplicates."),
        optional("duplicate_basis", TEXT, "What is the same: the bytes, or the clean text alone.", DUPLICATE_BASES),
        optional("encoding", TEXT, "The codec of most bytes; gb18030 for the GB family."),
        optional("encoding_method", TEXT, "How the encoding was found."),
        optional("encoding_confidence_0_to_1", pa.float32(), "How sure that is."),
        optional("newline", TEXT, "Line ends as found.", ("cr", "crlf", "lf", "mixed", "none")),
        optional("bom", pa.bool_(), "True where the file starts with a byte-order mark."),
        required("runs", list_of(RUN), "Stretches of bytes and their codecs."),
        required(
            "irregular",
            list_of(IRREGULAR),
            "Stretches of the decoded text that their codec would not give back, with their raw bytes (null where they "
            "hold personal data); of published documents only.",
        ),
    ),
    "quarantine": (
        required("raw_path", TEXT, "Path below the raw folder."),
        required("reason", TEXT, "Why it was set aside.", tuple(REASONS)),
        required("detail", TEXT, "What was seen."),
        required("stage", TEXT, "Where on the way."),
    ),
}
"""Every published table: its columns in their order."""

TABLE_SENTENCES: dict[str, str] = {
    "documents": "One row for each published document: its clean text, and what the document says about itself.",
    "sections": "One row for each section of a document, in the order of the text; the column `sections`, unnested.",
    "edits": "One row for each change between the raw file and the text.",
    "conflicts": "One row for each merge conflict that was resolved, with its sides, and for each lone marker removed.",
    "scripts": "One row for each stretch of a document in one script: the evidence, and what it was converted with.",
    "references": "One row for each document that a text names in title marks, with its number and its short name.",
    "targets": "One row for each target of a text: what, how much, in which unit, by which year, and in which words.",
    "issuers": "One row for each body that issued a document: its name as printed, its full name, level and region.",
    "files": "One row for each file that was given in, or each document in it where it holds several, whatever became "
    "of it.",
    "quarantine": "One row for each file that was set aside, with the reason.",
}
"""What each published table holds, in one sentence."""

PRIMARY_KEYS: dict[str, tuple[str, ...]] = {
    "documents": ("id",),
    "sections": ("doc_id", "index"),
    "edits": ("doc_id", "seq"),
    "conflicts": ("doc_id", "conflict_index"),
    "scripts": ("doc_id", "stretch_index"),
    "references": ("doc_id", "reference_index"),
    "targets": ("doc_id", "target_index"),
    "issuers": ("doc_id", "issuer_index"),
    "files": ("raw_path",),
    "quarantine": ("raw_path",),
}
"""The columns by which the rows of a table are told apart."""

STAGE_EDIT = pa.struct(
    [
        pa.field("layer", COUNT, nullable=False),
        pa.field("step", TEXT, nullable=False),
        pa.field("rule", TEXT, nullable=False),
        pa.field("start", COUNT, nullable=False),
        pa.field("before", TEXT, nullable=False),
        pa.field("after", TEXT, nullable=False),
    ]
)
STAGE_FINDING = pa.struct(
    [
        pa.field("kind", TEXT, nullable=False),
        pa.field("value", TEXT, nullable=False),
        pa.field("start", COUNT, nullable=False),
        pa.field("end", COUNT, nullable=False),
        pa.field("note", TEXT, nullable=False),
        pa.field("depth", COUNT, nullable=False),
    ]
)
STAGE_SIDE = pa.struct([pa.field("label", TEXT), pa.field("start", COUNT), pa.field("text", TEXT)])
STAGE_CONFLICT = pa.struct(
    [
        pa.field("start", COUNT, nullable=False),
        pa.field("end", COUNT, nullable=False),
        pa.field("style", TEXT, nullable=False),
        pa.field("resolution", TEXT, nullable=False),
        pa.field("rule", TEXT, nullable=False),
        pa.field("ours", STAGE_SIDE, nullable=False),
        pa.field("theirs", STAGE_SIDE, nullable=False),
        pa.field("base", STAGE_SIDE, nullable=False),
    ]
)
_FOLLOWS = frozenset({"doc_id", "stretch_index", "traditional_share_0_to_1"})
STAGE_STRETCH = pa.struct(
    [pa.field(each.name, each.type, each.nullable) for each in TABLES["scripts"] if each.name not in _FOLLOWS]
)
"""A row of `scripts` without what follows from where it stands and from the rest."""

STAGE_ENRICHMENTS = {
    name: pa.struct([pa.field(one.name, one.type, one.nullable) for one in table[2:]])
    for name, table in ENRICHMENTS.items()
}
"""A row of each table of what was read in the text, without the document and the position in it."""

SPAN = pa.struct([pa.field("start", COUNT, nullable=False), pa.field("end", COUNT, nullable=False)])
_STAGE_HEAD = (
    required("raw_path", TEXT, "Path below the raw folder."),
    optional("text", TEXT, "The text after this stage; null where it was set aside."),
)
_STAGE_TAIL = (
    required("edits", list_of(STAGE_EDIT), "What this stage changed; offsets count in the input of the edit's layer."),
    required("flags", STRINGS, "Flags so far."),
    optional(
        "set_aside", TEXT, "Why the document was set aside, in this stage or before; its quality is judged later."
    ),
    optional("set_aside_detail", TEXT, "What was seen."),
    optional("set_aside_stage", TEXT, "The stage that set it aside."),
)
_FINDINGS = required(
    "findings",
    list_of(STAGE_FINDING),
    "What this stage saw, for those after it; offsets count in the text after as many layers as `depth` says.",
)
DECODING_COLUMNS = frozenset(
    {"encoding", "encoding_method", "encoding_confidence_0_to_1", "newline", "bom", "runs", "irregular"}
)
"""The columns of `files` that the decode stage fills."""

STAGE_TABLES: dict[str, tuple[Column, ...]] = {
    "decoded_documents": (
        *_STAGE_HEAD,
        required("input_key", TEXT, "32 hex digits for all of the input that a stage can see."),
        optional("raw_sha256", TEXT, "SHA-256 of the raw bytes."),
        optional("bytes", pa.int64(), "Size."),
        *(column for column in TABLES["files"] if column.name in DECODING_COLUMNS),
        _FINDINGS,
        *_STAGE_TAIL,
    ),
    "reconciled_documents": (
        *_STAGE_HEAD,
        required("conflicts", list_of(STAGE_CONFLICT), "What became of merge conflicts; in the decoded raw text."),
        _FINDINGS,
        *_STAGE_TAIL,
    ),
    "converted_documents": (
        *_STAGE_HEAD,
        required(
            "scripts",
            list_of(STAGE_STRETCH),
            "Stretches in one script each, with how many characters speak for which; in the decoded raw text.",
        ),
        _FINDINGS,
        *_STAGE_TAIL,
    ),
    "split_documents": (
        *_STAGE_HEAD,
        *(column._replace(nullable=True) for column in SPLIT_COLUMNS),
        optional("text_sha256", TEXT, "SHA-256 of `text` as UTF-8."),
        optional("signature", pa.binary(SIGNATURE_BYTES), "By which near-duplicates are found."),
        *(required(name, list_of(row), f"The rows of `{name}`.") for name, row in STAGE_ENRICHMENTS.items()),
        required("personal", list_of(SPAN), "Personal data: code points of the decoded raw text, to be masked."),
        *_STAGE_TAIL,
    ),
}
"""The tables that the stages leave below output/stages: not part of the dataset."""


JUDGED_DOCUMENTS = (
    required("raw_path", TEXT, "Path below the raw folder."),
    required("status", TEXT, "What becomes of it.", FILE_STATUSES),
    optional("id", TEXT, "The first 32 hex digits of the SHA-256 of the raw bytes."),
    optional("duplicate_of", TEXT, "The `id` of the document that stands for it."),
    optional("duplicate_basis", TEXT, "What of the two is the same.", DUPLICATE_BASES),
    optional("cluster_id", TEXT, "The `id` of the document that stands for its near-duplicates."),
    optional("cluster_size", COUNT, "How many published documents the cluster has; null where it is not published."),
    optional("canonical_basis", TEXT, "What made one document stand for the cluster.", CANONICAL_BASES),
    optional("similarity_0_to_1", pa.float64(), "How alike it is to that document."),
    optional("reason", TEXT, "Why it was set aside.", tuple(REASONS)),
    optional("detail", TEXT, "What was seen."),
    optional("stage", TEXT, "Where on the way."),
    optional("admitted_despite", TEXT, "The verdict on its quality, where somebody has overruled it.", tuple(REASONS)),
    optional("admitted_note", TEXT, "Why somebody has."),
    optional("char_count", COUNT, "Code points of the cleaned text."),
)
"""The columns of `judged_documents`: what becomes of each row of the stage tables. Not part of the dataset."""


def schema(columns: tuple[Column, ...]) -> pa.Schema:
    """The Arrow schema of a table.

    >>> schema(TABLES["quarantine"]).names
    ['raw_path', 'reason', 'detail', 'stage']
    """
    return pa.schema([column.field for column in columns])
