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
