"""Tests of what is read as a document that a text names, on sentences of our own and as laws on any text."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline import lexicon
from pipeline.enrichment.references import is_genre, references

HERE = Path(__file__).parent
SENTENCES: list[dict[str, Any]] = json.loads((HERE / "reference_sentences.json").read_text("utf-8"))
GOLD = HERE.parents[1] / "shared" / "corpus" / "gold"
needs_gold = pytest.mark.skipif(not GOLD.is_dir(), reason=f"the gold answers are not at {GOLD}")

PIECES = st.lists(
    st.sampled_from(
        [
            *(
                "《",
                "》",
                "〈",
                "〉",
                "（",
                "）",
                "“",
                "”",
                "、",
                "和",
                "，",
                "。",
                "\n",
                "以下简称",
                "简称",
                "印发",
                "审议通过",
            ),
            *(
                "甲市算力条例",
                "通知",
                "关于数据的通知",
                "国发〔2021〕8号",
                "国务院令第5号",
                "（草案）",
                "日报",
                "《条例》",
            ),
            *("《甲市算力条例》", "(referred to as “", "Measures", "”)", "国发〔2020〕", "号"),
        ]
    ),
    max_size=40,
).map("".join)


@pytest.mark.parametrize("case", SENTENCES, ids=[case["label"] for case in SENTENCES])
def test_a_sentence_names_these_documents_and_no_other(case: dict[str, Any]) -> None:
    """With number and short name where they are its own; newspapers, films and unexplained short names are none."""
    found = [row._asdict() for row in references(case["text"])]
    names = case["references"][0] if case["references"] else ("title",)
    assert case["references"] == [{name: row[name] for name in names} for row in found]


@given(PIECES | st.text())
def test_every_row_points_to_what_it_says(text: str) -> None:
    """Title, number and short name stand where the row says; rows are sorted and distinct, the same each time."""
    rows = references(text)
    assert rows == references(text)
    assert rows == sorted(rows, key=lambda row: row.start)
    assert len({(row.title, row.doc_number) for row in rows}) == len(rows)
    for row in rows:
        assert row.title == text[row.start + 1 : row.end - 1].strip()
        assert (row.basis == "number") == (row.doc_number is not None)
        assert 1 <= row.mention_count
        if row.doc_number is not None:
            assert row.doc_number == "".join(text[row.number_start : row.number_end].split())
        if row.alias is not None:
            assert row.alias == text[row.alias_start : row.alias_end]


@pytest.mark.parametrize("text", ["《", "》", "《》", "《甲", "（", "《《", "“", "《甲\n", "以下简称"])
def test_a_megabyte_of_one_thing_has_an_end(text: str) -> None:
    """Hostile input is read in linear time: this test would not end otherwise."""
    assert [] == references(text * (1_000_000 // len(text)))


def test_many_numbers_of_one_title_have_an_end() -> None:
    """Each is a document; they are not compared with one another."""
    text = "".join(f"《关于甲的通知》（国发〔2017〕{number}号）" for number in range(20_000))
    assert 20_000 == len(references(text))


@pytest.mark.parametrize(
    ("title", "is_one"),
    [
        ("通知", True),
        ("实施方案", True),
        ("行动计划", True),
        ("条例（草案）", True),
        ("甲市条例", False),
        ("刑法", False),
    ],
)
def test_a_genre_alone_is_no_title(title: str, *, is_one: bool) -> None:
    """《通知》 is the short name of some notice."""
    assert is_one == is_genre(title)


def test_the_genres_are_sorted_and_have_no_duplicates() -> None:
    """So that two people who add a genre each do not add the same."""
    words = lexicon.words("document_genres.tsv")
    assert sorted(set(words)) == list(words)
    assert {"long", "sure", "weak"} == {row[1] for row in lexicon.rows("document_genres.tsv")}


@needs_gold
@pytest.mark.parametrize("seed", ["000", "001", "002", "003", "004"])
def test_the_gold_references_are_found_and_no_other(seed: str) -> None:
    """Title, number and short name of each; none is made up."""
    gold = json.loads((GOLD / f"{seed}.json").read_text("utf-8"))
    expected = [(one["title"], one.get("doc_number"), one.get("alias")) for one in gold["enrichment"]["references"]]
    rows = references(gold["record"]["text"])
    assert expected == [(row.title, row.doc_number, row.alias) for row in rows]
    issued = [
        one["issuer"].split(" ")[0] for one in gold["enrichment"]["references"] if "from" in one.get("issuer", "")
    ]
    assert issued == [row.issuer for row in rows if row.issuer]
