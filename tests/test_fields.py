"""What becomes of a page: its columns, with what is stated and nothing else, and no personal datum in any of them."""

from __future__ import annotations

import datetime as dt
import json
from typing import TYPE_CHECKING, Any

import pytest

import pipeline
from pipeline import recipe
from pipeline.recipe import STAGES
from pipeline.steps.front_matter import cut_front_matter
from pipeline.text import Text

if TYPE_CHECKING:
    from collections.abc import Mapping

BODY = "甲市发布人工智能产业方案，推动技术创新和应用。\n方案提出，要建成三个示范区，引进一批人才。"
TRADITIONAL = "推動人工智能產業發展，建設創新發展試驗區，關注長遠規劃，鼓勵企業與學術機構開展聯合研究。"
NEWS = "大会在甲市开幕，各地代表参加了会议。\n会议讨论了三个议题，形成了一批成果。"
DATA = "a.b@example.org"
PHONE = "010-66000000"


def split(page: str) -> Text:
    """A page after the convert and the split stage."""
    text = Text(page)
    for stage in STAGES:
        if stage.name in {"convert", "split"}:
            for step in stage.steps:
                text = text.revise(step)
    return text


def columns_of(text: Text) -> Mapping[str, Any]:
    """The columns of a text that went through the split stage."""
    return recipe.read(text).fields


def read(page: str) -> Mapping[str, Any]:
    """The columns of a page."""
    return columns_of(split(page))


# ------------------------------------------------------------------------------------------------ personal data

PAGES_WITH_DATA = {
    "title": f"标题：甲市方案 {DATA}\n来源：甲网\n{BODY}\n",
    "title above a header": f"甲市方案咨询电话{PHONE}\n发布时间：2020-01-02　来源：甲网\n{BODY}\n",
    "source": f"标题：甲市方案\n来源：甲网 {DATA}\n{BODY}\n",
    "author": f"标题：甲市方案\n作者：王某 13800000000\n{BODY}\n",
    "editors in brackets": f"{BODY}\n(责编：甲某、{DATA})\n",
    "keywords": f"标题：甲市方案\n关键词：智能,{DATA}\n{BODY}\n",
    "summary": f"标题：甲市方案\n摘要：咨询电话：{PHONE}\n{BODY}\n{BODY}\n",
    "issuer": f"发布机构：甲市人民政府（电话：{PHONE}）\n{BODY}\n",
    "address": f"标题：甲市方案\n链接：https://example.cn/?mail={DATA}\n{BODY}\n",
    "labels only": f"标题：甲市方案\n技术领域：联系电话：{PHONE}，邮箱：{DATA}\n{BODY}\n",
    "caption": f"2021年6月9日，启动活动举办，联系人电话：{PHONE}。 甲局供图\n{BODY}\n",
    "dateline": f"新华社甲市5月9日电（记者甲某、{DATA}）{BODY}\n",
    "section": f"一、联系方式\n邮箱：{DATA}\n二、咨询电话：{PHONE}\n{BODY}\n",
    "run-in heading": f"一、总体要求\n（一）联系邮箱{DATA}。{BODY}\n二、保障措施\n{BODY}\n",
    "signature": f"特此通知。{BODY}\n甲市人民政府 {DATA}\n2019年1月27日\n",
    "date": f"标题：甲市方案\n发布时间：2020-01-02 电话：{PHONE}\n{BODY}\n",
    "original script": f"標題：甲市方案\n關於產業發展，請聯繫電話：{PHONE}，郵箱：{DATA}，歡迎諮詢並參與討論。\n",
}


@pytest.mark.parametrize("page", PAGES_WITH_DATA.values(), ids=PAGES_WITH_DATA.keys())
def test_no_personal_datum_in_any_column(page: str) -> None:
    """Addresses and numbers are masked wherever they stand: in the text, and in each value that is taken from it."""
    text = split(page)
    published = json.dumps(dict(columns_of(text)), ensure_ascii=False, default=str) + text.value

    for datum in (DATA, PHONE, "13800000000"):
        assert datum not in published


def test_several_data_in_one_value() -> None:
    """All of them are masked, in whatever order they were found, and what stands between them stays."""
    columns = read(f"标题：甲市方案\n技术领域：电话：{PHONE}，邮箱：{DATA}，手机：13800000000，传真\n{BODY}\n")

    assert "电话：[PHONE]，邮箱：[EMAIL]，手机：[PHONE]，传真" == columns["labels_raw"][1]["value"]


def test_a_token_is_nobody() -> None:
    """A masked number behind a name does not become a person."""
    assert ["王某"] == read(f"标题：甲市方案\n作者：王某 13800000000\n{BODY}\n")["authors"]


# ------------------------------------------------------------------------------------------------ titles


