"""The forms in which a clause states a target: a level, a growth, so many of something, a ceiling.

Here belongs what the words around one quantity say. Which quantities are looked at, and which year governs them, is
said in :mod:`pipeline.enrichment.targets`. The words are data: ``target_verbs.txt`` and the lists beside it.
"""

from __future__ import annotations

import functools
import re
from typing import NamedTuple

from pipeline import lexicon

_RELATION_OF = {row[0]: row[1] for row in lexicon.rows("relation_verbs.tsv")}
"""What each verb of reaching says. 达到 is read as at least: who promises to reach a level does not mind more."""

_REACH = "|".join(sorted(_RELATION_OF, key=lambda verb: (-len(verb), verb)))
_GROW = "提高|提升|增长|增加|扩大|上升|下降|降低|减少|压减"
_ADVERB = "均|都|分别|总体|力争|争取|确保|要|将|需要|需|应|须|合计|累计|再"
_YEARLY = "年均|每年平均|平均每年|每年|年平均|(?<!\\d)年"
_RICH = "[\u3400-\u9fff]{0,12}(?:超过|超|达到|达|突破)\\d{1,6}[百千万亿]{0,2}元(?:以上)?的?"
"""What says which ones are meant: 年产值超100亿元企业."""

_LEVEL = re.compile(
    rf"(?:{_ADVERB}){{0,3}}(?P<yearly>{_YEARLY})?(?P<grow>{_GROW})?(?:幅度)?(?P<reach>{_REACH})?"
    r"(?P<twice>达到|超过|不低于|不少于|不超过)?"
    r"(?:约|近|为)?[ ]?$"
)
_LEADS_IN = re.compile(
    '(?:(?:到|至|在)?(?:20\\d\\d[ ]?年|[“"]?十[二三四五六]五[”"]?(?:期|时期)?)(?:年?[底末])?(?:之?前|以前)?'
    "|20\\d\\d[-—–至]20\\d\\d年|期间"
    "|其中|力争|争取|确保|努力|推动|推进|促进|实现|带动|并|且|也|同时|预期|计划|提出|使得?|每年统筹"
    "|[—-]{1,2}|[ \u3000])*"
)
_NOTHING_BEHIND = re.compile('(?:的?(?:目标|水平|规模))?[”’"）)》]*(?:$|(?:和|、|以及)[ ]?(?=\\d))')
_GROWTH_BEHIND = re.compile("的?(?P<what>(?:年均|年度?)?(?:增长|增速|增幅))(?:$|[”’）)])")
_KEPT = re.compile("(?:持续|继续)?保持(?:年均)?$|年均(?:保持)?$")
_MEASURED = re.compile("(?:率|比|比重|占比|比例|强度|规模|产值|收入|投入|总量|数量|总数|增速|能力)$")
_HELPED = re.compile("(?:推动|支持|引导|组织|助力|促进)+")
"""Verbs that order no number by themselves: 推动800家企业完成改造 is a target with its year alone."""

_FROM = re.compile("(?:由|从)[^，。；\n]{0,24}$")
_OF_A_YEAR = re.compile("年均|年平均|每年|增速$|增长率$|增幅$")
_NOUN_END = re.compile("[，,；;。：:！？!?\n、]|(?:和|以及|及|与)(?=\\d)|(?<=[\u3400-\u9fff])[ \u3000]")
_NO_NOUN = re.compile(
    "(?:的?(?:方面|原则|问题|环节|条件|部门|单位|人民政府|阶段|步骤|文件|成员)|月|小时|以[上下内])"
    "|(?:重点|主要|工作|保障|政策|支持|具体|方面)*(?:任务|措施|举措|要求|意见|条款|工作|一批|专班|小组|阶段"
    "|环节|轮|次)"
)
_GOES_IN = re.compile("(?:进入|纳入|入选|成为|建成|上市|落地)[\u3400-\u9fff]{0,16}$")
_SHARE_OF_ALL = re.compile("[\u3400-\u9fff]{2,12}$")
_LONGEST_INDICATOR = 40
_LONGEST_SUBJECT = 24
_LONGEST_NOUN = 60
_NOUNS = re.compile("(?:发展|建设|应用|转化|改造|研发|开发|投入|储备|培训|推广|统筹|制定|布局|培养|规划)+")
"""Verbs that are nouns as well: behind other words they say what these are (产业发展), not what is done."""

