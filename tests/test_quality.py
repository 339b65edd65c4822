"""The verdict on a cleaned text: what must pass, and what must not."""

from __future__ import annotations

import pytest

from pipeline.corpus.quality import judge
from pipeline.options import MAXIMUM_CHARACTERS

SENTENCE = "各区人民政府应当结合实际，认真组织实施人工智能产业发展规划。"

SOUND = {
    "a notice of one sentence": "本次会议改期至下周三举行。",
    "a headline in English": "Notice on office hours",
    "a table with few words": "指标名称 2019 2020 2021\n工业增加值 31.2 33.8 35.1\n财政收入 12 13 15",
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
    "German": (
        "Die Entwicklung der Technik ist für das Land von großer Bedeutung und wird mit Mitteln gefördert. " * 6,
        "not_zh_or_en",
    ),
    "Vietnamese": (
        "Phát triển trí tuệ nhân tạo là nhiệm vụ quan trọng của đất nước trong giai đoạn mới. " * 8,
        "not_zh_or_en",
    ),
    "lost characters": ("国\ufffd\ufffd院\ufffd公厅关\ufffd", "lossy_mojibake"),
    "UTF-8 that went through GBK": ("锟斤拷锟斤拷锟斤拷政府", "lossy_mojibake"),
    "spam": ("新澳门开奖结果 六合彩 一肖一码 免费资料大全 百家乐 老虎机 今日推荐 " * 3, "spam_injected"),
    "a dump of a library": ("政" * (MAXIMUM_CHARACTERS.preset + 1), "too_large"),
}


@pytest.mark.parametrize("name", SOUND)
def test_a_sound_text_passes(name: str) -> None:
    """Whatever a reader would call a document is published: a false refusal costs more than a missed one."""
    verdict = judge(SOUND[name])
    assert (None, "") == (verdict.reason, verdict.detail)


@pytest.mark.parametrize("name", REFUSED)
def test_a_text_that_is_none_is_refused_with_its_reason(name: str) -> None:
    """The reason is one of the closed list, the detail says what was seen, the stage is that after the last."""
    text, reason = REFUSED[name]
    verdict = judge(text)
    assert (reason, "corpus", True) == (verdict.reason, verdict.stage, bool(verdict.detail))


def test_hostile_texts_are_judged_all_the_same() -> None:
    """Surrogates, NULs and a very long line are judged, not stumbled over."""
    assert [True, True] == [judge(text).accepted for text in ("\ud800" + SENTENCE, "\0" + SENTENCE * 10_000)]
