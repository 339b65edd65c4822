"""The documents that a text names in title marks: title, number, alias, and where each stands.

Here belongs which 《…》 are documents, and what belongs to each. What a document number looks like belongs in
:mod:`pipeline.metadata.document_numbers`. The words are data: ``document_genres.tsv``.
"""

from __future__ import annotations

import functools
import re
from typing import TYPE_CHECKING, NamedTuple

from pipeline import lexicon
from pipeline.enrichment.english_references import english_references
from pipeline.enrichment.reference_rows import Mention, Reference, distinct
from pipeline.metadata.document_numbers import NUMBER, ORDER, TAIWAN

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_MARK = re.compile("[《》]")
_BRACKET = re.compile("[（(〔\\[【）)〕\\]】\n]")
_CLOSING = "）)〕]】"
_LONGEST_TITLE = 150
_LONGEST_REMARK = 160
_HAN = re.compile("[\u3400-\u9fff]")

_NUMBER_IN = re.compile(
    f"(?:^|[，,；;、\\s])(?P<number>{NUMBER.pattern}|{ORDER.pattern}|{TAIWAN.pattern})(?=$|[，,；;、\\s])"
)
_NUMBER_BEFORE = re.compile(
    f"(?P<number>{NUMBER.pattern.replace('{1,20}', '{1,12}')}|{ORDER.pattern.replace('{1,31}', '{1,14}')})[ \u3000]?$"
)
_LEADS_TO_NUMBER = re.compile(
    "(?:根据|依据|按照|依照|落实|贯彻|执行|印发|转发|发布|公布|通过|参照|对照|以及|和|及|与|的|经|以|按|依|见)+"
)
_NUMBER_AHEAD = 50

_ALIAS = re.compile(
    '(?:以下|下|本文)?(?P<kind>简称|统称|称)(?:为|作|是)?[：:]?[ \u3000]?[《“"「『]?'
    '(?P<alias>[^《》“”"「」『』，,；;、（）()〔〕\n]{2,30})[》”"」』]?(?=$|[，,；;）)])'
)
_ONLY_ALIAS = re.compile("《(?P<alias>[^《》\n]{2,20})》")
_OF_SEVERAL = re.compile("[两二三四五六七八九十]|上述|该|这|本")

_DRAFT = re.compile("征求意见稿|草案|送审稿|讨论稿|公示稿|审议稿|试拟稿")
_TAIL = re.compile(
    "(?:[（(〔][^（）()〔〕]{1,30}[）)〕]"
    "|第[一二三四五六七八九十百]+[条章款号](?:第[一二三四五六七八九十百]+[款项])?|20\\d\\d年版?|征求意见稿"
    "|草案|送审稿|[\\d.]{1,8}版?|[ \u3000])+$"
)
_NO_LAW = re.compile("(?:[方书写手作用看做想说语文章魔画技刀剑戏疗兵佛笔读算]|工作|学习|记忆|思维|教学|养生|减肥)法$")
_PERIODICAL = re.compile(
    "(?:[日晚早晨周月时]报|导报|快报|学报|画报|商报|青年报|[\u3400-\u9fff]报|周刊|月刊|季刊|半月谈|杂志"
    "|期刊|新闻|新闻联播|评论|观察|论坛|专辑|访谈|电讯|公司|世纪|学人|经济学家)$"
)
_GAZETTE = re.compile("(?:委员会|政府|国务院|法院|检察院|总局|人民银行)公报$")
"""《…人民政府公报》 appears every month; 《国民经济和社会发展统计公报》 is one document."""

_WORK_BEHIND = re.compile(
    "[ ]?(?:报道|记者|杂志|专栏|栏目|节目|一书|一文|电影|歌曲|编辑部|社论|撰文|刊文|的?(?:演讲|文章|歌曲"
    "|电影|主题报道|课程|书籍|专著))"
)
_WORK_BEFORE = re.compile(
    "(?:电影|影片|歌曲|小说|著作|专著|论文|演唱|话剧|电视剧|纪录片|节目|栏目|题为|题目为|主题为|名为|著有"
    "|主编|合著|散文|诗歌|专题片|书籍|出版(?:了)?|据英国|据美国|接受(?:了)?)[ “]?$"
)
_PASSED = re.compile(
    "(?:印发|转发|下发|颁布|(?:审议|表决|会议|方式|一致|原则|讨论|审查|批准)(?:并|和)?(?:原则|全票"
    "|表决)?通过|审议|审定|修订|废止)(?:了|的|关于|实施)?$"
)
_ISSUED = re.compile(
    "(?:印发|转发|下发|颁布|发布|公布|出台|制定|修订|通过|签署|审议|实施|施行|执行|根据|依据|按照|依照|落实"
    "|贯彻|遵守|违反|符合|参照|对照|关于|起草|编制|推动|加入|签订)(?:实施|落实)?(?:了|的|新的|关于|国家"
    "|国务院|我国|本市|本省|全面|修订后的|新修订的|新)?[ “]?$"
)
_LONGEST_JOINT = 5
_JOINED = re.compile("[ ]?(?:[、，]|和|及|与|或|以及|或者|、?以及)?[ ]?")
_OFFICIAL = re.compile(
    "关于|环境|保护|质量|监督|监测|合作|公共|政务|数据|产业|行业|企业|国家|全国|中华人民共和国|国务院|中共"
    "|中央|[省市县区部委局](?!场)|[12]\\d{3}|工作|管理|实施|建设|发展|安全|技术|试点|专项|行动|十[二三四五]五"
)
_SHORTEST_SURE = 8
_SHORT = 6
_LEGAL = re.compile("(?:法|法典|条例|协定|公约|条约|议定书|通则|总则|章程)(?:[（(][^（）()]{1,12}[）)])?$")
"""Genres that make even a short title one of a document; 《游戏规则》 may be a film."""


