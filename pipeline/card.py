"""The dataset card: README.md of a dataset, from the data dictionary and the figures of the run.

Here belong the figures and what of them the card is given; how the card reads stands in `card.md.jinja`. Whatever comes
from outside (the collection's name) is escaped there; no text of a document is quoted.
"""

from __future__ import annotations

import functools
import re
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyarrow as pa
import yaml
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from pipeline import columns, recipe
from pipeline.document import REASONS

SIZES = (
    (1_000, "n<1K"),
    (10_000, "1K<n<10K"),
    (100_000, "10K<n<100K"),
    (1_000_000, "100K<n<1M"),
    (10_000_000, "1M<n<10M"),
)
"""Hugging Face's names for sizes, by the number of documents that is not reached."""


@dataclass(slots=True)
class Account:
    """The figures of one dataset, as the card and the report state them.

    `rows` counts by table, `statuses` the input files by what became of them, `reasons` the quarantined ones;
    `encodings` counts input files, `decisions` merge conflicts by the rule that decided, `choices` clusters of several
    documents by what made one of them stand for all, the others published documents or edits. `near_duplicates` are the
    documents for which another one stands. `metadata` are the fingerprints that stand in each Parquet file.
    """

    source: str = ""
    metadata: dict[str, str] = field(default_factory=dict)
    rows: Counter[str] = field(default_factory=Counter)
    statuses: Counter[str] = field(default_factory=Counter)
    reasons: Counter[str] = field(default_factory=Counter)
    encodings: Counter[str] = field(default_factory=Counter)
    languages: Counter[str] = field(default_factory=Counter)
    scripts: Counter[str] = field(default_factory=Counter)
    doc_types: Counter[str] = field(default_factory=Counter)
    rights: Counter[str] = field(default_factory=Counter)
    flags: Counter[str] = field(default_factory=Counter)
    rules: Counter[str] = field(default_factory=Counter)
    decisions: Counter[str] = field(default_factory=Counter)
    choices: Counter[str] = field(default_factory=Counter)
    near_duplicates: int = 0
    raw_bytes: int = 0
    characters: int = 0
    withheld_chars: int = 0

    @property
    def inputs(self) -> int:
        """How many files were given in."""
        return self.statuses.total()

    @property
    def published(self) -> int:
        """How many documents are published."""
        return self.statuses["published"]

    @property
    def duplicates(self) -> int:
        """How many files are exact duplicates of a published document."""
        return self.statuses["duplicate"]

    @property
    def quarantined(self) -> int:
        """How many files were set aside."""
        return self.statuses["quarantined"]


def card(account: Account) -> str:
    """README.md of a dataset with these figures: Hugging Face's YAML first, then the description.

    >>> card(Account()).splitlines()[0]
    '---'
    """
    flagged = {name: (count, columns.QUALITY_FLAGS.get(name, "")) for name, count in sorted(account.flags.items())}
    sentences = recipe.rules()
    return str(
        _template().render(
            account=account,
            front_matter=yaml.safe_dump(_front_matter(account), sort_keys=False, allow_unicode=True),
            stages=recipe.STAGES,
            tables=columns.TABLES,
            table_sentences=columns.TABLE_SENTENCES,
            type_name=type_name,
            flags=flagged,
            rules={name: (count, sentences.get(name, "")) for name, count in sorted(account.rules.items())},
            decisions={name: (count, sentences.get(name, "")) for name, count in sorted(account.decisions.items())},
            reasons={name: (count, REASONS.get(name, "")) for name, count in sorted(account.reasons.items())},
        )
    )


def features(kinds: list[tuple[str, pa.DataType]]) -> list[dict[str, Any]]:
    """Arrow fields as Hugging Face's YAML lists them.

    >>> features([("keywords", columns.STRINGS), ("raw", pa.binary())])
    [{'name': 'keywords', 'list': 'string'}, {'name': 'raw', 'dtype': 'binary'}]
    """
    return [{"name": name, **_feature(kind)} for name, kind in kinds]


def _feature(kind: pa.DataType) -> dict[str, Any]:
    if pa.types.is_list(kind):
        item = _feature(kind.value_type)
        return {"list": item.get("dtype") or item.get("struct") or item}
    if pa.types.is_struct(kind):
        return {"struct": features([(one.name, one.type) for one in kind.fields])}
    return {"dtype": _dtype(kind)}


def _dtype(kind: pa.DataType) -> str:
    """Hugging Face's name of a type: Arrow's, but for three."""
    return {"date32[day]": "date32", "double": "float64", "float": "float32"}.get(str(kind), str(kind))


def type_name(kind: pa.DataType) -> str:
    """A column's type for people.

    >>> type_name(columns.STRINGS), type_name(pa.timestamp("us", "UTC"))
    ('list of string', 'timestamp[us, tz=UTC]')
    """
    if pa.types.is_list(kind):
        return f"list of {type_name(kind.value_type)}"
    if pa.types.is_struct(kind):
        return "{" + ", ".join(f"{one.name}: {type_name(one.type)}" for one in kind.fields) + "}"
    return _dtype(kind)


def _front_matter(account: Account) -> dict[str, Any]:
    languages = sorted({tag.partition("-")[0] for tag in account.languages})
    # `datasets` cannot load a table without rows, so it is not offered there.
    tables = {name: layout for name, layout in columns.TABLES.items() if account.rows[name]}
    return {
        "pretty_name": " ".join(account.source.split()) or "zhengwen",
        "language": languages or ["zh"],
        "language_bcp47": sorted(account.languages),
        "license": "other",
        "license_name": "rights-status-per-document",
        "license_link": "README.md#rights",
        "annotations_creators": ["machine-generated"],
        "language_creators": ["found"],
        "multilinguality": ["multilingual" if len(languages) > 1 else "monolingual"],
        "size_categories": [next((name for limit, name in SIZES if account.published < limit), "10M<n<100M")],
        "source_datasets": ["original"],
        "task_categories": ["text-generation"],
        "tags": ["chinese", "corpus", "news", "policy", "provenance", "text-cleaning"],
        "configs": [
            {
                "config_name": name,
                **({"default": True} if name == "documents" else {}),
                "data_files": [{"split": "train", "path": f"data/{name}-*.parquet"}],
            }
            for name in tables
        ],
        "dataset_info": [
            {"config_name": name, "features": features([(column.name, column.type) for column in layout])}
            for name, layout in tables.items()
        ],
    }


@functools.cache
def _template() -> Any:  # noqa: ANN401  jinja2's template
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        # Markdown has no ready escaping; what comes from outside goes through `words`, and nothing else does.
        autoescape=False,  # noqa: S701
    )
    environment.filters["words"] = _words
    environment.filters["number"] = lambda count: f"{count:,}"
    return environment.get_template("card.md.jinja")


_ACTIVE = re.compile(r"[\\`*_{}\[\]<>()#+!|&~$-]")


def _words(value: str) -> str:
    """Text from outside as Markdown shows it, and nothing but text."""
    return _ACTIVE.sub(lambda found: f"&#{ord(found.group())};", " ".join(value.split()))
