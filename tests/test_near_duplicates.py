"""Near-duplicates: what is a copy of what, and what only looks like one."""

from __future__ import annotations

import json
import re
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from collection import Entry, became, clusters, entry
from hypothesis import given
from hypothesis import strategies as st

import pipeline
from pipeline.corpus import figures
from pipeline.corpus.comparing import THRESHOLD
from pipeline.corpus.figures import Comparison, compared, figures_differ, places
from pipeline.corpus.folded_texts import FoldedTexts
from pipeline.corpus.folding import folded, folded_string
from pipeline.corpus.names import Name, called_differently
from pipeline.corpus.near import FULLEST, gathered
from pipeline.corpus.shingles import SHINGLE, distinct, jaccard, shingles
from pipeline.corpus.signatures import BANDS, sharing, signature
from pipeline.corpus.titles import titles_differ
from pipeline.script.conversion import converter

TWINS: list[dict[str, Any]] = json.loads((Path(__file__).parent / "template_twins.json").read_text("utf-8"))

NOTICE = """青澜市数据局关于征集公共数据应用场景的通知
青数发〔2024〕7号
各县（区）数据主管部门，市直有关单位：
为摸清各行业对公共数据的实际需要，促进供需对接，现就场景征集工作通知如下。
一、征集范围
（一）工业制造类。重点征集质量检测、设备运维、仓储调度等方面的需求。
（二）公共服务类。重点征集门诊导诊、公交排班、防汛值守等方面的需求。
（三）农业农村类。重点征集病虫害识别、农机调度、冷链管理等方面的需求。
二、申报要求
（一）申报单位应当是场景的使用者，能够提供试验场地和真实数据。
（二）每个场景须写明现状、痛点、预期效果和最低投入，不超过2000字。
（三）涉及个人信息的，应当附数据安全说明，并由法制机构审核。
三、时间安排
请各单位于2024年5月10日前报送申报表，逾期不再受理。市数据局将组织专家评审，于6月底前公布入选名单，并安排不少于两场对接活动。
附件：1.应用场景申报表
2.数据安全说明（样式）
青澜市数据局
2024年4月3日
"""
BODY = NOTICE.split("\n", 2)[2]
HALF_WIDTH = str.maketrans("，；：（）？！", ",;:()?!")


def traditional(text: str) -> str:
    """The text in Traditional script."""
    return converter("s2t").convert(text)


COPIES: dict[str, bytes] = {
    "the same file": NOTICE.encode(),
    "in GB 18030": NOTICE.encode("gb18030"),
    "in Traditional script": traditional(NOTICE).encode(),
    "in Traditional script and Big5": traditional(NOTICE).encode("cp950", "ignore"),
    "with Taiwan's characters": converter("s2tw").convert(NOTICE).encode(),
    "with half-width punctuation": NOTICE.translate(HALF_WIDTH).encode(),
    "with pinyin in it": traditional(NOTICE).replace("業", "業(yè)").replace("數", "數(shù)").encode(),
    "with Windows line ends and blank lines": NOTICE.replace("\n", "\r\n\r\n").encode("utf-8-sig"),
    "with a header of the site": f"首页 > 政务公开\n发布时间：2024-04-08 10:30　来源：某某在线\n{NOTICE}".encode(),
    "with a footer that stays": f"{NOTICE}本栏目稿件由各单位报送，欢迎读者对服务提出意见和建议。\n".encode(),
    "without number and title": BODY.encode(),
    "with slips": NOTICE.replace("场景的使用者", "场影的使用者").replace("逾期不再受理", "愈期不再受理").encode(),
    "with a slip in a date": NOTICE.replace("2024年5月10日前", "2024年5月16日前").encode(),
    "with a paragraph left out": NOTICE.replace(NOTICE.splitlines()[5] + "\n", "").encode(),
    "with its lines broken by a printer": "\n".join(
        line[at : at + 30] for line in NOTICE.splitlines() for at in range(0, len(line), 30)
    ).encode(),
    "in Markdown": ("# " + NOTICE.replace("一、", "## 一、").replace("重点征集", "**重点征集**")).encode(),
}
"""What a crawl finds of one document."""