class _Marked(NamedTuple):
    """A stretch in title marks: where it starts and ends, marks included, and the title in it."""

    start: int
    end: int
    title: str


def references(text: str) -> list[Reference]:
    """The documents that a text names, each once, in the order of their first mention.

    >>> one, = references("按照《甲省数据条例》（甲政发〔2020〕3号，以下简称《条例》）办理。《条例》自公布之日起施行。")
    >>> one.title, one.doc_number, one.alias, one.mention_count
    ('甲省数据条例', '甲政发〔2020〕3号', '条例', 2)
    >>> references("《某某日报》记者获悉，电影《某某计划》上映。")
    []

    A row stands for a title with a number: researchers join on documents, and `mention_count` keeps how often each is
    named, under its alias too. Left alone: newspapers, books and whatever else no genre (条例, 方案), number, alias,
    verb (印发, 审议通过) or company in a list shows to be a document; an alias that the text does not explain
    (《通知》); a number that stands anywhere but right behind the title or right before it.

    Offsets are code points of `text`, end-exclusive; those of a title include its marks.
    """
    if "《" not in text:
        return english_references(text)
    marked = list(_marked(text))
    seen: list[tuple[_Marked, Mention]] = []
    for group in _groups(text, marked):
        seen += _documents(text, group)
    return distinct([mention for _, mention in seen], [(one.title, one.start) for one in marked])


def _marked(text: str) -> Iterator[_Marked]:
    """What stands in title marks; marks inside marks belong to the title, 《关于印发〈甲办法〉的通知》 as well."""
    at = text.find("《")
    while at >= 0:  # no title goes on in the next line
        end = text.find("\n", at)
        if end < 0:
            end = len(text)
        yield from _marked_within(text, at, end)
        at = text.find("《", end)


def _marked_within(text: str, begin: int, end: int) -> list[_Marked]:
    open_at: list[int] = []
    closed: list[_Marked] = []
    for match in _MARK.finditer(text, begin, end):
        if match.group() == "《":
            open_at.append(match.start())
        elif open_at:
            start = open_at.pop()
            if match.start() - start - 1 <= _LONGEST_TITLE:
                while closed and closed[-1].start > start:
                    closed.pop()
                if title := text[start + 1 : match.start()].strip():
                    closed.append(_Marked(start, match.end(), title))
    return closed


def _groups(text: str, marked: Sequence[_Marked]) -> Iterator[list[_Marked]]:
    """Titles that stand together in a list: 《甲》、《乙》和《丙》."""
    group: list[_Marked] = []
    for one in marked:
        if group and not _JOINED.fullmatch(text[group[-1].end : min(one.start, group[-1].end + _LONGEST_JOINT + 1)]):
            yield group
            group = []
        group.append(one)
    if group:
        yield group


def _documents(text: str, group: Sequence[_Marked]) -> Iterator[tuple[_Marked, Mention]]:
    """Which titles of a list are documents; one that is surely one speaks for those beside it."""
    found = [_mention(text, one, group[0].start) for one in group]
    sure = any(mention and mention.basis != "wording" and len(mention.title) >= _SHORTEST_SURE for mention in found)
    for one, mention in zip(group, found, strict=True):
        if mention is not None:
            yield one, mention
        elif sure and len(one.title) >= _SHORTEST_SURE and not _is_work(text, one):
            yield one, Mention(one.title, None, None, "list", (one.start, one.end), bool(_DRAFT.search(one.title)))


def _mention(text: str, one: _Marked, list_start: int) -> Mention | None:
    """A title in marks as a document, with what belongs to it; None where nothing surely says that it is one."""
    number, alias, is_draft = _remarks(text, one)
    number = number or _number_before(text, one.start)
    basis = _basis(text, one, list_start)
    if number is not None:
        basis = "number"
    elif basis is None and alias is not None and not _is_work(text, one):
        basis = "alias" if is_genre(text[alias[0] : alias[1]]) else None
    if basis is None:
        return None
    draft = is_draft or bool(_DRAFT.search(one.title))
    printed = (_printed(text, number), _printed(text, alias))
    return Mention(one.title, *printed, basis, (one.start, one.end), draft, number, alias)


