"""Tests of who issued a document: names by themselves, agency codes, and whole documents of our own."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from small_dataset import dataset_of, document, rows

from pipeline import clean, lexicon
from pipeline.edits import Edit
from pipeline.enrichment.bodies import LEVELS, body
from pipeline.enrichment.issuers import Issuer, names
from pipeline.enrichment.references import references
from pipeline.metadata.document_numbers import NUMBER, issuer_of
from pipeline.text import Outcome, View

if TYPE_CHECKING:
    from pathlib import Path

BODY = (
    "为推进算力基础设施建设，制定本方案。各单位要结合实际认真贯彻落实，重大事项及时报告，年度总结于次年一月底前报送。"
)


@pytest.mark.parametrize(
    ("name", "full", "level", "region"),
    [
        ("国家发改委", "国家发展和改革委员会", "central", None),
        ("国务院办公厅", "国务院办公厅", "central", None),
        ("工信部", "工业和信息化部", "central", None),
        ("天津市人民政府办公厅", "天津市人民政府办公厅", "province", "120000"),
        ("北京市发展改革委", "北京市发展和改革委员会", "province", "110000"),
        ("广东省教育厅", "广东省教育厅", "province", "440000"),
        ("内蒙古自治区人民政府", "内蒙古自治区人民政府", "province", "150000"),
        ("中共天津市委", "中共天津市委", "province", "120000"),
        ("北京市海淀区人民政府", "北京市海淀区人民政府", "county", "110108"),
        ("湖北省武汉市人民政府", "湖北省武汉市人民政府", "city", "420100"),
        ("广州市人民政府", "广州市人民政府", "city", "440100"),
        ("深圳市南山区人民政府", "深圳市南山区人民政府", "county", "440305"),
        ("深圳市某某区人民政府", "深圳市某某区人民政府", "county", None),
        ("恩施土家族苗族自治州人民政府", "恩施土家族苗族自治州人民政府", "city", "422800"),
        ("义乌市财政局", "义乌市财政局", "county", "330782"),
        ("浙江省金华市义乌市人民政府", "浙江省金华市义乌市人民政府", "county", "330782"),
        ("中共绍兴市柯桥区委员会", "中共绍兴市柯桥区委员会", "county", "330603"),
        ("某某族自治州人民政府", "某某族自治州人民政府", "city", None),
        ("某某县人民政府", "某某县人民政府", "county", None),
        ("某某市财政局", None, None, None),
        ("江苏省某某市人民政府", None, None, None),
        ("北京经济技术开发区管理委员会", None, None, None),
        ("朝阳区人民政府", None, None, None),
        ("教育厅", None, None, None),
        ("北京大学", None, None, None),
        ("国务院参事", None, None, None),
    ],
)
def test_a_name_says_so_much_and_no_more(name: str, full: str | None, level: str | None, region: str | None) -> None:
    """What is not certain stays open: a city in no list may be of either level, a body without a region anybody's."""
    assert (full, level, region) == tuple(body(name))


@pytest.mark.parametrize(
    ("name", "year", "level", "region"),
    [
        ("崇明县人民政府", 2012, "county", "310230"),
        ("崇明县人民政府", 2020, "county", None),
        ("上海市崇明区人民政府", 2020, "county", "310151"),
        ("杭州市临平区人民政府", 2018, "county", None),
        ("重庆市人民政府", 1990, "city", "510200"),
        ("襄樊市人民政府", 2015, None, None),
    ],
)
def test_a_region_has_the_code_of_the_year(name: str, year: int, level: str | None, region: str | None) -> None:
    """A name that had none in the year has what the form of the name says, and no code."""
    assert (level, region) == tuple(body(name, year))[1:]


@pytest.mark.parametrize(
    ("printed", "expected"),
    [
        ("财政部 税务总局", ["财政部", "税务总局"]),
        ("财政部、税务总局、海关总署", ["财政部", "税务总局", "海关总署"]),
        ("国 务 院 办 公 厅", ["国 务 院 办 公 厅"]),
        ("国家发展改革委等部门", ["国家发展改革委"]),
        ("北京市科委、中关村科技园区管理委员会", ["北京市科委、中关村科技园区管理委员会"]),
        ("教育部、某某编写组", ["教育部、某某编写组"]),
        ("　教育部　", ["教育部"]),
        ("", []),
    ],
)
def test_a_list_of_bodies_is_parted_between_them(printed: str, expected: list[str]) -> None:
    """One body that has two names stays one; a list with something else in it stays whole."""
    assert expected == [printed[start:end] for start, end in names(printed)]


