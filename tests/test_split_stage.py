"""The whole split stage: stable on its own output, undone exactly, without an error on any text, however hostile."""

from __future__ import annotations

import importlib
import json
import pkgutil
from collections import defaultdict
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import pipeline.steps
from pipeline.recipe import STAGES, read
from pipeline.steps.paragraphs import tidy_lines
from pipeline.text import Text

SPLIT = next(stage.steps for stage in STAGES if stage.name == "split")

PAGES: dict[str, str] = json.loads((Path(__file__).parent / "split_pages.json").read_text("utf-8"))
"""Documents of every kind that the stage reads, by what they are."""

BODY = (
    "大会在甲市开幕，各地代表参加了会议。",
    "会议讨论了三个议题，形成了一批成果，与会者对今后的工作提出了建议。",
    "为推进创新，制定本方案。",
    "一、总体要求",
    "（一）指导思想。坚持创新引领。",
    "（二）主要目标",
    "到2030年建成三个示范区。",
    "二、保障措施",
    "加强组织领导，抓好落实。",
)
"""The sentences of which the bodies of these documents are made."""


def split(page: str) -> Text:
    """A text after every step of the split stage."""
    text = Text(page)
    for step in SPLIT:
        text = text.revise(step)
    return text


@pytest.mark.parametrize("page", PAGES.values(), ids=PAGES.keys())
def test_a_clean_document_stays_as_it_is(page: str) -> None:
    """The stage makes no edit in its own output."""
    once = split(page)

    assert [] == [edit for revision in split(once.value).revisions for edit in revision.layer]


@pytest.mark.parametrize("page", PAGES.values(), ids=PAGES.keys())
def test_every_change_is_undone_exactly(page: str) -> None:
    """The account leads back to the page, character by character."""
    assert page == split(page).original


@pytest.mark.parametrize("page", PAGES.values(), ids=PAGES.keys())
def test_the_body_is_kept(page: str) -> None:
    """Whatever the furniture around it, the sentences of the body are in the text."""
    kept = split(page).value

    assert [] == [sentence for sentence in BODY if sentence in page and sentence not in kept]


PIECES = [
    *"：:。，、；（）()[]【】〔〕《》“”—…|丨/-@.#*＊ \u3000\u00a0\t\n\n\n",
    "标题",
    "来源：",
    "作者",
    "责任编辑：",
    "总结:",
    "发布时间：",
    "2020-01-02",
    "2020年1月2日",
    "2月29日",
    "10:00",
    "新华社",
    "北京",
    "电",
    "记者",
    "甲某",
    "摄",
    "图片",
    "（完）",
    "国发〔2017〕35号",
    "关于推进创新的通知",
    "各区人民政府：",
    "第一条",
    "一、",
    "---\n",
    "http://[",
    "a.b@example.org",
    "010-66000000",
    "13800000000",
    "分享",
    "打印",
    "首页 >",
    "相关阅读",
    "創新發展",
    "甲市发布方案，推动创新。",
    "Reporter",
    "May 9",
    "𠮷",
    "\u0301",
]


@given(st.lists(st.sampled_from(PIECES) | st.text(max_size=4), max_size=25).map("".join))
def test_any_text_is_read_without_an_error(page: str) -> None:
    """Whatever a crawl brings, the stage makes edits that are undone exactly, and columns that can be read."""
    text = split(page)
    columns = read(text).fields

    assert page == text.original
    assert columns["date_published"] is None or columns["date_basis"] is not None
    assert all(0 <= row["char_start"] <= row["char_end"] <= len(text.value) for row in columns["sections"])


@pytest.mark.parametrize(
    "unit",
    [
        "a",
        "1",
        "一",
        " ",
        "\u3000",
        "(",
        "（",
        ",",
        "：",
        "[",
        "a@",
        "1-",
        "|",
        "大字号",
        "来源",
        "（一",
        "\n责任编辑：甲",
        "\n一、甲",
    ],
)
def test_hostile_repetition(unit: str) -> None:
    """One thing a hundred thousand times over, between two words and within labels, is taken in its stride."""
    run = unit * (100_000 // len(unit))
    page = f"标题：甲{run}乙\n甲{run}乙\n发布方案，推动创新。\n字号{run[:590]}！\n分享{run[:590]}！"
    text = split(page)
    read(text)

    assert page == text.original


def test_one_sentence_for_each_rule() -> None:
    """Where several steps cut for the same reason, they say so in the same words."""
    sentences = defaultdict(set)
    for module in pkgutil.iter_modules(pipeline.steps.__path__):
        for rule, sentence in getattr(importlib.import_module(f"pipeline.steps.{module.name}"), "RULES", {}).items():
            sentences[rule].add(sentence)

    assert {} == {rule: said for rule, said in sentences.items() if len(said) > 1}


@given(st.text(st.sampled_from("a业\n\n \u3000\t\xa0\u2003𠮷"), max_size=20))
def test_one_paragraph_a_line(text: str) -> None:
    """No blank line and no white space around a line is left, and each cut is by the rule of its place."""
    tidied = Text(text).revise(tidy_lines)
    edits = [edit for revision in tidied.revisions for edit in revision.layer]

    assert tidied.value == "\n".join(line.strip() for line in text.split("\n") if line.strip())
    assert text == tidied.original
    assert [] == [edit for edit in edits if ("\n" in edit.before) != (edit.rule == "space.blank_line")]
    assert [] == [e for e in edits if e.rule == "space.indent" and text[e.start - 1 : e.start] not in ("", "\n")]
    assert [] == [e for e in edits if e.rule == "space.trailing" and text[e.end : e.end + 1] not in ("", "\n")]


@given(st.text(st.sampled_from(" \u3000\n\t\r\x85甲𠮷a"), max_size=20))
def test_lines_are_tidied_whatever_stands_around_them(text: str) -> None:
    """No blank line and no white space around a line is left, and each edit has the rule of what it takes out."""
    tidied = Text(text).revise(tidy_lines)
    edits = [edit for revision in tidied.revisions for edit in revision.layer]

    assert tidied.value == "\n".join(filter(None, (line.strip() for line in text.split("\n"))))
    assert all(("\n" in edit.before) == (edit.rule == "space.blank_line") for edit in edits)
    for edit in edits:
        begins_line = text[: edit.start].endswith("\n") or not edit.start
        assert edit.rule == "space.blank_line" or (edit.rule == "space.indent") == begins_line
