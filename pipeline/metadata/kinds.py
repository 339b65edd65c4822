"""What kind of document a text is, and what that kind says about rights.

The rules are those of DOMAIN: an official document is not protected (PRC Copyright Law, Art. 5), news and
interpretations are works. No legal advice.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Set as AbstractSet

_INTERPRETATION_TITLE = re.compile("解读|答记者问|问答|一图读懂|政策解析|Q&A")
_INTERPRETATION_TEXT = re.compile(
    "解读如下|进行(?:了)?解读|答记者问|有关负责人就.{0,60}回答了?记者"
    "|以下简称[《“][^》”]{2,12}[》”][)）][^。\n]{0,20}。?[^。\n]{0,20}现[将就][^。\n]{0,20}(?:说明|解答|介绍)如下"
)
_SPEECH_TITLE = re.compile("讲话|致辞|致词|演讲|发言$|Remarks|Speech|Address by")
_SPEECH_GREETING = re.compile(
    "^(?:尊敬的)?(?:各位[\u3400-\u9fff]{2,6}|女士们|先生们|朋友们|同志们|同学们|老师们)"
    "(?:[，、](?:尊敬的)?(?:各位[\u3400-\u9fff]{2,6}|女士们|先生们|朋友们|同志们|同学们|老师们)){0,5}[：:！!]",
    re.MULTILINE,
)
_REPORT_TITLE = re.compile("报告$|白皮书|蓝皮书|调查报告|Report$|White Paper")
_POLICY_TITLE = re.compile(
    "(?:通知|意见|决定|决议|公告|通告|批复|函|办法|规定|条例|细则|规则|方案|规划|计划|纲要|措施|要点|指引|指南|法|解释|准则|标准|政策)"
    "(?:[（(〔][^）()]{1,20}[）)〕])?$"
)
_HEADLINE = re.compile(
    "^(?:如何|怎样|为何|为什么|怎么)"
    "|^(?:(?!关于)[^《]){2,20}?(?:印发|发布|出台|公布|推出|通过)(?!.*(?:的(?:通知|公告|通告|意见|决定|批复|函|令))$)"
)
"""A headline that only speaks of a document: 北京印发数字经济实施方案."""

_POLICY_TEXT = re.compile(
    "^(?:第一章|第一条|一、总体要求|各(?!位)[^。\n]{2,60}：$)|(?:制定|特制定)本(?:行动计划|方案|办法|规定|条例|意见|规划|细则)",
    re.MULTILINE,
)
_HEAD = 1500
_GREETED = 400
_RIGHTS = {
    "policy": "cn_art5_exempt",
    "news": "third_party_copyright",
    "interpretation": "third_party_copyright",
    "speech": "third_party_copyright",
}


def doc_type(title: str | None, text: str, found: AbstractSet[str]) -> str:
    """The kind of document, from its title, its beginning, and the kinds of findings that were made.

    >>> doc_type("某市人工智能产业发展行动计划", "", set()), doc_type(None, "某市通讯社报道。", {"dateline"})
    ('policy', 'news')
    """
    title, beginning = (title or "").strip("《》"), text[:_HEAD]
    if _INTERPRETATION_TITLE.search(title) or _INTERPRETATION_TEXT.search(beginning[:400]):
        return "interpretation"
    if _SPEECH_TITLE.search(title):
        return "speech"
    if "number" in found or "signature_issuer" in found:
        return "policy"
    if _POLICY_TITLE.search(title) and not _HEADLINE.search(title):
        # What is signed by reporters speaks of a policy, unless the policy itself follows.
        return "policy" if not found & {"author", "dateline"} or _POLICY_TEXT.search(beginning) else "news"
    if _REPORT_TITLE.search(title):
        return "report"
    return _untitled(beginning, found)


def _untitled(beginning: str, found: AbstractSet[str]) -> str:
    """What the title does not tell: a greeting of its own line opens a speech."""
    if _SPEECH_GREETING.search(beginning[:_GREETED]):
        return "speech"
    if found & {"dateline", "author", "editor", "caption", "end_marker", "event", "header_source"}:
        return "news"
    return "policy" if _POLICY_TEXT.search(beginning) else "other"


def rights_status(kind: str) -> str:
    """What a kind of document says about rights.

    >>> rights_status("policy"), rights_status("other")
    ('cn_art5_exempt', 'unknown')
    """
    return _RIGHTS.get(kind, "unknown")
