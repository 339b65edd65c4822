"""Tests of the regions that titles and issuers name, of their codes by year, and of the table behind them."""

from __future__ import annotations

import itertools
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline import clean, lexicon
from pipeline.metadata.region_mentions import mentions
from pipeline.metadata.region_table import codes_of, is_prefecture, is_province, lies_in, name_at, region_at
from pipeline.metadata.regions import region_codes

TITLES: list[dict[str, Any]] = json.loads((Path(__file__).parent / "region_titles.json").read_text("utf-8"))
TABLE = lexicon.rows("regions.tsv")
NOW = 9999
BODY = (
    "为推进历史文化名城保护，制定本办法。各单位要结合实际认真贯彻落实，重大事项及时报告，年度总结于次年一月底前报送。"
)

WORDS = (
    "浙江省|浙江|杭州市|杭州|余杭区|临平区|宁波市|朝阳区|鼓楼区|南京|海南|海城市|市南区|青岛市|重庆|范县"
    "|大学|路|银行|人民政府|关于|示|沿|、|和|《|》| |A"
)
PIECES = st.lists(st.sampled_from(WORDS.split("|")), max_size=12).map("".join)


def _last(row: list[str]) -> int:
    return int(row[3]) if len(row) > 3 else NOW


@pytest.mark.parametrize("case", TITLES, ids=[f"{case['title']} {case['year']}" for case in TITLES])
def test_the_region_of_a_title_or_an_issuer(case: dict[str, Any]) -> None:
    """Each has the regions that it names, by the codes of its year; a name that is another word has none."""
    assert case["codes"] == region_codes(case["title"], "", issuer=case["issuer"], year=case["year"])


@given(title=PIECES, issuer=PIECES, year=st.one_of(st.none(), st.integers(1949, 2035)))
def test_no_code_is_given_that_the_year_did_not_have(title: str, issuer: str, year: int | None) -> None:
    """Whatever the title; years before the first list are read by that."""
    at = NOW if year is None else max(year, 1980)
    valid = {row[0] for row in TABLE if int(row[2]) <= at <= _last(row)}
    codes = region_codes(title, "", issuer=issuer, year=year)

    assert set(codes) <= valid
    assert len(set(codes)) == len(codes)
    assert not any(lies_in(one, other) for one in codes for other in codes)


@given(title=PIECES, year=st.one_of(st.none(), st.integers(1949, 2035)))
def test_mentions_are_the_text_s_own_words_in_order(title: str, year: int | None) -> None:
    """A mention stands where it says, and none overlaps the next."""
    found = mentions(title, year)

    assert [m.name for m in found] == [title[m.start : m.end] for m in found]
    assert all(one.end <= other.start for one, other in itertools.pairwise(found))


def test_a_work_of_art_is_no_region() -> None:
    """A film's title in its marks says nothing, and the words around it still count."""
    assert [] == mentions("电影《重庆森林》修复版")
    assert ["杭州市"] == [m.name for m in mentions("电影《重庆森林》在杭州市放映")]


@pytest.mark.parametrize(
    ("text", "year", "expected"),
    [
        ("北京市密云区。" + "密云区发布方案。" * 5, 2018, ["110118"]),
        ("北京市密云区。" + "密云区发布方案。" * 5, 2010, []),
        ("北京市密云县。" + "密云县发布方案。" * 5, 2010, ["110228"]),
        ("重庆发布方案。重庆将建设先导区。", 1990, []),
        ("重庆发布方案。重庆将建设先导区。", 2000, ["500000"]),
        ("天津市滨海新区。" + "滨海新区发布方案。" * 5, 2019, ["120116"]),
        ("杭州市发布方案。" * 9, 2019, []),
        ("Chongming District of Shanghai. " + "Chongming District plans. " * 5, 2018, ["310151"]),
        ("Chongming District of Shanghai. Shanghai plans.", 2010, ["310000"]),
    ],
)
def test_the_text_is_read_by_the_year_too(text: str, year: int, expected: list[str]) -> None:
    """Provinces and the districts of Beijing and Shanghai, where they had a code; other cities do not count."""
    assert expected == region_codes(None, text, year=year)


