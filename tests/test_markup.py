"""HTML pages: what is one, what is left of it, and that a hostile one costs no more time than its length."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

import pipeline
from pipeline.edits import Layer
from pipeline.markup.layout import lines_of_page
from pipeline.markup.pages import is_page
from pipeline.markup.tags import tokens
from pipeline.steps.markup import strip_markup
from pipeline.text import Text

if TYPE_CHECKING:
    from pipeline.document import Document

SENTENCE = "各区人民政府要抓好落实，推动人工智能产业创新发展。"

PAGE = """<!DOCTYPE html>
<html>
<head>
<meta http-equiv="Content-Type" content="text/html; charset={charset}">
<title>关于促进产业发展的通知_通知公告_某市人民政府门户网站</title>
<meta name="PubDate" content="2023-05-30 09:25">
<meta name="ContentSource" content="某市发展改革委">
<meta name="Keywords" content="人工智能;产业">
<meta name="Description" content="某市人民政府门户网站是政务公开的平台，为公众提供办事服务">
<link rel="canonical" href="https://www.example.gov.cn/art/a.html">
<script>var phone = "0440-55550100";</script>
</head>
<body>
<nav><a href="/">首页</a><a href="/zw/">政务</a></nav>
<h1>关于促进产业发展的通知</h1>
<p>各区人民政府：</p>
<p>　　为推进&ldquo;人工智能&rdquo;产业
   创新发展，现将有关事项通知如下。</p>