@pytest.mark.parametrize(
    "page",
    [
        f"甲市人工智能发展情况\n{BODY}\n",
        f"五项措施\n一、加强领导。\n二、增加投入。\n{BODY}\n",
        f"（一）总体要求\n{BODY}\n",
        f"甲市方案\n\n\n{BODY}\n",
        f"尊敬的各位来宾：\n{BODY}\n",
        f"2020年5月6日\n{BODY}\n",
    ],
)
def test_position_alone_makes_no_title(page: str) -> None:
    """A short first line without any other evidence stays in the text, and the title is absent."""
    text = split(page)
    columns = columns_of(text)

    assert (None, "absent") == (columns["title"], columns["title_status"])
    assert page.split("\n", 1)[0].replace(" ", "") in text.value.replace(" ", "")


@pytest.mark.parametrize(
    ("page", "title"),
    [
        (f"标题：甲市人工智能方案\n{NEWS}\n", "甲市人工智能方案"),
        (f"甲市发布人工智能方案\n2020-01-02 10:00　来源：甲网\n{NEWS}\n", "甲市发布人工智能方案"),
        (f"甲市发布人工智能方案\n\n新华社甲市5月9日电 {NEWS}\n", "甲市发布人工智能方案"),
        (f"# 甲市人工智能条例\n\n{NEWS}\n", "甲市人工智能条例"),
        (
            "甲市关于推进\n人工智能发展的通知\n甲政发〔2020〕1号\n各区人民政府：\n现通知如下。\n",
            "甲市关于推进人工智能发展的通知",
        ),
        (f"为了更好的明天\n——甲市产业观察\n2020-01-02 10:00　来源：甲网\n{NEWS}\n", "为了更好的明天——甲市产业观察"),
        (f"標題：產業發展方案\n{TRADITIONAL}\n", "产业发展方案"),
        (f"标题：证监会怒了！\n来源：甲网\n{NEWS}\n", "证监会怒了！"),
    ],
)
def test_a_title_is_read(page: str, title: str) -> None:
    """A label, a header below, a dateline below, a mark, or the form of an official document make a title."""
    text = split(page)
    columns = columns_of(text)

    assert (title, "stated") == (columns["title"], columns["title_status"])
    assert title[:6] not in text.value


def test_a_title_that_was_cut_off() -> None:
    """Dots at the end of a title are no part of it; what is missing is not made up."""
    columns = read(f"标题：甲市加快建设人工智能策源地实施...\n{BODY}\n")

    assert ("甲市加快建设人工智能策源地实施", "truncated") == (columns["title"], columns["title_status"])
    assert "title_truncated" in columns["quality_flags"]


def test_a_cut_title_that_the_head_completes() -> None:
    """The head of the document itself states the whole title."""
    head = "甲市人民政府关于推进\n人工智能发展的通知\n甲政发〔2020〕1号\n各区人民政府：\n现通知如下。\n"

    assert "甲市人民政府关于推进人工智能发展的通知" == read(f"标题：甲市人民政府关于推进人工...\n{head}")["title"]


# ------------------------------------------------------------------------------------------------ dates


@pytest.mark.parametrize(
    "page",
    [
        f"新华社甲市5月9日电 {BODY}\n",
        f"5月9日，{BODY}\n",
        f"现将方案印发给你们。\n国务院\n2019年1月24日\n{BODY}\n",
        f"成文日期：2019年1月24日\n标题：甲市方案\n{BODY}\n",
        f"在开幕式上的讲话\n（2020年5月6日）\n{BODY}\n",
        f"时间：2023年5月9日\n地点：甲市会议中心\n{BODY}\n",
        f"2021年6月9日，启动活动举办。 甲局供图\n{BODY}\n",
        f"更新时间：2020-01-02\n标题：甲市方案\n{BODY}\n",
        BODY,
    ],
)
def test_date_published_needs_a_stated_year(page: str) -> None:
    """Neither a day without a year, nor the day of an event, a signature or an update, is a publication."""
    columns = read(page)

    assert (None, None, None, None) == tuple(
        columns[column] for column in ("date_published", "published_at", "date_precision", "date_basis")
    )


MADE = "已经2021年5月12日第5次常务会议通过，现予公布，自2021年9月1日起施行。"
STATUTE = "甲市数据条例\n第一章　总则\n第一条　为了规范管理，制定本条例。\n"


@pytest.mark.parametrize(
    ("head", "number", "issuer", "title"),
    [
        ("中华人民共和国国务院令\n第745号", "中华人民共和国国务院令第745号", "国务院", "甲市数据条例"),
        ("中华人民共和国国务院令\n（第764号）", "中华人民共和国国务院令（第764号）", "国务院", "甲市数据条例"),
        ("中华人民共和国国务院令第764号", "中华人民共和国国务院令第764号", "国务院", "甲市数据条例"),
        ("中华人民共和国教育部\n令\n第15号", "中华人民共和国教育部令第15号", "教育部", "甲市数据条例"),
        (
            "中华人民共和国主席令\n第八十四号",
            "中华人民共和国主席令第八十四号",
            "中华人民共和国主席",
            "甲市数据条例",
        ),
    ],
)
def test_a_decree_is_read(head: str, number: str, issuer: str, title: str) -> None:
    """Its number over one line or more, who gave it, when it was signed, and what it proclaims, which stays."""
    page = f"{head}\n《甲市数据条例》{MADE}\n某某会主任　某某某\n2021年7月19日\n{STATUTE}"
    columns = read(page)

    assert (number, issuer, title, "policy") == tuple(
        columns[name] for name in ("doc_number", "issuer", "title", "doc_type")
    )
    assert dt.date(2021, 7, 19) == columns["date_best"]
    assert (page if "\n" in head else page.removeprefix(f"{head}\n")).strip() == pipeline.clean(page.encode()).text