def test_the_text_is_asked_where_neither_title_nor_issuer_says() -> None:
    """A title comes before the issuer, and either before the text."""
    text = "江苏省发布方案。江苏将建设先导区。"
    assert ["330000"] == region_codes("浙江省办法", text, issuer="山东省人民政府")
    assert ["370000"] == region_codes("办法", text, issuer="山东省人民政府")
    assert ["320000"] == region_codes("朝阳区办法", text, issuer="教育部")


@pytest.mark.parametrize(("year", "codes"), [(2008, ["420600"]), (2015, [])])
def test_a_document_is_read_by_its_year(year: int, codes: list[str]) -> None:
    """The year of its number, for the document's region and for its issuer's: 襄樊市 was another name in 2015."""
    issuer = "襄樊市人民政府"
    page = f"{issuer}关于保护名城的意见\n\n襄樊政发〔{year}〕5号\n\n{BODY}\n\n{issuer}\n\n{year}年3月1日\n"
    fields = clean(page.encode(), source="page.txt").fields

    assert codes == fields["region_codes"]
    assert codes == [one.region_code for one in fields["issuers"] if one.region_code]


def test_the_table_is_sorted_and_well_formed() -> None:
    """Six digits, a full name, and years in order; each code has one name in a year that nothing changed in."""
    assert sorted(TABLE) == TABLE
    assert len({tuple(row) for row in TABLE}) == len(TABLE)
    assert [] == [row for row in TABLE if len(row[0]) != 6 or not row[0].isdecimal() or len(row[1]) < 2]
    assert [] == [row for row in TABLE if not 1980 <= int(row[2]) <= _last(row)]
    spans: dict[str, list[tuple[int, int]]] = {}
    for row in TABLE:
        spans.setdefault(row[0], []).append((int(row[2]), _last(row)))
    overlapping = [
        code for code, found in spans.items() for one, other in itertools.pairwise(sorted(found)) if other[0] < one[1]
    ]
    assert [] == overlapping


def test_the_lists_of_names_are_sorted_and_lead_to_the_table() -> None:
    """So that two people who add a row each do not add the same, and nothing leads nowhere."""
    names = lexicon.rows("region_names.tsv")
    words = list(lexicon.words("region_look_alikes.txt"))
    short = {row[1].removesuffix("市") for row in TABLE if is_prefecture(row[0])}
    assert sorted(names) == names
    assert sorted(set(words)) == words
    assert [] == [row for row in names if row[1] not in {known[0] for known in TABLE}]
    assert [] == [word for word in words if word not in short | {row[1] for row in TABLE}]


@pytest.mark.parametrize("year", [1985, 1995, 2005, 2015, 2026])
def test_every_region_of_a_year_lies_in_one_of_that_year(year: int) -> None:
    """A prefecture in its province, a county in a prefecture or, where it has none, in the province."""
    valid = {row[0] for row in TABLE if int(row[2]) <= year <= _last(row)}
    alone = {code for code in valid if not is_province(code) and not any(lies_in(code, one) for one in valid)}
    assert set() == alone


def test_names_of_a_year() -> None:
    """A name without a code in the year is none, and the longest one that has a code is read."""
    assert (("110228",), (), ()) == (codes_of("密云县", 2010), codes_of("密云县", 2018), codes_of("高新区"))
    assert codes_of("浙江省", 1980) == codes_of("浙江省", 1950)
    assert codes_of("浙江省") == codes_of("浙江省", 2090)
    assert ("吉林市", "吉林") == (name_at("吉林市志", 0), name_at("吉林大学", 0))
    assert (("330110",), 6) == region_at("杭州市余杭区人民政府", 0, 2022)
    assert (("330100",), 3) == region_at("杭州市临平区人民政府", 0, 2018)