<p>{sentence}</p>
</body>
</html>
"""


def cleaned(page: str, encoding: str = "utf-8") -> Document:
    """A page after the whole pipeline; it leads back to its bytes."""
    content = page.encode(encoding)
    document = pipeline.clean(content, source="a.html")
    assert content == pipeline.rebuild(document)
    return document


@pytest.mark.parametrize("encoding", ["utf-8", "gbk", "utf-16"])
def test_what_a_page_becomes(encoding: str) -> None:
    """Its text in lines, and its head in columns; each value stands where the page has it."""
    document = cleaned(PAGE.format(charset=encoding, sentence=SENTENCE), encoding)
    lines = ["各区人民政府：", "为推进“人工智能”产业创新发展，现将有关事项通知如下。", SENTENCE]
    assert "\n".join(lines) == document.text
    expected = {
        "title": "关于促进产业发展的通知",
        "title_status": "stated",
        "url": "https://www.example.gov.cn/art/a.html",
        "date_published": dt.date(2023, 5, 30),
        "source_name": "某市发展改革委",
        "keywords": ["人工智能", "产业"],
        "summary": None,
    }
    assert expected == {name: document.fields[name] for name in expected}
    rows = {row["label"]: row["line"] for row in document.fields["labels_raw"]}
    assert {"PubDate": 6, "ContentSource": 7, "Keywords": 8, "Description": 9, "canonical": 10} == rows


def test_personal_data_in_a_script() -> None:
    """What is cut out stands in the account: personal data in it is found as well."""
    document = cleaned(PAGE.format(charset="utf-8", sentence=SENTENCE))
    assert ["0440-55550100"] == [document.history.original[slice(*span)] for span in document.personal]


def test_a_title_on_lines_of_its_own() -> None:
    """White space around it is none of the title, wherever it stands in the head."""
    page = (
        PAGE.replace("<title>", "<title>\n    ").replace("</title>", "\n</title>").format(charset="", sentence=SENTENCE)
    )
    page = page.replace("<title>", '<meta name="source" content="甲网"><title>')
    assert "关于促进产业发展的通知" == cleaned(page).fields["title"]


@pytest.mark.parametrize(
    ("encoding", "charset", "method"),
    [
        ("gbk", "gb2312", "declared"),
        ("gbk", "", "scored"),
        ("gbk", "big5", "scored"),
        ("big5", "gb2312", "scored"),
        ("utf-8", "gb2312", "utf8_strict"),
    ],
)
def test_what_a_page_says_of_its_encoding(encoding: str, charset: str, method: str) -> None:
    """It is evidence where the bytes tell little, and nothing against what they tell."""
    text = "<p>喆</p>" if method == "declared" else f"<p>{'產業發展' if encoding == 'big5' else SENTENCE}</p>"
    page = f'<html><head><meta charset="{charset}"></head><body>{text}</body></html>'
    document = pipeline.clean(page.encode(encoding), through="decode")
    assert (method, page) == (document.encoding_method, document.history.value)


HEADS: dict[str, tuple[str, str, dict[str, object]]] = {
    "a government's": (
        """<title>某市科技局</title><meta name="SiteName" content="某市科技局"><meta name="ColumnName" content="公告">
        <meta name="ArticleTitle" content="关于申报科技计划的通知"><meta name="PubDate" content="2024-04-02 00:00:00.0">
        <meta name="ContentSource" content="某市科技局"><meta name="Keywords" content="关于申报科技计划的通知">
        <meta name="Author" content="某市科技局"><meta name="Description" content="某市科技局门户网站">""",
        f"<h1>某市科技局</h1><p>各有关单位：</p><p>{SENTENCE}</p>",
        {
            "title": "关于申报科技计划的通知",
            "date_published": dt.date(2024, 4, 2),
            "source_name": "某市科技局",
            "authors": [],
            "keywords": [],
            "summary": None,
        },
    ),
    "one with an author whom the text names": (
        """<title>要闻</title><meta name="author" content="王敏">
        <meta property="article:published_time" content="2024-01-15T08:30:00+08:00">""",
        f"<h1>我市举行产业对接会</h1><p>文：王敏</p><p>{SENTENCE}</p>",
        {"title": "我市举行产业对接会", "date_published": dt.date(2024, 1, 15), "authors": ["王敏"]},
    ),
    "one with an account for an author": (
        """<title>方案发布_甲网</title><meta name="author" content="admin">""",
        f"<p>admin</p><p>{SENTENCE}</p>",
        {"title": "方案发布", "authors": []},
    ),
    "one with an author whom nobody names": (
        """<title>方案发布_甲网</title><meta name="author" content="李强">""",
        f"<p>{SENTENCE}</p>",
        {"authors": []},
    ),
    "schema.org's": (
        """<title>新产业政策解读 | 甲网</title><script type="application/ld+json">
        [{"@type": "WebSite", "name": "甲网", "datePublished": "2001-01-01"},
        {"@type": ["Article", "NewsArticle"], "headline": "\\u65b0\\u4ea7业政策解读", "publisher": {"name": "甲网"},
        "datePublished": "2024-04-01T08:00:00+08:00",
        "author": [{"@type": "Person", "name": "孙敏"}, {"@type": "Person", "name": "周强"}]}]</script>""",
        f"<h1>新产业政策解读</h1><p>孙敏 周强</p><p>{SENTENCE}</p>",
        {"title": "新产业政策解读", "date_published": dt.date(2024, 4, 1), "authors": ["孙敏", "周强"]},
    ),
    "Baidu's": (
        """<title>全市大会召开_甲网</title><script type="application/ld+json">
        {"@context": "https://ziyuan.baidu.com/contexts/cambrian.jsonld", "title": "全市大会召开",
        "pubDate": "2024-06-18T09:00:00", "upDate": "2024-06-19T10:00:00"}</script>""",
        f"<h1>全市大会召开</h1><p>{SENTENCE}</p>",
        {"title": "全市大会召开", "date_published": dt.date(2024, 6, 18)},
    ),
    "one with a date in words alone": (
        "<title>街道开展服务_甲网</title>",
        f'<p><time datetime="2022-10-01">国庆节</time>{SENTENCE}</p>',
        {"title": "街道开展服务", "date_published": None},
    ),
    "one whose heading is the site's": (
        "<title>产业方案发布_甲网</title>",
        f"<h1>甲市政府网站</h1><p>{SENTENCE}</p>",
        {"title": "产业方案发布"},
    ),
    "one that says null": (
        """<title>产业方案发布_甲网</title><meta name="source" content="null">
        <meta name="PubDate" content="undefined">""",
        f"<p>{SENTENCE}</p>",
        {"source_name": None, "date_published": None},
    ),
}


@pytest.mark.parametrize("name", HEADS)
def test_what_heads_say(name: str) -> None:
    """Of what heads of pages say, columns take what is said of the article, and what its text bears out."""
    head, body, expected = HEADS[name]
    document = cleaned(f"<!DOCTYPE html><html><head>{head}</head><body>{body}</body></html>")
    assert expected == {column: document.fields[column] for column in expected}
    assert str(document.text).endswith(SENTENCE)


def test_a_page_that_was_encoded_twice() -> None:
    """What stands in it as numbers, which were encoded again, is read."""
    numbers = "".join(f"&amp;#{ord(character)};" for character in SENTENCE)
    assert SENTENCE == cleaned(f"<html><head><title>通知</title></head><body><p>{numbers}</p></body></html>").text


def test_a_page_that_tells_of_numbers() -> None:
    """One character that stands as a number in a text about that is meant."""
    body = f"<p>{SENTENCE}写作 &amp;#20154; 的是人字。</p>"
    assert "&#20154;" in str(cleaned(f"<html><head><title>通知</title></head><body>{body}</body></html>").text)


TEXTS = [
    f"关于印发<某某管理办法>的通知\n{SENTENCE}\n按照<某市条例>和《某办法》执行。",
    f"HTML 入门教程\n一个网页由 <html>、<head>、<body> 三部分组成。\n<title>标题</title> 用于设置标题。\n{SENTENCE}",
    f"<p>标签用来表示段落，它是块级元素。{SENTENCE}\n<div hidden>标签用来分组。",
    f"<!DOCTYPE html> 是声明，必须写在第一行。它告诉浏览器用什么标准。\n{SENTENCE}\n<html>\n<body>\n</body>\n</html>",
    f"```html\n<!DOCTYPE html>\n<html><body><p>你好</p></body></html>\n```\n{SENTENCE}",
    f'{{"@type":"NewsArticle"}} 是一种结构化数据。\n{SENTENCE}',
    f"<title>元素：每个页面都应当有一个标题。{SENTENCE}\n<head>里面的内容不会显示。",
    f"在 HTML 里，面积用 m<sup>2</sup> 表示，<ruby>和<rt>是两种标签。\n{SENTENCE}",
]


@pytest.mark.parametrize("text", TEXTS)
def test_texts_with_tags(text: str) -> None:
    """A text that speaks of tags, or has some in it, is no page, and loses nothing."""
    assert text == Text(text).revise(strip_markup).value
    assert text.replace("\n", "") == str(cleaned(text).text).replace("\n", "")


HOSTILE = {
    "comments": "<!--" * 100_000,
    "tags": "<a " * 100_000,
    "quotes": "<a \"'" * 100_000,
    "more quotes": "<a '\"><a \"'>" * 50_000,
    "one quote": '<a ">' + "<b>" * 100_000,
    "scripts": "<script>" * 100_000,
    "menus": "<nav>" * 100_000,
    "closed menus": "<nav></nav>" * 50_000,
    "buttons": "<button>" * 50_000 + "</button>",
    "blanks": "<p>" + " " * 300_000 + "x" + " \n" * 100_000,
    "entities": "<p>" + "&" * 300_000 + "&amp;" * 50_000,
    "doubled entities": "<p>&" + "amp;" * 100_000,
    "rows": "<table><tr><td>" * 30_000,
    "metas": '<meta name="keywords" content="' * 10_000,
    "one meta": "<meta " + "a " * 100_000 + ">",
    "ends": "</html>" * 50_000,
    "titles": "<title>" * 50_000,
    "hidden": "<div hidden>" * 50_000 + "</div>" * 50_000,
    "hidden, unclosed": "<div hidden>" * 100_000,
    "hidden, one closed": "<b hidden>" * 50_000 + "甲" * 50 + "</b>" * 10,
    "banners": "<article></article>" + "<header>" * 30_000 + "</header>" * 30_000,
    "styles": '<p style="' + "display:" * 50_000,
    "anchors": "<a>#</a>" * 50_000,
    "rows and tables": "<table><tr><td><p>甲" * 10_000 + "</table>" * 10_000,
    "a row": "<table><tr>" + "<td><p>甲</p><p>乙</p></td>" * 20_000,
    "raised": "<sup>" * 50_000 + "1" * 50_000 + "</sup>" * 50_000,
    "readings": "<ruby><rt>" * 50_000,
    "linked data": '<script type="application/ld+json">[' + "{}," * 30_000 + "]</script>",
    "much linked data": '<script type="application/ld+json">[{"@graph":[</script>' * 5_000,
    "deep linked data": '<script type="application/ld+json">' + '{"author":' * 9_000 + "</script>",
    "lists in linked data": '<script type="application/ld+json">{"author":' + "[" * 90_000 + "</script>",
    "conflicts": "\n<<<<<<<" * 50_000,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_pages(name: str) -> None:
    """However it is broken, a page costs time by its length, and all that is cut can be put back."""
    page = f"<!DOCTYPE html><html><head></head><body>{HOSTILE[name]}"
    text = Text(page).revise(strip_markup)
    assert page == text.original


PARTS = st.lists(
    st.sampled_from(
        [
            *("<p>", "</p>", "<br>", "<b>", "</b>", "<td>", "<tr>", "</tr>", "<table>", "<pre>", "</pre>", "<nav>"),
            *("</nav>", "<script>", "</script>", "<title>", "</title>", "<!--", "-->", "<", ">", '"', "'", "&amp;"),
            *("&lt;", "&gt;", "&nbsp;", "&amp;lt;", "html>", "body>", " ", "\n", "\t", "甲", "乙。", "a", "/", "="),
            *(
                "<sup>",
                "</sup>",
                "<rt>",
                "</rt>",
                "<rp>",
                "1",
                "<p hidden>",
                "<b style='display:none'>",
                "</b>",
                "#",
                "<a>",
            ),
            *(
                "</a>",
                "<article>",
                "</article>",
                "<footer>",
                "</footer>",
                "<h1>",
                "</h1>",
                "来源：",
                "<time pubdate datetime=",
            ),
            *('<script type="application/ld+json">', '{"@type":"Article","headline":"甲","author":"\\u738b"}', "<div>"),
            *('<meta name="PubDate" content="', "2023-05-30", "<html>", "<body>", "</html>", "<!doctype html>"),
        ]
    ),
    max_size=60,
)


@given(PARTS)
def test_stripping_is_exact_and_idempotent(parts: list[str]) -> None:
    """Whatever a page is made of, its edits undo, and what is left of it is no page any more."""
    page = "<!doctype html><html><body>" + "".join(parts)
    text = Text(page).revise(strip_markup)
    assert page == text.original
    assert text.value == Text(text.value).revise(strip_markup).value
    assert not is_page(text.value) or text.value == page


@given(st.text(alphabet="甲乙。 \n\tab<>", max_size=60))
def test_a_text_without_tags_loses_white_space_alone(text: str) -> None:
    """What stands between tags is the text of the page, character by character."""
    found = [token for token in tokens(text) if token.end > token.start]
    edits = lines_of_page(text, (0, len(text)), found, {})
    shown = Layer.of(text, edits).apply(text)
    cut = "".join(text[token.start : token.end] for token in found)
    assert len("".join(shown.split())) == len("".join(text.split())) - len("".join(cut.split()))
