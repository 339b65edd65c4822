"""What is measured in a cleaned text, and the verdict on it: what must pass and what must not, and from where on."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline import clean
from pipeline.corpus.quality import REFUSING, judge, refused
from pipeline.corpus.signals import Signals, measured
from pipeline.document import REASONS, Verdict
from pipeline.options import MAXIMUM_CHARACTERS, THRESHOLDS, Thresholds

SENTENCE = "各区人民政府应当结合实际，认真组织实施人工智能产业发展规划。"
SPAM = "新澳门开奖结果 六合彩 一肖一码 免费资料大全 百家乐 老虎机 今日推荐 "
NAMES = "赵一鸣\n钱二宝\n孙三省\n李四维\n周五福\n吴六顺\n郑七星\n王八达"
FORM = "姓名：\n性别：\n出生年月：\n所在单位：\n联系方式：\n"
GERMAN = "Die Entwicklung der Technik ist für das Land von großer Bedeutung und wird mit Mitteln gefördert. "

SOUND = {
    "a notice of one sentence": "本次会议改期至下周三举行。",
    "a headline in English": "Notice on office hours",
    "a table with few words": "指标名称 2019 2020 2021\n工业增加值 31.2 33.8 35.1\n财政收入 12 13 15",
    "a list of names without a mark": NAMES,
    "a word list of one column": "\n".join(f"词{chr(0x4E00 + n)}" for n in range(3000)),
    "a form for fifty persons": "报名表\n" + FORM * 50,
    "a table of answers": "审核意见\n" + "\n".join(["通过", "通过", "不通过", "通过"] * 12),
    "a poem of seven characters": "山色空蒙水亦清\n渔舟唱晚到天明\n问君何处寻归路\n一路春风伴我行",
    "a song that says its lines again": "来来来，一起走，\n来来来，一起走，\n走到太阳升起的地方。\n" * 4,
    "articles of a statute": "\n".join(
        f"第{n}条 本市行政区域内的数据处理活动，适用本条例第{n + 1}款。" for n in range(1, 60)
    ),
    "Traditional characters": "各區人民政府應當結合實際認真組織實施。",
    "rare Han beyond the basic plane": "\U00020000\U00020001\U00020002" * 4,
    "Chinese that quotes Japanese": SENTENCE * 4 + "日方称之为“人間中心のAI社会原則”，并已公开征求意见。",
    "Chinese that quotes Russian": SENTENCE * 3 + "俄文名称为 Стратегия развития искусственного интеллекта。",
    "code with Chinese comments": "def 计算(x):  # 计算面积\n    return x * x  # 返回结果，单位为平方米\n" * 20,
    "a list of Latin names": "Shengteng 910, Kunpeng 920, Hongmeng, Zidong Taichu, Wudao, Pangu",
    "English with French names": "The ministry of René Déchamps and the prefecture of Île-de-France met in Beijing. "
    * 8,
    "a report about gambling on the net": (
        "公安机关破获一起跨境网络赌博案，涉案人员利用六合彩、百家乐、老虎机等方式招揽赌客，警方提醒群众提高警惕。"
        + SENTENCE * 6
    ),
    "one lost character": SENTENCE + "\ufffd",
    "an article about mojibake": SENTENCE * 5 + "屏幕上出现了“锟斤拷”三个字。",
}

REFUSED = {
    "nothing": ("", "empty_body"),
    "figures alone": ("2021\n12.5 % — 3/4", "empty_body"),
    "two words": ("正文", "too_short"),
    "a word in English": ("Contents", "too_short"),
    "Japanese": ("人工知能は、社会の課題を解決するために、さまざまな分野で使われています。" * 3, "not_zh_or_en"),
    "Korean": ("인공지능 산업 발전을 위한 종합 계획을 발표하였다. " * 3, "not_zh_or_en"),
    "Russian": ("Развитие искусственного интеллекта является приоритетом. " * 3, "not_zh_or_en"),
    "Arabic": ("تطوير الذكاء الاصطناعي هو أولوية وطنية. " * 3, "not_zh_or_en"),
    "Thai, whose vowels are no letters": ("การพัฒนาปัญญาประดิษฐ์เป็นวาระแห่งชาติ " * 3, "not_zh_or_en"),
    "German": (GERMAN * 6, "not_zh_or_en"),
    "Vietnamese": (
        "Phát triển trí tuệ nhân tạo là nhiệm vụ quan trọng của đất nước trong giai đoạn mới. " * 8,
        "not_zh_or_en",
    ),
    "lost characters": ("国\ufffd\ufffd院\ufffd公厅关\ufffd", "lossy_mojibake"),
    "UTF-8 that went through GBK": ("锟斤拷锟斤拷锟斤拷政府", "lossy_mojibake"),
    "spam": (SPAM * 3, "spam_injected"),
    "a dump of a library": ("政" * (MAXIMUM_CHARACTERS.preset + 1), "too_large"),
    "one line over and over": (f"{SENTENCE}\n" * 120, "not_prose"),
}

LIMITS: dict[str, tuple[str, dict[str, Any], dict[str, Any], str]] = {
    "minimum_han": ("正文" * 10, {"minimum_han": 20}, {"minimum_han": 21}, "too_short"),
    "minimum_han, of letters": ("ab " * 10, {"minimum_han": 10}, {"minimum_han": 11}, "too_short"),
    "maximum_characters": (SENTENCE, {"maximum_characters": 30}, {"maximum_characters": 29}, "too_large"),
    "maximum_lossy_share": (
        SENTENCE[:-1] + "\ufffd" * 1 + SENTENCE,
        {"maximum_lossy_share": 1 / 60},
        {"maximum_lossy_share": 1 / 61},
        "lossy_mojibake",
    ),
    "maximum_foreign_share": (
        "正文" * 6 + "한국어와일본어들",
        {"maximum_foreign_share": 0.4},
        {"maximum_foreign_share": 0.39},
        "not_zh_or_en",
    ),
    "maximum_repeated_share": (
        f"{SENTENCE}\n{SENTENCE}\n{SENTENCE}\n{SENTENCE}",
        {"maximum_repeated_share": 0.75},
        {"maximum_repeated_share": 0.74},
        "not_prose",
    ),
    "minimum_punctuation_share": (
        "各区要落实责任明确分工。",
        {"minimum_punctuation_share": 1 / 12},
        {"minimum_punctuation_share": 0.09},
        "not_prose",
    ),
    "minimum_spam_phrases": (SPAM, {"minimum_spam_phrases": 8}, {"minimum_spam_phrases": 7}, "spam_injected"),
    "minimum_spam_share": (
        SENTENCE * 9 + SPAM,
        {"minimum_spam_share": 0.2},
        {"minimum_spam_share": 0.05},
        "spam_injected",
    ),
}
"""For each limit a text, a value with which it passes, one with which it does not, and the reason then."""


@pytest.mark.parametrize("name", SOUND)
def test_a_sound_text_passes(name: str) -> None:
    """Whatever a reader would call a document is published: a false refusal costs more than a missed one."""
    verdict = judge(measured(SOUND[name]))
    assert (None, "") == (verdict.reason, verdict.detail)


@pytest.mark.parametrize("name", REFUSED)
def test_a_text_that_is_none_is_refused_with_its_reason(name: str) -> None:
    """The reason is one of the closed list, the detail says what was seen, the stage is that after the last."""
    text, reason = REFUSED[name]
    verdict = judge(measured(text))
    assert (reason, "corpus", True) == (verdict.reason, verdict.stage, bool(verdict.detail))


@pytest.mark.parametrize("name", LIMITS)
def test_each_limit_is_a_limit(name: str) -> None:
    """On one side of it a text passes, on the other it is refused, and the detail says figure and limit."""
    text, passing, refusing, reason = LIMITS[name]
    signals = measured(text)
    assert Verdict() == judge(signals, Thresholds(**passing))
    found = judge(signals, Thresholds(**refusing))
    assert reason == found.reason
    assert any(word in found.detail for word in ("the limit is", "the limits are"))


def test_every_limit_has_a_text_on_either_side() -> None:
    """A limit that is added is tested as well; and each reason is one of the closed list."""
    assert {option.name for option in THRESHOLDS} == {name.partition(",")[0] for name in LIMITS}
    assert {one.reason for one in REFUSING} <= REASONS.keys()
    assert {one.reason for one in REFUSING} == {reason for _, reason in REFUSED.values()}


def test_no_limit_of_punctuation_holds_where_nobody_sets_one() -> None:
    """A list of names has none, and is a document."""
    assert 0 == measured(NAMES).punctuation_share_0_to_1
    assert judge(measured(NAMES)).accepted
    assert "not_prose" == judge(measured(NAMES), Thresholds(minimum_punctuation_share=0.001)).reason


# ------------------------------------------------------------------------------------------------ what is measured
def test_what_is_measured() -> None:
    """Counts of code points; shares of the writing, or of all characters."""
    signals = measured("第一条，AI。\n\U00020000々〇ㄅ\ufffd")
    assert (13, 6, 1, 3) == signals[:4]
    assert (6 / 6.75, 2 / 13) == (signals.han_share_0_to_1, signals.punctuation_share_0_to_1)


@pytest.mark.parametrize(
    ("text", "share"),
    [
        ("", 0.0),
        ("一\n二\n三", 0.0),
        ("一二\n三四\n一二", 1 / 3),
        ("一二\n一二\n一二\n一二", 3 / 4),
        ("一二三四五六\n七\n七", 1 / 8),
        ("一\n\n\n", 0.0),
    ],
)
def test_the_share_of_lines_that_repeat(text: str, share: float) -> None:
    """Of the characters in lines: the first of equal lines is new, line ends count for nothing."""
    assert pytest.approx(share) == measured(text).repeated_share_0_to_1


@pytest.mark.parametrize(
    ("text", "share", "writing"),
    [
        (SENTENCE, 0.0, None),
        ("The city opens three pilot sites, and it is said that more are to come. " * 5, 0.0, None),
        ("한국" + "正文" * 3, 0.25, "hangul"),
        ("これは日本語の文章です", 1.0, "japanese"),
        ("正文" * 3 + "の", 1 / 7, "japanese"),
        ("Стратегия" + "正" * 9, 0.2, "other_alphabet"),
        (GERMAN * 6, 1.0, "latin"),
    ],
)
def test_the_share_of_other_writing(text: str, share: float, writing: str | None) -> None:
    """That writing is named which has most; kana make the Han beside them Japanese where there are enough of them."""
    signals = measured(text)
    assert pytest.approx(share) == signals.foreign_share_0_to_1
    assert writing == signals.foreign_writing


def test_spam_counts_each_phrase_once_and_no_line_that_reports_on_it() -> None:
    """The share is of all that stands there, how often whatever."""
    assert (2, 0.6) == measured("六合彩 时时彩\n六合")[-2:]
    assert (0, 0.0) == measured("警方查处了六合彩和时时彩")[-2:]
    assert (1, 0.6) == measured("六合彩 六合彩好好好")[-2:]


# ------------------------------------------------------------------------------------------------ the same twice
TEXTS = st.text(st.sampled_from("政府，。\n ab한のЖ\ufffd\U00020000é1") | st.characters(exclude_categories=["Cs"]))


@given(st.lists(TEXTS, max_size=8), st.builds(Thresholds, minimum_han=st.integers(0, 9)))
def test_columns_are_judged_as_single_texts_are(texts: list[str], limits: Thresholds) -> None:
    """What decides about a table of a million decides about one document in the same way."""
    every = [measured(text) for text in texts]
    columns = (
        Signals(*map(np.array, zip(*every, strict=True))) if every else Signals(*[np.zeros(0)] * len(Signals._fields))
    )
    found = [None if number < 0 else REFUSING[number].reason for number in refused(columns, limits).tolist()]
    assert [judge(one, limits).reason for one in every] == found


@given(TEXTS, TEXTS)
def test_any_text_is_measured_and_judged(text: str, more: str) -> None:
    """Shares are shares, and no text is stumbled over, nor what is put behind a refused one."""
    for one in (text, text + more, f"{text}\n{text}"):
        signals = measured(one)
        shares = [value for name, value in signals._asdict().items() if name.endswith("0_to_1")]
        assert all(0 <= share <= 1 for share in shares)
        assert signals.han_count + signals.letter_count <= signals.char_count == len(one)
        assert judge(signals).reason in {None, *REASONS}


def test_hostile_texts_are_judged_all_the_same() -> None:
    """Surrogates, NULs and a very long line are judged, not stumbled over."""
    hostile = ("\ud800" + SENTENCE, "\0" + SENTENCE * 10_000)
    assert [True, True] == [judge(measured(text)).accepted for text in hostile]


def test_clean_judges_by_the_limits_that_it_is_given() -> None:
    """What was measured stands among the columns, whatever the verdict."""
    content = SENTENCE.encode()
    document = clean(content, thresholds=Thresholds(minimum_han=100))
    assert ("too_short", None) == (document.verdict.reason, document.text)
    assert measured(SENTENCE)._asdict().items() <= document.fields.items()
    assert SENTENCE == clean(content).text
