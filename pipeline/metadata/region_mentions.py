"""The regions that a title or the name of an issuer speaks of.

Here belongs whether a name stands there for the region. Which code a name stood for in which year belongs in
:mod:`pipeline.metadata.region_table`.
"""

from __future__ import annotations

import functools
import re
from typing import TYPE_CHECKING, NamedTuple

from pipeline import lexicon
from pipeline.metadata.region_table import codes_of, is_prefecture, is_province, lies_in, name_at, short_names

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

_HAN = "\u3400-\u9fff"

_BEFORE = re.compile(
    rf"(?:^|[^{_HAN}]|[0-9][年月日]|[在于到赴自与和及同为向对访看届]|[走迈推]进|[探走造寻]访|[设成建]立|关于|探秘|同意|批准|支持|推动"
    "|助力|印发|转发|发布|公布|落户|亮相|登陆|抵达|调研|考察|支援|援助|驰援|携手|服务|帮扶|聚焦|授权|建设|智慧|数字|美丽|法治|平安|健康"
    "|首届|中国|全国|中共|共产党|政协|共青团|总局|银行|电信|移动|联通|邮政|大学|学院)$"
)
"""What a name may follow: anything but Han, and words that end before a name."""

_BEFORE_READ = 3
_SHORTEST, _LONG = 2, 4
"""A county's name of two characters arises between words everywhere (范县); one of four hardly anywhere."""

_START = re.compile(rf"(?:^|[^{_HAN}])$")

_INSIDE = "[^发布推支在与的和将出举打建召印实开对为等是再获入启以到向从看让给把被又也已，。：；！？、《》“”（）()\\s]"
"""What may stand inside the name of a company or a university: no verb and no mark."""

_NO_PLACE = re.compile(
    "县(?![域级城乡市区处])|旗(?![县下])|盟(?![市旗])|区(?![域块间位县级划])"  # something smaller or older: 绍兴县
    "|镇(?![域街海])|乡(?![村镇])|村(?![镇级民庄委居])|府(?!院)"
    f"|{_INSIDE}{{0,6}}?(?:大学(?![生城])|学院|学报|银行(?!业)|[日晚晨早商时]报(?![告道送名考到价])|都市报|报业|电视台|广播|卫视|出版社)"
    f"|{_INSIDE}{{0,6}}?(?:证券|期货)|(?:华为|{_INSIDE}){{0,16}}?(?:(?<!分)公司|集团)"
    "|(?<=贵州)茅台|(?<=泸州)老窖|(?<=青岛)啤酒|(?<=北京)(?:现代|国安|时间)|(?<=上海)(?:大众|申花|合作组织)|(?<=宁德)时代|恒大"
    "|航空(?![航港城枢产工])|舰|号(?![召码])"
    "|(?:[东南西北中一二三四五六七八九十]|高架)*(?:路(?![径桥演透网面政灯口])|街(?![道头区拍])|大道|步行街|环路)"
    "|[东南西北]?站(?![上在位])|[东南西北]?(?:岸(?![线电])|麓)|部(?![署分门队属级])"
    "|湾(?!区)|滩(?!涂)|寺|河(?![长道湖流网段])|湖(?![滨区泊])|流域|(?<=台湾)海峡"
    "|话(?![剧题务])|精神(?![文卫病障])|会议|起义|战役|事变|军区|卫星发射"
)
"""What makes of a short name the beginning of another: 南京路, 北京大学, 上海证券报, 贵州茅台, 黄河南岸."""

_OPEN_LEFT = frozenset({"山东", "山西", "广东", "广西", "江西", "河北", "河南", "海南", "湖北", "湖南"})
"""Provinces whose names arise between two words: 黄河南岸, 推广东部经验."""

_WORD_GOES_ON = {"市": "场", "区": "域块间位级", "县": "级域"}
"""By the end of a full name, what makes another word of it: 中山市场, 西湖区块链, 公安县级机构."""

_WORK = re.compile("(?:电影|影片|电视剧|小说|歌曲|话剧)《[^》\n]{1,30}》")
_JOINED = re.compile("[、和与及]|以及")
_GAP = " \u3000\u00a0·"


class Mention(NamedTuple):
    """A region's name in a text, with the codes that it may mean."""

    start: int
    end: int
    name: str
    codes: tuple[str, ...]


@functools.cache
def _look_alikes() -> frozenset[str]:
    return frozenset(lexicon.words("region_look_alikes.txt"))


