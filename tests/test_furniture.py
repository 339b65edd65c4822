"""A furniture lexicon as a file and in use: what is refused, what it may never cut, the laws of the step with it."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline import lexicon as word_lists
from pipeline.furniture import BadLexicon, Entry, Lexicon, content_of, read_lexicon
from pipeline.options import Choices
from pipeline.page_ends import may_be_furniture, numberless, plain
from pipeline.recipe import stages
from pipeline.steps.learned_furniture import CutLearnedFurniture
from pipeline.text import Text, name_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

ENTRIES = [Entry("tail", "甲市之窗", 9), Entry("head", "政务公开", 12), Entry("head", "甲市之窗", 12)]
SOUND: dict[str, Any] = json.loads(content_of(Lexicon.of(ENTRIES), learned={"documents": 12}))
NO_LEXICON = "name a file that `python -m pipeline learn` has written"


# ------------------------------------------------------------------------------------------------ the file
def test_a_lexicon_is_read_as_it_was_written(tmp_path: Path) -> None:
    """Sorted, whatever the order of its entries was; how it was learned does not count."""
    one, other = tmp_path / "one.json", tmp_path / "other.json"
    one.write_bytes(content_of(Lexicon.of(ENTRIES), learned={"documents": 12}))
    other.write_bytes(content_of(Lexicon.of(reversed(ENTRIES)), learned={}))

    assert Lexicon.of(ENTRIES) == read_lexicon(one) == read_lexicon(other)
    assert tuple(sorted(ENTRIES)) == read_lexicon(one).entries
    assert hash(read_lexicon(one)) == hash(read_lexicon(other))
    assert Lexicon.of(ENTRIES[1:]) != read_lexicon(one)


def _entry(**changed: object) -> Callable[[dict[str, Any]], object]:
    return lambda written: written["entries"][0].update(changed)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda written: written.clear(), "a lexicon has the keys entries, fingerprint, learned, version"),
        (lambda written: written.update(more=1), "a lexicon has the keys entries, fingerprint, learned, version"),
        (lambda written: written.update(version=2), "its version is not 1"),
        (lambda written: written.update(version=True), "its version is not 1"),
        (lambda written: written.update(entries={}), "its entries are no list"),
        (lambda written: written.update(fingerprint=None), "its fingerprint is no text"),
        (lambda written: written["entries"].append("甲市之窗"), "entry 4 is not made of zone"),
        (_entry(zone="middle"), "entry 1 is not made of zone (head or tail), line and documents"),
        (_entry(line=" "), "entry 1 is not"),
        (_entry(line=7), "entry 1 is not"),
        (_entry(documents=0), "entry 1 is not"),
        (_entry(documents=True), "entry 1 is not"),
        (_entry(rule="x"), "entry 1 is not"),
    ],
)
def test_a_file_of_another_shape_is_refused(
    change: Callable[[dict[str, Any]], object], said: str, tmp_path: Path
) -> None:
    """In one line that says what is wrong and where."""
    written = json.loads(json.dumps(SOUND))
    change(written)
    path = tmp_path / "furniture.json"
    path.write_text(json.dumps(written), "utf-8")
    with pytest.raises(BadLexicon) as refused:
        read_lexicon(path)
    message = str(refused.value)
    assert message.startswith(f"the furniture lexicon '{path}' is none: ")
    assert said in message
    assert message.endswith(NO_LEXICON)
    assert 1 == len(message.splitlines())


@pytest.mark.parametrize(
    "change",
    [
        _entry(line="人工智能"),
        _entry(documents=99),
        lambda written: written["entries"].pop(),
        lambda written: written["entries"].insert(0, written["entries"][0]),
        lambda written: written["entries"].append({"zone": "tail", "line": "研究", "documents": 9}),
        lambda written: written.update(fingerprint="0" * 64),
    ],
)
def test_a_lexicon_that_was_changed_is_refused(change: Callable[[dict[str, Any]], object], tmp_path: Path) -> None:
    """A line that another hand put there was never learned; the message names both fingerprints."""
    written = json.loads(json.dumps(SOUND))
    change(written)
    path = tmp_path / "furniture.json"
    path.write_text(json.dumps(written), "utf-8")
    with pytest.raises(BadLexicon, match=r"was changed: its fingerprint is [0-9a-f]{12}, that of its entries"):
        read_lexicon(path)


@pytest.mark.parametrize(
    "content", [b"", b"\xff\xfe", b"{", b"[" * 100_000, b"null", b"[]", b'"text"', "政务公开\n".encode()]
)
def test_what_is_no_json_is_refused(content: bytes, tmp_path: Path) -> None:
    """Whatever stands in it."""
    path = tmp_path / "furniture.json"
    path.write_bytes(content)
    with pytest.raises(BadLexicon, match=r"is none: .*name a file that"):
        read_lexicon(path)


def test_what_is_no_file_is_refused(tmp_path: Path) -> None:
    """A folder, a pipe that nobody writes to, nothing at all."""
    os.mkfifo(tmp_path / "pipe")
    for path, said in (
        (tmp_path, "is no file"),
        (tmp_path / "pipe", "is no file"),
        (tmp_path / "none", "No such file"),
    ):
        with pytest.raises(BadLexicon, match=said):
            read_lexicon(path)


# ------------------------------------------------------------------------------------------------ what may be cut
@pytest.mark.parametrize(
    "line",
    [
        "3D打印技术推动产业升级，应用前景广阔。",
        "尽职免责",
        "各区人民政府：",
        "一、总体要求",
        "第 一 章　总 则",
        "第 83-12 条",
        "（此件公开发布）",
        "某市人工智能产业发展行动计划",
        "甲市发展和改革委员会",
        "财政部 国家税务总局",
        "二〇二〇年一月二日",
        "2020年1月2日 星期四",
        "国办发〔2020〕5号",
        "附件2",
        "来源：甲网",
        "联系人 张某",
        "热线 0531-66000000",
        "# 标题",
        "</div>",
        "《行动计划》全文如下：",
        "落实网络平台侵权处理机制，我们要依法保护权利人。",
    ],
)
def test_what_a_reader_would_miss_is_no_furniture(line: str) -> None:
    """Whatever a lexicon says; what is short and says nothing of itself is left to counting."""
    assert (line == "尽职免责") is may_be_furniture(line)


def test_every_look_alike_is_kept() -> None:
    """Each word of the list does what it is there for."""
    examples = {"begins": "{}某某某", "ends": "某某某{}", "kind": "某市开展试点工作的{}", "organ": "甲市某{}"}
    rows = word_lists.rows("furniture_look_alikes.tsv")
    assert [] == [word for kind, word in rows if may_be_furniture(examples[kind].format(word))]


# ------------------------------------------------------------------------------------------------ the step
PIECES = [
    "甲市之窗",
    "政务公开",
    "您是第12位访问者",
    "算力中心开工",
    "中心昨日在新区开工，明年建成。",
    "2020-01-02 09:25 来源：甲网",
    "责任编辑：乙某",
    "标题：算力中心开工",
    "【打印】",
    "首页 > 要闻 > 正文",
    "相关阅读",
    "算力中心开工-甲市之窗",
    "（完）",
    "一、总体要求",
    "",
    "　",
]
KEPT = {
    "中心昨日在新区开工，明年建成。",
    "2020-01-02 09:25 来源：甲网",
    "责任编辑：乙某",
    "标题：算力中心开工",
    "（完）",
    "一、总体要求",
}
ALL = Lexicon.of(
    Entry(zone, form(line), 9)
    for zone in ("head", "tail")
    for line in dict.fromkeys(PIECES)
    if line.strip()
    for form in (plain, numberless)
    if form is plain or plain(line) != numberless(line)
)
"""A lexicon that has every line of the pages below."""


@given(st.lists(st.sampled_from(PIECES), max_size=40).map("\n".join))
def test_the_laws_hold_with_any_lexicon(page: str) -> None:
    """Undone exactly, idempotent, and no sentence, label or heading is cut by it."""
    step = CutLearnedFurniture(ALL)
    once = Text(page).revise(step)

    assert page == once.original
    assert once.value == once.revise(step).value == Text(once.value).revise(step).value
    assert set() == {edit.before.strip() for revision in once.revisions for edit in revision.layer} & KEPT


@given(st.lists(st.sampled_from(PIECES), max_size=40).map("\n".join))
def test_a_lexicon_without_lines_cuts_nothing(page: str) -> None:
    """What is not in it stays."""
    assert page == Text(page).revise(CutLearnedFurniture(Lexicon.of([]))).value


PROSE = "位于新区的算力中心昨日破土，建成后将向三百家中小企业开放机时。"


@pytest.mark.parametrize(
    ("page", "kept", "rules"),
    [
        pytest.param(
            "甲市之窗\n政务公开\n" * 8 + f"【打印】\n甲市之窗\n算力中心开工\n{PROSE}\n",
            f"算力中心开工\n{PROSE}\n",
            {"boilerplate.learned", "boilerplate.print"},
            id="the patterns see what stands at the head when the menu is gone",
        ),
        pytest.param(
            "人工智能周报-甲市之窗\n要闻\n专题\n互动\n首页 > 周报 > 正文\n人工智能周报\n"
            f"2020-01-02 09:25 来源：甲网\n{PROSE}\n甲市之窗\n",
            f"人工智能周报\n2020-01-02 09:25 来源：甲网\n{PROSE}\n",
            {"boilerplate.learned", "boilerplate.navigation"},
            id="the title below navigation stays, though the lexicon has it",
        ),
    ],
)
def test_patterns_and_lexicon_take_turns(page: str, kept: str, rules: set[str]) -> None:
    """Each makes room for the other; every cut is in the account by its own rule."""
    known = Lexicon.of([*ENTRIES, Entry("head", "人工智能周报", 9)])
    text = Text(page)
    for step in stages(Choices(furniture=known))[-1].steps:
        if name_of(step) in {"cut_boilerplate", "cut_learned_furniture"}:
            text = text.revise(step)

    assert kept == text.value
    assert page == text.original
    assert rules == {edit.rule for revision in text.revisions for edit in revision.layer}