# ------------------------------------------------------------------------------------------------ documents
@pytest.mark.parametrize("copy", COPIES)
def test_a_copy_is_in_the_cluster_of_its_original(copy: str) -> None:
    """Script, encoding, width, furniture, slips: none of them makes another document."""
    entries = [entry("a", pipeline.clean(NOTICE.encode())), entry(copy, pipeline.clean(COPIES[copy]))]
    assert 1 == len(set(clusters(entries).values()))


def test_all_copies_together_are_one_cluster() -> None:
    """The earliest stands for all; whoever is the same to the letter is not published again."""
    entries = [entry(copy, pipeline.clean(content)) for copy, content in COPIES.items()]
    assert {"with a header of the site"} == set(clusters(entries).values())
    published = [one for one in became(entries).values() if one.status == "published"]
    assert {("earliest_date", len(published))} == {(one.canonical_basis, one.cluster_size) for one in published}


@pytest.mark.parametrize("twin", TWINS, ids=[twin["label"] for twin in TWINS])
def test_two_documents_of_one_template_are_two(twin: dict[str, Any]) -> None:
    """However alike they are: each is published, in a cluster of its own."""
    texts = (twin["template"].format(**twin[which]).encode() for which in ("one", "other"))
    one, other = (entry(path, pipeline.clean(text)) for path, text in zip("ab", texts, strict=True))
    assert THRESHOLD <= _similarity(one.text or "", other.text or "")
    assert {"a": "a", "b": "b"} == clusters([one, other])


@pytest.mark.parametrize("twin", TWINS, ids=[twin["label"] for twin in TWINS])
def test_each_of_two_twins_has_its_own_copies(twin: dict[str, Any]) -> None:
    """A copy in the other script, with another header, goes to its own original and not to the twin."""
    entries = []
    for which in ("one", "other"):
        text = twin["template"].format(**twin[which])
        copy = traditional(f"{text}本站转发，仅供参考。\n")
        entries += [entry(which, pipeline.clean(text.encode())), entry(f"{which} again", pipeline.clean(copy.encode()))]
    assert {"one": "one", "one again": "one", "other": "other", "other again": "other"} == clusters(entries)


def test_a_copy_without_a_number_does_not_bring_twins_together() -> None:
    """It leads the cluster of one of them; the other one stays apart."""
    template = (
        "各单位：请于月底前报送数据安全自查报告，由主要负责人签字并加盖公章，同时报送电子版。逾期不报的予以通报。"
    )
    entries = [
        Entry("a", template + "特此通知。"),
        Entry("b", template + "特此通知", number="青数发〔2022〕5号"),
        Entry("c", template, number="青数发〔2022〕8号"),
    ]
    assert {"a": "a", "b": "a", "c": "c"} == clusters(entries)


def test_a_version_that_is_only_like_another_version_is_left_to_itself() -> None:
    """Every document of a cluster is like the one that stands for it: there are no chains."""
    lines = [
        f"第{number}条　{word * 9}应当依照本办法办理{word * 5}。" for number, word in enumerate("甲乙丙丁戊己庚辛壬癸")
    ]
    versions = ["".join(lines[start : start + 7]) for start in range(3)]
    alike = [_similarity(*pair) >= THRESHOLD for pair in (*pairwise(versions), (versions[0], versions[2]))]
    assert [True, True, False] == alike
    entries = [Entry(path, text) for path, text in zip("abc", versions, strict=True)]
    assert {"a": "a", "b": "a", "c": "c"} == clusters(entries)


def test_the_threshold_itself_is_reached() -> None:
    """Seven shingles of ten are enough, and not six of eleven."""
    one, at_it, below = "各区要明确责任部门按季员", "各区要明确责任部门按季度报", "各区要明确责任部门按月度报"
    assert [THRESHOLD, 6 / 11] == [_similarity(one, other) for other in (at_it, below)]
    assert {"a": "a", "b": "a", "c": "c"} == clusters([Entry("a", one), Entry("b", at_it), Entry("c", below)])


def test_the_earliest_document_stands_for_its_cluster() -> None:
    """What made the choice is said: its date, where that is its alone, else its path."""
    texts = [BODY, BODY.replace("逾期", "过期"), BODY.replace("促进", "推动")]
    days = [None, date(2024, 4, 8), date(2024, 4, 9)]
    dated = [Entry(path, text, published=day) for path, text, day in zip("abc", texts, days, strict=True)]
    assert {("b", "earliest_date", 3)} == _choices(dated)
    assert {("b", "smallest_path", 3)} == _choices([one._replace(published=one.published and days[1]) for one in dated])
    assert {("a", "smallest_path", 3)} == _choices([one._replace(published=None) for one in dated])
    assert {("a", "alone", 1)} == _choices(dated[:1])