@pytest.mark.parametrize(
    ("page", "number", "title", "issuer"),
    [
        (f"关于公布项目的公告\n2023年第15号\n{BODY}\n", "2023年第15号", "关于公布项目的公告", None),
        (
            f"国家药监局关于发布原则的公告（2022年第8号）\n{BODY}\n",
            "2022年第8号",
            "国家药监局关于发布原则的公告（2022年第8号）",
            "国家药监局",
        ),
        (
            f"中华人民共和国工业和信息化部公告\n2023年第15号\n{BODY}\n",
            "中华人民共和国工业和信息化部公告2023年第15号",
            "中华人民共和国工业和信息化部公告",
            "工业和信息化部",
        ),
        (f"甲市公报\n2023年第5期\n甲市关于推进工作的通知\n各单位：\n{BODY}\n", None, "甲市关于推进工作的通知", None),
    ],
)
def test_an_announcement_is_read(page: str, number: str | None, title: str, issuer: str | None) -> None:
    """The number stands below the title or in it; a gazette's issue is no number."""
    assert (number, title, issuer) == tuple(read(page)[name] for name in ("doc_number", "title", "issuer"))


PLAN = "甲规划\n第一段。\n" + "".join(f"{numeral}、内容\n" for numeral in "一二三四五六七八九十")


@pytest.mark.parametrize(
    ("page", "issuer", "date"),
    [
        (
            f"各单位：\n{BODY}\n某市人民政府办公室\n2023年5月6日\n（此件公开发布）\n{PLAN}",
            "某市人民政府办公室",
            "2023-05-06",
        ),
        (f"各单位：\n{BODY}\n附件：1.甲\n2.乙\n\n国务院\n2023年5月6日\n{PLAN}", "国务院", "2023-05-06"),
        (f"各单位：\n{BODY}\n国务院\n2023年5月6日\n{PLAN}甲厅\n2022年1月2日\n", "国务院", "2023-05-06"),
        (f"各单位：\n{BODY}\n国务院\n2023年5月6日\n{BODY}\n{PLAN}", None, None),
        (f"各单位：\n{BODY}\n纪事\n2023年5月6日\n甲事\n{BODY}\n国务院\n2022年1月2日\n{PLAN}", None, None),
        (f"{BODY}\n国务院\n2023年5月6日\n{PLAN}", None, None),
    ],
)
def test_a_signature_above_an_annex_is_the_documents(page: str, issuer: str | None, date: str | None) -> None:
    """Only the first one, below a sentence or a list of annexes and above a title; what the annex signs is its own."""
    columns = read(page)
    rows = [row["edtf"] for row in columns["dates"] if row["role"] == "document"]

    assert (issuer, [date] if date else []) == (columns["issuer"], rows)


@pytest.mark.parametrize(
    ("note", "date"),
    [
        ("1993年7月2日第二次会议通过　2007年12月29日第一次修订　2021年12月24日第二次修订", dt.date(2021, 12, 24)),
        ("2021年12月24日通过　根据2023年5月6日《关于修改〈2024年1月1日甲条例〉的决定》修正", dt.date(2023, 5, 6)),
        ("2016年11月7日通过，自2017年6月1日起施行", dt.date(2016, 11, 7)),
        ("2016年11月7日第二十四次会议通过", dt.date(2016, 11, 7)),
    ],
)
def test_a_statute_is_of_its_last_revision(note: str, date: dt.date) -> None:
    """Neither the adoption, nor the day from which it is in force, nor a date in what is quoted."""
    assert date == read(f"甲市数据条例\n（{note}）\n第一章　总则\n第一条　为了规范管理，制定本条例。\n")["date_best"]


def test_a_known_title_with_a_colon_is_no_label() -> None:
    """It is cut where it stands a second time, though it looks like a label and its value."""
    page = f"标题：甲网评论员：让科技照亮未来\n甲网评论员：让科技照亮未来\n{BODY}\n"

    assert BODY == pipeline.clean(page.encode()).text


def test_a_decree_over_lines_stays_and_a_label_has_its_number() -> None:
    """What no column has is not cut, and the text is stable when it is cleaned again."""
    head = f"中华人民共和国国务院令\n第707号\n《甲市数据条例》{MADE}"
    document = pipeline.clean(f"发文字号：国令第707号\n标题：甲市数据条例\n{head}\n{STATUTE}".encode())

    assert "国令第707号" == document.fields["doc_number"]
    assert head in (document.text or "")
    assert document.text == pipeline.clean((document.text or "").encode()).text