def _printed(text: str, span: tuple[int, int] | None) -> str | None:
    return None if span is None else text[span[0] : span[1]]


def _basis(text: str, one: _Marked, list_start: int) -> str | None:
    if _is_work(text, one) or is_genre(one.title):
        return None
    before = text[max(0, list_start - 16) : list_start]
    genre = _genre(one.title)
    certain = genre == "sure" and (len(one.title) >= _SHORT or _LEGAL.search(one.title))
    certain = certain or (genre == "long" and len(one.title) >= _SHORTEST_SURE)
    if certain or (genre and (_OFFICIAL.search(one.title) or _ISSUED.search(before))):
        return "genre"
    if genre is None and len(one.title) >= _SHORTEST_SURE and _PASSED.search(before):
        return "wording"
    return None


def _is_work(text: str, one: _Marked) -> bool:
    if _GAZETTE.search(one.title):
        return True
    if _PERIODICAL.search(one.title) and not one.title.endswith(("公报", "通报", "预报")):
        return True
    return bool(_WORK_BEHIND.match(text, one.end) or _WORK_BEFORE.search(text[max(0, one.start - 8) : one.start]))


@functools.cache
def _genres() -> dict[str, str]:
    return {row[0]: row[1] for row in lexicon.rows("document_genres.tsv")}


def is_genre(title: str) -> bool:
    """True for a genre alone, which is no title but an alias: 《通知》, 《实施方案》, 《条例（草案）》.

    >>> is_genre("实施方案"), is_genre("条例（草案）"), is_genre("某市数据条例")
    (True, True, False)
    """
    bare = _TAIL.sub("", title)
    return bare in _genres() or bare.removeprefix("实施") in _genres() or bare.removeprefix("行动") in _genres()


def _genre(title: str) -> str | None:
    """Whether a title ends in a genre of documents: `sure`, `long`, or `weak` where books are called so as well."""
    bare = _TAIL.sub("", title)
    if _NO_LAW.search(bare) and not bare.endswith("办法"):
        return None
    for length in (4, 3, 2, 1):
        if len(bare) > length and (found := _genres().get(bare[-length:])):
            return found
    return None


def _remarks(text: str, one: _Marked) -> tuple[tuple[int, int] | None, tuple[int, int] | None, bool]:
    """The number, the alias, and whether it is a draft, as far as brackets right behind a title say so."""
    number = alias = None
    is_draft = False
    at = one.end
    if text[at : at + 1] not in tuple("和与及、并等") and (behind := NUMBER.match(text, at)):
        return behind.span(), None, False
    for _ in range(2):
        inside = _bracketed(text, at)
        if inside is None:
            break
        start, end = inside
        remark = text[start:end]
        numbers = list(_NUMBER_IN.finditer(remark))
        if number is None and len(numbers) == 1:
            number = (start + numbers[0].start("number"), start + numbers[0].end("number"))
        alias = alias or _alias(remark, start, one.title)
        is_draft = is_draft or bool(_DRAFT.fullmatch(remark))
        at = end + 1
    return number, alias, is_draft


def _alias(remark: str, start: int, title: str) -> tuple[int, int] | None:
    if (only := _ONLY_ALIAS.fullmatch(remark)) and title.endswith(only["alias"]) and only["alias"] != title:
        return start + only.start("alias"), start + only.end("alias")
    said = _ALIAS.search(remark)
    if not said or said["kind"] == "统称" or _OF_SEVERAL.match(said["alias"]):
        return None
    if said["kind"] == "称" and not said.group().startswith(("以下", "下")):
        return None
    return start + said.start("alias"), start + said.end("alias")


def _bracketed(text: str, at: int) -> tuple[int, int] | None:
    """The span between the bracket that opens at a place and the one that closes it."""
    if text[at : at + 1] not in ("（", "(", "〔", "["):
        return None
    depth = 0
    for match in _BRACKET.finditer(text, at, at + _LONGEST_REMARK):
        if match.group() == "\n":
            return None
        depth += -1 if match.group() in _CLOSING else 1
        if depth == 0:
            return at + 1, match.start()
    return None


def _number_before(text: str, start: int) -> tuple[int, int] | None:
    """The number that a title follows at once: 国发〔2017〕35号《甲规划》."""
    if start == 0 or text[start - 1] not in "号文）) \u3000":
        return None
    first = max(0, start - _NUMBER_AHEAD)
    found = _NUMBER_BEFORE.search(text[first:start])
    if found is None:
        return None
    begin = found.start("number")
    if lead := _LEADS_TO_NUMBER.match(found["number"]):
        begin += lead.end()
    before = text[first + begin - 1 : first + begin] if first + begin else ""
    if _HAN.match(before) and not lead:
        return None  # the code goes on: where it begins is not known
    return first + begin, first + found.end("number")