def mentions(text: str, year: int | None = None) -> list[Mention]:
    """The names in a title or in an issuer's name that stand for regions, with the codes that each had in the year.

    >>> [(m.name, m.codes) for m in mentions("杭州市余杭区人民政府", 2022)]
    [('杭州市', ('330100',)), ('余杭区', ('330110',))]
    >>> [m.codes for m in mentions("朝阳区数字经济条例", 2022)], mentions("南京路步行街", 2022), mentions("安康杯竞赛")
    ([('110105', '220104')], [], [])

    A name that lies in the region named right before it is sure. Else a county needs a border of a word before it, and
    a short form a border before it and no road, bank, university, company or newspaper behind it; names that are words
    as well (白银) do not count.
    Left alone: short forms of counties, and zones without a code (高新区, 雄安新区).
    """
    text = _WORK.sub(lambda work: " " * len(work.group()), text)
    found: list[Mention] = []
    named = list(_named(text, year))
    for index, mention in enumerate(named):
        outer = found[-1] if found and not text[found[-1].end : mention.start].strip(_GAP) else None
        inside = _within(mention, outer) if outer else ()
        behind = named[index + 1] if index + 1 < len(named) else None
        if inside:
            if not _goes_on(text, mention):
                found.append(mention._replace(codes=inside))
        elif behind and behind.start == mention.end and (whole := _around(mention, behind)):
            found.append(mention._replace(codes=whole))
        elif _stands_alone(text, mention, follows=outer is not None):
            found.append(mention)
    return found


def _named(text: str, year: int | None) -> Iterator[Mention]:
    """Every name, from left to right, the longest first; 青岛市南区 has one 市 for two."""
    start, city = 0, ""
    while start < len(text) - 1:
        if city and (name := name_at(text, start - 1, year)) and name[0] == "市":
            inner = tuple(code for code in codes_of(name, year) if any(lies_in(code, c) for c in codes_of(city, year)))
            if inner:
                yield Mention(start, start - 1 + len(name), name, inner)
                start, city = start - 1 + len(name), ""
                continue
        if name := name_at(text, start, year):
            yield Mention(start, start + len(name), name, codes_of(name, year))
            start += len(name)
            city = name if name.endswith("市") else ""
        else:
            start, city = start + 1, ""


def _within(mention: Mention, outer: Mention) -> tuple[str, ...]:
    return tuple(code for code in mention.codes if any(lies_in(code, one) for one in outer.codes))


def _around(mention: Mention, inner: Mention) -> tuple[str, ...]:
    return tuple(code for code in mention.codes if any(lies_in(one, code) for one in inner.codes))


def _goes_on(text: str, mention: Mention) -> bool:
    """True where the name is the beginning of another word."""
    if mention.name in short_names():
        return bool(_NO_PLACE.match(text, mention.end))
    behind = text[mention.end : mention.end + 1]
    return bool(behind) and behind in _WORD_GOES_ON.get(mention.name[-1], "")


def _stands_alone(text: str, mention: Mention, *, follows: bool) -> bool:
    """True where nothing but the name itself and what is around it says that it is a region's."""
    before = slice(max(0, mention.start - _BEFORE_READ), mention.start)
    bordered = follows or bool(_BEFORE.search(text[before]))
    short = mention.name in short_names()
    if _goes_on(text, mention):
        return False
    if is_province(mention.codes[0]):
        return not short or mention.name not in _OPEN_LEFT or bordered
    if mention.name in _look_alikes():
        return False
    if not short and not mention.name.endswith("城市"):  # 沿海城市, 水运城市
        if is_prefecture(mention.codes[0]) or len(mention.name) >= _LONG:
            return True
        if len(mention.name) == _SHORTEST:  # 示范县, 新县城
            return bool(_START.search(text[before])) and not text.startswith("城", mention.end)
    return bordered


def chosen(text: str, found: Sequence[Mention], known: Collection[str]) -> list[str]:
    """The codes of the regions that a text is about: the first that is named, as far in as the text goes.

    >>> names = mentions("浙江省人民政府关于调整杭州市行政区划的通知", 2021)
    >>> chosen("浙江省人民政府关于调整杭州市行政区划的通知", names, ())
    ['330100']

    A name that several regions share counts where exactly one of them lies in or beside a region of `known`. Regions
    that 、 or 和 joins to the first one count as well; where such a list goes on with what is no region here
    (乌鲁木齐、昌吉), nothing is chosen. Of two parts that nothing joins it is the region around them
    (河南省郑州市至洛阳市).
    """
    codes: list[str] = []
    named: list[str] = []
    end = 0
    for mention in found:
        fitting = mention.codes
        if len(fitting) > 1:
            fitting = tuple(code for code in fitting if any(lies_in(code, one) or code[:4] == one[:4] for one in known))
        if len(fitting) != 1:
            continue
        code = fitting[0]
        named.append(code)
        outer = next((at for at, one in enumerate(codes) if lies_in(code, one)), None)
        if outer is not None:
            codes[outer] = code
        elif not codes or (_JOINED.fullmatch(text[end : mention.start]) and not _touches(code, codes)):
            codes.append(code)
        else:
            continue
        end = mention.end
    if text[end : end + 1] == "、":
        return []
    return [_over(codes[0], named)] if len(codes) == 1 else codes


def _touches(code: str, others: Sequence[str]) -> bool:
    return any(one == code or lies_in(one, code) for one in others)


def _over(code: str, named: Sequence[str]) -> str:
    """The region itself, or the one named around it of which another part is named as well."""
    beside = [one for one in named if one != code and not lies_in(one, code) and not lies_in(code, one)]
    around = [one for one in named if lies_in(code, one) and any(lies_in(other, one) for other in beside)]
    return max(around, key=lambda one: one.rstrip("0"), default=code)