_HAN = re.compile("[\u3400-\u9fff]{2}")
_ODD = re.compile(
    "[（(：:。“][^）)”]*$|^[的了和与及或等、，）)]|^(?:按|按照|根据|对|对于|如|若|凡|应|可|不|由|从|以|在|超过)"
)

_SUPPORT = re.compile("奖励|奖补|补助|补贴|资助|贷款|扶持|支持|奖金|配套")
_PENALTY = re.compile("罚|处以|赔偿|责令|注册资本|金额在")
_CEILING = re.compile(
    "(?:最高|最多)(?:不超过|可|给予|可给予|可获得|可享受|可达|达|额度|限额|为|奖励|补助|补贴|资助|支持|奖补){0,4}$"
)


class Stated(NamedTuple):
    """What a clause states: kind, relation, where the indicator and the whole statement stand, whether it is yearly.

    Offsets count from where the clause begins; `end` reaches behind the quantity where the noun follows it. `needs`
    says what else has to speak for a target: `year`, a governing year; `plan`, a year anywhere in the text.
    """

    kind: str
    relation: str | None
    indicator: tuple[int, int] | None
    end: int
    needs: str
    is_yearly: bool = False


@functools.cache
def _act() -> re.Pattern[str]:
    """What stands before a counted thing: whose act, words of manner, verbs, and what may stand before the figure."""
    verbs, manners = (
        "|".join(sorted(lexicon.words(name), key=lambda word: (-len(word), word)))
        for name in ("target_verbs.txt", "target_manners.txt")
    )
    return re.compile(
        rf"(?P<each>每(?:个|家|年"
        rf"|类)[\u3400-\u9fff]{{0,6}}?)?(?:{manners}){{0,5}}(?P<act>(?:(?:{verbs})(?:和|并|、)?){{1,4}})"
        r"(?:(?P<least>不少于|不低于|超过|至少|达到|约|近|总计|共|不超过)|(?P<listed>[^，。；：\n]{2,60}等)"
        rf"|(?P<noun>(?:{_RICH})?(?:[^，。；：\n\d]|\d(?=[A-Za-z])|(?<=[A-Za-z])\d){{2,40}}))?[ ]?$"
    )


def is_end(behind: str) -> bool:
    """Whether nothing that matters follows a quantity in its clause.

    >>> is_end(""), is_end("的目标”"), is_end("和55%"), is_end("的企业")
    (True, True, True, False)
    """
    return _NOTHING_BEHIND.match(behind) is not None


def level(before: str, behind: str, length: int, *, measures: str) -> Stated | None:
    """产业规模达到3000亿元, 利用率提高到85%, 效率提高20%: a level or a growth of what is named before it."""
    if growth := _GROWTH_BEHIND.match(behind):
        return _kept_growth(before, len(before) + length, growth) if measures == "share" else None
    said = _LEVEL.search(before)
    if said is None or not is_end(behind):
        return None
    reach, grow = said["twice"] or said["reach"], said["grow"]
    first = _lead(before)
    bare = _FROM.sub("", before[first : said.start()])
    # 提高0.5个百分点: of what, another clause says.
    if not (reach or grow) or not _HAN.search(bare):
        return None
    is_growth = grow is not None and not (said["reach"] or "").endswith(("到", "至"))
    name = _named(before, first, said.end("grow") if is_growth else first + len(bare))
    if name is None:
        return None
    yearly = bool(said["yearly"]) or bool(_OF_A_YEAR.search(before[name[0] : name[1]]))
    return Stated("target", _RELATION_OF.get(reach or ""), name, len(before) + length, "year", is_yearly=yearly)


def _kept_growth(before: str, end: int, growth: re.Match[str]) -> Stated | None:
    """保持10%以上增长, where the noun follows the share."""
    if not _KEPT.search(before):
        return None
    name = (end + growth.start("what"), end + growth.end("what"))
    return Stated("target", None, name, name[1], "year", is_yearly=True)


def measured(before: str, behind: str, length: int) -> Stated | None:
    """研发投入强度3%以上: a measure and its figure without a verb, where words beside it say how it is meant."""
    name = _named(before, _lead(before), len(before))
    if name is None or not is_end(behind) or not _MEASURED.search(before[: name[1]]):
        return None
    return Stated("target", None, name, len(before) + length, "year")