def test_the_most_explicit_date_wins() -> None:
    """A label comes before a dateline and an address; each stays in the list with its basis."""
    columns = read(
        f"发布时间：2020-01-02 09:30\n链接：https://example.cn/2020/01/05/a.html\n新华社甲市1月1日电 {BODY}\n"
    )

    assert (dt.date(2020, 1, 2), "label", "minute") == (
        columns["date_published"],
        columns["date_basis"],
        columns["date_precision"],
    )
    assert dt.datetime(2020, 1, 2, 1, 30, tzinfo=dt.UTC) == columns["published_at"]
    assert {"label", "url", "dateline"} == {row["basis"] for row in columns["dates"] if row["role"] == "published"}


def test_posting_date_and_document_date_stay_apart() -> None:
    """Each has its role, though they are twenty years apart."""
    page = f"成文日期：1996年06月29日\n发布日期：2018年12月24日\n标题：甲市方案\n{BODY}\n"
    found = {row["role"]: row["edtf"] for row in read(page)["dates"]}

    assert {"document": "1996-06-29", "published": "2018-12-24"} == found


def test_a_year_that_only_the_text_hints_at() -> None:
    """The dateline has no year: date_best says how it was found, date_published stays empty."""
    columns = read(f"新华社甲市5月9日电 {BODY}这是2023年的大会。\n")

    assert (None, dt.date(2023, 5, 9), "inferred_year") == (
        columns["date_published"],
        columns["date_best"],
        columns["date_best_kind"],
    )


def test_the_day_that_a_year_does_not_have() -> None:
    """29 February is not moved to another day, and stops nothing."""
    columns = read(f"发布时间：2021-03-05\n2月29日，{BODY}今年2月29日也一样。\n")

    assert ["XXXX-02-29"] == [row["edtf"] for row in columns["dates"] if row["role"] == "event"]


def test_the_december_before() -> None:
    """A page of January that opens with a day of December means the one just past."""
    columns = read(f"发布时间：2021-01-04\n12月30日，{BODY}\n")

    assert ["2020-12-30"] == [row["edtf"] for row in columns["dates"] if row["role"] == "event"]


def test_evidence_of_a_date() -> None:
    """Each date points to what was read, verbatim, with its line in the raw text."""
    rows = read(f"標題：甲市方案\n發布時間：2018/1/18 09:25\n{TRADITIONAL}\n")["dates"]

    assert [("published", "2018/1/18 09:25", 2)] == [(row["role"], row["text"], row["line"]) for row in rows]


# ------------------------------------------------------------------------------------ numbers, issuers, sources


@pytest.mark.parametrize(
    "page",
    [
        f"根据《国务院关于某规划的通知》（国发〔2017〕35号），制定本计划。\n{BODY}\n",
        f"标题：甲市方案\n国发〔2017〕35号文件指出，{BODY}\n",
        f"{BODY}\n依据：国发〔2017〕35号\n{BODY}\n",
        f"标题：甲市方案\n字号：大 中 小\n{BODY}\n",
        f"标题：甲市方案\n发文字号：〔2018〕5号\n{BODY}\n",
    ],
)
def test_a_cited_number_is_not_the_documents_own(page: str) -> None:
    """A number within prose belongs to another document; a broken one is none."""
    columns = read(page)

    assert (None, None) == (columns["doc_number"], columns["issuer"])


def test_the_number_of_a_document() -> None:
    """Labelled or on its own line at the head; the issuer follows from a table."""
    assert ("国发〔2017〕35号", "国务院") == tuple(
        read(f"发文字号：国发〔2017〕35号\n{BODY}\n")[column] for column in ("doc_number", "issuer")
    )
    assert "国令第707号" == read(f"发文字号：国令第707号\n{BODY}\n")["doc_number"]


@pytest.mark.parametrize(
    ("page", "expected"),
    [
        (
            (
                "索引号\n000/2020-1\n发文机关\n甲市人民政府\n标　　题\n甲市方案\n发文字号\n甲政发〔2020〕1号\n"
                f"发布日期\n2020年01月05日\n{BODY}\n"
            ),
            ("甲市方案", "甲市人民政府", "甲政发〔2020〕1号", dt.date(2020, 1, 5)),
        ),
        (
            (
                "甲市方案办法\n【发布部门】 甲市人民政府\n【发文字号】 甲政发〔2020〕1号\n"
                f"【发布日期】 2020.01.05\n{BODY}\n"
            ),
            ("甲市方案办法", "甲市人民政府", "甲政发〔2020〕1号", dt.date(2020, 1, 5)),
        ),
        (
            f"标题\t甲市方案\t发文机关\t甲市人民政府\n发文字号\t甲政发〔2020〕1号\t发布日期\t2020-01-05\n{BODY}\n",
            ("甲市方案", "甲市人民政府", "甲政发〔2020〕1号", dt.date(2020, 1, 5)),
        ),
        (
            "甲 市 人 民 政 府 文 件\n甲政发〔2020〕1号\n关于印发甲市方案的通知\n各区人民政府：\n现印发给你们。\n",
            ("关于印发甲市方案的通知", "甲市人民政府", "甲政发〔2020〕1号", None),
        ),
    ],
    ids=["cells below each other", "labels in brackets", "cells between tabs", "letterhead"],
)
def test_forms_without_colons(page: str, expected: tuple[object, ...]) -> None:
    """Flattened tables, labels in brackets and a letterhead say what a labelled line would."""
    columns = read(page)

    assert expected == tuple(columns[column] for column in ("title", "issuer", "doc_number", "date_published"))


