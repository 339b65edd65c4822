"""What the UI says about each asset before anything has run: what it is, does, does not do, and who may see it.

Here belong words, groups, tags and columns. How an asset is made belongs in :mod:`~pipeline.orchestration.assets` and
:mod:`~pipeline.orchestration.stage_assets`.
"""

from __future__ import annotations

from inspect import cleandoc
from typing import TYPE_CHECKING, Any, NamedTuple, TypedDict

from pipeline import __version__, columns, recipe
from pipeline.ledger import RAW_DOCUMENTS
from pipeline.orchestration import previews
from pipeline.text import name_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipeline.column import Column

OWNERS = ("team:zhengwen",)

PERSONAL_DATA = "zhengwen/personal_data"
"""The tag that says whether an asset shows personal data `as_found`, if only in the names of files, or `masked`."""

MAY_BE_PUBLISHED = "zhengwen/may_be_published"
"""The tag that says whether an asset may be given to others: `never`, `once_checked` or `yes`."""

_DESCRIPTIONS = {
    "raw_documents": """
        The files below the raw folder as they were found, and the documents in those that hold several: one row each,
        with size and SHA-256.

        **Does:** opens archives (ZIP, tar), web archives and files of records (JSON Lines, CSV); hashes every document;
        gives links that lead out of the folder, and what is unreadable or too large, a row with a reason.

        **Does not:** alter any of them, ever.
        """,
    "decoded_documents": """
        The text of each document, read from its bytes, exact both ways.

        **Does:** finds the encoding of each stretch of the file; keeps bytes that no encoding explains beside the text;
        takes records apart (JSON, rows of tables, answers in web archives); undoes wrong readings (mojibake) where the
        bytes tell what stood there; flags characters that are lost.

        **Does not:** invent a lost character, or touch markup, line ends, punctuation and script.
        """,
    "reconciled_documents": """
        The text without merge conflicts that somebody committed into it.

        **Does:** takes out markers of all styles. Equal sides become one, an empty side gives way, labelled lines are
        merged; where two sides differ in prose, the option `conflicts` decides, and the document is flagged. Every side
        is kept for the table `conflicts`.

        **Does not:** touch documents that are about git, headings underlined with `=======`, or anything outside a
        conflict.
        """,
    "converted_documents": """
        The text in one script, without what conversions left in it.

        **Does:** takes the markup out of HTML pages, control characters, and pinyin that a conversion put behind
        characters; unifies line ends;
        turns Traditional into Simplified where a document or a paragraph is Traditional. The script of each stretch is
        kept for the table `scripts`, with the evidence for it and what it was converted with.

        **Does not:** rewrite vocabulary, or touch text that is Simplified already, glosses, and poems with readings.
        """,
    "split_documents": """
        The body, and beside it what the document says about itself.

        **Does:** cuts title, source, dates, names and labels out of the body and reads them; removes page furniture;
        masks personal data in the text; restores full-width punctuation where it had been folded; finds sections;
        reads which documents the text names, its targets, and who issued it, each with its place.

        **Does not:** guess. What a document does not state stays empty.
        """,
    "judged_documents": """
        What becomes of each document: published, a duplicate of another one, or set aside with a reason.

        **Does:** finds documents with the same bytes or the same cleaned text, of which the earliest is published; puts
        near-duplicates into clusters, of which the earliest stands for the others. A text is set aside by what was
        measured in it and by limits, which are options: with other limits, or a list of documents to admit, this asset
        and those after it are materialized again, and no stage is.

        **Does not:** judge contents, or leave a near-duplicate out. A document is set aside where it is no text, is in
        another language, or has hardly anything left.
        """,
    "staged_dataset": """
        The whole dataset, written beside the published one: every table as Parquet, the documents as JSON lines, a
        card, checksums.

        **Does:** masks personal data in every table, and waits for the checks, which read these very files.

        **Does not:** publish anything, or repair what a check finds.
        """,
    "published_dataset": """
        The dataset, for everybody to read.

        **Does:** takes the place of the former one, whole or not at all, once every blocking check of the staged one
        has passed.

        **Does not:** touch the former dataset where a check failed or was not run.
        """,
    "report": """
        What the run did, to be looked at in a browser: numbers, plots, and each document before and after, with every
        edit coloured and explained.

        **Does:** reads the published tables, and nothing else: what is masked there is masked in it. It works from the
        folder, without a network; the page to begin with is `index.html`.

        **Does not:** decide anything, or show more than 10,000 documents one by one; the numbers are of all.
        """,
}


class _Facts(NamedTuple):
    """What is known of an asset without running it."""

    group: str
    kinds: tuple[str, ...]
    columns: Sequence[Column]
    personal_data: str
    may_be_published: str
    place: str


_LIBRARIES = {"decode": ("chardet",), "convert": ("opencc",)}
_FACTS = {
    "raw_documents": _Facts("raw", ("parquet",), RAW_DOCUMENTS, "as_found", "never", "stages/raw_documents"),
    **{
        stage.asset: _Facts(
            "stages",
            ("parquet", *_LIBRARIES.get(stage.name, ())),
            columns.STAGE_TABLES[stage.asset],
            "as_found",
            "never",
            f"stages/{stage.asset}",
        )
        for stage in recipe.STAGES
    },
    "judged_documents": _Facts(
        "stages", ("parquet",), columns.JUDGED_DOCUMENTS, "as_found", "never", "stages/judged_documents"
    ),
    "staged_dataset": _Facts(
        "dataset", ("parquet", "json"), columns.TABLES["documents"], "masked", "once_checked", ".staging/dataset"
    ),
    "published_dataset": _Facts(
        "dataset", ("parquet", "json"), columns.TABLES["documents"], "masked", "yes", "dataset"
    ),
    "report": _Facts("dataset", ("html",), (), "masked", "yes", "report"),
}

_MADE_WITHOUT_THE_RECIPE = frozenset({"raw_documents", "published_dataset", "report"})


class Described(TypedDict):
    """The arguments by which Dagster is told about an asset."""

    group_name: str
    kinds: set[str]
    owners: Sequence[str]
    tags: dict[str, str]
    description: str
    code_version: str
    metadata: dict[str, Any]


def described(asset: str) -> Described:
    """What Dagster is told about an asset, apart from what it depends on.

    >>> described("published_dataset")["group_name"], described("raw_documents")["tags"][MAY_BE_PUBLISHED]
    ('dataset', 'never')

    The description is Markdown. `code_version` is the fingerprint of the recipe where the recipe decides what is in the
    asset: the UI calls it stale when a step or a word list has changed. What is judged has a fingerprint of its own.
    """
    facts = _FACTS[asset]
    metadata: dict[str, Any] = {}
    if facts.columns:
        metadata["dagster/column_schema"] = previews.column_schema(facts.columns)
    for stage in recipe.STAGES:
        if stage.asset == asset:
            metadata["steps"] = ", ".join(name_of(step) for step in (*stage.steps, *stage.readers))
    return {
        "group_name": facts.group,
        "kinds": {"python", *facts.kinds},
        "owners": OWNERS,
        "tags": {PERSONAL_DATA: facts.personal_data, MAY_BE_PUBLISHED: facts.may_be_published},
        "description": f"{cleandoc(_DESCRIPTIONS[asset])}\n\nOn disk: `{facts.place}` in the output folder.",
        "code_version": _code_version(asset),
        "metadata": metadata,
    }


def _code_version(asset: str) -> str:
    if asset in _MADE_WITHOUT_THE_RECIPE:
        return __version__
    return (recipe.judging_fingerprint() if asset == "judged_documents" else recipe.fingerprint())[:12]