def _choices(entries: list[Entry]) -> set[tuple[str | None, str | None, int | None]]:
    leader = clusters(entries)
    return {(leader[path], one.canonical_basis, one.cluster_size) for path, one in became(entries).items()}


# ------------------------------------------------------------------------------------------------ laws
WORDS = st.lists(st.sampled_from(["数据", "安全", "报告", "单位", "2021年", "5月", "应当", "。", "，"]), max_size=60)


@st.composite
def collections(draw: st.DrawFn) -> list[Entry]:
    """A few texts, and others made of them by changing some words."""
    texts = draw(st.lists(WORDS, min_size=1, max_size=3))
    for _ in range(draw(st.integers(0, 6))):
        words = list(draw(st.sampled_from(texts)))
        for _ in range(draw(st.integers(0, 3))):
            words.insert(draw(st.integers(0, len(words))), draw(st.sampled_from(["必须", "及时", "6月"])))
        texts.append(words)
    dates = st.sampled_from([None, date(2020, 1, 1), date(2021, 1, 1)])
    numbers = st.sampled_from([None, None, "青数发〔2022〕5号", "青数发〔2022〕8号"])
    return [Entry(f"{n}", "".join(one), published=draw(dates), number=draw(numbers)) for n, one in enumerate(texts)]


@given(st.data(), collections())
def test_the_order_of_inputs_changes_nothing(data: st.DataObject, entries: list[Entry]) -> None:
    """The same becomes of each document, wherever it stands among the others."""
    assert became(entries) == became(data.draw(st.permutations(entries)))


@given(collections())
def test_every_document_reaches_the_threshold_with_the_canonical_one(entries: list[Entry]) -> None:
    """What is published of it is what the two texts give; the canonical one comes first and stands for itself."""
    found = became(entries)
    published = {one.id: one for one in entries if found[one.path].status == "published"}
    for one in published.values():
        standing = found[one.path]
        canonical = published[standing.cluster_id or ""]
        similarity = 1.0 if one is canonical else _similarity(one.text or "", canonical.text or "")
        assert similarity == standing.similarity_0_to_1
        assert similarity >= THRESHOLD
        assert found[canonical.path].cluster_id == canonical.id
        assert _precedence(canonical) <= _precedence(one)
        assert one.number is None or canonical.number in {None, one.number}


def _precedence(one: Entry) -> tuple[bool, str, str]:
    return one.published is None, str(one.published), one.path


def _similarity(one: str, other: str) -> float:
    return jaccard(*(distinct(shingles(folded(text))) for text in (one, other)))


TEXTS = st.text(st.sampled_from("甲乙丙丁戊，。 \U00020000ａA5"), max_size=60)


@given(TEXTS, TEXTS)
def test_the_similarity_is_that_of_the_sets_of_shingles(one: str, other: str) -> None:
    """Counted with the shingles themselves; it is the same both ways."""
    sets = []
    for text in (one, other):
        raw = folded(text).tobytes()
        size = 2 * SHINGLE
        sets.append({raw[at : at + size] for at in range(0, max(2, len(raw) - size + 2), 2)} if raw else set[bytes]())
    expected = len(sets[0] & sets[1]) / max(1, len(sets[0] | sets[1]))
    assert expected == _similarity(one, other) == _similarity(other, one)


@given(TEXTS)
def test_what_is_folded_stays_as_it_is(text: str) -> None:
    """Folding a folded text changes nothing."""
    assert folded_string(text) == folded_string(folded_string(text))


@given(TEXTS, st.data())
def test_white_space_width_and_case_do_not_count(text: str, data: st.DataObject) -> None:
    """Two forms of one text have one signature."""
    at = data.draw(st.integers(0, len(text)))
    other = f"{text[:at]}\n {text[at:]}".replace("，", ",").replace("a", "Ａ").upper()
    assert signature(text) == signature(other)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("「人工智慧」", '"人工智慧"'),
        ("《算力、算法》", "(算力,算法)"),
        ("一 、 二\u3000三", "一,二三"),
        ("……——", ".-"),
        ("１２３ＡＢＣ", "123abc"),
        ("## **重点** • 其他 ▲", "重点其他"),
        ("臺灣裡面說著", "台湾里面说着"),
        ("二○二四年", "二〇二四年"),
        ("\ufeff\u200b\x07", ""),
        ("1.5%", "1.5%"),
    ],
)
def test_folding(text: str, expected: str) -> None:
    """What counts of a text."""
    assert expected == folded_string(text)