@pytest.mark.parametrize(
    ("page", "expected"),
    [
        (f"大会在甲市开幕\n来源：甲网 | 2024年07月09日 13:15:26\n{BODY}\n", ("甲网", [], 2024)),
        (f"大会在甲市开幕\n2019-09-26 12:11来源：甲报网作者：王某\n{BODY}\n", ("甲报网", ["王某"], 2019)),
        (f"大会在甲市开幕\n发表于2014-08-24 21:30| 11次阅读| 来源甲网| 作者王某\n{BODY}\n", ("甲网", ["王某"], 2014)),
        (f"大会在甲市开幕\n甲京报网 2019-05-09 10:00\n{BODY}\n", ("甲京报网", [], 2019)),
        (f"大会在甲市开幕\n来源：甲明网-《甲日报》2023-05-09 04:05\n{BODY}\n", ("甲明网-《甲日报》", [], 2023)),
        (f"大会在甲市开幕\n2020-01-02 10:00\n文丨张某 编辑丨李某\n{BODY}\n来源 | 甲报\n", ("甲报", ["张某"], 2020)),
        (f"大会在甲市开幕\n2020年1月2日　甲市\n{BODY}\n", (None, [], None)),
    ],
)
def test_headers_of_other_sites(page: str, expected: tuple[str | None, list[str], int | None]) -> None:
    """Date, source and author in the orders and with the marks that sites use; a place is no outlet."""
    columns = read(page)
    day = columns["date_published"]

    assert expected == (columns["source_name"], columns["authors"], day.year if day else None)


def test_labels_below_the_body_make_no_title() -> None:
    """What stands above the labels at the end of a short text is its last line."""
    page = f"大会在甲市开幕\n2023年05月09日 10:00 甲财经\n{BODY}\n精彩资讯，尽在甲客户端\n责任编辑：张某\n"

    assert ("大会在甲市开幕", ["张某"]) == tuple(read(page)[column] for column in ("title", "editors"))


def test_the_source_is_outlet_agency_or_host() -> None:
    """A printed outlet comes first; without one, the agency of the dateline; a host name is a site."""
    assert ("甲日报", "example.cn") == tuple(
        read(f"链接：https://example.cn/a\n来源：甲日报\n新华社甲市5月9日电 {BODY}\n")[column]
        for column in ("source_name", "source_site")
    )
    assert "新华社" == read(f"新华社甲市5月9日电 {BODY}\n")["source_name"]
    assert "example.hk" == read(f"{BODY}\n© example.hk\n")["source_site"]
    assert None is read(f"本报讯(记者左某) {BODY}\n")["source_name"]


def test_a_host_behind_the_outlet_is_no_part_of_its_name() -> None:
    """Outlet and host share one value; each goes where it belongs, and the label keeps both."""
    columns = read(f"大会在甲市开幕\n2020-01-02 10:00 来源：甲网 news.example.com\n{NEWS}\n")
    kept = [row["value"] for row in columns["labels_raw"]]
    assert ("甲网", "news.example.com") == (columns["source_name"], columns["source_site"])
    assert ["甲网 news.example.com"] == kept


@pytest.mark.parametrize(
    ("source", "word", "expected"),
    [
        ("big5.example.com", "人工智慧", True),
        ("big5.example.com", "人工智能", False),
        ("news.example.com", "人工智慧", False),
    ],
)
def test_a_gateway_shows_in_its_address_and_its_words(source: str, word: str, expected: bool) -> None:  # noqa: FBT001
    """Both together are evidence: Taiwan says 人工智慧 as well, and a gateway may leave the words alone."""
    header = f"大會在甲市開幕\n2020-01-02 10:00 來源：甲網 {source}"
    columns = read(f"{header}\n{TRADITIONAL}\n推動{word}發展，關注長遠規劃。\n")
    assert expected == ("gateway_vocabulary" in columns["quality_flags"])


def test_a_broken_address_stops_nothing() -> None:
    """What is no address has no host, and is kept as it stands."""
    columns = read(f"标题：甲市方案\n链接：http://[broken\n{BODY}\n")

    assert ("http://[broken", None) == (columns["url"], columns["source_site"])


