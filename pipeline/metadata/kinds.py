"""What kind of document a text is, and what that kind says about rights.

A document of a state organ is not protected (Copyright Law of the PRC, Art. 5); news and interpretations are works. No
legal advice.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pipeline.metadata.regions import region_codes

if TYPE_CHECKING:
    from collections.abc import Sequence
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


_NATIONAL = re.compile("中华人民共和国|中共中央|国务院|全国人民代表大会|全国人大")
_PRIVATE = re.compile("业主|居民|村民|公司|集团|协会|学会|联合会|商会|俱乐部|医院|大学|学院|学校")
"""Bodies that issue and number documents as organs do, and are none."""

_ORGAN = re.compile(
    "(?:国家|[\u3400-\u9fff]{1,8}(?:省|市|县|州|盟|旗|自治区|(?<![小社园景])区))[\u3400-\u9fff]{0,16}"
    "(?:政府|厅|局|委员会|委|部|办公室|法院|检察院|代表大会)"
)
"""The name of a state organ by its form: what a region has, and ends as organs do."""


def rights_status(
    kind: str,
    *,
    title: str = "",
    text: str = "",
    issuers: Sequence[tuple[str, str | None]] = (),
    numbered: bool = False,
) -> str:
    """What a document of this kind says about rights; `issuers` are the bodies that issued it, each with its level.

    >>> rights_status("policy", title="某某条例", numbered=True), rights_status("policy", title="减肥方案")
    ('cn_art5_exempt', 'unknown')
    >>> rights_status("policy", title="杭州市数据条例", text="第一条　为了规范数据处理，制定本条例。")
    'cn_art5_exempt'

    A plan or a notice is that of a state organ where it has a number, an issuer with a level of government or the name
    of an organ, or a title that names the nation or a region above a text in the form of an official document. A
    company has plans and numbers, too, and an association issues notices: where only such a body is named, nothing is
    known.
    """
    if kind != "policy":
        return _RIGHTS.get(kind, "unknown")
    if any(level for _, level in issuers):
        return _RIGHTS[kind]
    named = [name for name, _ in issuers] + ([title.partition("关于")[0]] if "关于" in title else [])
    if any(map(_PRIVATE.search, named)):
        return "unknown"
    official = numbered or _NATIONAL.search(title) is not None or any(_ORGAN.fullmatch(name) for name, _ in issuers)
    if not official:
        official = _POLICY_TEXT.search(text[:_HEAD]) is not None and bool(region_codes(title, ""))
    return _RIGHTS[kind] if official else "unknown"
