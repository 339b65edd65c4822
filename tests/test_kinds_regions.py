"""The kind of a document, what follows for rights, and the region that it is about."""

from __future__ import annotations

import pytest

from pipeline.metadata.document_numbers import is_number, issuer_of, own_line
from pipeline.metadata.kinds import doc_type, rights_status
from pipeline.metadata.names import count, keywords, people
from pipeline.metadata.regions import region_codes


@pytest.mark.parametrize(
    ("title", "text", "found", "expected"),
    [
        ("甲市人工智能产业发展行动计划", "", set(), "policy"),
        ("甲市人民政府关于推进创新的通知", "", {"number"}, "policy"),
        ("甲市数据条例（试行）", "", set(), "policy"),
        (None, "各区人民政府，各委、办、局：\n现通知如下。", set(), "policy"),
        (None, "特此通知。", {"signature_issuer"}, "policy"),
        ("《甲市行动计划》解读", "", set(), "interpretation"),
        (None, "有关负责人就方案有关问题回答了记者的提问。", set(), "interpretation"),
        ("甲某在大会开幕式上的讲话", "", set(), "speech"),
        (None, "在大会开幕式上的致辞\n各位来宾，各位朋友：\n大家上午好！", set(), "speech"),
        (None, "女士们、先生们：\n很高兴来到这里。", {"dateline"}, "speech"),
        ("政府工作报告", "各位代表：\n现在，我代表政府报告工作。", set(), "report"),
        (None, "各位代表认为，报告很好。", set(), "other"),
        (None, "甲市印发《办法》（以下简称《办法》），现将有关内容说明如下：", {"dateline"}, "interpretation"),
        (None, "甲局起草了本细则，现将有关情况说明如下：", {"dateline"}, "news"),
        ("甲市人工智能发展白皮书", "", set(), "report"),
        (None, "甲市召开大会。", {"dateline"}, "news"),
        ("甲市召开大会", "大会今天开幕。", {"header_source"}, "news"),
        (None, "甲市召开大会。", set(), "other"),
        (None, "", set(), "other"),
    ],
)
def test_the_kind_of_a_document(title: str | None, text: str, found: set[str], expected: str) -> None:
    """Title first, then the beginning, then what was found; what nothing shows is other."""
    assert expected == doc_type(title, text, found)


def test_rights_follow_from_the_kind() -> None:
    """Official documents are exempt, works are protected, and what is not known is said to be unknown."""
    assert ["unknown", "third_party_copyright", "third_party_copyright", "unknown", "unknown"] == [
        rights_status(kind) for kind in ("policy", "news", "interpretation", "report", "other")
    ]


@pytest.mark.parametrize(
    ("title", "text", "issuers", "expected"),
    [
        ("中华人民共和国数据安全法", "", [], True),
        ("杭州市促进算力发展条例", "第一条　为了促进算力发展，制定本条例。", [], True),
        ("关于开展试点的通知", "", [("某某市数据局", None)], True),
        ("关于开展试点的通知", "", [("工信部", "national")], True),
        ("杭州旅行计划", "第一天去西湖。", [], False),
        ("减肥方案", "一、总体要求\n少吃。", [], False),
        ("网站建设标准", "第一条　本标准由本公司制定。", [], False),
        ("关于缴纳物业费的通知", "各位业主：", [("某某区阳光花园业主委员会", None)], False),
        ("关于征文的通知", "", [("某某省作家协会", None)], False),
        ("关于停水的通知", "", [("阳光小区管理委员会", None)], False),
    ],
)
def test_only_state_organs_are_exempt(
    title: str, text: str, issuers: list[tuple[str, str | None]], *, expected: bool
) -> None:
    """A company has plans and rules, too, and an association issues notices: of these nothing is known."""
    assert expected == (rights_status("policy", title=title, text=text, issuers=issuers) == "cn_art5_exempt")