# ------------------------------------------------------------------------------------------------ people and words


@pytest.mark.parametrize(
    ("page", "authors", "editors"),
    [
        (f"{BODY}\n本文来源：甲报 作者：何某 张某某 责任编辑：NF051\n", ["何某", "张某某"], ["NF051"]),
        (f"标题：甲市方案\n作者：佚名\n{BODY}\n", [], []),
        (f"本报讯(记者左某 通讯员张某 赵某某) {BODY}\n", ["左某", "张某", "赵某某"], []),
        (f"{BODY}\n(责编：甲某、乙某)\n", [], ["甲某", "乙某"]),
        (f"{BODY}\n编辑：刘　某　审核：陈某某\n", [], ["刘某", "陈某某"]),
        (f"{BODY}（本报记者 王某 李某）\n", ["王某", "李某"], []),
        (f"記者：陳某\n標題：產業發展\n{TRADITIONAL}\n編輯：劉某\n", ["陳某"], ["劉某"]),
        ("The plan was released.\n(Editors in charge: Meng X, Gao Y)\n", [], ["Meng X", "Gao Y"]),
        (f"记者：请问目标是什么？\n专家：建成示范区。\n{BODY}\n", [], []),
        (f"{BODY}（作者单位：甲大学）\n", [], []),
    ],
)
def test_people_as_printed(page: str, authors: list[str], editors: list[str]) -> None:
    """Names are taken in order and in their own script; unknown people, posts and questions are nobody."""
    columns = read(page)

    assert (authors, editors) == (columns["authors"], columns["editors"])


def test_words_and_counts() -> None:
    """Keywords are split as printed, a count may be in ten thousands, and an empty one is none."""
    columns = read(f"标题：甲市方案\n关键词：智能、产业 创新;应用\n浏览次数：1.2万\n{BODY}\n")

    assert (["智能", "产业", "创新", "应用"], 12000) == (columns["keywords"], columns["view_count"])
    assert None is read(f"发布时间：2020-01-02\n浏览量：\n{BODY}\n")["view_count"]


def test_every_label_is_kept_verbatim() -> None:
    """labels_raw has each label as it stands in the raw text, its value and its line, the empty ones too."""
    rows = read(f"標　　題：產業發展\n行業：\n\n{TRADITIONAL}\n關鍵詞: 智能\n")["labels_raw"]

    assert [("標　　題", "產業發展", 1), ("行業", "", 2), ("關鍵詞", "智能", 5)] == [
        (row["label"], row["value"], row["line"]) for row in rows
    ]


def test_a_label_that_holds_the_body() -> None:
    """The value of such a label is noted @text, and there is no summary."""
    columns = read(f"标题：甲市方案\n总结：{BODY}\n关键词：\n")

    assert (None, "@text") == (columns["summary"], columns["labels_raw"][1]["value"])
    assert "summary_label_holds_body" in columns["quality_flags"]


def test_a_summary_that_only_repeats_the_beginning() -> None:
    """The page system's cut-off beginning is no abstract."""
    assert None is read(f"标题：甲市方案\n摘要：甲市发布人工智能产业方案，推动...\n{BODY}\n{BODY}\n")["summary"]


# ------------------------------------------------------------------------------------------------ structure


def test_sections_form_a_tree() -> None:
    """Each section begins with its marker and title, holds its children, and ends where the next of its level is."""
    text = split(
        "一、总体要求\n（一）指导思想。坚持创新引领。\n（二）主要目标\n建成三个示范区。\n二、保障措施\n1.加强领导。抓好落实。\n"
    )
    sections = columns_of(text)["sections"]

    assert [(None, 1), (0, 2), (0, 2), (None, 1), (3, 3)] == [(row["parent"], row["level"]) for row in sections]
    assert ["总体要求", "指导思想", "主要目标", "保障措施", "加强领导"] == [row["title"] for row in sections]
    assert [False, True, False, False, True] == [row["inline"] for row in sections]
    for row in sections:
        assert text.value[row["char_start"] :].startswith(row["marker"] + row["title"])
    assert [(0, 3), (1, 2), (2, 3)] == [
        (a, b) for a, b in ((0, 3), (1, 2), (2, 3)) if sections[a]["char_end"] + 1 == sections[b]["char_start"]
    ]


def test_captions_with_their_credit() -> None:
    """A caption leaves the text and keeps its credit and its line."""
    columns = read(f"{BODY}\n会场一角。新华社记者 张某 摄\n{BODY}\n")

    assert [{"text": "会场一角。", "credit": "新华社记者 张某", "line": 3}] == columns["captions"]


def test_an_english_document() -> None:
    """Its language is its own, and nothing Chinese is looked for in it."""
    columns = read(
        "BEIJING, March 30 (Xinhua) -- The meeting reviewed a guideline on innovation. It was held on Tuesday.\n"
    )

    assert ("en", "en", "Xinhua", "BEIJING, March 30 (Xinhua) --") == tuple(
        columns[column] for column in ("language", "raw_language", "source_name", "dateline")
    )