def test_texts_above_the_threshold_share_a_band() -> None:
    """Of pairs at the threshold one in 360 is missed: of these 400, of 50 to 2,000 characters each, none.

    Of pairs that share a tenth, next to none is looked at.
    """
    random = np.random.default_rng(20240403)
    missed, met = 0, 0
    for size in np.geomspace(50, 2_000, 400).astype(int).tolist():
        text = random.integers(0x4E00, 0x9000, 2 * size)
        kept = round(size * 2 * THRESHOLD / (1 + THRESHOLD)) + SHINGLE
        missed += not _share_a_band(text[:size], np.concatenate((text[:kept], text[size : 2 * size - kept])))
        kept = round(size * 0.2 / 1.1)
        met += _share_a_band(text[:size], np.concatenate((text[:kept], text[size : 2 * size - kept])))
    assert (0, 0) == (missed, met)


def _share_a_band(one: Any, other: Any) -> bool:  # noqa: ANN401  arrays of code points
    signatures = [signature("".join(map(chr, points.tolist()))) or b"" for points in (one, other)]
    matrix = np.frombuffer(b"".join(signatures), "<u4").reshape(2, BANDS)
    return len(sharing(matrix, np.arange(2))[0]) == 2


# ------------------------------------------------------------------------------------------------ evidence
@pytest.mark.parametrize(
    ("one", "other", "differ"),
    [
        (Name("国发〔2017〕35号"), Name("国发[2017]第35号"), False),
        (Name("国令第707号"), Name("中华人民共和国国令第707号"), False),
        (Name("国发〔2017〕35号"), Name("国发〔2018〕35号"), True),
        (Name("国发〔2017〕35号"), Name("国办发〔2017〕35号"), True),
        (Name("国发〔2017〕35号"), Name(), False),
        (Name(signed_on="2017-07-08"), Name(signed_on="2018-07-08"), True),
        (Name(signed_on="2017-07-08"), Name(signed_on="2017-07-08"), False),
        (Name(signed_on="2017-07-08"), Name("国发〔2017〕35号"), False),
        (Name("国发〔2017〕35号", "第三批名单"), Name("国发〔2017〕35号", "第四批名单"), True),
    ],
)
def test_names(one: Name, other: Name, *, differ: bool) -> None:
    """What the names of two documents with one text say; the same both ways."""
    texts = ("青澜市发布了条例,自五月起施行.",) * 2
    assert differ == called_differently(one, other, texts) == called_differently(other, one, texts)


@pytest.mark.parametrize(
    ("one", "other", "differ"),
    [
        # Numerals alone.
        ("2022年度申报指南", "2023年度申报指南", True),
        ("关于第三批名单的公示", "关于第十一批名单的公示", True),
        # Words of one frame, unless the texts speak of the same.
        ("临川市制定地方性法规条例", "望海市制定地方性法规条例", True),
        ("青澜市发布数据条例", "青澜市出台数据条例", False),
        # No other document.
        ("数据条例（2011年修正）", "数据条例（2018年修正）", False),
        ("关于网络信息安全的通知", "關於網路資訊安全的通知", False),
        ("关于网络信息安全的通知", "关于网路资讯安全的通知", False),
        ("关于报送数据的通知", "关于报送数椐的通知", False),
        ("数据条例", "数据条例（全文）", False),
        ("数据条例今日施行（图）", "数据条例今日施行（视频）", False),
        ("数据条例，今日施行", "《数据条例》今日施行", False),
        ("数据条例今日施行_某某网", "数据条例今日施行 - 新闻频道 - 另一家网", False),
        ("【某某社】数据条例今日施行", "【另一家】数据条例今日施行", False),
        ("一图读懂", "青澜市数据条例", False),
    ],
)
def test_titles(one: str, other: str, *, differ: bool) -> None:
    """What two titles say of one text; the same both ways."""
    texts = ("青澜市发布了条例,自五月起施行.",) * 2
    assert differ == titles_differ(one, other, texts) == titles_differ(other, one, texts)