def test_a_number_is_that_of_an_organ_unless_another_body_is_named() -> None:
    """Companies number their documents in the same form."""
    assert "cn_art5_exempt" == rights_status("policy", title="关于印发方案的通知", numbered=True)
    assert "cn_art5_exempt" == rights_status("policy", title="上市公司信息披露管理办法", numbered=True)
    assert "unknown" == rights_status("policy", title="某某公司关于印发方案的通知", numbered=True)
    assert "unknown" == rights_status(
        "policy", title="关于印发方案的通知", issuers=[("某市城投集团", None)], numbered=True
    )


@pytest.mark.parametrize(
    ("title", "text", "expected"),
    [
        ("天津市智能科技行动计划", "北京市也在推进。" * 3, ["120000"]),
        (None, "北京市发布方案。北京将建设先导区。", ["110000"]),
        (None, "北京市发布方案。", []),
        (None, "全国各地发布方案。", []),
        (None, "北京市门头沟区。" + "门头沟区发布方案。" * 5, ["110109"]),
        (None, "Beijing released a plan. Beijing will build a pilot zone.", ["110000"]),
        (None, "", []),
    ],
)
def test_the_region_of_a_document(title: str | None, text: str, expected: list[str]) -> None:
    """The title's region, else the one that is spoken of most; one mention is none."""
    assert expected == region_codes(title, text)


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("国发〔2017〕35号", True),
        ("甲政办发[2017]112号", True),
        ("甲政发（2020）第10号", True),
        ("（甲发改〔2020〕1 号）", True),
        ("中华人民共和国国务院令第745号", True),
        ("国令第707号", True),
        ("甲部公告2020年第5号", True),
        ("院台科字第1121023456号", True),
        ("甲市委员会公告〔2023〕5号", True),
        ("〔2018〕5号", False),
        ("津滨政办发〔201922", False),
        ("第35号", False),
        ("大 中 小", False),
        ("国发〔2017〕35号文件指出，要推动创新。", False),
        ("", False),
    ],
)
def test_a_document_number(line: str, expected: bool) -> None:  # noqa: FBT001  the second half of a table
    """Every kind of bracket, orders, announcements and Taiwan's form; nothing that is cut off or nameless."""
    assert expected == own_line(line)


def test_an_issuer_comes_from_the_table_only() -> None:
    """A code that is not in the table stands for nobody."""
    assert ("国务院办公厅", None, None) == (
        issuer_of("国办发〔2018〕117号"),
        issuer_of("甲政发〔2018〕1号"),
        issuer_of("国务院令第745号"),
    )
    assert is_number("国办发〔2018〕117号")


def test_lists_of_people() -> None:
    """Separators, roles, padding and tokens are no part of a name."""
    assert ["甲某", "乙某某"] == people("甲某、乙某某")
    assert ["张三"] == people("张　三")
    assert ["王某"] == people("王某（实习） [PHONE]")
    assert [] == people("佚名")
    assert ["timer", "gaearon"] == people("[timer, gaearon]")
    assert [] == people("")


def test_words_and_counts() -> None:
    """Keywords as printed; counts with separators and units; no number is none, and none is endless."""
    assert ["智能", "发展", "技术", "产业"] == keywords("智能,发展 技术；产业")
    assert (3482, 12000, None, None) == (count("3,482 次"), count("1.2万"), count(""), count("次"))
    assert isinstance(count("9" * 400), int)


@pytest.mark.parametrize(
    ("title", "text", "found", "kind"),
    [
        ("如何看待新修订的科技进步条例", "", {"author"}, "news"),
        ("甲市印发数字经济实施方案", "甲市近日印发方案。", {"dateline"}, "news"),
        ("甲市数字经济条例", "", {"author"}, "news"),
        ("甲市数字经济条例", "第一条 为了发展，制定本条例。", {"dateline"}, "policy"),
        ("关于印发《甲市实施方案》的通知", "", set(), "policy"),
        ("甲市人民政府印发关于推进工作的通知", "", set(), "policy"),
    ],
)
def test_a_headline_about_a_policy_is_no_policy(title: str, text: str, found: set[str], kind: str) -> None:
    """What kind it is decides about rights: who signs as an author has them."""
    assert kind == doc_type(title, text, found)