def test_front_matter_becomes_columns() -> None:
    """Title, date, authors and words of a Markdown file's front matter; every key is kept in labels_raw."""
    keys = "id: plan\ntitle: '甲市方案'\ndate: 2020-01-02\nauthors:\n  - 王某\n  - 李某\ntags: [智能, 产业]\n"
    page = f"---\n{keys}---\n{BODY}\n"
    columns = columns_of(Text(page).revise(cut_front_matter))

    assert ("甲市方案", dt.date(2020, 1, 2), ["王某", "李某"]) == (
        columns["title"],
        columns["date_published"],
        columns["authors"],
    )
    assert ["id", "title", "date", "authors", "tags"] == [row["label"] for row in columns["labels_raw"]]
    assert "王某\n李某" == columns["labels_raw"][3]["value"]


@pytest.mark.parametrize(
    "page", ["", "\n", "：", "标题：", "标题：\n来源：\n", "---\n---\n", "（完）", "[EMAIL]", "\u3000\u3000"]
)
def test_nearly_nothing(page: str) -> None:
    """An empty page has empty columns and no error."""
    columns = read(page)

    assert (None, None, []) == (columns["title"], columns["date_published"], columns["authors"])


def test_personal_data_that_an_earlier_stage_deletes_is_known_as_well() -> None:
    """A losing side of a conflict and a tag stand in the account: what is personal in them is found in the raw text."""
    raw = (
        "人工智能产业发展工作安排如下，请认真落实。\n<<<<<<< HEAD\n甲方负责开发。\n=======\n"
        "甲方负责开发，a.b@example.org。\n"
        '>>>>>>> dev\n<a href="mailto:c.d@example.org">邮箱</a>\n'
    )
    document = pipeline.clean(raw.encode())

    assert ["a.b@example.org", "c.d@example.org"] == [raw[start:end] for start, end in document.personal]


# ------------------------------------------------------------------------------------------------ heads of pages

HEADS = {
    "bars": (
        "甲市出台措施\n来源：新华社 | 作者：王某 | 2023-05-01\n",
        {"title": "甲市出台措施", "source_name": "新华社", "authors": ["王某"], "date_published": dt.date(2023, 5, 1)},
    ),
    "bars of full width": (
        "甲市出台措施\n2023年5月1日｜南方周末｜记者 王某 李某｜阅读 1.2万\n",
        {"title": "甲市出台措施", "source_name": "南方周末", "authors": ["王某", "李某"], "view_count": 12000},
    ),
    "account": (
        "算力的账怎么算\n原创 王某 某研究院 2023-05-01 09:00 北京\n",
        {"title": "算力的账怎么算", "source_name": "某研究院", "authors": ["王某"], "date_basis": "header_line"},
    ),
    "account on lines of its own": (
        "算力的账怎么算\n原创\n王某\n某研究院\n2023-05-01 09:00\n发表于北京\n",
        {"title": "算力的账怎么算", "source_name": "某研究院", "authors": ["王某"]},
    ),
    "account that is no author": (
        "算力的账怎么算\n原创 某研究院 某研究院 2023-05-01 09:00 发表于北京\n",
        {"title": "算力的账怎么算", "source_name": "某研究院", "authors": []},
    ),
    "another account": (
        "算力的账怎么算\n某研究院 2023-05-01 09:00 发表于北京\n以下文章来源于某某报 ，作者王某\n",
        {"title": "算力的账怎么算", "authors": ["王某"]},
    ),
    "dot": (
        "甲市出台措施\n2023-05-01 09:25·某日报\n",
        {"title": "甲市出台措施", "source_name": "某日报", "date_published": dt.date(2023, 5, 1)},
    ),
    "outlet above the day": (
        "甲市出台算力扶持措施\n某市日报\n2023-05-01 09:25\n某市日报官方账号\n",
        {"title": "甲市出台算力扶持措施", "source_name": "某市日报"},
    ),
    "day of an update": (
        "甲市出台措施\n更新时间 2023-05-01 发表于北京\n",
        {"date_published": None, "source_name": None},
    ),
    "reporter behind the time": (
        "智慧城市计划上路\n2023-05-01 12:30 联合报／ 记者陈大文／台中报导\n",
        {"title": "智慧城市计划上路", "source_name": "联合报", "authors": ["陈大文"]},
    ),
    "agency of taiwan": ("（中央社记者王小明台北1日电）", {"authors": ["王小明"], "publisher": "中央社"}),
    "speech": (
        "在大会上的讲话\n（2023年5月1日）\n李　某\n同志们：\n",
        {
            "title": "在大会上的讲话",
            "authors": ["李某"],
            "date_published": None,
            "date_best": dt.date(2023, 5, 1),
            "date_best_kind": "event",
            "doc_type": "speech",
        },
    ),
    "folded front matter": (
        (
            "---\ntitle: >\n  甲市出台\n  算力措施\ndate: 2023-05-01 # 注\n"
            "authors:\n  - name: 王某\n    url: https://example.org\n"
            "tags: [\"算力\", '数据']\ndescription: |\n  这是一份说明。\n  分两段。\n---\n"
        ),
        {
            "title": "甲市出台算力措施",
            "authors": ["王某"],
            "keywords": ["算力", "数据"],
            "summary": "这是一份说明。分两段。",
            "date_published": dt.date(2023, 5, 1),
        },
    ),
}