@pytest.mark.parametrize(
    ("texts", "differ"),
    [
        (("临川市的法规", "望海市的法规"), True),
        (("临川市的法规", "本市的法规"), True),
        (("本市的法规", "本市的法规"), True),
        (("临川市的法规", "临川市和望海市的法规"), False),
    ],
)
def test_titles_that_the_texts_explain(texts: tuple[str, str], *, differ: bool) -> None:
    """Each speaks of what its own title names, or both of one."""
    assert differ == titles_differ("临川市制定地方性法规条例", "望海市制定地方性法规条例", texts)


def test_a_single_character_counts_where_the_texts_have_it() -> None:
    """县 and 市 are two places; a slip in a title is in no text."""
    titles = ("松岗县选举委员会办事细则", "松岗市选举委员会办事细则")
    assert titles_differ(*titles, ("松岗县选举委员会为办理事务", "松岗市选举委员会为办理事务"))
    assert not titles_differ(*titles, ("本会为办理事务", "本会为办理事务"))


@pytest.mark.parametrize(
    ("one", "other", "differ"),
    [
        ("定于5月10日召开会议.", "定于6月12日召开会议.", True),
        ("签发于二〇〇五年九月二十日", "签发于二〇〇六年一月十八日", True),
        ("经第三次会议通过,2021年3月1日起施行.", "经第三次会议通过,2022年5月1日起施行.", False),
        ("罚款3万元,限15日内缴纳.", "罚款5万元,限15日内缴纳.", False),
        ("雨量18.4毫米,水位21.35米,蓄水3.26亿,占54.1成.", "雨量7.9毫米,水位21.72米,蓄水3.41亿,占56.6成.", True),
        ("第十二条施行.第十三条废止.", "第十三条施行.第十四条废止.", False),
        ("the meeting on april6,2023 is held", "the meeting on july5,2023 is held", True),
        ("点击:24035次.正文如下.", "点击:89512次.正文如下.", False),
    ],
)
def test_figures(one: str, other: str, *, differ: bool) -> None:
    """Dates and turns tell texts apart, other figures where most of several do; the same both ways."""
    assert differ == figures_differ(places(one), places(other)) == figures_differ(places(other), places(one))


def test_a_place_that_occurs_twice_says_nothing() -> None:
    """Which figure of a list stands for which of the other is not guessed."""
    assert Comparison() == compared(places(",人数5人,人数6人,人"), places(",人数8人,人数5人,人"))


@given(
    st.lists(
        st.sampled_from([*"01239一五十百〇零年月日第期批号().-/:,a的jfmasond\n", "2021", "jan", "sept", "may"]),
        max_size=30,
    )
)
def test_no_figure_begins_where_none_is_looked_for(pieces: list[str]) -> None:
    """Every place is found that a look at each character finds."""
    text = "".join(pieces)
    found = places(text)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(figures, "_BEGINNING", re.compile(r"(?s)(?=.)"))
        assert places(text) == found


# ------------------------------------------------------------------------------------------------ parts
def test_folded_texts_come_back_in_any_order() -> None:
    """Empty ones too; the file is gone with its object."""
    with FoldedTexts() as texts:
        for text in ("甲，乙", "", "\U00020000"):
            texts.append(text)
        assert ["\U00020000", "", "甲,乙"] == [texts.text(number) for number in (2, 1, 0)]
        assert [1, 0, 1] == [len(texts.shingles(number)) for number in range(3)]


def test_a_large_family_of_twins_is_not_compared_pair_by_pair() -> None:
    """A document is compared with a few leaders only; its own copy shares every band, and is among them."""
    twins = FULLEST + 50
    groups = np.zeros((twins + 1, 2), np.int32)
    groups[:, 1] = [*range(1, twins + 1), 7]
    asked = []

    class OwnCopy:
        def similarity(self, member: int, leader: int) -> float:
            asked.append((member, leader))
            return float((member, leader) == (twins, 6))

        def join(self, member: int, leader: int) -> None:
            assert (member, leader) == (twins, 6)

    leaders, _ = gathered(groups, np.arange(twins + 1), OwnCopy())
    assert [*range(twins), 6] == leaders.tolist()
    assert len(asked) < 64 * len(groups)
