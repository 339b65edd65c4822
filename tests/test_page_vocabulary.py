"""The words of labels and page furniture: each is known where it is one, and is text where it only looks like one."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from pipeline import clean, lexicon
from pipeline.steps.labels import cut_labels
from pipeline.text import Text

if TYPE_CHECKING:
    from pathlib import Path

VALUES = {
    "author": "乙某",
    "body": "位于新区的算力中心昨日破土。",
    "comments": "12",
    "crawler": "是",
    "credit": "乙某",
    "date_document": "2020年1月2日",
    "date_effective": "2020年1月2日",
    "date_published": "2020-01-02",
    "date_updated": "2020-01-02",
    "doc_number": "甲政发〔2020〕1号",
    "editor": "乙某",
    "index_number": "000/2020-1",
    "issuer": "甲市人民政府",
    "keywords": "算力，智能",
    "original_title": "算力中心动工",
    "reviewer": "乙某",
    "secrecy": "公开",
    "signatory": "乙某",
    "source": "甲网",
    "summary": "算力中心破土。",
    "title": "算力中心开工",
    "topic_class": "科技",
    "url": "https://example.com/a",
    "validity": "有效",
    "views": "1024",
}
"""A value that looks like one of its field."""

PROSE = "位于新区的算力中心昨日破土，建成后将向三百家中小企业开放机时，服务本地的模型训练。"
PAGE = "{line}\n网址：https://example.com/b\n发布日期：2020-01-03\n\n" + f"{PROSE}\n{PROSE[:-1]}和推理。\n"
LABELS = [pytest.param(row[0], row[1], id=row[0]) for row in lexicon.rows("labels.tsv")]


def _values(page: str) -> list[tuple[str, str]]:
    """The labelled fields of a page, each with its value."""
    found = Text(page).revise(cut_labels).findings
    return [(one.value, page[slice(*one.span)]) for one in found if one.kind == "label_value"]


@pytest.mark.parametrize(("label", "field"), LABELS)
def test_a_label_heads_its_field(label: str, field: str) -> None:
    """At the head of a page, beside fields that show it is one; letter-spaced in Chinese, in either width."""
    value = VALUES[field]
    lines = [f"{label}：{value}", f"{label}: {value}"]
    if "\u4e00" <= label[0] and len(label) > 1:
        lines.append(f"{'　'.join(label)}：{value}")
    for line in lines:
        assert (field, value) in _values(PAGE.format(line=line))


@pytest.mark.parametrize(("label", "field"), LABELS)
def test_a_label_within_a_sentence_is_text(label: str, field: str) -> None:
    """Without a colon, or behind other words in a sentence, it heads nothing; nothing of the sentence is cut."""
    sentences = [
        f"各部门要重视{label}的管理，并按规定予以公布。",
        f"会议就下列事项进一步完善了{label}：一是健全机制，二是明确责任，三是加强监督，四是按时总结。",
    ]
    for sentence in sentences:
        page = f"{PROSE}\n{sentence}\n{PROSE[:-1]}和推理。\n"
        assert [] == _values(page), field
        assert page == Text(page).revise(cut_labels).value


LOOK_ALIKES = (
    "3D打印",
    "支持3D打印产业发展",
    "尽职免责",
    "落实容错免责机制",
    "中华老字号",
    "加强版权保护",
    "版权所有者的权益受到保护",
    "分享经济加快发展",
    "推广扫码乘车",
    "统一二维码标准体系",
    "关注民生领域数字化转型",
    "收藏展览管理",
    "相关文件要求各地加快落实",
    "建立24小时内响应机制",
    "彩票公益金支持项目",
    "澳门特别行政区政府",
    "《完善体系》",
    "（完善）",
    "附件：1.任务清单",
    "编辑部",
    "打印社会责任报告",
    "关闭落后产能",
    "首页改版方案",
    "一下一步工作安排",
    "点击率持续上升",
    "字数不超过3000字的规定",
    "联系我们企业的实际",
    "ICP许可制度改革",
)
"""What policy says in words of page furniture, as headings: a heading has no mark that shows it is prose."""


@pytest.mark.parametrize("words", LOOK_ALIKES)
def test_policy_in_words_of_furniture_stays(words: str) -> None:
    """At either end of a page and between, alone on a line and in a sentence."""
    sentence = f"会议强调，{words.strip('（）《》')}是今年的重点工作，各区要抓好落实。"
    for page in (
        f"{words}\n{PROSE}\n{sentence}\n",
        f"{PROSE}\n{words}\n{sentence}\n",
        f"{PROSE}\n{sentence}\n{words}\n",
    ):
        assert page.rstrip("\n") == clean(page.encode()).text


EVIDENCE_ALONE = {"disclaimer_line", "spam"}
"""Families of which one phrase proves nothing: two of them in a line do."""


def test_every_family_of_the_vocabulary_is_known(shared: Path) -> None:
    """What must match is cut at the end of a page where it stands, what must not match stays at both ends."""
    kept, lost = [], []
    for family in json.loads((shared / "lexicon.json").read_text("utf-8"))["boilerplate"]:
        for line in family["positive"]:
            cut = (clean(f"{PROSE}\n{PROSE[:-1]}和推理。\n{line}\n".encode()).text or "").split("\n")
            if family["id"] not in EVIDENCE_ALONE and line.strip() in cut:
                kept.append((family["id"], line))
        for line in family["negative"]:
            for page in (f"{line}\n{PROSE}\n{PROSE[:-1]}和推理。\n", f"{PROSE}\n{PROSE[:-1]}和推理。\n{line}\n"):
                document = clean(page.encode())
                rules = {edit.rule for revision in document.history.revisions for edit in revision.layer}
                if any(rule.startswith("boilerplate.") for rule in rules):
                    lost.append((family["id"], line))

    assert ([], []) == (kept, lost)