@pytest.mark.parametrize(("head", "expected"), HEADS.values(), ids=HEADS.keys())
def test_the_head_of_a_page_becomes_columns(head: str, expected: dict[str, Any]) -> None:
    """Each form gives what it states, nothing else, and leaves the body as it was."""
    text = split(head + BODY)
    columns = columns_of(text)

    assert expected == {name: columns[name] for name in expected}
    assert text.value.endswith(BODY)


# ------------------------------------------------------------------------------------------------ sections

PROSE = "各部门要加强组织领导，明确责任分工，抓好任务落实，确保各项工作取得实效。"
TREES = {
    "a code": (
        (
            "第一编 总则\n第一章 基本规定\n第一条 为了保护权益，制定本法。\n第二编 物权\n第一分编 通则\n"
            "第一章 一般规定\n第一节 登记\n第二条 本编调整归属关系。\n第三编 合同\n第三条 本编调整合同关系。\n"
        ),
        [("第一编", 1), ("第一章", 3), ("第二编", 1), ("第一分编", 2), ("第一章", 3), ("第一节", 4), ("第三编", 1)],
    ),
    "a law without parts": (
        "第一章 总则\n第一条 为了保护权益。\n第一节 登记\n第二条 依法登记。\n第二章 附则\n第三条 即日施行。\n",
        [("第一章", 1), ("第一节", 2), ("第二章", 1)],
    ),
    "a report in parts": (
        f"第一部分 现状\n一、规模\n{PROSE}\n（一）中心\n{PROSE}\n第二部分 建议\n一、投入\n{PROSE}\n",
        [("第一部分", 1), ("一、", 2), ("（一）", 3), ("第二部分", 1), ("一、", 2)],
    ),
    "a law with an annex": (
        f"第一章 总则\n第一条 为了保护权益，制定本法。\n一、收费标准\n{PROSE}\n二、收费方式\n{PROSE}\n",
        [("第一章", 1), ("一、", 1), ("二、", 1)],
    ),
    "a plan": (f"一、目标\n（一）近期\n{PROSE}\n二、保障\n{PROSE}\n", [("一、", 1), ("（一）", 2), ("二、", 1)]),
}


@pytest.mark.parametrize(("page", "expected"), TREES.values(), ids=TREES.keys())
def test_sections_nest(page: str, expected: list[tuple[str, int]]) -> None:
    """Each section lies below the last one of a smaller level, and ends where that one does."""
    sections = read(page)["sections"]

    assert expected == [(row["marker"].strip(), row["level"]) for row in sections]
    for row in sections:
        above = [other for other in sections[: row["index"]] if other["level"] < row["level"]]
        parents = [other for other in above if other["char_end"] > row["char_start"]]
        assert (parents[-1]["index"] if parents else None) == row["parent"]
        assert not parents or row["char_end"] <= parents[-1]["char_end"]


@pytest.mark.parametrize(
    "record",
    [
        {"title": "算力中心昨日建成并投用", "content": "算力中心昨日建成并投用", "pub_date": "2023-08-02"},
        {"text": "算力中心昨日建成并投用", "title": "算力中心昨日建成并投用"},
    ],
)
def test_a_text_that_is_its_title_alone_stays(record: dict[str, str]) -> None:
    """The only line of a text is never cut, and no field behind it takes the same line end."""
    document = pipeline.clean(json.dumps(record, ensure_ascii=False).encode())
    assert (record["title"], record["title"]) == (document.text, document.fields["title"])


@pytest.mark.parametrize("line", ["高度重视", "方向明确", "严格管理"])
def test_a_heading_of_four_characters_is_no_speaker(line: str) -> None:
    """Names of four characters begin with a compound surname."""
    document = pipeline.clean(
        f"在全市工作会议上的讲话\n（2023年5月1日）\n{line}\n同志们：\n今天我们召开大会，部署工作。\n".encode()
    )
    assert line in str(document.text)
    assert [] == document.fields["authors"]


def test_a_power_is_not_bold() -> None:
    """In a text that is surely Markdown the signs between figures stay."""
    text = "# 幂的运算\n\n**注意**：2**10**2 等于 2**100。\n\n## 练习\n\n[参考](https://example.org/a)，**完成**以上各题。\n"
    assert "2**10**2 等于 2**100" in str(pipeline.clean(text.encode()).text)
