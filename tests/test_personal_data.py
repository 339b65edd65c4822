"""Personal data wherever and however it is written: in what is cut around a text, in signs that stand for others."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from small_dataset import dataset_of, rows

from pipeline import clean, columns
from pipeline.rebuilding import check_rebuilds
from pipeline.steps.personal_data import find_personal_data, numbers_again, numbers_among, personal_data_in
from pipeline.text import Text
from pipeline.unescaping import unescaped

if TYPE_CHECKING:
    from pathlib import Path

SENTENCE = "各区应当加强组织领导，完善工作机制，确保各项任务落到实处，并按时公布结果。"
ENTITIES = "".join(f"&#{ord(character)};" for character in "shen.wei@mail.example")


def page(markup: str) -> str:
    """An HTML page with some markup between two sentences."""
    return f"<html><head><title>公告</title></head><body><p>{SENTENCE}</p>{markup}<p>{SENTENCE}</p></body></html>"


HIDDEN = {
    "an address in entities": (page(f'<p>来信请寄<a href="mailto:{ENTITIES}">{ENTITIES}</a>。</p>'), "shen.wei"),
    "an address in percent signs": (page('<a href="mailto:shen.wei%40mail.example">来信</a>'), "shen.wei"),
    "an entity in an attribute": (page('<img alt="shen.wei&#x40;mail.example">'), "shen.wei"),
    "an entity in an entity": (page('<img alt="shen.wei&amp;#64;mail.example">'), "shen.wei"),
    "the name of a sign": (page('<a title="shen.wei&commat;mail&period;example">来信</a>'), "shen.wei"),
    "an escape in a script": (page('<script>var mail = "shen.wei\\u0040mail.example"</script>'), "shen.wei"),
    "a number in percent signs": (page('<a href="tel:0571%2D76543210">来电</a>'), "76543210"),
    "a number in spaces": (page('<img alt="手机138&nbsp;7654&nbsp;3210">'), "7654&nbsp;3210"),
    "a number behind a word in entities": (page('<img alt="&#30005;&#35805;&#65306;76543210">'), "76543210"),
    "signs of no width": (page('<img alt="shen.wei\u200b@mail.example，1387654\u20603210">'), "shen.wei"),
    "the syntax of a record": (
        f'{{"title": "关于公布结果的公告", "source": "shen.wei&#64;mail.example", "text": "{SENTENCE}{SENTENCE}"}}',
        "shen.wei",
    ),
    "the name of a branch": (
        f"{SENTENCE}\n<<<<<<< HEAD\n联系电话：13876543210。\n=======\n电话：13876543210。\n>>>>>>> by-13876543210\n",
        "13876543210",
    ),
    "the source": (f"标题：公告\n来源：甲网 76543210\n\n{SENTENCE}\n电话：76543210。\n", "76543210"),
    "behind another word": (f"{SENTENCE}\n电话：0571 76543210。\n邮箱：0571 76543210\n{SENTENCE}\n", "76543210"),
}


@pytest.mark.parametrize(("text", "sought"), HIDDEN.values(), ids=HIDDEN)
def test_what_is_hidden_in_signs_is_in_no_table(tmp_path: Path, text: str, sought: str) -> None:
    """Neither as it stands in the file nor as it reads, and the bytes can be had from the redactions alone."""
    staged = dataset_of({"a.txt": clean(text.encode())}, tmp_path)
    assert sought in text or unescaped(text)
    for table in columns.TABLES:
        for value in map(str, rows(staged.dataset, table)):
            read = unescaped(value)
            assert sought not in value
            assert read is None or sought not in read.apply(value)
    assert [] == check_rebuilds(staged.dataset, staged.redactions)


def _written(character: str) -> st.SearchStrategy[str]:
    code = ord(character)
    return st.sampled_from(
        [
            character,
            f"&#{code};",
            f"&#x{code:x};",
            f"&amp;#{code};",
            f"%{code:02X}",
            f"\\u{code:04x}",
            f"\u200b{character}",
        ]
    )


@given(st.tuples(*map(_written, "shen@mail.example")), st.tuples(*map(_written, "13876543210")))
def test_whatever_stands_for_their_signs_they_are_found(address: tuple[str, ...], number: tuple[str, ...]) -> None:
    """An address and a number in a tag, each of their signs written in another way: from the first sign to the last."""
    text = f'<a title="来信{"".join(address)}，来电{"".join(number)}。">'
    found = {text[one.start : one.end].lstrip("\u200b") for one in personal_data_in(text)}
    assert {"".join(address).lstrip("\u200b"), "".join(number).lstrip("\u200b")} <= found


@pytest.mark.parametrize(
    "text",
    [
        "https://example.org/a?b=%E5%B8%82&amp;c=%2F%20",
        "&nbsp;&lt;甲&gt;&#39;&#34;&#160;&copy;&middot;&#8212;",
        "50%以上，C:\\users，甲\u200b乙",
    ],
)
def test_ordinary_signs_are_not_looked_behind(text: str) -> None:
    """What every page has costs nothing."""
    assert unescaped(text) is None


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("电话：76543210，产值76543210元，编号76543210。", ["76543210", "76543210"]),
        ("电话：76543210，比值3.76543210，合计76543210.5，长号976543210。", ["76543210"]),
        ("手机：+86 138-7654-3210，微信13876543210，v13876543210", ["+86 138-7654-3210", "13876543210", "13876543210"]),
        ("身份证号11010519491231002X，证件A11010519491231002X。", ["11010519491231002X", "11010519491231002X"]),
        ("电话：0571-76543210-801，又0571 76543210。", ["0571-76543210", "0571 76543210"]),
    ],
)
def test_a_number_that_was_found_once_is_found_again(text: str, found: list[str]) -> None:
    """Whatever stands before it, unless it is a figure, or a part of a longer number."""
    assert found == [text[slice(*one.span)] for one in Text(text).revise(find_personal_data).findings]


@pytest.mark.parametrize("unit", ["&#64;", "%40", "\\", "\\u0040", "&amp;", "&#0", "a\u200b", "1 ", "1387654", "%25"])
def test_signs_without_end_are_read_in_linear_time(unit: str) -> None:
    """Eight times as many take about eight times as long."""

    def seconds(count: int) -> float:
        text = f"电话：13876543210&#64;{unit * count}"
        start = time.process_time()
        list(numbers_again(text, numbers_among(personal_data_in(text))))
        return time.process_time() - start

    assert seconds(16_000) < 3 * 8 * max(seconds(2_000), 0.005)


NUMBERS = (
    ("138", "7654", "3210"),
    ("138", "765", "43210"),
    ("1387", "6543", "210"),
    ("0571", "76543210"),
    ("(010)", "76543210"),
    ("+86", "138", "7654", "3210"),
    ("400", "876", "5432"),
    ("110105", "19491231", "002X"),
    ("+852", "2876", "5432"),
    ("shen", "@mail", ".example"),
)
JOINTS = (
    *" -\u3000.·•－—–\t",
    *map(chr, range(0x2000, 0x2016)),
    *"\u00a0\u1680\u202f\u205f\u2060\u2212\u00ad\ufeff\ufe63\n",
    *("&nbsp;", "&ensp;", "&#8201;", "&shy;", "&#45;", "<wbr>", "**", "  ", "，"),
)
WORDS = ("手机：", "联系电话", "邮箱：", "身份证号：", "编号", "（", "")


@st.composite
def spaced(draw: st.DrawFn) -> str:
    """A document with numbers and addresses in hostile spacings."""
    lines = [SENTENCE]
    for _ in range(draw(st.integers(1, 4))):
        groups = draw(st.sampled_from(NUMBERS))
        joint = st.lists(st.sampled_from(JOINTS), max_size=2).map("".join)
        alike = draw(st.booleans())
        first = draw(joint)
        line = "".join([groups[0], *((first if alike else draw(joint)) + group for group in groups[1:])])
        lines.append(
            f"请联系，{draw(st.sampled_from(WORDS))}{line}{draw(st.sampled_from(['。', '，', ' ', '）', '']))}"
        )
    text = draw(st.sampled_from(["\n", "", " "])).join(lines)
    return page(f"<p>{text}</p>") if draw(st.booleans()) else f"{text}\n{SENTENCE}\n"


@given(spaced())
def test_nothing_is_found_in_what_was_published(text: str) -> None:
    """Whatever stands between their signs: what the pipeline would find in its own text, it has masked there."""
    published = clean(text.encode()).text
    if published is not None:
        assert [] == [one.written for one in personal_data_in(published)]


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("手机：138&ensp;7654&ensp;3210。", "手机：[PHONE]。"),
        ("手机：138\u20097654\u20093210。", "手机：[PHONE]。"),
        ("手机：138\u30007654\u30003210。", "手机：[PHONE]。"),
        ("手机：138  7654  3210。", "手机：[PHONE]。"),
        ("手机：138\u20117654\u20113210。", "手机：[PHONE]。"),
        ("手机：138\u22127654\u22123210。", "手机：[PHONE]。"),
        ("手机：138.7654.3210。", "手机：[PHONE]。"),
        ("手机：138·7654·3210。", "手机：[PHONE]。"),
        ("手机：138-765-43210。", "手机：[PHONE]。"),
        ("手机：1387-6543-210。", "手机：[PHONE]。"),
        ("手机：13876543210，2024年\u00a05月。", "手机：[PHONE]，2024年 5月。"),
        ("电话13876543210(0571)76543210。", "电话[PHONE][PHONE]。"),
        ("身份证号：110105 19491231 002X。", "身份证号：[IDNO]。"),
        ("证件ID11010519491231002X。", "证件ID[IDNO]。"),
        ("来信：shen@mail_b.example。", "来信：[EMAIL]。"),
        ("来信：shen@mail．example。", "来信：[EMAIL]。"),
        ("来信：shen@a.b.c.d.e.f.g.h.example。", "来信：[EMAIL]。"),
        ("来信：沈某@例子.中国。", "来信：[EMAIL]。"),
    ],
)
def test_spacings_and_signs(text: str, masked: str) -> None:
    """Numbers in other groups behind a word, identity numbers in groups, addresses of other domains."""
    published = clean(f"{SENTENCE}\n{text}\n{SENTENCE}\n".encode()).text
    assert published is not None
    assert masked in published.split("\n")


@pytest.mark.parametrize(
    "text",
    [
        "比值为138.7654.3210的三倍",
        "占比138 765 43210万元",
        "坐标：139.1234，5678",
        "版本138.765.43210",
        "编号110105 19491231 0021",
        "编号AB11010519491231002X",
        "微博@例子，中国",
        "表一　2023　2024　2025",
        "手机138.7654.3210.5",
        "电话费138.50元，1387.654万户",
    ],
)
def test_figures_in_groups_stay(text: str) -> None:
    """Without a word before it, or with a wrong check digit, it is anything."""
    assert [] == list(personal_data_in(f"{SENTENCE}{text}。{SENTENCE}"))
