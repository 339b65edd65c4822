"""The dataset card: what Hugging Face reads of it, and that it says what the dataset is."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from small_dataset import dataset_of, document

from pipeline import columns, recipe
from pipeline.describing.account import Account
from pipeline.describing.card import card, features
from pipeline.edits import Edit
from pipeline.text import Outcome, View

if TYPE_CHECKING:
    from pathlib import Path


def _front(text: str) -> dict[str, Any]:
    _, front, _ = text.split("---\n", 2)
    return dict(yaml.safe_load(front))


def test_the_front_matter_describes_every_table() -> None:
    """A configuration for each table, with its files and the features of its columns; documents are the default."""
    rows = Counter(dict.fromkeys(columns.TABLES, 1))
    rights = Counter(cn_art5_exempt=1)
    front = _front(card(Account(rows=rows, rights=rights, languages=Counter({"zh-Hans": 2, "en": 1}))))
    tables = ["full", *list(columns.TABLES)[1:], "open"]
    assert tables == [one["config_name"] for one in front["configs"]]
    assert [True] + [None] * (len(tables) - 1) == [one.get("default") for one in front["configs"]]
    files = {one["config_name"]: one["data_files"][0]["path"] for one in front["configs"]}
    assert ("data/documents-*.parquet", "open/documents-*.parquet") == (files["full"], files["open"])
    for one in front["dataset_info"]:
        table = {"full": "documents", "open": "documents"}.get(one["config_name"], one["config_name"])
        names = [column.name for column in columns.TABLES[table]]
        assert names == [feature["name"] for feature in one["features"]]
    assert (["en", "zh"], "other") == (front["language"], front["license"])


def test_a_table_without_rows_is_not_offered_to_hugging_face() -> None:
    """Its loader cannot take an empty table; the description of the columns is there all the same."""
    text = card(Account(rows=Counter(documents=1), rights=Counter(unknown=1)))
    assert ["full"] == [one["config_name"] for one in _front(text)["configs"]]
    assert "### quarantine" in text


def test_the_features_are_those_that_hugging_face_derives() -> None:
    """What stands in the card is what `datasets` makes of the Arrow schema."""
    datasets = pytest.importorskip("datasets", reason="needs Hugging Face datasets (dependency group dev)")
    for layout in columns.TABLES.values():
        derived = datasets.Features.from_arrow_schema(columns.schema(layout))
        assert derived._to_yaml_list() == features([(column.name, column.type) for column in layout])  # noqa: SLF001


@pytest.mark.parametrize(("count", "size"), [(0, "n<1K"), (999, "n<1K"), (1_000, "1K<n<10K"), (5_000_000, "1M<n<10M")])
def test_the_size_category(count: int, size: str) -> None:
    """The category is the one whose limits the number of documents lies between."""
    assert [size] == _front(card(Account(statuses=Counter(published=count))))["size_categories"]


def test_the_card_explains_every_column_and_every_rule_that_was_used(tmp_path: Path) -> None:
    """Each column with its sentence; each rule, reason and flag of this run with its sentence and count."""
    rule, sentence = next(iter(recipe.rules().items()))

    def step(view: View) -> Outcome:
        return Outcome([Edit(0, view.text[0], "", rule)])

    content = "各区人民政府，各委办局。".encode()
    one = document(content, steps={"convert": [step]}, quality_flags=["title_missing"])
    staged = dataset_of({"a.txt": one, "b.txt": document(b"")}, tmp_path)
    text = (staged.dataset / "README.md").read_text("utf-8")
    assert text == card(staged.account)
    for layout in columns.TABLES.values():
        for column in layout:
            assert f"| `{column.name}` |" in text
            assert column.sentence in text
    assert f"| `{rule}` | 1 | {sentence} |" in text
    assert f"| `title_missing` | 1 | {columns.QUALITY_FLAGS['title_missing']} |" in text


def test_what_comes_from_outside_is_escaped() -> None:
    """The name of a collection can neither break the YAML nor be Markdown or HTML."""
    name = 'a: "b"\n---\n# <script>alert(1)</script> [x](http://example.com) | `c`'
    text = card(Account(source=name))
    assert " ".join(name.split()) == _front(text)["pretty_name"]
    body = text.split("---\n", 2)[2]
    assert [False, False, False] == [active in body for active in ("<script>", "[x](", "| `c`")]
