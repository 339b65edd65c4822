"""Tests of what is read as a target, on sentences of our own and as laws on any text."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline import lexicon
from pipeline.enrichment.periods import Period, Periods
from pipeline.enrichment.quantities import quantities, units
from pipeline.enrichment.targets import targets

HERE = Path(__file__).parent
SENTENCES: list[dict[str, Any]] = json.loads((HERE / "target_sentences.json").read_text("utf-8"))
GOLD = HERE.parents[1] / "shared" / "corpus" / "gold"
needs_gold = pytest.mark.skipif(not GOLD.is_dir(), reason=f"the gold answers are not at {GOLD}")

PIECES = st.lists(
    st.sampled_from(
        [
            *(
                "到2025年",
                "2026年底前",
                "截至2023年",
                "“十四五”末",
                "，",
                "。",
                "\n",
                "：",
                "“",
                "”",
                "（",
                "）",
                "、",
                "和",
            ),
            *(
                "建成",
                "培育",
                "达到",
                "超过",
                "增长",
                "年均",
                "保持",
                "最高",
                "奖励",
                "翻一番",
                "力争",
                "计划",
                "的",
                "已",
            ),
            *(
                "3",
                "10%",
                "2至3家",
                "1.5万亿元",
                "100项以上",
                "５个",
                "平台",
                "产业规模",
                "企业",
                "20",
                "亿",
                "一、发展基础",
            ),
        ]
    ),
    max_size=40,
).map("".join)


@pytest.mark.parametrize("case", SENTENCES, ids=[case["label"] for case in SENTENCES])
def test_a_sentence_has_these_targets_and_no_other(case: dict[str, Any]) -> None:
    """What is promised is a row; what is achieved, forecast, compared or ordered by law is none."""
    found = [row._asdict() for row in targets(case["text"], known_year=case.get("known_year"))]
    names = case["targets"][0] if case["targets"] else ("text",)
    assert case["targets"] == [{name: row[name] for name in names} for row in found]


@given(PIECES | st.text())
def test_every_row_points_to_what_it_says(text: str) -> None:
    """Words, figure and indicator stand where the row says; rows are sorted, the same each time."""
    rows = targets(text)
    assert rows == targets(text)
    assert rows == sorted(rows, key=lambda row: row.start)
    for row in rows:
        assert text[row.start : row.end] == row.text
        assert row.text
        if row.indicator is not None:
            assert text[row.indicator_start : row.indicator_end] == row.indicator
        assert (row.value is None) == (row.kind == "qualitative") == (row.unit is None)
        assert (row.year is None) == (row.year_basis is None)
        if row.value_start is not None and row.value_end is not None:
            assert row.start <= row.value_start < row.value_end <= row.end


@given(PIECES)
def test_a_row_does_not_hang_on_another_paragraph(text: str) -> None:
    """What a paragraph without a colon before it says is the same behind any paragraph without a year."""
    rows = [row for row in targets("到2030年，形成合力。\n" + text) if row.year is not None]
    behind = [row for row in targets("到2030年，形成合力。\n各地要落实责任。\n" + text) if row.year is not None]
    assert [row.text for row in rows] == [row.text for row in behind]


@given(st.text(alphabet="0123456789,.至-—%万亿元家个项年月第〔〕（） ", max_size=60))
def test_quantities_are_apart_and_in_the_text(text: str) -> None:
    """Each has its place, and a range runs upwards."""
    last = 0
    for one in quantities(text):
        assert last <= one.start < one.end <= len(text)
        assert one.highest is None or one.highest > one.value
        last = one.end


@pytest.mark.parametrize(
    ("text", "year"),
    [
        ("到2025年，甲", Period(2025, "sentence")),
        ("2025年底前甲", Period(2025, "sentence")),
        ("到2025年。甲", Period(2025, "paragraph")),
        ("到2025年：\n（1）甲", Period(2025, "list")),
        ("到2025年：\n甲", None),
        ("到2025年。\n甲", None),
        ("到2025年，比2020年甲", Period(2025, "sentence")),
        ("到2025年，截至2021年甲", None),
        ("从2020年到2025年，甲", None),
        ("《方案（到2025年）》甲", None),
        ("到“十四五”末，甲", Period(2025, "sentence")),
        ("2025年，甲", None),
    ],
)
def test_which_year_governs(text: str, year: Period | None) -> None:
    """A year reaches to the end of its paragraph, or down a list, until another is named."""
    assert year == Periods(text).at(text.index("甲"))


def test_a_bare_year_governs_where_the_text_plans_for_that_time() -> None:
    """2024年建成 is a plan beside 到2025年, or in a document of 2023; alone it may be long ago."""
    order = "2024年初步建成甲"
    assert Periods(order).at(8) is None
    assert Period(2024, "sentence") == Periods(f"{order}。到2025年，乙。").at(8)
    assert Periods("2018年初步建成甲。到2025年，乙。").at(8) is None


def test_every_unit_is_read_with_its_factor() -> None:
    """A printed unit behind a figure is that unit, whatever longer one begins like it."""
    for printed, unit in units().items():
        (found,) = quantities(f"共2{printed}")
        assert unit.name == found.unit.name
        assert math.isclose(2 * unit.factor, found.value)


@pytest.mark.parametrize("name", ["relation_verbs.tsv", "target_manners.txt", "target_verbs.txt", "units.tsv"])
def test_the_lists_are_sorted_and_have_no_duplicates(name: str) -> None:
    """So that two people who add a word each do not add the same."""
    words = lexicon.words(name)
    assert sorted(set(words)) == list(words)


@pytest.mark.parametrize("text", ["到2025年", "5", "《", "到2025年达到", "翻番", "。", "到2025年：\n"])
def test_a_megabyte_of_one_thing_has_an_end(text: str) -> None:
    """Hostile input is read in linear time: this test would not end otherwise."""
    assert [] == targets(text * (1_000_000 // len(text)))


@needs_gold
@pytest.mark.parametrize("seed", ["000", "001", "002", "003", "004"])
def test_the_gold_targets_are_found_and_no_other(seed: str) -> None:
    """Value, range, unit, relation and year of each, in the words that the gold has; none is made up."""
    gold = json.loads((GOLD / f"{seed}.json").read_text("utf-8"))
    text = gold["record"]["text"]
    names = ("value", "value_max", "unit", "year")
    expected = sorted((tuple(one.get(name) for name in names) for one in gold["enrichment"]["targets"]), key=repr)
    rows = [row._asdict() for row in targets(text)]
    found = sorted((tuple(row[name] for name in names) for row in rows), key=repr)
    assert [tuple(map(_number, one)) for one in expected] == [tuple(map(_number, one)) for one in found]
    related = sorted(one["relation"] for one in gold["enrichment"]["targets"] if one.get("relation"))
    assert related == sorted(row["relation"] for row in rows if row["kind"] == "target")


def _number(value: Any) -> Any:  # noqa: ANN401  a number, a word or nothing
    return float(value) if isinstance(value, int) else value