@pytest.mark.parametrize(
    ("number", "issuer"),
    [
        ("国发〔2017〕35号", "国务院"),
        ("国办函〔2021〕1号", "国务院办公厅"),
        ("津政办发〔2017〕112号", "天津市人民政府办公厅"),
        ("沪府发〔2020〕5号", "上海市人民政府"),
        ("国科发高〔2018〕235号", "科学技术部"),
        ("国科办高〔2018〕235号", "科学技术部办公厅"),
        ("工信部科〔2019〕1号", "工业和信息化部"),
        ("发改高技〔2020〕1号", "国家发展和改革委员会"),
        ("发改办高技〔2020〕1号", "国家发展和改革委员会办公厅"),
        ("环办水体〔2016〕3号", "环境保护部办公厅"),
        ("环办水体〔2021〕19号", "生态环境部办公厅"),
        ("环办水体〔2018〕19号", None),
        ("苏发改高技〔2020〕1号", None),
        ("某政发〔2020〕1号", None),
        ("财〔2020〕1号", None),
        ("国发〔2017〕", None),
    ],
)
def test_a_code_stands_for_its_body_alone(number: str, issuer: str | None) -> None:
    """In the years in which it did; the code of a province's office that ends the same is another one."""
    assert issuer == issuer_of(number)


@pytest.mark.parametrize("name", ["agency_codes.tsv", "issuers.tsv"])
def test_the_lists_are_sorted_and_have_no_duplicates(name: str) -> None:
    """So that two people who add a row each do not add the same."""
    listed = lexicon.rows(name)
    assert sorted(listed) == listed
    assert len({tuple(row) for row in listed}) == len(listed)


def test_the_body_of_every_code_is_known_by_its_name() -> None:
    """A code and a name lead to the same body, so that documents can be joined on it."""
    for row in lexicon.rows("agency_codes.tsv"):
        assert (row[0], row[1]) == (row[0], body(row[1]).name)


def test_a_full_name_is_its_own() -> None:
    """What a short name leads to leads to itself."""
    for _, full in lexicon.rows("issuers.tsv"):
        assert full == body(full).name


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        (
            "发文机关：财政部 税务总局\n标题：某通知\n",
            [("财政部", "财政部", "label"), ("税务总局", "国家税务总局", "label")],
        ),
        (
            "发文字号：津政办发〔2017〕112号\n标题：算力建设行动方案\n",
            [("津政办发", "天津市人民政府办公厅", "doc_number")],
        ),
        ("发文机关：某某网版权所有\n标题：某通知\n", []),
        (
            "教育部\n科技部\n关于印发方案的通知\n各单位：\n",
            [("教育部", "教育部", "title"), ("科技部", "科学技术部", "title")],
        ),
        (
            "国家互联网信息办公室\n中华人民共和国教育部\n令\n第15号\n《甲办法》已经审议通过，现予公布。\n",
            [
                ("国家互联网信息办公室", "国家互联网信息办公室", "letterhead"),
                ("教育部", "教育部", "letterhead"),
            ],
        ),
        (
            "关于印发方案的通知\n各单位：\n请执行。\n教育部\n财政部\n2023年1月18日\n甲方案\n",
            [("教育部", "教育部", "signature"), ("财政部", "财政部", "signature")],
        ),
    ],
)
def test_a_document_has_these_issuers(head: str, expected: list[tuple[str, str, str]]) -> None:
    """Each with the place that names it, in the decoded raw text."""
    raw = f"{head}{BODY}\n{BODY}\n"
    found = clean(raw.encode()).fields["issuers"]
    assert expected == [(row.name, row.normalised, row.basis) for row in found]
    assert [name for name, _, _ in expected] == [raw[row.start : row.end] for row in found]


def test_personal_data_in_what_was_read_is_masked(tmp_path: Path) -> None:
    """A telephone number that stands in a name is published in none of the tables."""
    text = "甲市数据局13912345678印发《甲市算力条例》。"
    secret = text.index("1")
    one = document(
        text.encode(),
        personal=[(secret, secret + 11)],
        steps={"split": [_mask]},
        issuers=[Issuer(text[:16], None, None, None, "label", 0, 16)],
        references=references(text),
    )
    dataset = dataset_of({"a.txt": one}, tmp_path).dataset
    (issuer,) = rows(dataset, "issuers")
    assert "甲市数据局" + "█" * 11 == issuer["name"]
    assert "13912345678" not in str([rows(dataset, table) for table in ("references", "targets", "issuers")])


def _mask(view: View) -> Outcome:
    at = view.text.index("13912345678")
    return Outcome([Edit(at, "13912345678", "[PHONE]", "personal.phone")])


@given(st.text(alphabet="国务院市省县区人民政府办公厅委员会部局北京天津科财政、 　\n中共自治州"))
def test_any_name_is_read_without_error(name: str) -> None:
    """A level is said of a known body alone; the parts of a list lie in it, apart and in order."""
    found = body(name)
    assert found.level in (None, *LEVELS)
    assert (found.level is None) == (found.name is None)
    last = 0
    for start, end in names(name):
        assert last <= start < end <= len(name)
        last = end


@given(st.from_regex(NUMBER, fullmatch=True))
def test_any_number_has_one_issuer_or_none(number: str) -> None:
    """And the same one each time."""
    assert issuer_of(number) == issuer_of(number)
