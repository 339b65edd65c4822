"""Public bodies by their names: the full name, the level of government, and the region, where they are certain.

Here belongs what a name says. Which names of a document are those of its issuers is read in
:mod:`pipeline.enrichment.issuers`. The names of the bodies of the centre are data (``issuers.tsv``); those of all
others begin with a region's, which :mod:`pipeline.metadata.region_table` knows.
"""

from __future__ import annotations

import functools
import re
from typing import NamedTuple

from pipeline import lexicon
from pipeline.metadata.region_table import is_prefecture, is_province, region_at

LEVELS = ("central", "city", "county", "province")
"""The levels of government that a body can be of; districts of a municipality are of the level of counties."""

_ORGAN = (
    "(?:人民政府(?:办公厅|办公室)?|人民代表大会(?:常务委员会)?|(?:委员会|党委|委)(?:办公厅|办公室)?"
    "|[\u3400-\u9fff]{2,14}(?:厅|局|委员会|委|办公室|办公厅|法院|检察院|署|支队|中心))"
)
IS_BODY = re.compile(
    "[\u3400-\u9fff]{1,30}(?:国务院|办公厅|办公室|人民政府|委员会|管委会|党委|[部委厅局院署行会府])|国务院"
    "|[\u3400-\u9fff]{2,4}部"
)
_FULL = (
    (re.compile("(?:发展改革委|发改委)(?=$|办公[厅室]$)"), "发展和改革委员会"),
    (re.compile("(?:卫生健康委|卫健委)(?=$|办公[厅室]$)"), "卫生健康委员会"),
    (re.compile("国资委(?=$|办公[厅室]$)"), "国有资产监督管理委员会"),
)
_PARTY = re.compile("(?:中共|中国共产党)?")
_PREFECTURE = re.compile(
    rf"{_PARTY.pattern}(?:[\u3400-\u9fff]{{2,6}}(?:省|自治区))?[\u3400-\u9fff]{{2,8}}自治州{_ORGAN}$"
)
_COUNTY = re.compile(
    rf"{_PARTY.pattern}(?:[\u3400-\u9fff]{{2,6}}(?:省"
    rf"|自治区))?(?:[\u3400-\u9fff]{{2,6}}市)?[\u3400-\u9fff]{{1,8}}(?:县|自治县|旗){_ORGAN}$"
)
_NO_DISTRICTS = ("开发区", "园区", "自治区", "示范区", "保税区", "景区", "校区", "社区")


class Body(NamedTuple):
    """A body: its full name, its level, and the GB/T 2260 code of its region; None where they are not certain."""

    name: str | None
    level: str | None
    region_code: str | None


UNKNOWN = Body(None, None, None)


@functools.cache
def _central() -> dict[str, str]:
    return {row[0]: row[1] for row in lexicon.rows("issuers.tsv")}


def body(name: str, year: int | None = None) -> Body:
    """What a name says of the body that has it, in the year of the document that names it (without one: now).

    >>> body("国家发改委")
    Body(name='国家发展和改革委员会', level='central', region_code=None)
    >>> body("天津市人民政府办公厅")
    Body(name='天津市人民政府办公厅', level='province', region_code='120000')
    >>> body("襄樊市财政局", 2008), body("襄樊市财政局", 2015)
    (Body(name='襄樊市财政局', level='city', region_code='420600'), Body(name=None, level=None, region_code=None))
    >>> body("某市财政局").level is None, body("某某县人民政府").level
    (True, 'county')

    Left open: a region that had no code in the year, and a name that several regions share (朝阳区人民政府).
    """
    if name in _central():
        return Body(_central()[name], "central", None)
    party = _PARTY.match(name)
    codes, end = region_at(name, party.end() if party else 0, year)
    if len(codes) == 1 and (local := _local(name, codes[0], name[end:])):
        return local
    if _PREFECTURE.fullmatch(name):
        return Body(_full(name), "city", None)
    if _COUNTY.fullmatch(name):
        return Body(_full(name), "county", None)
    return UNKNOWN


def _local(name: str, code: str, rest: str) -> Body | None:
    """A body of a region, or of a district that its city did not have in the year."""
    level = "province" if is_province(code) else "city" if is_prefecture(code) else "county"
    if re.fullmatch(_ORGAN, rest) and not re.search("[市县区州旗](?=人民|委|[\u3400-\u9fff]{2,14}(?:厅|局|委))", rest):
        return Body(_full(name), level, code)
    district = re.fullmatch(rf"(?P<district>[\u3400-\u9fff]{{2,5}}区){_ORGAN}", rest)
    if level == "county" or district is None or district["district"].endswith(_NO_DISTRICTS):
        return None
    return Body(_full(name), "county", None)


def _full(name: str) -> str:
    for short, full in _FULL:
        name = short.sub(full, name)
    return name