def counted(before: str, behind: str, length: int, *, measures: str) -> Stated | None:
    """建成10个以上国家级平台, 培育示范企业5家, 3至5个领域进入国家布局: so many of something that is to be made."""
    said, first, end = _act().search(before), _lead(before), len(before) + length
    noun = _noun(behind)
    if said is None:
        goes_in = not before[first:] and measures == "count" and _GOES_IN.search(noun)
        return Stated("target", None, (end, end + len(noun)), end + len(noun), "year") if goes_in else None
    whose = before[first : max(first, said.start())]
    if len(whose) > _LONGEST_SUBJECT or _ODD.search(whose) or (whose and _NOUNS.fullmatch(said["act"])):
        return None
    if said["noun"] is not None:
        is_clear = measures == "count" or not whose
        return _noun_before(said, noun, end, "year" if whose else "plan", measures) if is_clear else None
    is_thing = measures == "count" or (measures == "money" and noun.startswith("的"))
    if not is_thing or not _is_noun(noun):
        return None
    name = (end + len(noun) - len(noun.removeprefix("的")), end + len(noun))
    needs = "year" if whose or measures == "money" or _HELPED.fullmatch(said["act"]) else "plan"
    yearly = (said["each"] or "").startswith("每年")
    return Stated("target", _RELATION_OF.get(said["least"] or ""), name, name[1], needs, is_yearly=yearly)


def _noun_before(said: re.Match[str], noun: str, end: int, needs: str, measures: str) -> Stated | None:
    """打造品牌企业5家; 完成公交车辆100%远程监测, where the rest of the noun follows the share."""
    name = said.span("noun")
    if measures == "share":
        if noun and not (_SHARE_OF_ALL.fullmatch(noun) and "完成" in said["act"]):
            return None
        return Stated("target", None, name, end + len(noun), needs) if noun else None
    if noun and not _NOTHING_BEHIND.match(noun):
        return None
    if said["noun"].endswith(("约", "近", "的", "等")) or re.search("[达超到过为于]$", said["noun"]):
        return None
    return Stated("target", None, name, end, "year" if measures != "count" else needs)


def sibling(behind: str, length: int) -> Stated | None:
    """10个团队、1000名人才: the second of two counted things of one verb, which nothing stands before."""
    noun = _noun(behind)
    return Stated("target", None, (length, length + len(noun)), length + len(noun), "year") if _is_noun(noun) else None


def ceiling(before: str, behind: str, length: int, sentence: str) -> Stated | None:
    """给予最高500万元奖励: the most that a support may be, which the clause names, or its sentence before it."""
    said = sentence + behind
    if not _CEILING.search(before) or not _SUPPORT.search(said) or _PENALTY.search(said):
        return None
    noun, end = _noun(behind), len(before) + length
    skipped = len(noun) - len(noun.removeprefix("的"))
    name = (end + skipped, end + len(noun)) if _SUPPORT.search(noun) else None
    return Stated("ceiling", "<=", name, end + (len(noun) if name else 0), "")


def _noun(behind: str) -> str:
    """What follows a quantity up to where its noun may end."""
    end = _NOUN_END.search(behind)
    return balanced(behind[: end.start()] if end else behind)


def _is_noun(noun: str) -> bool:
    return bool(_HAN.search(noun)) and len(noun) <= _LONGEST_NOUN and not _NO_NOUN.match(noun)


def _lead(before: str) -> int:
    """Where a clause begins behind its year and the words that lead in."""
    lead = _LEADS_IN.match(before)
    return lead.end() if lead else 0


def _named(before: str, first: int, last: int) -> tuple[int, int] | None:
    """The span without spaces around it, where it names something."""
    name = before[first:last].strip(" \u3000")
    if not _HAN.search(name) or len(name) > _LONGEST_INDICATOR or _ODD.search(name):
        return None
    first = before.index(name, first)
    return first, first + len(name)


def balanced(noun: str) -> str:
    """What stands before the first mark that closes what was opened earlier.

    >>> balanced("国家级平台”等目标"), balanced("骨干专业（群）")
    ('国家级平台', '骨干专业（群）')
    """
    for opening, closing in (("“", "”"), ("（", "）"), ("(", ")"), ("《", "》")):
        at = noun.find(closing)
        if at >= 0 and opening not in noun[:at]:
            noun = noun[:at]
    return noun.strip(" \u3000")
