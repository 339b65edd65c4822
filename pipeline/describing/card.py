"""The dataset card: README.md and README.zh.md of a dataset, from the data dictionary and the figures of the run.

Here belongs what of them the card is given; how it reads stands in `card.md.jinja` and `card.zh.md.jinja`. Whatever
comes from outside (the collection's name) is escaped there; no text of a document is quoted.
"""

from __future__ import annotations

import functools
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import yaml
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from pipeline import columns, recipe
from pipeline.describing.about import UNSTATED
from pipeline.describing.statements import Language, sentence_in, statements
from pipeline.document import REASONS

if TYPE_CHECKING:
    from pipeline.describing.about import About
    from pipeline.describing.account import Account

SIZES = (
    (1_000, "n<1K"),
    (10_000, "1K<n<10K"),
    (100_000, "10K<n<100K"),
    (1_000_000, "100K<n<1M"),
    (10_000_000, "1M<n<10M"),
)
"""Hugging Face's names for sizes, by the number of documents that is not reached."""


def card(account: Account, about: About = UNSTATED, language: Language = "en") -> str:
    """The card of a dataset with these figures; in English it begins with Hugging Face's YAML, and is README.md.

    >>> from pipeline.describing.account import Account
    >>> card(Account()).splitlines()[0], card(Account(source="甲市"), language="zh").splitlines()[0]
    ('---', '# 甲市')
    """
    flagged = {name: (count, columns.QUALITY_FLAGS.get(name, "")) for name, count in sorted(account.flags.items())}
    sentences = recipe.rules()
    return str(
        _template(language).render(
            about=about,
            account=account,
            said=statements(language),
            front_matter=_front_matter(account, about) if language == "en" else "",
            stages=recipe.STAGES,
            tables=columns.TABLES,
            table_sentences=columns.TABLE_SENTENCES,
            open_statuses=columns.OPEN_RIGHTS,
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


def _front_matter(account: Account, about: About) -> str:
    """The YAML that Hugging Face reads, which stands in the English card alone."""
    languages = sorted({tag.partition("-")[0] for tag in account.languages})
    # `datasets` cannot load a table without rows, so it is not offered there.
    configurations = {
        {"documents": "full"}.get(name, name): (name, f"data/{name}-*.parquet")
        for name in columns.TABLES
        if account.rows[name]
    }
    if any(account.rights[status] for status in columns.OPEN_RIGHTS):
        configurations["open"] = ("documents", "open/documents-*.parquet")
    values = {
        "pretty_name": about.name or " ".join(account.source.split()) or "zhengwen",
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
            {"config_name": name, **({"default": True} if name == "full" else {}), "data_files": [_split(files)]}
            for name, (_, files) in configurations.items()
        ],
        "dataset_info": [
            {
                "config_name": name,
                "features": features([(column.name, column.type) for column in columns.TABLES[table]]),
            }
            for name, (table, _) in configurations.items()
        ],
    }
    return str(yaml.safe_dump(values, sort_keys=False, allow_unicode=True))


def _split(files: str) -> dict[str, str]:
    return {"split": "train", "path": files}


@functools.cache
def _template(language: Language) -> Any:  # noqa: ANN401  jinja2's template
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        # Markdown has no ready escaping; what comes from outside goes through `words`, and nothing else does.
        autoescape=False,  # noqa: S701  see above
    )
    environment.filters["words"] = _words
    environment.filters["number"] = lambda count: f"{count:,}"
    environment.filters["told"] = functools.partial(sentence_in, language)
    return environment.get_template("card.md.jinja" if language == "en" else f"card.{language}.md.jinja")


_ACTIVE = re.compile(r"[\\`*_{}\[\]<>()#+!|&~$-]")


def _words(value: str) -> str:
    """Text from outside as Markdown shows it, and nothing but text."""
    return _ACTIVE.sub(lambda found: f"&#{ord(found.group())};", " ".join(value.split()))
